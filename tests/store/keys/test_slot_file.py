"""The key file on a real disk: two copies, replaced whole, damage found and survived."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shelter_desk.domain.audit import canonical_json
from shelter_desk.store.keys.early import LARGEST_FILE
from shelter_desk.store.keys.errors import SlotsDamagedError, SlotsMissingError
from shelter_desk.store.keys.identity import NewStaff
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.slot_file import exists, read_slots, write_slots
from shelter_desk.store.keys.slot_format import _sum, from_bytes, to_bytes
from shelter_desk.store.keys.slots import create_vault, replace_kit, unlock_with_kit

KIT = new_kit()
SLOTS, ASH = create_vault(NewStaff("stf-ash", "Ash"), "opal heron teapot", KIT, KdfSettings())
DATA = to_bytes(SLOTS)


def test_both_copies_are_written_whole_and_for_the_owner_only(tmp_path: Path) -> None:
    assert not exists(tmp_path)
    write_slots(tmp_path, SLOTS)
    assert exists(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["slots.bak", "slots.json"]
    for path in tmp_path.iterdir():
        assert path.read_bytes() == DATA
        if sys.platform != "win32":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = read_slots(tmp_path)
    assert (read.slots, read.problem, read.other) == (SLOTS, "", None)


def test_no_file_at_all_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(SlotsMissingError):
        read_slots(tmp_path)


def test_damage_at_every_byte_of_the_first_copy_is_found_and_survived(tmp_path: Path) -> None:
    write_slots(tmp_path, SLOTS)
    first = tmp_path / "slots.json"
    survived = 0
    for place in range(len(DATA)):
        damaged = bytearray(DATA)
        damaged[place] ^= 1 << (place % 8)
        first.write_bytes(damaged)
        read = read_slots(tmp_path)
        assert read.slots == SLOTS
        assert "second copy" in read.problem
        survived += 1
    assert survived == len(DATA) > 1000
    write_slots(tmp_path, read.slots)  # the repair
    assert read_slots(tmp_path).problem == ""


def test_damage_at_every_byte_of_both_copies_is_refused() -> None:
    refused = 0
    for place in range(len(DATA)):
        for changed in (DATA[place] ^ 1, DATA[place] ^ 0x80, 0x20):
            if changed == DATA[place]:
                continue
            damaged = DATA[:place] + bytes([changed]) + DATA[place + 1 :]
            with pytest.raises(SlotsDamagedError):
                from_bytes(damaged)
            refused += 1
    assert refused > 2 * len(DATA)


def test_a_file_cut_anywhere_is_refused() -> None:
    for length in range(len(DATA)):
        with pytest.raises(SlotsDamagedError):
            from_bytes(DATA[:length])


def test_two_damaged_copies_are_refused(tmp_path: Path) -> None:
    (tmp_path / "slots.json").write_bytes(DATA[:100])
    (tmp_path / "slots.bak").write_bytes(b"")
    with pytest.raises(SlotsDamagedError):
        read_slots(tmp_path)


def test_a_missing_or_differing_second_copy_is_told(tmp_path: Path) -> None:
    write_slots(tmp_path, SLOTS)
    (tmp_path / "slots.bak").unlink()
    assert "second copy" in read_slots(tmp_path).problem
    newer = replace_kit(SLOTS, ASH, new_kit())
    (tmp_path / "slots.bak").write_bytes(to_bytes(newer))
    read = read_slots(tmp_path)
    assert (read.slots, read.other) == (SLOTS, newer)
    assert "differ" in read.problem


def test_what_an_earlier_power_cut_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".slots.json.0a1b2c3d.tmp").write_bytes(b"half")
    (tmp_path / "letter.tmp").write_bytes(b"not ours")
    write_slots(tmp_path, SLOTS)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["letter.tmp", "slots.bak", "slots.json"]


def test_a_disk_that_refuses_the_second_copy_leaves_one_that_opens(tmp_path: Path) -> None:
    write_slots(tmp_path, SLOTS)
    (tmp_path / "slots.bak").unlink()
    (tmp_path / "slots.bak").mkdir()
    newer = replace_kit(SLOTS, ASH, new_kit())
    with pytest.raises(OSError, match=r"slots\.bak"):
        write_slots(tmp_path, newer)
    assert read_slots(tmp_path).slots == newer
    assert sorted(p.name for p in tmp_path.iterdir()) == ["slots.bak", "slots.json"]


def test_a_huge_or_deeply_nested_file_is_refused_quickly() -> None:
    for data in (b" " * (LARGEST_FILE + 1), b"[" * 100_000, b'{"format":' * 20_000):
        with pytest.raises(SlotsDamagedError):
            from_bytes(data)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _paths(value, here=()):
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*here, key)
        if isinstance(inner, dict | list):
            yield from _paths(inner, (*here, key))


_PATHS = list(_paths(json.loads(DATA)))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(_PATHS), _JSON)
def test_any_value_in_any_place_is_refused_or_opened_rightly(path, strange) -> None:
    value = json.loads(DATA)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = strange
    value.pop("sum", None)
    try:
        value["sum"] = _sum(value)
        data = (canonical_json(value) + "\n").encode()
    except (ValueError, UnicodeEncodeError):
        return
    try:
        slots = from_bytes(data)
    except SlotsDamagedError:
        return
    if slots == SLOTS:
        return
    with pytest.raises(SlotsDamagedError):
        unlock_with_kit(slots, KIT)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(SlotsDamagedError):
        from_bytes(noise)

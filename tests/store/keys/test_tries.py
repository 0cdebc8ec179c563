"""Failed tries: the pauses, the sealed notes, and a file that anybody may have spoiled."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shelter_desk.store.keys.identity import KIT_ID, NewStaff, PublicKeys
from shelter_desk.store.keys.kdf import KdfSettings
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.rekey import begin_rekey, settle
from shelter_desk.store.keys.slots import create_vault, unlock_with_kit
from shelter_desk.store.keys.tries import (
    Tries,
    clear_tries,
    forgive,
    note_failure,
    open_tries,
    pause_seconds,
    read_tries,
    still_to_wait,
)

KIT = new_kit()
SLOTS, ASH = create_vault(NewStaff("stf-ash", "Ash"), "opal heron teapot", KIT, KdfSettings())
NOW = datetime(2026, 3, 8, 23, 59, 59, 120000, tzinfo=UTC)


def test_the_pauses_grow_and_stay_at_a_minute() -> None:
    assert [pause_seconds(n) for n in range(9)] == [0, 0, 0, 0, 5, 15, 60, 60, 60]
    assert pause_seconds(-1) == 0


def test_the_rest_of_a_pause_counts_down() -> None:
    tries = Tries(failures=5, last_at=NOW)
    for passed, left in ((0, 15), (4, 11), (15, 0), (3600, 0)):
        assert still_to_wait(tries, NOW + timedelta(seconds=passed)) == timedelta(seconds=left)
    assert still_to_wait(Tries(), NOW) == timedelta()


@given(st.integers(0, 50), st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
def test_a_clock_that_was_changed_never_locks_anybody_out(failures: int, shift) -> None:
    rest = still_to_wait(Tries(failures, NOW), NOW + shift)
    assert timedelta() <= rest <= timedelta(seconds=60)


def test_notes_reach_the_next_person_and_nobody_before(tmp_path: Path) -> None:
    for number, person in enumerate(("stf-ash", "stf-s\ud83d", "x" * 500)):
        tries = note_failure(tmp_path, SLOTS, person, NOW + timedelta(seconds=number))
        assert tries.failures == number + 1
    text = (tmp_path / "tries.json").read_text()
    assert "stf-" not in text
    read = read_tries(tmp_path)
    assert read == tries
    for opened in (ASH, unlock_with_kit(SLOTS, KIT)):
        found = open_tries(read, opened)
        assert [t.staff_public_id for t in found.tries] == ["stf-ash", "stf-s?", "x" * 64]
        assert [t.at for t in found.tries] == [NOW + timedelta(seconds=n) for n in range(3)]
        assert (found.unreadable, found.dropped) == (0, 0)
        assert len({t.id for t in found.tries}) == 3


def test_a_right_passphrase_ends_the_pause_and_keeps_the_notes(tmp_path: Path) -> None:
    forgive(tmp_path)
    assert list(tmp_path.iterdir()) == []
    for _ in range(6):
        note_failure(tmp_path, SLOTS, "stf-ash", NOW)
    assert still_to_wait(read_tries(tmp_path), NOW) == timedelta(seconds=60)
    forgive(tmp_path)
    assert still_to_wait(read_tries(tmp_path), NOW) == timedelta()
    assert len(open_tries(read_tries(tmp_path), ASH).tries) == 6
    clear_tries(tmp_path)
    clear_tries(tmp_path)
    assert read_tries(tmp_path) == Tries()


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    for number in range(230):
        note_failure(tmp_path, SLOTS, f"stf-{number}", NOW)
    found = open_tries(read_tries(tmp_path), ASH)
    assert (len(found.tries), found.dropped) == (200, 30)
    assert found.tries[-1].staff_public_id == "stf-229"
    assert (tmp_path / "tries.json").stat().st_size < 100_000


def test_notes_from_before_a_rekeying_open_between_the_steps(tmp_path: Path) -> None:
    note_failure(tmp_path, SLOTS, "stf-ash", NOW)
    both, holder = begin_rekey(SLOTS, ASH, [ASH.public_keys, PublicKeys(KIT_ID, KIT.public_key)])
    note_failure(tmp_path, both, "stf-sky", NOW)
    settled = settle(both, holder.at(2))
    note_failure(tmp_path, settled, "stf-river", NOW)
    tries = read_tries(tmp_path)
    assert len(open_tries(tries, holder).tries) == 3
    after = open_tries(tries, holder.at(2))
    assert (len(after.tries), after.unreadable) == (2, 1)


def test_a_changed_note_is_counted(tmp_path: Path) -> None:
    note_failure(tmp_path, SLOTS, "stf-ash", NOW)
    tries = read_tries(tmp_path)
    changed = Tries(1, NOW, (tries.sealed[0][:-1] + b"x", tries.sealed[0], b""))
    found = open_tries(changed, ASH)
    assert (len(found.tries), found.unreadable) == (1, 2)


@pytest.mark.parametrize("cut", [0, 1, 20, -2])
def test_a_spoiled_file_is_an_empty_one(tmp_path: Path, cut: int) -> None:
    note_failure(tmp_path, SLOTS, "stf-ash", NOW)
    path = tmp_path / "tries.json"
    path.write_bytes(path.read_bytes()[:cut])
    assert read_tries(tmp_path) == Tries()
    assert note_failure(tmp_path, SLOTS, "stf-ash", NOW).failures == 1


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["version", "failures", "last_at", "sealed", "dropped"]),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=3)
    | st.floats(allow_nan=False),
)  # fmt: skip
def test_any_value_in_any_place_is_survived(tmp_path_factory, name: str, value) -> None:
    folder = tmp_path_factory.mktemp("tries")
    whole = {"version": 1, "failures": 1, "last_at": 0, "sealed": [], "dropped": 0}
    try:
        (folder / "tries.json").write_text(json.dumps(whole | {name: value}))
    except UnicodeEncodeError:
        return
    tries = read_tries(folder)
    assert still_to_wait(tries, NOW) <= timedelta(seconds=60)
    open_tries(tries, ASH)
    assert note_failure(folder, SLOTS, "stf-ash", NOW).failures >= 1


def test_a_folder_that_cannot_be_written_does_not_stop_anybody(tmp_path: Path) -> None:
    tries = note_failure(tmp_path / "nowhere", SLOTS, "stf-ash", NOW)
    assert tries.failures == 1

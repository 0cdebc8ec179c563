"""Damage and older copies are noticed: by the cipher, by the chain, or by a witness. Never silent.

The cipher knows a changed byte of the main file; it does not know a WAL that ends too early, nor
an older copy. For those there are `head.log` and its like.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from invented_trail import (
    DEK,
    add_entry,
    bad_pages,
    chain,
    keep_head_log,
    new_store,
    open_store,
    verdict,
)

from shelter_desk.domain import trouble
from shelter_desk.domain.audit import EMPTY_HEAD, leaf_hash, next_head, read_event
from shelter_desk.store.database import Store
from shelter_desk.store.opening import STORE_NAME, connect
from shelter_desk.store.witness import HEAD_LOG

PAGE = 4096
WAL = f"{STORE_NAME}-wal"
_WAL_HEADER = 32
_FRAME = 24 + PAGE


# Every byte of the main file


@pytest.mark.parametrize("step", [pytest.param(7), pytest.param(1, marks=pytest.mark.slow)])
def test_a_change_of_any_byte_of_any_page_is_found(folder: Path, step: int) -> None:
    """The same place of every page at once: each page carries a seal of its own."""
    new_store(folder, 5).close()
    path = folder / STORE_NAME
    pages = path.stat().st_size // PAGE
    store = open_store(folder)
    expected = set(range(2, pages + 1))
    assert bad_pages(store) == []
    with path.open("r+b", buffering=0) as file:
        good = file.read()
        for place in range(0, PAGE, step):
            file.seek(0)
            file.write(_flipped_everywhere(good, place))
            assert _numbers(bad_pages(store)) >= expected, place
        file.seek(0)
        file.write(good)
        assert bad_pages(store) == []
    store.close()
    flipped = len(range(0, PAGE, step)) * len(expected)
    print(f"{flipped:,} bytes of {len(expected)} pages flipped, all found")
    assert len(expected) > 60


def _flipped_everywhere(good: bytes, place: int) -> bytes:
    """Flip one bit at this place of every page but the first, a different bit at each place."""
    changed = bytearray(good)
    for start in range(PAGE, len(good), PAGE):
        changed[start + place] ^= 1 << place % 8
    return bytes(changed)


def _numbers(rows: list[tuple[str]]) -> set[int]:
    return {int(number) for row in rows for number in re.findall(r"page (\d+)", row[0])}


@pytest.mark.parametrize("step", [pytest.param(31), pytest.param(1, marks=pytest.mark.slow)])
def test_a_change_of_any_byte_of_the_first_page_is_refused_at_opening(
    folder: Path, step: int
) -> None:
    new_store(folder, 1).close()
    path = folder / STORE_NAME
    good = path.read_bytes()
    refused = 0
    for place in range(0, PAGE, step):
        changed = bytearray(good)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        with pytest.raises(trouble.DamagedStoreError):
            open_store(folder)
        refused += path.read_bytes() == changed
    print(f"{refused} bytes of the first page flipped, all refused, nothing written")
    assert refused == len(range(0, PAGE, step))


# The WAL


@dataclass(frozen=True)
class Left:
    """A folder as a crash leaves it: the WAL holds the newest entries."""

    files: dict[str, bytes]
    entries: int
    older_wal: bytes
    older_store: dict[str, bytes]

    def put(self, folder: Path, **changed: bytes | None) -> None:
        """Write the files, with changes by short name (`store`, `wal`, `log`)."""
        names = {"store": STORE_NAME, "wal": WAL, "log": HEAD_LOG}
        whole: dict[str, bytes | None] = {**self.files}
        whole |= {names[name]: data for name, data in changed.items()}
        shutil.rmtree(folder)
        folder.mkdir()
        for name, data in whole.items():
            if data is not None:
                (folder / name).write_bytes(data)


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> Left:
    folder = tmp_path_factory.mktemp("left")
    store = new_store(folder, 4)
    store.checkpoint()
    log = keep_head_log(store)
    older_wal, older_store = b"", {}
    for entry in range(5, 13):
        add_entry(store, body=b"")
        if entry == 8:
            older_wal = (folder / WAL).read_bytes()
            older_store = {name: (folder / name).read_bytes() for name in (STORE_NAME, WAL)}
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    store.close()
    log.close()
    return Left(files, 12, older_wal, older_store)


def _count(left: Left, folder: Path, changes: list[dict[str, bytes | None]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for change in changes:
        left.put(folder, **change)
        found[verdict(folder, left.entries)] += 1
    return found


def test_a_wal_that_was_left_is_whole(left: Left, folder: Path) -> None:
    left.put(folder)
    assert verdict(folder, left.entries) == "whole"


@pytest.mark.parametrize("step", [pytest.param(3_001), pytest.param(61, marks=pytest.mark.slow)])
def test_a_change_anywhere_in_the_wal_is_never_silent(left: Left, folder: Path, step: int) -> None:
    wal = left.files[WAL]
    changes: list[dict[str, bytes | None]] = []
    for place in range(0, len(wal), step):
        changed = bytearray(wal)
        changed[place] ^= 1 << place % 8
        changes.append({"wal": bytes(changed)})
    found = _count(left, folder, changes)
    print(f"{len(changes)} changes in a WAL of {len(wal):,} bytes: {dict(found)}")
    assert not any(what.startswith("SILENT") for what in found)
    assert found["whole"] == 0
    assert len(changes) >= 100


@pytest.mark.parametrize("every", [pytest.param(7), pytest.param(1, marks=pytest.mark.slow)])
def test_a_wal_cut_anywhere_is_never_silent(left: Left, folder: Path, every: int) -> None:
    wal = left.files[WAL]
    frames = range(_WAL_HEADER, len(wal), _FRAME)
    sizes = {0, 1, 31, *frames, *(end + 24 for end in frames), *(end + 2_000 for end in frames)}
    sizes |= {len(wal) - 1, len(wal) - PAGE}
    chosen = sorted(sizes)[::every]
    found = _count(left, folder, [{"wal": wal[:size]} for size in chosen])
    print(f"{len(chosen)} cuts of a WAL of {len(frames)} frames: {dict(found)}")
    assert not any(what.startswith("SILENT") for what in found)
    assert found["whole"] == 0
    assert len(chosen) >= 30


def test_a_wal_deleted_zeroed_or_older_is_never_silent(left: Left, folder: Path) -> None:
    wal = left.files[WAL]
    changes: dict[str, dict[str, bytes | None]] = {
        "deleted": {"wal": None},
        "zeroed": {"wal": bytes(len(wal))},
        "its header zeroed": {"wal": bytes(_WAL_HEADER) + wal[_WAL_HEADER:]},
        "an older one": {"wal": left.older_wal},
        "frames swapped": {"wal": _swapped(wal)},
        "a frame taken out": {"wal": wal[:_WAL_HEADER] + wal[_WAL_HEADER + _FRAME :]},
        "the last entry's frames again": {"wal": wal + wal[-3 * _FRAME :]},
    }
    found = {}
    for what, change in changes.items():
        left.put(folder, **change)
        found[what] = verdict(folder, left.entries)
    print(found)
    assert found.pop("the last entry's frames again") == "whole"  # nothing is lost by them
    assert set(found.values()) == {"alarm: witness"}


def _swapped(wal: bytes) -> bytes:
    first, second = _WAL_HEADER, _WAL_HEADER + _FRAME
    return (
        wal[:first]
        + wal[second : second + _FRAME]
        + wal[first : first + _FRAME]
        + wal[second + _FRAME :]
    )


# Older copies, and a trail written anew


def test_an_older_copy_of_the_whole_store_raises_the_alarm(left: Left, folder: Path) -> None:
    left.put(folder, store=left.older_store[STORE_NAME], wal=left.older_store[WAL])
    assert verdict(folder, left.entries) == "alarm: witness"


def test_without_a_witness_an_older_copy_would_be_silent(left: Left, folder: Path) -> None:
    """What the witness is for: the cipher and the chain alone agree with an older copy."""
    left.put(folder, store=left.older_store[STORE_NAME], wal=left.older_store[WAL], log=None)
    assert verdict(folder, left.entries) == "SILENT: 4 acknowledged entries are gone"


def test_an_older_page_put_back_is_noticed_by_chain_or_index(folder: Path) -> None:
    """Details too: they stand apart from the chain, and each event holds their digest."""
    store = new_store(folder, 30)
    log = keep_head_log(store)
    store.checkpoint()
    older = (folder / STORE_NAME).read_bytes()  # the lock it costs matters to nobody here
    add_entry(store)
    store.close()
    log.close()
    newer = (folder / STORE_NAME).read_bytes()
    changed = [
        start
        for start in range(0, len(older), PAGE)
        if older[start : start + PAGE] != newer[start : start + PAGE]
    ]
    found: Counter[str] = Counter()
    for start in changed:
        mixed = newer[:start] + older[start : start + PAGE] + newer[start + PAGE :]
        (folder / STORE_NAME).write_bytes(mixed)
        found[verdict(folder, 31)] += 1
    print(f"{len(changed)} older pages put back: {dict(found)}")
    assert len(changed) >= 4
    assert found["whole"] == 0
    assert not any(what.startswith("SILENT") for what in found)


def test_a_trail_written_anew_by_somebody_with_the_key_contradicts_a_witness(
    folder: Path,
) -> None:
    for rewritten in range(1, 11, 3):
        shutil.rmtree(folder)
        folder.mkdir()
        store = new_store(folder)
        log = keep_head_log(store)
        for _ in range(10):
            add_entry(store)
        store.close()
        log.close()
        _write_anew(folder, rewritten)
        again = open_store(folder)
        assert chain(again).count == 10  # the chain itself is whole again
        again.close()
        assert verdict(folder, 10) == "alarm: witness"


def _write_anew(folder: Path, changed: int) -> None:
    """Change one entry and make the whole chain fit again, as another program could."""
    connection = connect(folder / STORE_NAME, DEK)
    connection.execute("DROP TRIGGER audit_event_no_update")
    head = EMPTY_HEAD
    for seq, text, salt in connection.execute("SELECT id, text, salt FROM audit_event").fetchall():
        new = text
        if seq == changed:
            new = replace(read_event(text), action="staff.end").text()
        leaf = leaf_hash(salt, new)
        head = next_head(head, leaf)
        connection.execute(
            "UPDATE audit_event SET text = ?, leaf = ?, head = ? WHERE id = ?",
            (new, leaf, head, seq),
        )
    connection.close()


def test_an_entry_changed_without_its_chain_is_found_by_the_chain(folder: Path) -> None:
    new_store(folder, 5).close()
    connection = connect(folder / STORE_NAME, DEK)
    connection.execute("DROP TRIGGER audit_event_no_update")
    connection.execute("UPDATE audit_event SET text = replace(text, 'staff.add', 'staff.end')")
    connection.close()
    assert verdict(folder, 5) == "alarm: chain"


def test_a_store_that_was_not_damaged_raises_no_alarm(folder: Path) -> None:
    store: Store = new_store(folder)
    log = keep_head_log(store)
    for _ in range(20):
        add_entry(store)
    store.close()
    log.close()
    assert verdict(folder, 20) == "whole"

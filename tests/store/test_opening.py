"""Every refusal of opening: the right page for the person, and not one byte or file changed."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_trail import (
    DEK,
    add_entry,
    bad_pages,
    chain,
    files_of,
    marks_of,
    new_store,
    open_store,
    verdict,
)

from shelter_desk.domain import trouble
from shelter_desk.store.database import Store
from shelter_desk.store.opening import STORE_NAME, connect, refuse_early

PAGE = 4096
ENTRIES = 5


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> bytes:
    """The bytes of a store with a few entries, closed."""
    folder = tmp_path_factory.mktemp("good")
    new_store(folder, ENTRIES).close()
    return (folder / STORE_NAME).read_bytes()


@pytest.fixture
def records(folder: Path, good: bytes) -> Path:
    """A folder with that store."""
    (folder / STORE_NAME).write_bytes(good)
    return folder


def _plain(path: Path) -> None:
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE resident (called TEXT)")
    database.commit()
    database.close()


def _without_guard(path: Path, pragma: str) -> None:
    """Change what the desk itself cannot change, as another program with the key could."""
    connection = connect(path, DEK)
    connection.execute(f"PRAGMA {pragma}")
    connection.close()


def _flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def _cut(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])


def _overwrite(path: Path, start: int, data: bytes) -> None:
    whole = bytearray(path.read_bytes())
    whole[start : start + len(data)] = data
    path.write_bytes(whole)


Change = Callable[[Path], object]

REFUSED: dict[str, tuple[Change, type[trouble.TroubleError]]] = {
    "missing": (Path.unlink, trouble.MissingStoreError),
    "a folder in its place": (lambda p: (p.unlink(), p.mkdir()), trouble.MissingStoreError),
    "empty": (lambda p: p.write_bytes(b""), trouble.EmptyStoreError),
    "plain database": (_plain, trouble.PlainStoreError),
    "plain header alone": (
        lambda p: p.write_bytes(b"SQLite format 3\0"),
        trouble.PlainStoreError,
    ),
    "random bytes": (
        lambda p: p.write_bytes(random.Random(1).randbytes(8 * PAGE)),
        trouble.DamagedStoreError,
    ),
    "text": (lambda p: p.write_text("records\n" * 2_000), trouble.DamagedStoreError),
    "first byte flipped": (lambda p: _flip(p, 0), trouble.DamagedStoreError),
    "first page flipped": (lambda p: _flip(p, 2_000), trouble.DamagedStoreError),
    "seal of the first page flipped": (lambda p: _flip(p, PAGE - 1), trouble.DamagedStoreError),
    "first page zeroed": (lambda p: _overwrite(p, 0, bytes(PAGE)), trouble.DamagedStoreError),
    "all zeros": (lambda p: p.write_bytes(bytes(64 * PAGE)), trouble.DamagedStoreError),
    "one byte left": (lambda p: _cut(p, 1), trouble.DamagedStoreError),
    "15 bytes left": (lambda p: _cut(p, 15), trouble.DamagedStoreError),
    "100 bytes left": (lambda p: _cut(p, 100), trouble.DamagedStoreError),
    "512 bytes left": (lambda p: _cut(p, 512), trouble.DamagedStoreError),
    "a page but one byte left": (lambda p: _cut(p, PAGE - 1), trouble.DamagedStoreError),
    "one page left": (lambda p: _cut(p, PAGE), trouble.DamagedStoreError),
    "half left": (lambda p: _cut(p, 20 * PAGE), trouble.DamagedStoreError),
    "of a newer program": (
        lambda p: _without_guard(p, "user_version = 9999"),
        trouble.NewerStoreError,
    ),
    "of another program": (
        lambda p: _without_guard(p, "application_id = 1"),
        trouble.DamagedStoreError,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_store_that_is_refused_is_left_as_it_is(records: Path, what: str) -> None:
    change, expected = REFUSED[what]
    change(records / STORE_NAME)
    before = files_of(records)
    with pytest.raises(trouble.TroubleError) as raised:
        open_store(records)
    assert type(raised.value) is expected
    assert files_of(records) == before
    assert str(raised.value)


def test_a_missing_folder_is_refused_and_not_made(folder: Path) -> None:
    with pytest.raises(trouble.MissingStoreError):
        open_store(folder / "elsewhere")
    assert not (folder / "elsewhere").exists()


def test_the_store_itself_opens(records: Path) -> None:
    assert verdict(records, ENTRIES) == "whole"
    assert set(files_of(records)) == {STORE_NAME}


def test_a_damaged_page_is_found_whichever_it_is(records: Path, good: bytes) -> None:
    found = []
    for start in range(0, len(good), PAGE):
        path = records / STORE_NAME
        path.write_bytes(good)
        _flip(path, start + 100)
        before = files_of(records)
        found.append(verdict(records, ENTRIES).split(":")[0])
        assert files_of(records) == before
    print(f"{len(found)} damaged pages: {found.count('refused')} refused, rest found by checks")
    assert len(found) > 60
    assert set(found) <= {"refused", "alarm"}


def test_reading_a_damaged_page_is_refused_in_words(records: Path, good: bytes) -> None:
    path = records / STORE_NAME
    pages = _pages_of(path, "audit_event")
    for page in pages:
        _flip(path, (page - 1) * PAGE + 50)
    before = files_of(records)
    store = open_store(records)
    with pytest.raises(trouble.DamagedStoreError):
        chain(store)
    assert len(bad_pages(store)) == len(pages)
    store.close()
    assert files_of(records) == before


def _pages_of(path: Path, table: str) -> list[int]:
    connection = connect(path, DEK)
    root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
    pages = [row[0] for row in root.fetchall()]
    connection.close()
    assert pages
    return pages


# Keys


@pytest.mark.parametrize("size", [0, 1, 16, 31, 33, 64])
def test_a_key_of_another_length_is_refused_before_the_file_is_touched(
    records: Path, size: int
) -> None:
    before = files_of(records)
    with pytest.raises(ValueError, match="32 bytes"):
        Store(records / STORE_NAME, bytes(size))
    with pytest.raises(ValueError, match="32 bytes"):
        Store.create(records / "new" / STORE_NAME, bytes(size))
    assert files_of(records) == before


def test_another_key_is_refused_as_damage(records: Path) -> None:
    before = files_of(records)
    with pytest.raises(trouble.DamagedStoreError):
        Store(records / STORE_NAME, bytes(32))
    assert files_of(records) == before


def test_a_store_is_never_made_over_another(records: Path) -> None:
    before = files_of(records)
    with pytest.raises(trouble.StoreExistsError):
        Store.create(records / STORE_NAME, DEK)
    assert files_of(records) == before


@pytest.mark.linux  # rights are access lists on Windows
def test_only_the_owner_may_read_a_new_store(folder: Path) -> None:
    mask = os.umask(0)
    try:
        store = new_store(folder, 1)
    finally:
        os.umask(mask)
    modes = {file.name: oct(file.stat().st_mode & 0o777) for file in folder.iterdir()}
    store.close()
    assert modes == {STORE_NAME: "0o600", f"{STORE_NAME}-wal": "0o600"}


# A second program

_SECOND = """
import sys
from pathlib import Path
from shelter_desk.domain.trouble import TroubleError
from shelter_desk.store.database import Store
try:
    Store(Path(sys.argv[1]), bytes(range(32)))
except TroubleError as trouble:
    print(trouble.code)
"""


def _second_program(records: Path) -> str:
    """Return what another program is told that opens the same store."""
    return subprocess.run(
        [sys.executable, "-c", _SECOND, records / STORE_NAME],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_a_second_program_is_told_and_the_first_goes_on(records: Path) -> None:
    store = open_store(records)
    add_entry(store)
    before = marks_of(records)
    assert _second_program(records) == "store-in-use"
    assert marks_of(records) == before
    add_entry(store)
    store.close()
    assert verdict(records, ENTRIES + 2) == "whole"
    assert _second_program(records) == ""


def test_a_second_window_of_the_same_program_is_told_too(records: Path) -> None:
    store = open_store(records)
    before = marks_of(records)
    with pytest.raises(trouble.StoreInUseError):
        open_store(records)
    assert marks_of(records) == before
    add_entry(store)
    store.close()
    assert verdict(records, ENTRIES + 1) == "whole"


def test_a_second_window_does_not_unlock_the_first(records: Path) -> None:
    store = open_store(records)
    for _ in range(2):
        with pytest.raises(trouble.StoreInUseError):
            open_store(records)
    assert _second_program(records) == "store-in-use"
    store.close()


# Places


@pytest.mark.parametrize("place", ["OneDrive", "OneDrive - Shelter", "Dropbox", "iCloud Drive"])
def test_a_synced_folder_is_refused(folder: Path, good: bytes, place: str) -> None:
    records = folder / place / "desk"
    records.mkdir(parents=True)
    (records / STORE_NAME).write_bytes(good)
    before = files_of(records)
    with pytest.raises(trouble.PlaceRefusedError):
        refuse_early(records)
    with pytest.raises(trouble.PlaceRefusedError):
        open_store(records)
    assert files_of(records) == before


# After an unclean end


def test_a_store_with_a_wal_left_says_so_and_has_every_entry(records: Path, folder: Path) -> None:
    store = open_store(records)
    assert not store.was_unclean
    add_entry(store)
    left = folder / "left"
    left.mkdir()
    for file in records.iterdir():
        if file.is_file():
            shutil.copy(file, left)
    store.close()
    again = open_store(left)
    assert again.was_unclean
    assert chain(again).count == ENTRIES + 1
    again.close()
    assert not open_store(left).was_unclean

"""What was typed is nowhere to be read in the folder of the records, nor in its WAL."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlcipher3
from invented_trail import add_draft, add_entry, drop_drafts, keep_head_log, new_store
from sqlalchemy import text

from shelter_desk.store.sql import Statement

NAME = "Canary Marigold Featherstone"
NOTE = "Canary note: asked for the green blanket"
DRAFT = "Canary draft: half a sentence about"
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")


def _hits(folder: Path) -> tuple[list[str], int]:
    """Return where something typed can be read, and how many bytes were searched."""
    hits, searched = [], 0
    for file in folder.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        searched += len(data)
        for typed in (NAME, NOTE, DRAFT, "Marigold", "stf-1", "audit_event", "CREATE TABLE"):
            hits += [
                f"{typed!r} in {file.name} as {encoding}"
                for encoding in _ENCODINGS
                if typed.encode(encoding) in data
            ]
    return hits, searched


def _copy(folder: Path, to: Path) -> None:
    to.mkdir()
    for file in folder.iterdir():
        if file.is_file():
            (to / file.name).write_bytes(file.read_bytes())


def test_nothing_typed_can_be_read_in_any_file_at_any_time(folder: Path, tmp_path: Path) -> None:
    store = new_store(folder)
    log = keep_head_log(store)
    searched = []
    for turn in range(60):
        add_entry(store, name=NAME, body=(NOTE * 40).encode())
        add_draft(store, f"{turn:08}" + DRAFT * 400)
        if turn == 30:
            drop_drafts(store)
            store.checkpoint()
    _copy(folder, tmp_path / "open")
    store.close()
    log.close()
    for place in (tmp_path / "open", folder):
        hits, size = _hits(place)
        assert hits == []
        searched.append(size)
    print(f"{searched[0]:,} bytes searched while open, {searched[1]:,} after closing")
    assert (tmp_path / "open" / "store.db-wal").stat().st_size > 100_000
    assert min(searched) > 500_000


def test_the_search_itself_would_find_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 5_000 + NAME.encode("utf-16-le"))
    assert len(_hits(tmp_path)[0]) >= 1


def test_a_refusal_by_the_database_carries_nothing_that_was_typed(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = new_store(folder, 1)
    insert = text("INSERT INTO staff (public_id, event_id, name) VALUES (:id, :event, :name)")
    with pytest.raises(sqlcipher3.Error) as refused, store.writing() as writer:
        writer.run(Statement(insert), id=NAME, event=1, name=NOTE)
    assert "Canary" not in str(refused.value)
    assert "Canary" not in repr(refused.value.args)
    store.close()
    told = capfd.readouterr()
    assert "Canary" not in told.out + told.err


def test_the_key_is_not_in_the_files_either(folder: Path) -> None:
    store = new_store(folder, 3)
    _, searched = _hits(folder)
    key = bytes(range(32))
    for file in folder.iterdir():
        data = file.read_bytes()
        assert key not in data
        assert key.hex().encode() not in data
    assert searched > 0
    store.close()

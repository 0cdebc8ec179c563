"""Closing, reopening, making: after trouble the store is whole, or says what is wrong."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_trail import DEK, add_entry, chain, marks_of, new_store, open_store, verdict

from shelter_desk.domain import trouble
from shelter_desk.store.database import Store
from shelter_desk.store.migrate import Script
from shelter_desk.store.opening import STORE_NAME

USES: dict[str, Callable[[Store], object]] = {
    "reading": chain,
    "writing": add_entry,
    "checkpoint": Store.checkpoint,
    "reopening": Store.reopen,
    "lifting the guard": lambda store: store.unguarded().__enter__(),
}


@pytest.mark.parametrize("use", USES)
def test_a_closed_store_says_that_the_desk_is_locked(folder: Path, use: str) -> None:
    store = new_store(folder, 1)
    store.close()
    store.close()
    before = marks_of(folder)
    with pytest.raises(trouble.TroubleError, match="locked"):
        USES[use](store)
    assert marks_of(folder) == before


def test_reopening_keeps_everything_and_goes_on(folder: Path) -> None:
    store = new_store(folder, 3)
    store.reopen()
    assert add_entry(store) == 4
    store.close()
    assert verdict(folder, 4) == "whole"


def test_a_store_that_went_away_is_missed_in_words_and_comes_back(folder: Path) -> None:
    store = new_store(folder, 3)
    path, away = folder / STORE_NAME, folder / "away"
    store.checkpoint()
    path.rename(away)
    with pytest.raises(trouble.MissingStoreError):
        store.reopen()
    for use in (chain, add_entry):
        with pytest.raises(trouble.TroubleError):
            use(store)
    assert not path.exists()
    away.rename(path)
    store.reopen()
    assert add_entry(store) == 4
    store.close()
    assert verdict(folder, 4) == "whole"


def test_a_failed_command_is_undone_whole(folder: Path) -> None:
    store = new_store(folder, 3)
    before = chain(store)
    with pytest.raises(ZeroDivisionError):
        add_entry(store, body=_Impossible())
    assert chain(store) == before
    assert add_entry(store) == 4
    store.close()
    assert verdict(folder, 4) == "whole"


class _Impossible(bytes):
    """A body that fails when it is looked at, after the person and the event were written."""

    def __bool__(self) -> bool:
        raise ZeroDivisionError


# Making


def test_a_wal_without_its_store_is_never_overwritten(folder: Path) -> None:
    """It may hold the newest entries of a store that somebody moved away."""
    store = new_store(folder, 3)
    wal = (folder / f"{STORE_NAME}-wal").read_bytes()
    store.close()
    (folder / STORE_NAME).rename(folder / "moved.db")
    (folder / f"{STORE_NAME}-wal").write_bytes(wal)
    before = marks_of(folder)
    with pytest.raises(trouble.StoreExistsError):
        Store.create(folder / STORE_NAME, DEK)
    assert marks_of(folder) == before


def test_a_store_that_could_not_be_made_leaves_nothing_and_can_be_tried_again(
    folder: Path,
) -> None:
    neighbour = folder / f"{STORE_NAME}.old"
    neighbour.write_bytes(b"somebody's copy")
    with pytest.raises(trouble.DiskFullError):
        Store.create(folder / STORE_NAME, DEK, _no_room)
    assert set(marks_of(folder)) == {neighbour.name}
    store = new_store(folder, 2)
    store.close()
    assert verdict(folder, 2) == "whole"


def _no_room() -> tuple[Script, ...]:
    raise OSError(errno.ENOSPC, "no room")


def test_a_store_is_not_made_in_a_folder_that_is_not_there(folder: Path) -> None:
    with pytest.raises(trouble.TroubleError):
        Store.create(folder / "elsewhere" / STORE_NAME, DEK)
    assert marks_of(folder) == {}


def test_reopening_after_a_crash_tells_of_it_once(folder: Path) -> None:
    store = new_store(folder, 2)
    assert not store.was_unclean
    store.close()
    assert not open_store(folder).was_unclean

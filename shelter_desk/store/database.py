"""The open store: one connection, one lock, reading that cannot write, writing that is whole."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shelter_desk.domain import trouble
from shelter_desk.store import guard
from shelter_desk.store.failures import in_words
from shelter_desk.store.memory import give_back
from shelter_desk.store.migrate import Script, migrate, packaged_scripts
from shelter_desk.store.opening import (
    USUAL_KIB,
    connect,
    keep_pages,
    mark_as_ours,
    refuse_foreign,
    refuse_plain,
    refuse_unopened,
    rekeying,
)
from shelter_desk.store.transactions import Newest, Reader, Reading, Writer, Writing

__all__ = ["USUAL_KIB", "Reader", "Reading", "Store", "Writer", "Writing"]

Committed = Callable[[int, bytes], None]
_REKEY_ROOM = 1.2  # the file is written once more before the former pages go


def _nothing() -> None:
    """Begin nothing."""


class Store:
    """An unlocked store file. Close it and the connection, and with it the key, is gone.

    Attributes:
        path: the file.
        was_unclean: the last program that had it open did not close it.
    """

    def __init__(self, path: Path, dek: bytes) -> None:
        wal = path.with_name(path.name + "-wal")
        self.path = path
        self.was_unclean = wal.exists() and wal.stat().st_size > 0
        self._dek = bytearray(dek)
        self._lock = threading.RLock()
        self._newest = Newest()
        self._after_commit: list[Committed] = []
        self._before_close: list[Callable[[], None]] = []
        self._connection: Any = self._open()

    @classmethod
    def create(
        cls, path: Path, dek: bytes, scripts: Callable[[], Sequence[Script]] = packaged_scripts
    ) -> Store:
        """Make a new store file and open it.

        What fails half-way leaves nothing behind, so that it can be tried again. `scripts` are
        the migrations to begin with.

        Raises:
            StoreExistsError: when there is a file already.
        """
        ours = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-journal", "-shm")]
        if any(file.exists() for file in ours):
            # A WAL alone may hold the newest entries of a store that was moved away.
            raise trouble.StoreExistsError
        try:
            _make(path, dek, scripts)
            return cls(path, dek)
        except BaseException:
            # Nobody was told of it yet: the only store files we ever delete.
            for leftover in ours:
                leftover.unlink(missing_ok=True)
            raise

    def after_commit(self, tell: Committed) -> None:
        """Call `tell(number of the newest event, chain head)` after each commit."""
        self._after_commit.append(tell)

    def before_close(self, finish: Callable[[], None]) -> None:
        """Call `finish()` when the store is closed."""
        self._before_close.append(finish)

    def reading(self) -> Reading:
        """Return a block that has a reader, in a transaction that is always rolled back."""
        return Reading(self._lock, self._live)

    def writing(self) -> Writing:
        """Return a block that has a writer, in one transaction: all of it is kept, or none.

        Raises:
            OutcomeUnknownError: the disk failed at the commit; `reopen`, then look.
        """
        return Writing(self._lock, self._live, self._newest, self._tell)

    def _tell(self, size: int, head: bytes) -> None:
        for tell in self._after_commit:
            tell(size, head)

    def reopen(self) -> None:
        """Close and open again; only what is really in the file counts after a disk failure."""
        with self._lock:
            if not any(self._dek):
                raise _locked()
            self._shut()
            self._connection = self._open()

    def rekey(self, new_dek: bytes, begin: Callable[[], None] = _nothing) -> bool:
        """Encrypt the whole file under another key; True when the new key opens it from now on.

        SQLCipher does it in one transaction: cut off anywhere, exactly one of the two keys opens
        the file. Which one is found out by opening it again. `begin()` is called once there is
        room, just before the file is touched: both keys must be kept from then on.

        Raises:
            DiskFullError: when there is no room to write the file once more; nothing was begun.
        """
        rekey_statement = rekeying(new_dek)
        with self._lock:
            former = bytes(self._dek)
            self.checkpoint()
            if shutil.disk_usage(self.path.parent).free < self.path.stat().st_size * _REKEY_ROOM:
                raise trouble.DiskFullError
            begin()
            try:
                with self.unguarded() as connection:
                    connection.execute(rekey_statement).fetchall()
            except trouble.TroubleError:
                pass  # the file itself says below how far it came
            return self._open_with(new_dek, former)

    def _open_with(self, *keys: bytes) -> bool:
        self._shut()
        for place, key in enumerate(keys):
            self._dek[:] = key
            try:
                self._connection = self._open()
            except trouble.DamagedStoreError:
                continue
            self.checkpoint()
            return place == 0
        raise trouble.DamagedStoreError

    def sibling(self, path: Path) -> Store:
        """Return another file under the same key, opened: a backup, to be checked."""
        return Store(path, bytes(self._dek))

    def key_for_backup(self) -> bytes:
        """Return the store's key, which a backup carries sealed to the kit and the directors."""
        return bytes(self._dek)

    def checkpoint(self) -> None:
        """Bring the WAL into the main file: when idle, at lock, before a backup, at exit."""
        with self._lock, in_words():
            self._live().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def make_room(self, kibibytes: int = USUAL_KIB) -> None:
        """Keep so much of the file in memory from now on; what is more goes back at once."""
        with self.unguarded() as connection:
            keep_pages(connection, kibibytes)
        give_back()

    @contextmanager
    def unguarded(self) -> Iterator[Any]:
        """Yield the bare connection with the guard lifted: backups and checks only."""
        with self._lock, in_words():
            connection = self._live()
            self._newest.head = None  # only the file knows what is done there
            guard.lift(connection)
            try:
                yield connection
            finally:
                guard.install(connection)
                self._newest.head = None

    def close(self) -> None:
        """Close the file. The WAL is never deleted by us: it may hold the newest entries."""
        with self._lock:
            was_open = self._connection is not None
            self._shut()
            if was_open:
                for finish in self._before_close:
                    finish()
            self._dek[:] = bytes(len(self._dek))

    def _shut(self) -> None:
        # Forgotten first: when opening again fails, nobody may work on a closed connection.
        connection, self._connection = self._connection, None
        self._newest.head = None
        if connection is not None:
            connection.close()

    def _open(self) -> Any:  # noqa: ANN401 - a DBAPI connection
        refuse_unopened(self.path.parent)
        try:
            connection = connect(self.path, bytes(self._dek))
        except trouble.DamagedStoreError:
            refuse_plain(self.path)
            raise
        try:
            with in_words():
                refuse_foreign(connection)
                migrate(connection, packaged_scripts())
                guard.install(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _live(self) -> Any:  # noqa: ANN401 - a DBAPI connection
        if self._connection is None:
            if not any(self._dek):
                raise _locked()
            # Opening again failed after a disk failure. There may be room by now.
            self._connection = self._open()
        return self._connection


def _make(path: Path, dek: bytes, scripts: Callable[[], Sequence[Script]]) -> None:
    connection = connect(path, dek, create=True)
    with in_words():
        try:
            mark_as_ours(connection)
            migrate(connection, scripts())
        finally:
            connection.close()
        path.chmod(0o600)


def _locked() -> trouble.TroubleError:
    return trouble.TroubleError("The desk is locked. Please sign in again.")

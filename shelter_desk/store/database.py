"""The open store: one connection, one lock, reading that cannot write, writing that is whole."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlcipher3 import dbapi2 as driver

from shelter_desk.domain import trouble
from shelter_desk.store import guard
from shelter_desk.store.failures import in_words, told
from shelter_desk.store.migrate import Script, migrate, packaged_scripts
from shelter_desk.store.opening import (
    connect,
    mark_as_ours,
    refuse_foreign,
    refuse_plain,
    refuse_unopened,
    rekeying,
)
from shelter_desk.store.sql import Row, Statement

Committed = Callable[[int, bytes], None]
_REKEY_ROOM = 1.2  # the file is written once more before the former pages go


class Reader:
    """Runs statements that read. Rows are plain tuples in the order of the select."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
        self._connection = connection

    def rows(self, statement: Statement, **values: Any) -> list[Row]:  # noqa: ANN401 - SQL values
        """Return all rows."""
        found: list[Row] = self._select(statement, values).fetchall()
        return found

    def each(self, statement: Statement, **values: Any) -> Iterator[Row]:  # noqa: ANN401 - SQL
        """Yield rows one by one, for what is too long to hold."""
        yield from self._select(statement, values)

    def row(self, statement: Statement, **values: Any) -> Row | None:  # noqa: ANN401 - SQL values
        """Return the first row, or None."""
        found: Row | None = self._select(statement, values).fetchone()
        return found

    def value(self, statement: Statement, **values: Any) -> Any:  # noqa: ANN401 - SQL values
        """Return the first column of the first row, or None when there is none."""
        found = self.row(statement, **values)
        return None if found is None else found[0]

    def _select(self, statement: Statement, values: dict[str, Any]) -> Any:  # noqa: ANN401 - a cursor
        if not statement.is_read:
            message = "a question only selects"
            raise TypeError(message)
        return self._connection.execute(statement.text, statement.bind(values))


class Writer(Reader):
    """Runs statements inside one write transaction. `head` is told to the witness after commit."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
        super().__init__(connection)
        self.head: tuple[int, bytes] | None = None

    def run(self, statement: Statement, **values: Any) -> int:  # noqa: ANN401 - SQL values
        """Run an insert and return the new row's id."""
        return int(self._connection.execute(statement.text, statement.bind(values)).lastrowid or 0)

    def run_many(self, statement: Statement, rows: list[dict[str, Any]]) -> None:
        """Run an insert for each row; the bulk path of sample stores."""
        self._connection.executemany(statement.text, [statement.bind(row) for row in rows])

    def change(self, statement: Statement, **values: Any) -> int:  # noqa: ANN401 - SQL values
        """Run an update or delete and return how many rows it touched."""
        return int(self._connection.execute(statement.text, statement.bind(values)).rowcount)


class Reading:
    """A block with a reader. It runs selects only, in a transaction that is always rolled back.

    Not `PRAGMA query_only`: switching it makes SQLite prepare every statement anew, which cost
    more than the questions themselves. A class, because every question enters it: a generator
    takes three times as long.
    """

    __slots__ = ("_began", "_live", "_lock")

    def __init__(self, lock: threading.RLock, live: Callable[[], Any]) -> None:
        self._lock = lock
        self._live = live
        self._began: Any = None

    def __enter__(self) -> Reader:
        """Begin, unless this is a question within a question."""
        self._lock.acquire()
        try:
            with in_words():
                connection = self._live()
                if not connection.in_transaction:
                    connection.execute("BEGIN")
                    self._began = connection
        except BaseException:
            self._lock.release()
            raise
        return Reader(connection)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back, and say in words what the driver raised inside."""
        try:
            with in_words():
                if self._began is not None:
                    _roll_back(self._began)
        finally:
            self._lock.release()
        in_words().__exit__(kind, error, trace)


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

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Yield a writer in one transaction: all of it is kept, or none.

        Raises:
            OutcomeUnknownError: the disk failed at the commit; `reopen`, then look.
        """
        with self._lock:
            connection = self._live()
            with in_words():
                connection.execute("BEGIN IMMEDIATE")
                writer = Writer(connection)
                try:
                    yield writer
                except BaseException:
                    _roll_back(connection)
                    raise
            self._commit(connection)
            if writer.head is not None:
                for tell in self._after_commit:
                    tell(*writer.head)

    def reopen(self) -> None:
        """Close and open again; only what is really in the file counts after a disk failure."""
        with self._lock:
            if not any(self._dek):
                raise _locked()
            self._shut()
            self._connection = self._open()

    def rekey(self, new_dek: bytes) -> bool:
        """Encrypt the whole file under another key; True when the new key opens it from now on.

        SQLCipher does it in one transaction: cut off anywhere, exactly one of the two keys opens
        the file. Which one is found out by opening it again.

        Raises:
            DiskFullError: when there is no room to write the file once more; nothing was changed.
        """
        rekey_statement = rekeying(new_dek)
        with self._lock:
            former = bytes(self._dek)
            self.checkpoint()
            if shutil.disk_usage(self.path.parent).free < self.path.stat().st_size * _REKEY_ROOM:
                raise trouble.DiskFullError
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

    @contextmanager
    def unguarded(self) -> Iterator[Any]:
        """Yield the bare connection with the guard lifted: backups and checks only."""
        with self._lock, in_words():
            connection = self._live()
            guard.lift(connection)
            try:
                yield connection
            finally:
                guard.install(connection)

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

    def _commit(self, connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
        try:
            connection.execute("COMMIT")
        except driver.IntegrityError:
            _roll_back(connection)
            raise
        except driver.Error as error:
            _roll_back(connection)
            known = told(error)
            if isinstance(known, trouble.DiskError | trouble.DiskFullError):
                # Measured: in 12 of 186 injected faults the row was there after a restart.
                raise trouble.OutcomeUnknownError from None
            if known is None:
                raise
            raise known from None


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


def _roll_back(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    if connection.in_transaction:
        connection.execute("ROLLBACK")

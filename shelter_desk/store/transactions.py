"""One connection's transactions: reading that cannot write, writing that is whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from sqlcipher3 import dbapi2 as driver

from shelter_desk.domain import trouble
from shelter_desk.store.failures import in_words, told
from shelter_desk.store.sql import Row, Statement

Head = tuple[int, bytes]
"""Number of the newest event, and the chain head it left."""


_ONLY_SELECTS = "a question only selects"


class Reader:
    """Runs statements that read. Rows are plain tuples in the order of the select."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
        self._connection = connection
        # One for all that is fetched at once: the connection would make one for each statement.
        self._cursor = connection.cursor()

    def rows(self, statement: Statement, **values: Any) -> list[Row]:  # noqa: ANN401 - SQL values
        """Return all rows."""
        if not statement.is_read:
            raise TypeError(_ONLY_SELECTS)
        # Written out, not `_select`: every question runs this, some of them seven times.
        cursor = self._cursor
        found: list[Row] = cursor.execute(statement.text, statement.bind(values)).fetchall()
        return found

    def begin(self) -> bool:
        """Begin a transaction, unless one goes on: a question within a question. Say if it did."""
        if self._connection.in_transaction:
            return False
        self._cursor.execute("BEGIN")
        return True

    def roll_back(self) -> None:
        """End the transaction; nothing was written in it."""
        if self._connection.in_transaction:
            self._cursor.execute("ROLLBACK")

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
            raise TypeError(_ONLY_SELECTS)
        return self._connection.execute(statement.text, statement.bind(values))


class Writer(Reader):
    """Runs statements inside one write transaction.

    Attributes:
        known: newest event and chain head as the last commit left them, None when not known.
        head: the same as this transaction leaves them; told to the witness after the commit.
    """

    def __init__(self, connection: Any, known: Head | None = None) -> None:  # noqa: ANN401 - a DBAPI connection
        super().__init__(connection)
        self.known = known
        self.head: Head | None = None

    def run(self, statement: Statement, **values: Any) -> int:  # noqa: ANN401 - SQL values
        """Run an insert and return the new row's id."""
        return int(self._cursor.execute(statement.text, statement.bind(values)).lastrowid or 0)

    def run_many(self, statement: Statement, rows: list[dict[str, Any]]) -> None:
        """Run an insert for each row; the bulk path of sample stores."""
        self._connection.executemany(statement.text, [statement.bind(row) for row in rows])

    def change(self, statement: Statement, **values: Any) -> int:  # noqa: ANN401 - SQL values
        """Run an update or delete and return how many rows it touched."""
        return int(self._cursor.execute(statement.text, statement.bind(values)).rowcount)


class Newest:
    """The chain head of the last commit, so that a command need not ask the file for it.

    Nobody else writes: the connection is exclusive. None where only the file can say.
    """

    __slots__ = ("head",)

    def __init__(self) -> None:
        self.head: Head | None = None


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
        self._began: Reader | None = None

    def __enter__(self) -> Reader:
        """Begin, unless this is a question within a question."""
        self._lock.acquire()
        try:
            reader = Reader(self._live())
            if reader.begin():
                self._began = reader
        except BaseException as error:
            self._lock.release()
            in_words().__exit__(type(error), error, None)
            raise
        return reader

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back, and say in words what the driver raised inside."""
        try:
            if self._began is not None:
                self._began.roll_back()
        except BaseException as stopped:
            in_words().__exit__(type(stopped), stopped, None)
            raise
        finally:
            self._lock.release()
        if error is not None:
            in_words().__exit__(kind, error, trace)


class Writing:
    """A block with a writer, in one transaction; what it wrote is told of after the commit.

    A class for the same reason as `Reading`.
    """

    __slots__ = ("_connection", "_live", "_lock", "_newest", "_tell", "_writer")

    def __init__(
        self,
        lock: threading.RLock,
        live: Callable[[], Any],
        newest: Newest,
        tell: Callable[[int, bytes], None],
    ) -> None:
        self._lock = lock
        self._live = live
        self._newest = newest
        self._tell = tell
        self._connection: Any = None
        self._writer: Writer | None = None

    def __enter__(self) -> Writer:
        """Begin."""
        self._lock.acquire()
        try:
            with in_words():
                self._connection = self._live()
                self._connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.release()
            raise
        self._writer = writer = Writer(self._connection, self._newest.head)
        return writer

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit and tell, or roll back and say in words what the driver raised inside."""
        try:
            if error is None:
                self._keep()
                return
            with in_words():
                _roll_back(self._connection)
            in_words().__exit__(kind, error, trace)
        finally:
            self._lock.release()

    def _keep(self) -> None:
        head = None if self._writer is None else self._writer.head
        if head is None:
            _commit(self._connection)
            return
        self._newest.head = None  # until the disk has said so
        _commit(self._connection)
        self._newest.head = head
        self._tell(*head)


def _commit(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
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


def _roll_back(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    if connection.in_transaction:
        connection.execute("ROLLBACK")

"""Statements built with SQLAlchemy, compiled once, run on the store's one connection.

Why not SQLAlchemy's own execution: a store has one connection for its whole life, so pools,
checkouts and result proxies have nothing to do, and they made the small questions of a busy desk
three to five times as long as the bare driver. What SQLAlchemy is best at, building SQL that
composes and cannot be injected into, is kept; `tests/benchmarks` prints the ratio.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Integer,
    Table,
    bindparam,
    insert,
    update,
)
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect

Row = tuple[Any, ...]


class _Compiler(SQLiteCompiler):
    """Writes fixed values into the text.

    SQLite looks at the value of a parameter when it plans a LIMIT, or may use an index of some
    rows only. It then prepares the statement anew each time: that costs more than to run it.
    """

    def visit_bindparam(self, bindparam: BindParameter[Any], *args: Any, **how: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own
        if not bindparam.required and bindparam.value is not None:
            how["literal_binds"] = True
        return super().visit_bindparam(bindparam, *args, **how)  # type: ignore[no-untyped-call]  # SQLAlchemy's own


class _Dialect(SQLiteDialect):
    statement_compiler = _Compiler
    supports_statement_cache = False


_DIALECT = _Dialect(paramstyle="qmark")


def at_most(name: str) -> ColumnElement[int]:
    """Return a limit given by name; a bare parameter would be planned anew each time."""
    return bindparam(name, type_=Integer) + 0


class Statement:
    """One statement with its parameters by name; compiled when it is first wanted.

    Most statements of a program that has just been opened are not, and an eye waits meanwhile.

    Args:
        clause: any SQLAlchemy Core statement; fixed values in it are written into its text.
        columns: for an insert, the columns it will be given.

    Attributes:
        text: the SQL.
        is_read: it only selects.
        names: the names of its parameters, in the order of the text.
        bind: from the parameters by name to the same in that order.
    """

    __slots__ = ("_clause", "_columns", "bind", "is_read", "names", "text")

    text: str
    names: tuple[str, ...]
    bind: Callable[[dict[str, Any]], Row]

    def __init__(self, clause: ClauseElement, columns: tuple[str, ...] | None = None) -> None:
        self._clause = clause
        self._columns = columns
        self.is_read = bool(getattr(clause, "is_select", False))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what is set below, and not yet
        """Compile, and return what the statement did not have yet."""
        if name not in ("bind", "names", "text"):
            raise AttributeError(name)
        compiled = self._clause.compile(
            dialect=_DIALECT,
            column_keys=self._columns,
            compile_kwargs={"render_postcompile": True},
        )
        self.names = tuple(getattr(compiled, "positiontup", None) or ())
        self.bind = _in_order(self.names)
        self.text = str(compiled)
        return getattr(self, name)


def _in_order(names: tuple[str, ...]) -> Callable[[dict[str, Any]], Row]:
    """Return what puts parameters by name into order; it raises a KeyError for one not given."""
    if not names:
        return lambda _values: ()
    if len(names) == 1:
        only = names[0]
        return lambda values: (values[only],)
    in_order: Callable[[dict[str, Any]], Row] = itemgetter(*names)
    return in_order


def insert_into(table: Table, columns: tuple[str, ...]) -> Statement:
    """Return the insert of one row with these columns."""
    return Statement(insert(table), columns)


def update_row(table: Table, columns: tuple[str, ...]) -> Statement:
    """Return the update of one row by `row_id`, refused when its version is not `row_version`."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    return Statement(
        update(table)
        .where(table.c.id == bindparam("row_id"), table.c.version == bindparam("row_version"))
        .values(version=table.c.version + 1, **values)
    )

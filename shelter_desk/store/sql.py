"""Statements built with SQLAlchemy, compiled once, run on the store's one connection.

Why not SQLAlchemy's own execution: a store has one connection for its whole life, so pools,
checkouts and result proxies have nothing to do, and they made the small questions of a busy desk
three to five times as long as the bare driver. What SQLAlchemy is best at, building SQL that
composes and cannot be injected into, is kept; `tests/benchmarks` prints the ratio.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ClauseElement, Table, bindparam, insert, update
from sqlalchemy.dialects.sqlite.base import SQLiteDialect

Row = tuple[Any, ...]
_DIALECT = SQLiteDialect(paramstyle="qmark")


class Statement:
    """One statement with its parameters by name.

    Args:
        clause: any SQLAlchemy Core statement; literals in it become fixed parameters.
        columns: for an insert, the columns it will be given.
    """

    __slots__ = ("_fixed", "is_read", "names", "text")

    def __init__(self, clause: ClauseElement, columns: tuple[str, ...] | None = None) -> None:
        compiled = clause.compile(
            dialect=_DIALECT,
            column_keys=columns,
            compile_kwargs={"render_postcompile": True},
        )
        self.text = str(compiled)
        self.is_read = bool(getattr(clause, "is_select", False))
        self.names: tuple[str, ...] = tuple(getattr(compiled, "positiontup", None) or ())
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def bind(self, values: dict[str, Any]) -> Row:
        """Return the parameters in the order the text wants them.

        Raises:
            KeyError: when a parameter was not given.
        """
        fixed = self._fixed
        return tuple([values[name] if name in values else fixed[name] for name in self.names])


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

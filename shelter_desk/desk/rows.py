"""One row by its public id or its key: as commands and questions look it up."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, select

from shelter_desk.domain.errors import NotFoundError
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

RowValues = dict[str, Any]


def find(reader: Reader, table: Table, public_id: str) -> RowValues:
    """Return a row by its public id, as column -> value.

    Raises:
        NotFoundError: when it is not there.
    """
    row = reader.row(_by_public_id(table), public_id=public_id)
    if row is None:
        raise NotFoundError
    return dict(zip(_names(table), row, strict=True))


def key_of(reader: Reader, table: Table, public_id: str) -> int:
    """Return the key of a row by its public id, where nothing else of it is wanted.

    Raises:
        NotFoundError: when it is not there.
    """
    row = reader.row(_key_by_public_id(table), public_id=public_id)
    if row is None:
        raise NotFoundError
    return int(row[0])


def get(reader: Reader, table: Table, row_id: int) -> RowValues:
    """Return a row by its key, as column -> value.

    Raises:
        NotFoundError: when it is not there.
    """
    row = reader.row(_by_key(table), id=row_id)
    if row is None:
        raise NotFoundError
    return dict(zip(_names(table), row, strict=True))


# Made when they are first wanted: a desk opens sooner, and most tables are never asked so.


@cache
def _by_public_id(table: Table) -> Statement:
    return Statement(select(table).where(table.c.public_id == bindparam("public_id")))


@cache
def _key_by_public_id(table: Table) -> Statement:
    return Statement(select(table.c.id).where(table.c.public_id == bindparam("public_id")))


@cache
def _by_key(table: Table) -> Statement:
    return Statement(select(table).where(table.c.id == bindparam("id")))


@cache
def _names(table: Table) -> tuple[str, ...]:
    return tuple(table.c.keys())

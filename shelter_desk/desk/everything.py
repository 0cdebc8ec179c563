"""The shelter's own records, whole and readable, for moving to another system: no lock-in.

Every table leaves with every row, former versions too, and with what is sealed opened. What is
left out is named with the reason. Read in parts, so that five years of records need little memory
and the desk goes on meanwhile; rows written after the export began are left out by their event.
Only an export that a colleague agreed to can be read.

Source: demand 12 of the study of peers: a full export in documented open formats, any day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    Table,
    bindparam,
    func,
    select,
)

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.column_words import TABLE_WORDS, words_of_column
from shelter_desk.desk.releasing import agreed_by_two
from shelter_desk.desk.rows import find
from shelter_desk.desk.sealing import KeyNotHeldError, OfHouseDay, OfIncident, Owner
from shelter_desk.domain.errors import DeskError, NotFoundError, NotPermittedError
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.keys.compartments import Compartment
from shelter_desk.store.keys.fields import sealed_in
from shelter_desk.store.schema_missing import missing_episode
from shelter_desk.store.sql import Statement, at_most

EVERYTHING = "everything"
"""The kind of such an export in the record of what left."""
_KEYS = "keys of this program: useless elsewhere, and never to leave"
LEFT_OUT: Mapping[str, str] = {
    "compartment_key": _KEYS,
    "opening_key": _KEYS,
    "lent_copy": "copies of words for one colleague: they are in the tables",
    "unmarked": "what searching has still to learn",
    "compartment_seal": _KEYS,
    "incident_key": _KEYS,
    "house_day_key": _KEYS,
    "fact_link": "which facts of totals are whose: it goes with a record that is destroyed",
    "resident_key": "keys of this program: what they open is in the tables, opened",
    "resident_word": "made from names, for searching",
    "identity_mark": "made from names, for searching",
    "note_place": "made from notes, for searching",
    "due_item": "worked out from stays, answers and the care model",
    "draft": "typing that nobody has saved",
}
PART_ROWS = 20_000
_ALSO_INSTANTS = {"at", "since", "until", "deferred_until"}
_RESIDENT_OF: Mapping[str, Statement] = {
    "stay_id": Statement(
        select(schema.stay.c.resident_id).where(schema.stay.c.id == bindparam("key"))
    ),
    "episode_id": Statement(
        select(schema.stay.c.resident_id)
        .join(missing_episode, missing_episode.c.stay_id == schema.stay.c.id)
        .where(missing_episode.c.id == bindparam("key"))
    ),
}
_AFTER: ColumnElement[int] = bindparam("after", type_=Integer)
_NEWEST = Statement(select(func.max(schema.audit_event.c.id)))


class ClassClosedError(DeskError):
    """Some record classes are closed to you, so not everything could leave. Open them first."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column as it leaves: its name, the kind of its values, and what it holds."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table as it leaves."""

    name: str
    words: str
    columns: tuple[ColumnFacts, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table, and where to go on; `after` is None at the end."""

    rows: tuple[tuple[int | str | None, ...], ...]
    after: int | None


def tables_that_leave() -> tuple[TableFacts, ...]:
    """Return every table of the export with its columns, by name."""
    return tuple(
        TableFacts(
            table.name,
            TABLE_WORDS[table.name],
            tuple(
                ColumnFacts(_name(column), _kind(column), words_of_column(table.name, column.name))
                for column in table.columns
            ),
        )
        for table in _tables().values()
    )


@asks(May.EXPORT | May.MANAGE_SHELTER)
def last_event(read: Read) -> int:
    """Return the number of the newest event: up to which an export holds the records.

    Raises:
        ClassClosedError: when a record class is closed to the person asking: what leaves would
            not be everything.
    """
    if not all(read.sealer.may_open(name) for name in Compartment):
        raise ClassClosedError
    return int(read.reader.value(_NEWEST) or 0)


@asks(May.EXPORT | May.MANAGE_SHELTER)
def part_of_everything(read: Read, *, custody_id: str, table: str, after: int, up_to: int) -> Part:
    """Return the next rows of a table for an export that is under way and agreed to.

    Rows whose newest event is later than `up_to` are left out.

    Raises:
        NotPermittedError: when the export has ended, or a colleague who could agree has not.
        NotFoundError: when there is no such table in the export.
    """
    export = find(read.reader, schema.custody, custody_id)
    under_way = export["kind"] == EVERYTHING and export["ended_at"] is None
    if not under_way or not agreed_by_two(read, export):
        raise NotPermittedError
    wanted = _tables().get(table)
    if wanted is None:
        raise NotFoundError
    rows = read.reader.rows(_STATEMENTS[table], after=after, most=PART_ROWS)
    names, key = list(wanted.c.keys()), _key(wanted)
    place = names.index(key)
    opened = _Opened(read, wanted)
    event = names.index("event_id") if "event_id" in names else place
    is_late = table in ("audit_event", "audit_detail") or "event_id" in names
    made = tuple(
        opened.row(dict(zip(names, row, strict=True)))
        for row in rows
        if not is_late or row[event] is None or row[event] <= up_to
    )
    return Part(made, rows[-1][place] if len(rows) == PART_ROWS else None)


def _key(table: Table) -> str:
    """Return the column that rows are read by: the first, which is the primary key."""
    return next(iter(table.primary_key.columns)).name


def _tables() -> dict[str, Table]:
    return {
        table.name: table
        for table in sorted(schema.metadata.tables.values(), key=lambda one: one.name)
        # Only what is described leaves: a new table of keys must not slip out.
        if table.name in TABLE_WORDS
    }


def _statement(table: Table) -> Statement:
    key = cast("Column[int]", table.c[_key(table)])
    limit = at_most("most")
    return Statement(select(table).where(key > _AFTER).order_by(key).limit(limit))


_STATEMENTS: Mapping[str, Statement] = {name: _statement(t) for name, t in _tables().items()}


def _name(column: Column[Any]) -> str:
    return column.name.removesuffix("_sealed")


def _is_instant(column: Column[Any]) -> bool:
    named = column.name.endswith("_at") or column.name in _ALSO_INSTANTS
    return named and column.type.python_type is int


def _kind(column: Column[Any]) -> str:
    if column.name.endswith("_sealed") or column.name == "body":
        return "text"
    if isinstance(column.type, LargeBinary):
        return "bytes in hexadecimal digits"
    if _is_instant(column):
        return "moment in UTC"
    return "whole number" if column.type.python_type is int else "text"


class _Opened:
    """Opens the rows of one table."""

    def __init__(self, read: Read, table: Table) -> None:
        self._read, self._table = read, table
        self._columns = tuple(table.columns)

    def row(self, values: dict[str, Any]) -> tuple[int | str | None, ...]:
        """Return the values as they leave, in the order of the columns."""
        return tuple(self._value(column, values) for column in self._columns)

    def _value(self, column: Column[Any], values: dict[str, Any]) -> int | str | None:
        value = values[column.name]
        if value is None:
            return None
        if column.name.endswith("_sealed"):
            return self._text(values, column.name.removesuffix("_sealed"), value)
        if self._table.name == "audit_detail" and column.name == "body":
            return self._detail(values, value)
        if isinstance(value, bytes):
            return value.hex()
        if _is_instant(column):
            at = datetime.fromtimestamp(value / 1000, UTC)
            return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return cast("int | str", value)

    def _text(self, values: dict[str, Any], field: str, sealed: bytes) -> str | None:
        """Return what is sealed in a row; None where its key was lawfully destroyed."""
        place = f"{self._table.name}:{values['public_id']}:{field}"
        return self._open(self._owner(values), place, sealed)

    def _detail(self, values: dict[str, Any], body: bytes) -> str | None:
        resident = values["resident_id"]
        if resident is None:
            return body.decode()
        return self._open(resident, f"audit_detail:{values['event_id']}:body", body)

    def _open(self, owner: Owner | None, place: str, sealed: bytes) -> str | None:
        if owner is None:
            return None
        read = self._read
        try:
            return read.sealer.open(read.reader, owner, place, sealed)
        except KeyNotHeldError:
            if not read.sealer.may_open(sealed_in(sealed)[0]):
                raise
            return None  # its key was lawfully destroyed

    def _owner(self, values: dict[str, Any]) -> Owner | None:
        if self._table.name == "resident":
            return int(values["id"])
        if values.get("house_day_id") is not None:
            return OfHouseDay(int(values["house_day_id"]))
        for column, statement in _RESIDENT_OF.items():
            if values.get(column) is not None:
                found: int | None = self._read.reader.value(statement, key=values[column])
                return found
        if self._table.name == "incident":
            return OfIncident(values["id"])
        of_incident = values.get("incident_id")
        return None if of_incident is None else OfIncident(of_incident)

"""Who is here, who was found, and one resident's record: the questions about residents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment, moment_or_none
from shelter_desk.desk.rows import RowValues
from shelter_desk.desk.sealing import IDENTITY, resident_place
from shelter_desk.domain.ages import age_on
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.domain.people import folded, may_be_case_code
from shelter_desk.domain.record_classes import IDENTITY as IDENTITY_CLASS
from shelter_desk.domain.record_classes import LOCATION
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Row, Statement

_resident, _stay, _index = schema.resident, schema.stay, schema.resident_index
_bed, _due = schema.bed, schema.due_item

IMMEDIATE = "immediate"
SOMEONE_ADMITTED = "resident-admitted"
_SEARCH_LIMIT = 20


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One resident in the house. `born_is_guess` tells an age guess from a birth date."""

    resident_id: str
    stay_id: str
    called: str
    case_code: str
    began_at: datetime
    bed: str
    age: int | None
    born_is_guess: bool
    overdue: int
    open_items: int


class FoundLine(NamedTuple):
    """One resident found by name or case code. `stay_id` is the newest stay."""

    resident_id: str
    stay_id: str
    called: str
    case_code: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """What the head of a resident's page shows, and the answers given at intake.

    `legal_name` and `born_on` are None where the identity part is closed to the person asking.
    """

    resident_id: str
    stay_id: str
    version: int
    stay_version: int
    called: str
    case_code: str
    pronouns: str
    language: str
    good_to_know: str
    legal_name: str | None
    also_known: str
    born_on: date | None
    age: int | None
    born_is_guess: bool
    bed: str
    bed_id: str | None
    began_at: datetime
    ended_at: datetime | None
    planned_exit_at: datetime | None
    brought_by: str | None
    exit_type: str | None
    exit_destination: str | None


_SEEN = func.json_each(bindparam("seen_items")).table_valued("value")


def _open_items(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(_due.c.stay_id == _stay.c.id, *conditions).scalar_subquery()


def _roster_of(*seen: ColumnElement[bool]) -> Statement:
    late = _due.c.due_at < bindparam("now_ms")
    columns = (*_ROSTER_COLUMNS, _open_items(late, *seen), _open_items(*seen), _index.c.folded)
    return Statement(
        select(*columns)
        .join(_resident, _resident.c.id == _stay.c.resident_id)
        .join(_index, _index.c.resident_id == _resident.c.id)
        .join(_bed, _bed.c.id == _stay.c.bed_id, isouter=True)
        .where(_stay.c.ended_at.is_(None))
    )


_ROSTER_COLUMNS = (
    _resident.c.public_id,
    _stay.c.public_id,
    _index.c.called,
    _resident.c.case_code,
    _stay.c.began_at,
    _bed.c.name,
    _index.c.born_on,
    _index.c.born_is_guess,
)
_ROSTER = _roster_of()
_ROSTER_SEEN = _roster_of(_due.c.item_id.in_(select(_SEEN.c.value)))
_any_stay = _stay.alias("any_stay")
_NEWEST_STAY = (
    select(func.max(_any_stay.c.id))
    .where(_any_stay.c.resident_id == _index.c.resident_id)
    .correlate(_index)
    .scalar_subquery()
)
_FOUND_COLUMNS = (
    select(
        _resident.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _stay.c.ended_at,
    )
    .join(_resident, _resident.c.id == _index.c.resident_id)
    .join(_stay, _stay.c.id == _NEWEST_STAY)
)
_BY_NAME = Statement(
    _FOUND_COLUMNS.where(_index.c.folded >= bindparam("low"), _index.c.folded < bindparam("high"))
    .order_by(_index.c.folded)
    .limit(_SEARCH_LIMIT)
)
_BY_CODE = Statement(_FOUND_COLUMNS.where(_resident.c.case_code == bindparam("code")))
_SEALED = ("called", "pronouns", "language", "good_to_know", "legal_name", "born_on", "also_known")
_RECORD_COLUMNS: dict[str, ColumnElement[Any]] = {
    "key": _resident.c.id,
    "resident_id": _resident.c.public_id,
    "version": _resident.c.version,
    "case_code": _resident.c.case_code,
    **{name: _resident.c[f"{name}_sealed"] for name in _SEALED},
    "born": _index.c.born_on,
    "born_is_guess": _index.c.born_is_guess,
    "bed": _bed.c.name,
    "bed_id": _bed.c.public_id,
    **{
        f"stay_{name}": _stay.c[name]
        for name in ("version", "began_at", "ended_at", "planned_exit_at")
    },
    **{name: _stay.c[name] for name in ("brought_by", "exit_type", "exit_destination")},
}
_RECORD = Statement(
    select(*_RECORD_COLUMNS.values())
    .select_from(_stay)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .join(_bed, _bed.c.id == _stay.c.bed_id, isouter=True)
    .where(_stay.c.public_id == bindparam("stay_id"))
)


@asks(May.READ_RECORDS)
def roster(read: Read, *, now: datetime) -> tuple[RosterLine, ...]:
    """Return everyone in the house, by the name they like to be called.

    Counted are the items that the person asking would see.
    """
    today = now.astimezone(read.house.zone).date()
    if read.access.reads_all:
        rows = read.reader.rows(_ROSTER, now_ms=milliseconds(now))
    else:
        seen = read.access.seen_items
        rows = read.reader.rows(_ROSTER_SEEN, now_ms=milliseconds(now), seen_items=seen)
    # Sorted here: asked for the order, SQLite walks through the names of everybody ever admitted.
    rows.sort(key=itemgetter(-1))
    return tuple([_roster_line(row, today) for row in rows])


def _roster_line(row: Row, today: date) -> RosterLine:
    resident_id, stay_id, called, code, began, bed, born, guess, overdue, opened, _ = row
    return RosterLine(
        resident_id=resident_id,
        stay_id=stay_id,
        called=called,
        case_code=code,
        began_at=moment(began),
        bed=bed or "",
        age=None if born is None else age_on(today, born_on=date.fromisoformat(born)),
        born_is_guess=bool(guess),
        overdue=overdue,
        open_items=opened,
    )


@asks(May.READ_RECORDS)
def search(read: Read, *, text: str) -> tuple[FoundLine, ...]:
    """Return residents whose name begins with `text` (case and accents ignored) or by case code.

    At most 20, by name; an empty text finds nobody.
    """
    low = folded(text)
    if not low:
        return ()
    code, rows = text.strip().upper(), []
    if may_be_case_code(code):  # else only a name: one statement less for each key typed
        rows = read.reader.rows(_BY_CODE, code=code)
    rows += read.reader.rows(_BY_NAME, low=low, high=low + "\U0010ffff")
    return tuple(
        [
            FoundLine(resident_id, stay_id, called, code, ended is None)
            for resident_id, stay_id, called, code, ended in rows
        ]
    )


@asks(May.READ_RECORDS)
def record(read: Read, *, stay_id: str, now: datetime) -> ResidentRecord:
    """Return one resident's record for the page of one stay.

    Raises:
        NotFoundError: when there is no such stay.
    """
    row = read.reader.row(_RECORD, stay_id=stay_id)
    if row is None:
        raise NotFoundError
    stored = dict(zip(_RECORD_COLUMNS, row, strict=True))
    ended_at, born = moment_or_none(stored["stay_ended_at"]), stored["born"]
    day = (ended_at or now).astimezone(read.house.zone).date()
    legal_name, also_known, born_on = _identity(read, stored)
    return ResidentRecord(
        resident_id=stored["resident_id"],
        stay_id=stay_id,
        version=stored["version"],
        stay_version=stored["stay_version"],
        called=_open(read, stored, "called"),
        case_code=stored["case_code"],
        pronouns=_open(read, stored, "pronouns"),
        language=_open(read, stored, "language"),
        good_to_know=_open(read, stored, "good_to_know"),
        legal_name=legal_name,
        also_known=also_known,
        born_on=born_on,
        age=None if born is None else age_on(day, born_on=date.fromisoformat(born)),
        born_is_guess=bool(stored["born_is_guess"]),
        bed=stored["bed"] or "",
        bed_id=stored["bed_id"],
        began_at=moment(stored["stay_began_at"]),
        ended_at=ended_at,
        planned_exit_at=moment_or_none(stored["stay_planned_exit_at"]),
        brought_by=stored["brought_by"],
        exit_type=stored["exit_type"],
        exit_destination=_where_to(read, stored),
    )


def _open(read: Read, stored: RowValues, field: str) -> str:
    place = resident_place(stored["resident_id"], field)
    return read.sealer.open(read.reader, stored["key"], place, stored[field])


def _where_to(read: Read, stored: RowValues) -> str | None:
    return stored["exit_destination"] if read.access.may_open(LOCATION) else None


def _identity(read: Read, stored: RowValues) -> tuple[str | None, str, date | None]:
    if not (read.access.may_open(IDENTITY_CLASS) and read.sealer.may_open(IDENTITY)):
        return None, "", None
    born = _open(read, stored, "born_on")
    return (
        _open(read, stored, "legal_name"),
        _open(read, stored, "also_known"),
        date.fromisoformat(born) if born else None,
    )

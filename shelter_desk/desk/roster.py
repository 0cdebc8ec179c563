"""Who is here, who was found, and one resident's record: the questions about residents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import (
    Read,
    RowValues,
    asks,
    find,
    get,
    milliseconds,
    moment,
    moment_or_none,
)
from shelter_desk.desk.sealing import GENERAL, IDENTITY, resident_place
from shelter_desk.domain.ages import age_on
from shelter_desk.domain.people import (
    folded,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.keys.fields import Compartment
from shelter_desk.store.sql import Statement

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


@dataclass(frozen=True, slots=True)
class FoundLine:
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


_ROSTER = Statement(
    select(
        _resident.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _stay.c.began_at,
        _bed.c.name,
        _index.c.born_on,
        _index.c.born_is_guess,
        select(func.count())
        .where(_due.c.stay_id == _stay.c.id, _due.c.due_at < bindparam("now_ms"))
        .scalar_subquery(),
        select(func.count()).where(_due.c.stay_id == _stay.c.id).scalar_subquery(),
    )
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id)
    .join(_bed, _bed.c.id == _stay.c.bed_id, isouter=True)
    .where(_stay.c.ended_at.is_(None))
    .order_by(_index.c.folded)
)
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
_INDEX_OF = Statement(
    select(_index.c.born_on, _index.c.born_is_guess).where(
        _index.c.resident_id == bindparam("resident_id")
    )
)


@asks(May.READ_RECORDS)
def roster(read: Read, *, now: datetime) -> tuple[RosterLine, ...]:
    """Return everyone in the house, by the name they like to be called."""
    today = now.astimezone(read.house.zone).date()
    return tuple(
        RosterLine(
            resident_id=resident_id,
            stay_id=stay_id,
            called=called,
            case_code=code,
            began_at=moment(began),
            bed=bed or "",
            age=None if born is None else age_on(today, born_on=date.fromisoformat(born)),
            born_is_guess=bool(guess),
            overdue=overdue,
            open_items=open_items,
        )
        for resident_id, stay_id, called, code, began, bed, born, guess, overdue, open_items in (
            read.reader.rows(_ROSTER, now_ms=milliseconds(now))
        )
    )


@asks(May.READ_RECORDS)
def search(read: Read, *, text: str) -> tuple[FoundLine, ...]:
    """Return residents whose name begins with `text` (case and accents ignored) or by case code.

    At most 20, by name; an empty text finds nobody.
    """
    low = folded(text)
    if not low:
        return ()
    rows = read.reader.rows(_BY_CODE, code=text.strip().upper())
    rows += read.reader.rows(_BY_NAME, low=low, high=low + "\U0010ffff")
    return tuple(
        FoundLine(resident_id, stay_id, called, code, is_here=ended is None)
        for resident_id, stay_id, called, code, ended in rows
    )


@asks(May.READ_RECORDS)
def record(read: Read, *, stay_id: str, now: datetime) -> ResidentRecord:
    """Return one resident's record for the page of one stay.

    Raises:
        NotFoundError: when there is no such stay.
    """
    stay = find(read.reader, _stay, stay_id)
    resident = get(read.reader, _resident, stay["resident_id"])
    born, guess = read.reader.row(_INDEX_OF, resident_id=resident["id"]) or (None, 0)
    bed = get(read.reader, _bed, stay["bed_id"]) if stay["bed_id"] is not None else None
    identity = _identity(read, resident)
    day = (moment_or_none(stay["ended_at"]) or now).astimezone(read.house.zone).date()
    return ResidentRecord(
        resident_id=resident["public_id"],
        stay_id=stay_id,
        version=resident["version"],
        stay_version=stay["version"],
        called=_open(read, resident, "called"),
        case_code=resident["case_code"],
        pronouns=_open(read, resident, "pronouns"),
        language=_open(read, resident, "language"),
        good_to_know=_open(read, resident, "good_to_know"),
        legal_name=identity[0],
        born_on=identity[1],
        age=None if born is None else age_on(day, born_on=date.fromisoformat(born)),
        born_is_guess=bool(guess),
        bed=bed["name"] if bed else "",
        bed_id=bed["public_id"] if bed else None,
        began_at=moment(stay["began_at"]),
        ended_at=moment_or_none(stay["ended_at"]),
        planned_exit_at=moment_or_none(stay["planned_exit_at"]),
        brought_by=stay["brought_by"],
        exit_type=stay["exit_type"],
        exit_destination=stay["exit_destination"],
    )


def _open(read: Read, resident: RowValues, field: str, compartment: Compartment = GENERAL) -> str:
    return read.sealer.open(
        read.reader,
        resident["id"],
        resident_place(resident["public_id"], field),
        resident[f"{field}_sealed"],
        compartment,
    )


def _identity(read: Read, resident: RowValues) -> tuple[str | None, date | None]:
    readers = read.care_model.record_classes["identity"].readers
    allowed = bool(set(readers) & set(read.staff.roles))
    if not (allowed and read.sealer.may_open(IDENTITY)):
        return None, None
    born = _open(read, resident, "born_on", IDENTITY)
    return (
        _open(read, resident, "legal_name", IDENTITY),
        date.fromisoformat(born) if born else None,
    )

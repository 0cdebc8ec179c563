"""What the inspector's seat shows: its facts, its records by case code, the lines of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment, moment_or_none
from shelter_desk.desk.merge_rules import writings
from shelter_desk.desk.rows import RowValues, find, key_of
from shelter_desk.desk.seat_draws import SeatDraw, draw_of_seat, known_since
from shelter_desk.desk.upkeep import Upkeep
from shelter_desk.domain.content import ChecklistItem
from shelter_desk.domain.errors import DeskError, NotPermittedError
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import doubled_stay, record_merge
from shelter_desk.store.schema_removal import was_destroyed
from shelter_desk.store.schema_visit import seat as _seat
from shelter_desk.store.schema_visit import seat_stay as _seat_stay
from shelter_desk.store.sql import Statement

CLOSED = frozenset({"substance-use", "privileged", "mental-health", "location"})
"""Record classes nobody sees from the seat. Source: specification 7.3, default of LICENSOR."""

_stay, _resident, _answer = schema.stay, schema.resident, schema.item_answer
_due, _signature = schema.due_item, schema.item_signature
_STAYS = Statement(
    select(_stay.c.public_id, _resident.c.case_code, _stay.c.began_at, _stay.c.ended_at)
    .join(_seat_stay, _seat_stay.c.stay_id == _stay.c.id)
    .join(_seat, _seat.c.id == _seat_stay.c.seat_id)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .where(_seat.c.public_id == bindparam("seat_id"), ~was_destroyed(_stay.c.resident_id))
    .order_by(_resident.c.case_code)
)
_IS_SEATED = Statement(
    select(_seat_stay.c.id)
    .join(_stay, _stay.c.id == _seat_stay.c.stay_id)
    .where(_seat_stay.c.seat_id == bindparam("seat_id"), _stay.c.public_id == bindparam("stay_id"))
    .where(~was_destroyed(_stay.c.resident_id))
)
_JOINED_LATER = Statement(
    select(record_merge.c.id)
    .join(doubled_stay, doubled_stay.c.merge_id == record_merge.c.id)
    .where(or_(doubled_stay.c.stay_id == bindparam("stay_id"),
               doubled_stay.c.of_stay_id == bindparam("stay_id")))
    .where(record_merge.c.ended_at.is_(None), record_merge.c.merged_at > bindparam("since"))
)  # fmt: skip
_GIVEN = (
    select(func.count())
    .where(_signature.c.answer_id == _answer.c.id)
    .correlate(_answer)
    .scalar_subquery()
)
_ANSWERS = Statement(
    select(
        _answer.c.item_id,
        _answer.c.outcome,
        _answer.c.due_at,
        _answer.c.done_at,
        _answer.c.entered_at,
        _answer.c.role,
        _GIVEN,
    )
    .where(_answer.c.stay_id == bindparam("stay_id"), _answer.c.undone_at.is_(None))
    .order_by(_answer.c.done_at)
)
_OPEN = Statement(
    select(_due.c.item_id, _due.c.due_at)
    .where(_due.c.stay_id == bindparam("stay_id"), _due.c.state != "signature")
    .order_by(_due.c.due_at)
)


class SeatOverError(DeskError):
    """The time for looking is over."""


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Who looks, on what ground, until when, and at what: `draw` is None for a seat of before."""

    seat_id: str
    visitor: str
    authority: str
    opened_at: datetime
    until_at: datetime
    draw: SeatDraw | None


@dataclass(frozen=True, slots=True)
class SeatStay:
    """One record that may be looked at, by its case code: never by a name."""

    stay_id: str
    case_code: str
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One answer, or one open occurrence (then `done_at` is None and `outcome` "")."""

    service: str
    text: str
    due_at: datetime | None
    done_at: datetime | None
    entered_at: datetime | None
    outcome: str
    role: str
    signed: int
    needs_signatures: int


@asks(May.EXPORT)
def seat_facts(read: Read, *, seat_id: str, now: datetime) -> SeatFacts:
    """Return who looks and until when.

    Raises:
        SeatOverError: when the time is over, or the seat was closed.
    """
    row = open_seat(read.reader, seat_id, now)
    opened_at, until_at = moment(row["opened_at"]), moment(row["until_at"])
    draw = draw_of_seat(read.reader, row)
    return SeatFacts(seat_id, row["visitor"], row["authority"], opened_at, until_at, draw)


@asks(May.EXPORT)
def seat_stays(read: Read, *, seat_id: str, now: datetime) -> tuple[SeatStay, ...]:
    """Return the records of a seat, by case code; none that was destroyed since they were drawn.

    Raises:
        SeatOverError: when the time is over, or the seat was closed.
    """
    open_seat(read.reader, seat_id, now)
    return tuple(
        SeatStay(stay_id, case_code, moment(began_at), moment_or_none(ended_at))
        for stay_id, case_code, began_at, ended_at in read.reader.rows(_STAYS, seat_id=seat_id)
    )


@asks(May.EXPORT)
def seat_record(read: Read, *, seat_id: str, stay_id: str, now: datetime) -> tuple[SeatLine, ...]:
    """Return what was done and what is open in one record, without a name or a word of free text.

    Of two joined records, what was done in either, in the order it was done; of records that were
    joined since the list was fixed, the one that was drawn.

    Raises:
        SeatOverError: when the time is over, or the seat was closed.
        NotPermittedError: for a record that is not one of this seat, or was destroyed.
    """
    seat = open_seat(read.reader, seat_id, now)
    refuse_unseated(read.reader, seat, stay_id)
    keys = _seated(read.reader, seat, key_of(read.reader, _stay, stay_id))
    done = [line for key in keys for line in _answered(read, key)]
    return (*sorted(done, key=attrgetter("done_at")), *_still_open(read, keys[0]))


def _seated(reader: Reader, seat: RowValues, stay: int) -> tuple[int, ...]:
    # The dice drew this record, and not what was joined with it later.
    if reader.row(_JOINED_LATER, stay_id=stay, since=known_since(reader, seat)) is not None:
        return (stay,)
    return writings(reader, stay)


def _answered(read: Read, stay: int) -> Iterator[SeatLine]:
    for item_id, outcome, due_at, done_at, entered_at, role, signed in read.reader.rows(
        _ANSWERS, stay_id=stay
    ):
        item = _shown(read, item_id)
        if item is not None:
            yield SeatLine(
                service=read.care_model.services[item.service_id].name,
                text=item.text,
                due_at=moment_or_none(due_at),
                done_at=moment(done_at),
                entered_at=moment(entered_at),
                outcome=read.care_model.label("item-outcomes", outcome),
                role=_role(read, role),
                signed=signed,
                needs_signatures=item.signatures,
            )


def _still_open(read: Read, stay: int) -> Iterator[SeatLine]:
    """Yield what is open; of one who left also what was owed and never done."""
    items = [one for one in read.house.items_for_stays if _shown(read, one.id) is not None]
    left = Upkeep(read.reader, read.house).left_open(stay, items)
    never = sorted((due_at, item_id) for item_id, due_at, state in left if state != "signature")
    rows = ((row[0], int(row[1])) for row in read.reader.rows(_OPEN, stay_id=stay))
    for item_id, due_at in (*((item_id, due_at) for due_at, item_id in never), *rows):
        item = _shown(read, item_id)
        if item is not None:
            service, due = read.care_model.services[item.service_id].name, moment(due_at)
            role = _role(read, item.role)
            yield SeatLine(service, item.text, due, None, None, "", role, 0, item.signatures)


def _shown(read: Read, item_id: str) -> ChecklistItem | None:
    item = read.care_model.items.get(item_id)
    if item is None or item.record_class in CLOSED:
        return None
    return item if read.access.view(item_id) is View.OPEN else None


def _role(read: Read, role_id: str) -> str:
    role = read.care_model.roles.get(role_id)
    return role.name if role else ""


def open_seat(reader: Reader, seat_id: str, now: datetime) -> RowValues:
    """Return a seat whose time is not over.

    Raises:
        SeatOverError: when it is.
    """
    row = find(reader, _seat, seat_id)
    if row["closed_at"] is not None or row["until_at"] <= milliseconds(now):
        raise SeatOverError
    return row


def refuse_unseated(reader: Reader, seat: RowValues, stay_id: str) -> None:
    """Pass for a record of this seat.

    Raises:
        NotPermittedError: for any other.
    """
    if reader.value(_IS_SEATED, seat_id=seat["id"], stay_id=stay_id) is None:
        raise NotPermittedError

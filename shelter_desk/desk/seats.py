"""The inspector's seat: a few records on this screen, read-only, for a time, each look noted.

Whoever sits there has no keys and no account: they see through the desk of the director who opened
the seat, and `SeatedDesk` answers nothing but what a seat may see. Some record classes stay closed
whatever the director reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import (
    Area,
    Command,
    Question,
    Read,
    RowValues,
    Write,
    asks,
    find,
    milliseconds,
    moment,
    moment_or_none,
)
from shelter_desk.domain.content import ChecklistItem
from shelter_desk.domain.errors import DeskError, InvalidError, NotPermittedError, Problem
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.staff import May, StaffMember
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_visit import seat as _seat
from shelter_desk.store.schema_visit import seat_stay as _seat_stay
from shelter_desk.store.sql import Statement

MINUTES = (30, 60, 120, 240)
MOST_STAYS = 20
CLOSED = frozenset({"substance-use", "privileged", "mental-health", "location"})
"""Record classes nobody sees from the seat. Source: specification 7.3, default of LICENSOR."""
_MINUTE_MS = 60_000
_LONGEST = {"visitor": 80, "authority": 200}

_stay, _resident, _answer = schema.stay, schema.resident, schema.item_answer
_due, _signature = schema.due_item, schema.item_signature
_STAYS = Statement(
    select(_stay.c.public_id, _resident.c.case_code, _stay.c.began_at, _stay.c.ended_at)
    .join(_seat_stay, _seat_stay.c.stay_id == _stay.c.id)
    .join(_seat, _seat.c.id == _seat_stay.c.seat_id)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .where(_seat.c.public_id == bindparam("seat_id"))
    .order_by(_resident.c.case_code)
)
_IS_SEATED = Statement(
    select(_seat_stay.c.id)
    .join(_stay, _stay.c.id == _seat_stay.c.stay_id)
    .where(_seat_stay.c.seat_id == bindparam("seat_id"), _stay.c.public_id == bindparam("stay_id"))
)
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
    """Who looks, on what ground, and until when."""

    seat_id: str
    visitor: str
    authority: str
    opened_at: datetime
    until_at: datetime


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
    row = _open_seat(read.reader, seat_id, now)
    opened_at, until_at = moment(row["opened_at"]), moment(row["until_at"])
    return SeatFacts(seat_id, row["visitor"], row["authority"], opened_at, until_at)


@asks(May.EXPORT)
def seat_stays(read: Read, *, seat_id: str, now: datetime) -> tuple[SeatStay, ...]:
    """Return the records of a seat, by case code.

    Raises:
        SeatOverError: when the time is over, or the seat was closed.
    """
    _open_seat(read.reader, seat_id, now)
    return tuple(
        SeatStay(stay_id, case_code, moment(began_at), moment_or_none(ended_at))
        for stay_id, case_code, began_at, ended_at in read.reader.rows(_STAYS, seat_id=seat_id)
    )


@asks(May.EXPORT)
def seat_record(read: Read, *, seat_id: str, stay_id: str, now: datetime) -> tuple[SeatLine, ...]:
    """Return what was done and what is open in one record, without a name or a word of free text.

    Raises:
        SeatOverError: when the time is over, or the seat was closed.
        NotPermittedError: for a record that is not one of this seat.
    """
    _seated(read.reader, _open_seat(read.reader, seat_id, now), stay_id)
    stay = find(read.reader, _stay, stay_id)
    return (*_answered(read, stay["id"]), *_still_open(read, stay["id"]))


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
    for item_id, due_at in read.reader.rows(_OPEN, stay_id=stay):
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


@dataclass(frozen=True)
class OpenSeat(Command):
    """Let somebody from outside look at a few records, on this screen, for a time."""

    action: ClassVar[str] = "seat.open"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    visitor: str
    authority: str
    stays: tuple[str, ...]
    minutes: int

    def apply(self, write: Write) -> str:
        """Insert the seat and its records."""
        stays = [find(write.writer, _stay, stay_id) for stay_id in dict.fromkeys(self.stays)]
        self._check()
        public_id = write.new_public_id()
        seat_id = write.add(
            _seat,
            public_id=public_id,
            visitor=self.visitor.strip(),
            authority=self.authority.strip(),
            opened_at=write.now_ms,
            until_at=write.now_ms + self.minutes * _MINUTE_MS,
            staff_id=write.who.staff.id,
        )
        for stay in stays:
            write.add(_seat_stay, seat_id=seat_id, stay_id=stay["id"])
        write.reason = f"{len(stays)}:{self.minutes}"
        return public_id

    def _check(self) -> None:
        problems = [
            Problem(name, f"Write 1 to {most} characters.")
            for name, most in _LONGEST.items()
            if not 0 < len(getattr(self, name).strip()) <= most
        ]
        if not 0 < len(self.stays) <= MOST_STAYS:
            problems.append(Problem("stays", f"Choose 1 to {MOST_STAYS} records."))
        if self.minutes not in MINUTES:
            problems.append(Problem("minutes", "Choose for how long."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class LookFromSeat(Command):
    """Somebody at the seat opens a record: written down before anything of it is shown."""

    action: ClassVar[str] = "seat.look"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.AUDIT

    seat_id: str
    stay_id: str

    def apply(self, write: Write) -> str:
        """Change nothing; the event is the record, and stands in the resident's own trail."""
        seat = _open_seat(write.writer, self.seat_id, write.now)
        _seated(write.writer, seat, self.stay_id)
        write.reason = self.seat_id
        return self.stay_id


@dataclass(frozen=True)
class CloseSeat(Command):
    """The looking is over."""

    action: ClassVar[str] = "seat.close"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    seat_id: str

    def apply(self, write: Write) -> str:
        """Close it; once is enough."""
        row = find(write.writer, _seat, self.seat_id)
        if row["closed_at"] is None:
            write.change(_seat, row, closed_at=write.now_ms)
        return self.seat_id


class SeatedDesk:
    """The desk as the seat sees it: what is about this one seat, and nothing else."""

    alarm = None
    keyring_sentence = ""

    def __init__(self, desk: Any, seat_id: str) -> None:  # noqa: ANN401 - any open desk
        self._desk, self._seat_id = desk, seat_id

    @property
    def staff(self) -> StaffMember:
        """Return the person who opened the seat."""
        found: StaffMember = self._desk.staff
        return found

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        found: datetime = self._desk.now()
        return found

    def do(self, command: Command, /) -> Any:  # noqa: ANN401 - as any desk
        """Carry out a look at a record of this seat, or close it.

        Raises:
            NotPermittedError: for everything else.
        """
        if not isinstance(command, (LookFromSeat, CloseSeat)) or command.seat_id != self._seat_id:
            raise NotPermittedError
        return self._desk.do(command)

    def do_together(self, commands: Any, /) -> Any:  # noqa: ANN401 - as any desk
        """Refuse: nothing is done together from the seat.

        Raises:
            NotPermittedError: always.
        """
        raise NotPermittedError

    def ask(self, question: Question[..., Any], /, *args: Any, **values: Any) -> Any:  # noqa: ANN401 - as any desk
        """Answer what is asked about this seat.

        Raises:
            NotPermittedError: for everything else.
        """
        if question not in _ANSWERED or args or values.get("seat_id") != self._seat_id:
            raise NotPermittedError
        return self._desk.ask(question, **values)


_ANSWERED = (seat_facts, seat_stays, seat_record)


def _open_seat(reader: Reader, seat_id: str, now: datetime) -> RowValues:
    row = find(reader, _seat, seat_id)
    if row["closed_at"] is not None or row["until_at"] <= milliseconds(now):
        raise SeatOverError
    return row


def _seated(reader: Reader, seat: RowValues, stay_id: str) -> None:
    if reader.value(_IS_SEATED, seat_id=seat["id"], stay_id=stay_id) is None:
        raise NotPermittedError

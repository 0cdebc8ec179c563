"""Appointments and court dates, as acts: plan, change, move, and what came of them.

Some kinds are events of the care model (a court date, a trip to a clinic, an outing): such an
appointment carries a stay event, and what must be done before and after falls due with it. Moving
the appointment moves the event; cancelling it takes the event back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shelter_desk.desk.appointments import CANCELLED, COURT, KEPT, MISSED, PLANNED
from shelter_desk.desk.base import Area, Command, Write, milliseconds, moment, moment_or_none
from shelter_desk.desk.going import Going, going_of
from shelter_desk.desk.happenings import about_stay
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.missing_rows import happened, refuse, unknown
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.set_back import is_before
from shelter_desk.desk.starting import put_back_event, take_back_event
from shelter_desk.desk.upkeep import refresh_started
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import appointment, appointment_change

MINUTES = range(5, 14 * 24 * 60 + 1)
_TOUCHES = Area.CALENDAR | Area.CARE | Area.DUE
_NOT_SETTLED = Going()
_stay, _event, _staff = schema.stay, schema.stay_event, schema.staff


@dataclass(frozen=True)
class PlanAppointment(Command):
    """Write down an appointment. One of a kind that is an event opens what that event asks for."""

    action: ClassVar[str] = "appointment.plan"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = _TOUCHES

    stay_id: str
    kind: str
    starts_at: datetime
    minutes: int = 60
    going: Going = _NOT_SETTLED

    def apply(self, write: Write) -> str:
        """Insert the appointment, its first line of history, and its event."""
        stay = stay_that_goes_on(write, self.stay_id)
        write.about(stay["resident_id"])
        self._check(write, stay)
        public_id, at = write.new_public_id(), milliseconds(self.starts_at)
        code = trigger_of(write, self.kind)
        row_id = write.add(
            appointment,
            public_id=public_id,
            stay_id=stay["id"],
            kind=self.kind,
            starts_at=at,
            minutes=self.minutes,
            start_key=happened(write, stay["id"], code, at) if code else None,
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
            **self.going.values(write, public_id),
        )
        _note(write, {"id": row_id, "starts_at": at, "minutes": self.minutes}, PLANNED)
        write.reason = self.kind
        write.undo = SettleAppointment(public_id, CANCELLED, "not-needed")
        return public_id

    def _check(self, write: Write, stay: RowValues) -> None:
        problems = unknown(write, "appointment-kinds", "kind", (self.kind,))
        problems += self.going.problems(write)
        problems += _time_problems(write, stay, self.starts_at, self.minutes)
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class ChangeAppointment(Command):
    """Settle or change where it is, who goes along, how they get there, and how long it takes."""

    action: ClassVar[str] = "appointment.change"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CALENDAR

    appointment_id: str
    version: int
    minutes: int
    going: Going

    def apply(self, write: Write) -> str:
        """Change the row, and append to its history."""
        row = _planned(write, self.appointment_id)
        row["version"] = self.version
        stay = get(write.writer, _stay, row["stay_id"])
        problems = self.going.problems(write)
        problems += _time_problems(write, stay, moment(row["starts_at"]), self.minutes)
        if problems:
            raise InvalidError(tuple(problems))
        before, minutes = going_of(write, row), row["minutes"]
        values = self.going.values(write, self.appointment_id, row)
        write.change(appointment, row, minutes=self.minutes, **values)
        _note(write, row, "changed")
        write.undo = ChangeAppointment(self.appointment_id, row["version"], minutes, before)
        return self.appointment_id


@dataclass(frozen=True)
class MoveAppointment(Command):
    """It is at another time: whatever falls due before and after it moves too."""

    action: ClassVar[str] = "appointment.move"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = _TOUCHES

    appointment_id: str
    starts_at: datetime
    known_at: datetime | None = None
    """Since when it is known to be then; None for now. Taking a move back says it."""

    def apply(self, write: Write) -> str:
        """Change the time and the event, and append to the history."""
        row = _planned(write, self.appointment_id)
        before, at = row["starts_at"], milliseconds(self.starts_at)
        problems = _time_problems(
            write, get(write.writer, _stay, row["stay_id"]), self.starts_at, row["minutes"]
        )
        if problems:
            raise InvalidError(tuple(problems))
        if at == before:
            refuse("starts_at", "It is planned for this time already.")
        write.change(appointment, row, starts_at=at)
        event, known_before = _event_of(write, row), None
        if event is not None:
            known_before = moment_or_none(event["known_at"])
            known_at = milliseconds(self.known_at or write.now)
            write.change(_event, event, occurred_at=at, known_at=known_at)
            refresh_started(write, row["stay_id"], event["code"])
        _note(write, row, "moved")
        write.undo = MoveAppointment(self.appointment_id, moment(before), known_before)
        return self.appointment_id


@dataclass(frozen=True)
class SettleAppointment(Command):
    """Write down what came of it: kept, missed or cancelled, the last two with a reason.

    What follows an appointment that did not take place is no longer due; but a court date that
    was missed was held all the same, and somebody must find out what was decided.
    """

    action: ClassVar[str] = "appointment.settle"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = _TOUCHES

    appointment_id: str
    state: str
    reason: str | None = None

    def apply(self, write: Write) -> str:
        """Change the state, and append to the history."""
        row = _planned(write, self.appointment_id)
        self._check(write, row)
        reason = None if self.state == KEPT else self.reason
        write.change(appointment, row, state=self.state, reason=reason)
        event = _event_of(write, row)
        is_off = self.state == CANCELLED or (self.state == MISSED and row["kind"] != COURT)
        if event is not None and is_off:
            take_back_event(write, event)
        _note(write, row, self.state)
        write.reason = self.state
        write.undo = OpenAppointment(self.appointment_id)
        return self.appointment_id

    def _check(self, write: Write, row: RowValues) -> None:
        problems = []
        if self.state not in (KEPT, MISSED, CANCELLED):
            problems.append(Problem("state", "Choose kept, missed or cancelled."))
        elif self.state != KEPT:
            problems += unknown(write, "appointment-reasons", "reason", (self.reason or "",))
        if self.state in (KEPT, MISSED) and row["starts_at"] > write.now_ms:
            problems.append(Problem("state", "This is still to come. It can be moved, though."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class OpenAppointment(Command):
    """Take back what came of an appointment: it is planned again, and so is what it asks for."""

    action: ClassVar[str] = "appointment.open"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = _TOUCHES

    appointment_id: str

    def apply(self, write: Write) -> str:
        """Change the state back, and append to the history."""
        row = find(write.writer, appointment, self.appointment_id)
        about_stay(write, row["stay_id"])
        if row["state"] == PLANNED:
            refuse("appointment_id", "This is planned already.")
        write.change(appointment, row, state=PLANNED, reason=None)
        event = _event_of(write, row)
        if event is not None and event["withdrawn_at"] is not None:
            put_back_event(write, event)
        _note(write, row, "opened")
        return self.appointment_id


# Shared by commands


def trigger_of(write: Write, kind: str) -> str | None:
    """Return the code of the event that an appointment of this kind is, if it is one."""
    for value in write.care_model.values("appointment-kinds"):
        if value.code == kind:
            found = value.extra.get("trigger")
            return str(found) if found else None
    return None


def _planned(write: Write, appointment_id: str) -> RowValues:
    row = find(write.writer, appointment, appointment_id)
    about_stay(write, row["stay_id"])
    if row["state"] != PLANNED:
        refuse("appointment_id", "This is closed. Take back what came of it first.")
    return row


def _time_problems(
    write: Write, stay: RowValues, starts_at: datetime, minutes: int
) -> list[Problem]:
    problems = []
    if is_before(write, milliseconds(starts_at), stay["began_at"]):
        problems.append(Problem("starts_at", "This is before the stay began."))
    if minutes not in MINUTES:
        problems.append(Problem("minutes", "Enter from 5 minutes to 14 days."))
    return problems


def _event_of(write: Write, row: RowValues) -> RowValues | None:
    return None if row["start_key"] is None else find(write.writer, _event, row["start_key"])


def _note(write: Write, row: RowValues, what: str) -> None:
    write.add(
        appointment_change,
        appointment_id=row["id"],
        what=what,
        starts_at=row["starts_at"],
        minutes=row["minutes"],
        reason=row.get("reason"),
        staff_id=write.who.staff.id,
        changed_at=write.now_ms,
    )

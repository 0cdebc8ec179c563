"""Appointments and court dates, as questions: the agenda, one resident's, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import bindparam, case, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment, moment_or_none
from shelter_desk.desk.listed import IS_HERE, line_maker
from shelter_desk.desk.merge_rules import also_written_as, second_writings
from shelter_desk.desk.rows import find, key_of
from shelter_desk.domain.record_classes import GENERAL, LOCATION
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import appointment, appointment_change
from shelter_desk.store.sql import Row, Statement, at_most

PLANNED, KEPT, MISSED, CANCELLED = "planned", "kept", "missed", "cancelled"
COURT = "court"
OTHER = "other"
"""The kind that tells nothing: shown to those who may not know of the real one."""
LEFT = "left"
NOT_SETTLED = "open"
"""The code of "not settled yet" in the lists of who goes along and of how they get there."""
LONGEST = timedelta(days=14)
_MINUTE_MS = 60_000
_stay, _index, _staff = schema.stay, schema.resident_index, schema.staff
_escort = _staff.alias("escort")


class AppointmentLine(NamedTuple):
    """One appointment. `place` is None where the person asking may not open it.

    `lacks` says what is not settled: "left" (they are in the house no longer, and it is planned
    still), "company", "transport". `clash` names who or what is needed twice at that time ("" when
    nobody is): the resident, or the member of staff who goes along. `left_at` is None for whoever
    is here, in another stay too. `starts_ms` in milliseconds since 1970 UTC.
    """

    appointment_id: str
    version: int
    stay_id: str
    called: str
    case_code: str
    kind: str
    kind_name: str
    starts_ms: int
    minutes: int
    place: str | None
    company: str
    company_name: str
    escort_id: str | None
    escort: str
    transport: str
    transport_name: str
    state: str
    reason: str
    clash: str = ""
    left_at: datetime | None = None

    @property
    def starts_at(self) -> datetime:
        """Return when it begins."""
        return moment(self.starts_ms)

    @property
    def ends_at(self) -> datetime:
        """Return when it is over."""
        return moment(self.ends_ms)

    @property
    def ends_ms(self) -> int:
        """Return when it is over, in milliseconds since 1970 UTC."""
        return self.starts_ms + self.minutes * _MINUTE_MS

    @property
    def is_court(self) -> bool:
        """Return whether this is a court date."""
        return self.kind == COURT

    @property
    def lacks(self) -> tuple[str, ...]:
        """Return what somebody still has to settle."""
        if self.state != PLANNED:
            return ()
        parts = (("company", self.company), ("transport", self.transport))
        open_parts = tuple(name for name, code in parts if code == NOT_SETTLED)
        is_after = self.left_at is not None and self.left_at <= self.starts_at
        return (LEFT, *open_parts) if is_after else open_parts


@dataclass(frozen=True, slots=True)
class AppointmentChange:
    """One line of an appointment's history: what was done, and when it was planned for then."""

    what: str
    starts_at: datetime
    minutes: int
    reason: str
    who: str
    changed_at: datetime


_COLUMNS = (
    select(
        appointment.c.public_id,
        appointment.c.version,
        _stay.c.public_id,
        _index.c.called,
        schema.resident.c.case_code,
        appointment.c.kind,
        appointment.c.starts_at,
        appointment.c.minutes,
        appointment.c.place_sealed,
        appointment.c.company,
        _escort.c.public_id,
        _escort.c.name,
        appointment.c.transport,
        appointment.c.state,
        appointment.c.reason,
        _stay.c.resident_id,
        case((~IS_HERE, _stay.c.ended_at)),
    )
    .join(_stay, _stay.c.id == appointment.c.stay_id)
    .join(schema.resident, schema.resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _stay.c.resident_id, isouter=True)
    .join(_escort, _escort.c.id == appointment.c.escort_id, isouter=True)
)
_BETWEEN = Statement(
    _COLUMNS.where(
        appointment.c.starts_at >= bindparam("earliest"),
        appointment.c.starts_at < bindparam("until"),
        appointment.c.starts_at + appointment.c.minutes * _MINUTE_MS > bindparam("since"),
    ).order_by(appointment.c.starts_at, appointment.c.id)
)
_OF_STAY = Statement(
    _COLUMNS.where(
        appointment.c.stay_id == bindparam("stay_id"),
        appointment.c.starts_at >= bindparam("since"),
    )
    .order_by(appointment.c.starts_at, appointment.c.id)
    .limit(at_most("most"))
)
_CHANGES = Statement(
    select(
        appointment_change.c.what,
        appointment_change.c.starts_at,
        appointment_change.c.minutes,
        appointment_change.c.reason,
        _staff.c.name,
        appointment_change.c.changed_at,
    )
    .join(_staff, _staff.c.id == appointment_change.c.staff_id)
    .where(appointment_change.c.appointment_id == bindparam("appointment_id"))
    .order_by(appointment_change.c.id.desc())
)


@asks(May.READ_RECORDS)
def agenda(read: Read, *, since: datetime, until: datetime) -> tuple[AppointmentLine, ...]:
    """Return every appointment that touches the time between two moments, earliest first."""
    return agenda_between(read, milliseconds(since), milliseconds(until))


def agenda_between(read: Read, since: int, until: int) -> tuple[AppointmentLine, ...]:
    """Return the agenda between two moments in milliseconds since 1970 UTC."""
    earliest = since - round(LONGEST.total_seconds() * 1000)
    rows = read.reader.rows(_BETWEEN, earliest=earliest, since=since, until=until)
    return with_clashes(_of_who_goes_on(read, [_line(read, row) for row in rows]))


def _of_who_goes_on(read: Read, lines: list[AppointmentLine]) -> list[AppointmentLine]:
    """Return the lines, those of a record that a join closed under who goes on."""
    if not lines:
        return lines
    goes_on = second_writings(read.reader, {line.stay_id for line in lines})
    if not goes_on:
        return lines
    return [
        line._replace(**goes_on[line.stay_id]._asdict()) if line.stay_id in goes_on else line
        for line in lines
    ]


@asks(May.READ_RECORDS)
def appointments_of(
    read: Read, *, stay_id: str, since: datetime, limit: int = 50
) -> tuple[AppointmentLine, ...]:
    """Return the appointments of one stay from a moment on, earliest first.

    Of a stay that was written down twice, those of the other writing are among them.
    """
    key, bounds = (
        key_of(read.reader, _stay, stay_id),
        {"since": milliseconds(since), "most": limit},
    )
    found = [
        _line(read, row)
        for one in (key, *also_written_as(read.reader, key))
        for row in read.reader.rows(_OF_STAY, stay_id=one, **bounds)
    ]
    nearest = sorted(found, key=attrgetter("starts_ms"))[:limit]
    return tuple(_of_who_goes_on(read, nearest))


@asks(May.READ_RECORDS)
def one_appointment(read: Read, *, appointment_id: str) -> AppointmentLine:
    """Return one appointment.

    Raises:
        NotFoundError: when there is none.
    """
    row = find(read.reader, appointment, appointment_id)
    ends = row["starts_at"] + row["minutes"] * _MINUTE_MS
    beside = agenda_between(read, row["starts_at"], ends)
    return next(line for line in beside if line.appointment_id == appointment_id)


@asks(May.READ_RECORDS)
def appointment_changes(read: Read, *, appointment_id: str) -> tuple[AppointmentChange, ...]:
    """Return what was done to an appointment, newest first. Nothing of it is ever overwritten."""
    key = key_of(read.reader, appointment, appointment_id)
    label = read.care_model.label
    return tuple(
        AppointmentChange(
            what,
            moment(starts_at),
            minutes,
            label("appointment-reasons", reason) if reason else "",
            who,
            moment(changed_at),
        )
        for what, starts_at, minutes, reason, who, changed_at in read.reader.rows(
            _CHANGES, appointment_id=key
        )
    )


def with_clashes(lines: Sequence[AppointmentLine]) -> tuple[AppointmentLine, ...]:
    """Return the lines, those at the same time as another of the same person marked."""
    planned = [line for line in lines if line.state == PLANNED]
    if len(planned) < 2:  # nobody is in two places in one appointment
        return tuple(lines)
    clashes = ((line, _clash(line, planned)) for line in lines)
    return tuple(line._replace(clash=clash) if clash else line for line, clash in clashes)


def _clash(line: AppointmentLine, planned: Sequence[AppointmentLine]) -> str:
    if line.state != PLANNED:
        return ""
    for other in planned:
        if other.starts_ms >= line.ends_ms or line.starts_ms >= other.ends_ms or other == line:
            continue
        if other.stay_id == line.stay_id:
            return line.called or line.case_code
        if line.escort_id is not None and other.escort_id == line.escort_id:
            return line.escort
    return ""


_new_line = line_maker(AppointmentLine)


def _line(read: Read, row: Row) -> AppointmentLine:
    public_id, version, stay_id, called, code, kind, starts, minutes, *rest = row
    place, company, escort_id, escort, transport, state, reason, resident, left = rest
    label = read.house.label
    is_mine = escort_id is not None and escort_id == read.staff.public_id
    if not (is_mine or read.access.may_know(read.house.appointment_classes.get(kind, GENERAL))):
        kind = OTHER
    where = _place(read, (public_id, resident, place), is_mine=is_mine)
    why = label("appointment-reasons", reason) if reason else ""
    # In the order of the fields, by tuples: by name it takes five times as long.
    about = (public_id, version, stay_id, called or code, code)
    planned = (kind, label("appointment-kinds", kind), starts, minutes, where)
    along = (company, label("appointment-company", company), escort_id, escort or "")
    way = (transport, label("appointment-transport", transport))
    return _new_line((*about, *planned, *along, *way, state, why, "", moment_or_none(left)))


def place_of(public_id: str) -> str:
    """Return what the place of an appointment is sealed for: it opens nowhere else."""
    return f"appointment:{public_id}:place"


def _place(read: Read, sealed: tuple[str, int, bytes | None], *, is_mine: bool) -> str | None:
    """Return where it is, to those who read the location class and to whoever goes along."""
    public_id, resident, place = sealed
    if place is None:
        return ""
    if not (is_mine or read.access.may_open(LOCATION)):
        return None
    return read.sealer.try_open(read.reader, resident, place_of(public_id), place)

"""Incidents for a reviewer with a legal ground: what was told to whom in time, never who it was.

What the reader's profile keeps closed stays out, and so does what the person who makes the pack
may not open themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, moment, moment_or_none
from shelter_desk.desk.debriefs import debrief_held
from shelter_desk.desk.evidence import bounds_of
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.record_classes import INVESTIGATION
from shelter_desk.domain.record_lines import IncidentDrawn, IncidentShown, day_of_stay
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.schema_missing import (
    incident,
    incident_person,
    incident_step,
    notice,
)
from shelter_desk.store.sql import Statement

_INCIDENTS = Statement(
    select(incident)
    .join(incident_person, incident_person.c.incident_id == incident.c.id)
    .where(incident_person.c.stay_id == bindparam("stay_id"))
    .where(incident.c.withdrawn_at.is_(None), incident_person.c.withdrawn_at.is_(None))
    .where(incident.c.found_at >= bindparam("since"), incident.c.found_at < bindparam("until"))
    .order_by(incident.c.found_at)
)
_NOTICES = Statement(
    select(notice.c.recipient, notice.c.due_at, notice.c.told_at, notice.c.reason).where(
        notice.c.incident_id == bindparam("incident_id")
    )
)
_HOW_MANY = Statement(
    select(func.count(func.distinct(person_stay.c.resident_id)))
    .select_from(incident_person)
    .join(person_stay, person_stay.c.id == incident_person.c.stay_id)
    .where(incident_person.c.incident_id == bindparam("incident_id"))
    .where(incident_person.c.withdrawn_at.is_(None))
)
_STEPS = Statement(
    select(incident_step.c.due_on, incident_step.c.done_at)
    .where(incident_step.c.incident_id == bindparam("incident_id"))
    .where(incident_step.c.due_on < bindparam("end"))
)
_MANY = 3


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch that is looked at, as stored, and what of it may be shown."""

    since: int
    until: int
    closed: frozenset[str]


def incidents_of(
    read: Read, stays: Collection[int], began_on: date, span: Span
) -> Iterator[IncidentShown]:
    """Yield the incidents of one stay, by when they were found; none where these are closed."""
    if INVESTIGATION in span.closed or not read.access.may_open(INVESTIGATION):
        return
    bounds = {"since": span.since, "until": span.until}
    found: dict[int, RowValues] = {}  # somebody may stand in one incident under both records
    for stay_id in stays:
        for values in read.reader.rows(_INCIDENTS, stay_id=stay_id, **bounds):
            row = dict(zip(incident.c.keys(), values, strict=True))
            found[row["id"]] = row
    for row in sorted(found.values(), key=itemgetter("found_at")):
        yield _incident(read, row, began_on, span)


def _incident(read: Read, row: RowValues, began_on: date | None, span: Span) -> IncidentShown:
    types = {value.code: value.label for value in read.care_model.values("incident-types")}
    at = moment(row["occurred_at"])
    local = at.astimezone(read.house.zone)
    shift = read.house.shifts.start_of(at).astimezone(read.house.zone)
    return IncidentShown(
        types=tuple(types.get(code, code) for code in row["types"].split()),
        quarter=Period.quarter_of(local.date()).id,
        day=day_of_stay(local.date(), began_on=began_on) if began_on else 0,
        shift=f"{shift:%H:%M}",
        told=tuple(_told(read, row["id"], span)),
        was_treated=bool(row["treated"]),
        debrief=debrief_held(read, row, span.until),
        is_filed=_was(row["filed_at"], span),
        is_closed=_was(row["closed_at"], span),
    )


@asks(May.EXPORT)
def incidents_drawn(
    read: Read, *, incidents: Collection[str], period: Period, now: datetime
) -> tuple[IncidentDrawn, ...]:
    """Return incidents as a reviewer may see them, in the order given.

    Raises:
        InvalidError: while the period is not over.
        NotPermittedError: whoever asks may not open investigations.
    """
    if not read.access.may_open(INVESTIGATION):
        raise NotPermittedError
    bounds = bounds_of(read, period, now)
    span = Span(bounds["since"], bounds["until"], frozenset())
    return tuple(_drawn(read, find(read.reader, incident, one), span) for one in incidents)


def _drawn(read: Read, row: RowValues, span: Span) -> IncidentDrawn:
    people = read.reader.value(_HOW_MANY, incident_id=row["id"])
    end = moment(span.until).astimezone(read.house.zone).date()
    timely = []
    for due_on, done_at in read.reader.rows(_STEPS, incident_id=row["id"], end=end.isoformat()):
        done = moment_or_none(done_at)
        by = done and done.astimezone(read.house.zone).date().isoformat()
        timely.append(by is not None and by <= due_on)
    shown = _incident(read, row, None, span)
    few = str(people) if people < _MANY else f"{_MANY} or more"
    return IncidentDrawn(shown, few, len(timely), sum(timely))


def _told(read: Read, incident_id: int, span: Span) -> Iterator[tuple[str, bool]]:
    for recipient, due_at, told_at, reason in read.reader.rows(_NOTICES, incident_id=incident_id):
        if due_at < span.until or told_at is not None or reason is not None:
            yield recipient, reason is not None or (told_at is not None and told_at <= due_at)


def _was(at: int | None, span: Span) -> bool:
    return at is not None and at < span.until

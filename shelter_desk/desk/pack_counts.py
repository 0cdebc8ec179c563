"""Counts of an audit pack beside those of care: incidents, what follows them, funder lines.

Each is a table of events with the residents behind it, and leaves through the safe-table gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import bindparam, case, func, or_, select

from shelter_desk.desk.base import Read, milliseconds, moment
from shelter_desk.desk.counting import Bounds, Counts
from shelter_desk.desk.funder_counts import units_provided
from shelter_desk.domain.durations import instant
from shelter_desk.domain.service_rules import LINES
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.schema_missing import incident, incident_person, incident_step, notice
from shelter_desk.store.sql import Statement

IN_TIME, LATE, OPEN = "in-time", "late", "open"

_stay = person_stay
_in_period = (incident.c.found_at >= bindparam("since"), incident.c.found_at < bindparam("until"))
# Read as the period left it: what was told later was open at its end, today and in ten years.
_told_in_time = or_(
    notice.c.told_at <= notice.c.due_at,
    notice.c.reason.is_not(None),
    (notice.c.due_at >= bindparam("until")),
)
_LATE_NOTICES = (
    select(notice.c.incident_id, func.sum(case((_told_in_time, 0), else_=1)).label("late"))
    .where(notice.c.incident_id.is_not(None))
    .group_by(notice.c.incident_id)
    .subquery()
)
_INCIDENTS = Statement(
    select(incident.c.types, _stay.c.resident_id, func.coalesce(_LATE_NOTICES.c.late, 0))
    .join(incident_person, incident_person.c.incident_id == incident.c.id)
    .join(_stay, _stay.c.id == incident_person.c.stay_id)
    .join(_LATE_NOTICES, _LATE_NOTICES.c.incident_id == incident.c.id, isouter=True)
    .where(
        *_in_period, incident.c.withdrawn_at.is_(None), incident_person.c.withdrawn_at.is_(None)
    )
)
_STEPS = Statement(
    select(incident_step.c.due_on, incident_step.c.done_at, _stay.c.resident_id)
    .join(incident, incident.c.id == incident_step.c.incident_id)
    .join(incident_person, incident_person.c.incident_id == incident.c.id)
    .join(_stay, _stay.c.id == incident_person.c.stay_id)
    .where(incident.c.withdrawn_at.is_(None), incident_person.c.withdrawn_at.is_(None))
    .where(incident_step.c.due_on >= bindparam("first"), incident_step.c.due_on < bindparam("end"))
)


def incidents(read: Read, bounds: Bounds) -> Counts:
    """Count the parts residents had in incidents, by the first type of each."""
    counts = Counts(
        {value.code: value.label for value in read.care_model.values("incident-types")}
    )
    for types, resident, late in read.reader.rows(_INCIDENTS, **bounds):
        first = types.split()[0]
        if first in counts.rows:
            counts.add(first, LATE if late else IN_TIME, resident, 1)
    return counts


def corrections(read: Read, bounds: Bounds) -> Counts:
    """Count steps that follow from incidents, with their day in the period."""
    counts, zone = Counts({"incident-steps": "Steps after incidents"}), read.house.zone
    first, end = (moment(bounds[name]).astimezone(zone).date() for name in ("since", "until"))
    days = {"first": first.isoformat(), "end": end.isoformat()}
    for due_on, done_at, resident in read.reader.rows(_STEPS, **days):
        over = datetime.combine(date.fromisoformat(due_on), datetime.min.time()) + timedelta(
            days=1
        )
        by = milliseconds(instant(over, zone).astimezone(UTC))
        column = OPEN if done_at is None or done_at >= bounds["until"] else LATE
        if done_at is not None and done_at < by:
            column = IN_TIME
        counts.add("incident-steps", column, resident, 1)
    return counts


def funder_lines(read: Read, bounds: Bounds) -> Counts:
    """Count times provided by the line of the funder's list."""
    rows: Mapping[str, str] = {
        value.code: f"{value.code} {value.label}" for value in read.care_model.values(LINES)
    }
    counts = Counts(rows)
    for line, resident, units in units_provided(read, bounds):
        counts.add(line, "all", resident, units)
    return counts

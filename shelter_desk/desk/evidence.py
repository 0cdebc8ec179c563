"""Evidence of staff work in a period: acts, disclosures, seals of the trail.

No resident stands behind these counts, so they are free. What rests on residents is in
`care_counts` and leaves through the safe-table engine alone.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.base import Read, asks, milliseconds
from shelter_desk.desk.counting import Bounds
from shelter_desk.desk.exported import export_counts
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.evidence import EvidenceTable
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_event, _seal, _release = schema.audit_event, schema.checkpoint, schema.summary_release

_STAFF_ACTIONS = (
    "staff.sign-in",
    "staff.failed-try",
    "staff.add",
    "staff.renew-keys",
    "resident.search",
    "shelter.change",
    "custody.begin",
    "custody.contents",
    "custody.agree",
    "custody.write",
    "custody.end",
    "summary.release",
    "audit.checkpoint",
    "audit.alarm-seen",
)

_STAFF_WORK = Statement(
    select(_event.c.action, func.count())
    .where(_event.c.at >= bindparam("since"), _event.c.at < bindparam("until"))
    .where(or_(*(_event.c.action == action for action in _STAFF_ACTIONS)))
    .group_by(_event.c.action)
)
_SUMMARIES = Statement(
    select(_release.c.audience, func.count())
    .where(_release.c.made_at >= bindparam("since"), _release.c.made_at < bindparam("until"))
    .where(_release.c.withdrawn_at.is_(None))
    .group_by(_release.c.audience)
)
_SEALS = Statement(
    select(_event.c.at, _seal.c.purpose, _seal.c.size, _seal.c.root)
    .join(_event, _event.c.id == _seal.c.event_id)
    .where(_event.c.at >= bindparam("since"), _event.c.at < bindparam("until"))
    .order_by(_seal.c.id)
)


@asks(May.EXPORT)
def about_staff_work(read: Read, *, period: Period, now: datetime) -> tuple[EvidenceTable, ...]:
    """Return the tables that rest on no resident: staff acts, disclosures, seals of the trail.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = bounds_of(read, period, now)
    return (_staff_work(read, bounds), _disclosures(read, bounds), _trail_seals(read, bounds))


@asks(May.EXPORT)
def is_over(read: Read, *, period: Period, now: datetime) -> None:
    """Pass when a period is over.

    Raises:
        InvalidError: while it is not.
    """
    bounds_of(read, period, now)


def bounds_of(read: Read, period: Period, now: datetime) -> Bounds:
    """Return the instants a period begins and ends at, for the statements of evidence.

    Raises:
        InvalidError: while the period is not over.
    """
    return bounds_in(read.house.zone, period, now)


def bounds_in(zone: ZoneInfo, period: Period, now: datetime) -> Bounds:
    """Return the same on the calendar of a zone, for commands; raises as `bounds_of`."""
    since, until = period.instants(zone)
    if until > now:  # two packs of a period that still grows could be compared
        raise InvalidError((Problem("period", f"{period.label} is not over yet."),))
    return {"since": milliseconds(since), "until": milliseconds(until)}


def _staff_work(read: Read, bounds: Bounds) -> EvidenceTable:
    found = {row[0]: row[1] for row in read.reader.rows(_STAFF_WORK, **bounds)}
    return EvidenceTable(
        "staff-acts",
        "Acts of staff in the audit trail",
        ("Act", "Times"),
        tuple((WORDS[action], f"{found.get(action, 0):,}") for action in _STAFF_ACTIONS),
        "Counted from the audit trail; no resident stands behind these figures.",
    )


def _disclosures(read: Read, bounds: Bounds) -> EvidenceTable:
    rows = [
        (f"Export of a {named}", result, f"{count:,}")
        for (named, result), count in sorted(
            export_counts(read.reader, bounds["since"], bounds["until"]).items()
        )
    ]
    rows += [
        (f"Safe tables for a {audience} audience", "released", f"{count:,}")
        for audience, count in sorted(read.reader.rows(_SUMMARIES, **bounds))
    ]
    return EvidenceTable(
        "disclosures",
        "What left the building",
        ("Kind", "How it ended", "Times"),
        tuple(rows) or (("Exports and releases of every kind", "–", "0"),),
    )


def _trail_seals(read: Read, bounds: Bounds) -> EvidenceTable:
    rows = tuple(
        (purpose, f"{size:,}", short_form(size, bytes(root)))
        for _, purpose, size, root in read.reader.rows(_SEALS, **bounds)
    )
    return EvidenceTable(
        "seals",
        "Seals of the audit trail made in this period",
        ("Purpose", "Entries", "Short form"),
        rows or (("None in this period", "0", "–"),),
    )

"""Process evidence of a period: how care was run, as counts that point at nobody.

A count that rests on residents is shown only when at least five different residents stand behind
every figure of its table; otherwise only the totals, under the same rule, and otherwise nothing.
Hiding single cells would need the whole protection of a summary, because the others would give
them away. Counts of staff work (sign-ins, exports, seals) rest on nobody and are free.

House rounds and other items without a resident are left out of the tables about residents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select

from shelter_desk.desk.audit_log import WORDS
from shelter_desk.desk.base import Read, asks, milliseconds
from shelter_desk.desk.counts import dealt_with_in_time
from shelter_desk.desk.custody import export_counts
from shelter_desk.domain.audit import short_form
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.evidence import EvidenceTable
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

FEWEST_RESIDENTS = 5
LATE_AFTER_MS = 60 * 60 * 1000
"""Written down more than an hour after it was done is a late entry, as on the care page."""

_answer, _stay, _entry = schema.item_answer, schema.stay, schema.service_entry
_signature, _event, _detail = schema.item_signature, schema.audit_event, schema.audit_detail
_seal, _release = schema.checkpoint, schema.summary_release

_HIDDEN = "*"
_NOTE = (
    "* Not shown: fewer than five residents stand behind a figure of this table. "
    "Items of the house itself are not counted here."
)
_SEEN_ACTIONS = ("resident.view", "resident.correct", "item.undo", "service.withdraw")
_STAFF_ACTIONS = (
    "staff.sign-in",
    "staff.add",
    "staff.renew-keys",
    "resident.search",
    "shelter.change",
    "custody.begin",
    "custody.end",
    "summary.release",
    "audit.checkpoint",
    "audit.alarm-seen",
)

_in_period = (_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
_ANSWERS = Statement(
    select(
        _answer.c.item_id,
        _stay.c.resident_id,
        func.count(),
        func.sum(dealt_with_in_time),
    )
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(*_in_period, _answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .group_by(_answer.c.item_id, _stay.c.resident_id)
)  # fmt: skip
_BY_ROLE = Statement(
    select(_answer.c.role, _stay.c.resident_id, func.count())
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(*_in_period, _answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .group_by(_answer.c.role, _stay.c.resident_id)
)
_SIGNED = Statement(
    select(_signature.c.role, _stay.c.resident_id, func.count())
    .join(_answer, _answer.c.id == _signature.c.answer_id)
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(*_in_period, _answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .group_by(_signature.c.role, _stay.c.resident_id)
)
_late_answer = _answer.c.entered_at - _answer.c.done_at > LATE_AFTER_MS
_ANSWERS_LATE = Statement(
    select(_stay.c.resident_id, func.count(), func.sum(case((_late_answer, 1), else_=0)))
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(*_in_period, _answer.c.undone_at.is_(None))
    .group_by(_stay.c.resident_id)
)
_late_entry = _entry.c.entered_at - _entry.c.given_at > LATE_AFTER_MS
_ENTRIES_LATE = Statement(
    select(_stay.c.resident_id, func.count(), func.sum(case((_late_entry, 1), else_=0)))
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .where(_entry.c.given_at >= bindparam("since"), _entry.c.given_at < bindparam("until"))
    .where(_entry.c.withdrawn_at.is_(None))
    .group_by(_stay.c.resident_id)
)
_resident_of_event = func.coalesce(_detail.c.resident_id, _stay.c.resident_id)
_SEEN = Statement(
    select(_event.c.action, _resident_of_event, func.count())
    .join(_detail, _detail.c.event_id == _event.c.id, isouter=True)
    .join(_stay, _stay.c.public_id == _event.c.object, isouter=True)
    .where(_event.c.at >= bindparam("since"), _event.c.at < bindparam("until"))
    .where(
        or_(*(_event.c.action == action for action in _SEEN_ACTIONS)),
        _resident_of_event.is_not(None),
    )
    .group_by(_event.c.action, _resident_of_event)
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
    .group_by(_release.c.audience)
)
_SEALS = Statement(
    select(_event.c.at, _seal.c.purpose, _seal.c.size, _seal.c.root)
    .join(_event, _event.c.id == _seal.c.event_id)
    .where(_event.c.at >= bindparam("since"), _event.c.at < bindparam("until"))
    .order_by(_seal.c.id)
)

Bounds = Mapping[str, int]


@dataclass
class _Counts:
    """A table on its way: (row, column) -> resident -> count."""

    rows: Mapping[str, str]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    def add(self, row: str, column: str, resident: int, count: int) -> None:
        """Add what one resident contributes to a figure."""
        if count:
            cell = self.cells.setdefault((row, column), {})
            cell[resident] = cell.get(resident, 0) + count

    def totals(self) -> dict[str, dict[int, int]]:
        """Return column -> resident -> count, over all rows."""
        found: dict[str, dict[int, int]] = {column: {} for column in self.columns}
        for (_, column), cell in self.cells.items():
            for resident, count in cell.items():
                found[column][resident] = found[column].get(resident, 0) + count
        return found

    def level(self) -> int:
        """Return what may be shown: 2 every row, 1 the totals alone, 0 nothing."""
        if not _enough(self.totals().values()):
            return 0
        return 2 if _enough(self.cells.values()) else 1

    def shown(self, level: int) -> tuple[tuple[str, ...], ...]:
        """Return the rows of a level, the totals last."""
        if level == 0:
            return (("All", *(_HIDDEN for _ in self.columns)),)
        totals = self.totals()
        last = ("All", *(_figure(totals[column]) for column in self.columns))
        used = {row for row, _ in self.cells} if level == 2 else set()
        body = (
            (label, *(_figure(self.cells.get((code, column), {})) for column in self.columns))
            for code, label in self.rows.items()
            if code in used
        )
        return (*body, last)


def _enough(cells: Iterable[Mapping[int, int]]) -> bool:
    return all(len(cell) >= FEWEST_RESIDENTS for cell in cells if cell)


def _figure(cell: Mapping[int, int]) -> str:
    return f"{sum(cell.values()):,}"


@asks(May.EXPORT)
def about_care(read: Read, *, period: Period, now: datetime) -> tuple[EvidenceTable, ...]:
    """Return the tables that rest on residents: items in time, signatures, late entries, access.

    A year shows no more than the least of its quarters, so that a year less three quarters does
    not give the fourth away. Never put these beside a safe summary of the same residents: the
    totals of the one could give away what the other withholds.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = _bounds(read, period, now)
    parts = [_bounds(read, quarter, now) for quarter in period.quarters]
    tables = []
    for table_id, title, first, count in _ABOUT_CARE:
        whole = count(read, bounds)
        level = min(whole.level(), *(count(read, part).level() for part in parts))
        rows = whole.shown(level)
        tables.append(EvidenceTable(table_id, title, (first, *whole.columns), rows, _NOTE))
    return tuple(tables)


@asks(May.EXPORT)
def about_staff_work(read: Read, *, period: Period, now: datetime) -> tuple[EvidenceTable, ...]:
    """Return the tables that rest on no resident: staff acts, disclosures, seals of the trail.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = _bounds(read, period, now)
    return (_staff_work(read, bounds), _disclosures(read, bounds), _trail_seals(read, bounds))


def _bounds(read: Read, period: Period, now: datetime) -> Bounds:
    since, until = period.instants(read.house.zone)
    if until > now:  # two packs of a period that still grows could be compared
        raise InvalidError((Problem("period", f"{period.label} is not over yet."),))
    return {"since": milliseconds(since), "until": milliseconds(until)}


def _completeness(read: Read, bounds: Bounds) -> _Counts:
    services = {one.id: one.name for one in read.care_model.services.values()}
    counts = _Counts(services, ("Answered", "In time", "Late"))
    for item_id, resident, count, in_time in read.reader.rows(_ANSWERS, **bounds):
        item = read.care_model.items.get(item_id)
        if item is not None:
            counts.add(item.service_id, "Answered", resident, count)
            counts.add(item.service_id, "In time", resident, in_time)
            counts.add(item.service_id, "Late", resident, count - in_time)
    return counts


def _signatures(read: Read, bounds: Bounds) -> _Counts:
    roles = {one.id: one.name for one in read.care_model.roles.values()}
    counts = _Counts(roles, ("Answered", "Second signatures"))
    for role, resident, count in read.reader.rows(_BY_ROLE, **bounds):
        counts.add(role, "Answered", resident, count)
    for role, resident, count in read.reader.rows(_SIGNED, **bounds):
        counts.add(role, "Second signatures", resident, count)
    return counts


def _late_entries(read: Read, bounds: Bounds) -> _Counts:
    kinds = {"answers": "Checklist answers", "entries": "Service entries"}
    counts = _Counts(kinds, ("Within an hour", "Later"))
    for kind, statement in (("answers", _ANSWERS_LATE), ("entries", _ENTRIES_LATE)):
        for resident, count, late in read.reader.rows(statement, **bounds):
            counts.add(kind, "Within an hour", resident, count - late)
            counts.add(kind, "Later", resident, late)
    return counts


def _access(read: Read, bounds: Bounds) -> _Counts:
    counts = _Counts({action: WORDS[action] for action in _SEEN_ACTIONS}, ("Times",))
    for action, resident, count in read.reader.rows(_SEEN, **bounds):
        counts.add(action, "Times", resident, count)
    return counts


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
        (f"Summary for a {audience} audience", "released", f"{count:,}")
        for audience, count in sorted(read.reader.rows(_SUMMARIES, **bounds))
    ]
    return EvidenceTable(
        "disclosures",
        "What left the building",
        ("Kind", "How it ended", "Times"),
        tuple(rows) or (("None in this period", "–", "0"),),
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


_ABOUT_CARE: tuple[tuple[str, str, str, Callable[[Read, Bounds], _Counts]], ...] = (
    ("completeness", "Checklist items answered, by service", "Service", _completeness),
    ("signatures", "Answers and signatures, by role", "Role", _signatures),
    ("late-entries", "Entries written down late", "Entries", _late_entries),
    ("access", "Records opened, and entries changed later", "Act", _access),
)

"""Counts of how care was run, with the residents behind them; they leave only as safe tables.

They are tables of events: items answered, signatures, entries written down late, records opened.
The engine shows their lines only where enough different residents are behind each, and the ledger
keeps them apart from summaries of the same period that count the same events otherwise.

House rounds and other items without a resident are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select

from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.counts import BY_SERVICE, NAMED_K, dealt_with_in_time
from shelter_desk.desk.evidence import Bounds, bounds_of
from shelter_desk.disclosure import (
    Label,
    ReleaseRequest,
    SafeRelease,
    SafeTable,
    Settings,
    TableRequest,
)
from shelter_desk.domain.evidence import EvidenceTable
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

LATE_AFTER_MS = 60 * 60 * 1000
"""Written down more than an hour after it was done is a late entry, as on the care page."""

_answer, _stay, _entry = schema.item_answer, schema.stay, schema.service_entry
_signature, _event, _detail = schema.item_signature, schema.audit_event, schema.audit_detail

_HIDDEN = "*"
_NOTE = (
    "* Not shown, to protect residents: too few stand behind a figure of this table, or other "
    "counts of the period that are out could be set against it. "
    "Items of the house itself are not counted here."
)
_LEFT_OUT = "* Not shown, to protect residents: releases of the same year could be set against it."
_SEEN_ACTIONS = ("resident.view", "resident.correct", "item.undo", "service.withdraw")

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


@dataclass
class _Counts:
    """A table on its way: (row, column) -> resident -> count. Rows and columns: code -> words."""

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    cells: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    def add(self, row: str, column: str, resident: int, count: int) -> None:
        """Add what one resident contributes to a figure."""
        if count:
            cell = self.cells.setdefault((row, column), {})
            cell[resident] = cell.get(resident, 0) + count

    def together(self, columns: tuple[str, ...]) -> dict[int, int]:
        """Return resident -> count over all rows of some columns."""
        found: dict[int, int] = {}
        for (_, column), cell in self.cells.items():
            for resident, count in cell.items() if column in columns else ():
                found[resident] = found.get(resident, 0) + count
        return found

    def grid(self, of: Callable[[dict[int, int]], int]) -> tuple[tuple[int, ...], ...]:
        """Return one number per row and column."""
        return tuple(
            tuple(of(self.cells.get((row, column), {})) for column in self.columns)
            for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """One table: its heading, the words over rows and row totals, and what fills it."""

    title: str
    first: str
    every: str
    counted: str
    fill: Callable[[Read, Bounds], _Counts]
    along: tuple[str, str] = ("", "")


@asks(May.EXPORT)
def care_request(read: Read, *, period: Period, now: datetime) -> ReleaseRequest:
    """Return the tables of a period with their true counts, for the safe-table engine only.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = bounds_of(read, period, now)
    filled = {table_id: kind.fill(read, bounds) for table_id, kind in _KINDS.items()}
    everyone: set[int] = set()
    for counts in filled.values():
        everyone.update(*counts.cells.values())
    return ReleaseRequest(
        title="Process evidence",
        period=period.id,
        audience="named",
        population=len(everyone),
        tables=tuple(_table(table_id, counts) for table_id, counts in filled.items()),
        settings=Settings(k=NAMED_K),
    )


def care_tables(release: SafeRelease) -> tuple[EvidenceTable, ...]:
    """Lay out the safe tables of a `care_request` for a pack; the totals stand last."""
    safe = {table.id: table for table in release.tables}
    return tuple(_shown(table_id, kind, safe.get(table_id)) for table_id, kind in _KINDS.items())


def _table(table_id: str, counts: _Counts) -> TableRequest:
    kind, columns = _KINDS[table_id], tuple(counts.columns)
    whole = counts.together(columns)
    by_column = [counts.together((column,)) for column in columns]
    return TableRequest(
        id=table_id,
        title=kind.title,
        counted=kind.counted,
        rows=tuple(Label(code, words) for code, words in counts.rows.items()),
        columns=tuple(Label(code, words) for code, words in counts.columns.items()),
        cells=counts.grid(lambda cell: sum(cell.values())),
        contributors=counts.grid(len),
        largest=counts.grid(lambda cell: max(cell.values(), default=0)),
        all_contributors=len(whole),
        all_largest=max(whole.values(), default=0),
        column_contributors=tuple(map(len, by_column)),
        column_largest=tuple(max(cell.values(), default=0) for cell in by_column),
        along=kind.along,
    )


def _shown(table_id: str, kind: _Kind, safe: SafeTable | None) -> EvidenceTable:
    if safe is None:
        rows = (("All", _HIDDEN),)
        return EvidenceTable(table_id, kind.title, (kind.first, kind.every), rows, _LEFT_OUT)
    names = [column.label for column in safe.columns]
    columns = (kind.first, *([kind.every] if safe.row_totals else []), *names)
    lines = zip(safe.rows, safe.row_totals or [None] * len(safe.rows), safe.cells, strict=True)
    body = [
        (row.label, *([_figure(total)] if safe.row_totals else []), *map(_figure, cells))
        for row, total, cells in lines
    ]
    last = ("All", _figure(safe.total), *map(_figure, safe.column_totals or ()))
    has_lines = any(figure != _HIDDEN for row in body for figure in row[1:])
    # The standard list is printed whole: which lines are zero everywhere is no secret.
    return EvidenceTable(
        table_id, kind.title, columns, (*(body if has_lines else ()), last), _NOTE
    )


def _figure(value: int | None) -> str:
    return _HIDDEN if value is None else f"{value:,}"


def _completeness(read: Read, bounds: Bounds) -> _Counts:
    services = {one.id: one.name for one in read.care_model.services.values()}
    counts = _Counts(services, {"in-time": "In time", "late": "Late"})
    for item_id, resident, count, in_time in read.reader.rows(_ANSWERS, **bounds):
        item = read.care_model.items.get(item_id)
        if item is not None:
            counts.add(item.service_id, "in-time", resident, in_time)
            counts.add(item.service_id, "late", resident, count - in_time)
    return counts


def _by_role(read: Read, statement: Statement, bounds: Bounds, column: str) -> _Counts:
    roles = {one.id: one.name for one in read.care_model.roles.values()}
    counts = _Counts(roles, {"all": column})
    for role, resident, count in read.reader.rows(statement, **bounds):
        counts.add(role, "all", resident, count)
    return counts


def _answers(read: Read, bounds: Bounds) -> _Counts:
    return _by_role(read, _BY_ROLE, bounds, "Answered")


def _signatures(read: Read, bounds: Bounds) -> _Counts:
    return _by_role(read, _SIGNED, bounds, "Second signatures")


def _late_entries(read: Read, bounds: Bounds) -> _Counts:
    kinds = {"answers": "Checklist answers", "entries": "Service entries"}
    counts = _Counts(kinds, {"within-an-hour": "Within an hour", "later": "Later"})
    for kind, statement in (("answers", _ANSWERS_LATE), ("entries", _ENTRIES_LATE)):
        for resident, count, late in read.reader.rows(statement, **bounds):
            counts.add(kind, "within-an-hour", resident, count - late)
            counts.add(kind, "later", resident, late)
    return counts


def _access(read: Read, bounds: Bounds) -> _Counts:
    counts = _Counts({action: WORDS[action] for action in _SEEN_ACTIONS}, {"all": "Times"})
    for action, resident, count in read.reader.rows(_SEEN, **bounds):
        counts.add(action, "all", resident, count)
    return counts


_KINDS: Mapping[str, _Kind] = {
    "completeness": _Kind(
        "Checklist items answered, by service", "Service", "Answered", "items", _completeness,
        BY_SERVICE,
    ),
    "answers": _Kind("Items answered, by role", "Role", "Answered", "items", _answers),
    "signatures": _Kind(
        "Second signatures, by role", "Role", "Second signatures", "items", _signatures
    ),
    "late-entries": _Kind(
        "Entries written down late", "Entries", "Written down", "entries", _late_entries
    ),
    "access": _Kind(
        "Records opened, and entries changed later", "Act", "Times", "entries", _access
    ),
}  # fmt: skip

"""Counts of how care was run, with the residents behind them; they leave only as safe tables.

They are tables of events: items answered, signatures, entries written down late, records opened.
The engine shows their lines only where enough different residents are behind each, and the ledger
keeps them apart from summaries of the same period that count the same events otherwise.

House rounds and other items without a resident are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select

from shelter_desk.desk import pack_counts
from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.care_facts import CareAsked, CareFacts, kept_care
from shelter_desk.desk.counting import TIMELY, Bounds, Counts, Kind, Shape, table_of
from shelter_desk.desk.counts import BY_SERVICE, NAMED_K, dealt_with_in_time
from shelter_desk.desk.evidence import bounds_of
from shelter_desk.desk.item_groups import GROUPS, by_group, laid_out, stands_first
from shelter_desk.desk.signature_counts import REMAINDERS, remainders, total_fits
from shelter_desk.disclosure import ReleaseRequest, SafeRelease, SafeTable, Settings
from shelter_desk.domain.evidence import EvidenceTable
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_of, person_stay
from shelter_desk.store.sql import Statement

LATE_AFTER_MS = 60 * 60 * 1000
"""Written down more than an hour after it was done is a late entry, as on the care page."""

_answer, _stay, _entry = schema.item_answer, person_stay, schema.service_entry
_signature, _event, _detail = schema.item_signature, schema.audit_event, schema.audit_detail

HIDDEN, ALL = "*", "All"
"""What stands for a withheld figure, and over a total."""
_NOTE = (
    "* Not shown, to protect residents: too few stand behind a figure of this table, or other "
    "counts of the period that are out could be set against it. "
    "Items of the house itself are not counted here."
)
_LEFT_OUT = "* Not shown, to protect residents: releases of the same year could be set against it."
_SEEN_ACTIONS = ("resident.view", "resident.correct", "item.undo", "service.withdraw")

# Some services are open to one or two roles only. Beside the answers of these roles, those of such
# a service would tell how many they gave elsewhere, exactly, be it by one resident alone.
# So with who signed: each signature is of one of these answers.
BY_ROLE, BY_SIGNER = ("answers", "role"), ("answers", "signer")
_BY_WHOM = 2  # the last tables, whose lines tell the least: they give way to every other division

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
_BEDS = Statement(select(func.count()).where(schema.bed.c.is_active == 1))
_resident_of_event = func.coalesce(person_of(_detail.c.resident_id), _stay.c.resident_id)
_ROLES = Statement(select(schema.staff.c.public_id, schema.staff.c.roles))
_SEEN = Statement(
    select(_event.c.action, _event.c.actor, _resident_of_event, func.count())
    .join(_detail, _detail.c.event_id == _event.c.id, isouter=True)
    .join(_stay, _stay.c.public_id == _event.c.object, isouter=True)
    .where(_event.c.at >= bindparam("since"), _event.c.at < bindparam("until"))
    .where(
        or_(*(_event.c.action == action for action in _SEEN_ACTIONS)),
        _resident_of_event.is_not(None),
    )
    .group_by(_event.c.action, _event.c.actor, _resident_of_event)
)


@asks(May.EXPORT)
def care_request(
    read: Read,
    *,
    period: Period,
    now: datetime,
    groups: tuple[ItemGroup, ...] = (),
    files: Collection[str] | None = None,
) -> CareAsked:
    """Return the tables of a period with their true counts, for the safe-table engine only.

    Of a period that is out they are the counts kept with its first release. `groups` are all
    checklist items that stand for documents; those of `files` have lines (None: of all files).
    Without any, that table is left out. It stands first where its lines go before those of the
    services, and always before the roles.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = bounds_of(read, period, now)
    filled = {table_id: kind.fill(read, bounds) for table_id, kind in _KINDS.items()}
    filled[GROUPS] = by_group(read, bounds, groups)
    filled[REMAINDERS] = remainders(read, bounds, groups)
    facts = kept_care(read, period)
    if facts is None:
        facts = CareFacts(period, {name: counts.cells for name, counts in filled.items()})
    else:
        facts.fill(filled)
    left = filled.pop(REMAINDERS)
    made = (table_of(name, kind.shape, filled[name]) for name, kind in _KINDS.items())
    tables = [total_fits(one, left, NAMED_K) if one.along == BY_SIGNER else one for one in made]
    shown = tuple(one for one in groups if files is None or one.file in files)
    if shown:
        matters = laid_out(filled[GROUPS], shown, beds=int(read.reader.value(_BEDS) or 0))
        tables.insert(0 if stands_first(matters) else len(tables) - _BY_WHOM, matters)
    everyone: set[int] = set()
    for counts in filled.values():
        everyone.update(*counts.cells.values())
    request = ReleaseRequest(
        title="Process evidence",
        period=period.id,
        audience="named",
        population=len(everyone),
        tables=tuple(tables),
        settings=Settings(k=NAMED_K),
    )
    return CareAsked(request, facts)


def care_tables(release: SafeRelease | None) -> Mapping[str, EvidenceTable]:
    """Lay out the safe tables of a `care_request`: id -> table; the totals stand last.

    Of no release every figure is withheld, and the columns are the same.
    """
    safe = {table.id: table for table in release.tables} if release else {}
    return {
        table_id: _shown(table_id, kind.shape, safe.get(table_id))
        for table_id, kind in _KINDS.items()
    }


def _shown(table_id: str, shape: Shape, safe: SafeTable | None) -> EvidenceTable:
    if safe is None:
        rows = ((ALL, *[HIDDEN] * (len(shape.heads) - 1)),)
        return EvidenceTable(table_id, shape.title, shape.heads, rows, _LEFT_OUT)
    lines = zip(safe.rows, safe.row_totals or [None] * len(safe.rows), safe.cells, strict=True)
    body = [
        (row.label, *([_figure(total)] if safe.row_totals else []), *map(_figure, cells))
        for row, total, cells in lines
    ]
    last = (ALL, _figure(safe.total), *map(_figure, safe.column_totals or ()))
    has_lines = any(figure != HIDDEN for row in body for figure in row[1:])
    # The standard list is printed whole: which lines are zero everywhere is no secret.
    return EvidenceTable(
        table_id, shape.title, shape.heads, (*(body if has_lines else ()), last), _NOTE
    )


def _figure(value: int | None) -> str:
    return HIDDEN if value is None else f"{value:,}"


def _completeness(read: Read, bounds: Bounds) -> Counts:
    services = {one.id: one.name for one in read.care_model.services.values()}
    counts = Counts(services)
    for item_id, resident, count, in_time in read.reader.rows(_ANSWERS, **bounds):
        item = read.care_model.items.get(item_id)
        if item is not None:
            counts.add_timely(item.service_id, resident, count, in_time)
    return counts


def _by_role(read: Read, statement: Statement, bounds: Bounds) -> Counts:
    counts = Counts({one.id: one.name for one in read.care_model.roles.values()})
    for role, resident, count in read.reader.rows(statement, **bounds):
        counts.add(role, "all", resident, count)
    return counts


def _answers(read: Read, bounds: Bounds) -> Counts:
    return _by_role(read, _BY_ROLE, bounds)


def _signatures(read: Read, bounds: Bounds) -> Counts:
    return _by_role(read, _SIGNED, bounds)


def _late_entries(read: Read, bounds: Bounds) -> Counts:
    counts = Counts({"answers": "Checklist answers", "entries": "Service entries"})
    for kind, statement in (("answers", _ANSWERS_LATE), ("entries", _ENTRIES_LATE)):
        for resident, count, late in read.reader.rows(statement, **bounds):
            counts.add(kind, "within-an-hour", resident, count - late)
            counts.add(kind, "later", resident, late)
    return counts


def _access(read: Read, bounds: Bounds) -> Counts:
    """Count by the first role of who did it, as they hold it today: each act in one line."""
    counts = Counts({one.id: one.name for one in read.care_model.roles.values()})
    held = {person: roles.split() for person, roles in read.reader.rows(_ROLES)}
    for action, person, resident, count in read.reader.rows(_SEEN, **bounds):
        role = next(role for role in counts.rows if role in held[person])
        counts.add(role, action, resident, count)
    return counts


_KINDS: Mapping[str, Kind] = {
    "completeness": Kind(
        Shape(
            "Checklist items answered, by service", "Service", "Answered", "items", TIMELY,
            BY_SERVICE,
        ),
        _completeness,
    ),
    "late-entries": Kind(
        Shape(
            "Entries written down late", "Entries", "Written down", "entries",
            {"within-an-hour": "Within an hour", "later": "Later"},
        ),
        _late_entries,
    ),
    "access": Kind(
        Shape(
            "Records opened, and entries changed later, by role", "Role", "All acts", "entries",
            {action: WORDS[action] for action in _SEEN_ACTIONS},
        ),
        _access,
    ),
    "incidents": Kind(
        Shape(
            "Incidents, by type", "Type", "Parts", "entries",
            {pack_counts.IN_TIME: "All told in time", pack_counts.LATE: "A notice late or open"},
        ),
        pack_counts.incidents,
    ),
    "corrections": Kind(
        Shape(
            "What follows from incidents", "What", "Steps", "entries",
            {
                pack_counts.IN_TIME: "Done in time", pack_counts.LATE: "Done late",
                pack_counts.OPEN: "Open",
            },
        ),
        pack_counts.corrections,
    ),
    "funder-lines": Kind(
        Shape(
            "Services that count for a funder, by line", "Line", "", "entries",
            {"all": "Times provided"},
        ),
        pack_counts.funder_lines,
    ),
    "signatures": Kind(
        Shape(
            "Second signatures, by role", "Role", "", "items", {"all": "Second signatures"},
            BY_SIGNER,
        ),
        _signatures,
    ),
    "answers": Kind(  # the last of those that divide the answers: its lines tell the least
        Shape("Items answered, by role", "Role", "", "items", {"all": "Answered"}, BY_ROLE),
        _answers,
    ),
}  # fmt: skip

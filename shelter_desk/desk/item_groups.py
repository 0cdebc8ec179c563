"""Answers by the document, or the matter, that their item stands for: in lines the house can bear.

A table of events shows its lines only where each has enough residents behind it, and with two
dozen documents one rare line would blank them all. So a smaller house lays the same answers out in
coarser lines. How coarse is told by its beds, never by the counts: that a finer layout was passed
over would tell that somewhere in it too few residents are behind a figure, and no proof covers
that. One layout alone is in a release, so that none can be subtracted from another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, moment
from shelter_desk.desk.counting import TIMELY, Bounds, Counts, Shape, table_of
from shelter_desk.desk.period_facts import dealt_with_in_time
from shelter_desk.disclosure import TableRequest
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.pack_rules import DOCUMENTS
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.sql import Statement

GROUPS, OTHER = "groups", "other-items"
FINE, BY_FILE, BY_DOCUMENT = "group", "file", "document"
"""What the lines of a layout stand for: each group, each file of a pack, or documents and rest."""
FILE_FROM_BEDS, FINE_FROM_BEDS = 10, 20
"""From so many beds on each file has a line of its own, and each group."""
_TITLE = "Documents and other matters, by item"
_TOGETHER, _REST = "All of these", "All other items"

_answer, _event = schema.item_answer, schema.stay_event
_IN_PERIOD = (
    _answer.c.done_at >= bindparam("since"),
    _answer.c.done_at < bindparam("until"),
    _answer.c.undone_at.is_(None),
    _answer.c.closed_at.is_not(None),
)
_ANSWERS = Statement(
    select(
        _answer.c.item_id,
        person_stay.c.resident_id,
        _answer.c.outcome,
        func.count(),
        func.sum(dealt_with_in_time),
    )
    .join(person_stay, person_stay.c.id == _answer.c.stay_id)
    .where(*_IN_PERIOD)
    .group_by(_answer.c.item_id, person_stay.c.resident_id, _answer.c.outcome)
)
_STARTED = "event:"
_TAKEN = Statement(
    select(
        person_stay.c.resident_id,
        _answer.c.outcome,
        _event.c.occurred_at,
        _answer.c.done_at,
        dealt_with_in_time,
    )
    .join(person_stay, person_stay.c.id == _answer.c.stay_id)
    .join(
        _event,
        _event.c.public_id == func.substr(_answer.c.occurrence, len(_STARTED) + 1),
        isouter=True,
    )
    .where(*_IN_PERIOD, _answer.c.item_id == bindparam("item_id"))
)


def by_group(read: Read, bounds: Bounds, groups: Sequence[ItemGroup]) -> Counts:
    """Count the answers of a period by the group they stand in.

    Every answer is in one row, so that the table adds up to that of the services.
    """
    counts = Counts({**{group.id: group.title for group in groups}, OTHER: _REST})
    for row, _, resident, count, in_time in answers_by_row(read, bounds, groups):
        counts.add_timely(row, resident, count, in_time)
    return counts


def answers_by_row(
    read: Read, bounds: Bounds, groups: Sequence[ItemGroup]
) -> Iterator[tuple[str, str, int, int, int]]:
    """Yield (group or `OTHER`, item, resident, answers, of them in time) of a period."""
    model = read.care_model
    apart = {item for group in groups if group.days is not None for item in group.items}
    for item_id, resident, outcome, count, in_time in read.reader.rows(_ANSWERS, **bounds):
        if item_id in model.items and item_id not in model.house_items and item_id not in apart:
            yield _row(groups, item_id, outcome), item_id, resident, count, in_time
    for item_id in sorted(apart):
        for resident, outcome, begun, done, in_time in read.reader.rows(
            _TAKEN, item_id=item_id, **bounds
        ):
            row = _row(groups, item_id, outcome, _days(read, begun, done))
            yield row, item_id, resident, 1, in_time


def laid_out(counts: Counts, groups: Sequence[ItemGroup], beds: int) -> TableRequest:
    """Return the answers counted by their group, in the lines of a house with so many beds."""
    along, rows = _lines(groups, beds)
    row_of = {group.id: row for group in groups if (row := _line_of(group, along)) in rows}
    laid = Counts(rows)
    for (group, column), cell in counts.cells.items():
        for resident, count in cell.items():
            laid.add(row_of.get(group, OTHER), column, resident, count)
    lines = f"{along} {_digest(groups)}"
    shape = Shape(_TITLE, "Matter", "Answered", "items", TIMELY, ("answers", lines))
    return table_of(GROUPS, shape, laid)


def stands_first(table: TableRequest) -> bool:
    """Say whether its lines are worth more to a reader than those of the services.

    Both divide the same answers, and only one of them may show its lines: the one with more.
    """
    return table.along[1].partition(" ")[0] == FINE


def _digest(groups: Sequence[ItemGroup]) -> str:
    """Return a short mark of what the groups take: another version of them is another layout.

    A release after an update could else be subtracted from one before it, line by line.
    """
    taken = sorted((group.id, group.file, *sorted(group.parts)) for group in groups)
    return hashlib.sha256(repr(taken).encode()).hexdigest()[:16]


def _lines(groups: Sequence[ItemGroup], beds: int) -> tuple[str, dict[str, str]]:
    """Return what the lines stand for, and code -> words of each."""
    if beds >= FINE_FROM_BEDS:
        return FINE, {**{group.id: group.title for group in groups}, OTHER: _REST}
    if beds >= FILE_FROM_BEDS:
        return BY_FILE, {**dict.fromkeys((one.file for one in groups), _TOGETHER), OTHER: _REST}
    return BY_DOCUMENT, {DOCUMENTS: _TOGETHER, OTHER: _REST}


def _line_of(group: ItemGroup, along: str) -> str:
    return group.id if along == FINE else group.file


def _row(
    groups: Collection[ItemGroup], item_id: str, outcome: str, days: int | None = None
) -> str:
    return next((one.id for one in groups if one.takes(item_id, outcome, days)), OTHER)


def _days(read: Read, begun: int | None, done: int) -> int | None:
    """Return the whole days from an event to an answer, by the calendar of the house."""
    if begun is None:
        return None
    zone = read.house.zone
    return (moment(done).astimezone(zone).date() - moment(begun).astimezone(zone).date()).days

"""Answers by the document, or the matter, that their item stands for: in the finest lines allowed.

A table of events shows its lines only where each has enough residents behind it, and with two
dozen documents one rare line would blank them all. So the same answers are laid out in coarser and
coarser lines, and the first layout that passes the gate of the engine is the one that is asked
for; the engine judges it again. One layout alone is ever in a release, so that none can be
subtracted from another. That a coarser one stands there is a fact of its own, which no proof
covers: somewhere in the finer one too few residents are behind a figure. Whoever knows the program
can use it where counts are as tight as the limit itself (two lines of five answers, five of them
late, at a limit of five); a layout chosen by shown figures alone would tell nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, moment
from shelter_desk.desk.counting import TIMELY, Bounds, Counts, Kind, table_of
from shelter_desk.desk.period_facts import dealt_with_in_time
from shelter_desk.disclosure import TableRequest
from shelter_desk.disclosure.events import has_lines
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.pack_rules import DOCUMENTS
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.sql import Statement

GROUPS, OTHER, ALL_COLUMN = "groups", "other-items", "all"
FINE, BY_FILE, BY_DOCUMENT = "group", "file", "document"
"""What the lines of a layout stand for: each group, each file of a pack, or documents and rest."""
UNDIVIDED = ", late and in time together"
"""After what the lines stand for, where late and in time are not told apart.

The ledger compares counts by the names of their figures, and these have other names: it must know
them as other lines, or a correction between two releases could be read from the two.
"""
_TITLE = "Documents and other matters, by item"
_REST = "All other items"

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


@dataclass(frozen=True, slots=True)
class _Layout:
    """One way to lay the answers out: `rows` is code -> words, `of` turns a group into a row."""

    along: str
    columns: Mapping[str, str]
    rows: Mapping[str, str]
    of: Callable[[str], str]

    @property
    def kind(self) -> Kind:
        return Kind(
            _TITLE, "Matter", "Answered", "items", self.columns, _not_filled,
            ("answers", self.along),
        )  # fmt: skip

    def table(self, counts: Counts) -> TableRequest:
        """Return the table of answers counted by their group."""
        laid, is_timely = Counts(self.rows), len(self.columns) > 1
        for (row, column), cell in counts.cells.items():
            for resident, count in cell.items():
                laid.add(self.of(row), column if is_timely else ALL_COLUMN, resident, count)
        return table_of(GROUPS, self.kind, laid)


def by_group(read: Read, bounds: Bounds, groups: Sequence[ItemGroup]) -> Counts:
    """Count the answers of a period by the group they stand in.

    Every answer is in one row, so that the table adds up to that of the services.
    """
    counts = Counts({**{group.id: group.title for group in groups}, OTHER: _REST})
    model = read.care_model
    apart = {item for group in groups if group.days is not None for item in group.items}
    for item_id, resident, outcome, count, in_time in read.reader.rows(_ANSWERS, **bounds):
        if item_id in model.items and item_id not in model.house_items and item_id not in apart:
            counts.add_timely(_row(groups, item_id, outcome), resident, count, in_time)
    for item_id in sorted(apart):
        for resident, outcome, begun, done, in_time in read.reader.rows(
            _TAKEN, item_id=item_id, **bounds
        ):
            row = _row(groups, item_id, outcome, _days(read, begun, done))
            counts.add_timely(row, resident, 1, in_time)
    return counts


def fitting(counts: Counts, groups: Sequence[ItemGroup], k: int) -> TableRequest:
    """Return the answers in the finest layout whose every line may be shown.

    Where none may be, it is the finest one, of which the engine shows totals at most.
    """
    tables = [layout.table(counts) for layout in _layouts(groups)]
    return next((table for table in tables if has_lines(table, k)), tables[0])


def stands_first(table: TableRequest) -> bool:
    """Say whether its lines are worth more to a reader than those of the services.

    Both divide the same answers, and only one of them may show its lines: the one with more.
    """
    return table.along[1].removesuffix(UNDIVIDED) == FINE


def _layouts(groups: Sequence[ItemGroup]) -> Iterator[_Layout]:
    every = {**{group.id: group.title for group in groups}, OTHER: _REST}
    file_of = {group.id: group.file for group in groups}
    files = {**dict.fromkeys(file_of.values(), "All of these"), OTHER: _REST}
    two = {DOCUMENTS: "All of these", OTHER: _REST}

    def document(group: str) -> str:
        return DOCUMENTS if file_of.get(group) == DOCUMENTS else OTHER

    divided = (("", TIMELY), (UNDIVIDED, {ALL_COLUMN: "Answered"}))
    for end, columns in divided:
        yield _Layout(FINE + end, columns, every, str)
    for end, columns in divided:
        yield _Layout(BY_FILE + end, columns, files, lambda group: file_of.get(group, OTHER))
    for end, columns in divided:
        yield _Layout(BY_DOCUMENT + end, columns, two, document)


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


def _not_filled(_read: Read, _bounds: Bounds) -> Counts:
    raise NotImplementedError("filled by `by_group`, once for all layouts")

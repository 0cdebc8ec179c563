"""Signatures beside the answers they stand under: their total must not tell of a few answers.

How many signatures an item needs is the same for everybody, and anybody can read it in the
content. So all signatures together are a sum over the answers, and a reader who is shown answers
by line takes off it what those lines have whose items all need as many. What is left tells how
many answers of the other lines needed one, be it a single one. The total is shown only where every
such remainder has as many residents behind it as a figure of its own would need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from shelter_desk.desk.base import Read
from shelter_desk.desk.counting import Bounds, Counts
from shelter_desk.desk.item_groups import OTHER, answers_by_row
from shelter_desk.disclosure import TableRequest, enough_behind
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.pack_rules import DOCUMENTS

REMAINDERS = "signed-apart"
Answers = Iterable[tuple[str, str, int, int]]
"""Row of a group (or `OTHER`), item, resident, answers."""
_THREE = 3
_LineOf = Callable[[str, str], str]


def remainders(read: Read, bounds: Bounds, groups: Sequence[ItemGroup]) -> Counts:
    """Count the answers of a period for `what_is_left`."""
    model = read.care_model
    needs = {
        one.id: one.signatures for one in model.items.values() if one.id not in model.house_items
    }
    services = {one: model.items[one].service_id for one in needs}
    found = ((row, item, who, n) for row, item, who, n, _ in answers_by_row(read, bounds, groups))
    return what_is_left(found, needs, services, groups)


def what_is_left(
    answers: Answers,
    needs: Mapping[str, int],
    services: Mapping[str, str],
    groups: Sequence[ItemGroup],
) -> Counts:
    """Return (way to lay answers out, kind of item) -> resident -> answers in mixed lines.

    A line is mixed where items of it differ in what they need. `needs` is item -> signatures.
    """
    counts, answers = Counts({}), tuple(answers)
    for way, line_of in _ways(groups, services).items():
        kinds: dict[str, set[int]] = defaultdict(set)
        for item in needs:
            for row in _rows_of(item, groups):
                kinds[line_of(row, item)].add(needs[item])
        lines = {line for row, item, _, _ in answers if len(kinds[line := line_of(row, item)]) > 1}
        # One sum tells two kinds apart. Of three it tells those that need any from the others, but
        # where one line lacks a kind, a small sum tells which kind was there.
        is_exact = any(len(kinds[line]) < _THREE for line in lines)
        for row, item, resident, count in answers:
            if line_of(row, item) in lines:
                kind = needs[item] if is_exact else min(needs[item], 1)
                counts.add(way, str(kind), resident, count)
    return counts


def total_fits(table: TableRequest, left: Counts, k: int) -> TableRequest:
    """Return the table of signatures, without any figure where a remainder tells of too few."""
    if all(
        enough_behind(sum(cell.values()), len(cell), max(cell.values()), k)
        for cell in left.cells.values()
    ):
        return table
    # As if one resident were behind all of them: no figure of it passes.
    return replace(table, totals_only=True, all_largest=table.total)


def _ways(groups: Sequence[ItemGroup], services: Mapping[str, str]) -> Mapping[str, _LineOf]:
    """Return every way in which the answers may be out by line, from (row, item) to the line."""
    file_of = {one.id: one.file for one in groups}
    return {
        "all": lambda _row, _item: "",
        "service": lambda _row, item: services[item],
        "group": lambda row, _item: row,
        "file": lambda row, _item: file_of.get(row, OTHER),
        "document": lambda row, _item: DOCUMENTS if file_of.get(row) == DOCUMENTS else OTHER,
    }


def _rows_of(item: str, groups: Sequence[ItemGroup]) -> set[str]:
    """Return every row in which an answer to an item can stand."""
    found = [one for one in groups if item in one.items]
    is_whole = any(not one.outcomes and one.days is None for one in found)
    return {*(one.id for one in found), *(() if is_whole else (OTHER,))}

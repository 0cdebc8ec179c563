"""Signatures beside the answers they stand under: their total must not tell of a few answers.

How many signatures an item needs is the same for everybody, and anybody can read it in the
content. So all signatures together are a sum over the answers, and a reader who is shown answers
by line, or by the role that gave them, takes off it what those lines have whose items all need as
many. What is left tells how
many answers of the other lines needed one, be it a single one. The total is shown only where every
such remainder has as many residents behind it as a figure of its own would need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read
from shelter_desk.desk.counting import Bounds, Counts
from shelter_desk.desk.item_groups import OTHER, answers_by_row
from shelter_desk.disclosure import TableRequest, enough_behind
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.pack_rules import DOCUMENTS
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.sql import Statement

REMAINDERS = "signed-apart"
_answer, _stay = schema.item_answer, person_stay
_BY_ROLE = Statement(
    select(_answer.c.role, _answer.c.item_id, _stay.c.resident_id, func.count())
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
    .where(_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .group_by(_answer.c.role, _answer.c.item_id, _stay.c.resident_id)
)
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
    counts = what_is_left(found, needs, services, groups)
    may_answer = {
        role: {one for one in needs if read.house.access((role,)).may_answer(one)}
        for role in model.roles
    }
    leave_by_role(counts, read.reader.rows(_BY_ROLE, **bounds), needs, may_answer)
    return counts


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
        _add_mixed(
            counts, way, [(line_of(row, item), item, who, n) for row, item, who, n in answers],
            needs, kinds,
        )  # fmt: skip
    return counts


def leave_by_role(
    counts: Counts,
    answers: Answers,
    needs: Mapping[str, int],
    may_answer: Mapping[str, Collection[str]],
) -> None:
    """Add what is left where the answers are out by the role that gave them.

    Which items are open to a role anybody can read. `answers` are by role in the place of a row.
    """
    given = [one for one in answers if one[1] in needs]
    kinds = {role: {needs[item] for item in items} for role, items in may_answer.items()}
    for role, item, _, _ in given:  # a role may have been allowed more when it answered
        kinds.setdefault(role, set()).add(needs[item])
    _add_mixed(counts, "role", given, needs, kinds)


def _add_mixed(
    counts: Counts,
    way: str,
    answers: Sequence[tuple[str, str, int, int]],
    needs: Mapping[str, int],
    kinds: Mapping[str, Collection[int]],
) -> None:
    """Count, by the kind of their item, the answers of lines whose items are of several kinds."""
    lines = {line for line, _, _, _ in answers if len(kinds[line]) > 1}
    # One sum tells two kinds apart. Of three it tells those that need any from the others, but
    # where one line lacks a kind, a small sum tells which kind was there.
    is_exact = any(len(kinds[line]) < _THREE for line in lines)
    for line, item, resident, count in answers:
        if line in lines:
            kind = needs[item] if is_exact else min(needs[item], 1)
            counts.add(way, str(kind), resident, count)


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

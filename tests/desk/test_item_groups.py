"""Answers by document: in the finest lines that all have residents enough, in one way alone."""

from dataclasses import replace

import pytest

from shelter_desk.desk.counting import Counts
from shelter_desk.desk.item_groups import (
    BY_DOCUMENT,
    BY_FILE,
    FINE,
    UNDIVIDED,
    fitting,
    stands_first,
)
from shelter_desk.disclosure import ReleaseRequest, Settings, protect
from shelter_desk.disclosure.events import has_lines
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.pack_rules import DOCUMENTS
from shelter_desk.exports.pack_matters import matter_rows

K = 5
GROUPS = (
    ItemGroup("sheet", "Face sheet", DOCUMENTS, ("a.1",)),
    ItemGroup("plan", "Plan", DOCUMENTS, ("a.2",)),
    ItemGroup("given", "Doses given", "10_medication_audit", ("m.3",), ("done",)),
    ItemGroup("refused", "Doses refused", "10_medication_audit", ("m.3",), ("declined",)),
)
TIMELY, ANSWERED = ("in-time", "late"), ("all",)
# (row, column) -> residents with one answer each; along, columns and rows that are asked for.
CASES = {
    "enough everywhere": (
        {("sheet", "in-time"): 6, ("plan", "late"): 5, ("given", "in-time"): 9},
        (FINE, TIMELY, 5),
    ),
    "few late": ({("sheet", "in-time"): 6, ("sheet", "late"): 1}, (FINE, ANSWERED, 5)),
    "few refused": (
        {("sheet", "in-time"): 6, ("given", "in-time"): 6, ("refused", "in-time"): 1},
        (BY_FILE, TIMELY, 3),
    ),
    "few refused, few late": (
        {("sheet", "in-time"): 6, ("given", "late"): 1, ("refused", "in-time"): 4},
        (BY_FILE, ANSWERED, 3),
    ),
    "few medicines": (
        {("sheet", "in-time"): 6, ("given", "in-time"): 2, ("other-items", "in-time"): 4},
        (BY_DOCUMENT, TIMELY, 2),
    ),
    "few altogether": ({("sheet", "in-time"): 3, ("plan", "late"): 1}, (FINE, TIMELY, 5)),
}


def counted(found):
    """Residents are numbered through, so that each figure has others behind it."""
    counts, resident = Counts({}), 0
    for (row, column), people in found.items():
        for _ in range(people):
            resident += 1
            counts.add(row, column, resident, 1)
    return counts


@pytest.mark.parametrize("name", CASES)
def test_the_finest_lines_with_residents_enough_are_asked_for(name):
    found, (along, columns, rows) = CASES[name]
    table = fitting(counted(found), GROUPS, K)
    assert table.along == ("answers", along + UNDIVIDED * (columns == ANSWERED))
    assert tuple(column.code for column in table.columns) == columns
    assert len(table.rows) == rows
    assert table.total == sum(found.values())
    assert has_lines(table, K) == (name != "few altogether")
    assert stands_first(table) == (along == FINE)


class Rules:
    groups = GROUPS


@pytest.mark.parametrize(
    ("name", "is_out", "why"),
    [
        ("few refused", False, "too few residents"),
        ("few refused", True, "the same answers are out along other lines"),
        ("few altogether", False, "; or the same answers are out"),
    ],
)
def test_the_file_says_why_lines_are_withheld_and_gives_all_of_them_where_it_may(
    name, is_out, why
):
    table = replace(fitting(counted(CASES[name][0]), GROUPS, K), totals_only=is_out)
    asked = ReleaseRequest("t", "2026-Q1", "named", 20, (table,), Settings(K))
    rows = list(matter_rows(protect(asked), DOCUMENTS, Rules))
    assert [row[0] for row in rows] == ["Face sheet", "Plan", "All of these"]
    assert all(why in row[-1] and row[1:3] == ("*", "*") for row in rows[:2])
    shown = name == "few refused" and not is_out
    assert rows[2][1] == ("6" if shown else "*")  # that none is late may be told
    assert (rows[2][-1] == "") == shown

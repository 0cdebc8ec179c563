"""Answers by document: in lines as fine as the beds of the house allow, whatever the counts."""

from dataclasses import replace

import pytest

from shelter_desk.desk.counting import Counts
from shelter_desk.desk.item_groups import BY_DOCUMENT, BY_FILE, FINE, laid_out, stands_first
from shelter_desk.disclosure import ReleaseRequest, Settings, protect
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
MANY = {("sheet", "in-time"): 6, ("given", "in-time"): 6, ("other-items", "late"): 9}
FEW = {("sheet", "in-time"): 6, ("plan", "late"): 1, ("given", "in-time"): 6}


def counted(found):
    """Residents are numbered through, so that each figure has others behind it."""
    counts, resident = Counts({}), 0
    for (row, column), people in found.items():
        for _ in range(people):
            resident += 1
            counts.add(row, column, resident, 1)
    return counts


@pytest.mark.parametrize("found", [MANY, FEW, {}])
@pytest.mark.parametrize(
    ("beds", "along", "codes"),
    [
        (0, BY_DOCUMENT, [DOCUMENTS, "other-items"]),
        (9, BY_DOCUMENT, [DOCUMENTS, "other-items"]),
        (10, BY_FILE, [DOCUMENTS, "10_medication_audit", "other-items"]),
        (19, BY_FILE, [DOCUMENTS, "10_medication_audit", "other-items"]),
        (20, FINE, ["sheet", "plan", "given", "refused", "other-items"]),
    ],
)
def test_the_beds_tell_how_fine_the_lines_are_and_no_count_does(beds, along, codes, found):
    table = laid_out(counted(found), GROUPS, beds)
    events, lines = table.along
    assert (events, lines.split()[0]) == ("answers", along)
    assert [row.code for row in table.rows] == codes
    assert [column.code for column in table.columns] == ["in-time", "late"]
    assert table.total == sum(found.values())
    assert stands_first(table) == (along == FINE)


def test_lines_of_another_version_of_the_groups_are_never_shown_beside_those_of_this_one():
    moved = (replace(GROUPS[0], items=("a.1", "a.3")), *GROUPS[1:])
    known = []
    for groups in (GROUPS, moved, GROUPS):
        table = laid_out(counted(MANY), groups, 10)
        asked = ReleaseRequest("t", "2026-Q1", "named", 30, (table,), Settings(K))
        release = protect(asked, earlier=known[:1])
        known.append(release.known)
    shown = [[f["value"] for f in one["figures"] if f["value"]] for one in known]
    assert shown[0] == shown[2]  # the same layout may be made again
    assert len(shown[1]) < len(shown[0])


class Rules:
    groups = GROUPS


@pytest.mark.parametrize(
    ("found", "beds", "is_out", "file_id", "why"),
    [
        (MANY, 10, False, DOCUMENTS, "fewer than 20 beds"),
        (MANY, 9, False, "10_medication_audit", "fewer than 10 beds"),
        (MANY, 10, True, DOCUMENTS, "the same answers are out along other lines"),
        (FEW, 20, False, DOCUMENTS, "too few residents"),
    ],
)
def test_each_line_says_why_it_is_withheld_and_all_of_them_stand_where_they_may(
    found, beds, is_out, file_id, why
):
    table = replace(laid_out(counted(found), GROUPS, beds), totals_only=is_out)
    asked = ReleaseRequest("t", "2026-Q1", "named", 30, (table,), Settings(K))
    rows = list(matter_rows(protect(asked), file_id, Rules))
    assert rows[2][0] == "All of these"
    assert all(why in row[-1] and row[1:3] == ("*", "*") for row in rows[:2])
    shown = (beds, is_out, file_id) == (10, False, DOCUMENTS)
    assert rows[2][1:4] == (("6", "6", "0") if shown else ("*", "*", "*"))
    assert (rows[2][-1] == "") == shown

"""The grid: the worst of a document's items counts, percentages are of what is owed."""

from datetime import timedelta

import pytest

from shelter_desk.domain.completeness import completeness_grid
from shelter_desk.domain.record_lines import ItemLine, RecordShown


def line(item_id, status, *, late=timedelta(0), signatures=0):
    done = 1 if status in ("done", "declined") else None
    rest = ("Role", status, "", signatures, (), None, True)
    return ItemLine(item_id, item_id, 1, done, late if done else None, *rest)


def record(*lines, has_ended=False):
    return RecordShown(has_ended, lines, ())


DOCUMENTS = (("Face sheet", ("a",)), ("Plan", ("b", "c")))


def test_each_cell_is_the_state_of_one_document_in_one_record():
    records = (
        record(line("a", "done"), line("b", "done"), line("c", "overdue")),
        record(line("a", "done", late=timedelta(hours=5)), line("b", "done", signatures=2)),
        record(line("a", "overdue"), has_ended=True),
    )
    grid = completeness_grid(DOCUMENTS, records, ("X", "Y", "Z"))
    assert [row.states for row in grid.rows] == [
        ("present", "present late", "missing"),
        ("missing", "waiting", "never due"),
    ]
    assert (grid.current, grid.former) == (2, 1)
    assert [row.percent for row in grid.rows] == [66, 0]


def test_nothing_owed_has_no_percentage():
    grid = completeness_grid(DOCUMENTS, (record(), record(line("a", "declined"))), ("X", "Y"))
    assert [row.percent for row in grid.rows] == [None, None]
    assert completeness_grid(DOCUMENTS, (), ()).rows[0].percent is None


@pytest.mark.parametrize(("first", "labels"), [(0, ("P", "Q")), (2, ("R",)), (4, ())])
def test_a_part_keeps_cells_under_their_labels(first, labels):
    records = (record(line("a", "done")), record(line("a", "overdue")), record())
    part = completeness_grid(DOCUMENTS, records, ("P", "Q", "R")).part(first, 2)
    states = ("present", "missing", "not due yet")[first : first + 2]
    assert (part.labels, part.rows[0].states) == (labels, states)
    assert (part.current, part.former) == (3, 0)

"""A summary read from its file alone, as a screen reader does: in order, and by its bookmarks."""

from __future__ import annotations

import csv
import io
from itertools import groupby

import pypdfium2
import pytest

from tests.reports.summary_people import files


@pytest.fixture
def paper():
    """The words of each page in the order of the file, and (title, page) of each bookmark."""
    document = pypdfium2.PdfDocument(files()["summary.pdf"])
    try:
        pages = [" ".join(p.get_textpage().get_text_bounded().split()) for p in document]
        marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    finally:
        document.close()
    return pages, marks


def test_each_line_is_read_with_its_figures_and_in_the_order_of_the_tables(paper) -> None:
    pages, _ = paper
    words, place, lines = " ".join(pages), 0, 0
    rows = list(csv.DictReader(io.StringIO(files()["summary.csv"].decode())))
    tables = [row for row in rows if row["figure"].partition("/")[0] != "release"]
    for title, cells in groupby(tables, key=lambda row: row["table"]):
        place = words.index(title, place)
        for label, found in groupby(cells, key=lambda row: row["row"]):
            said = " ".join((label, *(_printed(one["value"]) for one in found)))
            assert said in words[place:], (title, said)
            place = words.index(said, place)
            lines += 1
    assert lines > 20


def test_bookmarks_are_the_headings_in_their_order_on_their_pages(paper) -> None:
    pages, marks = paper
    assert [title for title, _ in marks] == [
        "Care in this quarter", "Age at admission", "Age by who referred", "Services received",
        "Nights of care", "Privacy certificate",
    ]  # fmt: skip
    assert [at for _, at in marks] == sorted(at for _, at in marks)
    for title, at in marks:
        assert title in pages[at], title


def _printed(value: str) -> str:
    return f"{int(value):,}" if value.isdigit() else value

"""Tables on paper: one that fits a page is never cut, and a longer one goes on in order."""

from __future__ import annotations

import pytest

from shelter_desk.reports.blocks import Facts, Furniture, Heading, Paper, Points, Table, Text
from shelter_desk.reports.pdf import make_pdf

FURNITURE = Furniture(title="Care", owner="Willow House", notice="For the recipient only.")


def table(rows: int) -> Table:
    lines = tuple((f"Line {number:02}", str(number)) for number in range(rows))
    return Table("What was given", ("Service", "Times"), lines, numeric=frozenset({1}))


def pages_of(read_pdf, before: int, *blocks) -> list[int]:
    """Return, for each line of the table, the page it stands on."""
    filling = (Heading("Care"), *(Text("Something else stands here first."),) * before)
    pages = read_pdf(make_pdf(Paper(FURNITURE, (*filling, *blocks)))).pages
    lines = [line for page in pages for line in page.splitlines() if line.startswith("Line ")]
    return [at for line in lines for at, page in enumerate(pages) if line in page]


@pytest.mark.parametrize("rows", [12, 13, 20, 28])
@pytest.mark.parametrize("before", [0, 5, 12, 20, 28])
def test_a_table_that_fits_a_page_is_on_one_page(read_pdf, rows: int, before: int) -> None:
    assert len(set(pages_of(read_pdf, before, table(rows)))) == 1


def test_a_longer_table_goes_on_over_the_pages(read_pdf) -> None:
    found = pages_of(read_pdf, 3, table(90))
    assert len(found) == 90
    assert found == sorted(found)
    assert len(set(found)) > 1


def test_rows_of_several_lines_begin_below_what_stands_before_and_keep_their_lines(read_pdf):
    rows = tuple(
        (f"Line {number:02}", "Slept well\nMUST KNOW: soft food\n" * 2) for number in range(25)
    )
    long = Table("25 residents", ("Resident", "What to know"), rows)
    assert pages_of(read_pdf, 5, long)[0] == 0  # not a page that is empty but for its title
    (page, *_) = read_pdf(make_pdf(Paper(FURNITURE, (Heading("Care"), long)))).pages
    assert page.splitlines().count("MUST KNOW: soft food") > 10


def test_a_long_list_begins_under_its_heading_and_not_on_a_page_of_its_own(read_pdf):
    items = tuple(
        f"Point {number:02} of a list that is longer than a page" for number in range(60)
    )
    inside = (Heading("Care"), Text("Something."), Heading("First of all", 2), Points(items))
    pages = read_pdf(make_pdf(Paper(FURNITURE, inside))).pages
    assert len(pages) == 2
    assert "Point 00 of" in pages[0]
    assert sum(page.count(" of a list") for page in pages) == len(items)


@pytest.mark.parametrize(("facts", "points"), [(2, 40), (5, 36), (8, 32)])
def test_a_list_that_ends_at_the_foot_of_a_page_is_followed_by_no_empty_one(
    read_pdf, facts: int, points: int
) -> None:
    """The room below a list is for what follows it; there was a page with nothing on it."""
    above = Facts(tuple((f"Fact {number}", "so") for number in range(facts)))
    said = Points(tuple(f"Point {number}" for number in range(points)))
    plain = Furniture(title="Care", owner="Willow House", notice="")
    pages = read_pdf(make_pdf(Paper(plain, (Heading("Care"), above, said)))).pages
    assert f"Point {points - 1}" in pages[-1]

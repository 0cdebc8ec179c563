from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from shelter_desk.disclosure import SafeRelease, SafeTable, TableRequest, protect
from shelter_desk.reports.charts import BarChart, Strip, Word, as_svg, shapes
from shelter_desk.reports.summary import summary_pdf
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.reports.summary_files import summary_files
from shelter_desk.reports.summary_sheets import summary_csv, summary_xlsx
from shelter_desk.reports.summary_tables import figures_of
from shelter_desk.reports.wording import WITHHELD_NOTE, digest_lines, figure
from tests.reports.summary_people import AGES, ALL, MADE_AT, SHELTER, files, release, request

GOLDEN_PAGE = """
Willow House Care in this quarter, January to March 2026
Page 1 of 4
* withheld to protect privacy. A withheld value may be small or large.
Care in this quarter
Willow House · January to March 2026 · for the named recipient only
This summary counts people; it names nobody. Small counts, and the others that would give
them away, are withheld. The last page says what that guarantees and what it does not.
64 residents in this period
24 figures shown
21 figures withheld
Made on 2 April 2026, 14:05 UTC.
Age at admission
Residents
11 or younger *
12 to 14 {12-14}
15 to 17 {15-17}
18 to 24 {18-24}
25 or older *
Not known *
Total 64
11 or younger *
12 to 14 {12-14}
15 to 17 {15-17}
18 to 24 {18-24}
25 or older *
Not known *
"""


def true_values() -> dict[str, int]:
    """Every count behind the made-up summary, by the name of its figure."""
    values = {}
    for table in request().tables:
        for row, line in zip(table.rows, table.cells, strict=True):
            values[f"{table.id}/{row.code}/total"] = sum(line)
            for column, count in zip(table.columns, line, strict=True):
                values[f"{table.id}/{row.code}/{column.code}"] = count
        for at, column in enumerate(table.columns):
            values[f"{table.id}/total/{column.code}"] = sum(line[at] for line in table.cells)
        values[f"{table.id}/total/total"] = table.total
    return values | {"release/total/total": request().population}


def test_the_first_page_reads_as_it_should(read_pdf) -> None:
    page = read_pdf(files()["summary.pdf"]).pages[0]
    true, expected = true_values(), GOLDEN_PAGE
    blank = {f["id"] for f in release().certificate["figures"] if f["value"] is None}
    for band in ("12-14", "15-17", "18-24"):  # which two of them are blank is a tie
        name = f"age/{band}/all"
        expected = expected.replace(f"{{{band}}}", "*" if name in blank else str(true[name]))
    assert page.split() == expected.split()


def test_the_withheld_note_stands_once_on_every_page(read_pdf) -> None:
    pages = read_pdf(files()["summary.pdf"]).pages
    assert len(pages) > 2
    assert [page.count(WITHHELD_NOTE) for page in pages] == [1] * len(pages)


def test_the_last_page_is_the_certificate(read_pdf) -> None:
    page = " ".join(read_pdf(files()["summary.pdf"]).pages[-1].split())
    for words in (
        "Privacy certificate",
        "45 figures about January to March 2026: 24 shown, 21 withheld.",
        "no reader can show that a withheld count of residents is smaller than 5",
        "What is not covered",
        "it cannot be rechecked from these files",
    ):
        assert words in page


def test_shown_figures_are_the_true_ones_and_withheld_ones_are_nowhere() -> None:
    truth, shown, withheld = true_values(), 0, 0
    for row in csv.DictReader(io.StringIO(files()["summary.csv"].decode(), newline="")):
        if row["value"] == "*":
            withheld += 1
        else:
            shown += 1
            assert int(row["value"]) == truth[row["figure"]]
    assert (shown, withheld) == (25, 21)


def test_a_workbook_program_reads_the_same_figures() -> None:
    book = openpyxl.load_workbook(io.BytesIO(files()["summary.xlsx"]))
    assert len(book.worksheets) == 1 + len(release().tables)
    for sheet, table in zip(book.worksheets[1:], release().tables, strict=True):
        cells = [cell.value for row in sheet.iter_rows(min_row=4, min_col=2) for cell in row]
        wanted = ["*" if each.value is None else each.value for each in figures_of(table)]
        assert [cell for cell in cells if cell is not None] == wanted
        assert sheet.sheet_state == "visible"
    assert book.properties.creator in (None, "")


def test_the_seal_is_printed_in_pdf_and_workbook(read_pdf) -> None:
    made = files()
    book = openpyxl.load_workbook(io.BytesIO(made["summary.xlsx"]))
    seal = book.worksheets[0]["A6"].value
    assert len(seal) == 64
    assert f'"seal":"{seal}"'.encode() in made["certificate.json"]
    assert digest_lines(seal).split() == read_pdf(made["summary.pdf"]).text.split()[-8:]


def test_the_same_release_makes_the_same_bytes() -> None:
    assert summary_files(release(), MADE_AT, SHELTER) == files()


def test_another_moment_makes_another_seal() -> None:
    other = summary_files(release(), MADE_AT.replace(hour=15), SHELTER)
    assert other["certificate.json"] != files()["certificate.json"]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        summary_files(release(), MADE_AT.replace(tzinfo=None), SHELTER)


def test_nothing_but_protect_makes_what_a_chart_takes() -> None:
    table = release().tables[0]
    with pytest.raises(TypeError):
        replace(table, total=3, seal=None)


# Charts


def table_of(name: str) -> SafeTable:
    return next(table for table in release().tables if table.id == name)


def test_every_bar_is_as_long_as_its_figure() -> None:
    chart = BarChart(table_of("services"))
    drawn, _ = shapes(chart, 500)
    lengths = [shape.width for shape in drawn if isinstance(shape, Strip)]
    shown = [value for _, value in chart.bars if value]
    assert len(lengths) == len(shown) == 4
    for length, value in zip(lengths, shown, strict=True):
        assert length / lengths[0] == pytest.approx(value / shown[0])


def test_a_withheld_bar_is_a_star_at_the_axis_and_no_bar() -> None:
    chart = BarChart(table_of("age"))
    drawn, _ = shapes(chart, 500)
    stars = [shape.x for shape in drawn if isinstance(shape, Word) and shape.text == "*"]
    bars = [shape for shape in drawn if isinstance(shape, Strip)]
    assert len(stars) == 4
    assert len(bars) == 2
    assert set(stars) == {bars[0].x + 6}


def test_withheld_bars_of_any_size_draw_the_same_picture() -> None:
    """The picture is made from what is published: another truth behind a `*` changes nothing."""
    other = request()
    ages = ((3, 1, 2), *other.tables[1].cells[1:])
    tables = (
        other.tables[0],
        replace(other.tables[1], cells=ages),
        *other.tables[2:],
    )
    made = protect(replace(other, tables=tables))
    first = [as_svg(BarChart(table)) for table in release().tables]
    assert [as_svg(BarChart(table)) for table in made.tables] == first


def test_the_picture_says_its_bars_in_words() -> None:
    svg = as_svg(BarChart(table_of("services")))
    assert "Crisis safety &amp; first night: 64" in svg
    assert "county: withheld to protect privacy" in svg
    for label, value in BarChart(table_of("nights")).bars:
        assert f"{label}: {figure(value)}" in as_svg(BarChart(table_of("nights")))


def test_bars_are_printed_in_the_pdf(read_pdf) -> None:
    text = read_pdf(summary_pdf(release(), MADE_AT, SHELTER)).text
    assert text.count("Emergency medical care 41") == 2


def test_what_a_table_means_stands_in_the_list_and_in_the_workbook() -> None:
    words = "=All who came, by their age on the day."
    first, *others = request().tables
    made = protect(replace(request(), tables=(replace(first, means=words), *others)))
    listed = list(csv.DictReader(io.StringIO(summary_csv(made).decode())))
    assert {line["means"] for line in listed if line["figure"].startswith("age/")} == {"'" + words}
    assert {line["means"] for line in listed if not line["figure"].startswith("age/")} == {""}
    book = openpyxl.load_workbook(io.BytesIO(summary_xlsx(made, MADE_AT, SHELTER)))
    assert book.worksheets[1]["A2"].value == words
    assert book.worksheets[1]["A2"].data_type == "s", "a text, which nothing calculates with"
    assert book.worksheets[2]["A2"].value is None


def test_one_bar_alone_is_not_drawn_and_its_check_expects_none(read_pdf) -> None:
    """Everybody is of one age: there is nothing to compare, and the figure is said once."""
    cells = ((24,), (0,), (0,))
    table = TableRequest("t", "T", "residents", AGES[:3], ALL, cells, population="served")
    made = protect(replace(request(), population=24, tables=(table,)))
    assert isinstance(made, SafeRelease)
    assert not BarChart(made.tables[0]).says_something
    out = summary_files(made, MADE_AT, SHELTER)
    assert verify_summary(out).ok
    assert read_pdf(out["summary.pdf"]).text.count(f"{AGES[0].label} 24") == 1

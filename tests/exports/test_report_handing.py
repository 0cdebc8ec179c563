"""Reports on their way out: the files say what was looked at, no more, and nobody is in them."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest

from shelter_desk.desk import audit_log, residents, summaries
from shelter_desk.desk.funder_answers import AnswerFunders
from shelter_desk.desk.outcome_measures import MEASURES
from shelter_desk.desk.reporting import BUILDERS, handed_over
from shelter_desk.desk.service_log import CorrectEntry, Given, LogService
from shelter_desk.disclosure import Refused
from shelter_desk.domain.errors import InvalidError, NotFoundError
from shelter_desk.domain.report_kinds import REPORTS
from shelter_desk.exports.report_handing import (
    ToWhom,
    ask_for_protected,
    ask_for_report,
    files_again,
    hand_over,
)
from shelter_desk.exports.scanner import scan
from shelter_desk.exports.summary_release import make_summary, prepare_summary
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.reports.workbook_reading import read_workbook
from tests.conftest import newly_founded

QUARTER = "2026-Q1"
AFTER = datetime(2026, 4, 2, 12, tzinfo=UTC)
CALLED = ("Zephyrine", "Quillon", "Ottoline", "Barnabix", "Isolwyn", "Marzipane")
BASES = {kind.id: kind.bases[0].code for kind in REPORTS.values() if kind.is_exact}


@pytest.fixture
def house(open_desk):
    return lived_in(open_desk, 6)


def lived_in(opened, count):
    """Invented people with what reports count; it is April afterwards."""
    desk, stays = opened.desk, []
    for number in range(count):
        at = opened.clock.forward(minutes=1)
        called = CALLED[number % len(CALLED)]
        stays.append(desk.do(residents.Admit(called, at, age_guess=13 + number % 5)).subject)
        logged = LogService(stays[-1], "crisis_shelter", at, 30, voca_code="D1", units=2)
        opened.entry, opened.at = desk.do(logged).subject, at
    desk.do(AnswerFunders(stays[0], {"race": ("White",), "crimes": ("15",)}))
    opened.clock.at = AFTER
    for number, stay in enumerate(stays[1::2]):
        left = opened.at + timedelta(days=3 + number % 4)
        desk.do(residents.RecordExit(stay, left, "completed", "422"))
    return opened


def handed(house, report_id="voca", reason="", recipient="State agency"):
    question = ask_for_report(house.desk, report_id=report_id, period=QUARTER)
    return question, hand_over(house.desk, question, ToWhom(recipient, BASES[report_id], reason))


def words_of_pdf(data):
    document = pypdfium2.PdfDocument(data)
    try:
        return " ".join(
            " ".join(page.get_textpage().get_text_bounded() for page in document).split()
        )
    finally:
        document.close()


@pytest.mark.parametrize("report_id", sorted(BUILDERS))
def test_every_file_holds_the_figures_that_were_looked_at_and_nobody(house, report_id):
    question, out = handed(house, report_id)
    report, files = question.report, out.files
    assert set(files) == {"report.pdf", "report.csv", "report.xlsx"}
    rows = list(csv.DictReader(io.StringIO(files["report.csv"].decode())))
    listed = {f"{r['table']}/{r['row_code']}/{r['column_code']}": r["value"] for r in rows}
    shown = {
        f"{table.title}/{row.code}/{code}": str(value)
        for table in report.tables
        for row in table.rows
        for (code, _), value in zip(table.columns, row.values, strict=True)
    }
    assert listed == shown
    assert {row["status"] for row in rows} == {REPORTS[report_id].label}
    paper = words_of_pdf(files["report.pdf"])
    for table in report.tables:
        assert table.title in paper
    assert "not for publication" in paper
    assert "State agency" in paper
    book = read_workbook(files["report.xlsx"])  # refuses formulas, hidden sheets, comments, links
    assert len(book) == 1 + len(report.tables)
    for sheet, table in zip(book[1:], report.tables, strict=True):
        whole = [value for at, value in sheet.cells.items() if isinstance(value, int)]
        assert whole == [v for row in table.rows for v in row.values if isinstance(v, int)]
    assert scan(files, question.known, frozenset()) == ()


def test_the_workbook_tells_nothing_of_who_made_it(house):
    _, out = handed(house)
    assert b"Dana" not in out.files["report.xlsx"]
    assert b"shelter" not in out.files["report.xlsx"].lower()


def test_a_name_in_what_is_typed_keeps_the_report_in_the_house(house):
    before = house.desk.ask(audit_log.events, limit=1)
    for where, typed in (
        ("recipient", "For Zephyrine"),
        ("recipient", "Dana at the desk"),
        ("reason", "Ottoline was counted twice"),
    ):
        with pytest.raises(InvalidError) as refused:
            handed(house, **{where: typed})
        assert [problem.field for problem in refused.value.problems] == [where]
    asked = {"report_id": "outcomes", "period": QUARTER}
    with pytest.raises(InvalidError):
        ask_for_protected(house.desk, **asked, recipient="For Zephyrine")
    assert house.desk.ask(handed_over) == ()
    assert house.desk.ask(audit_log.events, limit=1) == before, "the trail can never be mended"


def test_an_amendment_says_old_and_new_in_every_file(house):
    handed(house)
    what = Given("crisis_shelter", house.at, 30, "D1", units=40)
    house.desk.do(CorrectEntry(house.entry, 1, what))
    question, out = handed(house, reason="Miscounted")
    assert question.report.figures()["lines/D1/times"] == 50
    rows = list(csv.DictReader(io.StringIO(out.files["report.csv"].decode())))
    assert [(r["value"], r["told_before"]) for r in rows if r["told_before"]] == [("50", "12")]
    paper = words_of_pdf(out.files["report.pdf"])
    assert "Amendment 1" in paper
    assert "Miscounted" in paper
    assert "12 50" in paper
    amended = read_workbook(out.files["report.xlsx"])[1]
    assert {12, 50} <= set(amended.cells.values())


def test_the_files_of_what_was_told_can_be_made_again_letter_by_letter(house):
    _, first = handed(house)
    what = Given("crisis_shelter", house.at, 30, "D1", units=40)
    house.desk.do(CorrectEntry(house.entry, 1, what))
    _, second = handed(house, reason="Miscounted")
    house.clock.forward(days=3)
    newer, older = house.desk.ask(handed_over)
    assert files_again(house.desk, older.release_id).files == first.files
    assert files_again(house.desk, newer.release_id).files == second.files
    with pytest.raises(NotFoundError):
        files_again(house.desk, "0" * 20)


def test_a_cell_that_a_spreadsheet_would_run_is_no_formula(house):
    question = ask_for_report(house.desk, report_id="voca", period=QUARTER)
    with pytest.raises(InvalidError):
        hand_over(house.desk, question, ToWhom("", BASES["voca"]))
    out = hand_over(house.desk, question, ToWhom('=HYPERLINK("x")', BASES["voca"]))
    about = read_workbook(out.files["report.xlsx"])[0]  # it refuses formulas and links
    assert '=HYPERLINK("x")' in about.cells.values()


# Protected


@pytest.fixture(scope="module")
def full_house(tmp_path_factory, care_model):
    """One house for all of these, in order: releases are remembered, as they should be."""
    opened = newly_founded(tmp_path_factory.mktemp("full") / "records", care_model)
    yield lived_in(opened, 48)
    opened.desk.close()


def test_the_residents_who_left_are_the_same_in_all_tables_of_outcomes(full_house):
    question = ask_for_protected(full_house.desk, report_id="outcomes", period=QUARTER)
    totals = {t.id: t.total for t in question.request.tables if t.population == "left"}
    assert len(totals) == 8
    assert set(totals.values()) == {24}
    came = {t.id: t.total for t in question.request.tables if t.population == "admitted"}
    assert set(came.values()) == {48}
    assert len(came) == 11


def test_outcomes_are_released_with_the_summary_and_after_it(full_house):
    desk = full_house.desk
    summary = make_summary(desk, period=QUARTER, audience="public")
    assert not isinstance(summary, Refused)
    prepared = prepare_summary(ask_for_protected(desk, report_id="outcomes", period=QUARTER))
    assert not isinstance(prepared, Refused), prepared.reason
    files = prepared.hand_out(desk.do)
    assert verify_summary(files).ok
    titles = [table.title for table in prepared.release.tables]
    assert "Residents who left, by length of stay" in titles
    shown = {table.id: table for table in prepared.release.tables}
    for table in summary.release.tables:  # what is out is shown again, figure by figure
        for before, now in zip(table.cells, shown[table.id].cells, strict=True):
            assert all(b is None or b == n for b, n in zip(before, now, strict=True))
    said = one_line(files["summary.pdf"])
    measured = [table for table in prepared.release.tables if table.id in MEASURES]
    assert len(measured) > 2
    for table in measured:
        assert table.means == MEASURES[table.id].means
        assert table.means in said, f"the paper says what {table.id} counts"
    assert "Made on 2 April 2026, 08:00 EDT." in said, "by the clock of the house"
    again = prepare_summary(ask_for_protected(desk, report_id="summary", period=QUARTER))
    assert not isinstance(again, Refused), again.reason


def one_line(pdf):
    with pypdfium2.PdfDocument(pdf) as paper:
        words = " ".join(page.get_textpage().get_text_bounded() for page in paper)
    return " ".join(words.split())


def test_a_summary_for_one_by_name_says_to_whom_it_went(full_house):
    desk = full_house.desk
    asked = {"report_id": "funder-summary", "period": QUARTER}
    with pytest.raises(InvalidError):
        ask_for_protected(desk, **asked, recipient=" ")
    question = ask_for_protected(desk, **asked, recipient="County office")
    assert question.request.settings.k == 5
    prepared = prepare_summary(question)
    files = prepared.hand_out(desk.do)
    assert verify_summary(files).ok
    assert desk.ask(summaries.releases)[0].recipient == "County office"
    assert scan(files, question.known, question.common) == ()
    with pytest.raises(InvalidError):
        ask_for_protected(desk, report_id="voca", period=QUARTER)

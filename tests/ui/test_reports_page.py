"""The page of all reports on real records: counted, looked behind, handed over, told again."""

import csv
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from shelter_desk.desk import summaries
from shelter_desk.desk.audit_log import events
from shelter_desk.desk.outcome_measures import MEASURES
from shelter_desk.desk.own_ratings import slips_of
from shelter_desk.desk.reporting import handed_over
from shelter_desk.desk.service_log import CorrectEntry, Given, LogService
from shelter_desk.domain.report_kinds import REPORTS
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.reports.wording import figure
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.report_parts.behind_sheet import BehindSheet
from shelter_desk.ui.widgets import Label
from tests.ui.real_window import Opened, settle

AFTER = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def lived_in(opened, count=2):
    """Residents with one counted entry each; now it is April."""
    for number in range(count):
        stay = opened.admit(f"Sky {number}", age_guess=14 + number % 3)
        given = LogService(stay, "crisis_shelter", opened.clock(), 15, voca_code="D1")
        opened.entry = opened.desk.do(given).subject
    opened.given_at, opened.clock.at = opened.clock(), AFTER
    return opened.go("reports")


def choose(page, kind, period="2026-Q1"):
    page.kind.setCurrentIndex(page.kind.findData(kind))
    page.period.setCurrentIndex(page.period.findData(period))


def hand_over(opened, page, recipient="State agency", reason=""):
    page.leave.click()
    settle()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"recipient": recipient})
    if reason:
        sheet.form.put({"reason": reason})
    sheet.save.click()
    settle()
    return sheet


def saved_csv(folder):
    text = (folder / "report.csv").read_text()
    return {
        (row["table"], row["row"], row["column"]): row["value"]
        for row in csv.DictReader(text.splitlines())
    }


def test_every_report_of_the_catalogue_is_on_the_page_and_can_be_counted(opened):
    page = lived_in(opened)
    assert [page.kind.itemData(at) for at in range(page.kind.count())] == list(REPORTS)
    for kind in REPORTS.values():
        choose(page, kind.id)
        page.count.click()
        if kind.id == "funder-summary":
            opened.sheet(FormSheet).close_sheet()
            continue
        assert page.note.isVisibleTo(page)
        assert bool(page.exact.tables) == kind.is_exact
        assert page.explain.isVisibleTo(page)
    assert opened.told == []


def test_a_year_is_not_offered_where_the_form_knows_quarters_only(opened):
    page = lived_in(opened)
    choose(page, "voca")
    periods = [page.period.itemData(at) for at in range(page.period.count())]
    assert periods == ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2"]
    choose(page, "rhy")
    assert page.period.findData("2025") > 0
    assert page.period.currentData() == "2026-Q1"


def test_what_is_seen_is_what_is_saved_and_it_stands_in_the_records(opened, out):
    page = lived_in(opened)
    choose(page, "voca")
    page.count.click()
    seen = {}
    for name, table in page.exact.tables.items():
        title = next(t.title for t in page._exact.report.tables if t.id == name)
        for line in table.lines:
            for column, value in zip(table.lines_model.columns[1:], line.values, strict=True):
                seen[title, line.label, column.heading] = (column.show(line), value)
    page.choose_folder = lambda _host, _title: str(out)
    hand_over(opened, page)
    (folder,) = out.iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "report.csv", "report.pdf", "report.xlsx",
    ]  # fmt: skip
    told = saved_csv(folder)
    assert told == {where: str(value) for where, (_, value) in seen.items()}
    assert all(shown in (str(v), figure(v) if isinstance(v, int) else v)
               for shown, v in seen.values())  # fmt: skip
    assert [line.recipient for line in page.told.lines] == ["State agency"]
    assert "read back" in opened.said[-1]
    assert not page.leave.isEnabled()


def test_nothing_is_handed_over_when_the_folder_is_not_chosen_and_words_stay(opened):
    page = lived_in(opened)
    page.count.click()
    asked = []
    page.choose_folder = lambda _host, title: asked.append(title) or ""
    sheet = hand_over(opened, page, recipient="Guardian of Sky 1")
    assert "a name in it" in sheet.form.frames["recipient"].problem.text()
    assert asked == [], "a name is refused beside its field, before anything is asked or saved"
    sheet.close_sheet()
    sheet = hand_over(opened, page)
    assert len(asked) == 1
    assert sheet.isVisible()
    assert sheet.form.typed()["recipient"] == "State agency"
    assert opened.desk.ask(handed_over) == ()


def test_an_amendment_is_shown_before_and_says_why(opened, out):
    page = lived_in(opened)
    page.choose_folder = lambda _host, _title: str(out)
    page.count.click()
    hand_over(opened, page)
    what = Given("crisis_shelter", opened.given_at, 15, "D1", units=5)
    opened.desk.do(CorrectEntry(opened.entry, 1, what))
    page.count.click()
    hand_over(opened, page)  # no reason yet
    assert len(opened.desk.ask(handed_over)) == 1
    assert opened.told
    opened.sheet().close_sheet() if opened.sheet() else None
    page.count.click()
    hand_over(opened, page, reason="Miscounted")
    assert [line.number for line in page.told.lines] == [2, 1]
    newest = max(out.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert saved_csv(newest)["Times provided (8A to 8E)", "D1 Emergency shelter or safe house",
                             "Times"] == "6"  # fmt: skip


def test_enter_on_a_line_opens_the_records_behind_it_and_the_trail_says_so(opened):
    page = lived_in(opened)
    page.count.click()
    table = page.exact.tables["lines"]
    at = next(number for number, line in enumerate(table.lines) if line.code == "D1")
    table.setFocus()
    table.selectRow(at)
    opened.press(Qt.Key.Key_Return)
    sheet = opened.sheet(BehindSheet)
    assert [line.called for line in sheet.records.lines] == ["Sky 0", "Sky 1"]
    newest = opened.desk.ask(events)[0]
    assert (newest.action, newest.reason) == ("report.explain", "voca:2026-Q1:lines/D1/times")
    sheet.records.setFocus()
    sheet.records.selectRow(0)
    opened.press(Qt.Key.Key_Return)
    assert opened.sheet(BehindSheet) is None
    assert opened.window.view("resident").isVisible()


def test_the_line_that_has_the_keyboard_is_in_view(opened):
    page = lived_in(opened)
    page.count.click()
    settle()
    table = page.exact.tables["lines"]
    table.setFocus()
    table.selectRow(0)
    for _ in range(len(table.lines) - 1):
        opened.press(Qt.Key.Key_Down)
        place = table.visualRect(table.currentIndex())
        at = table.viewport().mapTo(page.shown.viewport(), place.center())
        assert page.shown.viewport().rect().contains(at.x(), at.y())


def test_the_button_explains_the_line_chosen_last(opened):
    page = lived_in(opened)
    page.count.click()
    page.explain.click()
    assert opened.sheet(BehindSheet) is None
    page.exact.tables["individuals"].selectRow(0)
    page.explain.click()
    settle()
    assert len(opened.sheet(BehindSheet).records.lines) == 2


@pytest.mark.parametrize("report_id", ["summary", "outcomes"])
def test_a_figure_of_safe_tables_is_explained_shown_or_withheld(opened, report_id):
    for number in range(24):
        years = 2014 if number < 2 else 2009
        opened.admit(f"Sky {number}", born_on=date(years, 1, 1 + number))
    opened.clock.at = AFTER
    page = opened.go("reports")
    choose(page, report_id)
    page.count.click()
    table = page.safe.tables[0]
    lines = {str(line[0]): at for at, line in enumerate(table.lines)}
    table.setFocus()
    table.selectRow(lines["Total"])
    opened.press(Qt.Key.Key_Return)
    sheet = opened.sheet(BehindSheet)
    assert len(sheet.records.lines) == 24
    newest = opened.desk.ask(events)[0]
    assert (newest.action, newest.reason) == (
        "report.explain", f"{report_id}:2026-Q1:served/total/total",
    )  # fmt: skip
    sheet.close_sheet()
    table.selectRow(lines["0-12"])
    opened.press(Qt.Key.Key_Return)
    reason = page.more.sheet
    assert not reason.instead.isVisible()
    assert "small group" in reason.reason.text()
    reason.records.click()
    settle()
    sheet = opened.sheet(BehindSheet)
    assert sorted(line.called for line in sheet.records.lines) == ["Sky 0", "Sky 1"]
    sheet.close_sheet()
    page.explain.click()
    settle()
    assert len(opened.sheet(BehindSheet).records.lines) == 2
    assert page.safe.tables


def test_the_files_of_what_was_told_are_made_again(opened, out):
    page = lived_in(opened)
    page.choose_folder = lambda _host, _title: str(out)
    page.count.click()
    hand_over(opened, page)
    page.told.setFocus()
    page.told.selectRow(0)
    opened.press(Qt.Key.Key_Return)
    first, again = sorted(out.iterdir())
    for name in ("report.pdf", "report.csv", "report.xlsx"):
        assert (first / name).read_bytes() == (again / name).read_bytes()
    assert len(opened.desk.ask(handed_over)) == 1


def test_a_summary_for_one_by_name_and_a_public_one_leave_from_here(opened, out):
    page = lived_in(opened, 24)
    page.choose_folder = lambda _host, _title: str(out)
    choose(page, "summary")
    page.count.click()
    assert "figures shown: safe" in page.note.text
    assert page.safe.tables
    page.leave.click()
    settle()
    choose(page, "funder-summary")
    page.count.click()
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"recipient": "County office"})
    sheet.save.click()
    settle()
    page.leave.click()
    settle()
    recipients = [line.recipient for line in opened.desk.ask(summaries.releases)]
    assert recipients == ["County office", ""]
    for folder in out.iterdir():
        assert verify_summary({p.name: p.read_bytes() for p in folder.iterdir()}).ok


def test_a_report_that_stayed_with_its_recipient_becomes_public_by_keyboard(opened, out):
    page = lived_in(opened)
    page.choose_folder = lambda _host, _title: str(out)
    choose(page, "rhy")
    page.count.click()
    assert not page.publish.isVisible(), "nothing was handed over"
    hand_over(opened, page)
    assert not page.publish.isEnabled(), "no line is chosen"
    page.told.selectRow(0)
    page.publish.setFocus()
    opened.press(Qt.Key.Key_Space)
    sheet = opened.sheet(FormSheet)
    words = sheet.findChildren(Label)
    assert any("below 11: by itself it tells of a few" in label.text() for label in words)
    assert any("no further small group" in label.text() for label in words)
    sheet.save.click()
    assert sheet.isVisible(), "why is asked"
    sheet.form.put({"reason": "published"})
    sheet.save.click()
    settle()
    (line,) = page.told.lines
    assert line.is_public
    assert opened.desk.ask(events)[0].reason == "rhy:2026-Q1:published"
    page.told.selectRow(0)
    assert not page.publish.isEnabled()
    assert opened.told == []


def test_where_it_is_not_shown_to_be_harmless_nobody_can_agree_on_the_page(opened, out):
    page = lived_in(opened, 24)
    page.choose_folder = lambda _host, _title: str(out)
    choose(page, "summary")
    page.count.click()
    page.leave.click()
    settle()
    choose(page, "rhy")
    page.count.click()
    hand_over(opened, page)
    page.told.selectRow(0)
    page.publish.click()
    settle()
    sheet = opened.sheet(FormSheet)
    said = " ".join(one.text() for one in sheet.findChildren(Label))
    assert "nobody here can agree" in said
    assert "What can be done: let them have the summary" in said
    assert "/" not in said, "no figure by its id"
    offered = [one.text() for one in sheet.form.findChildren(QAbstractButton)]
    assert offered == ["They have published it", "A law or a court makes it public"]
    sheet.close_sheet()
    assert not page.told.lines[0].is_public


def test_what_a_measure_means_stands_beside_it(opened):
    page = lived_in(opened, 24)
    choose(page, "outcomes")
    page.count.click()
    measured = [one for one in page._prepared.release.tables if one.id in MEASURES]
    assert len(measured) > 2
    shown = {label.text() for label in page.safe.findChildren(Label)}
    assert {one.means for one in measured} <= shown
    assert all(MEASURES[one.id].means == one.means for one in measured)


def test_tables_left_out_of_a_quarter_lead_to_the_year_by_keyboard(opened):
    for number in range(24):
        opened.admit(f"Sky {number}", age_guess=14 + number % 3)
    opened.clock.at = datetime(2027, 1, 5, 15, 0, tzinfo=UTC)
    page = opened.go("reports")
    choose(page, "outcomes", "2026-Q4")
    page.count.click()
    settle()
    assert "needs at least 35" in " ".join(one.text() for one in page.findChildren(Label))
    page.safe.to_coarser.setFocus()
    opened.press(Qt.Key.Key_Space)
    settle()
    assert page.period.currentData() == "2026"
    assert "figures shown" in page.note.text
    assert page.safe.to_coarser is None, "there is nothing longer than the year"


def test_a_slip_without_a_name_is_written_down_by_keyboard(opened):
    page = lived_in(opened)
    choose(page, "rhy")
    assert not page.slip.isVisible()
    choose(page, "outcomes")
    page.slip.setFocus()
    opened.press(Qt.Key.Key_Space)
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"period": "2026-Q1"})
    sheet.form.editors["safe"].setFocus()
    opened.write("9")
    opened.press(Qt.Key.Key_Return)
    settle()
    assert opened.sheet(FormSheet) is None
    assert opened.desk.ask(slips_of, period="2026-Q1") == 1
    assert "Slips of that quarter: 1" in opened.said[-1]

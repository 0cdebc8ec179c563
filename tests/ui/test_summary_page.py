"""The summary page on real records: prepared, seen, released, saved and checked."""

import multiprocessing
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from shelter_desk.desk import residents, summaries
from shelter_desk.disclosure import Refused
from shelter_desk.disclosure.child import AT_WORK
from shelter_desk.domain.errors import StaleError
from shelter_desk.exports.problems import DriveGoneError
from shelter_desk.exports.summary_release import make_summary
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.ui.jobs import ThreadedJobs
from shelter_desk.ui.periods_shown import finished_periods
from shelter_desk.ui.report_parts.behind_sheet import BehindSheet
from tests.ui.real_window import Opened, settle

AFTER = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
FOUR = {"summary.pdf", "summary.csv", "summary.xlsx", "certificate.json"}


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def with_residents(opened, count, at=AFTER, years=(2009, 2012)):
    for number in range(count):
        year = 2014 if number < 2 else years[number % 2]
        opened.admit(f"Sky {number}", born_on=date(year, 1, 1 + number))
    opened.clock.at = at
    return opened.go("summary")


def at_work():
    """Tell whether a search runs."""
    return any(child.name == AT_WORK for child in multiprocessing.active_children())


@pytest.fixture
def no_child_kept():
    """A search begins with the start of its child, so that there is time to see it run."""
    for child in multiprocessing.active_children():
        child.kill()
        child.join()


def choose(page, period="2026-Q1", audience="named"):
    page.period.setCurrentIndex(page.period.findData(period))
    page.audience.set_value(audience)
    page.audience.chosen.emit(audience)
    page.choices.recipient.setText("A. Funder")


def test_the_periods_are_the_last_four_quarters_and_years_that_are_over():
    ids = [period.id for period in finished_periods(date(2026, 3, 31))]
    assert ids == ["2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1", "2025", "2024", "2023", "2022"]
    assert finished_periods(date(2026, 4, 1))[0].id == "2026-Q1"


def test_too_few_residents_are_refused_calmly_and_nothing_can_be_released(opened):
    page = with_residents(opened, 3)
    choose(page)
    page.prepare.click()
    assert "No summary can be made of this period." in page.note.text
    assert "Take a longer period" in page.note.text, "a coarser version has no more residents"
    assert not page.release.isEnabled()
    assert opened.told == []
    assert opened.desk.ask(summaries.releases) == ()


def test_what_is_prepared_is_shown_and_only_a_release_reaches_the_ledger(opened, tmp_path):
    page = with_residents(opened, 24)
    choose(page)
    page.prepare.click()
    head, _, tail = page.note.text.partition(" figures shown: ")
    assert tail == "safe, fewest possible withheld"
    shown, every = head.split(" of ")
    assert 0 < int(shown) <= int(every)
    cells = [cell for table in page.preview.tables for row in table.lines for cell in row[1:]]
    assert "*" in cells
    assert 0 in cells
    assert 24 in cells
    assert all(cell in ("*", 0) or cell >= 5 for cell in cells)
    assert opened.desk.ask(summaries.releases) == ()
    page.choose_folder = lambda _host, _title: str(tmp_path)
    page.release.setFocus()
    page.release.click()
    assert opened.window.focusWidget() is page.prepare, "the button that was pressed is off"
    (folder,) = [path for path in tmp_path.iterdir() if path.name.startswith("Summary")]
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == FOUR
    assert verify_summary(files).ok
    assert b"2026-Q1" in files["certificate.json"]
    assert [line.period for line in page.earlier.lines] == ["2026-Q1"]
    assert "checks passed" in opened.said[-1]
    assert not page.release.isEnabled()


def test_that_no_fewer_blanks_would_do_is_said_where_it_is_proved(opened):
    page = with_residents(opened, 24, at=datetime(2026, 7, 2, 15, tzinfo=UTC))
    choose(page, period="2026-Q2")
    page.prepare.click()
    assert page.note.text.endswith(" figures shown: safe, fewest possible withheld")


def test_where_the_proof_hides_more_than_the_counts_ask_for_fewest_is_not_claimed(opened):
    """Two of 25 to 59 were there before; that nobody else was, the proof has to hide too."""
    came = ((1990, 2), (2014, 3), (2011, 20), (2006, 2))
    for year, many in came:
        for number in range(many):
            opened.admit(f"Sky {year} {number}", born_on=date(year, 1, 1 + number))
        opened.clock.at = datetime(2026, 4, 10, 15, tzinfo=UTC)
    opened.clock.at = datetime(2026, 7, 2, 15, tzinfo=UTC)
    page = opened.go("summary")
    choose(page, period="2026-Q2")
    page.prepare.click()
    assert "figures shown: safe" in page.note.text
    assert "fewest" not in page.note.text


def test_leaving_the_folder_question_releases_nothing(opened):
    page = with_residents(opened, 24)
    choose(page)
    page.prepare.click()
    page.choose_folder = lambda _host, _title: ""
    page.release.click()
    assert opened.desk.ask(summaries.releases) == ()
    assert page.release.isEnabled()


def test_a_drive_that_is_gone_is_told_and_the_ledger_keeps_the_release(opened, tmp_path):
    page = with_residents(opened, 24)
    choose(page)
    page.prepare.click()
    page.choose_folder = lambda _host, _title: str(tmp_path / "not there")
    page.release.click()
    assert [type(error) for error in opened.told] == [DriveGoneError]
    assert len(opened.desk.ask(summaries.releases)) == 1
    assert "were not saved" in page.note.text
    page.prepare.click()
    page.choose_folder = lambda _host, _title: str(tmp_path)
    page.release.click()
    (folder,) = tmp_path.glob("Summary *")
    assert {path.name for path in folder.iterdir()} == FOUR


def test_the_line_of_totals_is_never_cut_off(opened):
    page = with_residents(opened, 24)
    choose(page)
    page.prepare.click()
    settle()
    assert len(page.preview.tables) > 3
    for table in page.preview.tables:
        last = len(table.lines) - 1
        lower_edge = table.rowViewportPosition(last) + table.rowHeight(last)
        assert lower_edge <= table.viewport().height()


def test_other_choices_take_the_prepared_summary_away(opened):
    page = with_residents(opened, 24)
    choose(page)
    page.prepare.click()
    assert page.release.isEnabled()
    choose(page, audience="public")
    assert not page.release.isEnabled()
    assert page.preview.tables == ()
    assert "fewer than 11" in page.rule.text()


def test_cancel_ends_the_search_and_the_page_is_as_before(opened, qtbot, no_child_kept):
    page = with_residents(opened, 24)
    choose(page)
    opened.shared.jobs = jobs = ThreadedJobs()
    page.prepare.setFocus()
    opened.press(Qt.Key.Key_Space)
    assert page.cancel.isVisible()
    assert page.cancel.hasFocus()
    assert not page.prepare.isVisible()
    qtbot.waitUntil(at_work, timeout=10_000)
    opened.press(Qt.Key.Key_Space)
    assert page.prepare.hasFocus()
    assert not page.cancel.isVisible()
    assert not page.note.isVisible()
    qtbot.waitUntil(lambda: not at_work(), timeout=10_000)
    settle()
    assert not page.release.isEnabled()
    assert opened.told == []
    jobs.finish()


def test_leaving_the_page_ends_the_search(opened, qtbot, no_child_kept):
    page = with_residents(opened, 24)
    choose(page)
    opened.shared.jobs = jobs = ThreadedJobs()
    page.prepare.click()
    qtbot.waitUntil(at_work, timeout=10_000)
    opened.go("today")
    qtbot.waitUntil(lambda: not at_work(), timeout=10_000)
    assert opened.told == []
    jobs.finish()


def test_the_search_does_not_keep_the_records_from_answering(opened, qtbot, no_child_kept):
    page = with_residents(opened, 24)
    choose(page)
    opened.shared.jobs = jobs = ThreadedJobs()
    page.prepare.click()
    qtbot.waitUntil(at_work, timeout=10_000)
    seen = []
    jobs.run(page, at_work, seen.append, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [True]
    qtbot.waitUntil(page.release.isEnabled, timeout=20_000)
    jobs.finish()


def test_a_named_summary_needs_a_name(opened, tmp_path):
    page = with_residents(opened, 24)
    choose(page)
    page.choices.recipient.clear()
    page.prepare.click()
    page.choose_folder = lambda _host, _title: str(tmp_path)
    page.release.click()
    assert "Write who will read it" in page.note.text
    assert opened.desk.ask(summaries.releases) == ()


def blanks(page):
    """Every place where a figure is withheld: table, line, column."""
    return [
        (table, line, column)
        for table in page.preview.tables
        for line, row in enumerate(table.lines)
        for column, cell in enumerate(row)
        if cell == "*"
    ]


def ask_about(opened, place):
    """Ask for the reason with the keyboard; return the sheet."""
    table, line, column = place
    table.setFocus()
    table.setCurrentIndex(table.lines_model.index(line, column))
    opened.press(Qt.Key.Key_Return)
    return opened.go_on_page.more.sheet


def test_a_withheld_figure_says_why_and_another_can_be_withheld_instead(opened):
    """Two are under 13; with them eleven others are withheld, or eleven more."""
    page = opened.go_on_page = with_residents(opened, 24, years=(2009, 2007))
    choose(page)
    page.prepare.click()
    first = [place for place in blanks(page) if place[0] is page.preview.tables[0]]
    said = []
    for place in first:
        sheet = ask_about(opened, place)
        said.append(sheet.reason.text())
        sheet.leave.click()
    assert said[0] == "It covers a small group."
    small = "Residents served, by age: 0-12"
    assert said[1].startswith(f"If it were shown, {small} would be known to be at most 2, from ")
    _, line, column = first[1]
    ask_about(opened, first[1]).instead.click()
    assert page.prepare.hasFocus(), "the table that had the keyboard is another one now"
    assert "figures shown: safe" in page.note.text
    lines = page.preview.tables[0].lines
    assert lines[line][column] == 11
    assert [row[column] for row in lines].count("*") == 2
    table, line, column = blanks(page)[0]
    ask_about(opened, (table, line, column)).instead.click()
    assert page.note.text.startswith("It cannot be shown.")
    assert page.preview.tables[0].lines[line][column] == "*"
    assert page.release.isEnabled()


def test_ranges_are_on_screen_and_hold_the_true_numbers(opened):
    page = with_residents(opened, 24)
    choose(page)
    page.prepare.click()
    places = blanks(page)
    page.with_ranges.setChecked(True)
    assert blanks(page) == []
    shown = [page.preview.tables[0].lines[line][column] for _, line, column in places[:2]]
    assert all("\u2013" in words or words.endswith("+") for words in shown)
    page.with_ranges.setChecked(False)
    assert len(blanks(page)) == len(places)


def test_other_versions_are_ranked_and_one_key_takes_one(opened):
    page = with_residents(opened, 24)
    choose(page)
    page.compare.click()
    lines = page.advice.table.lines
    assert [line.key.partition("/")[0] for line in lines] == ["2026-Q1"] * 4
    ranks = [(len(line.left_out), -line.share) for line in lines]
    assert ranks == sorted(ranks)
    assert ranks[0] < ranks[-1]
    page.advice.table.selectRow(0)
    best = lines[0].key.partition("/")[2]
    page.advice.table.setFocus()
    opened.press(Qt.Key.Key_Return)
    assert page.choices.detail.currentData() == best
    assert f"{lines[0].shown} of {lines[0].figures} figures shown" in page.note.text


def test_a_number_that_is_public_is_written_down_on_the_page(opened):
    page = with_residents(opened, 24)
    choose(page)
    sheet = page.told.ask()
    sheet.form.editors["figure"].put("release/total/total")
    sheet.form.editors["value"].put(24)
    sheet.form.editors["told_to"].put("The Harbor Herald")
    sheet.form.editors["told_on"].put(date(2026, 4, 1))
    sheet.try_save()
    (line,) = page.told.table.lines
    assert (line.words, line.value, line.told_to) == ("everybody", 24, "The Harbor Herald")
    page.told.table.selectRow(0)
    page.told.take_back.click()
    assert page.told.table.lines == ()


def test_a_year_is_decided_together_on_the_page(opened, tmp_path):
    for month in (1, 4, 7, 10):
        opened.clock.at = datetime(2025, month, 20, 9, 0, tzinfo=UTC)
        for number in range(12):
            stay = opened.admit(f"Sky {month} {number}", born_on=date(2009, 1, 2))
            opened.clock.forward(minutes=1)
            done = residents.RecordExit(stay, opened.clock(), "left-early", "99")
            opened.desk.do(done)
    opened.clock.at = AFTER
    page = opened.go("summary")
    choose(page, "2025-Q2")
    assert not page.together.isVisible()
    choose(page, "2025")
    page.together.click()
    assert page.note.text.startswith("Safe together.")
    seen = {}
    for part in page.year.choice.findChildren(QAbstractButton):
        part.click()
        table = page.preview.tables[0]
        seen[part.text()] = table.lines[-1][-1]
        table.selectRow(len(table.lines) - 1)
        page.more.explaining.button.click()
        assert len(opened.sheet(BehindSheet).records.lines) == table.lines[-1][-1]
        opened.sheet().close_sheet()
    assert [seen.pop("2025"), *seen.values()] == [48, 12, 12, 12, 12], (
        "each is seen before it leaves"
    )
    page.choose_folder = lambda _host, _title: str(tmp_path)
    page.release.click()
    assert len(list(tmp_path.glob("Summary 2025*"))) == 5
    assert len(page.earlier.lines) == 5
    assert {line.recipient for line in page.earlier.lines} == {"A. Funder"}
    page.together.click()
    assert "All of it is out already" in page.note.text
    assert not page.release.isEnabled()


def test_a_release_made_elsewhere_meanwhile_is_not_overlooked(opened, tmp_path):
    page = with_residents(opened, 24)
    choose(page)
    page.prepare.click()
    made = make_summary(opened.desk, period="2026-Q1", audience="public")
    assert not isinstance(made, Refused)
    page.choose_folder = lambda _host, _title: str(tmp_path)
    page.release.click()
    assert [type(error) for error in opened.told] == [StaleError]
    assert list(tmp_path.glob("Summary *")) == []
    assert [line.audience for line in opened.desk.ask(summaries.releases)] == ["public"]


def test_three_things_and_a_resident_among_the_readers_are_one_tick_each(opened):
    page = with_residents(opened, 24)
    choose(page)
    choices = page.choices
    choices.three_way.click()
    page.prepare.click()
    assert "Three things crossed do not fit" in page.note.text
    assert "two things at once" in page.note.text
    assert not page.release.isEnabled()
    choices.three_way.click()
    choices.insider.click()
    assert choices.wanted()["detail"] == "bands+insider"
    page.prepare.click()
    assert "figures shown" in page.note.text
    choices.three_way.click()
    choices.detail.setCurrentIndex(choices.detail.findData("margins"))
    assert not choices.three_way.isEnabled()
    assert choices.wanted()["detail"] == "margins+insider"
    for box in (choices.three_way, choices.insider):
        assert box.accessibleDescription()


def test_what_is_left_out_leads_to_coarser_versions_by_keyboard(opened):
    page = with_residents(opened, 24)
    choose(page, audience="public")
    page.prepare.click()
    settle()
    page.preview.to_coarser.setFocus()
    opened.press(Qt.Key.Key_Space)
    settle()
    assert page.advice.isVisible()
    assert page.advice.table.hasFocus()
    fewest, most = page.advice.table.lines[0], page.advice.table.lines[-1]
    assert len(fewest.left_out) <= len(most.left_out)
    opened.press(Qt.Key.Key_Return)
    settle()
    assert page.advice.isHidden()
    assert page.prepare.hasFocus(), "the keyboard stays with what was begun"

"""The summary page on real records: prepared, seen, released, saved and checked."""

import multiprocessing
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import summaries
from shelter_desk.disclosure import Refused
from shelter_desk.domain.errors import StaleError
from shelter_desk.exports.problems import DriveGoneError
from shelter_desk.exports.summary_release import make_summary
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.ui.jobs import ThreadedJobs
from shelter_desk.ui.periods_shown import finished_periods
from tests.ui.real_window import Opened, settle

AFTER = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
FOUR = {"summary.pdf", "summary.csv", "summary.xlsx", "certificate.json"}


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def with_residents(opened, count, at=AFTER):
    for number in range(count):
        year = 2014 if number < 2 else (2009, 2012)[number % 2]
        opened.admit(f"Sky {number}", born_on=date(year, 1, 1 + number))
    opened.clock.at = at
    return opened.go("summary")


def choose(page, period="2026-Q1", audience="named"):
    page.period.setCurrentIndex(page.period.findData(period))
    page.audience.set_value(audience)
    page.audience.chosen.emit(audience)


def test_the_periods_are_the_last_four_quarters_and_years_that_are_over():
    ids = [period.id for period in finished_periods(date(2026, 3, 31))]
    assert ids == ["2025-Q4", "2025-Q3", "2025-Q2", "2025-Q1", "2025", "2024", "2023", "2022"]
    assert finished_periods(date(2026, 4, 1))[0].id == "2026-Q1"


def test_too_few_residents_are_refused_calmly_and_nothing_can_be_released(opened):
    page = with_residents(opened, 3)
    choose(page)
    page.prepare.click()
    assert "No summary can be made of this period." in page.note.text
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
    page.release.click()
    (folder,) = [path for path in tmp_path.iterdir() if path.name.startswith("Summary")]
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == FOUR
    assert verify_summary(files).ok
    assert b"2026-Q1" in files["certificate.json"]
    assert [line.period for line in page.earlier.lines] == ["2026-Q1"]
    assert "checks passed" in opened.said[-1]
    assert not page.release.isEnabled()


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


def test_cancel_ends_the_search_and_the_page_is_as_before(opened, qtbot):
    page = with_residents(opened, 24)
    choose(page)
    opened.shared.jobs = jobs = ThreadedJobs()
    page.prepare.setFocus()
    opened.press(Qt.Key.Key_Space)
    assert page.cancel.isVisible()
    assert page.cancel.hasFocus()
    assert not page.prepare.isVisible()
    qtbot.waitUntil(lambda: bool(multiprocessing.active_children()), timeout=10_000)
    opened.press(Qt.Key.Key_Space)
    assert page.prepare.hasFocus()
    assert not page.cancel.isVisible()
    assert not page.note.isVisible()
    qtbot.waitUntil(lambda: not multiprocessing.active_children(), timeout=10_000)
    settle()
    assert not page.release.isEnabled()
    assert opened.told == []
    jobs.finish()


def test_leaving_the_page_ends_the_search(opened, qtbot):
    page = with_residents(opened, 24)
    choose(page)
    opened.shared.jobs = jobs = ThreadedJobs()
    page.prepare.click()
    qtbot.waitUntil(lambda: bool(multiprocessing.active_children()), timeout=10_000)
    opened.go("today")
    qtbot.waitUntil(lambda: not multiprocessing.active_children(), timeout=10_000)
    assert opened.told == []
    jobs.finish()


def test_the_search_does_not_keep_the_records_from_answering(opened, qtbot):
    page = with_residents(opened, 24)
    choose(page)
    opened.shared.jobs = jobs = ThreadedJobs()
    page.prepare.click()
    qtbot.waitUntil(lambda: bool(multiprocessing.active_children()), timeout=10_000)
    seen = []
    jobs.run(page, lambda: bool(multiprocessing.active_children()), seen.append, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [True]
    qtbot.waitUntil(page.release.isEnabled, timeout=20_000)
    jobs.finish()


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

"""The audit trail as a director reads it, and its check."""

import pytest

from shelter_desk.desk import audit_log
from shelter_desk.desk.residents import NoteOpened, record
from shelter_desk.ui.pages import discover
from tests.ui.real_window import Opened


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def test_events_stand_newest_first_and_follow_what_is_done(opened):
    page = opened.go("audit_trail")
    before = [line.seq for line in page.table.lines]
    assert before == sorted(before, reverse=True)
    assert before
    stay = opened.admit()
    opened.go("resident", stay)
    opened.go("audit_trail")
    top = page.table.lines[:2]
    assert [line.action for line in top] == ["resident.view", "resident.admit"]
    assert [line.object for line in top] == [stay, stay]
    code = opened.desk.ask(record, stay_id=stay, now=opened.clock()).case_code
    assert [line.about for line in top] == [code, code], "whose record was opened is no riddle"
    assert {line.who for line in top} == {"Dana"}


def test_earlier_events_are_shown_on_request(opened):
    stay = opened.admit()
    opened.go("settings")
    opened.desk.do_all([NoteOpened(stay)] * 210)
    opened.shared.do(NoteOpened(stay))
    page = opened.go("audit_trail")
    assert len(page.table.lines) == 200
    page.earlier.click()
    assert [line.seq for line in page.table.lines] == list(range(len(page.table.lines), 0, -1))
    assert not page.earlier.isVisible()


def test_the_check_says_that_the_trail_is_whole_and_gives_its_short_form(opened):
    page = opened.go("audit_trail")
    page.check.click()
    report = opened.desk.ask(audit_log.trail)
    assert report.is_whole
    assert report.short_form in page.found.text
    assert f"{report.count} events" in page.found.text
    assert page.check.isEnabled()


def test_a_trail_that_does_not_hold_is_said_plainly(opened):
    page = opened.go("audit_trail")
    page._checked(audit_log.TrailReport(9, b"", False, "Event 4 does not fit.", "", 0))
    assert "does not hold together: Event 4 does not fit." in page.found.text


def test_only_those_who_may_read_it_have_the_page():
    (page,) = [page for page in discover() if page.name == "audit_trail"]
    assert page.needs.name == "READ_AUDIT"

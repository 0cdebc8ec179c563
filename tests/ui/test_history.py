"""Every page shows who touched what stands on it, to whom the audit trail is open."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import entry
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.audit_words import WORDS
from shelter_desk.desk.base import Command
from shelter_desk.desk.findings import RecordFinding, WithdrawFinding
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.shelter import AddBed
from shelter_desk.desk.visits import EndVisit, PlanVisit
from shelter_desk.desk.who_touched import actions_of, who_touched
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.ui.history_sheet import HistorySheet
from shelter_desk.ui.pages import discover
from tests.ui.real_window import Opened, settle

CTRL = Qt.KeyboardModifier.ControlModifier
ADA, ADAS = "a" * 20, "four invented words here"
# Pages without a history, and why.
NOTHING_TO_TOUCH = {
    "about": "says what the program is; nothing of it is a record",
    "audit_trail": "is the history of everything",
}
# Events that touch no record of any page: the trail itself has them.
TOUCHES_NOTHING = {"staff.sign-in", "staff.failed-try", "audit.checkpoint"}


@pytest.fixture
def colleagues():
    return (Colleague(ADA, "Ada", ("residential-staff",), ADAS),)


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def every_command(of=Command):
    for command in of.__subclasses__():
        yield command
        yield from every_command(command)


def test_every_page_has_a_history_and_every_act_stands_in_one():
    pages = {page.name: page.touched for page in discover()}  # which loads every command
    assert {name for name, kinds in pages.items() if not kinds} == set(NOTHING_TO_TOUCH)
    every_kind = {kind for kinds in pages.values() for kind in kinds}
    assert [kind for kind in sorted(every_kind) if not actions_of([kind])] == []
    assert set(WORDS) - set(actions_of(every_kind)) == TOUCHES_NOTHING
    ours = [one for one in every_command() if one.__module__.startswith("shelter_desk.")]
    acts = {one.action for one in ours if hasattr(one, "action")}
    assert len(acts) > 100
    assert acts - set(WORDS) == set(), "the trail says each act in words"


def shown(opened):
    sheet = opened.sheet(HistorySheet)
    lines = [(line.words, line.who) for line in sheet.table.lines]
    assert [line.seq for line in sheet.table.lines] == sorted(
        (line.seq for line in sheet.table.lines), reverse=True
    )
    title = sheet.title.text()
    opened.press(Qt.Key.Key_Escape)
    assert opened.sheet(HistorySheet) is None
    return title, lines


def history(opened, page):
    opened.go(page)
    assert opened.window.bar.history.isVisible()
    opened.press(Qt.Key.Key_H, modifier=CTRL)
    return shown(opened)


def test_settings_people_and_visits_show_who_touched_them(opened):
    do, day = opened.desk.do, date(2026, 3, 10)
    do(AddBed("9"))
    values = ("licensor", day - timedelta(days=9), day, day)
    first = do(PlanVisit("Invented office", "Rule 7", *values)).subject
    do(EndVisit(first, "held"))
    me = opened.desk.staff.public_id
    found = do(RecordFinding(first, "building", "A door sticks", me, day)).subject
    do(WithdrawFinding(found))
    do(PlanVisit("Another office", "Rule 8", *values))

    title, lines = history(opened, "settings")
    assert title == "History: Settings"
    assert lines[0] == ("Added a bed", "Dana")
    assert ("Planned an audit visit", "Dana") not in lines
    of_ada = [("Changed their own passphrase", "Ada"), ("Added a colleague", "Dana")]
    assert history(opened, "people")[1][:2] == of_ada
    assert [words for words, _ in history(opened, "visits")[1]] == [
        "Planned an audit visit",
        "Took back a finding",
        "Wrote down what a visit found",
        "Wrote down how an audit visit ended",
        "Planned an audit visit",
    ]

    people = opened.go("people")
    (ada,) = [row for row in people.rows if row.person.staff_id == ADA]
    ada.buttons["history"].click()
    assert shown(opened) == ("History: Ada", of_ada)
    visits = opened.go("visits", first)
    visits.history.click()
    title, lines = shown(opened)
    assert title == "History: Invented office"
    assert [words for words, _ in lines][:2] == [
        "Took back a finding",
        "Wrote down what a visit found",
    ]
    assert len(lines) == 4, "nothing of the other visit"


def test_a_record_that_lies_open_shows_its_own_history(opened):
    do, now = opened.desk.do, opened.clock()
    stay = opened.admit("Sky")
    page = opened.go("resident", stay)
    opened.press(Qt.Key.Key_H, modifier=CTRL)
    assert page.tabs.value() == "history"
    assert page.changes.table.hasFocus()
    incident = do(StartIncident(("injury",), now, now, "kitchen", (stay,))).subject
    page = opened.go("incidents", incident)
    opened.press(Qt.Key.Key_H, modifier=CTRL)
    settle()
    assert opened.sheet(HistorySheet) is None
    assert not page.view.trail.lines.visibleRegion().isEmpty()


def test_earlier_events_follow_on_request(opened):
    for number in range(101):
        opened.desk.do(AddBed(f"Room {number}"))
    opened.go("settings")
    opened.press(Qt.Key.Key_H, modifier=CTRL)
    sheet = opened.sheet(HistorySheet)
    assert len(sheet.table.lines) == 100
    sheet.earlier.click()
    assert [line.words for line in sheet.table.lines].count("Added a bed") == 101
    assert len({line.seq for line in sheet.table.lines}) == len(sheet.table.lines)
    assert not sheet.earlier.isVisible()


def test_who_may_not_read_the_trail_is_shown_no_history(look, open_desk, qtbot):
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ADA, ADAS, open_desk.care_model, open_desk.clock
    )
    with pytest.raises(NotPermittedError):
        open_desk.desk.ask(who_touched, kinds=("staff",))
    opened = Opened(open_desk, qtbot)
    people = opened.go("people")
    assert not opened.window.bar.history.isVisible()
    opened.press(Qt.Key.Key_H, modifier=CTRL)
    assert opened.sheet(HistorySheet) is None
    assert all("history" not in row.buttons for row in people.rows)

"""Records of people who left, on screen: held, taken away, put back, destroyed by two people."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from shelter_desk.desk import audit_log, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.kept_records import kept_records
from shelter_desk.desk.merging import JoinRecords
from shelter_desk.desk.shelter import AddBed
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.domain.retention import REMOVAL_REASONS
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.widgets import Sheet
from tests.ui.real_window import Opened, settle

WORDS = "four invented words here"


@pytest.fixture
def colleagues():
    return (Colleague("a" * 20, "Ada", ("nurse",), WORDS),)


@pytest.fixture
def page(look, open_desk, qtbot):
    """The page, with one record whose time to be kept is over."""
    opened = Opened(open_desk, qtbot)
    stay = opened.admit("Sky", legal_name="Skylar Invented")
    opened.desk.do(residents.RecordExit(stay, opened.clock(), "kin", "422"))
    opened.clock.forward(days=366 * 6)
    opened.go("settings").kept.click()
    settle()
    shown = opened.window.view("kept")
    shown.opened = opened
    choose(shown, "over")
    return shown


def choose(page, kind):
    page.kind.setCurrentIndex(page.kind.findData(kind))
    settle()
    if page.table.lines:
        page.table.selectRow(0)
    settle()


def click(button):
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()


def say_why(page, code):
    sheet = page.opened.sheet(FormSheet)
    sheet.form.put({"reason": code})
    click(sheet.save)


def enabled(page):
    named = ("hold", "lift", "take", "back", "end", "certificate")
    return {name for name in named if getattr(page, name).isEnabled()}


def test_a_record_is_taken_away_and_destroyed_with_a_colleague_and_a_certificate(page):
    assert enabled(page) == {"hold", "take"}
    assert "65C-46.010" in page.about.text()
    code = page.line.case_code
    click(page.take)
    say_why(page, "retention-ended")
    assert page.opened.said[-1] == "The record is taken away"
    assert page.kind.currentData() == "away", "the list follows the record that was chosen"
    assert (page.line.case_code, page.opened.window.focusWidget()) == (code, page.table)
    assert "30 days later two people can destroy it" in page.about.text()
    assert enabled(page) == {"hold", "back"}
    assert page.line.called == ""
    page.opened.clock.forward(days=30)
    page._timer.timeout.emit()
    assert enabled(page) == {"hold", "back", "end"}
    page.opened.desk.do(WriteLine(LineWords(text="Skylar Invented’s aunt rang")))
    page.opened.admit("Skylar")
    page.opened.desk.do(AddBed("Invented’s corner"))
    click(page.end)
    sheet = page.opened.sheet(SecondSheet)
    told = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert "The name goes from one note about the house too. Also where somebody else" in told
    assert "“Skylar (" in told
    assert "audit trail of these words, and in the words until you change them: “Inv" in told
    QTest.keyClicks(sheet.words.edit, "not their words at all")
    click(sheet.go_on)
    assert page.opened.sheet(SecondSheet) is sheet, "not their passphrase"
    page.opened.clock.forward(minutes=5)
    QTest.keyClicks(sheet.words.edit, WORDS)
    click(sheet.go_on)
    assert page.opened.sheet(PaperSheet) is not None
    page.opened.press(Qt.Key.Key_Escape)
    assert page.kind.currentData() == "gone"
    assert (page.line.case_code, enabled(page)) == (code, {"certificate"})
    click(page.certificate)
    assert page.opened.sheet(PaperSheet) is not None
    page.opened.press(Qt.Key.Key_Escape)
    acts = [(one.action, one.who) for one in page.opened.desk.ask(audit_log.events, limit=9)]
    assert acts.count(("removal.paper", "Dana")) == 2, "each time that it was shown"


def test_a_record_kept_by_law_cannot_be_taken_away_until_that_is_lifted(page):
    click(page.hold)
    say_why(page, "court")
    choose(page, "held")
    assert enabled(page) == {"lift"}
    click(page.lift)
    page.opened.press(Qt.Key.Key_Return)  # the safe choice has the keyboard
    assert enabled(page) == {"lift"}
    click(page.lift)
    question = page.opened.sheet(Sheet)
    click(question.act)
    assert page.opened.said[-1] == "The hold is lifted"
    choose(page, "over")
    assert enabled(page) == {"hold", "take"}


def test_what_was_taken_away_is_put_back_with_the_keyboard(page):
    click(page.take)
    say_why(page, "entered-twice")
    choose(page, "away")
    page.back.setFocus()
    page.opened.press(Qt.Key.Key_Space)
    assert page.opened.said[-1] == "The record is back"
    choose(page, "over")
    assert page.line.called == "Sky"


def test_who_is_taken_away_is_told_which_other_record_is_the_same_person(page):
    opened = page.opened
    for name in ("Robin", "Robyn"):
        stay = opened.admit(name, legal_name=f"{name} Invented")
        opened.desk.do(residents.RecordExit(stay, opened.clock(), "kin", "422"))
    opened.clock.forward(days=366 * 6)
    found = {one.called: one for one in opened.desk.ask(kept_records, now=opened.clock())}
    robin, robyn = found["Robin"], found["Robyn"]
    opened.desk.do(JoinRecords(robin.resident_id, robyn.resident_id))
    page._refresh()
    choose(page, "over")
    page.table.selectRow([one.called for one in page.table.lines].index("Robyn"))
    settle()
    other = robin.case_code
    assert f"The record {other} is the same person" in page.about.text()
    click(page.take)
    sheet = opened.sheet(FormSheet)
    assert any(other in label.text() for label in sheet.findChildren(QLabel))
    offered = [one.text() for one in sheet.form.findChildren(QAbstractButton)]
    assert REMOVAL_REASONS["entered-twice"] not in offered
    say_why(page, "retention-ended")
    opened.clock.forward(days=30)
    page._refresh()
    choose(page, "away")
    codes = [one.case_code for one in page.table.lines]
    assert {robin.case_code, robyn.case_code} <= set(codes)
    page.table.selectRow(codes.index(robin.case_code))
    settle()
    click(page.end)
    sheet = opened.sheet(SecondSheet)
    other = robyn.case_code
    assert any(other in label.text() for label in sheet.findChildren(QLabel))
    opened.clock.forward(minutes=5)
    QTest.keyClicks(sheet.words.edit, WORDS)
    click(sheet.go_on)
    opened.press(Qt.Key.Key_Escape)
    choose(page, "gone")
    assert {robin.case_code, robyn.case_code} <= {line.case_code for line in page.table.lines}


def test_a_record_whose_time_is_not_over_goes_for_other_reasons_only(look, open_desk, qtbot):
    opened = Opened(open_desk, qtbot)
    stay = opened.admit("Ash")
    opened.desk.do(residents.RecordExit(stay, opened.clock(), "kin", "422"))
    page = opened.go("kept")
    page.opened = opened
    page.kind.setCurrentIndex(page.kind.findData("all"))
    settle()
    lines = [one.called for one in page.table.lines]
    page.table.selectRow(lines.index("Ash"))
    settle()
    click(page.take)
    form = opened.sheet(FormSheet).form
    offered = [one.text() for one in form.findChildren(QAbstractButton)]
    assert REMOVAL_REASONS["court-order"] in offered
    assert REMOVAL_REASONS["retention-ended"] not in offered
    opened.press(Qt.Key.Key_Escape)
    found = opened.desk.ask(kept_records, now=opened.clock() + timedelta(days=1))
    assert all(one.taken_at is None for one in found if one.called == "Ash")

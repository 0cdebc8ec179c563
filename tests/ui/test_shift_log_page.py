"""The shift log in real windows: an everyday line in a few keys, drafts, corrections, a paper."""

from datetime import timedelta

import pypdfium2
import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk.audit_log import events
from shelter_desk.desk.residents import RecordExit
from shelter_desk.desk.shift_log import LinesWanted, shift_lines
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.shift.line_form import ABOUT
from shelter_desk.ui.shift.sheets import CorrectionSheet, LineSheet
from tests.ui.real_window import Opened, settle
from tests.ui.test_incidents_page import KeptPaper

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def lines(opened):
    now = opened.clock()
    wanted = LinesWanted(now - timedelta(days=3), now + timedelta(minutes=1))
    return opened.desk.ask(shift_lines, wanted=wanted)


def page_of(opened):
    page = opened.go("shift_log")
    settle()
    return page


def test_an_everyday_line_takes_three_keys(opened):
    opened.admit("Ada")
    sky = opened.admit("Sky")
    page_of(opened)
    opened.press(KEY.Key_2, KEY.Key_S, KEY.Key_Return)
    (line,) = lines(opened)
    assert [one.stay_id for one in line.people] == [sky]
    assert line.chips == ("slept-well",)
    assert opened.said[-1] == "Written: Sky: Slept well"
    opened.press(KEY.Key_1, KEY.Key_E, KEY.Key_E, KEY.Key_Return)
    assert lines(opened)[0].chips == ("ate-little",)


def test_whoever_a_line_was_begun_about_on_today_is_not_chosen_for_the_next(opened):
    opened.admit("Ada")
    sky = opened.admit("Sky")
    page = opened.go("shift_log", f"{ABOUT}{sky}")
    settle()
    assert page.form.people.value() == (sky,)
    assert page.whose.code() == "", "the log stays everybody's"
    opened.go("today")
    page_of(opened)
    assert page.form.people.value() == ()
    opened.press(KEY.Key_S, KEY.Key_Return)
    (line,) = lines(opened)
    assert line.people == (), "about the house"


def test_a_key_turns_through_its_words_and_off_again(opened):
    opened.admit("Sky")
    page = page_of(opened)
    seen = []
    for _ in range(4):
        opened.press(KEY.Key_S)
        seen.append(page.form.groups[0].value())
    assert seen == ["slept-well", "slept-badly", "awake", ""]


def test_letters_that_are_typed_choose_nothing(opened):
    opened.admit("Sky")
    page = page_of(opened)
    opened.press(KEY.Key_T)
    opened.write("Milk is out, 2 left, see Sam")
    opened.press(KEY.Key_Return)
    (line,) = lines(opened)
    assert (line.text, line.chips, line.people) == ("Milk is out, 2 left, see Sam", (), ())
    assert not line.must_know
    assert page.form.text.typed() == ""


def test_must_know_and_an_earlier_moment(opened):
    opened.admit("Sky")
    page = page_of(opened)
    opened.press(KEY.Key_1, KEY.Key_M, KEY.Key_C)
    page.form.when.choice.buttons()[1].click()
    page.form.when.at.put(opened.clock() - timedelta(hours=5))
    page.form.save.click()
    (line,) = lines(opened)
    assert line.must_know
    assert line.is_late_entry
    assert page.table.lines == (line,)


def test_what_needs_another_look_stands_at_its_question_and_nothing_is_wiped(opened):
    opened.admit("Sky")
    page = page_of(opened)
    opened.press(KEY.Key_1, KEY.Key_Return)
    assert page.form.frames["text"].problem.text() == "Choose a word, or write a few."
    assert len(page.form.people.value()) == 1
    assert lines(opened) == ()


def test_what_was_typed_comes_back_and_leaves_with_the_line(opened):
    opened.admit("Sky")
    page = page_of(opened)
    opened.press(KEY.Key_1, KEY.Key_O, KEY.Key_T)
    opened.write("Half a line")
    opened.shared.flushing.emit()
    page.form.start()  # as a new window does
    assert page.form.text.typed() == "Half a line"
    assert page.form.groups[2].value() == "mood-calm"
    assert len(page.form.people.value()) == 1
    page.form.save.click()
    page.form.start()
    assert page.form.text.typed() == ""


def test_a_correction_keeps_the_former_line(opened):
    opened.admit("Sky")
    page = page_of(opened)
    opened.press(KEY.Key_1, KEY.Key_S, KEY.Key_Return)
    page.table.setFocus()
    page.table.selectRow(0)
    opened.press(KEY.Key_Return)
    sheet = opened.sheet(LineSheet)
    sheet.correct.click()
    correction = opened.sheet(CorrectionSheet)
    correction.form.text.put_typed("From 3 on")
    correction.form.save.click()
    settle()
    (line,) = lines(opened)
    assert line.text == "From 3 on"
    assert [one.text for one in line.former] == [""]
    assert opened.sheet() is None
    opened.press(KEY.Key_Z, modifier=CONTROL)
    assert [one.text for one in lines(opened) if not one.is_withdrawn] == [""]


def test_a_resident_is_chosen_and_printed_alone(opened):
    ada, sky = opened.admit("Ada"), opened.admit("Sky")
    page = page_of(opened)
    page.paper = KeptPaper()
    opened.press(KEY.Key_1, KEY.Key_S, KEY.Key_Return)
    opened.press(KEY.Key_1, KEY.Key_2, KEY.Key_T)
    opened.write("Ada and Sky cooked")
    opened.press(KEY.Key_Return)
    assert not page.print.isVisible()
    page.whose.choose(sky)
    page.whose.activated.emit(0)
    assert [line.text for line in page.table.lines] == ["Ada and Sky cooked"]
    page.print.click()
    sheet = opened.sheet()
    sheet.form.put({"basis": "own-copy"})
    sheet.try_save()
    settle()
    opened.sheet(PaperSheet).print.click()
    opened.sheet(PaperSheet).close_sheet()
    document = pypdfium2.PdfDocument(page.paper.printed[0])
    text = " ".join(one.get_textpage().get_text_range() for one in document)
    assert "[another resident] and Sky cooked" in text
    assert "Ada" not in text
    assert opened.desk.ask(events, limit=1)[0].reason == "shift-log:own-copy"
    opened.go("shift_log", ada)
    assert len(page.table.lines) == 2


def test_a_line_in_the_making_stays_about_whoever_left_meanwhile(opened):
    stay = opened.admit("Sky")
    page = page_of(opened)
    opened.press(KEY.Key_1, KEY.Key_T)
    opened.write("Took the red bag")
    opened.shared.flushing.emit()
    opened.desk.do(RecordExit(stay, opened.clock.forward(minutes=1), "left-early", "99"))
    page.form.start()  # as a new window does
    assert page.form.people.value() == (stay,)
    page.form.save.click()
    (line,) = lines(opened)
    assert [one.stay_id for one in line.people] == [stay]

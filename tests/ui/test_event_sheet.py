"""Something happened: found by letters, what it opens is shown first, one Enter records once."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import care
from shelter_desk.desk.starting import recent_events
from shelter_desk.ui.stay.event_sheet import EventSheet
from shelter_desk.ui.widgets import Button, Label
from tests.ui.real_window import Opened, Records

KEY = Qt.Key


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


@pytest.fixture
def stay(opened):
    admitted = opened.admit()
    opened.go("resident", admitted)
    return admitted


def happened(opened, stay):
    return [line.code for line in opened.desk.ask(recent_events, stay_id=stay)]


def words(widget):
    return [label.text() for label in widget.findChildren(Label)]


def test_e_a_few_letters_and_enter_record_it_once(opened, stay):
    opened.press(KEY.Key_E)
    sheet = opened.sheet(EventSheet)
    assert sheet.question.letters.hasFocus()
    opened.write("self-harm")
    assert sheet.question.chosen().code == "self-harm"
    opened.press(KEY.Key_Return)
    assert opened.sheet() is None
    assert happened(opened, stay) == ["self-harm"]
    assert opened.said[-1].startswith("Recorded: ")


def test_the_list_is_walked_with_down_and_enter_records_once(opened, stay):
    opened.press(KEY.Key_E)
    sheet = opened.sheet(EventSheet)
    opened.write("court")
    assert len(sheet.question.table.lines) > 1
    opened.press(KEY.Key_Down, KEY.Key_Down)
    code = sheet.question.chosen().code
    assert code == sheet.question.table.lines[1].code
    opened.press(KEY.Key_Return)
    assert happened(opened, stay) == [code]


def test_what_it_opens_is_shown_with_its_moment_before_it_is_recorded(opened, stay):
    opened.press(KEY.Key_E)
    sheet = opened.sheet(EventSheet)
    opened.write("self-harm")
    shown = words(sheet.follows)
    assert any(text.startswith("It opens ") for text in shown)
    assert any("Mar 2026" in text for text in shown)
    assert happened(opened, stay) == []


def test_a_service_that_is_over_is_said_to_be_needed_again(opened, stay):
    opened.shared.do(care.SetNeed(stay, "emergency_substance", "met"))
    opened.press(KEY.Key_E)
    sheet = opened.sheet(EventSheet)
    opened.write("overdose")
    assert any("Needed again" in text for text in words(sheet.follows))


def test_an_enter_without_letters_records_nothing(opened, stay):
    opened.press(KEY.Key_E, KEY.Key_Return)
    sheet = opened.sheet(EventSheet)
    assert sheet.isVisible()
    assert sheet.question.chosen() is None
    assert happened(opened, stay) == []
    opened.press(KEY.Key_Down, KEY.Key_Return)  # whoever goes into the list means it
    assert len(happened(opened, stay)) == 1


def test_letters_that_fit_nothing_record_nothing(opened, stay):
    opened.press(KEY.Key_E)
    sheet = opened.sheet(EventSheet)
    opened.write("zzz")
    opened.press(KEY.Key_Return)
    assert sheet.isVisible()
    assert not sheet.save.isEnabled()
    assert happened(opened, stay) == []


def test_a_moment_to_come_is_refused_beside_it_and_the_letters_stay(opened, stay):
    opened.press(KEY.Key_E)
    sheet = opened.sheet(EventSheet)
    opened.write("self-harm")
    sheet.question.when.put(opened.clock() + timedelta(days=2))
    sheet.save.click()
    assert sheet.question.frame.problem.isVisible()
    assert sheet.question.letters.text() == "self-harm"
    assert happened(opened, stay) == []


def test_what_was_recorded_is_taken_back_in_the_same_sheet(opened, stay):
    opened.shared.do(care.RecordEvent(stay, "self-harm", opened.clock()))
    opened.press(KEY.Key_E)
    (button,) = opened.sheet(EventSheet).recent.findChildren(Button)
    assert button.accessibleName().startswith("Take back: ")
    button.click()
    assert happened(opened, stay) == []


def test_half_of_it_comes_back_and_leaves_once_it_is_recorded(opened, stay):
    opened.press(KEY.Key_E)
    opened.write("court")
    opened.press(KEY.Key_Down, KEY.Key_Down)
    code = opened.sheet(EventSheet).question.chosen().code
    opened.press(KEY.Key_Escape)
    assert opened.sheet() is None
    opened.press(KEY.Key_E)
    sheet = opened.sheet(EventSheet)
    assert (sheet.question.letters.text(), sheet.question.chosen().code) == ("court", code)
    assert "You typed this about Sky. It is not saved yet." in words(sheet)
    opened.press(KEY.Key_Return)
    assert happened(opened, stay) == [code]
    opened.press(KEY.Key_E)
    assert opened.sheet(EventSheet).question.letters.text() == ""

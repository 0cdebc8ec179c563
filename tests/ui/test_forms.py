"""Forms give values by name, keep what was typed, and put problems beside the field."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.ui.forms import (
    Choice,
    Day,
    Form,
    LongText,
    Moment,
    Number,
    Several,
    Text,
    YesNoNotSure,
)

NOON = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Chicago")
PLACES = (("police", "Police"), ("hospital", "Hospital"))


@pytest.fixture
def form(look, qtbot):
    made = Form(
        (
            Text("called", "What do they want to be called?", needed=True),
            Number("age", "Age", 0, 30, "years"),
            Day("on", "First day", date(2026, 3, 12)),
            Moment("at", "Arrived", NOON, ZONE),
            Choice("by", "Brought by", PLACES, chips=True, about_person=True),
            Choice("bed", "Bed", (("2b", "Room 2 – bed B"),)),
            Several("needs", "Needs", (("food", "Food"), ("sleep", "Sleep"))),
            YesNoNotSure("hurt", "Hurt or unwell?"),
            LongText("note", "Anything else"),
        ),
        columns=2,
    )
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.isActiveWindow() and made.frames["age"].x() > 0)
    return made


def type_into(form, name, text):
    editor = form.editors[name]
    target = editor.focusProxy() or editor
    target.setFocus()
    QTest.keyClicks(target, text)


def test_an_empty_form_asks_only_for_what_is_needed(form):
    with pytest.raises(InvalidError) as caught:
        form.values()
    assert [problem.field for problem in caught.value.problems] == ["called"]
    assert form.is_empty()


def test_values_come_by_name_and_in_their_own_types(form):
    type_into(form, "called", " Sky ")
    type_into(form, "age", "16")
    type_into(form, "on", "yest")
    form.editors["at"].now_button.click()
    form.editors["by"]._chips.buttons()[2].click()
    form.editors["bed"]._list.setCurrentIndex(1)
    form.editors["needs"]._boxes["sleep"].click()
    form.editors["hurt"].control.buttons()[2].click()
    type_into(form, "note", "quiet")
    assert form.values() == {
        "called": "Sky",
        "age": 16,
        "on": date(2026, 3, 11),
        "at": NOON,
        "by": "prefers-not-to-say",
        "bed": "2b",
        "needs": ("sleep",),
        "hurt": "not-sure",
        "note": "quiet",
    }
    assert not form.is_empty()


def test_open_answers_are_offered_and_not_doubled(look, qtbot):
    options = (("declined", "Declined"), ("not-asked", "Was not asked"))
    field = Choice("sex", "Sex", options, about_person=True)
    editor = field.editor()
    qtbot.addWidget(editor)
    labels = [editor._list.itemText(n) for n in range(1, editor._list.count())]
    assert labels == ["Declined", "Was not asked", "Prefers not to say", "Not sure"]


def test_problems_stand_beside_their_fields_and_keep_what_was_typed(form):
    type_into(form, "age", "many")
    type_into(form, "on", "3/4/2026")
    assert form.values_or_problems() is None
    shown = {
        name: frame.problem.text() for name, frame in form.frames.items() if frame.problem.text()
    }
    assert set(shown) == {"called", "age", "on"}
    assert "month as a word" in shown["on"]
    assert form.typed()["age"] == "many"
    assert form.typed()["on"] == "3/4/2026"
    assert form.editors["called"].focusProxy().hasFocus()
    assert "needed" in form.editors["called"].focusProxy().accessibleDescription()
    type_into(form, "called", "Sky")
    form.editors["age"].put(16)
    form.editors["on"].put(date(2026, 3, 4))
    assert form.values_or_problems() is not None
    assert not any(frame.problem.isVisible() for frame in form.frames.values())


def test_a_day_that_no_month_has_is_not_told_to_write_the_month(form):
    for typed, words in (
        ("31 feb", "no such day"),
        ("2026-02-30", "no such day"),
        ("soon", "word"),
    ):
        form.editors["on"].put_typed(typed)
        form.values_or_problems()
        assert words in form.frames["on"].problem.text(), typed


def test_a_problem_of_no_field_stands_above_the_form(form):
    form.show_problems((Problem("bed_id", "That bed was taken a minute ago."),))
    assert form.banner.isVisible()
    assert form.banner.text == "That bed was taken a minute ago."
    form.show_problems(())
    assert not form.banner.isVisible()


def test_a_draft_comes_back_exactly_as_typed(form, look, qtbot):
    type_into(form, "called", "Sk")
    type_into(form, "on", "32 mar")
    type_into(form, "at", "yest")
    form.editors["by"]._chips.buttons()[0].click()
    form.editors["needs"]._boxes["food"].click()
    draft = form.typed()
    form.clear()
    assert form.is_empty()
    form.restore({**draft, "a field of an older version": "x"})
    assert form.typed() == draft
    assert draft["on"] == "32 mar"
    assert draft["by"] == "police"


def test_a_day_is_spelled_out_when_the_field_is_left(form):
    edit = form.editors["on"].edit
    type_into(form, "on", "12 mar")
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.text() == "12 Mar 2026"


def test_a_moment_needs_day_and_time(form):
    type_into(form, "called", "Sky")
    type_into(form, "at", "today")
    assert form.values_or_problems() is None
    assert "day and the time" in form.frames["at"].problem.text()
    QTest.keyClicks(form.editors["at"].time, "210a")
    assert form.values()["at"] == datetime(2026, 3, 12, 7, 10, tzinfo=UTC)


def test_typing_on_and_on_is_still_saved_within_a_second(form, qtbot):
    seen = []
    form.changed.connect(lambda: seen.append(form.typed()["called"]))
    with qtbot.waitSignal(form.changed, timeout=1000):
        type_into(form, "called", "Sky")
    type_into(form, "called", " and more")
    form.flush()
    assert seen == ["Sky", "Sky and more"]
    form.flush()
    assert len(seen) == 2


def test_the_calendar_button_and_the_now_button_are_reached_by_tab(form):
    day = form.editors["on"]
    day.edit.setFocus()
    QTest.keyClick(day.edit, Qt.Key.Key_Tab)
    assert day.pick.hasFocus()


def test_a_narrow_form_has_one_column(form, qtbot):
    assert form.frames["called"].y() == form.frames["age"].y()
    form.resize(420, 900)
    qtbot.waitUntil(lambda: form.frames["age"].y() > form.frames["called"].y())
    assert form.frames["age"].x() == form.frames["called"].x()


def test_the_wheel_does_not_change_an_answer(form, qtbot):
    box = form.editors["bed"]._list
    before = box.currentIndex()
    spot = box.mapToGlobal(QPoint(5, 5))
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(spot),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    assert box.currentIndex() == before

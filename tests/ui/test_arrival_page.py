"""New arrival on a real desk: one answer is enough, problems lose nothing, drafts come back."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.desk.residents import Admit, RecordExit, record, roster
from shelter_desk.desk.shelter import beds
from shelter_desk.desk.today import board
from shelter_desk.ui.intake_form import STARTED_BY
from shelter_desk.ui.intake_known import KnownSheet
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.shared import Shared

NEW_YORK = ZoneInfo("America/New_York")
KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def arrival(look, qtbot, open_desk):
    def opened():
        shared = Shared(open_desk.desk, InlineJobs(), NEW_YORK)
        window = MainWindow(shared, discover(), House("Harbor House", "Director", lambda _p: True))
        qtbot.addWidget(window)
        gone = []
        shared.went.connect(lambda page, subject: gone.append((page, subject)))
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.go("arrival")
        QApplication.processEvents()
        page = window.view("arrival")
        return SimpleNamespace(
            window=window, page=page, shared=shared, gone=gone, desk=open_desk.desk
        )

    return opened


def editor(opened, name):
    for form in (opened.page.form.person, opened.page.form.safety, opened.page.form.more):
        if name in form.editors:
            return form.editors[name]
    raise KeyError(name)


def answer(opened, name, place):
    editor(opened, name).control.buttons()[place].click()


def in_house(opened):
    return opened.desk.ask(roster, now=opened.desk.now())


def test_a_name_and_ctrl_enter_are_enough(arrival, open_desk):
    opened = arrival()
    QTest.keyClicks(opened.window.focusWidget(), "Sky")
    QTest.keyClick(opened.window.focusWidget(), KEY.Key_Return, CTRL)
    (line,) = in_house(opened)
    assert line.called == "Sky"
    assert abs((line.began_at - open_desk.clock()).total_seconds()) < 60
    assert opened.gone[-1] == ("resident", line.stay_id)
    assert opened.desk.draft("arrival", "new") is None


def test_everything_typed_reaches_the_record(arrival, open_desk):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    QTest.keyClicks(editor(opened, "age_guess").edit, "16")
    bed = opened.desk.ask(beds)[2]
    editor(opened, "bed_id").put_typed(bed.bed_id)
    editor(opened, "brought_by").put_typed("35")
    QTest.keyClicks(editor(opened, "pronouns").edit, "they")
    QTest.keyClicks(editor(opened, "language").edit, "Spanish")
    QTest.keyClicks(editor(opened, "good_to_know").edit, "Peanut allergy")
    opened.page.save.click()
    stay_id = opened.gone[-1][1]
    found = opened.desk.ask(record, stay_id=stay_id, now=opened.desk.now())
    assert (found.called, found.age, found.born_is_guess) == ("Sky", 16, True)
    assert (found.bed, found.brought_by) == (bed.name, "35")
    assert (found.pronouns, found.language) == ("they", "Spanish")
    assert found.good_to_know == "Peanut allergy"


@pytest.mark.parametrize(("name", "code"), STARTED_BY.items())
def test_a_yes_at_the_door_starts_its_items(arrival, open_desk, name, code):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    answer(opened, name, 0)
    assert opened.page.form.notice.isVisible()
    opened.page.save.click()
    card = opened.desk.ask(board, now=opened.desk.now()).arrivals[0]
    started = {line.item_id for group in card.groups for line in group.lines}
    expected = set(open_desk.care_model.triggers[code].starts)
    assert expected
    assert started & expected


def test_no_starts_nothing_and_not_sure_is_asked_again(arrival):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    answer(opened, "hurt", 1)
    assert not opened.page.form.notice.isVisible()
    answer(opened, "swallowed", 2)
    assert "asks again" in opened.page.form.notice.text
    assert opened.page.form.command().events == ()
    opened.page.save.click()
    found = opened.desk.ask(record, stay_id=opened.gone[-1][1], now=opened.desk.now())
    assert found.good_to_know == "To ask again: taken something?"


def test_a_missing_name_is_said_beside_the_field_and_nothing_is_lost(arrival):
    opened = arrival()
    QTest.keyClicks(editor(opened, "good_to_know").edit, "Peanut allergy")
    QTest.keyClicks(editor(opened, "age_guess").edit, "many")
    opened.page.save.click()
    frames = opened.page.form.person.frames
    assert frames["called"].problem.text() == "This one is needed."
    assert "whole number" in frames["age_guess"].problem.text()
    assert opened.window.focusWidget() is editor(opened, "called").edit
    assert editor(opened, "good_to_know").typed() == "Peanut allergy"
    assert in_house(opened) == ()


def test_a_bed_taken_meanwhile_is_said_beside_the_bed(arrival, open_desk):
    opened = arrival()
    bed = opened.desk.ask(beds)[0]
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    editor(opened, "bed_id").put_typed(bed.bed_id)
    opened.desk.do(Admit("Ash", open_desk.clock(), bed_id=bed.bed_id))
    opened.page.save.click()
    assert "Choose another" in opened.page.form.person.frames["bed_id"].problem.text()
    assert editor(opened, "called").typed() == "Sky"
    assert [line.called for line in in_house(opened)] == ["Ash"]


def test_only_free_beds_are_offered(arrival, open_desk):
    first = open_desk.desk.ask(beds)[0]
    open_desk.desk.do(Admit("Ash", open_desk.clock(), bed_id=first.bed_id))
    opened = arrival()
    offered = editor(opened, "bed_id")._list
    names = [offered.itemText(n) for n in range(1, offered.count())]
    assert names == ["1B", "2A", "2B"]


def test_what_is_typed_is_kept_within_a_second_and_given_back(arrival, qtbot):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sk")
    answer(opened, "hurt", 0)
    qtbot.waitUntil(lambda: opened.desk.draft("arrival", "new") is not None, timeout=1100)
    assert opened.page.kept.text() == "Saved as you type"
    opened.window.close()
    again = arrival()
    assert editor(again, "called").typed() == "Sk"
    assert editor(again, "hurt").typed() == "yes"
    assert again.page.form.notice.isVisible()
    assert "still here" in again.page.kept.text()


def test_a_lock_keeps_even_the_last_letter(arrival):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    opened.shared.flushing.emit()
    assert '"called": "Sky"' in opened.desk.draft("arrival", "new")


def test_going_away_and_coming_back_loses_nothing(arrival):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    opened.window.go("today")
    opened.window.go("arrival")
    QApplication.processEvents()
    assert editor(opened, "called").typed() == "Sky"


def test_an_untouched_form_always_says_now(arrival, open_desk):
    opened = arrival()
    before = editor(opened, "arrived_at").read()
    opened.window.go("today")
    open_desk.clock.forward(hours=5)
    opened.window.go("arrival")
    later = editor(opened, "arrived_at").read()
    assert (later - before).total_seconds() == 5 * 3600


def test_starting_over_asks_first_and_forgets_the_draft(arrival):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    opened.page.form.flush()
    opened.page.restart.click()
    QTest.keyClick(opened.window.focusWidget(), KEY.Key_Return)
    assert editor(opened, "called").typed() == "Sky"
    opened.page.restart.click()
    QTest.keyClick(opened.window.focusWidget(), KEY.Key_Tab)
    QTest.keyClick(opened.window.focusWidget(), KEY.Key_Return)
    assert editor(opened, "called").typed() == ""
    assert opened.desk.draft("arrival", "new") is None


def test_saving_leaves_an_empty_form_and_no_draft_behind(arrival, qtbot):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    opened.page.save.click()
    qtbot.wait(1000)  # a draft still on its way would be kept by now
    assert opened.desk.draft("arrival", "new") is None
    assert editor(opened, "called").typed() == ""


def test_the_door_uses_words_of_the_house_not_of_the_funder(arrival):
    opened = arrival()
    offered = editor(opened, "brought_by")._list
    words = [offered.itemText(n) for n in range(offered.count())]
    assert not [word for word in words if "client" in word.casefold()]
    assert {"Police", "Came alone", "Prefers not to say", "Not asked today"} <= set(words)


@pytest.fixture
def left_before(open_desk):
    """Sky stayed before and left; return the public id of the resident."""
    desk, clock = open_desk.desk, open_desk.clock
    stay = desk.do(
        Admit("Sky", clock(), language="Spanish", good_to_know="Peanut allergy")
    ).subject
    clock.forward(days=3)
    kind = open_desk.care_model.values("discharge-types")[0].code
    where = open_desk.care_model.values("exit-destinations")[0].code
    desk.do(RecordExit(stay, clock(), kind, where))
    clock.forward(days=30)
    return desk.ask(record, stay_id=stay, now=clock()).resident_id


@pytest.mark.parametrize("same", [True, False])
def test_somebody_who_was_here_before_keeps_one_history_only_when_staff_say_so(
    arrival, left_before, same
):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "sky")
    opened.page.save.click()
    assert in_house(opened) == ()
    (sheet,) = opened.window.findChildren(KnownSheet)
    assert opened.window.focusWidget() is sheet.somebody_new
    button = sheet.records[left_before] if same else sheet.somebody_new
    QTest.keyClick(button, KEY.Key_Space)
    (line,) = in_house(opened)
    assert (line.resident_id == left_before) is same
    assert opened.gone[-1] == ("resident", line.stay_id)


def test_what_is_typed_tonight_is_added_to_the_earlier_record(arrival, left_before):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    QTest.keyClicks(editor(opened, "age_guess").edit, "17")
    QTest.keyClicks(editor(opened, "good_to_know").edit, "Asthma")
    opened.page.save.click()
    (sheet,) = opened.window.findChildren(KnownSheet)
    sheet.records[left_before].click()
    found = opened.desk.ask(record, stay_id=opened.gone[-1][1], now=opened.desk.now())
    assert (found.language, found.good_to_know) == ("Spanish", "Peanut allergy\nAsthma")
    assert (found.age, found.born_is_guess) == (17, True)
    assert opened.desk.draft("arrival", "new") is None


def test_leaving_the_question_open_admits_nobody_and_keeps_what_was_typed(arrival, left_before):
    opened = arrival()
    QTest.keyClicks(editor(opened, "called").edit, "Sky")
    opened.page.save.click()
    QTest.keyClick(opened.window.focusWidget(), KEY.Key_Escape)
    assert in_house(opened) == ()
    assert editor(opened, "called").typed() == "Sky"

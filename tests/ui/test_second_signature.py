"""An item that two people sign: by Space alone, on Today and on the resident's page."""

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import accounts, care, entry
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.item import item_line, signers
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.ui.stay.item_sheet import ItemSheet
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE
from tests.ui.real_window import Opened

SPACE, NOTE, ENTER = Qt.Key.Key_Space, Qt.Key.Key_N, Qt.Key.Key_Return
ADA, WORDS = "aaaaaaaaaaaaaaaaaaaa", "four invented words here"
FIRST_SAID = "It waits for a second person."


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def ada_sits_down(opened, open_desk, qtbot):
    """Sign the director out and a colleague in, and return her window."""
    # Two roles: whoever has one only starts on the work of that role.
    ada = Colleague(ADA, "Ada", ("nurse", "residential-staff"), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    opened.window.close()
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock
    )
    return Opened(open_desk, qtbot)


def choose(page, wanted):
    """Put the keyboard on the first row that `wanted` is true of; return its line."""
    for rows in page.lists():
        for place, line in enumerate(rows.lines):
            if wanted(line.key):
                rows.setFocus()
                rows.setCurrentIndex(rows.model().index(place, 0))
                return line.key
    raise AssertionError("no such row")


def for_two(key):
    return key.listed.item.signatures == 2


def choose_in_plan(page, wanted):
    """Put the keyboard on the first item of a resident's plan that `wanted` is true of."""
    for card in page.plan.cards.values():
        if card.is_open:
            for place, line in enumerate(card.list.lines):
                if wanted(line.key):
                    card.list.setFocus()
                    card.list.setCurrentIndex(card.list.model().index(place, 0))
                    return line.key
    raise AssertionError("no such row")


def same(one, other):
    return (one.stay_id, one.item_id) == (other.stay_id, other.item_id)


def state_of(opened, line):
    found = opened.desk.ask(
        item_line, stay_id=line.stay_id, item_id=line.item_id, occurrence=line.occurrence
    )
    return found.state


def chosen(opened):
    return opened.window.focusWidget().line().key


def test_after_the_first_space_the_row_waits_and_the_keyboard_moves_on(opened):
    opened.admit()
    page = opened.go("today")
    line = choose(page, for_two)
    opened.press(SPACE)
    assert opened.said[-1].endswith(FIRST_SAID)
    (row,) = [row for rows in page.lists() for row in rows.lines if same(row.key, line)]
    assert row.key.state == "signature"
    assert "waits for a second person" in row.below
    assert not same(chosen(opened), line)


def test_space_by_the_same_person_says_so_calmly_and_signs_nothing(opened):
    opened.admit()
    page = opened.go("today")
    line = choose(page, for_two)
    opened.press(SPACE)
    choose(page, lambda key: same(key, line))
    opened.press(SPACE)
    assert opened.said[-1] == "You have signed this. It waits for a second person."
    assert opened.told == []
    assert state_of(opened, line) == "signature"


def test_space_by_somebody_else_signs_and_closes_it(opened, open_desk, qtbot):
    stay = opened.admit()
    item = choose_in_plan(opened.go("resident", stay), for_two)
    opened.press(SPACE)
    assert opened.said[-1].endswith(FIRST_SAID)
    assert opened.items(stay)[item.item_id].state == "signature"
    assert chosen(opened).item_id != item.item_id
    other = ada_sits_down(opened, open_desk, qtbot)
    choose_in_plan(other.go("resident", stay), lambda key: key.item_id == item.item_id)
    other.press(SPACE)
    assert other.said[-1] == f"Signed “{item.text}”"
    assert other.items(stay)[item.item_id].state == "closed"


def test_an_item_of_the_house_is_signed_by_two_as_well(opened, open_desk, qtbot):
    page = opened.go("today")
    line = choose(page, lambda key: for_two(key) and key.stay_id is None)
    opened.press(SPACE)
    assert state_of(opened, line) == "signature"
    choose(page, lambda key: same(key, line))
    opened.press(SPACE)
    assert opened.said[-1].startswith("You have signed this.")
    other = ada_sits_down(opened, open_desk, qtbot)
    choose(other.go("today"), lambda key: same(key, line))
    other.press(SPACE)
    assert state_of(other, line) != "signature"
    assert other.told == []


def test_enter_on_a_row_of_the_house_opens_its_sheet_and_a_note_comes_back(opened):
    page = opened.go("today")
    line = choose(page, lambda key: key.stay_id is None and not for_two(key))
    opened.press(ENTER)
    sheet = opened.sheet(ItemSheet)
    assert sheet.title.text() == line.text
    sheet.form.editors["note"].setFocus()
    opened.write("Lamp in the hall is out")
    opened.press(ENTER)
    assert opened.sheet() is None
    found = opened.desk.ask(item_line, stay_id=None, item_id=line.item_id, occurrence="")
    assert found.last.note == "Lamp in the hall is out"


def test_the_sheet_offers_the_signature_to_the_other_person_only(opened, open_desk, qtbot):
    opened.admit()
    line = choose(opened.go("today"), for_two)
    opened.press(SPACE)
    choose(opened.window.view("today"), lambda key: same(key, line))
    opened.press(NOTE)
    sheet = opened.sheet(ItemSheet)
    assert not sheet.sign.isVisible()
    said = [label.text() for label in sheet.findChildren(Label) if label.isVisible()]
    assert "You have signed this. It waits for a second person." in said
    sheet.close_sheet()
    other = ada_sits_down(opened, open_desk, qtbot)
    choose(other.go("today"), lambda key: same(key, line))
    other.press(NOTE)
    assert other.window.focusWidget() is other.sheet(ItemSheet).sign
    other.press(ENTER)
    assert state_of(other, line) != "signature"


def test_who_has_signed_is_told_in_order(opened, open_desk, qtbot):
    stay = opened.admit()
    line = choose_in_plan(opened.go("resident", stay), for_two)
    command = care.AnswerItem(stay, line.item_id, line.occurrence)
    answer = opened.desk.do(command).subject
    other = ada_sits_down(opened, open_desk, qtbot)
    other.desk.do(care.SignAnswer(answer))
    assert [one.name for one in other.desk.ask(signers, answer_id=answer)] == ["Dana", "Ada"]


def test_an_item_the_care_model_does_not_have_is_said(open_desk):
    with pytest.raises(NotFoundError):
        open_desk.desk.ask(item_line, stay_id=None, item_id="no such", occurrence="once")

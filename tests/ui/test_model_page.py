"""The editor of the care model, by clicks and keys on a real window over real records."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shelter_desk.desk.model_editor import changed_model
from shelter_desk.domain.overlay import HIDE
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.widgets import Sheet
from tests.ui.real_window import Opened, Records, settle

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
WHY = "Our house does it another way"


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("model"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    records.everyone_leaves()
    one = Opened(records, qtbot)
    one.page = one.go("model")
    yield one
    one.page.drop.click()
    one.window.close()


def click(button):
    QTest.mouseClick(button, LEFT)
    settle()


def choose(opened, service, place=0):
    opened.page.which.choose(service)
    opened.page.table.selectRow(place)
    settle()
    return opened.page.table.line()


def write(opened, name, text):
    """Type into a field of the sheet that lies on top."""
    sheet = opened.sheet(FormSheet)
    editor = sheet.form.editors[name]
    editor.put_typed("")
    editor.setFocus()
    opened.write(text)
    return sheet


def save(opened):
    opened.page.form.editors["reason"].setFocus()
    opened.write(WHY)
    click(opened.page.save)


def in_force(opened):
    return opened.desk.house.care_model.items


def test_new_words_show_their_effect_are_saved_and_come_up_in_a_plan(opened):
    stay = opened.admit("Sky")
    line = choose(opened, "basic_needs")
    click(opened.page.acts["change"])
    sheet = write(opened, "text", "Offer a warm drink first")
    click(sheet.save)
    assert opened.page.table.lines[0].item.text == "Offer a warm drink first"
    assert opened.page.told.text().startswith("Not saved yet: 1 changed.")
    assert opened.items(stay)[line.item.id].text == line.item.text
    save(opened)
    assert opened.items(stay)[line.item.id].text == "Offer a warm drink first"
    assert "Edition" in opened.page.told.text()


def test_a_clock_moves_what_is_due_and_the_page_says_so_before(opened):
    opened.admit("Ash")
    choose(opened, "basic_needs", 1)
    click(opened.page.acts["change"])
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"due": 17, "due_unit": "M"})
    click(sheet.save)
    assert "moves 1" in opened.page.told.text()


def test_hiding_what_keeps_people_safe_asks_why_and_again(opened):
    opened.page.which.choose("crisis_safety")
    line = choose(opened, "crisis_safety")
    assert line.item.safety_critical
    click(opened.page.acts["hide"])
    sheet = write(opened, "reason", WHY)
    assert "What stands behind it" in " ".join(
        label.text() for label in sheet.findChildren(type(opened.page.told))
    )
    click(sheet.save)
    assert opened.page.table.lines[0].is_hidden
    save(opened)
    again = opened.sheet(Sheet)
    assert line.item.text in " ".join(
        label.text() for label in again.findChildren(type(opened.page.told))
    )
    opened.press(KEY.Key_Return)
    assert line.item.id in in_force(opened), "Enter takes the safe choice: nothing is hidden"
    click(opened.page.save)
    click(opened.sheet(Sheet).act)
    assert line.item.id not in in_force(opened)
    choose(opened, "crisis_safety")
    click(opened.page.acts["back"])
    save(opened)
    assert line.item.id in in_force(opened)


def test_items_move_and_are_added_and_a_service_is_added(opened):
    opened.page.which.choose("mentoring")
    first = choose(opened, "mentoring").item.id
    click(opened.page.acts["down"])
    assert opened.page.table.lines[1].item.id == first
    click(opened.page.acts["service"])
    sheet = write(opened, "name", "Garden")
    sheet.form.put({"short_name": "Garden", "phases": ("ongoing",)})
    click(sheet.save)
    assert opened.page.which.currentText() == "Garden"
    click(opened.page.acts["add"])
    sheet = write(opened, "text", "Walk through the garden together")
    sheet.form.put(
        {"role": "residential-staff", "due": 2, "due_unit": "D", "record_class": "general"}
    )
    click(sheet.save)
    save(opened)
    model = opened.desk.house.care_model
    assert model.services["mentoring"].items[1].id == first
    assert [item.text for item in model.services["own_1"].items] == [
        "Walk through the garden together"
    ]


def test_what_is_gathered_is_kept_until_it_is_saved_or_dropped(opened):
    choose(opened, "basic_needs", 2)
    click(opened.page.acts["change"])
    click(write(opened, "text", "Half a thought").save)
    opened.page.form.editors["reason"].setFocus()
    opened.write("Half a reason")
    opened.shared.flushing.emit()
    before = opened.page.changes
    other = type(opened.page)(opened.shared)
    assert other.changes == before
    assert other.form.typed()["reason"] == "Half a reason"
    other.deleteLater()
    click(opened.page.drop)
    assert opened.page.changes == opened.desk.ask(changed_model).changes


def test_a_page_that_works_with_an_item_keeps_it(opened):
    choose(opened, "missing_response", 2)
    assert not opened.page.acts["hide"].isEnabled()
    assert not any(change.kind == HIDE for change in opened.page.changes)


def test_wrong_answers_stay_as_typed_with_the_problem_beside(opened):
    choose(opened, "basic_needs", 3)
    click(opened.page.acts["change"])
    sheet = write(opened, "text", "Good words")
    sheet.form.editors["due"].put_typed("soon") if "due" in sheet.form.editors else None
    click(sheet.save)
    if "due" in sheet.form.editors:
        assert sheet.isVisible()
        assert sheet.form.typed()["due"] == "soon"
    opened.press(KEY.Key_Escape)

"""After an upgrade: a director decides in one place, with both sides' words, and says why."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import entry
from shelter_desk.desk.model_editor import SaveModel, changed_model
from shelter_desk.domain.overlay import HIDE, ROLE, TEXT, Change, Conflict
from shelter_desk.ui.model_parts.conflict_card import ConflictCard
from shelter_desk.ui.widgets import Label
from tests.conftest import PASSPHRASE
from tests.ui.real_window import Opened, settle

KEY = Qt.Key
WORDED, GIVEN, HIDDEN = "basic_needs.02", "basic_needs.03", "basic_needs.04"
WHY = "The house does it another way"


@pytest.fixture
def upgraded(look, open_desk, qtbot):
    """Return a window on records whose changes a newer program has changed too."""
    shipped = open_desk.care_model
    items = shipped.items
    role = next(code for code in shipped.roles if code != items[GIVEN].role)
    changes = (
        Change(TEXT, WORDED, "Our own words", items[WORDED].text),
        Change(ROLE, GIVEN, role, items[GIVEN].role),
        Change(HIDE, HIDDEN, "", items[HIDDEN].text, WHY),
    )
    hidden = tuple(one for one in (HIDDEN,) if items[one].safety_critical)
    open_desk.desk.do(SaveModel(0, changes, WHY, hidden))
    newer = {key: anew(service) for key, service in shipped.shipped.items()}
    model = replace(shipped, version="9.9.9", shipped=newer).under(shipped.profile_id)
    open_desk.desk.close()
    person = entry.people(open_desk.folder)[0][0]
    open_desk.desk = entry.sign_in(open_desk.folder, person, PASSPHRASE, model, open_desk.clock)
    return Opened(open_desk, qtbot)


def anew(service):
    return replace(service, items=tuple(anew_item(item) for item in service.items))


def anew_item(item):
    role = "director" if item.id == GIVEN else item.role
    return replace(item, text=f"Anew: {item.text}", role=role)


def words(card):
    return [label.text() for label in card.findChildren(Label)]


def waiting(opened):
    return {one.change.target for one in opened.desk.ask(changed_model).conflicts}


def test_today_says_to_a_director_that_something_waits_and_leads_there(upgraded):
    page = upgraded.go("today")
    assert page.model.isVisible()
    assert "3 things" in page.model.text
    page.model.open.click()
    settle()
    assert upgraded.window.page == "model"


def test_each_conflict_shows_the_words_of_both(upgraded):
    page = upgraded.go("model")
    said = words(page.conflicts)
    old = upgraded.desk.house.care_model.shipped["basic_needs"].items[1].text
    assert {"Our own words", old, old.removeprefix("Anew: ")} <= set(said)
    assert len(page.conflicts.take) == len(page.conflicts.keep) == 3


def test_what_is_decided_is_one_edition_with_a_reason_and_nothing_waits_after(upgraded):
    page = upgraded.go("model")
    page.conflicts.keep[0].click()  # our words stay
    settle()
    assert len(page.conflicts.take) == 2
    page.conflicts.take[0].click()  # the program says who does it
    settle()
    page.conflicts.keep[0].click()  # hidden it stays
    settle()
    assert not page.conflicts.isVisible()
    assert waiting(upgraded) == {WORDED, GIVEN, HIDDEN}  # nothing holds before it is saved
    page.form.editors["reason"].setFocus()
    upgraded.write(WHY)
    page.save.click()
    settle()
    if upgraded.sheet() is not None:  # what keeps people safe is looked at again
        upgraded.press(KEY.Key_Tab, KEY.Key_Return)
    assert waiting(upgraded) == set()
    model = upgraded.desk.house.care_model
    assert model.items[WORDED].text == "Our own words"
    assert model.items[GIVEN].role == "director"
    assert HIDDEN not in model.items
    assert model.edition == 2
    assert not upgraded.go("today").model.isVisible()


def test_half_of_the_decisions_are_kept_over_a_lock(upgraded):
    page = upgraded.go("model")
    page.conflicts.take[0].click()
    settle()
    upgraded.shared.flushing.emit()
    upgraded.go("today")
    page = upgraded.go("model")
    assert len(page.conflicts.take) == 2
    page.drop.click()
    settle()
    assert len(page.conflicts.take) == 3


def test_what_the_program_has_no_more_can_only_be_let_go(upgraded, qtbot):
    model = upgraded.desk.house.care_model
    gone = Change(TEXT, "basic_needs.99", "Our own words", "Once there")
    card = ConflictCard(model)
    qtbot.addWidget(card)
    card.show_conflicts(model, (Conflict(gone, None),), (gone,))
    assert card.keep == []
    assert "The program has this no more." in words(card)
    with qtbot.waitSignal(card.decided) as said:
        card.take[0].click()
    assert said.args == [()]

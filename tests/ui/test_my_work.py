"""My work on Today in real windows: given, handed over, and how much each role sees at once."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from shelter_desk.desk import accounts, entry
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.appointments import agenda
from shelter_desk.desk.assigning import assignments
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.today import NEXT, OVERDUE, TodayLine
from shelter_desk.domain.staff import ROLE_IDS
from shelter_desk.sample import write_demo
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.today_cards import ArrivalView
from shelter_desk.ui.today_lists import MOST_ROWS, MY_ROLE
from tests.conftest import NIGHT, PASSPHRASE, Clock, OpenDesk
from tests.ui.real_window import Opened, settle

KEY = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ADA, WORDS = "a" * 20, "four invented words here"


@pytest.fixture
def opened(look, open_desk, qtbot):
    ada = Colleague(ADA, "Ada", ("residential-staff",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, ada)
    return Opened(open_desk, qtbot)


def rows(page):
    return [line for one in page.lists() for line in one.lines if isinstance(line.key, TodayLine)]


def choose_general(opened, page):
    items = opened.desk.house.care_model.items
    for one in page.lists():
        for place, line in enumerate(one.lines):
            if items[line.key.item_id].record_class == "general":
                one.setFocus()
                one.setCurrentIndex(one.model().index(place, 0))
                return line.key
    raise AssertionError("no such row")


def who_has(opened):
    return [one.name for one in opened.desk.ask(assignments).values()]


def give(opened, to):
    sheet = opened.sheet(FormSheet)
    sheet.form.put({"to": to})
    opened.press(KEY.Key_Return)
    settle()


def test_g_gives_the_row_to_a_colleague_and_the_row_says_so(opened):
    opened.admit("Sky")
    page = opened.go("today")
    line = choose_general(opened, page)
    opened.press(KEY.Key_G)
    assert opened.sheet(FormSheet).form.values()["to"] == ADA  # a colleague, not oneself
    give(opened, ADA)
    assert who_has(opened) == ["Ada"]
    (row,) = [row for row in rows(page) if row.key == line]
    assert "given to Ada" in row.below
    opened.press(KEY.Key_Z, modifier=CONTROL)
    assert who_has(opened) == []


def test_what_is_mine_is_handed_over_by_one_button(opened):
    opened.admit("Sky")
    page = opened.go("today")
    assert not page.hand_over.isVisible()
    choose_general(opened, page)
    opened.press(KEY.Key_G)
    give(opened, opened.desk.staff.public_id)
    assert page.hand_over.isVisible()
    page.hand_over.setFocus()
    opened.press(KEY.Key_Space)
    give(opened, ADA)
    assert who_has(opened) == ["Ada"]
    assert not page.hand_over.isVisible()
    opened.press(KEY.Key_Z, modifier=CONTROL)
    assert who_has(opened) == ["Dana"]
    page.hand_over.click()
    give(opened, "nobody")
    assert who_has(opened) == []


def test_my_work_shows_what_is_given_to_me(opened, open_desk, qtbot):
    opened.admit("Sky")
    page = opened.go("today")
    items = opened.desk.house.care_model.items
    other = next(
        row.key
        for row in rows(page)
        if row.key.role != "residential-staff" and items[row.key.item_id].record_class == "general"
    )
    for one in page.lists():
        keys = [line.key for line in one.lines]
        if other in keys:
            one.setFocus()
            one.setCurrentIndex(one.model().index(keys.index(other), 0))
    opened.press(KEY.Key_G)
    give(opened, ADA)
    opened.window.close()
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock
    )
    ada = Opened(open_desk, qtbot)
    page = ada.go("today")
    assert page.whose.value() == MY_ROLE
    keys = {(row.key.stay_id, row.key.item_id): row for row in rows(page)}
    assert "given to Ada" in keys[other.stay_id, other.item_id].below
    others = [row for row in keys.values() if row.key.role != "residential-staff"]
    assert [row.key.item_id for row in others] == [other.item_id]


# The demo shelter: nine residents


@pytest.fixture(scope="module")
def demo(tmp_path_factory, care_model):
    """The demo shelter, and a colleague of every role in it."""
    folder = tmp_path_factory.mktemp("demo") / "records"
    clock = Clock(NIGHT)
    write_demo(folder, PASSPHRASE, care_model, NIGHT)
    director = entry.people(folder)[0][0]
    desk = entry.sign_in(folder, director, PASSPHRASE, care_model, clock)
    for place, role in enumerate(ROLE_IDS):
        colleague = Colleague(f"{place:020d}", f"Invented {role}", (role,), WORDS)
        accounts.add_colleague(desk, PASSPHRASE, colleague)
    desk.close()
    return folder


@pytest.mark.parametrize("role", ROLE_IDS)
def test_today_of_one_role_unfolds_at_most_25_rows_safety_first(
    look, demo, care_model, qtbot, capsys, role
):
    clock = Clock(NIGHT)
    person = f"{ROLE_IDS.index(role):020d}"
    desk = entry.sign_in(demo, person, WORDS, care_model, clock)
    opened = Opened(OpenDesk(desk, demo, clock, None, care_model), qtbot)
    page = opened.go("today")
    page.whose.buttons()[1].click()
    settle()
    shown = rows(page)
    with capsys.disabled():
        print(f"\nToday of {role}: {len(shown)} rows unfolded, of {waiting(page)} that wait")
    assert len(shown) <= MOST_ROWS
    for one in page.lists():
        lines = [row.key for row in one.lines if isinstance(row.key, TodayLine)]
        late = [line.safety_critical for line in lines if line.bucket == OVERDUE]
        assert late == sorted(late, reverse=True)
    assert_one_key_away(page)
    assert_one_key_shows_everything_due(opened, page)
    opened.window.close()
    desk.close()


def waiting(page):
    return len(page.work.mine(page._board).lines) + sum(
        len(group.lines) for card in page.work.mine(page._board).arrivals for group in card.groups
    )


def assert_one_key_away(page):
    """Every open line is on screen, or behind a button that one key presses: none is lost."""
    mine = page.work.mine(page._board)
    cards = [part for part in page._order_shown if isinstance(part, ArrivalView)]
    heads = [part for part in page._order_shown if not isinstance(part, ArrivalView)]
    assert sum(len(part.unfolding.list.lines) + behind(part.unfolding) for part in heads) == len(
        mine.lines
    )
    for card in cards:
        for folded in card.groups.values():
            assert folded.button.isVisibleTo(page)
            assert folded.button.isEnabled()


def due_on(page):
    """Return every open item that is overdue or due today for whoever works here."""
    mine = page.work.mine(page._board)
    in_cards = [line for card in mine.arrivals for group in card.groups for line in group.lines]
    return {
        (line.stay_id, line.item_id, line.occurrence)
        for line in (*mine.lines, *in_cards)
        if line.bucket != NEXT
    }


def seen_on(page):
    """Return every open item that stands on the page as a row."""
    keys = [row.key for one in page.lists() for row in one.lines]
    return {
        (line.stay_id, line.item_id, line.occurrence)
        for line in keys
        if isinstance(line, TodayLine)
    }


def assert_one_key_shows_everything_due(opened, page):
    """Each due item, notice and appointment is a row already, or is one after M; M folds again."""
    before, due = seen_on(page), due_on(page)
    owed = opened.desk.ask(due_notices)
    now, zone = opened.clock(), opened.shared.zone
    midnight = now.astimezone(zone).replace(hour=0, minute=0)
    soon = opened.desk.ask(agenda, since=midnight, until=midnight + timedelta(days=2))
    held = [one for one in page.lists() if one.lines][-1]
    held.setFocus()
    held.setCurrentIndex(held.model().index(len(held.lines) - 1, 0))
    opened.press(KEY.Key_M)
    assert_held_row_in_sight(held)
    assert due <= seen_on(page), "nothing due is more than one keystroke away"
    assert len(page.owed.buttons) == len(owed)
    assert len(page.soon.buttons) == len(soon)
    opened.press(KEY.Key_M)
    assert_held_row_in_sight(held)
    assert seen_on(page) == before


def assert_held_row_in_sight(held):
    """The row with the keyboard is whole on screen, wherever the page was unfolded above it."""
    QTest.qWait(100)
    assert held.hasFocus()
    area = held.parentWidget()
    while not isinstance(area, QScrollArea):
        area = area.parentWidget()
    row = held.visualRect(held.currentIndex())
    top = held.viewport().mapTo(area.viewport(), row.topLeft()).y()
    assert 0 <= top <= area.viewport().height() - row.height()


def behind(unfolding):
    more = unfolding.more
    return int(more.text().split()[1]) if more.isVisibleTo(unfolding) else 0

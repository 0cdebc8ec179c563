"""Ctrl+K on real records, by keys: who and what is found, where it leads, what the trail says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shelter_desk.app.finders import Finders
from shelter_desk.desk import audit_log, residents, service_log
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.palette import HIT_ROLE, Hit, Palette
from shelter_desk.ui.shift.sheets import LineSheet
from shelter_desk.ui.widgets import Label
from tests.ui.real_window import Opened, settle

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class Finding(Opened):
    """A window whose palette looks into the records."""

    def __init__(self, records, qtbot):
        super().__init__(records, qtbot)
        finders = Finders(self.shared)
        house = House(
            "Harbor House",
            "Director",
            lambda _p: True,
            finders.records,
            finders.actions,
            finders.looked,
        )
        self.window.close()
        self.window = MainWindow(self.shared, discover(), house)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def palette(self, typed=""):
        self.press(KEY.Key_K, modifier=CTRL)
        found = self.sheet(Palette)
        QTest.keyClicks(found.search, typed)
        settle()
        return found


@pytest.fixture
def opened(look, open_desk, qtbot):
    one = Finding(open_desk, qtbot)
    yield one
    one.window.close()


def shown(palette):
    rows = (palette.model.index(n).data(HIT_ROLE) for n in range(palette.model.rowCount()))
    return [(hit.group, hit.text, hit.below) for hit in rows if isinstance(hit, Hit)]


def noted(opened):
    lines = opened.desk.ask(audit_log.events)
    return [one.reason for one in lines if one.action == "resident.search"][::-1]


def test_a_name_heard_at_the_door_opens_the_record_and_is_noted_once(opened):
    stay = opened.admit("Ximena")
    opened.palette("himena")
    opened.press(KEY.Key_Return)
    assert opened.window.page == "resident"
    assert opened.window.view("resident")._stay_id == stay
    assert noted(opened) == ["found-1"]


def test_every_key_finds_and_no_key_writes(opened):
    opened.admit("Skyler")
    palette = opened.palette()
    for typed, key in (("s", "s"), ("sk", "k"), ("sky", "y")):
        QTest.keyClicks(palette.search, key)
        assert palette.search.text() == typed
        assert ("Residents", "Skyler") in [line[:2] for line in shown(palette)]
    assert noted(opened) == []
    opened.press(KEY.Key_Escape, KEY.Key_Escape)
    assert noted(opened) == ["found-1"], "emptied by the first Esc: it was seen until then"


def test_after_a_pause_what_was_found_has_been_seen(opened, qtbot):
    opened.admit("Lavender")
    opened.palette("lave")
    qtbot.waitUntil(lambda: len(noted(opened)) == 1, timeout=5_000)
    opened.press(KEY.Key_Return)
    assert opened.window.page == "resident"
    assert noted(opened) == ["found-1"], "opened after the pause: still one search"


def test_going_to_a_page_is_no_search_for_anybody(opened):
    opened.palette("incident")
    opened.press(KEY.Key_Return)
    assert opened.window.page == "incidents"
    assert noted(opened) == []


def test_a_note_leads_to_where_it_stands(opened):
    stay = opened.admit("Sky")
    note = "Likes the green blanket"
    opened.desk.do(service_log.LogService(stay, "crisis_shelter", opened.clock(), 5, note=note))
    palette = opened.palette("green bl")
    ((group, text, below),) = shown(palette)
    assert (group, text) == ("Notes", note)
    assert below.startswith("Sky · ")
    opened.press(KEY.Key_Return)
    assert opened.window.view("resident")._stay_id == stay
    assert noted(opened) == ["found-0:notes-1"]


def test_a_line_of_the_shift_log_opens_by_itself(opened):
    stay = opened.admit("Sky")
    opened.desk.do(WriteLine(LineWords((stay,), text="Sky lost the turquoise scarf")))
    opened.clock.forward(days=40)  # longer ago than the page shows at first
    palette = opened.palette("turqu")
    ((group, text, below),) = shown(palette)
    assert (group, text) == ("Notes", "Sky lost the turquoise scarf")
    assert below.startswith("Sky · Shift log · ")
    opened.press(KEY.Key_Return)
    assert opened.window.page == "shift_log"
    words = " ".join(one.text() for one in opened.sheet(LineSheet).findChildren(Label))
    assert "turquoise scarf" in words


def test_another_name_is_said_to_be_one_and_noted_as_such(opened):
    opened.admit("Sky", legal_name="Hortensia Featherstone")
    palette = opened.palette("featherst")
    ((_, text, below),) = shown(palette)
    assert text == "Sky"
    assert below.endswith("by another name")
    opened.press(KEY.Key_Return)
    assert noted(opened) == ["found-1:by-identity"]


def test_somebody_who_left_is_said_to_have_left(opened):
    stay = opened.admit("Juniper")
    now = opened.clock.forward(hours=1)
    opened.desk.do(residents.RecordExit(stay, now, "left-early", "99"))
    ((_, _, below),) = shown(opened.palette("junip"))
    assert below.endswith("has left")


def test_a_setting_is_reached_by_its_name_and_has_the_keyboard(opened):
    opened.palette("beds")
    opened.press(KEY.Key_Return)
    settle()
    page = opened.window.view("settings")
    assert opened.window.page == "settings"
    assert page.beds.isAncestorOf(opened.window.focusWidget())


@pytest.mark.parametrize("typed", ["emergency", "break glass", "closed"])
def test_what_is_closed_is_opened_in_an_emergency_by_the_words_people_use(opened, typed):
    opened.palette(typed)
    opened.press(KEY.Key_Return)
    assert opened.window.page == "people"
    buttons = opened.window.view("people").class_buttons
    assert not buttons or opened.window.focusWidget() in buttons.values()


@pytest.mark.parametrize("typed", ["who left", "retention", "destroy", "kept"])
def test_the_records_of_who_left_are_found_by_the_words_people_use(opened, typed):
    opened.palette(typed)
    opened.press(KEY.Key_Return)
    assert opened.window.page == "kept"


@pytest.mark.parametrize("came_from", ["rail", "bar"])
def test_a_page_that_is_chosen_has_the_keyboard_though_it_was_beside_the_page(opened, came_from):
    opened.admit("Sky")
    window = opened.window
    beside = {"rail": window.rail.button("today"), "bar": window.bar.search}[came_from]
    pages = [page for page in discover() if page.in_rail]
    elsewhere = []
    for page in pages:
        beside.setFocus()
        palette = opened.palette(page.title)
        while palette.hits.currentIndex().data(HIT_ROLE).group != "Go to":
            opened.press(KEY.Key_Down)
        opened.press(KEY.Key_Return)
        assert window.page == page.name
        if not window.view(page.name).isAncestorOf(window.focusWidget()):
            elsewhere.append(page.name)
    assert len(pages) > 10
    assert elsewhere == [], "the keyboard stayed on the rail or the bar"


def test_a_palette_that_is_closed_gives_the_keyboard_back_to_the_rail(opened):
    at = opened.window.rail.button("today")
    at.setFocus()
    opened.palette()
    opened.press(KEY.Key_Escape)
    assert opened.window.focusWidget() is at

"""The walk through windows, here through what else there is: every page, and what lies over it."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shelter_desk.desk import care
from shelter_desk.desk.item import item_line
from shelter_desk.domain.periods import Period
from shelter_desk.exports.pack_contents import prepare_pack
from shelter_desk.exports.pack_order import PackOrder
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.alarm import AlarmSheet
from shelter_desk.ui.form_sheet import FitScroll
from shelter_desk.ui.pack_preview import PackPreview
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.pages import discover
from shelter_desk.ui.room import Room
from shelter_desk.ui.sample_sheet import ListWanted, SampleSheet
from shelter_desk.ui.stay.item_sheet import ItemSheet
from tests.ui.real_window import Opened, Records, settle
from tests.ui.test_alarm import alarmed
from tests.ui.test_walk import (
    test_everything_reached_by_tab_says_its_name_and_role,
    test_no_word_is_cut_off,
    test_nothing_is_wider_than_the_window_at_200_percent,
    test_nothing_lies_over_its_neighbour_or_outside_its_box,
    test_tab_goes_down_the_page_not_up_and_down,
    test_the_focus_is_seen_on_everything,
)

__all__ = [
    "alarmed",
    "test_everything_reached_by_tab_says_its_name_and_role",
    "test_no_word_is_cut_off",
    "test_nothing_is_wider_than_the_window_at_200_percent",
    "test_nothing_lies_over_its_neighbour_or_outside_its_box",
    "test_tab_goes_down_the_page_not_up_and_down",
    "test_the_focus_is_seen_on_everything",
]
pytestmark = pytest.mark.slow  # every page and sheet in its own window: over a minute
ELSEWHERE = ("resident", "log_service", "settings", "audit_trail", "about", "missing", "incidents")
PAGES = tuple(page.name for page in discover() if page.name not in ELSEWHERE)
OVER = ("history", "room", "backup", "alarm", "alarm-sheet")
SHEETS = ("house-item", "waits", "words", "sample", "preview")


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


def test_help_is_read_to_its_end_by_keys_at_200_percent(look, records, qtbot):
    opened = Opened(records, qtbot)
    opened.window.resize(1366, 768)
    look.apply(DeviceSettings(200, "light"))
    settle()
    sheet = opened.window.help()
    settle()
    assert opened.window.focusWidget() is sheet.done
    bar = sheet.findChild(FitScroll).verticalScrollBar()
    assert bar.maximum() > 0
    opened.press(*[Qt.Key.Key_PageDown] * 6)
    assert bar.value() == bar.maximum()
    opened.press(Qt.Key.Key_Escape)
    assert opened.sheet() is None


@pytest.fixture(params=(*PAGES, *OVER, *SHEETS))
def shown(request, look, qtbot):
    if request.param.startswith("alarm"):
        yield under_alarm(request.getfixturevalue("alarmed"), request.param)
        return
    records = request.getfixturevalue("records")
    if request.param == "backup":
        records.clock.forward(days=8)
    opened = Opened(records, qtbot)
    stay = opened.admit(good_to_know="Likes the door ajar.")
    opened.window.resize(1366, 768)
    show(opened, request.param, stay)
    QTest.qWait(30)
    yield opened.window
    records.everyone_leaves()


def under_alarm(window, what):
    """Return the window with the alarm over its pages, or with its sheet open."""
    window.resize(1366, 768)
    if what == "alarm-sheet":
        window.alarm.look.click()
        settle()
        (window.opened_sheet,) = window.findChildren(AlarmSheet)
    return window


def show(opened, what, stay):
    """Open a page, or what lies over one."""
    window = opened.window
    if what in PAGES:
        opened.go(what)
    elif what == "history":
        opened.go("resident", stay).show_part("history")
    elif what == "room":
        window.room._look = lambda: Room(90_000_000, 500_000_000)
        window.room.refresh()
    elif what == "backup":
        assert opened.go("today").backup.isVisible()
    elif what == "words":
        window.opened_sheet = WordsSheet("one two three four five six", print, print)
        window.opened_sheet.open_over(window)
    elif what == "sample":
        window.opened_sheet = sample_sheet(opened)
    elif what == "preview":
        order = PackOrder("licensor", str(opened.clock().year - 1))
        prepared = prepare_pack(opened.desk, order)
        window.opened_sheet = PackPreview(prepared, print, print)
        window.opened_sheet.open_over(window, window.opened_sheet.files)
    else:
        window.opened_sheet = item_sheet(opened, None if what == "house-item" else stay)


def sample_sheet(opened):
    """Return the sheet of a sample, with its list fixed: the dice may be typed now."""
    opened.clock.forward(days=100)
    profile = pack_rules(opened.desk.house.care_model).profile("licensor")
    period = Period.quarter_of((opened.clock() - timedelta(days=100)).date())
    sheet = SampleSheet(opened.shared, ListWanted.in_pack(profile, period.id), print)
    sheet.open_over(opened.window, sheet.fix)
    sheet.fix.click()
    return sheet


def item_sheet(opened, stay):
    """Return the sheet of an item of the house, or of one that waits for a second person."""
    if stay is None:
        page = opened.go("today")
        page.order.set_value("resident")
        page.order.chosen.emit("resident")
        line = next(
            row.key for rows in page.lists() for row in rows.lines if row.key.stay_id is None
        )
    else:
        items = opened.items(stay).values()
        line = next(item for item in items if item.needs_signatures == 2 and item.due_at)
        opened.shared.do(care.AnswerItem(stay, line.item_id, line.occurrence))
    item = opened.desk.ask(
        item_line, stay_id=stay, item_id=line.item_id, occurrence=line.occurrence
    )
    sheet = ItemSheet(opened.shared, opened.desk.house.care_model, stay, item, who="Sky")
    sheet.open_over(opened.window)
    return sheet

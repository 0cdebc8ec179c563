"""The walk through windows, here through the real pages and the sheets of a resident."""

import pytest
from PySide6.QtTest import QTest

from tests.ui.real_window import Opened, Records
from tests.ui.test_walk import (
    test_everything_reached_by_tab_says_its_name_and_role,
    test_no_word_is_cut_off,
    test_nothing_is_wider_than_the_window_at_200_percent,
    test_nothing_lies_over_its_neighbour_or_outside_its_box,
    test_tab_goes_down_the_page_not_up_and_down,
    test_the_focus_is_seen_on_everything,
)

__all__ = [
    "test_everything_reached_by_tab_says_its_name_and_role",
    "test_no_word_is_cut_off",
    "test_nothing_is_wider_than_the_window_at_200_percent",
    "test_nothing_lies_over_its_neighbour_or_outside_its_box",
    "test_tab_goes_down_the_page_not_up_and_down",
    "test_the_focus_is_seen_on_everything",
]
pytestmark = pytest.mark.slow  # every page and sheet, each in its own window: over a minute
PAGES = ("resident:plan", "resident:timeline", "resident:details", "log_service", "settings")
MORE_PAGES = ("audit_trail", "about", "calendar", "shift_log", "handoff", "rounds", "service_log")
SHEETS = ("sheet:event", "sheet:exit", "sheet:bed", "sheet:log", "sheet:item")


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture(params=(*PAGES, *MORE_PAGES, *SHEETS))
def shown(request, look, records, qtbot):
    opened = Opened(records, qtbot)
    name, _, part = request.param.partition(":")
    stay = opened.admit(good_to_know="Likes the door ajar.")
    opened.window.resize(1366, 768)
    if name == "sheet":
        opened.window.opened_sheet = open_sheet(opened, opened.go("resident", stay), part)
    else:
        page = opened.go(name, stay if name == "resident" else "")
        if part:
            page.show_part(part)
    QTest.qWait(30)
    yield opened.window
    records.everyone_leaves()


def open_sheet(opened, page, part):
    if part == "item":
        lines = (line for card in page.plan.cards.values() for line in card.list.lines)
        return page.plan.open_item(next(lines).key)
    page.head.wanted.emit(part)
    return opened.sheet()

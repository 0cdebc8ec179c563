"""The rail on a screen too low for all pages: what is hidden is said, and one press away."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest

from shelter_desk.domain.staff import May
from shelter_desk.ui.pages import Page
from shelter_desk.ui.rail import Rail, RailButton, _MorePages
from tests.ui.small_pages import TodayPage

NAMES = [f"page-{number}" for number in range(17)]
PAGES = [
    Page(10 + 10 * number, f"Page {number}", "users", May.READ_RECORDS, TodayPage, name=name)
    for number, name in enumerate(NAMES)
]


@pytest.fixture
def rail(look, qtbot):
    """The rail of a window whose keyboard is on its page: a button that has it stays in sight."""
    rail = Rail(PAGES, "Harbor House", "Dana", "Director")
    qtbot.addWidget(rail)
    rail.resize(196, 900)
    rail.show()
    rail.activateWindow()
    qtbot.waitUntil(rail.button(NAMES[0]).hasFocus)  # a window gives it to its first part
    rail.focusWidget().clearFocus()
    return rail


def seen(rail):
    """Return the names of the pages that are seen whole, in their order."""
    buttons = [(name, rail.button(name)) for name in NAMES]
    return [n for n, one in buttons if one.visibleRegion().boundingRect().size() == one.size()]


def test_a_name_that_is_a_third_longer_is_read_whole(look):
    room = QSize(130, 30)  # beside the icon, on the lowest screen
    usual = RailButton("siren", "Missing from care").fitting(room)
    assert (usual[0].pixelSize(), usual[1]) == (look.font(14).pixelSize(), "Missing from care")
    for name in (
        "Desaparecidos del cuidado",
        "Registro de los servicios",
        "Documentos del personal",
    ):
        font, words = RailButton("siren", name).fitting(room)
        assert words == name
        assert font.pixelSize() < usual[0].pixelSize()
    cut = RailButton("siren", "Unaussprechlichlangesseitenwort").fitting(room)[1]
    assert cut.endswith("…"), "what is one long word is cut, as before"


def test_all_pages_are_seen_where_there_is_room(rail, qtbot):
    (more,) = rail.findChildren(_MorePages)
    qtbot.waitUntil(lambda: seen(rail) == NAMES)
    assert not more.isVisible()


def test_pages_that_a_low_screen_hides_are_reached_with_the_mouse(rail, qtbot):
    (more,) = rail.findChildren(_MorePages)
    rail.resize(196, 420)
    qtbot.waitUntil(more.isVisible)
    first = seen(rail)
    assert 0 < len(first) < len(NAMES)
    assert more.accessibleName() == "More pages below"
    found, presses = set(first), 0
    while more.accessibleName() == "More pages below":
        QTest.mouseClick(more, Qt.MouseButton.LeftButton)
        found |= set(seen(rail))
        presses += 1
        assert presses < len(NAMES)
    assert found == set(NAMES)
    assert more.accessibleName() == "Back to the first pages"
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert seen(rail) == first
    rail.resize(196, 900)
    qtbot.waitUntil(lambda: not more.isVisible())


def test_the_keyboard_brings_up_a_hidden_page(rail, qtbot):
    rail.resize(196, 420)
    qtbot.waitUntil(rail.findChildren(_MorePages)[0].isVisible)
    rail.activateWindow()
    rail.button(NAMES[0]).setFocus()
    for _ in NAMES[1:]:
        QTest.keyClick(rail.focusWidget(), Qt.Key.Key_Tab)
    assert rail.button(NAMES[-1]).hasFocus()
    qtbot.waitUntil(lambda: NAMES[-1] in seen(rail))


def test_the_page_that_is_open_is_seen_whole_on_a_low_screen(rail, qtbot):
    (more,) = rail.findChildren(_MorePages)
    rail.light(NAMES[-2])
    rail.resize(196, 420)
    qtbot.waitUntil(more.isVisible)
    qtbot.waitUntil(lambda: NAMES[-2] in seen(rail))
    rail.light(NAMES[1])
    qtbot.waitUntil(lambda: NAMES[1] in seen(rail))

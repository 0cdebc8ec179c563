"""Widgets keep their size right while the text grows and shrinks, and cut no words."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Button, DropDown, FlowLayout, Toast


@pytest.fixture
def host(look, qtbot):
    window = QWidget()
    window.resize(900, 600)
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_toast_is_low_again_when_the_text_is_small_again(host, look):
    toast = Toast(host)
    toast.show_line("Ticked “Show exits, alarm, quiet room and a way to ask for help”", undo=True)
    low = toast.size()
    for scale in (200, 100):
        look.apply(DeviceSettings(scale, "light"))
        QTest.qWait(5)
    assert toast.size() == low


def test_the_words_of_a_drop_down_end_before_its_arrow(host, look):
    choice = DropDown("Period")
    choice.addItem("October to December 2025, and some more")
    choice.setParent(host)
    choice.show()
    for scale in (100, 200):
        look.apply(DeviceSettings(scale, "light"))
        choice.resize(theme().px(180), theme().px(36))
        assert choice.shown_text().endswith("…")
        words = choice.fontMetrics().horizontalAdvance(choice.shown_text())
        arrow = choice.width() - theme().px(16 + 8)
        assert theme().px(9) + words < arrow
        assert choice.toolTip() == choice.currentText()


def test_a_drop_down_as_wide_as_it_asks_shows_its_words_whole(host, look):
    choice = DropDown("Colour")
    choice.addItem("Sea green")
    choice.setParent(host)
    choice.show()
    for scale in (100, 200):
        look.apply(DeviceSettings(scale, "light"))
        choice.resize(choice.sizeHint())
        assert choice.shown_text() == "Sea green"


def test_what_is_hidden_takes_no_room_in_a_flow(host):
    inside = QWidget(host)
    flow = FlowLayout(8, inside)
    buttons = [Button(name) for name in ("One", "Two", "Three")]
    for button in buttons:
        flow.addWidget(button)
    inside.resize(600, 100)
    inside.show()
    buttons[0].hide()
    buttons[1].hide()
    flow.activate()
    assert buttons[2].x() == 0
    assert flow.sizeHint().width() == buttons[2].sizeHint().width()

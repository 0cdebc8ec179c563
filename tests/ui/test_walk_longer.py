"""Every page and sheets, with words a third longer, as Spanish has them: nothing is cut."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from shelter_desk.settings import DeviceSettings
from shelter_desk.ui.pages import discover
from shelter_desk.ui.rail import RailButton
from shelter_desk.ui.widgets import Label
from tests.ui.longer_words import Longer, longer
from tests.ui.real_window import Opened, Records, settle
from tests.ui.test_walk import (
    root_of,
    test_no_word_is_cut_off,
    test_nothing_is_wider_than_the_window_at_200_percent,
    test_nothing_lies_over_its_neighbour_or_outside_its_box,
)
from tests.ui.test_walk_pages import SHEETS, open_sheet

__all__ = [
    "test_no_word_is_cut_off",
    "test_nothing_is_wider_than_the_window_at_200_percent",
    "test_nothing_lies_over_its_neighbour_or_outside_its_box",
]
pytestmark = pytest.mark.slow  # every page and sheet in its own window
NAMES = tuple(page.name for page in discover() if page.name != "resident")
PARTS = ("resident:plan", "resident:timeline", "resident:details")


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def words():
    translator = Longer()
    QApplication.installTranslator(translator)
    yield translator
    QApplication.removeTranslator(translator)


@pytest.fixture(params=(*NAMES, *PARTS, *SHEETS))
def shown(request, look, records, words, qtbot):
    opened = Opened(records, qtbot)
    name, _, part = request.param.partition(":")
    stay = opened.admit(
        good_to_know="Le gusta la puerta entornada, y la luz del pasillo encendida."
    )
    opened.window.resize(1366, 768)
    if name == "sheet":
        opened.window.opened_sheet = open_sheet(opened, opened.go("resident", stay), part)
    else:
        page = opened.go(name, stay if name == "resident" else "")
        if part:
            page.show_part(part)
    QTest.qWait(30)
    assert len(words.asked) > 30
    yield opened.window
    records.everyone_leaves()


def test_words_are_a_third_longer():
    assert longer("Save") == "Save ac"
    assert len(longer("Choose how the stay ended.")) >= 1.3 * len("Choose how the stay ended.")


@pytest.mark.parametrize("scale", [100, 200])
def test_no_button_ends_before_its_words(shown, look, scale):
    look.apply(DeviceSettings(scale, "light"))
    settle()
    checked = 0
    for button in root_of(shown).findChildren(QAbstractButton):
        words = button.text().replace("&", "")
        is_icon = isinstance(button, RailButton) and button._narrow
        if button.isVisible() and words and not is_icon:
            checked += 1
            assert button.fontMetrics().horizontalAdvance(words) <= button.width() + 1, words
    assert checked


def test_no_line_has_to_end_in_dots(shown, look):
    look.apply(DeviceSettings(100, "light"))
    settle()
    lines = [
        line
        for line in root_of(shown).findChildren(Label)
        if line.isVisible() and line.text() and not line.wordWrap()
    ]
    assert lines
    assert [line.text() for line in lines if not line._fits()] == []

"""A director makes a new recovery kit under Settings, by keys and clicks on a real desk."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shelter_desk.desk import audit_log, entry
from shelter_desk.store.keys.errors import KitDoesNotFitError
from shelter_desk.store.keys.kit import read_kit
from shelter_desk.ui.kit_paper import KitPaper
from shelter_desk.ui.settings_parts.kit import NewKitSheet
from tests.conftest import PASSPHRASE
from tests.ui.real_window import Opened, settle

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton


class KeptPaper:
    """Keeps what would have been printed or saved."""

    def __init__(self):
        self.printed, self.saved = [], []

    def print_pdf(self, host, pdf):
        self.printed.append(pdf)
        return True

    def save_pdf(self, host, pdf, name):
        self.saved.append((pdf, name))


@pytest.fixture
def opened(look, open_desk, qtbot):
    window = Opened(open_desk, qtbot)
    window.records = open_desk
    return window


def begin(opened):
    """Open the sheet with the mouse, and give one's own passphrase with the keys."""
    card = opened.go("settings").kit
    card.paper = KeptPaper()
    QTest.mouseClick(card.make, LEFT)
    settle()
    sheet = opened.sheet(NewKitSheet)
    assert "A backup made before still opens with the former kit only" in sheet.about.text()
    opened.write(PASSPHRASE)
    opened.press(KEY.Key_Return)
    return card, sheet


def made(opened):
    return [one for one in opened.desk.ask(audit_log.events) if one.action == "kit.replace"]


def test_a_new_kit_is_printed_typed_back_and_then_in_force(opened):
    card, sheet = begin(opened)
    before = card.made.text()
    opened.clock.forward(minutes=5)
    code = sheet.kit.kit.code
    assert code in sheet.findChild(KitPaper).accessibleName()
    opened.press(KEY.Key_Space)  # the keyboard is on Print
    QTest.mouseClick(sheet.kit.save_button, LEFT)
    assert card.paper.printed[0].startswith(b"%PDF")
    assert card.paper.saved[0][1] == "recovery-kit.pdf"
    QTest.mouseClick(sheet.go_on, LEFT)
    assert "tick that you have it" in sheet.kit.said.text
    QTest.mouseClick(sheet.kit.kept, LEFT)
    opened.press(KEY.Key_Return)
    assert sheet.typed.isVisible()
    opened.write("M8A6")
    opened.press(KEY.Key_Return)
    assert made(opened) == []
    sheet.typed.typed.clear()
    opened.write(code.replace("-", "").lower())
    assert made(opened) == []
    entry.check_kit(opened.records.folder, opened.records.kit)  # the former one, until now
    opened.press(KEY.Key_Return)
    assert opened.sheet(NewKitSheet) is None
    assert opened.said == ["The new recovery kit is in force"]
    assert len(made(opened)) == 1
    assert card.made.text() != before
    entry.check_kit(opened.records.folder, read_kit(code))
    with pytest.raises(KitDoesNotFitError):
        entry.check_kit(opened.records.folder, opened.records.kit)


def test_leaving_before_the_end_leaves_the_former_kit_in_force(opened):
    _, sheet = begin(opened)
    code = sheet.kit.kit.code
    QTest.mouseClick(sheet.kit.kept, LEFT)
    opened.press(KEY.Key_Return, KEY.Key_Escape)
    assert opened.sheet(NewKitSheet) is None
    assert made(opened) == []
    entry.check_kit(opened.records.folder, opened.records.kit)
    with pytest.raises(KitDoesNotFitError):
        entry.check_kit(opened.records.folder, read_kit(code))


def test_a_wrong_own_passphrase_shows_no_kit(opened):
    card = opened.go("settings").kit
    QTest.mouseClick(card.make, LEFT)
    settle()
    sheet = opened.sheet(NewKitSheet)
    opened.press(KEY.Key_Return)
    assert "without it, nothing happens" in sheet.problem.text()
    opened.write("not the words")
    opened.press(KEY.Key_Return)
    assert sheet.problem.text() == "That is not your passphrase."
    assert sheet.kit.kit is None
    assert sheet.own.text() == ""

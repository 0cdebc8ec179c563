"""A whole pack by keyboard alone, onto a real FAT32 stick that is listed, written and ejected.

And by clicks onto one that is full, which is said, and nothing but what was there is left.
"""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from shelter_desk.desk import exported
from shelter_desk.exports.drives import linux_drives
from shelter_desk.exports.verify import verify
from shelter_desk.ui.pack_preview import PackPreview
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.widgets import Label
from tests.exports.real_drives import Stick, listing
from tests.ui.real_window import Opened, settle

pytestmark = [pytest.mark.mounts, pytest.mark.fuse]
TAB, BACK, SPACE = Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Space


@pytest.fixture
def stick(tmp_path):
    stick = Stick("FAT", tmp_path / "stick.img", tmp_path / "media" / "AUDIT")
    stick.plug_in()
    yield stick
    stick.take_away()


def here(opened):
    """What the keyboard is at, as it is read aloud."""
    widget = opened.window.focusWidget()
    return widget.accessibleName() or widget.text()


def to(opened, name, key=TAB):
    """Tab on until something of this name has the keyboard."""
    passed = []
    while not here(opened).startswith(name):
        passed.append(here(opened))
        assert len(passed) < 12, passed
        opened.press(key)
    return passed


def test_a_pack_goes_onto_a_listed_stick_and_is_ejected_by_keyboard_alone(
    look, open_desk, qtbot, stick, tmp_path
):
    opened = Opened(open_desk, qtbot)
    opened.clock.at = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
    page, media = opened.go("audit_pack"), (tmp_path / "media",)
    page.find_drives = lambda: [(one, 0) for one in linux_drives(listing(), media=media)]
    page.profile.setFocus()
    passed = to(opened, "Make an audit pack")
    assert passed[:4] == ["For whom", "Period", "Recipient", "Reason"]
    opened.press(SPACE)
    preview = opened.sheet(PackPreview)
    assert here(opened) == "Files of the pack"
    to(opened, "Next file")
    while not preview.let_out.isEnabled():
        opened.press(SPACE)
    to(opened, "Let it out")
    opened.press(SPACE)
    # The drive has the keyboard as soon as it is there; its kind and room are read with its name.
    assert here(opened) == "AUDIT, FAT, it does not say how much room it has"
    opened.press(SPACE)
    texts = [one.text().split() for one in opened.sheet(WordsSheet).findChildren(Label)]
    words = " ".join(text[1] for text in texts if len(text) == 2 and text[0] in "123456")
    assert here(opened) == "The words are on paper"
    opened.press(SPACE)
    to(opened, "Make the pack")
    opened.press(SPACE)
    settle()
    assert opened.told == []
    assert here(opened).startswith("Cover sheet")
    (pack,) = stick.point.glob("*.age")
    assert verify(pack, words).ok
    to(opened, "Eject the drive", BACK)
    opened.press(SPACE)
    settle()
    assert opened.said[-1] == "The drive can be pulled out now"
    assert not stick.point.is_mount()
    assert opened.window.focusWidget() is not None


def test_a_full_stick_is_called_full_and_keeps_what_was_on_it(
    look, open_desk, qtbot, stick, tmp_path
):
    holiday = stick.point / "HOLIDAY.MP4"
    fill(holiday, leave=200_000)  # bytes: more than the opener takes, less than the pack
    opened = Opened(open_desk, qtbot)
    opened.clock.at = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
    page, media = opened.go("audit_pack"), (tmp_path / "media",)
    page.find_drives = lambda: [(one, 0) for one in linux_drives(listing(), media=media)]
    click(page.make)
    preview = opened.sheet(PackPreview)
    while not preview.let_out.isEnabled():
        click(preview.next)
    click(preview.let_out)
    click(named(opened.window, "AUDIT, FAT"))
    click(named(opened.sheet(WordsSheet), "The words are on paper"))
    click(named(opened.sheet(WordsSheet), "Make the pack"))
    assert [str(error) for error in opened.told] == [
        "There is not enough room on the drive. Make room or use another drive, then try again."
    ]
    assert [path.name for path in stick.point.iterdir()] == ["HOLIDAY.MP4"]
    assert [(line.result, line.why) for line in opened.desk.ask(exported.export_list)] == [
        ("failed", "drive-full")
    ]
    assert "is on the drive" not in " ".join(
        label.text() for label in page.findChildren(Label) if label.isVisible()
    )


def fill(file, *, leave):
    """Fill the stick, and give back the last bytes of it."""
    with file.open("wb", buffering=0) as target:
        with suppress(OSError):
            while target.write(bytes(1 << 20)):
                pass
        target.truncate(file.stat().st_size - leave)


def named(place, name):
    return next(
        one
        for one in place.findChildren(QAbstractButton)
        if (one.accessibleName() or one.text()).startswith(name)
    )


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()

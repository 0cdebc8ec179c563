"""Where a pack goes: a drive by one press, locked ones not, remains of copies offered, eject."""

import pytest
from PySide6.QtCore import Qt

from shelter_desk.exports.drives import Drive
from shelter_desk.exports.problems import DriveBusyError
from shelter_desk.ui.drive_sheet import DriveSheet, EjectButton, drive_words
from tests.ui.real_window import Opened, Records, settle


@pytest.fixture(scope="module")
def records(care_model, tmp_path_factory):
    return Records(tmp_path_factory.mktemp("drives"), care_model)


@pytest.fixture
def opened(look, records, qtbot):
    return Opened(records, qtbot)


def a_drive(path, label="AUDIT", *, is_read_only=False, free=14_200_000_000):
    return Drive(path, label, "FAT", 16_000_000_000, free, is_read_only, f"mark of {label}")


def asked(opened, found):
    chosen = []
    sheet = DriveSheet(
        opened.shared, lambda: found, lambda _h, _t: "", lambda *choice: chosen.append(choice)
    )
    sheet.open_over(opened.window)
    settle()
    return sheet, chosen


def test_a_drive_is_chosen_with_one_key(opened, tmp_path):
    sheet, chosen = asked(opened, [(a_drive(tmp_path), 0), (a_drive(tmp_path / "b", "OTHER"), 0)])
    assert opened.window.focusWidget() is sheet.drives[0]
    assert sheet.drives[0].accessibleName() == "AUDIT, FAT, 14.2 GB free of 16.0 GB"
    opened.press(Qt.Key.Key_Tab, Qt.Key.Key_Return)
    assert chosen == [(tmp_path / "b", "mark of OTHER")]
    assert opened.sheet(DriveSheet) is None


def test_a_locked_drive_cannot_be_chosen_and_says_so(opened, tmp_path):
    sheet, chosen = asked(opened, [(a_drive(tmp_path, is_read_only=True), 0)])
    sheet.drives[0].click()
    assert (sheet.drives[0].isEnabled(), chosen) == (False, [])
    assert sheet.drives[0].accessibleDescription() == "locked"
    assert "Nothing can be written to it" in sheet.drives[0].accessibleName()
    opened.press(Qt.Key.Key_Escape)


def test_a_drive_that_does_not_tell_its_room_is_not_called_full(tmp_path):
    assert "does not say how much room" in drive_words(a_drive(tmp_path, free=None))
    assert drive_words(a_drive(tmp_path, free=0)) == "FAT, 0 MB free of 16.0 GB"


def test_no_drive_says_what_to_do_and_looking_again_finds_it(opened, tmp_path):
    found = []
    sheet, chosen = asked(opened, found)
    assert "Plug a stick in" in sheet.note.text()
    assert sheet.drives == []
    found.append((a_drive(tmp_path), 0))
    sheet.again.click()
    settle()
    assert len(sheet.drives) == 1
    sheet.leave.click()
    assert chosen == []


def test_what_an_interrupted_copy_left_is_removed_on_request_only(opened, tmp_path):
    (tmp_path / ".abcd0123.part").write_bytes(b"x")
    (tmp_path / "theirs.txt").write_bytes(b"x")
    found = [(a_drive(tmp_path), 1)]
    sheet, _ = asked(opened, found)
    assert (tmp_path / ".abcd0123.part").exists()
    found[:] = [(a_drive(tmp_path), 0)]
    sheet.clear[0].click()
    settle()
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.txt"]
    assert sheet.clear == []
    sheet.leave.click()


def test_ejected_is_said_only_when_it_is_true(opened, qtbot, tmp_path):
    button = EjectButton(opened.shared)
    qtbot.addWidget(button)
    asked_of = []

    def in_use(folder):
        asked_of.append(folder)
        raise DriveBusyError

    button.eject = in_use
    button.offer(tmp_path)
    button.click()
    assert [type(error) for error in opened.told] == [DriveBusyError]
    assert opened.said == []
    assert not button.isHidden()
    button.eject = asked_of.append
    button.click()
    assert opened.said == ["The drive can be pulled out now"]
    assert button.isHidden()
    assert asked_of == [tmp_path, tmp_path]


def test_a_folder_is_not_offered_to_be_ejected(opened, qtbot):
    button = EjectButton(opened.shared)
    qtbot.addWidget(button)
    button.offer(None)
    assert button.isHidden()

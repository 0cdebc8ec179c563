"""A sample of another list than the records: chosen, fixed, drawn, and put into the pack."""

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk.sampling import sample_draws
from shelter_desk.domain.sampling import RECORDS, STAFF
from shelter_desk.ui.sample_sheet import SampleSheet
from tests.conftest import NIGHT as BEFORE
from tests.drawing import drawn_so_far
from tests.ui.real_window import Opened, settle
from tests.ui.test_audit_pack_page import AFTER


@pytest.fixture
def opened(look, open_desk, qtbot):
    window = Opened(open_desk, qtbot)
    assert window.clock() == BEFORE
    window.admit("River")
    window.clock.at = AFTER
    return window


def test_a_staff_file_is_drawn_by_keyboard_and_joins_the_pack(opened):
    page = opened.go("audit_pack")
    choices = page.choices
    page.profile.setCurrentIndex(page.profile.findData("licensor"))
    page.period.setCurrentIndex(page.period.findData("2026-Q1"))
    assert [one.isVisible() for one in choices.samples.values()] == [True, False, False]
    choices.draw.setFocus()
    opened.press(Qt.Key.Key_Space)
    sheet = opened.sheet(SampleSheet)
    sheet.of_list.setFocus()
    opened.press(Qt.Key.Key_Down)
    opened.press(Qt.Key.Key_Down)
    sheet.fix.setFocus()
    opened.press(Qt.Key.Key_Space)
    assert "1 in the list" in sheet.root.text()
    assert not sheet.of_list.isVisible()  # it is fixed: no other can be chosen for these dice
    sheet.wanted.setText("1")
    sheet.roll.setFocus()
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_Space)  # the keyboard stands on "Draw" now
    settle()
    assert sheet.files.text().endswith(": Dana")
    opened.press(Qt.Key.Key_Space)  # and now on "Close"
    assert opened.sheet(SampleSheet) is None
    (line,) = opened.desk.ask(sample_draws)
    assert (line.of_list, line.is_withdrawn) == ("staff", False)
    assert choices.order().draw_ids == (line.draw_id,)
    assert [one.isVisible() for one in choices.samples.values()] == [True, False, True]
    assert choices.authority.isVisible()
    opened.clock.at = BEFORE
    drawn_so_far(opened.desk)  # of the same quarter and reader, but while it ran
    opened.clock.at = AFTER
    choices._show_draws()
    assert choices.samples[RECORDS].count() == 1, "it is looked at on the screen, and in no pack"
    assert choices.samples[STAFF].count() == 2

"""The alarm in the real window: over every page, answered by a director, by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.desk import residents
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.ui.alarm import AlarmSheet
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.shared import Shared


@pytest.fixture
def alarmed(open_desk, look, qtbot):
    """The window on records of which an older copy was put in place; someone lives there."""
    stay = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    open_desk.desk.settle()
    older = (open_desk.folder / STORE_NAME).read_bytes()
    open_desk.desk.do(residents.Admit("Ada", open_desk.clock()))
    open_desk.desk.close()
    (open_desk.folder / STORE_NAME).write_bytes(older)
    desk = open_desk.again()
    shared = Shared(desk, InlineJobs(), desk.house.zone)
    window = MainWindow(shared, discover(), House("Harbor House", "Director", lambda _p: True))
    window.told = []
    shared.told.connect(window.told.append)
    shared.setParent(window)
    window.test_shared, window.stay = shared, stay
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def press(window, key):
    QTest.keyClick(window.focusWidget() or window, key)
    QApplication.processEvents()


def test_it_stands_over_every_page_and_every_page_still_opens(alarmed):
    opened = 0
    for page in discover():
        alarmed.go(page.name, alarmed.stay if page.name == "resident" else "")
        QApplication.processEvents()
        assert alarmed.alarm.isVisible()
        opened += 1
    assert opened >= 10
    print(f"{opened} pages under an alarm")


def test_a_record_is_not_opened_unseen(alarmed):
    """Every look at a record is written down; what cannot be written down is not shown."""
    alarmed.go("resident", alarmed.stay)
    QApplication.processEvents()
    assert any("director must look" in str(error) for error in alarmed.told)


def test_the_director_answers_it_by_keyboard_and_goes_on(alarmed):
    alarmed.alarm.look.setFocus()
    press(alarmed, Qt.Key.Key_Space)
    sheet = alarmed.findChild(AlarmSheet)
    assert sheet.leave.hasFocus()  # the safe way first
    sheet.go_on.setFocus()
    press(alarmed, Qt.Key.Key_Space)
    assert "behind it" in sheet.frame.problem.text()
    assert alarmed.test_shared.desk.alarm is not None
    sheet.reasons.buttons()[0].setFocus()
    press(alarmed, Qt.Key.Key_Space)
    sheet.go_on.setFocus()
    press(alarmed, Qt.Key.Key_Space)
    assert alarmed.test_shared.desk.alarm is None
    assert not alarmed.alarm.isVisible()
    alarmed.test_shared.desk.do(residents.Admit("Ash", alarmed.test_shared.now()))


def test_leaving_it_changes_nothing(alarmed):
    sheet = alarmed.alarm.open_sheet()
    press(alarmed, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert alarmed.alarm.isVisible()

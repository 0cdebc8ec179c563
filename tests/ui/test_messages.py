"""Errors become words at one edge; the unexpected shows a code and nothing of its contents."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from shelter_desk.domain.errors import NotFoundError, StaleError
from shelter_desk.ui.messages import LastResort, MessageSheet, error_code, words_for


def fault(secret):
    raise ValueError(secret)


def caught(secret):
    try:
        fault(secret)
    except ValueError as error:
        return error


@pytest.fixture
def host(look, qtbot):
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def last_resort(host):
    made = LastResort(lambda: host)
    made.install()
    yield made
    made.uninstall()


def test_an_error_of_the_desk_says_its_own_sentence_and_has_no_code(look):
    words = words_for(StaleError())
    assert words.text.startswith("Someone changed this record")
    assert words.code == ""


def test_the_same_fault_has_the_same_code_whatever_it_was_about(look):
    first, second = error_code(caught("Sky R.")), error_code(caught("Ash T."))
    assert first == second
    assert "Sky" not in first
    assert first.startswith("ValueError test_messages:")
    assert error_code(NotFoundError()) != first


def test_the_last_resort_shows_a_calm_sheet_and_logs_only_the_code(host, last_resort, caplog):
    error = caught("Sky R. called at 3")
    with caplog.at_level(logging.ERROR):
        sys.excepthook(type(error), error, error.__traceback__)
    sheet = host.findChild(MessageSheet)
    assert sheet.isVisible()
    assert "Sky" not in sheet.words.text + sheet.words.code
    assert "Sky" not in caplog.text
    assert error_code(error) in caplog.text
    QTest.mouseClick(sheet.close_button, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()


def test_a_second_fault_does_not_pile_up_sheets(host, last_resort):
    error = caught("x")
    for _ in range(3):
        sys.excepthook(type(error), error, error.__traceback__)
    assert len(host.findChildren(MessageSheet)) == 1


def test_a_fault_on_another_thread_comes_to_the_window(host, last_resort, qtbot):
    thread = threading.Thread(target=fault, args=("Sky R.",))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: host.findChild(MessageSheet) is not None)
    assert "Sky" not in host.findChild(MessageSheet).words.code


def test_without_a_window_the_fault_is_logged_and_nothing_breaks(look, caplog):
    quiet = LastResort(lambda: None)
    quiet.install()
    try:
        error = caught("x")
        with caplog.at_level(logging.ERROR):
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        quiet.uninstall()
    assert error_code(error) in caplog.text


def test_the_hooks_are_put_back(host):
    before = sys.excepthook, threading.excepthook
    resort = LastResort(lambda: host)
    resort.install()
    assert sys.excepthook != before[0]
    resort.uninstall()
    assert (sys.excepthook, threading.excepthook) == before

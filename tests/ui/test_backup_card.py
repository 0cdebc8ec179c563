"""A director makes a backup in Settings, and Today reminds of it after seven days."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import audit_log, backups
from shelter_desk.exports.problems import DriveGoneError
from shelter_desk.ui.widgets import Sheet
from tests.ui.real_window import Opened, settle


@pytest.fixture
def opened(look, open_desk, qtbot):
    return Opened(open_desk, qtbot)


def test_a_backup_is_made_read_back_and_shown(opened, tmp_path):
    card = opened.go("settings").backups
    assert card.last.text() == "There is no backup yet."
    card.choose_folder = lambda _host, _title: str(tmp_path)
    card.make.click()
    settle()
    assert len(list(tmp_path.glob("B-*.age"))) == 1
    assert len(list(tmp_path.glob("K-*.age"))) == 1
    assert "was read back" in card.note._label.text()
    assert card.last.text().startswith("Last backup: ")
    assert opened.said == ["The backup is made and checked"]


def test_today_reminds_a_director_after_seven_days_until_a_backup_is_made(opened, tmp_path):
    card = opened.go("settings").backups
    card.choose_folder = lambda _host, _title: str(tmp_path)
    card.make.click()
    today = opened.go("today")
    today.backup.refresh()
    assert not today.backup.isVisible()
    opened.clock.forward(days=7)
    today.backup.refresh()
    assert today.backup.isVisible()
    today.backup.open.click()
    settle()
    assert opened.window.page == "settings"
    card.make.click()
    opened.go("today")
    assert not today.backup.isVisible()


def test_a_stick_that_is_gone_is_told_and_nothing_counts_as_a_backup(opened, tmp_path):
    card = opened.go("settings").backups
    before = opened.desk.ask(backups.backup_state, now=opened.clock())
    card.choose_folder = lambda _host, _title: str(tmp_path / "gone")
    card.make.click()
    settle()
    assert [type(error) for error in opened.told] == [DriveGoneError]
    assert card.make.isEnabled()
    assert not card.note.isVisible()
    assert opened.desk.ask(backups.backup_state, now=opened.clock()) == before


def test_leaving_the_choice_of_a_folder_does_nothing(opened):
    card = opened.go("settings").backups
    card.choose_folder = lambda _host, _title: ""
    card.make.click()
    assert card.make.isEnabled()
    assert opened.said == []


def test_older_keys_on_the_drive_go_only_after_a_question(opened, tmp_path):
    card = opened.go("settings").backups
    card.choose_folder = lambda _host, _title: str(tmp_path)
    card.make.click()
    settle()
    assert not card.delete_keys.isVisible()
    older = tmp_path / "K-0123456789.age"  # as it lies there after records were brought back
    older.write_bytes(b"keys of before")
    card._done(replace(card._made, former=(older.name,)))
    assert older.name in card.note._label.text()
    card.delete_keys.click()
    opened.press(Qt.Key.Key_Return)  # the safe answer has the keyboard
    assert older.exists()
    card.delete_keys.click()
    opened.sheet(Sheet).act.click()
    assert not older.exists()
    assert len(list(tmp_path.glob("K-*.age"))) == 1
    assert not card.delete_keys.isVisible()
    told = [one.reason for one in opened.desk.ask(audit_log.events) if "delete-keys" in one.action]
    assert told == [older.name]

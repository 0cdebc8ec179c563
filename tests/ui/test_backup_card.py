"""A director makes a backup in Settings, and Today reminds of it after seven days."""

import pytest

from shelter_desk.desk import backups
from shelter_desk.exports.problems import DriveGoneError
from tests.ui.real_window import Opened, Records, settle


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture
def opened(look, records, qtbot):
    yield Opened(records, qtbot)
    records.everyone_leaves()


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

"""Backup and restore as people type them: a passphrase on this computer, the kit on another."""

import os

import pytest

from shelter_desk.desk import entry
from tests.journeys.test_tour import shelter_desk

WORDS = "invented words for this sample"
NEW_WORDS = "quite other invented words"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = tmp_path_factory.mktemp("place")
    (made / "pass").write_text(WORDS + "\n")
    (made / "new").write_text(NEW_WORDS + "\n")
    done = shelter_desk(
        "sample", made / "records", "--residents", 6, "--entries", 40, "--seed", 7,
        "--passphrase-file", made / "pass",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = shelter_desk(
        "backup", made / "records", "--to", made / "backup", "--passphrase-file", made / "pass"
    )
    assert done.returncode == 0, done.stderr
    assert "written and read back" in done.stdout
    return made


def restore(place, to, *more, **how):
    return shelter_desk("restore", place / "backup", "--to", place / to, *more, **how)


def test_a_backup_comes_back_with_the_passphrase_on_the_same_computer(place):
    done = restore(place, "again", "--passphrase-file", place / "pass")
    assert done.returncode == 0, done.stderr
    assert "This backup ends at event" in done.stdout
    checked = shelter_desk("check", place / "again", "--passphrase-file", place / "pass")
    assert checked.returncode == 0, checked.stdout
    assert "Every known witness agrees" in checked.stdout


def test_on_another_computer_a_passphrase_is_not_enough_and_nothing_is_made(place, tmp_path):
    elsewhere = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = restore(place, "no", "--passphrase-file", place / "pass", env=elsewhere)
    assert done.returncode == 1
    assert "recovery kit" in done.stderr
    assert not (place / "no").exists()


def test_on_another_computer_the_recovery_kit_sets_a_new_passphrase(open_desk, tmp_path):
    records, kit = open_desk.folder, open_desk.kit
    open_desk.desk.close()
    (tmp_path / "pass").write_text("invented words for tests only\n")
    (tmp_path / "kit").write_text(kit.code.lower() + "\n")
    (tmp_path / "new").write_text(NEW_WORDS + "\n")
    (tmp_path / "weak").write_text("password1\n")
    made = shelter_desk(
        "backup", records, "--to", tmp_path / "backup", "--passphrase-file", tmp_path / "pass"
    )
    assert made.returncode == 0, made.stderr
    elsewhere = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "other")}
    kit_file = ("--kit-file", tmp_path / "kit")
    weak = restore(
        tmp_path, "back", *kit_file, "--new-passphrase-file", tmp_path / "weak", env=elsewhere
    )
    assert weak.returncode == 1
    assert "characters" in weak.stderr
    done = restore(
        tmp_path, "back", *kit_file, "--new-passphrase-file", tmp_path / "new", env=elsewhere
    )
    assert done.returncode == 0, done.stderr
    assert len(entry.people(tmp_path / "back")) == 1
    checked = shelter_desk("check", tmp_path / "back", "--passphrase-file", tmp_path / "new")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_it_says_what_is_missing_when_the_old_records_remember_more(place):
    keys = ("--keys", place / "records")
    later = shelter_desk("check", place / "records", "--passphrase-file", place / "pass")
    assert later.returncode == 0
    done = restore(place, "told", "--passphrase-file", place / "pass", *keys)
    assert done.returncode == 0, done.stderr
    assert "The newest event known on this computer is" in done.stdout

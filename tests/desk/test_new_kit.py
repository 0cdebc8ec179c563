"""A new recovery kit in place of the former: at every moment exactly one of the two opens."""

import shutil
import signal
import subprocess
import sys

import pytest

from shelter_desk.desk import accounts, audit_log, entry, residents
from shelter_desk.desk.accounts import (
    Colleague,
    FormerKitStandsError,
    RecordsNotRenewedError,
)
from shelter_desk.desk.backups import recipients
from shelter_desk.desk.kit_use import kit_made_at, kit_use
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.trouble import DamagedStoreError
from shelter_desk.store.keys import slot_file
from shelter_desk.store.keys.errors import (
    KitDoesNotFitError,
    KitNotReadError,
    WrongPassphraseError,
)
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.keys.slot_format import from_bytes
from tests.conftest import PASSPHRASE, ROOT

ADA, WORDS, OTHER = "aaaaaaaaaaaaaaaaaaaa", "four invented words here", "other invented words now"
KEY_FILES = (slot_file.FIRST_COPY, slot_file.SECOND_COPY)


def sign_in(opened, person, words):
    opened.desk.close()
    opened.desk = entry.sign_in(opened.folder, person, words, opened.care_model, opened.clock)
    return opened.desk


def opens(opened, kit):
    """Say whether a kit opens the records."""
    try:
        entry.check_kit(opened.folder, kit)
    except KitDoesNotFitError:
        return False
    return True


def reset(opened, kit, person, words=OTHER):
    opened.desk.close()
    entry.reset_with_kit(opened.folder, kit, person, words, opened.care_model, opened.clock)
    opened.desk = entry.sign_in(opened.folder, person, words, opened.care_model, opened.clock)
    return opened.desk


def made(opened):
    return [one.who for one in opened.desk.ask(audit_log.events) if one.action == "kit.replace"]


def test_the_new_kit_opens_everything_and_the_former_one_nothing(open_desk):
    desk, now, person = open_desk.desk, open_desk.clock(), open_desk.desk.staff.public_id
    stay = desk.do(residents.Admit("Sky", now, legal_name="Sky Invented")).subject
    kit = new_kit()
    accounts.replace_kit(desk, PASSPHRASE, kit.code)
    assert made(open_desk) == ["Dana"]
    assert not opens(open_desk, open_desk.kit)
    for name in KEY_FILES:
        assert from_bytes((open_desk.folder / name).read_bytes()).kit.sealing_key == kit.public_key
    with pytest.raises(KitDoesNotFitError, match="was replaced by a newer kit"):
        reset(open_desk, open_desk.kit, person)
    desk = reset(open_desk, kit, person)
    assert desk.ask(residents.record, stay_id=stay, now=now).legal_name == "Sky Invented"
    assert desk.ask(audit_log.trail).is_whole


def test_backups_are_sealed_to_the_new_kit_and_to_the_former_no_longer(open_desk):
    assert open_desk.kit.public_key in open_desk.desk.ask(recipients)
    kit = new_kit()
    accounts.replace_kit(open_desk.desk, PASSPHRASE, kit.code)
    to = open_desk.desk.ask(recipients)
    assert kit.public_key in to
    assert open_desk.kit.public_key not in to


def test_the_notice_that_the_kit_was_used_ends_with_a_new_one(open_desk):
    person = open_desk.desk.staff.public_id
    first = open_desk.desk.ask(kit_made_at)
    open_desk.clock.forward(minutes=5)
    reset(open_desk, open_desk.kit, person)
    assert open_desk.desk.ask(kit_use, now=open_desk.clock()).who == "Dana"
    open_desk.clock.forward(minutes=5)
    kit = new_kit()
    accounts.replace_kit(open_desk.desk, OTHER, kit.code)
    assert open_desk.desk.ask(kit_use, now=open_desk.clock()) is None
    assert open_desk.desk.ask(kit_made_at) > first
    open_desk.clock.forward(minutes=5)
    reset(open_desk, kit, person, WORDS)  # and the new one is told of like the former
    assert open_desk.desk.ask(kit_use, now=open_desk.clock()) is not None


def test_only_a_director_with_their_own_passphrase_makes_a_new_kit(open_desk):
    before = [(open_desk.folder / name).read_bytes() for name in KEY_FILES]
    with pytest.raises(WrongPassphraseError):
        accounts.replace_kit(open_desk.desk, "not the words", new_kit().code)
    with pytest.raises(KitNotReadError):
        accounts.replace_kit(open_desk.desk, PASSPHRASE, "M8A6")
    assert [(open_desk.folder / name).read_bytes() for name in KEY_FILES] == before
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ADA, "Ada", ("nurse",), WORDS))
    desk = sign_in(open_desk, ADA, WORDS)
    with pytest.raises(NotPermittedError):
        accounts.replace_kit(desk, WORDS, new_kit().code)
    with pytest.raises(NotPermittedError):
        desk.ask(kit_made_at)
    assert opens(open_desk, open_desk.kit)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from shelter_desk.desk import accounts, entry
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.paths import content_files
folder, director, words, code = sys.argv[1:]
now = lambda: datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
desk = entry.sign_in(Path(folder), director, words, read_care_model(content_files()), now)
desk._store.after_commit(lambda *_: os.kill(os.getpid(), signal.SIGKILL))
accounts.replace_kit(desk, words, code)
"""


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory, founded):
    """Records whose director was killed between the trail and the key file, and the new kit."""
    folder, kit = tmp_path_factory.mktemp("cut_off") / "records", new_kit()
    shutil.copytree(founded.folder, folder)
    ((person, _),) = entry.people(folder)
    run = [sys.executable, "-c", KILLED, str(folder), person, PASSPHRASE, kit.code]
    assert subprocess.run(run, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    return folder, kit


@pytest.mark.parametrize("way", ["a sign-in", "the former kit"])
def test_cut_off_before_the_key_file_the_former_opens_until_the_next_sign_in(
    open_desk, cut_off, way
):
    person, (folder, kit) = open_desk.desk.staff.public_id, cut_off
    open_desk.desk.close()
    shutil.rmtree(open_desk.folder)
    shutil.copytree(folder, open_desk.folder)
    assert (opens(open_desk, open_desk.kit), opens(open_desk, kit)) == (True, False)
    open_desk.clock.forward(minutes=120)
    if way == "a sign-in":
        desk = sign_in(open_desk, person, PASSPHRASE)
    else:
        desk = reset(open_desk, open_desk.kit, person)
    assert (opens(open_desk, open_desk.kit), opens(open_desk, kit)) == (False, True)
    assert desk.alarm is None
    assert len(made(open_desk)) == 1
    assert reset(open_desk, kit, person, WORDS).alarm is None


def without_the_key_file(opened):
    """At the next commit, and only then, the first copy of the key file cannot be written."""
    first, waits = opened.folder / slot_file.FIRST_COPY, [True]

    def spoil(*_):
        if waits:
            waits.clear()
            first.unlink()
            first.mkdir()

    opened.desk._store.after_commit(spoil)
    return first


def test_a_key_file_that_was_not_taken_is_said_and_done_again_with_the_same_paper(open_desk):
    kit, first = new_kit(), without_the_key_file(open_desk)
    with pytest.raises(FormerKitStandsError, match="The former kit still opens"):
        accounts.replace_kit(open_desk.desk, PASSPHRASE, kit.code)
    assert (opens(open_desk, open_desk.kit), opens(open_desk, kit)) == (True, False)
    first.rmdir()
    accounts.replace_kit(open_desk.desk, PASSPHRASE, kit.code)
    assert (opens(open_desk, open_desk.kit), opens(open_desk, kit)) == (False, True)
    assert len(made(open_desk)) == 1


def test_an_access_that_ends_meanwhile_puts_the_new_kit_in_force(open_desk):
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ADA, "Ada", ("nurse",), WORDS))
    person = open_desk.desk.staff.public_id
    kit, first = new_kit(), without_the_key_file(open_desk)
    with pytest.raises(FormerKitStandsError):
        accounts.replace_kit(open_desk.desk, PASSPHRASE, kit.code)
    first.rmdir()
    accounts.end_access(open_desk.desk, PASSPHRASE, ADA)
    assert (opens(open_desk, open_desk.kit), opens(open_desk, kit)) == (False, True)
    assert reset(open_desk, kit, person).alarm is None


def kept_key_file(opened):
    """Return the key file as somebody with the former kit might have copied it."""
    return {name: (opened.folder / name).read_bytes() for name in KEY_FILES}


def opens_later_copy(opened, folder, key_file):
    """Say whether the former kit opens the records of now with a key file of before."""
    opened.desk.close()
    shutil.copytree(opened.folder, folder)
    for name, content in key_file.items():
        (folder / name).write_bytes(content)
    person = next(iter(entry.people(folder)))[0]
    try:
        entry.reset_with_kit(folder, opened.kit, person, OTHER, opened.care_model, opened.clock)
    except DamagedStoreError:
        return False
    return True


def test_the_former_kit_opens_no_later_copy_with_a_key_file_of_before(open_desk, tmp_path):
    key_file, kit = kept_key_file(open_desk), new_kit()
    assert opens_later_copy(open_desk, tmp_path / "before", key_file)
    desk = open_desk.again()
    accounts.replace_kit(desk, PASSPHRASE, kit.code)
    desk.do(residents.Admit("Sky", open_desk.clock()))  # and work goes on at once
    assert not opens_later_copy(open_desk, tmp_path / "after", key_file)
    assert open_desk.again().alarm is None
    assert opens(open_desk, kit)


def test_records_that_cannot_be_encrypted_anew_are_said_and_done_again(open_desk, tmp_path):
    key_file, kit, note = kept_key_file(open_desk), new_kit(), open_desk.folder / "head.log"
    note.unlink()
    note.mkdir()
    with pytest.raises(RecordsNotRenewedError, match="The new kit is in force"):
        accounts.replace_kit(open_desk.desk, PASSPHRASE, kit.code)
    assert (opens(open_desk, open_desk.kit), opens(open_desk, kit)) == (False, True)
    note.rmdir()
    accounts.replace_kit(open_desk.desk, PASSPHRASE, kit.code)
    assert not opens_later_copy(open_desk, tmp_path / "after", key_file)
    desk = open_desk.again()
    assert desk.alarm is None
    assert len(made(open_desk)) == 1

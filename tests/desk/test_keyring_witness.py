"""The keyring as witness: it sees what the note beside the records cannot; losing it is fine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from shiboken6 import isValid

from shelter_desk.app.keyring import KeyringWatch
from shelter_desk.desk import residents
from shelter_desk.desk.alarm import SeeAlarm
from shelter_desk.desk.keyring_witness import KeyringWitness
from shelter_desk.store.keys.os_keyring import KeyringUnavailable, OsKeyring
from shelter_desk.store.witness import HEAD_LOG
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.shared import Shared
from tests.fake_keyring import FakeKeyring
from tests.store.keys.test_os_keyring import UNLOCK, _home, _in_session


@pytest.fixture
def keyring():
    return FakeKeyring()


@pytest.fixture
def watch(open_desk, keyring, qapp):
    """Watch over a desk, with the keyring in memory in the place of the system's.

    It ends with its test: its clock would ring ten minutes later, in the middle of another one.
    """
    watches = []

    def watched(desk, find=lambda: OsKeyring(keyring)):
        desk.keyring = KeyringWitness(bytes(16), b"k" * 32, find)
        made = KeyringWatch(desk, InlineJobs(), Shared(desk, InlineJobs(), desk.house.zone))
        made.start()
        watches.append(made)
        return made

    yield watched
    for one in watches:
        one.parent().deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not any(isValid(one) for one in watches)


def put_back_older_with_its_note(open_desk):
    """Put back the records and the note beside them: only somebody elsewhere can know better."""
    open_desk.desk.settle()
    older = {name: (open_desk.folder / name).read_bytes() for name in ("store.db", HEAD_LOG)}
    yield
    open_desk.desk.close()
    for name, data in older.items():
        (open_desk.folder / name).write_bytes(data)


def test_the_keyring_sees_an_older_copy_with_its_own_note(open_desk, watch, keyring):
    putting_back = put_back_older_with_its_note(open_desk)
    next(putting_back)
    watching = watch(open_desk.desk)
    open_desk.desk.do(residents.Admit("Sky", open_desk.clock()))
    open_desk.desk.do(residents.Admit("Ash", open_desk.clock()))
    watching.last()
    next(putting_back, None)
    desk = open_desk.again()
    assert desk.alarm is None
    before = dict(keyring.kept)
    watching = watch(desk)
    assert "keyring" in desk.alarm.sentence
    watching.keep()
    watching.last()
    assert keyring.kept == before  # evidence is not written over
    desk.do(SeeAlarm(desk.alarm, "disk-failed"))
    assert keyring.kept != before
    desk = open_desk.again()
    watch(desk)
    assert desk.alarm is None


def test_a_keyring_that_lost_everything_is_no_alarm(open_desk, watch, keyring):
    watch(open_desk.desk).last()
    keyring.kept.clear()
    desk = open_desk.again()
    watch(desk)
    assert desk.alarm is None
    assert keyring.kept
    assert desk.keyring_sentence.startswith("The keyring of this computer remembers")


def test_without_a_keyring_the_desk_works_and_says_why(open_desk, watch):
    watching = watch(open_desk.desk, lambda: KeyringUnavailable("No keyring is running here."))
    watching.last()
    assert open_desk.desk.keyring_sentence == (
        "No keyring is running here. The desk works without it."
    )
    assert open_desk.desk.alarm is None


PROGRAM = """
import json, sys
from pathlib import Path
from shelter_desk.desk import entry, residents
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.paths import content_files
from shelter_desk.store.keys.kit import new_kit
from tests.conftest import Clock, PASSPHRASE
folder, clock, model = Path(sys.argv[1]) / "records", Clock(), read_care_model(content_files())
founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
desk = entry.found(folder, founding, model, clock)
told = {"first": desk.keyring.look() is None}
desk.settle()
older = {name: (folder / name).read_bytes() for name in ("store.db", "head.log")}
desk.do(residents.Admit("Sky", clock()))
desk.keyring.keep(desk.newest_witness())
desk.close()
for name, data in older.items():
    (folder / name).write_bytes(data)
desk = entry.sign_in(folder, entry.people(folder)[0][0], PASSPHRASE, model, clock)
told["by itself"] = desk.alarm is None
remembered = desk.keyring.look()
desk.do(residents.Admit("Ada", clock()))
desk.compare_with(remembered)
told["alarm"] = desk.alarm.sentences if desk.alarm else []
told["sentence"] = desk.keyring_sentence
desk.close()
print(json.dumps(told))
"""


if sys.platform == "linux":

    def test_a_real_keyring_sees_it_too(tmp_path):
        done = subprocess.run(
            [*_in_session(UNLOCK), sys.executable, "-c", PROGRAM, str(tmp_path)],
            env=_home(tmp_path) | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert (told["first"], told["by itself"]) == (True, True)
        assert any("keyring" in sentence for sentence in told["alarm"])
        assert told["sentence"].startswith("The keyring of this computer remembers")

"""Every way the records can be in trouble, met in the real program by the person who sits there.

Each is a folder that something happened to. The program shows a page with words and ways on,
changes nothing, creates nothing, and lets the person in once the cause is gone.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import entry, residents
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.opening import STORE_NAME, connect
from shelter_desk.ui.trouble_words import TROUBLES, Way
from shelter_desk.ui.unlock import UnlockPage
from tests.conftest import NIGHT, ROOT, Clock
from tests.journeys.program import PASSPHRASE, Running, hashes

KEY = Qt.Key


class Founded:
    """Records made once: the folder, and the key an insider could have."""

    def __init__(self, folder, care_model):
        founding = entry.Founding(
            "Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit(), beds=("1A", "1B")
        )
        desk = entry.found(folder, founding, care_model, Clock(NIGHT))
        desk.do(residents.Admit("Sky", NIGHT))
        desk.settle()
        self.dek = bytes(desk._store._dek)
        desk.close()
        self.folder = folder


@pytest.fixture(scope="module")
def founded(tmp_path_factory, care_model):
    return Founded(tmp_path_factory.mktemp("founded") / "records", care_model)


@pytest.fixture
def folder(founded, tmp_path):
    return shutil.copytree(founded.folder, tmp_path / "records")


@pytest.fixture
def start(look):
    running = []

    def started(folder):
        running.append(Running(folder))
        return running[-1]

    yield started
    for one in running:
        one.close()


def flip(file, at):
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.write_bytes(data)


def newer(folder, dek):
    connection = connect(folder / STORE_NAME, dek)
    connection.execute("PRAGMA user_version = 9999")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def plain(folder):
    (folder / STORE_NAME).unlink()
    connection = sqlite3.connect(folder / STORE_NAME)
    connection.execute("CREATE TABLE resident (name TEXT)")
    connection.commit()
    connection.close()


def both_key_files(folder):
    for name in ("slots.json", "slots.bak"):
        (folder / name).write_text("{}")


# what happens to the folder -> (the page it leads to, whether a passphrase is asked for first)
HAPPENED = {
    "the key file and its copy are damaged": (both_key_files, "slots-damaged", False),
    "the records file is missing": (
        lambda folder: (folder / STORE_NAME).unlink(),
        "missing-store",
        False,
    ),
    "the records file is empty": (
        lambda folder: (folder / STORE_NAME).write_bytes(b""),
        "empty-store",
        False,
    ),
    "a database without encryption lies there": (plain, "plain-store", False),
    "the first page is damaged": (
        lambda folder: flip(folder / STORE_NAME, 700),
        "damaged-store",
        True,
    ),
    "the records file was cut": (
        lambda folder: (folder / STORE_NAME).write_bytes(
            (folder / STORE_NAME).read_bytes()[: 4096 * 9 + 100]
        ),
        "damaged-store",
        True,
    ),
}


@pytest.mark.parametrize("what", HAPPENED)
def test_it_is_said_clearly_nothing_changes_and_repaired_it_opens(what, folder, founded, start):
    happen, code, asks_first = HAPPENED[what]
    happen(folder)
    before = hashes(folder)
    running = start(folder)
    if asks_first:
        running.sign_in()
    trouble, title = running.trouble()
    assert trouble == TROUBLES[code]
    assert title == trouble.title
    assert Way.QUIT in running.page.buttons
    assert running.page.buttons[trouble.ways[0]].hasFocus()
    assert hashes(folder) == before, "the program changed something"
    for name in (STORE_NAME, "slots.json", "slots.bak"):
        shutil.copyfile(founded.folder / name, folder / name)
    running.page.buttons[Way.AGAIN].setFocus()
    running.press(KEY.Key_Space)
    running.sign_in()
    assert running.desk.ask(residents.roster, now=NIGHT)[0].called == "Sky"
    print(f"{what}: {title}")


def test_a_newer_file_is_left_alone(folder, founded, start):
    newer(folder, founded.dek)
    before = hashes(folder)
    running = start(folder)
    running.sign_in()
    assert running.trouble()[0] == TROUBLES["newer-store"]
    assert hashes(folder) == before


def test_one_damaged_copy_of_the_key_file_keeps_nobody_out(folder, start):
    whole = json.loads((folder / "slots.json").read_text())
    (folder / "slots.json").write_text('{"half": ')
    running = start(folder)
    running.sign_in()
    assert running.desk is not None
    assert json.loads((folder / "slots.json").read_text()) == whole  # and it is whole again


def test_a_wrong_passphrase_is_said_and_only_the_try_is_noted(folder, start):
    before = hashes(folder, "tries.json")
    running = start(folder)
    running.sign_in("not these words")
    assert isinstance(running.page, UnlockPage)
    assert "do not fit together" in running.page.problem.text()
    assert running.page.secret.edit.hasFocus()
    assert hashes(folder, "tries.json") == before
    running.sign_in()
    assert running.desk is not None


_OTHER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from shelter_desk.desk import entry
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.paths import content_files
folder = Path(sys.argv[1])
desk = entry.sign_in(
    folder, entry.people(folder)[0][0], sys.argv[2], read_care_model(content_files()),
    lambda: datetime(2026, 3, 10, 6, 5, tzinfo=UTC),
)
print("open", flush=True)
sys.stdin.readline()
desk.close()
"""


def test_a_second_running_copy_is_told_and_the_first_goes_on(folder, start):
    other = subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(folder), PASSPHRASE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout.readline() == "open\n"
        running = start(folder)
        running.sign_in()
        assert running.trouble()[0] == TROUBLES["store-in-use"]
        other.communicate("close\n", timeout=60)
        running.page.buttons[Way.AGAIN].setFocus()
        running.press(KEY.Key_Space)
        running.sign_in()
        assert running.desk is not None
    finally:
        other.kill()


def test_another_folder_can_be_chosen_and_an_empty_one_offers_the_set_up(folder, start, tmp_path):
    (folder / STORE_NAME).unlink()
    running = start(folder)
    running.program.door.use_folder(tmp_path / "empty")
    running.page.buttons[Way.AGAIN].setFocus()
    running.press(KEY.Key_Space)
    assert type(running.page).__name__ == "FirstRunPage"
    assert not (tmp_path / "empty").exists()  # looking creates nothing


SMALL_DISK = {
    "signing in without a byte free": "disk-full",
    "with room again": "True",
    "a reserve is kept": "True",
    "signing in with a reserve on a full disk": "True",
    "the window says so": "True",
    "the reserve is used up": "True",
    "an arrival in the room of the reserve": "['Sky']",
    "what was typed is still there": "True",
    "reading goes on": "True",
    "nobody is there twice": "True",
    "with room again it is saved": "True",
    "a folder that became read-only": "read-only-folder",
    "nothing changed there": "True",
    "writable again": "True",
}


@pytest.mark.linux
@pytest.mark.mounts
def test_a_disk_that_fills_up_and_one_that_turns_read_only(tmp_path):
    done = subprocess.run(
        ["unshare", "-m", sys.executable, ROOT / "tests/journeys/on_a_small_disk.py", tmp_path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    print(told)
    message = told.pop("the message")
    assert "The disk is full." in message
    assert "was not saved" in message
    assert told == SMALL_DISK

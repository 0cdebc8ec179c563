"""A backup comes back through the windows alone: from trouble or the first start to the residents.

The real program on real files: records and a stick made once, copied for each test.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from shelter_desk.app.door import RealDoor
from shelter_desk.app.program import Program
from shelter_desk.app.start import way_in
from shelter_desk.desk import audit_log, entry, residents
from shelter_desk.exports.backup import make_backup
from shelter_desk.exports.stick import PackDrive
from shelter_desk.settings import read_records_folder, write_records_folder
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.ui.jobs import InlineJobs, ThreadedJobs
from shelter_desk.ui.restore import RestorePage
from shelter_desk.ui.trouble_words import TROUBLES, Way
from shelter_desk.ui.unlock import UnlockPage
from tests.conftest import NIGHT, ROOT, Clock
from tests.journeys.program import PASSPHRASE, Running, hashes

KEY = Qt.Key
NEW = "seven slow boats on a lake"


class BackedUp:
    """Records with Sky in them and a backup; Ada came after it."""

    def __init__(self, place, care_model):
        self.folder, self.stick, self.kit = place / "records", place / "stick", new_kit()
        self.stick.mkdir()
        founding = entry.Founding(
            "Harbor House", "America/New_York", "Dana", PASSPHRASE, self.kit, beds=("1A", "1B")
        )
        desk = entry.found(self.folder, founding, care_model, Clock(NIGHT))
        desk.do(residents.Admit("Sky", NIGHT))
        self.made = make_backup(desk, PackDrive(self.stick))
        desk.do(residents.Admit("Ada", NIGHT))
        desk.settle()
        self.newest = desk.ask(audit_log.trail).count
        desk.close()


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory, care_model):
    return BackedUp(tmp_path_factory.mktemp("backed-up"), care_model)


@pytest.fixture
def folder(backed_up, tmp_path):
    return shutil.copytree(backed_up.folder, tmp_path / "records")


@pytest.fixture
def stick(backed_up, tmp_path):
    return shutil.copytree(backed_up.stick, tmp_path / "stick")


@pytest.fixture
def start(look, tmp_path):
    running = []

    def started(folder=None):
        memory = tmp_path / "config" / "records-folder.json"
        running.append(Remembering(folder, memory))
        return running[-1]

    yield started
    for one in running:
        one.close()


class Remembering(Running):
    """The program as `shelter-desk [--store FOLDER]` starts it, with a memory of its own."""

    def __init__(self, folder, memory, jobs=None):
        door = way_in(folder, memory)
        door.now = Clock(NIGHT)
        self.folder, self.troubles = door.folder, []
        self.program = Program(door, jobs or InlineJobs(), 0)
        self.program.start()
        self._front()

    def choose(self, way):
        self.page.buttons[way].setFocus()
        self.press(KEY.Key_Space)

    def fill_in(self, edit, text):
        edit.setFocus()
        edit.selectAll()
        self.write(text)

    def to_key(self, backup, target=None):
        """Type where the backup is, and go on."""
        assert isinstance(self.page, RestorePage)
        assert self.page.places.backup.hasFocus()
        self.write(str(backup))
        if target is not None:
            self.fill_in(self.page.places.target, str(target))
        self.press(KEY.Key_Return)

    def to_words(self, code):
        """Type the code of a kit, and go on."""
        assert self.page.opener.kit.hasFocus()
        self.write(code.replace("-", "").lower())
        self.press(KEY.Key_Return)

    def restore(self, passphrase=NEW):
        """Choose a passphrase of one's own, twice, and restore."""
        choice = self.page.words.choice
        choice.kind.set_value("own")
        choice.kind.chosen.emit("own")
        self.fill_in(choice.own.edit, passphrase)
        self.fill_in(choice.again.edit, passphrase)
        self.press(KEY.Key_Return)

    def called(self):
        return [one.called for one in self.desk.ask(residents.roster, now=NIGHT)]


def damage(folder):
    file = folder / STORE_NAME
    data = bytearray(file.read_bytes())
    data[700] ^= 0xFF
    file.write_bytes(data)


def left_beside(folder):
    return sorted(one.name for one in folder.parent.iterdir() if one.name != "config")


def test_damaged_records_come_back_with_the_kit_and_open_by_themselves_from_then_on(
    folder, stick, backed_up, start
):
    damage(folder)
    before = hashes(folder)
    running = start(folder)
    running.sign_in()
    assert running.trouble()[0] == TROUBLES["damaged-store"]
    assert running.page.buttons[Way.RESTORE].hasFocus()
    running.press(KEY.Key_Space)
    fresh = folder.with_name("records-restored")
    assert running.page.places.target.text() == str(fresh)
    running.to_key(stick)
    running.to_words(backed_up.kit.code)
    events = backed_up.made.events
    assert f"10 Mar 2026 and ends at entry {events}." in running.page.words.seen.text()
    running.restore()
    brought = running.page.brought
    assert running.page.place == 3, running.page.problem.text()
    assert f"ends at entry {events} of the audit trail" in brought.ends.text()
    lost = backed_up.newest - events
    assert f"knows is {backed_up.newest}: {lost} entries are missing" in brought.lacks.text
    assert brought.lacks.isVisible()
    assert "Dana" in brought.who.text()
    assert running.page.next.hasFocus()
    running.press(KEY.Key_Space)
    assert isinstance(running.page, UnlockPage)
    running.sign_in(NEW)
    assert running.called() == ["Sky"]
    assert running.program.door.folder == fresh
    assert hashes(folder, "tries.json") == before, "the damaged records were touched"
    running.close()
    again = start()
    assert again.program.door.folder == fresh
    again.sign_in(NEW)
    assert again.called() == ["Sky"]


def test_on_a_new_computer_the_first_page_offers_it(stick, backed_up, start, tmp_path):
    running = start(tmp_path / "new" / "desk")
    running.page.steps[0].restore.setFocus()
    running.press(KEY.Key_Return)
    assert running.page.places.target.text() == str(tmp_path / "new" / "desk")
    running.to_key(stick)
    running.to_words(backed_up.kit.code)
    running.restore()
    assert not running.page.brought.lacks.isVisible()  # nothing here remembers more
    running.press(KEY.Key_Return)
    running.sign_in(NEW)
    assert running.called() == ["Sky"]


def test_a_director_needs_no_kit_where_the_key_file_is_left(folder, stick, start):
    (folder / STORE_NAME).unlink()
    running = start(folder)
    assert running.trouble()[0] == TROUBLES["missing-store"]
    running.choose(Way.RESTORE)
    running.to_key(stick)
    page = running.page
    page.opener.kind.buttons()[0].setFocus()
    running.press(KEY.Key_Right)
    page.opener.secret.setFocus()
    running.write("not these words")
    assert page.next.text() == "Restore"
    running.press(KEY.Key_Return)
    assert "No director known on this computer" in page.opener.secret_frame.problem.text()
    assert page.opener.secret.text() == "not these words"
    assert page.opener.secret.edit.hasFocus()
    assert left_beside(folder) == ["records", "stick"]
    running.fill_in(page.opener.secret.edit, PASSPHRASE)
    running.press(KEY.Key_Return)
    assert page.place == 3
    running.press(KEY.Key_Space)
    running.sign_in()
    assert running.called() == ["Sky"]


def test_the_wrong_kit_is_said_beside_its_field_and_stays_typed(folder, stick, start):
    running = start(folder)
    running.page.restore.setFocus()
    running.press(KEY.Key_Space)
    running.to_key(stick)
    other = new_kit().code
    running.to_words(other)
    page = running.page
    assert page.place == 1
    assert "This does not open the backup" in page.opener.kit_frame.problem.text()
    assert page.opener.kit.text() == other
    assert page.opener.kit.hasFocus()
    running.fill_in(page.opener.kit, other[:-1])
    running.press(KEY.Key_Return)
    assert page.place == 1
    assert "does not open" not in page.opener.kit_frame.problem.text()
    assert page.opener.kit_frame.problem.text()
    assert left_beside(folder) == ["records", "stick"]


def test_a_backup_that_was_cut_leaves_nothing_behind(folder, stick, backed_up, start, tmp_path):
    (file,) = stick.glob("B-*.age")
    file.write_bytes(file.read_bytes()[:-70_000])
    running = start(folder)
    running.program.entry.show_restore()
    running.to_key(file)
    running.to_words(backed_up.kit.code)
    running.restore()
    page = running.page
    assert page.place == 0
    assert "damaged or not whole" in page.places.backup_frame.problem.text()
    assert page.places.backup.hasFocus()
    assert page.places.backup.text() == str(file)
    assert page.words.choice.value() == NEW
    assert left_beside(folder) == ["records", "stick"]
    assert not (tmp_path / "config").exists(), "a folder that was never made is remembered"
    shutil.copyfile(backed_up.made.written.path, file)  # another try, nothing typed twice
    for _ in range(3):
        running.press(KEY.Key_Return)
        if page.place == 2:
            page.words.choice.again.setFocus()
    assert page.place == 3


def test_a_backup_without_the_keys_of_its_residents_is_said(folder, stick, backed_up, start):
    for keys in stick.glob("K-*.age"):
        keys.unlink()
    running = start(folder)
    running.program.entry.show_restore()
    running.to_key(stick)
    running.to_words(backed_up.kit.code)
    running.restore()
    assert "begins with K-" in running.page.places.backup_frame.problem.text()
    assert left_beside(folder) == ["records", "stick"]


def test_a_folder_that_is_there_is_never_restored_over(folder, stick, start):
    before = hashes(folder)
    running = start(folder)
    running.program.entry.show_restore()
    running.to_key(stick, folder)
    page = running.page
    assert page.place == 0
    assert "nothing is ever overwritten" in page.places.target_frame.problem.text()
    assert page.places.target.hasFocus()
    assert page.places.target.text() == str(folder)
    assert hashes(folder) == before


def test_a_folder_that_syncs_is_refused(folder, stick, start, tmp_path):
    running = start(folder)
    running.program.entry.show_restore()
    running.to_key(stick, tmp_path / "Dropbox" / "records")
    assert "syncs to the internet" in running.page.places.target_frame.problem.text()
    assert not (tmp_path / "Dropbox").exists()


@pytest.mark.parametrize("there", ["nothing", "an empty folder"])
def test_where_no_backup_is_the_page_says_what_to_choose(folder, start, tmp_path, there):
    place = tmp_path / "stick"
    if there == "an empty folder":
        place.mkdir()
    running = start(folder)
    running.program.entry.show_restore()
    running.press(KEY.Key_Return)
    assert "Plug in the stick" in running.page.places.backup_frame.problem.text()
    running.to_key(place)
    assert "names begin with B-" in running.page.places.backup_frame.problem.text()


def test_a_name_that_was_no_director_is_said_beside_the_name(folder, stick, backed_up, start):
    running = start(folder)
    running.program.entry.show_restore()
    running.to_key(stick)
    running.to_words(backed_up.kit.code)
    running.write("Ash")
    running.restore()
    page = running.page
    assert page.place == 2
    assert "No director of that name" in page.words.name_frame.problem.text()
    assert page.words.name.hasFocus()
    assert page.words.choice.value() == NEW
    assert left_beside(folder) == ["records", "stick"]


def test_the_window_answers_while_a_backup_comes_back(
    look, folder, stick, backed_up, tmp_path, qtbot
):
    running = Remembering(folder, tmp_path / "config" / "folder.json", ThreadedJobs())
    try:
        running.program.entry.show_restore()
        page = running.page
        page.places.backup.setText(str(stick))
        page.opener.kit.setText(backed_up.kit.code)
        for place in (1, 2):
            QTest.mouseClick(page.next, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda place=place: page.place == place)
        page.words.choice.again.edit.setText(page.words.choice.value())
        QTest.mouseClick(page.next, Qt.MouseButton.LeftButton)
        assert page.place == 2  # the click came back before the records did
        assert page.note.isVisible()
        assert not page.next.isEnabled()
        said = set()
        page.came.connect(said.add)
        qtbot.waitUntil(lambda: page.place == 3, timeout=60_000)
        assert 100 in said
    finally:
        running.close()


@pytest.mark.linux
@pytest.mark.mounts
def test_a_disk_without_room_is_said_beside_the_new_folder_and_left_empty(
    stick, backed_up, tmp_path
):
    script = ROOT / "tests/journeys/restore_without_room.py"
    done = subprocess.run(
        ["unshare", "-m", sys.executable, script, tmp_path / "small", stick, backed_up.kit.code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert told["step"] == "0"
    assert "not enough room on this disk" in told["said"]
    assert told["left"] == "[]"


# Which folder opens


def test_a_folder_chosen_in_the_window_is_kept_once_somebody_signed_in(folder, start, tmp_path):
    running = start(tmp_path / "other")
    running.program.entry.use_folder(folder)
    assert start().program.door.folder != folder
    running.sign_in()
    assert start().program.door.folder == folder
    assert start(tmp_path / "other").program.door.folder == tmp_path / "other"


def test_when_the_remembered_folder_is_gone_nobody_is_led_into_an_empty_desk(start, tmp_path):
    memory = tmp_path / "config" / "records-folder.json"
    assert write_records_folder(memory, tmp_path / "gone")
    running = start()
    assert running.trouble()[0] == TROUBLES["missing-store"]
    assert Way.RESTORE in running.page.buttons
    assert not (tmp_path / "gone").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b'{"folder": 3}', b'{"folder": "here"}', b'{"folder": ""}']
)
def test_a_damaged_memory_is_no_memory(tmp_path, content):
    file = tmp_path / "records-folder.json"
    file.write_bytes(content)
    assert read_records_folder(file) is None


def test_the_memory_holds_a_folder_and_nothing_else(tmp_path):
    file = tmp_path / "config" / "records-folder.json"
    assert write_records_folder(file, tmp_path)
    assert json.loads(file.read_text()) == {"folder": str(tmp_path)}
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    (tmp_path / "a file").write_text("")
    assert not write_records_folder(tmp_path / "a file" / "x.json", tmp_path)


def test_a_new_folder_is_offered_that_is_not_there_yet(tmp_path):
    names = []
    for _ in range(4):
        folder = RealDoor(tmp_path / "desk").new_folder()
        folder.mkdir()
        names.append(folder.name)
    assert names == ["desk", "desk-restored", "desk-restored-2", "desk-restored-3"]
    assert RealDoor(tmp_path / "desk-restored").new_folder().name == "desk-restored-4"

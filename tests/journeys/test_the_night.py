"""One night, from the first set-up to the audit pack, with the plug pulled in the middle.

Everything is real: the windows, the keys, the encrypted file, the killed process, the files that
leave. What leaves is searched for everybody who was there.
"""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pyrage
import pytest
from PySide6.QtCore import Qt

from shelter_desk.desk import audit_log, care, residents, service_log
from shelter_desk.ui.drive_sheet import DriveSheet
from shelter_desk.ui.pack_preview import PackPreview
from shelter_desk.ui.pack_sheet import WordsSheet
from shelter_desk.ui.widgets import Label
from tests.conftest import NIGHT, ROOT, Clock
from tests.journeys.program import Running, settle
from tests.journeys.test_tour import shelter_desk

KEY = Qt.Key
APRIL = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)
OTHERS = tuple(
    f"{first} {last}"
    for first in ("Riverbend", "Junipera", "Wrenfield", "Cedarwynd", "Fernhollow", "Hazelmere")
    for last in ("Quillfeather", "Stonebrook", "Ashgrove", "Larkmeadow")
)
BORN = date(2011, 4, 17)


def work_until_the_plug_is_pulled(folder):
    """Run the night in a process of its own and kill it while it types; return what it told."""
    night = subprocess.Popen(
        [sys.executable, "-u", "tests/journeys/a_night.py", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = {}
    answers = []
    for line in night.stdout:
        facts = json.loads(line)
        if "answers" in facts:
            answers.append(facts.pop("answers"))
        told |= facts
        if "ready" in facts:
            night.send_signal(signal.SIGKILL)
    assert night.wait(timeout=60) == -signal.SIGKILL, night.stderr.read()
    return told, answers


@pytest.fixture
def start(look):
    running = []

    def started(folder, now):
        running.append(Running(folder, now=now))
        return running[-1]

    yield started
    for one in running:
        one.close()


def test_a_night_from_set_up_to_audit_pack(tmp_path, start):
    folder = tmp_path / "records"
    told, answers = work_until_the_plug_is_pulled(folder)
    stay = told["stay"]
    assert answers[0] == {f"crisis_safety.0{n}": "done" for n in (1, 2, 3)}
    assert answers[1] == answers[0] | {"crisis_shelter.01": "done"}
    assert answers[2] == answers[0]  # taken back, and nothing else with it
    assert told["said"] == "Saved as you type"

    clock = Clock(NIGHT + timedelta(minutes=4))
    running = start(folder, clock)
    running.sign_in(told["passphrase"])
    everything_saved_is_there(running, clock, stay, answers[-1])
    the_draft_is_offered(running, told["typed"])
    twenty_four_more_live_there(running, clock)
    running.close()

    clock.at = APRIL
    running = start(folder, clock)
    running.sign_in(told["passphrase"])
    summary = the_summary_is_released(running, tmp_path / "for the funder")
    pack, words = the_pack_is_made(running, tmp_path / "stick")
    running.close()

    verified(summary, pack, words, tmp_path)
    scanned = nobody_is_in(summary, pack, words, told)
    print(f"{len(answers[-1])} answers and 1 draft kept over a kill; {scanned} files hold nobody")


def everything_saved_is_there(running, clock, stay, answers):
    (line,) = running.desk.ask(residents.roster, now=clock())
    assert (line.stay_id, line.called) == (stay, "Skylarkia Marigold")
    record = running.desk.ask(residents.record, stay_id=stay, now=clock())
    assert record.good_to_know == "Likes the light left on"
    plan = running.desk.ask(care.stay_plan, stay_id=stay, now=clock())
    found = {i.item_id: i.last.outcome for s in plan.services for i in s.items if i.last}
    assert found == answers
    (entry,) = running.desk.ask(service_log.entries, stay_id=stay)
    assert (entry.service_id, entry.minutes) == ("mental_health", 30)
    assert running.desk.alarm is None
    assert running.desk.ask(audit_log.trail).is_whole
    assert all(finding.passed for finding in running.desk.check_file())


def the_draft_is_offered(running, typed):
    running.press(KEY.Key_N, modifier=Qt.KeyboardModifier.ControlModifier)
    running.press(KEY.Key_Return)
    page = running.window.view("arrival")
    assert page.form.typed()["called"] == typed
    assert page.kept.text() == f"What you typed before about {typed} is still here"


def twenty_four_more_live_there(running, clock):
    """The others of the quarter; a summary of one person is refused, and rightly."""
    for number, name in enumerate(OTHERS):
        clock.forward(minutes=30)
        born = BORN + timedelta(days=97 * number % 1800)
        running.desk.do(residents.Admit(name, clock(), born_on=born, legal_name=f"{name} Legal"))


def choose(box, data):
    box.setCurrentIndex(box.findData(data))
    settle()


def the_summary_is_released(running, place):
    place.mkdir()
    running.window.go("summary")
    settle()
    page = running.window.view("summary")
    choose(page.period, "2026-Q1")
    page.audience.set_value("named")
    page.audience.chosen.emit("named")
    page.choices.recipient.setText("Funder")
    page.choose_folder = lambda _host, _title: str(place)
    page.prepare.setFocus()
    running.press(KEY.Key_Space)
    assert "figures shown" in page.note.text, page.note.text
    page.release.setFocus()
    running.press(KEY.Key_Space)
    (folder,) = place.iterdir()
    return folder


def the_pack_is_made(running, stick):
    stick.mkdir()
    running.window.go("audit_pack")
    settle()
    page = running.window.view("audit_pack")
    choose(page.profile, "licensor")
    choose(page.period, "2026-Q1")
    page.choose_folder, page.find_drives = (lambda _host, _title: str(stick)), tuple
    page.make.setFocus()
    running.press(KEY.Key_Space)
    settle()
    (preview,) = running.window.findChildren(PackPreview)
    while not preview.let_out.isEnabled():
        preview.next.setFocus()
        running.press(KEY.Key_Space)
    preview.let_out.setFocus()
    running.press(KEY.Key_Space)
    running.window.findChildren(DriveSheet)[-1].folder.click()
    settle()
    (sheet,) = running.window.findChildren(WordsSheet)
    texts = [label.text().split() for label in sheet.findChildren(Label)]
    words = " ".join(text[1] for text in texts if len(text) == 2 and text[0] in "123456")
    sheet.written.setFocus()
    running.press(KEY.Key_Space)
    sheet.go_on.setFocus()
    running.press(KEY.Key_Space)
    (pack,) = stick.glob("*.age")
    assert all(check.passed for check in page.shown_checks)
    return pack, words


def verified(summary, pack, words, place):
    done = shelter_desk("verify-summary", summary)
    assert done.returncode == 0, done.stdout + done.stderr
    (place / "words.txt").write_text(words + "\n")
    done = shelter_desk("verify", pack, "--words-file", place / "words.txt", "--json")
    assert done.returncode == 0, done.stdout + done.stderr


def texts_of(name, data):
    """Yield every text that a reader could get out of a file."""
    yield data.decode("utf-8", "replace")
    if name.endswith(".pdf"):
        pages = pypdfium2.PdfDocument(data)
        yield "\n".join(page.get_textpage().get_text_bounded() for page in pages)
        yield str(pages.get_metadata_dict())
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for part in book.namelist():
                yield book.read(part).decode("utf-8", "replace")


def nobody_is_in(summary, pack, words, told):
    """Search everything that left for everybody; return how many files were read."""
    files = {path.name: path.read_bytes() for path in summary.iterdir()}
    files |= {path.name: path.read_bytes() for path in pack.parent.iterdir()}
    opened = pyrage.passphrase.decrypt(pack.read_bytes(), words)
    with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
        for member in tar.getmembers():
            files[f"pack:{member.name}"] = tar.extractfile(member).read()
    people = [
        "Skylarkia",
        "Marigold",
        "light left on",
        *{part for n in OTHERS for part in n.split()},
    ]
    people += [told["stay"], told["kit"], told["passphrase"], "2011-04-17", "17 April 2011"]
    for name, data in files.items():
        for text in (name, *texts_of(name, data)):
            found = [one for one in people if one.lower() in text.lower()]
            assert not found, f"{name} holds {found}"
    assert len(files) >= 15
    return len(files)

"""The program on a disk of a few megabytes that fills up, and one that became read-only.

    unshare -m python on_a_small_disk.py FOLDER

Prints one line for each thing that was seen. Run by test_troubles.py: a mount needs a namespace
of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt

from shelter_desk.app.start import application
from shelter_desk.desk import entry, residents
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.paths import content_files
from shelter_desk.store.keys.kit import new_kit
from shelter_desk.store.reserve import RESERVE_NAME
from shelter_desk.ui.messages import MessageSheet
from shelter_desk.ui.trouble_words import TROUBLES
from tests.conftest import NIGHT, Clock
from tests.journeys.program import PASSPHRASE, Running, hashes, settle

CONTROL = Qt.KeyboardModifier.ControlModifier
RESERVE = 1 << 20

disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True)
folder = disk / "records"
founding = entry.Founding("Harbor House", "America/New_York", "Dana", PASSPHRASE, new_kit())
entry.found(folder, founding, read_care_model(content_files()), Clock(NIGHT)).close()
application()


def told(what, answer):
    print(f"{what}: {answer}", flush=True)


def fill():
    """Use up every byte that is free."""
    with (disk / "other").open("ab", buffering=0) as other:
        try:
            while True:
                other.write(b"x" * 4096)
        except OSError:
            pass


def code(running):
    return next(code for code, page in TROUBLES.items() if running.trouble()[0] == page)


def roster(running):
    return [line.called for line in running.desk.ask(residents.roster, now=running.desk.now())]


def admit(running, name):
    """Type a name on the arrival page and save; return the message that came, if any."""
    running.window.go("arrival")
    settle()
    box = running.window.view("arrival").form.person.editors["called"].edit
    box.setFocus()
    box.selectAll()
    running.write(name)
    running.press(Qt.Key.Key_Return, modifier=CONTROL)
    return [s for s in running.window.findChildren(MessageSheet) if s.isVisible()]


# without a reserve: nothing can be opened, and it is said why
fill()
running = Running(folder)
running.sign_in()
told("signing in without a byte free", code(running))
(disk / "other").unlink()
running.page.buttons[running.page.trouble.ways[0]].click()
running.sign_in()
told("with room again", running.desk is not None)
running.close()

# with a reserve: opening and the next save go through, then it is said
running = Running(folder, RESERVE)
running.sign_in()
told("a reserve is kept", (folder / RESERVE_NAME).stat().st_size == RESERVE)
running.close()
fill()
running = Running(folder)
running.sign_in()
told("signing in with a reserve on a full disk", running.desk is not None)
told("the window says so", running.window.room.isVisible())
told("the reserve is used up", not (folder / RESERVE_NAME).exists())
told("an arrival in the room of the reserve", admit(running, "Sky") == [] and roster(running))
for number in range(60):
    fill()
    shown = admit(running, f"Ada {number}")
    if shown:
        break
told("the message", f"{shown[0].words.title} {shown[0].words.text}")
for sheet in shown:
    sheet.close_sheet()
typed = running.window.view("arrival").form.typed()["called"]
told("what was typed is still there", typed == f"Ada {number}")
told("reading goes on", len(roster(running)) == number + 1)
told("nobody is there twice", len(set(roster(running))) == len(roster(running)))
(disk / "other").unlink()
settle()
running.press(Qt.Key.Key_Return, modifier=CONTROL)
told("with room again it is saved", f"Ada {number}" in roster(running))
running.close()

subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
before = hashes(folder)
running = Running(folder)
told("a folder that became read-only", code(running))
told("nothing changed there", hashes(folder) == before)
subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
running.page.buttons[running.page.trouble.ways[0]].click()
running.sign_in()
told("writable again", "Sky" in roster(running))
running.close()

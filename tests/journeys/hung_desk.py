"""A program of its own: the real program on real records, for the tests of the hard lock.

Arguments: folder, passphrase, seconds to the hard lock, and "hang" or "listen". It prints "open"
when the desk is on screen, and "ended" when the event loop ends by itself.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer

from shelter_desk.app.door import RealDoor
from shelter_desk.app.program import Program
from shelter_desk.app.start import application
from shelter_desk.ui.jobs import InlineJobs

folder, passphrase, limit, what = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
sys.frozen, sys.executable = True, "/bin/true"  # stands for the fresh process
app = application()
door = RealDoor(folder)
program = Program(door, InlineJobs())
program.hard_lock_s = limit
desk = door.unlock(door.staff()[0].id, passphrase)
program.open(desk)
if what == "hang":
    QTimer.singleShot(0, lambda: time.sleep(60))
print("open", flush=True)
app.exec()
print("ended", flush=True)

"""One start, in a process of its own: says on standard output when something was painted.

    windows.py bare          a PySide6 window with a field and a button
    windows.py unlock DIR    `shelter-desk --store DIR`, up to its unlock window
    windows.py today DIR     the same, with the passphrase typed, up to Today
    windows.py modules DIR   as `unlock`; prints which modules are loaded by then
    windows.py switch DIR    one person signs in and presses Ctrl+Shift+L, the next one signs in

Each ends itself as soon as it was painted. `today` prints the seconds from Enter to Today painted,
the seconds of it in which the GUI could not answer, and the peak memory of the process in MB.
`switch` prints the milliseconds from the key to the way in painted, from Enter of the next person
to their Today painted, and of it what their passphrase takes on purpose.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

WORDS = "invented words for tests only"


class Shown(QTimer):
    """Calls `then` once, as soon as a window was painted.

    A window paints itself as soon as the system exposes it, before any timer is served again. This
    does not look at events: a filter in Python over all of an application makes PySide look up the
    class of everything that gets an event, which would be charged to the window with more parts.
    """

    def __init__(self, application: QApplication, then: Callable[[], None]) -> None:
        super().__init__(application)
        self._then = then
        self.timeout.connect(self._look)
        self.start()

    def _look(self) -> None:
        if any(window.isExposed() for window in QGuiApplication.topLevelWindows()):
            self.stop()
            self._then()


class TodayPaint(QObject):
    """Calls `then` once, after the first paint of the page Today."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and type(watched).__name__ == "TodayPage":
            then, self._then = self._then, _nothing
            QTimer.singleShot(0, then)  # after this very paint
        return False


def _nothing() -> None:
    """Do nothing."""


def say(**said: object) -> None:
    """Print what there is to say and end at once."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()
    os._exit(0)


def bare() -> None:
    """Show a window made of Qt's own parts."""
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(QLineEdit())
    layout.addWidget(QPushButton("Unlock"))
    window.resize(1100, 700)
    window.show()
    QApplication.exec()


class Unlocking(QObject):
    """Types the passphrase once the way in is painted, and waits for Today."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self._application = application
        self._began = 0.0
        self._today = TodayPaint(self._painted)

    def unlock(self) -> None:
        """Type the words and press Enter."""
        windows = [one for one in self._application.topLevelWidgets() if one.isVisible()]
        fields = [one for window in windows for one in window.findChildren(QLineEdit)]
        (field,) = [one for one in fields if one.isVisible()]
        field.setText(WORDS)
        self._application.installEventFilter(self._today)
        self._began = time.perf_counter()
        field.returnPressed.emit()

    def _painted(self) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say(seconds=time.perf_counter() - self._began, peak_mb=peak)


class Switching(QObject):
    """Signs the first person in, presses the key of a switch, signs the last one in."""

    def __init__(self, application: QApplication, store: str) -> None:
        super().__init__()
        # The bare window must not pay for it.
        from shelter_desk.app.clock import now  # noqa: PLC0415 - start-up time
        from shelter_desk.app.door import RealDoor  # noqa: PLC0415 - start-up time
        from shelter_desk.app.program import Program  # noqa: PLC0415 - start-up time
        from shelter_desk.ui.jobs import ThreadedJobs  # noqa: PLC0415 - start-up time

        self._application, self._folder = application, Path(store)
        self._program = Program(RealDoor(self._folder, now), ThreadedJobs())
        self._program.keeps_process = True  # what a fresh one takes is timed as a start
        self._began = self._locked_ms = 0.0
        self._look = QTimer(self)
        self._look.timeout.connect(self._way_in)

    def start(self) -> None:
        """Show the way in and sign the first person in."""
        self._program.start()
        Shown(self._application, lambda: self._sign_in(0, self._switch))

    def _sign_in(self, which: int, then: Callable[[], None]) -> None:
        page = self._program.entry.page
        page.tiles()[which].setChecked(True)
        page.secret.edit.setText(WORDS)
        self._painted = TodayPaint(then)
        self._application.installEventFilter(self._painted)
        self._began = time.perf_counter()
        page.secret.edit.returnPressed.emit()

    def _switch(self) -> None:
        self._application.removeEventFilter(self._painted)
        QTimer.singleShot(1000, self._press)  # they looked at it

    def _press(self) -> None:
        self._began = time.perf_counter()
        self._look.start()
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        self._program.window.activateWindow()
        QTest.keyClick(self._program.window, Qt.Key.Key_L, held)

    def _way_in(self) -> None:
        entry = self._program.entry
        handle = entry and entry.windowHandle()
        if not handle or not handle.isExposed():
            return
        self._look.stop()
        self._locked_ms = (time.perf_counter() - self._began) * 1000
        self._sign_in(-1, self._done)

    def _done(self) -> None:
        opened_ms = (time.perf_counter() - self._began) * 1000
        from shelter_desk.store.keys import slot_file, slots  # noqa: PLC0415 - as above

        read = slot_file.read_slots(self._folder).slots
        person, taken = self._program.desk.staff.public_id, []
        for _ in range(3):
            began = time.perf_counter()
            slots.unlock(read, person, WORDS)
            taken.append((time.perf_counter() - began) * 1000)
        say(locked_ms=self._locked_ms, opened_ms=opened_ms, words_ms=sorted(taken)[1])


def loaded() -> None:
    """Say which modules are loaded."""
    say(modules=sorted(sys.modules))


def main(what: str, store: str) -> None:
    """Start one of the five; it ends the process itself."""
    if what == "switch":
        from shelter_desk.app.start import application as dressed  # noqa: PLC0415 - start-up time

        switching = Switching(dressed(), store)
        switching.start()
        QApplication.exec()
        return
    application = QApplication(sys.argv[:1])
    unlocking = Unlocking(application)
    Shown(application, {"today": unlocking.unlock, "modules": loaded}.get(what, say))
    if what == "bare":
        bare()
    else:
        # The bare window must not pay for it.
        from shelter_desk.cli import main as desk  # noqa: PLC0415 - start-up time

        desk(["--store", store])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")

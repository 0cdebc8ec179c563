"""The program: the way in, then the desk, and back and forth between them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.app.door import RealDoor, behind
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.printing import RealPaper

if TYPE_CHECKING:
    from shelter_desk.desk import Desk
    from shelter_desk.ui.main_window import MainWindow

_AFTER_PAINT_MS = 50


class Program(QObject):
    """Shows the window before the desk, then the desk, and goes back and forth between them."""

    def __init__(self, door: RealDoor, jobs: Jobs) -> None:
        super().__init__()
        self.door, self.jobs = door, jobs
        self.entry: EntryWindow | None = None
        self.window: MainWindow | None = None
        self.desk: Desk | None = None
        self.keeps_process = False

    def host(self) -> QWidget | None:
        """Return the window that is on screen."""
        return self.window or self.entry

    def start(self, said: str = "") -> None:
        """Show the way in."""
        self.entry = EntryWindow(self.door, self.jobs, RealPaper())
        self.entry.opened.connect(self.open)
        self.entry.quit_wanted.connect(self.finish)
        self.entry.start(said)
        self.entry.show()
        QTimer.singleShot(_AFTER_PAINT_MS, self, self._load)

    def open(self, desk: object) -> None:
        """Show the desk of the person who signed in."""
        self.desk, self.window = behind().window(desk, self.jobs, self.door.folder)
        self.window.hard_lock_wanted.connect(self.lock)
        self.window.closing.connect(self.finish)
        self.window.show()
        if self.entry is not None:
            self.entry.deleteLater()
            self.entry = None

    def _load(self) -> None:
        # While somebody types. What cannot be loaded is said when it is asked for.
        self.jobs.run(self, behind, _ignore, _ignore)

    def lock(self) -> None:
        """End the desk: drafts are kept, the store is closed, and the process goes.

        What Python has read stays in its memory until the process ends, so a fresh one shows the
        way in. The throw-away demonstration has nobody to protect and stays in this one.
        """
        if self.window is not None:
            self.window.closing.disconnect(self.finish)
            self.window.close()
            self.window.deleteLater()
            self.window = None
        self._end_desk()
        if self.keeps_process:
            self.start()
            return
        QProcess.startDetached(*fresh_start(self.door.folder))
        self.finish()

    def finish(self) -> None:
        """Close the records and end the program."""
        self._end_desk()
        application = QApplication.instance()
        if application is not None:
            application.quit()

    def _end_desk(self) -> None:
        self.jobs.finish()
        if self.desk is not None:
            self.desk.settle()
            self.desk.close()
            self.desk = None


def fresh_start(folder: Path) -> tuple[str, list[str]]:
    """Return program and arguments of a fresh process; a frozen program is its own interpreter."""
    module = [] if getattr(sys, "frozen", False) else ["-m", "shelter_desk"]
    return sys.executable, [*module, "--store", str(folder)]


def _ignore(_: object) -> None:
    """Do nothing with the answer."""

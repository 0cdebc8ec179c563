"""The program: the way in, then the desk, and back and forth between them."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from shelter_desk.app.clock import now
from shelter_desk.app.door import RealDoor, behind
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.reserve import RESERVE_BYTES, Reserve
from shelter_desk.ui.entry import EntryWindow
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.printing import RealPaper

if TYPE_CHECKING:
    from shelter_desk.app.away import AwayWatch
    from shelter_desk.app.watchdog import Watchdog
    from shelter_desk.desk import Desk
    from shelter_desk.domain.agreement import Agreement
    from shelter_desk.ui.main_window import MainWindow

AFTER_PAINT_MS = 50
_LOOK_MS = 1000
_LOCK_TAKES_S = 30


class Program(QObject):
    """Shows the window before the desk, then the desk, and goes back and forth between them."""

    def __init__(self, door: RealDoor, jobs: Jobs, reserve_bytes: int = RESERVE_BYTES) -> None:
        super().__init__()
        self.door, self.jobs, self.reserve_bytes = door, jobs, reserve_bytes
        self.entry: EntryWindow | None = None
        self.window: MainWindow | None = None
        self.desk: Desk | None = None
        self.keeps_process = False
        self.show = QWidget.show  # how windows come on screen; people get `show_fitting`
        self.hard_lock_s: float | None = None  # instead of the shelter's own
        self.watchdog: Watchdog | None = None
        self.away: AwayWatch | None = None

    def host(self) -> QWidget | None:
        """Return the window that is on screen."""
        return self.window or self.entry

    def start(self, said: str = "") -> None:
        """Show the way in."""
        self.entry = EntryWindow(self.door, self.jobs, RealPaper())
        self.entry.opened.connect(self.enter)
        self.entry.quit_wanted.connect(self.finish)
        self.entry.start(said)
        self.show(self.entry)
        QTimer.singleShot(AFTER_PAINT_MS, self, self._load)

    def enter(self, desk: Desk) -> None:
        """Open the desk of the person who signed in, once they have accepted the agreement."""
        self.desk = desk
        agreement = behind(self.door.now).agreement_for(desk)
        if agreement is None or self.entry is None:
            self.open(desk)
            return
        page = self.entry.show_agreement(agreement, desk.staff.name)
        page.accepted.connect(partial(self._accepted, agreement))
        page.left.connect(self._not_accepted)

    def _accepted(self, agreement: Agreement) -> None:
        if self.desk is None or self.entry is None:
            return
        try:
            behind(self.door.now).accept(self.desk, agreement)
        except DeskError as error:
            self._end_desk()
            self.entry.show_trouble(error)
            return
        self.open(self.desk)

    def _not_accepted(self) -> None:
        """Close the records again: nothing of them was shown."""
        self._end_desk()
        if self.entry is not None:
            self.entry.start()

    def open(self, desk: object) -> None:
        """Show the desk of the person who signed in."""
        self.desk, self.window = behind(self.door.now).window(
            desk,
            self.jobs,
            self.door.folder,
            asks_keyring=not self.keeps_process,
            hint=self.door.hint,
        )
        self._watch(self.window)
        self.window.hard_lock_wanted.connect(self.lock)
        self.window.closing.connect(self.finish)
        self.show(self.window)
        reserve = Reserve(self.door.folder, self.reserve_bytes)
        self.jobs.run(self, reserve.keep, _ignore, _ignore)
        if self.entry is not None:
            self.entry.deleteLater()
            self.entry = None

    def _watch(self, window: MainWindow) -> None:
        """Lock when the person leaves the computer, and end even a desk that hangs."""
        # heavy: the message bus, which the way in does not need
        from shelter_desk.app.away import AwayWatch  # noqa: PLC0415 - start-up time
        from shelter_desk.app.watchdog import Watchdog  # noqa: PLC0415 - start-up time

        self.away = AwayWatch(window)
        self.away.away.connect(self.lock)
        self.away.start(int(window.winId()))
        if self.keeps_process:
            return
        limit = window.watch.hard_s if self.hard_lock_s is None else self.hard_lock_s
        self.watchdog = Watchdog(limit, self._end_at_once, now)
        window.watch.touched.connect(self.watchdog.touched)
        self.watchdog.start()
        looking = QTimer(window)
        looking.timeout.connect(self._lock_when_due)
        looking.start(_LOOK_MS)

    def _lock_when_due(self) -> None:
        # After a sleep: the window's own count stood still, the wall clock did not.
        if self.watchdog is not None and self.watchdog.is_due():
            self.lock()

    def _end_at_once(self) -> None:
        """End a process whose window hangs; what was saved is safe, as after a power cut."""
        # heavy: not needed but here
        import subprocess  # noqa: PLC0415 - start-up time

        program, arguments = fresh_start(self.door.folder)
        try:
            subprocess.Popen([program, *arguments])  # noqa: S603 - this program itself
        finally:
            os._exit(1)

    def _load(self) -> None:
        # While somebody types. What cannot be loaded is said when it is asked for.
        self.jobs.run(self, partial(behind, self.door.now), _ignore, _ignore)

    def lock(self) -> None:
        """End the desk: drafts are kept, the store is closed, and the process goes.

        What Python has read stays in its memory until the process ends, so a fresh one shows the
        way in. The throw-away demonstration has nobody to protect and stays in this one.
        """
        window, self.window = self.window, None
        if window is None:
            return  # a lock has begun: screen lock and sleep come together
        if self.watchdog is not None:
            self.watchdog.allow(_LOCK_TAKES_S)
        window.closing.disconnect(self.finish)
        window.close()
        window.deleteLater()
        try:
            self._end_desk()
        finally:
            self._begin_afresh()

    def _begin_afresh(self) -> None:
        if self.keeps_process:
            self.start()
            return
        # heavy: tables that the way in does not need
        from PySide6.QtCore import QProcess  # noqa: PLC0415 - start-up time

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
        desk, self.desk = self.desk, None
        if desk is not None:
            try:
                desk.settle()
            finally:
                desk.close()
        if self.watchdog is not None:  # it goes on when the records could not be closed
            self.watchdog.stop()
            self.watchdog = None


def fresh_start(folder: Path) -> tuple[str, list[str]]:
    """Return program and arguments of a fresh process; a frozen program is its own interpreter."""
    module = [] if getattr(sys, "frozen", False) else ["-m", "shelter_desk"]
    return sys.executable, [*module, "--store", str(folder)]


def _ignore(_: object) -> None:
    """Do nothing with the answer."""

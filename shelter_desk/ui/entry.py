"""The window before the desk: unlock, first set-up, forgotten passphrase, or trouble.

`app` shows it and waits for `opened` (with whatever `Door.unlock` or `Door.create` returned)::

    entry = EntryWindow(door, jobs, RealPaper())
    entry.opened.connect(...)
    entry.quit_wanted.connect(app.quit)
    entry.start()
    entry.show()
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.door import Door
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.printing import Paper, documents
from shelter_desk.ui.scale import fill
from shelter_desk.ui.unlock import UnlockPage

if TYPE_CHECKING:
    from shelter_desk.domain.agreement import Agreement
    from shelter_desk.ui.agreement import AgreementPage
    from shelter_desk.ui.trouble_words import Way


class EntryWindow(QWidget):
    """Shows one page at a time; the page is made anew each time it is shown."""

    opened = Signal(object)
    quit_wanted = Signal()

    def __init__(self, door: Door, jobs: Jobs, paper: Paper) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("Shelter Desk"))
        self._door, self._jobs, self._paper = door, jobs, paper
        self._stack = QStackedWidget()
        fill(QVBoxLayout(self), (self._stack,))
        self.setMinimumSize(640, 480)
        self.resize(1366, 768)

    @property
    def page(self) -> QWidget | None:
        """Return the page on screen."""
        return self._stack.currentWidget()

    def start(self, said: str = "") -> None:
        """Look at the folder and show the page that fits."""
        try:
            there = self._door.look()
        except (DeskError, OSError) as error:
            self.show_trouble(error)
            return
        if there:
            self.show_unlock(said)
        else:
            self.show_first_run()

    def show_unlock(self, said: str = "") -> None:
        """Ask who it is."""
        page = UnlockPage(self._door, self._jobs)
        page.opened.connect(self.opened)
        page.troubled.connect(self.show_trouble)
        page.forgot.connect(self.show_forgot)
        page.restore_wanted.connect(self.show_restore)
        self._show(page)
        page.start(said)

    def show_first_run(self) -> None:
        """Set the desk up for the first time."""
        # heavy: many pages that are seen once
        from shelter_desk.ui.first_run import FirstRunPage  # noqa: PLC0415 - start-up time

        page = FirstRunPage(self._door, self._jobs, self._paper)
        page.opened.connect(self.opened)
        page.troubled.connect(self.show_trouble)
        page.left.connect(self.choose_folder)
        page.restore_wanted.connect(self.show_restore)
        self._show(page)
        page.start()

    def show_forgot(self) -> None:
        """Set a new passphrase with the recovery kit."""
        # heavy: seldom seen
        from shelter_desk.ui.forgot import ForgotPage  # noqa: PLC0415 - start-up time

        page = ForgotPage(self._door, self._jobs)
        page.done.connect(self._reset_done)
        page.left.connect(self.start)
        page.troubled.connect(self.show_trouble)
        self._show(page)
        page.start()

    def show_restore(self) -> None:
        """Bring a backup back into a new folder, and go on there."""
        # heavy: seldom seen
        from shelter_desk.ui.restore import RestorePage  # noqa: PLC0415 - start-up time

        page = RestorePage(self._door, self._jobs)
        page.done.connect(self.use_folder)
        page.left.connect(self.start)
        self._show(page)
        page.start()

    def show_agreement(self, agreement: Agreement, name: str) -> AgreementPage:
        """Show what the person who signed in has to accept before the desk opens."""
        # heavy: seldom seen
        from shelter_desk.ui.agreement import AgreementPage  # noqa: PLC0415 - start-up time

        page = AgreementPage(agreement, name)
        self._show(page)
        page.start()
        return page

    def show_trouble(self, error: BaseException) -> None:
        """Show the page for an error."""
        # heavy: seldom seen
        from shelter_desk.ui.trouble import TroublePage  # noqa: PLC0415 - start-up time

        page = TroublePage(error)
        page.chosen.connect(self._way)
        self._show(page)
        page.start()

    def choose_folder(self) -> None:
        """Ask for another folder and look there."""
        # heavy: tables that only a dialog needs
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - start-up time

        title = self.tr("Choose the folder of the records")
        folder = QFileDialog.getExistingDirectory(self, title, documents())
        if folder:
            self.use_folder(Path(folder))

    def use_folder(self, folder: Path) -> None:
        """Look into a folder and go on from there."""
        try:
            self._door.use_folder(folder)
        except (DeskError, OSError) as error:
            self.show_trouble(error)
            return
        self.start()

    def _way(self, way: Way) -> None:
        ways = {
            "again": self.start,
            "kit": self.show_forgot,
            "restore": self.show_restore,
            "folder": self.choose_folder,
        }
        ways.get(way.value, self.quit_wanted.emit)()

    def _reset_done(self, name: str) -> None:
        words = self.tr(
            "{0} has a new passphrase. Sign in with it, and put the kit back where it is safe."
        )
        self.start(words.format(name))

    def _show(self, page: QWidget) -> None:
        before = self._stack.currentWidget()
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()

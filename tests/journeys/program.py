"""The whole program on a real folder, driven by keys: what a person at the computer does."""

import hashlib

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.app.clock import now
from shelter_desk.app.door import RealDoor
from shelter_desk.app.program import Program
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.trouble import TroublePage, code_of
from shelter_desk.ui.unlock import UnlockPage

NONE = Qt.KeyboardModifier.NoModifier
PASSPHRASE = "invented words for tests only"


def settle():
    """Let everything that waits for the event loop happen."""
    QTest.qWait(10)
    QApplication.processEvents()


class Running:
    """The program as started on a folder; `close` ends it as the last window's close does."""

    def __init__(self, folder, reserve_bytes=0, now=now):
        self.folder = folder
        self.program = Program(RealDoor(folder, now), InlineJobs(), reserve_bytes)
        self.troubles = []
        self.program.start()
        self._front()

    @property
    def page(self):
        """Return the page before the desk, or None when the desk is open."""
        return self.program.entry.page if self.program.entry else None

    @property
    def window(self):
        """Return the main window, or None."""
        return self.program.window

    @property
    def desk(self):
        """Return the open desk."""
        return self.program.desk

    def press(self, *keys, modifier=NONE):
        """Press keys where the keyboard is."""
        for key in keys:
            host = self.program.host()
            QTest.keyClick(host.focusWidget() or host, key, modifier)
            settle()

    def write(self, text):
        """Type where the keyboard is."""
        QTest.keyClicks(self.program.host().focusWidget(), text)
        settle()

    def sign_in(self, passphrase=PASSPHRASE):
        """Choose the only person, type the passphrase, press Enter."""
        assert isinstance(self.page, UnlockPage), self.trouble()
        self.page.secret.setFocus()
        self.write(passphrase)
        self.press(Qt.Key.Key_Return)
        self._front()

    def trouble(self):
        """Return (code, title) of the trouble page, or None when another page is shown."""
        page = self.page
        if not isinstance(page, TroublePage):
            return None
        return page.trouble, page.title.text()

    def close(self):
        """End the program: the store is closed, windows go. Twice is harmless."""
        windows = (self.program.window, self.program.entry)
        self.program.window = self.program.entry = None
        for window in windows:
            if window is not None:
                window.close()
        self.program.finish()
        for window in windows:
            if window is not None:
                window.deleteLater()
        settle()

    def _front(self):
        host = self.program.host()
        host.activateWindow()
        settle()


def hashes(folder, *but):
    """Return name -> SHA-256 of every file in a folder, except those named."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in but
    }


__all__ = ["PASSPHRASE", "Running", "code_of", "hashes", "settle"]

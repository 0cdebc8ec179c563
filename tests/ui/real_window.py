"""The main window with its real pages on a real desk, and keys pressed in it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from shelter_desk.desk import care, residents
from shelter_desk.ui.jobs import InlineJobs
from shelter_desk.ui.main_window import House, MainWindow
from shelter_desk.ui.pages import discover
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.widgets import Sheet
from tests.conftest import Clock, newly_founded

NONE = Qt.KeyboardModifier.NoModifier


class Records:
    """A director's desk that the tests of one module share."""

    def __init__(self, folder, care_model):
        self.clock = Clock()
        self.desk = newly_founded(folder / "records", care_model, self.clock).desk

    def everyone_leaves(self):
        """End every stay, so that the next test has the house for itself."""
        now = self.clock.forward(minutes=1)
        for line in self.desk.ask(residents.roster, now=now):
            self.desk.do(residents.RecordExit(line.stay_id, now, "left-early", "99"))


class Opened:
    """A window on a desk; `said` is every line the toast was given, `told` every error."""

    def __init__(self, records, qtbot):
        self.desk, self.clock = records.desk, records.clock
        self.shared = Shared(self.desk, InlineJobs(), self.desk.house.zone)
        self.said, self.told = [], []
        self.shared.said.connect(lambda text, _undo: self.said.append(text))
        self.shared.told.connect(self.told.append)
        self.window = MainWindow(
            self.shared, discover(), House("Harbor House", "Director", lambda _p: True)
        )
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def admit(self, called="Sky", **more):
        """Return the stay of someone who has just arrived."""
        return self.desk.do(residents.Admit(called, self.clock(), **more)).subject

    def go(self, name, subject=""):
        """Open a page and let it settle."""
        self.shared.go(name, subject)
        settle()
        return self.window.view(name)

    def plan(self, stay):
        """Return the plan as the records have it."""
        return self.desk.ask(care.stay_plan, stay_id=stay, now=self.clock())

    def items(self, stay):
        """Return item id -> line, the first occurrence of each."""
        lines = [item for service in self.plan(stay).services for item in service.items]
        return {item.item_id: item for item in reversed(lines)}

    def press(self, *keys, modifier=NONE):
        """Press keys where the keyboard is."""
        for key in keys:
            QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)
            settle()

    def write(self, text):
        """Type where the keyboard is."""
        QTest.keyClicks(self.window.focusWidget(), text)
        settle()

    def sheet(self, kind=Sheet):
        """Return the sheet that lies on top, or None."""
        found = [sheet for sheet in self.window.findChildren(kind) if sheet.isVisible()]
        return found[-1] if found else None


def settle():
    """Let everything that waits for the event loop happen."""
    QTest.qWait(5)
    QApplication.processEvents()

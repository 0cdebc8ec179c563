"""The sheet behind F1: what the open page is for, and the keys that work everywhere."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider

from shelter_desk.ui.form_sheet import FitScroll
from shelter_desk.ui.pages import Page
from shelter_desk.ui.scale import STRETCH, column, fixed, row
from shelter_desk.ui.widgets import KeyCap, Label, Line, PrimaryButton
from shelter_desk.ui.widgets.overlays import Sheet

_Move = QAbstractSlider.SliderAction
_MOVES = {
    Qt.Key.Key_Down: _Move.SliderSingleStepAdd,
    Qt.Key.Key_Up: _Move.SliderSingleStepSub,
    Qt.Key.Key_PageDown: _Move.SliderPageStepAdd,
    Qt.Key.Key_PageUp: _Move.SliderPageStepSub,
}


class HelpSheet(Sheet):
    """Says it in a few plain sentences; nobody reads a manual at two in the morning."""

    def __init__(self, page: Page, *, history: bool = False) -> None:
        self.done = PrimaryButton("")
        title = QCoreApplication.translate("pages", page.title)
        words = QCoreApplication.translate("pages", page.help)
        text = Label(words, "body", wrap=True)
        heading = Label("", "strong")
        self._inside = FitScroll(
            column(text, Line(), heading, *self._keys(history=history), spacing=10)
        )
        super().__init__(title, (self._inside, 1), row(STRETCH, self.done))
        text.setVisible(bool(words))  # not before it lies in the sheet: it would be a window
        heading.setText(self.tr("Keys that work everywhere"))
        self.done.setText(self.tr("Close"))
        self.done.clicked.connect(self.close_sheet)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows move the words, where large text leaves no room for all of them."""
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            self._inside.verticalScrollBar().triggerAction(move)

    def _keys(self, *, history: bool) -> list[object]:
        touched = ("Ctrl H", self.tr("See who touched what is on this page"))
        keys = (
            ("Ctrl K", self.tr("Find a resident, a page, something to do")),
            ("Ctrl N", self.tr("Start something new")),
            ("Ctrl Z", self.tr("Take the last thing back")),
            *((touched,) if history else ()),
            ("Alt 1 … 9", self.tr("Go to a page of the list on the left")),
            ("F9", self.tr("Hide everything at once (also Esc three times)")),
            ("Ctrl L", self.tr("Lock; what you typed is kept")),
            ("Ctrl Shift L", self.tr("Another person takes over; what you typed is kept")),
            ("Ctrl + / −", self.tr("Larger or smaller text")),
        )
        lines: list[object] = []
        for key, words in keys:
            cap = row(KeyCap(key), STRETCH)
            fixed(cap, width=110)
            lines.append(row(cap, (Label(words, "body", wrap=True), 1)))
        return lines

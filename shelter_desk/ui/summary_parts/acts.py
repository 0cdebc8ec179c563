"""What can be begun on the page, or ended while it goes on; the keyboard stays there."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.widgets import Button


class SummaryActs(QWidget):
    """Prepare, decide a year together, compare; or cancel.

    `anew` is offered for what is out: with what was corrected since, as a release of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.prepare = Button(self.tr("Prepare"), "file-search")
        self.together = Button(self.tr("Decide the year together"), "calendar-days")
        self.compare = Button(self.tr("Compare versions"), "scale")
        self.cancel = Button(self.tr("Cancel"), "x")
        self.anew = Button(self.tr("Count it anew"), "history")
        self.anew.hide()
        acts = row(
            STRETCH, self.anew, self.compare, self.together, self.prepare, self.cancel, spacing=12
        )
        fill(QVBoxLayout(self), (acts,))

    def idle(self, *, is_year: bool) -> None:
        """Nothing goes on."""
        had_focus = self.cancel.hasFocus() or self.anew.hasFocus()
        self.cancel.hide()
        self.anew.hide()
        for button in (self.prepare, self.compare):
            button.show()
            button.setEnabled(True)
        self.together.setVisible(is_year)
        if had_focus:
            self.prepare.setFocus()

    def busy(self) -> None:
        """Something goes on that can be ended."""
        begun = (self.prepare, self.together, self.compare, self.anew)
        had_focus = any(button.hasFocus() for button in begun)
        for button in begun:
            button.hide()
        self.cancel.show()
        if had_focus:
            self.cancel.setFocus()

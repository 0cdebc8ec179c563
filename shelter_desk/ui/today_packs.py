"""The line on Today about packs that have to come back, or be destroyed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk import Area
from shelter_desk.desk.handovers import due_back
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button


class PacksDue(Banner):
    """The line on Today about packs that have to come back or be destroyed."""

    def __init__(self, shared: Shared) -> None:
        self.open = Button("", kind="ghost")
        super().__init__("", Tone.INFO, action=self.open, icon="package-check")
        self.open.setText(self.tr("Go to the packs"))
        self._shared = shared
        self.open.clicked.connect(self._go)
        self.hide()

    def start(self) -> None:
        """Show it from now on; before it lies on a page it would be a window of its own."""
        self._shared.refresh_on(Area.CUSTODY, self.refresh, self)

    def refresh(self) -> None:
        """Show or hide the line; asked again with every minute of the page."""
        if not self._shared.may(May.EXPORT):
            return
        due = self._shared.ask(due_back, today=self._shared.today())
        self.setVisible(bool(due))
        if due:
            first, today = due[0], self._shared.today()
            words = self.tr("The pack for {0}: {1}.").format(
                first.recipient, until_words(first.wanted, first.due_on, today)
            )
            more = self.tr("{0} more are near their day.").format(len(due) - 1)
            if len(due) == 2:
                more = self.tr("One more is near its day.")
            tone = Tone.WARN if first.due_on < today else Tone.INFO
            self.say(f"{words} {more}" if len(due) > 1 else words, tone)

    def _go(self) -> None:
        self._shared.go("audit_pack")


def until_words(wanted: str, due_on: date, today: date) -> str:
    """Return until when a pack is out and what becomes of it then, or that the day has passed."""
    if due_on < today:
        words = _tr("should have come back by {0}")
        if wanted == "destroy":
            words = _tr("should have been destroyed by {0}")
    elif wanted == "destroy":
        words = _tr("to be destroyed by {0}")
    else:
        words = _tr("comes back by {0}")
    return words.format(show_day(due_on))


def _tr(text: str) -> str:
    return QCoreApplication.translate("handovers", text)

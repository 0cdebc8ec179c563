"""Why a figure is withheld, on screen only, and the wish to have something else withheld."""

from __future__ import annotations

from collections.abc import Callable

from shelter_desk.ui.periods_shown import with_periods
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.widgets import Button, Label, PrimaryButton, Sheet, announce


class ReasonSheet(Sheet):
    """Opens with `figure` in words; `told` puts the reason there once it is worked out."""

    def __init__(
        self, figure: str, instead: Callable[[], None], records: Callable[[], None]
    ) -> None:
        self.reason = Label("", wrap=True)
        self.about = Label("", "muted", wrap=True)
        self.leave, self.instead = PrimaryButton("", "check"), Button("", "eye")
        self.records = Button("", "search")
        self._instead, self._records = instead, records
        super().__init__(
            figure,
            self.reason,
            self.about,
            row(self.records, STRETCH, self.instead, self.leave),
            width=680,
        )
        self.reason.setText(self.tr("Working out why this is withheld…"))
        self.about.setText(
            self.tr("This is for you, not for the readers: it can name a small group.")
        )
        self.leave.setText(self.tr("Close"))
        self.instead.setText(self.tr("Show it, withhold something else"))
        self.records.setText(self.tr("Who is behind it"))
        self.records.clicked.connect(self._show_records)
        self.leave.clicked.connect(self.close_sheet)
        self.instead.clicked.connect(self._go)

    def told(self, reason: str) -> None:
        """Show the reason."""
        words = with_periods(reason) or self.tr("No reason was found in the time given.")
        self.reason.setText(words)
        announce(self, words)

    def _go(self) -> None:
        self.close_sheet()
        self._instead()

    def _show_records(self) -> None:
        self.close_sheet()
        self._records()

"""Packs that were laid out and left: their figures bind this summary, and one key leads there."""

from __future__ import annotations

from shelter_desk.desk import Area
from shelter_desk.desk.left_exports import WaitingPack, waiting_packs
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button


class WaitingBanner(Banner):
    """Names the oldest such pack; goes to it, where it is let out or put away."""

    def __init__(self, shared: Shared) -> None:
        self.open = Button("", "package-check", kind="ghost")
        super().__init__("", Tone.WARN, action=self.open, icon="package-check")
        self.open.setText(self.tr("Go to the pack"))
        self._shared, self._period = shared, ""
        self._found: tuple[WaitingPack, ...] = ()
        self.open.clicked.connect(self._go)
        self.open.setVisible(shared.may(May.EXPORT))
        self.hide()
        shared.refresh_on(Area.CUSTODY, self._refresh, self)

    def show_period(self, period: str) -> None:
        """Say what binds the summary of this period."""
        self._period = period
        self._refresh()

    def _refresh(self) -> None:
        asked = self._shared.ask(waiting_packs, period=self._period) if self._period else ()
        self._found = asked
        self.setVisible(bool(asked))
        if asked:
            self.say(self._words(asked))

    def _words(self, found: tuple[WaitingPack, ...]) -> str:
        first = found[0]
        words = self.tr(
            "An audit pack of {0}, laid out on {1}, was neither let out nor put away. Until it is "
            "put away its figures count as known, and a summary may have to withhold more."
        )
        told = [
            words.format(
                Period.parse(first.period).label, show_moment(first.began_at, self._shared.zone)
            )
        ]
        if len(found) > 1:
            told.append(self.tr("{0} more wait as well.").format(len(found) - 1))
        if not self._shared.may(May.EXPORT):
            told.append(self.tr("A director can do either."))
        return " ".join(told)

    def _go(self) -> None:
        self._shared.go("audit_pack", self._found[0].custody_id)

"""Lines on Today about what should not pass in silence: the kit was used, a seat was left open."""

from __future__ import annotations

from shelter_desk.desk import Area
from shelter_desk.desk.kit_use import kit_use
from shelter_desk.desk.seats_left import seat_left
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner


class KitUsed(Banner):
    """Everybody sees it for 30 days, and can say when it was not who it seems."""

    def __init__(self, shared: Shared) -> None:
        super().__init__("", Tone.INFO, icon="key-round")
        self._shared = shared
        self.hide()

    def start(self) -> None:
        """Show it from now on; before it lies on a page it would be a window of its own."""
        self._shared.refresh_on(Area.STAFF, self.refresh, self)

    def refresh(self) -> None:
        """Show or hide the line."""
        found = self._shared.ask(kit_use, now=self._shared.now())
        self.setVisible(found is not None)
        if found is not None:
            words = self.tr(
                "The recovery kit set a new passphrase for {0} on {1}. If nobody of you did that, "
                "tell the director now. A new kit, which a director makes under Settings, ends "
                "this line."
            )
            self.say(words.format(found.who, show_moment(found.at, self._shared.zone)))


class SeatLeft(Banner):
    """Directors see for a week that the program ended while an inspector sat at it."""

    def __init__(self, shared: Shared) -> None:
        super().__init__("", Tone.WARN, icon="eye")
        self._shared = shared
        self.hide()

    def start(self) -> None:
        """Show it from now on, to those who can open a seat."""
        if self._shared.may(May.EXPORT):
            self._shared.refresh_on(Area.CUSTODY, self.refresh, self)

    def refresh(self) -> None:
        """Show or hide the line."""
        found = self._shared.ask(seat_left, now=self._shared.now())
        self.setVisible(found is not None)
        if found is not None:
            words = self.tr(
                "The program ended while {0} was looking at records, since {1}. Their seat was "
                "closed at the next sign-in. If nobody knows why, look at the audit trail."
            )
            self.say(words.format(found.visitor, show_moment(found.opened_at, self._shared.zone)))

"""Says in time that the disk of the records is nearly full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer

from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner

_LOOK_EVERY_MS = 60_000
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """Free bytes on the disk of the records; under `warn_under` staff are told."""

    free: int
    warn_under: int


def ample() -> Room:
    """Return room that nobody needs to hear about."""
    return Room(1, 0)


class RoomBanner(Banner):
    """Looks at the room once a minute, and is there only while there is something to say."""

    def __init__(self, look: Callable[[], Room]) -> None:
        super().__init__("", Tone.WARN)
        self._look = look
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.hide()
        self.refresh()

    def refresh(self) -> None:
        """Look now."""
        room = self._look()
        low = room.free < room.warn_under
        if low:
            words = self.tr(
                "The disk of this computer is nearly full: {0} MB are left. Records can still be "
                "saved. Empty the bin or move large files away soon."
            )
            self.say(words.format(room.free // _MEGABYTE))
        if low == self.isHidden():
            self.setVisible(low)

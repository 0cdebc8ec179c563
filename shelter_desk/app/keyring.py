"""Asks the system's keyring after signing in, and tells it now and then, never in the way."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from shelter_desk.desk import Desk
from shelter_desk.store.witness import Witness
from shelter_desk.ui.jobs import Answers, Aside, Jobs
from shelter_desk.ui.shared import Shared

_EVERY_MS = 10 * 60 * 1000


class KeyringWatch(QObject):
    """Compares once, then keeps the keyring's memory fresh. Its work runs beside the queue."""

    def __init__(self, desk: Desk, jobs: Jobs, shared: Shared) -> None:
        super().__init__(shared)
        self._desk, self._jobs, self._shared = desk, jobs, shared
        self._compared = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.keep)

    def start(self) -> None:
        """Ask the keyring what it remembers; an alarm is raised when the records contradict it."""
        keyring = self._desk.keyring
        if keyring is not None:
            self._desk.when_alarm_is_seen(self.keep)
            answers = Answers(_nothing, self._compare, _nothing)
            self._jobs.aside(self, lambda _aside: keyring.look(), answers)

    def keep(self) -> None:
        """Tell the keyring where the trail is now."""
        witness = self._witness()
        keyring = self._desk.keyring
        if witness is not None and keyring is not None:

            def tell(_aside: Aside) -> None:
                keyring.keep(witness)

            self._jobs.aside(self, tell, Answers(_nothing, _nothing, _nothing))

    def last(self) -> None:
        """Tell the keyring before the desk closes; waits no longer than a keyring's patience."""
        self._timer.stop()
        witness = self._witness()
        if witness is not None and self._desk.keyring is not None:
            self._desk.keyring.keep(witness)

    def _compare(self, remembered: Witness | None) -> None:
        if remembered is not None:
            self._desk.compare_with(remembered)
            self._shared.alarmed.emit()
        self._compared = True
        self.keep()
        self._timer.start()

    def _witness(self) -> Witness | None:
        # What contradicts the records is evidence: not written over before a director saw it.
        if not self._compared or self._desk.alarm is not None:
            return None
        return self._desk.newest_witness()


def _nothing(_word: object) -> None:
    """Nobody waits for the keyring."""

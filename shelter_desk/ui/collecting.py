"""Collects garbage on the thread of the windows, and on no other.

Python collects on whatever thread happens to make the next object. When that is the thread of a
job, it takes windows' objects apart beside Qt, which takes a lock of its own for it: the two can
then wait for each other for ever (see app.watchdog, where it happened without a collection). So
collection by itself is off while there are windows, and a timer of theirs does it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_EVERY_MS = 500


class Collector(QObject):
    """Looks twice a second whether Python would have collected by now, and does it here."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation that is due; its younger ones go with it."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation]:
                gc.collect(generation)
                return

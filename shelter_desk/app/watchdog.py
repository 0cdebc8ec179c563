"""Ends a desk that nobody uses, even when the window hangs or the computer has slept.

The window counts its own quiet seconds, but a window that hangs counts nothing, and a computer
that sleeps counts nothing either. So a thread of its own compares two clocks: the wall clock goes
on while the computer sleeps, the steady one cannot be set back by anybody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

_LOOK_S = 0.5


class Watchdog:
    """Calls `end` on its own thread when the desk has been due to lock for `grace_s` seconds.

    The grace is counted from when it is noticed: after a sleep the window has these seconds to
    save drafts and lock by itself.
    """

    def __init__(
        self,
        limit_s: float,
        end: Callable[[], None],
        now: Callable[[], datetime],
        grace_s: float = 5,
    ) -> None:
        self._limit, self._end, self._now, self._grace = limit_s, end, now, grace_s
        self._wall, self._steady = now(), time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self.touched()
        self._thread.start()

    def touched(self) -> None:
        """Start the count again: somebody used the desk."""
        self._wall, self._steady = self._now(), time.monotonic()

    def is_due(self) -> bool:
        """Tell whether nothing was touched for the limit, by either clock."""
        asleep_too = (self._now() - self._wall).total_seconds()
        return max(asleep_too, time.monotonic() - self._steady) >= self._limit

    def allow(self, seconds: float) -> None:
        """Give a lock that has begun so much time."""
        self._grace = seconds

    def stop(self) -> None:
        """Watch no more: the records are closed.

        Waits for the thread, so that the caller and not the thread is the last to let go of what
        windows listen to: taken apart on the thread, it waited for the interpreter while holding
        Qt's lock, for which the main thread waited with the interpreter in its hand.
        """
        self._stopped.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def _watch(self) -> None:
        due_since: float | None = None
        while not self._stopped.wait(_LOOK_S):
            if not self.is_due():
                due_since = None
            elif due_since is None:
                due_since = time.monotonic()
            elif time.monotonic() - due_since >= self._grace:
                self._end()
                return

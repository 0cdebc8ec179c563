"""Work off the main thread, with answers brought back to it.

For page writers: anything that may take over 50 ms goes through here::

    shared.jobs.run(self, work, self._show, shared.tell)   # work() runs elsewhere, the rest here
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
Failed = Callable[[Exception], None]


class Jobs(Protocol):
    """How pages ask for slow work."""

    def run(
        self, owner: QObject, work: Callable[[], T], done: Callable[[T], None], failed: Failed
    ) -> None:
        """Run `work`, then call one of `done` and `failed` on the main thread.

        Neither is called once `owner` (usually the page) has been deleted.
        """

    def finish(self) -> None:
        """Wait for running work and forget what has not begun. Call before locking."""


class InlineJobs:
    """Runs at once, on the caller's thread. For tests and the tour."""

    def run(
        self, owner: QObject, work: Callable[[], T], done: Callable[[T], None], failed: Failed
    ) -> None:
        """See Jobs."""
        del owner
        try:
            answer = work()
        except Exception as error:  # noqa: BLE001 - handed on, not swallowed
            failed(error)
        else:
            done(answer)

    def finish(self) -> None:
        """See Jobs. Nothing ever waits here."""


@dataclass(frozen=True, slots=True)
class _Answer:
    job: int
    value: Any
    error: Exception | None


@dataclass(frozen=True, slots=True)
class _Asker:
    owner: QObject
    done: Callable[[Any], None]
    failed: Failed


class ThreadedJobs(QObject):
    """One worker thread: jobs on the records run in the order they were asked for.

    This object owns the signal and lives on the main thread. The runnable holds only the bound
    `emit`, so nothing of Qt is destroyed on the worker thread.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._waiting: dict[int, _Asker] = {}
        self._last = 0
        self._answered.connect(self._deliver)

    def run(
        self, owner: QObject, work: Callable[[], T], done: Callable[[T], None], failed: Failed
    ) -> None:
        """See Jobs."""
        self._last += 1
        self._waiting[self._last] = _Asker(owner, done, failed)
        self._pool.start(_Job(self._last, work, self._answered.emit))

    def finish(self) -> None:
        """See Jobs."""
        self._pool.clear()
        self._pool.waitForDone()
        self._waiting.clear()

    @Slot(object)
    def _deliver(self, answer: _Answer) -> None:
        asker = self._waiting.pop(answer.job, None)
        if asker is None or not isValid(asker.owner):
            return
        if answer.error is None:
            asker.done(answer.value)
        else:
            asker.failed(answer.error)


class _Job(QRunnable):
    def __init__(
        self, number: int, work: Callable[[], Any], answer: Callable[[_Answer], None]
    ) -> None:
        super().__init__()
        self._number = number
        self._work = work
        self._answer = answer

    def run(self) -> None:
        try:
            self._answer(_Answer(self._number, self._work(), None))
        except Exception as error:  # noqa: BLE001 - handed to the main thread
            self._answer(_Answer(self._number, None, error))

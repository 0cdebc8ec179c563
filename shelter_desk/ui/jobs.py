"""Work off the main thread, with answers brought back to it.

For page writers: anything that may take over 50 ms goes through here::

    shared.jobs.run(self, work, self._show, shared.tell)   # work() runs elsewhere, the rest here

and what needs seconds but no records, so that questions need not wait for it::

    self._stop = shared.jobs.aside(self, work, Answers(self._early, self._show, shared.tell))
    self._stop.set()                                       # work(aside) looks at aside.stop
"""

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any, NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
Failed = Callable[[Exception], None]


class Aside(NamedTuple):
    """In the hands of work beside the queue: `tell` gives word early, `stop` says to end."""

    tell: Callable[[Any], None]
    stop: Event


class Answers(NamedTuple):
    """Who is called on the main thread: `told` for each early word, then one of the others."""

    told: Callable[[Any], None]
    done: Callable[[Any], None]
    failed: Failed


class Jobs(Protocol):
    """How pages ask for slow work."""

    def run(
        self, owner: QObject, work: Callable[[], T], done: Callable[[T], None], failed: Failed
    ) -> None:
        """Run `work`, then call one of `done` and `failed` on the main thread.

        Neither is called once `owner` (usually the page) has been deleted.
        """

    def aside(self, owner: QObject, work: Callable[[Aside], Any], answers: Answers) -> Event:
        """Run work that touches no records, beside the queue; set what is returned to stop it."""

    def finish(self) -> None:
        """Wait for running work, stop what runs aside, forget the rest. Call before locking."""


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

    def aside(self, owner: QObject, work: Callable[[Aside], Any], answers: Answers) -> Event:
        """See Jobs."""
        stop = Event()
        self.run(owner, lambda: work(Aside(answers.told, stop)), answers.done, answers.failed)
        return stop

    def finish(self) -> None:
        """See Jobs. Nothing ever waits here."""


class _Answer(NamedTuple):
    job: int
    value: Any
    error: Exception | None
    is_last: bool = True


class _Asker(NamedTuple):
    owner: QObject
    answers: Answers


class ThreadedJobs(QObject):
    """One worker thread: jobs on the records run in the order they were asked for.

    What runs aside has threads of its own.

    This object owns the signal and lives on the main thread. The runnable holds only the bound
    `emit`, so nothing of Qt is destroyed on the worker thread.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._beside = QThreadPool(self)
        self._stops: dict[int, Event] = {}
        self._waiting: dict[int, _Asker] = {}
        self._last = 0
        self._answered.connect(self._deliver)

    def run(
        self, owner: QObject, work: Callable[[], T], done: Callable[[T], None], failed: Failed
    ) -> None:
        """See Jobs."""
        number = self._expect(owner, Answers(_ignore, done, failed))
        self._pool.start(_Job(number, work, self._answered.emit))

    def aside(self, owner: QObject, work: Callable[[Aside], Any], answers: Answers) -> Event:
        """See Jobs."""
        number, stop = self._expect(owner, answers), Event()
        self._stops[number] = stop
        aside = Aside(partial(_early, number, self._answered.emit), stop)
        self._beside.start(_Job(number, partial(work, aside), self._answered.emit))
        return stop

    def finish(self) -> None:
        """See Jobs."""
        for stop in self._stops.values():
            stop.set()
        for pool in (self._pool, self._beside):
            pool.clear()
            pool.waitForDone()
        self._waiting.clear()
        self._stops.clear()

    def _expect(self, owner: QObject, answers: Answers) -> int:
        self._last += 1
        self._waiting[self._last] = _Asker(owner, answers)
        return self._last

    @Slot(object)
    def _deliver(self, answer: _Answer) -> None:
        asker = self._waiting.get(answer.job)
        if answer.is_last:
            self._waiting.pop(answer.job, None)
            self._stops.pop(answer.job, None)
        if asker is None or not isValid(asker.owner):
            return
        if answer.error is not None:
            asker.answers.failed(answer.error)
        elif answer.is_last:
            asker.answers.done(answer.value)
        else:
            asker.answers.told(answer.value)


def _ignore(_word: object) -> None:
    """Work on the records tells nothing early."""


def _early(job: int, answer: Callable[[_Answer], None], word: object) -> None:
    """Send an early word of a job to the main thread."""
    answer(_Answer(job, word, None, is_last=False))


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

"""One search at a time: whoever begins another, or ends it, hears no answer of the former."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from shelter_desk.disclosure import StoppedError
from shelter_desk.domain.errors import InvalidError
from shelter_desk.ui.jobs import Answers, Aside
from shelter_desk.ui.shared import Shared

Hear = Callable[[Any], None]


class Searching(QObject):
    """Runs what a page works out. `forget` clears the page after a failure.

    `refused` hears of choices that cannot be: it says so where they are made.
    """

    def __init__(
        self,
        page: QWidget,
        shared: Shared,
        forget: Callable[[], None],
        refused: Callable[[InvalidError], None],
    ) -> None:
        super().__init__(page)
        self._page, self._shared, self._forget, self._refused = page, shared, forget, refused
        self._asked, self._stop = 0, Event()

    def end(self) -> None:
        """Stop it; an answer that is still on its way is for other choices."""
        self._asked += 1
        self._stop.set()

    def run(self, work: Callable[[], Any], then: Hear) -> None:
        """Take from the records what is needed, then go on if it is still wanted."""
        self._shared.jobs.run(self._page, work, self._wanted(then), self._failing())

    def aside(self, work: Callable[[Aside], Any], told: Hear, done: Hear) -> None:
        """Work without the records; it can be stopped at any moment."""
        answers = Answers(self._wanted(told), self._wanted(done), self._failing())
        self._stop = self._shared.jobs.aside(self._page, work, answers)

    def _wanted(self, hear: Hear) -> Hear:
        return partial(self._hear, self._asked, hear)

    def _hear(self, asked: int, hear: Hear, answer: object) -> None:
        if asked == self._asked:
            hear(answer)

    def _failing(self) -> Callable[[Exception], None]:
        return partial(self._failed, self._asked)

    def _failed(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._forget()
            if isinstance(error, InvalidError):
                self._refused(error)
                return
        if not isinstance(error, StoppedError):
            self._shared.tell(error)

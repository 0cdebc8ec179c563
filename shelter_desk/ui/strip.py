"""The strip above every page while a clock runs: who, since when, and what is next.

It reckons with the moment that the records know, and with a stopwatch of its own, so that a clock
that is set back while the window is open gives no more time either.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.missing_record import EpisodeLine, MissingBoard, missing_board
from shelter_desk.desk.notices import OwedNotice
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.missing import time_since
from shelter_desk.ui.missing.words import due_tone, due_words, length
from shelter_desk.ui.scale import fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Icon, Label, Pill

_TICK_MS = 15_000
_SOON = timedelta(hours=2)
_TOLERATED = timedelta(minutes=1)  # a stopwatch and a clock never agree to the second


class Strip(QWidget):
    """One calm line. Hidden while nobody is missing and no notice is near. Emits `opened`."""

    opened = Signal(str, str)  # page, subject

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._started, self._watch = shared.now(), QElapsedTimer()
        self._watch.start()
        self._target = ("", "")
        self.words, self.next = Label("", "strong", wrap=True), Pill("")
        self.button = Button("", "arrow-right")
        self.button.clicked.connect(self._open)
        parts = (Icon("siren", "warn_text"), (self.words, 1), self.next, self.button)
        fill(QHBoxLayout(self), parts, spacing=10, margins=(20, 6, 16, 6))
        self.button.setText(self.tr("Open"))
        self.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.refresh)

    def start(self) -> None:
        """Show it from now on; before it lies on a page it would be a window of its own."""
        self._timer.start()
        theme().changed.connect(self.refresh)  # names may show as initials from now on
        touched = Area.MISSING | Area.INCIDENTS | Area.RESIDENTS
        self._shared.refresh_on(touched, self.refresh, self)

    def at(self) -> datetime:
        """Return the moment: the computer's clock, but never behind the stopwatch."""
        run = self._started + timedelta(milliseconds=self._watch.elapsed())
        return max(self._shared.now(), run)

    def refresh(self) -> None:
        """Ask again, and show or hide."""
        try:
            board = self._shared.ask(missing_board, now=self._shared.now())
        except DeskError:
            return  # locked or in trouble, which is told elsewhere: what stands here stays
        at = self.at()
        if at > board.at:
            board = replace(board, at=at, set_back=board.set_back or at - board.at > _TOLERATED)
        near = [one for one in board.owed if one.due_at - board.at <= _SOON]
        self.setVisible(bool(board.episodes or near))
        if board.episodes or near:
            self._show(board)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.tone(Tone.WARN).soft))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.border))
        painter.end()

    def _show(self, board: MissingBoard) -> None:
        missing = [line for line in board.episodes if line.is_missing]
        words = self._words(board, missing)
        if board.set_back:
            words += "  ·  " + self.tr("This computer's clock was set back")
        self.words.setText(words)
        owed = board.owed[0] if board.owed else None
        if owed is None:
            self.next.say(self.tr("every notice is answered"), Tone.OK)
        else:
            self.next.say(self._next(owed, board.at), due_tone(owed.due_at, board.at))
        self._target = self._where(missing or board.episodes, owed)
        self.setAccessibleName(f"{words}. {self.next.text}")
        self.button.setAccessibleName(self.tr("Open: {0}").format(words))

    def _words(self, board: MissingBoard, missing: list[EpisodeLine]) -> str:
        if not missing:
            if not board.episodes:
                return self.tr("A notice is due")
            back = shown_name(board.episodes[0].called)
            return self.tr("{0} is back safe. Some answers are still open").format(back)
        longest = max(missing, key=lambda line: time_since(line.discovered_at, board.at))
        since = length(time_since(longest.discovered_at, board.at))
        if len(missing) == 1:
            text = self.tr("{0} is missing from care, {1}")
            return text.format(shown_name(longest.called), since)
        text = self.tr("{0} residents are missing from care, the longest {1}")
        return text.format(len(missing), since)

    def _next(self, owed: OwedNotice, at: datetime) -> str:
        words = due_words(owed.due_at, at, self._shared.zone)
        return self.tr("Next: {0} {1}").format(owed.recipient_name, words)

    def _where(
        self, episodes: list[EpisodeLine] | tuple[EpisodeLine, ...], owed: OwedNotice | None
    ) -> tuple[str, str]:
        if owed is not None:
            return owed.page, owed.subject
        return ("missing", episodes[0].episode_id) if episodes else ("missing", "")

    def _open(self) -> None:
        self.opened.emit(*self._target)

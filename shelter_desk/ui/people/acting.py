"""A sheet that does something grave: it asks for one's own passphrase once more.

Deriving a key takes up to a second, and leaving writes the records anew, so all of it is a job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Area, Desk
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.form_sheet import FitScroll, press_enter
from shelter_desk.ui.forms import Form
from shelter_desk.ui.messages import words_for
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    FieldFrame,
    Label,
    PrimaryButton,
    SecretEdit,
    Sheet,
    announce,
)

Act = Callable[[Desk, str], object]
"""Takes the desk and one's own passphrase, and is run off the main thread."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What an act left behind in the records, in the shape that pages listen for."""

    subject: str = ""
    touches: Area = Area.STAFF | Area.AUDIT
    undo: None = None


class ActSheet(Sheet):
    """Parts of its own, one's own passphrase, and one button. `acted` comes after it is closed."""

    acted = Signal()
    touches = Area.STAFF | Area.AUDIT

    def __init__(
        self, shared: Shared, title: str, action: str, *parts: QWidget, width: float = 600
    ) -> None:
        self._shared, self._is_working = shared, False
        self._kept: KeptForm | None = None
        self.own = SecretEdit("")
        self.own_frame = FieldFrame("", self.own)
        self.problem = Label("", "body", tone=Tone.WARN, wrap=True)
        self.problem.hide()
        self.leave, self.go_on = Button(""), PrimaryButton(action, "check")
        inside = FitScroll(column(*parts, self.own_frame, self.problem, spacing=12))
        buttons = row(STRETCH, self.leave, self.go_on)
        super().__init__(title, (inside, 1), buttons, width=width)
        self.own_frame.label.setText(self.tr("Your own passphrase, once more"))
        self.own.edit.setAccessibleName(self.tr("Your own passphrase, once more"))
        self.leave.setText(self.tr("Leave it"))
        self.leave.clicked.connect(self.dismissed)
        self.go_on.clicked.connect(self.try_it)

    def keep(self, form: Form, name: str, subject: str = "") -> None:
        """Keep what is typed in a form of this sheet. A passphrase is never kept."""
        self._kept = KeptForm(form, Drafts(self._shared, name), subject)

    def close_sheet(self) -> None:
        """Close; what was typed and not done is kept."""
        if self._kept is not None:
            self._kept.flush()
        super().close_sheet()

    def act(self) -> Act | None:
        """Return what is to be done, or None after showing what is missing."""
        raise NotImplementedError

    def try_it(self) -> None:
        """Do it, unless something is missing or it is being done."""
        if self._is_working:
            return
        self._say("")
        act = self.act()
        if act is None:
            return
        if not self.own.text():
            self._say(self.tr("Type your own passphrase too: without it, nothing happens."))
            self.own.setFocus()
            return
        self._work(busy=True)
        self._say(self.tr("One moment…"), Tone.INFO)
        desk = cast("Desk", self._shared.desk)
        work = partial(act, desk, self.own.text())
        self._shared.jobs.run(self, work, self._done, self._failed)

    def dismissed(self) -> None:
        """Leave it alone; not while it is being done."""
        if not self._is_working:
            self.own.clear()
            self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.try_it)
            return
        super().keyPressEvent(event)

    def _work(self, *, busy: bool) -> None:
        self._is_working = busy
        for button in (self.leave, self.go_on):
            button.setEnabled(not busy)

    def _done(self, _answer: object) -> None:
        self._work(busy=False)
        self.own.clear()
        if self._kept is not None:
            self._kept.done()
            self._kept = None
        self.close_sheet()
        self._shared.changed.emit(Finished(touches=self.touches))
        self.acted.emit()

    def _failed(self, error: Exception) -> None:
        self._work(busy=False)
        self.own.clear()
        self.own.setFocus(Qt.FocusReason.OtherFocusReason)
        self._shared.changed.emit(Finished(touches=self.touches))
        self._say(words_for(error).text)
        if isinstance(error, InvalidError):
            self.refused(error.problems)

    def refused(self, problems: Sequence[Problem]) -> None:
        """Show beside its fields what the records refused; a sheet without any has nothing to."""

    def say_problem(self, text: str) -> None:
        """Say what is missing, above the buttons."""
        self._say(text)

    def _say(self, text: str, tone: Tone = Tone.WARN) -> None:
        self.problem.set_tone(tone)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        announce(self.problem, text)

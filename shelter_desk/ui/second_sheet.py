"""A colleague agrees to an export with their own passphrase, tried before anything is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from shelter_desk.desk import Desk, entry
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.dual_control import refuse_as_second
from shelter_desk.ui.form_sheet import press_enter
from shelter_desk.ui.messages import words_for
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    DropDown,
    FieldFrame,
    Label,
    PrimaryButton,
    SecretEdit,
    Sheet,
    announce,
)


class SecondSheet(Sheet):
    """Calls `agreed(Second)` once the colleague's passphrase is found to be theirs.

    `as_two`: it takes two people, and whoever is at the desk counts as well.
    """

    def __init__(
        self,
        shared: Shared,
        able: Sequence[tuple[str, str]],
        what: str,
        agreed: Callable[[Second], None],
        *,
        as_two: bool = True,
    ) -> None:
        self._as_two = as_two
        self._shared, self._agreed, self._is_working = shared, agreed, False
        self.who, self.words = DropDown(""), SecretEdit("")
        for public_id, name in able:
            self.who.addItem(name, public_id)
        self._who_frame, self._words_frame = FieldFrame("", self.who), FieldFrame("", self.words)
        self.problem = Label("", tone=Tone.WARN, wrap=True)
        self.problem.hide()
        self.leave, self.go_on = Button(""), PrimaryButton("", "check")
        about = Label(what, "muted", wrap=True)
        parts = (about, self._who_frame, self._words_frame, self.problem)
        super().__init__("", *parts, row(STRETCH, self.leave, self.go_on), width=560)
        title = self.tr("A colleague agrees")
        self.body.insertWidget(0, Label(title, "h2"))
        self.setAccessibleName(title)
        for frame, editor, name in (
            (self._who_frame, self.who, self.tr("Who agrees")),
            (self._words_frame, self.words.edit, self.tr("Their own passphrase")),
        ):
            frame.label.setText(name)
            editor.setAccessibleName(name)
        self.leave.setText(self.tr("Leave it"))
        self.go_on.setText(self.tr("I agree"))
        self.leave.clicked.connect(self.dismissed)
        self.go_on.clicked.connect(self.try_it)

    def dismissed(self) -> None:
        """Leave it; the passphrase is forgotten."""
        if not self._is_working:
            self.words.clear()
            self.close_sheet()

    def try_it(self) -> None:
        """Try the passphrase, off the main thread."""
        second = Second(str(self.who.currentData()), self.words.text())
        if self._is_working or not second.passphrase:
            self._say("" if self._is_working else self.tr("They type their own passphrase."))
            self.words.setFocus()
            return
        self._work(busy=True)
        desk = cast("Desk", self._shared.desk)
        work = partial(_fits, desk, second, self._shared.now(), as_two=self._as_two)
        self._shared.jobs.run(self, work, partial(self._tried, second), self._failed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press_enter(self, self.try_it)
            return
        super().keyPressEvent(event)

    def _tried(self, second: Second, fits: object) -> None:
        self._work(busy=False)
        if not fits:
            self.words.clear()
            self._say(self.tr("That is not their passphrase."))
            self.words.setFocus()
            return
        self.words.clear()
        self.close_sheet()
        self._agreed(second)

    def _failed(self, error: Exception) -> None:
        self._work(busy=False)
        self._say(words_for(error).text)
        self.words.setFocus()  # it was off meanwhile, and the keyboard with it

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if text:
            announce(self, text)

    def _work(self, *, busy: bool) -> None:
        self._is_working = busy
        for part in (self.who, self.words, self.leave, self.go_on):
            part.setEnabled(not busy)
        self._say("")


def _fits(desk: Desk, second: Second, now: datetime, *, as_two: bool) -> bool:
    if as_two:
        desk.ask(refuse_as_second, staff_id=second.staff_id, now=now)
    return entry.fits(desk.folder, second.staff_id, second.passphrase, now)

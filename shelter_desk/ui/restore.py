"""Restore a backup: from where, into which new folder, opened by what; then what came back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.door import Door
from shelter_desk.ui.door_values import BackupSeen, BroughtBack, Restoring
from shelter_desk.ui.front import FrontCard, FrontPage
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.restore_steps import BroughtPage, NewWords, Opener, Places
from shelter_desk.ui.restore_words import BACKUP, KEY, NAME, TARGET, refusal
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, FieldFrame, Label, Line, PrimaryButton
from shelter_desk.ui.widgets.steps import Steps
from shelter_desk.ui.widgets.text import announce

_PLACES, _KEY, _WORDS, _DONE = range(4)
_STEP_OF = {BACKUP: _PLACES, TARGET: _PLACES, KEY: _KEY, NAME: _WORDS}


class RestorePage(QWidget):
    """Emits `done` with the new folder, or `left`."""

    done = Signal(object)
    left = Signal()
    came = Signal(int)  # percent; from the thread that writes

    def __init__(self, door: Door, jobs: Jobs) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self.places, self.opener = Places(door.new_folder()), Opener()
        self.words, self.brought = NewWords(door), BroughtPage()
        self._steps = Steps((self.tr("Backup"), self.tr("What opens it"), self.tr("Restored")))
        self._pages = (self.places, self.opener, self.words, self.brought)
        self.problem = Label("", tone=Tone.WARN, wrap=True)
        self.problem.hide()
        self.note = Banner("", Tone.INFO)
        self.note.hide()
        self.back, self.next = Button(self.tr("Back"), "arrow-left"), PrimaryButton("")
        # Not a stack of Qt's: that is as tall as its tallest page, too tall for large text.
        self._place, self._stack = _PLACES, column(*self._pages)
        self._fields: dict[str, FieldFrame] = {
            BACKUP: self.places.backup_frame,
            TARGET: self.places.target_frame,
            NAME: self.words.name_frame,
        }
        title = Label(self.tr("Restore a backup"), "h2")
        foot = (self.problem, self.note, Line(), row(self.back, STRETCH, self.next))
        parts = (title, self._steps, Line(), self._stack, *foot)
        card = FrontCard(column(*parts, spacing=12), width=660)
        fill(QVBoxLayout(self), (FrontPage(card),))
        self._connect()

    @property
    def place(self) -> int:
        """Return which part is shown: 0 places, 1 the key, 2 a new passphrase, 3 restored."""
        return self._place

    def start(self) -> None:
        """Show the first step."""
        self._show(_PLACES)

    def _connect(self) -> None:
        places = self.places
        for button in (self.back, self.next, places.folder, places.file, places.beside):
            button.setAutoDefault(True)  # Enter works on it, as Space does
        self.came.connect(self._show_progress)
        self.back.clicked.connect(self._back)
        self.next.clicked.connect(self._next)
        lines = (self.places.backup, self.places.target, self.opener.kit, self.words.name)
        for line in lines:
            line.returnPressed.connect(self._next)
        self.opener.kind.chosen.connect(self._name_next)
        self.opener.secret.entered.connect(self._next)
        self.words.choice.again.entered.connect(self._next)

    def _show(self, place: int) -> None:
        for number, page in enumerate(self._pages):
            page.setVisible(number == place)
        self._place = place
        self._stack.show()
        self._steps.set_now({_WORDS: 1, _DONE: 3}.get(place, place))
        self.back.setVisible(place != _DONE)
        self._clear_problems()
        self._busy(on=False)
        first: QWidget = {
            _PLACES: self.places.backup,
            _KEY: self.opener.kit if self.opener.by_kit else self.opener.secret,
            _WORDS: self.words.name,
        }.get(place, self.next)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _busy(self, *, on: bool) -> None:
        self._stack.setEnabled(not on)
        self.back.setEnabled(not on)
        self.next.setEnabled(not on)
        self.note.hide()
        self._name_next()

    def _name_next(self) -> None:
        last = self.place == _WORDS or (self.place == _KEY and not self.opener.by_kit)
        words = self.tr("Sign in") if self.place == _DONE else self.tr("Next")
        self.next.setText(self.tr("Restore") if last else words)

    def _back(self) -> None:
        if self.place == _PLACES:
            self.left.emit()
        else:
            self._show(self.place - 1)

    def _next(self) -> None:
        if not self.next.isEnabled():
            return
        self._clear_problems()
        if self.place == _DONE:
            self.done.emit(self._wanted().target)
            return
        if self.place == _WORDS:
            if self.words.choice.show_problem():
                self._restore()
            return
        field, words = (self.places, self.opener)[self.place].missing()
        if field:
            self._show_problem(field, words)
            return
        self._check()

    def _check(self) -> None:
        if self.place == _KEY and not self.opener.by_kit:
            self._restore()
            return
        self._busy(on=True)
        wanted = self._wanted()
        if self.place == _PLACES:
            work = partial(self._door.check_places, wanted)
            self._jobs.run(self, work, self._places_fit, self._failed)
        else:
            self._jobs.run(self, partial(self._door.see_backup, wanted), self._seen, self._failed)

    def _places_fit(self, _nothing: object) -> None:
        self._show(_KEY)

    def _seen(self, seen: BackupSeen) -> None:
        self.words.show_seen(seen)
        self._show(_WORDS)

    def _wanted(self) -> Restoring:
        by_kit = self.opener.by_kit
        return Restoring(
            Path(self.places.backup.text().strip()),
            Path(self.places.target.text().strip()),
            kit=self.opener.kit.text() if by_kit else "",
            passphrase=self.words.choice.value() if by_kit else self.opener.secret.text(),
            name=self.words.name.text().strip() if by_kit else "",
        )

    def _restore(self) -> None:
        self._busy(on=True)
        self._stack.hide()  # so that the progress is in sight, however large the text
        self._show_progress(0)
        self.note.show()
        work = partial(self._door.restore, self._wanted(), self.came.emit)
        self._jobs.run(self, work, self._restored, self._failed)

    def _show_progress(self, percent: int) -> None:
        if percent < 100:
            self.note.say(self.tr("Opening and copying… {0} %").format(percent))
        else:
            self.note.say(self.tr("Checking every entry and making the lists anew…"))

    def _restored(self, brought: BroughtBack) -> None:
        self.brought.show_brought(brought, self._wanted().target)
        self.opener.kit.clear()
        self.opener.secret.clear()
        self.words.choice.clear()
        self._show(_DONE)

    def _failed(self, error: Exception) -> None:
        field, words = refusal(error)
        place = _STEP_OF.get(field, self.place)
        self._show(place)
        self._show_problem(field, words)

    def _show_problem(self, field: str, words: str) -> None:
        frame = self.opener.frame if field == KEY else self._fields.get(field)
        if frame is None:
            self.problem.setText(words)
            self.problem.show()
        else:
            frame.show_problem(words)
            frame.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, words)

    def _clear_problems(self) -> None:
        frames = (*self._fields.values(), self.opener.kit_frame, self.opener.secret_frame)
        for frame in frames:
            frame.show_problem("")
        self.problem.hide()

"""Forgotten passphrase: type the recovery kit, choose who, set a new passphrase."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.domain.errors import DeskError
from shelter_desk.ui.door import Door, DoorPerson
from shelter_desk.ui.front import FrontCard, FrontPage
from shelter_desk.ui.jobs import Jobs
from shelter_desk.ui.messages import words_for
from shelter_desk.ui.passphrase import PassphraseChoice
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.widgets import (
    Button,
    DropDown,
    FieldFrame,
    Label,
    Line,
    PrimaryButton,
    SecretLine,
)
from shelter_desk.ui.widgets.steps import Steps

KIT_CHARACTERS = 32


def in_groups(typed: str) -> str:
    """Return what was typed of a kit code in groups of four with hyphens, in capitals."""
    plain = "".join(c for c in typed.upper() if c.isalnum())[:KIT_CHARACTERS]
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


class KitEdit(SecretLine):
    """Takes the code of a kit; hyphens come by themselves, case does not matter."""

    def __init__(self, name: str) -> None:
        super().__init__(name, placeholder="XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.textEdited.connect(self._group)

    def _group(self, typed: str) -> None:
        at_end = self.cursorPosition() == len(typed)
        place = len(in_groups(typed[: self.cursorPosition()]))
        grouped = in_groups(typed)
        if grouped != typed:
            self.setText(grouped)
            self.setCursorPosition(len(grouped) if at_end else place)


class ForgotPage(QWidget):
    """Emits `done` with the name of the person who has a new passphrase, or `left`."""

    done = Signal(str)
    left = Signal()
    troubled = Signal(object)

    def __init__(self, door: Door, jobs: Jobs) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self._people: tuple[DoorPerson, ...] = ()
        self.kit = KitEdit(self.tr("The code on the recovery kit"))
        self._kit_frame = FieldFrame(
            self.tr("The code on the recovery kit"),
            self.kit,
            hint=self.tr("32 characters. O and 0, I and 1 may be mixed up, that is fine."),
        )
        self.person = DropDown(self.tr("Who gets a new passphrase?"))
        self.choice = PassphraseChoice(door.generate_passphrase, door.strength)
        self.problem = Label("", wrap=True)
        self.back, self.next = Button(self.tr("Back"), "arrow-left"), PrimaryButton("")
        self._steps = Steps((self.tr("Recovery kit"), self.tr("New passphrase")))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._first())
        self._stack.addWidget(self._second())
        card = FrontCard(
            row(Label(self.tr("A new passphrase with the recovery kit"), "h2"), STRETCH),
            self._steps,
            Line(),
            self._stack,
            self.problem,
            Line(),
            row(self.back, STRETCH, self.next),
            width=660,
            spacing=12,
        )
        fill(QVBoxLayout(self), (FrontPage(card),))
        self.back.clicked.connect(self._back)
        self.next.clicked.connect(self._next)
        self.kit.returnPressed.connect(self._next)
        self.choice.again.entered.connect(self._next)

    def start(self) -> None:
        """Show the first step, empty."""
        self.kit.clear()
        self._kit_frame.show_problem("")
        self._show(0)

    def _first(self) -> QWidget:
        words = self.tr(
            "Take the paper out of the safe. That the kit was used stands in the audit trail. "
            "Put the paper back afterwards, until a director has made a new kit under Settings."
        )
        box = QWidget()
        parts = (Label(words, "muted", wrap=True), self._kit_frame, STRETCH)
        fill(QVBoxLayout(box), parts, spacing=12)
        return box

    def _second(self) -> QWidget:
        who = FieldFrame(self.tr("Who gets a new passphrase?"), self.person)
        box = QWidget()
        fill(QVBoxLayout(box), (who, self.choice, STRETCH), spacing=12)
        return box

    def _show(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        self._steps.set_now(step)
        self.problem.setText("")
        self.next.setEnabled(True)
        self.next.setText(self.tr("Check the code") if step == 0 else self.tr("Set passphrase"))
        first: QWidget = self.kit if step == 0 else self.person
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        if self._stack.currentIndex() == 0:
            self.kit.clear()
            self.left.emit()
        else:
            self._show(0)

    def _next(self) -> None:
        if not self.next.isEnabled():
            return
        if self._stack.currentIndex() == 0:
            self.next.setEnabled(False)
            work = partial(self._door.open_with_kit, self.kit.text())
            self._jobs.run(self, work, self._checked, self._failed)
            return
        if not self.choice.show_problem():
            return
        self.next.setEnabled(False)
        person = str(self.person.currentData())
        work_2 = partial(self._door.reset, self.kit.text(), person, self.choice.value())
        self._jobs.run(self, work_2, self._finished, self._failed)

    def _checked(self, people: tuple[DoorPerson, ...]) -> None:
        self._people = people
        self.person.clear()
        for person in people:
            self.person.addItem(f"{person.name} · {person.role}".strip(" ·"), person.id)
        self.choice.know_names(self._door.shelter_name, *(person.name for person in people))
        self._kit_frame.show_problem("")
        self._show(1)

    def _finished(self, _nothing: object) -> None:
        name = self._people[self.person.currentIndex()].name
        self.kit.clear()
        self.choice.clear()
        self.done.emit(name)

    def _failed(self, error: Exception) -> None:
        self.next.setEnabled(True)
        if getattr(error, "code", "") or not isinstance(error, DeskError):
            self.troubled.emit(error)
            return
        words = words_for(error).text
        if self._stack.currentIndex() == 0:
            self._kit_frame.show_problem(words)
            self.kit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.problem.setText(words)

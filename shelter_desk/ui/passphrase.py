"""Choosing a passphrase: four random words are offered; one's own only when it is strong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.ui.door_values import Strength
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    FieldFrame,
    Label,
    SecretEdit,
    SegmentedControl,
)

OFFERED, OWN = "offered", "own"


class PassphraseChoice(QWidget):
    """Shows offered words or a box for one's own, and asks for it once more.

    `problem()` is "" once the passphrase can be used; `value()` is then the passphrase.
    """

    changed = Signal()

    def __init__(
        self,
        generate: Callable[[], str],
        strength: Callable[[str, tuple[str, ...]], Strength],
    ) -> None:
        super().__init__()
        self._generate, self._strength = generate, strength
        self._names: tuple[str, ...] = ()
        self._words = generate()
        self.kind = SegmentedControl(
            ((OFFERED, self.tr("Four random words")), (OWN, self.tr("My own"))),
            self.tr("Which passphrase"),
        )
        self.kind.set_value(OFFERED)
        self.words = Label(self._words, "h2")
        self.another = Button(self.tr("Other words"), "refresh-cw")
        hint = self.tr(
            "Random words are easy to learn and hard to guess. "
            "Write them down until you know them."
        )
        remark = Label(hint, "caption", wrap=True)
        line = row((self.words, 1), self.another)
        self._offered = Card(line, remark, ground="raised", spacing=6, margins=(14, 10, 10, 10))
        self.own = SecretEdit(self.tr("Your own passphrase"))
        self.advice = Label("", "caption", wrap=True)
        self._own = column(
            FieldFrame(self.tr("Your own passphrase"), self.own), self.advice, spacing=4
        )
        self.again = SecretEdit(self.tr("Type it once more"))
        self._again = FieldFrame(
            self.tr("Type it once more, from memory or from your note"), self.again
        )
        fill(
            QVBoxLayout(self),
            (row(self.kind, STRETCH), self._offered, self._own, self._again),
            spacing=10,
        )
        self._own.hide()
        self.kind.chosen.connect(self._switch)
        self.another.clicked.connect(self._other_words)
        self.own.edited.connect(self._judge)
        self.again.edited.connect(self.changed)

    def know_names(self, *names: str) -> None:
        """Tell what must not be in a self-chosen passphrase: the shelter, the town, the staff."""
        self._names = tuple(name for name in names if name)

    def value(self) -> str:
        """Return the passphrase chosen, checked or not."""
        return self._words if self.kind.value() == OFFERED else self.own.text()

    def problem(self) -> str:
        """Return what still stands in the way, or ""."""
        if self.kind.value() == OWN and not self._strength(self.own.text(), self._names).is_enough:
            return self.tr("Make the passphrase stronger, or take the random words.")
        if not self.again.text():
            return self.tr("Type the passphrase once more.")
        if _plain(self.again.text()) != _plain(self.value()):
            return self.tr("The two are not the same yet.")
        return ""

    def show_problem(self) -> bool:
        """Show the problem beside the box; True when there is none."""
        problem = self.problem()
        self._again.show_problem(problem)
        if problem:
            self.again.setFocus()
        return not problem

    def clear(self) -> None:
        """Forget everything that was typed, and the words offered."""
        self.own.clear()
        self.again.clear()
        self._words = ""
        self.words.setText("")

    def _switch(self, kind: str) -> None:
        self._offered.setVisible(kind == OFFERED)
        self._own.setVisible(kind == OWN)
        self.again.clear()
        if kind == OWN:
            self.own.setFocus()
        self.changed.emit()

    def _other_words(self) -> None:
        self._words = self._generate()
        self.words.setText(self._words)
        self.again.clear()
        self.changed.emit()

    def _judge(self) -> None:
        verdict = self._strength(self.own.text(), self._names)
        if not self.own.text():
            self.advice.setText("")
        elif verdict.is_enough:
            self.advice.setText(self.tr("This is strong enough."))
        else:
            self.advice.setText(" ".join(verdict.advice))
        self.advice.set_tone(Tone.OK if verdict.is_enough else Tone.NEUTRAL)
        self.changed.emit()


def _plain(text: str) -> str:
    # People put more than one space between words; the words are the same.
    return " ".join(text.split())

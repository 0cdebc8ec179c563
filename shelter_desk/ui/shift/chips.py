"""Chips of a line of the shift log: residents by number, everyday words by letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from shelter_desk.ui.scale import fill
from shelter_desk.ui.widgets import Chip, FlowLayout, Label

_MOST_NUMBERED = 9


def flowing(parts: Sequence[QWidget], *, spacing: float = 6) -> QWidget:
    """Return the parts side by side, going on in the next line where a line is full."""
    held = QWidget()
    flow = FlowLayout(spacing, held)
    for part in parts:
        flow.addWidget(part)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    held.setSizePolicy(policy)
    return held


class PeopleChips(QWidget):
    """Residents as chips, the first nine with a number. None chosen: it is about the house."""

    edited = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.chips: dict[str, Chip] = {}
        self._flow = FlowLayout(6, self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def offer(self, people: Mapping[str, str]) -> None:
        """Offer these (stay -> name); who was chosen stays chosen if still there."""
        words = {
            stay: f"{place}  {name}" if place <= _MOST_NUMBERED else name
            for place, (stay, name) in enumerate(people.items(), start=1)
        }
        if {stay: chip.text() for stay, chip in self.chips.items()} == words:
            return
        before = self.value()
        while self._flow.count():
            self._flow.takeAt(0)
        for chip in self.chips.values():
            chip.hide()
            chip.deleteLater()
        self.chips = {}
        for stay, text in words.items():
            chip = self.chips[stay] = Chip(text)
            chip.setAccessibleName(people[stay])
            chip.setAccessibleDescription(self._name)
            chip.clicked.connect(self.edited)
            self._flow.addWidget(chip)
        self.put(before)

    def names(self) -> tuple[str, ...]:
        """Return the names of who is chosen, as they are shown."""
        return tuple(self.chips[stay].accessibleName() for stay in self.value())

    def value(self) -> tuple[str, ...]:
        """Return the stays chosen."""
        return tuple(stay for stay, chip in self.chips.items() if chip.isChecked())

    def put(self, stays: Sequence[str]) -> None:
        """Choose these, and nobody else."""
        for stay, chip in self.chips.items():
            chip.setChecked(stay in stays)

    def press(self, number: int) -> bool:
        """Choose by number, or take it back; False when nobody has it."""
        chips = list(self.chips.values())[:_MOST_NUMBERED]
        if not 1 <= number <= len(chips):
            return False
        chips[number - 1].click()
        return True


class ChipGroup(QWidget):
    """Chips of one kind, of which at most one is on; its key turns to the next."""

    edited = Signal()

    def __init__(self, label: str, key: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.key = key
        self.chips: dict[str, Chip] = {}
        for code, words in options:
            chip = self.chips[code] = Chip(words)
            chip.setAccessibleDescription(label)
            chip.clicked.connect(self._clicked)
        head = Label(f"{label} ({key.upper()})", "caption")
        fill(QHBoxLayout(self), (head, *self.chips.values()), spacing=6)

    def value(self) -> str:
        """Return the code that is on, or ""."""
        return next((code for code, chip in self.chips.items() if chip.isChecked()), "")

    def put(self, code: str) -> None:
        """Turn one chip on, and the others off."""
        for other, chip in self.chips.items():
            chip.setChecked(other == code)

    def turn(self) -> None:
        """Go to the next chip; after the last one none is on."""
        codes = [*self.chips, ""]
        before = self.value()
        self.put(codes[codes.index(before) + 1] if before else codes[0])
        self.edited.emit()

    def _clicked(self) -> None:
        chosen = self.sender()
        for chip in self.chips.values():
            if chip is not chosen:
                chip.setChecked(False)
        self.edited.emit()

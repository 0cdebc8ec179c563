"""How long a service took, and how many times it was provided."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_desk.desk.service_log import MOST_MINUTES
from shelter_desk.domain.errors import Problem
from shelter_desk.ui.editors import NumberEditor, UnreadableError
from shelter_desk.ui.scale import STRETCH, fill
from shelter_desk.ui.widgets import Label, SegmentedControl

_USUAL = ("15", "30", "45", "60")
_OTHER = "other"
_MOST_UNITS = 999


class LengthPart(QWidget):
    """The usual minutes to choose from, another number to type, and how many times."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        lengths = (*((text, text) for text in _USUAL), (_OTHER, "…"))
        self.usual = SegmentedControl(lengths, self.tr("How long, in minutes"))
        self.usual.buttons()[-1].setAccessibleName(self.tr("Another number of minutes"))
        self.minutes = NumberEditor(self.tr("Minutes"), 0, MOST_MINUTES, self.tr("min"))
        self.units = NumberEditor(self.tr("How many times"), 1, _MOST_UNITS, self.tr("times"))
        self._unit = Label(self.tr("min"), "muted")
        parts = (self.usual, self._unit, self.minutes, 16, self.units, STRETCH)
        fill(QHBoxLayout(self), parts, spacing=8)
        self.usual.chosen.connect(self._chosen)
        self.setFocusProxy(self.units)
        for signal in (self.usual.chosen, self.minutes.edited, self.units.edited):
            signal.connect(self.edited)

    def put(self, minutes: str, units: int | str = 1) -> None:
        """Show minutes and how many times."""
        is_usual = minutes in _USUAL
        self.usual.set_value(minutes if is_usual else _OTHER)
        self.minutes.put_typed("" if is_usual else minutes)
        self.minutes.setVisible(not is_usual)
        self._unit.setVisible(is_usual)
        self.units.put_typed(str(units))

    def typed(self) -> dict[str, str]:
        """Return minutes and how many times, as chosen or typed."""
        usual = self.usual.value()
        minutes = usual if usual in _USUAL else self.minutes.typed()
        return {"minutes": minutes, "units": self.units.typed()}

    def focus(self) -> None:
        """Give the keyboard to the minutes that are chosen."""
        buttons = self.usual.buttons()
        next((button for button in buttons if button.isChecked()), buttons[0]).setFocus()

    def read(self, problems: list[Problem]) -> tuple[int, int]:
        """Return minutes and how many times; what cannot be read becomes a problem."""
        usual = self.usual.value()
        minutes = int(usual) if usual in _USUAL else self._read(self.minutes, problems)
        return minutes, self._read(self.units, problems)

    def _read(self, editor: NumberEditor, problems: list[Problem]) -> int:
        try:
            value = editor.read()
        except UnreadableError as error:
            problems.append(Problem("minutes", str(error)))
            return 0
        if value is None:
            problems.append(Problem("minutes", self.tr("This one is needed.")))
        return value or 0

    def _chosen(self, code: str) -> None:
        self.minutes.setVisible(code == _OTHER)
        self._unit.setVisible(code != _OTHER)
        if code == _OTHER:
            self.minutes.setFocus()

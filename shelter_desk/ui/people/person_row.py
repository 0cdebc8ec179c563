"""One member of staff on the page of people, and what may be done to their account."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from shelter_desk.desk.staff import StaffLine
from shelter_desk.ui.scale import column, fill
from shelter_desk.ui.widgets import Avatar, IconButton, Label, Pill


class PersonRow(QWidget):
    """One member of staff, and what may be done to their account."""

    pressed = Signal(object, str)

    def __init__(
        self, person: StaffLine, roles: str, state: Pill | None, acts: tuple[tuple[str, ...], ...]
    ) -> None:
        super().__init__()
        self.person = person
        self.buttons: dict[str, IconButton] = {}
        for code, icon, name in acts:
            button = IconButton(icon, name, kind="ghost")
            button.setProperty("act", code)
            button.clicked.connect(self._pressed)
            self.buttons[code] = button
        words = column(Label(person.name, "strong"), Label(roles, "caption", wrap=True), spacing=2)
        parts = (Avatar(person.name), (words, 1), state, *self.buttons.values())
        fill(QHBoxLayout(self), parts, spacing=10, margins=(0, 4, 0, 4))

    def _pressed(self) -> None:
        self.pressed.emit(self.person, str(self.sender().property("act")))

"""Somebody cannot be found: who? One key starts the clock at the moment this was opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent

from shelter_desk.desk.roster import RosterLine
from shelter_desk.ui.dates import show_time
from shelter_desk.ui.form_sheet import FitScroll
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import Button, EmptyNote, KeyCap, Label, Sheet

KEYS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class WhoSheet(Sheet):
    """Everybody in the house, each with a key. `chosen` says whose clock starts."""

    chosen = Signal(str)

    def __init__(
        self, shared: Shared, people: Sequence[RosterLine], discovered_at: datetime
    ) -> None:
        self.people = {key: line.stay_id for key, line in zip(KEYS, people, strict=False)}
        self.buttons = [self._button(key, line) for key, line in zip(KEYS, people, strict=False)]
        lines = [row(KeyCap(button.property("key")), (button, 1)) for button in self.buttons]
        nobody = EmptyNote("", icon="users") if not people else None
        words = Label("", "muted", wrap=True)
        self.leave = Button("")
        inside = FitScroll(column(*lines, nobody, spacing=4))
        super().__init__("", words, (inside, 1), row(STRETCH, self.leave), width=480)
        self.title.setText(self.tr("Who cannot be found?"))
        self.body.insertWidget(0, self.title)
        self.setAccessibleName(self.title.text())
        at = show_time(discovered_at, shared.zone)
        words.setText(
            self.tr("Press a key. The clock starts at {0}, the moment you opened this.").format(at)
        )
        if nobody is not None:
            nobody.label.setText(self.tr("Nobody is in the house."))
        self.leave.setText(self.tr("Everybody is here"))
        self.leave.clicked.connect(self.close_sheet)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stay_id = self.people.get(event.text().upper())
        if stay_id is not None:
            self.choose(stay_id)
            return
        focused = self.window().focusWidget()
        if event.text() == "\r" and isinstance(focused, Button):
            focused.click()
            return
        super().keyPressEvent(event)

    def choose(self, stay_id: str) -> None:
        """Close, and say who."""
        self.close_sheet()
        self.chosen.emit(stay_id)

    def _button(self, key: str, line: RosterLine) -> Button:
        name = f"{shown_name(line.called)}  ·  {line.case_code}"
        button = Button(name, "user", kind="tile")
        button.setProperty("key", key)
        act: Callable[[], None] = Call(self.choose, line.stay_id)
        button.clicked.connect(act)
        return button

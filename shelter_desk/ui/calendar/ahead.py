"""What is ahead, as a small card: on Today for the house, beside the plan for one resident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from shelter_desk.desk.appointments import PLANNED, AppointmentLine
from shelter_desk.ui.calendar.words import lacking, spoken, state_tone, state_words, who_goes
from shelter_desk.ui.dates import show_day, show_time
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Button, Card, IconButton, Label, Pill, SectionHeader

MOST = 5


class AheadCard(Card):
    """A few appointments, earliest first. `opened` says which, `more_wanted` asks for the page."""

    opened = Signal(object)  # AppointmentLine
    more_wanted = Signal()
    add_wanted = Signal()

    def __init__(self, shared: Shared, *, with_name: bool, may_add: bool = False) -> None:
        self._shared, self._with_name, self._is_whole = shared, with_name, False
        self._pile, self._more = Pile(spacing=8), Label("", "caption")
        self.add_button = IconButton("plus", "", kind="ghost")
        self.all = IconButton("calendar-days", "", kind="ghost")
        # Beside two buttons a longer language needs the room of the icon.
        icon = None if may_add else "calendar-clock"
        self.head = SectionHeader("", self.add_button, self.all, icon=icon)
        super().__init__(self.head, self._pile, self._more, spacing=8)
        self.head.title.setText(self.tr("Appointments"))
        self.all.setAccessibleName(self.tr("Show the week"))
        self.all.setToolTip(self.tr("Show the week"))
        self.all.clicked.connect(self.more_wanted)
        self.add_button.setAccessibleName(self.tr("New appointment"))
        self.add_button.setToolTip(self.tr("New appointment"))
        self.add_button.setVisible(may_add)
        self.add_button.clicked.connect(self.add_wanted)
        self.buttons: list[Button] = []
        self._shown: tuple[Sequence[AppointmentLine], date] = ((), date.min)
        theme().changed.connect(self._again)  # names may show as initials from now on

    def set_whole(self, whole: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Show every appointment, or the first few."""
        self._is_whole = whole
        self._again()

    def show_lines(self, lines: Sequence[AppointmentLine], today: date) -> None:
        """Show the first few."""
        self._shown = (lines, today)
        self._pile.clear()
        self.buttons = []
        most = len(lines) if self._is_whole else MOST
        for line in lines[:most]:
            self._pile.add(self._row(line, today))
        rest = len(lines) - most
        words = self.tr("and {0} more").format(rest) if rest > 0 else ""
        self._more.setText(words or self.tr("Nothing is planned."))
        self._more.setVisible(rest > 0 or not lines)

    def _again(self) -> None:
        self.show_lines(*self._shown)

    def _row(self, line: AppointmentLine, today: date) -> QWidget:
        zone = self._shared.zone
        day = line.starts_at.astimezone(zone).date()
        when = show_time(line.starts_at, zone)
        if day != today:
            when = f"{show_day(day, weekday=True).removesuffix(f' {today.year}')}, {when}"
        title = line.kind_name
        if self._with_name:
            title = f"{shown_name(line.called)}  ·  {line.kind_name}"
        warn = [Label(words, "caption", tone=Tone.WARN, wrap=True) for words in lacking(line)]
        below = Label(f"{when}  ·  {who_goes(line)}", "caption", wrap=True)
        settled = line.state != PLANNED
        state = row(Pill(state_words(line), state_tone(line)), STRETCH) if settled else None
        texts = column(Label(title, wrap=True), below, *warn, state, spacing=1)
        button = IconButton("arrow-right", spoken(line, zone), kind="ghost")
        button.clicked.connect(Call(self._open, line))
        self.buttons.append(button)
        return row((texts, 1), button, spacing=6)

    def _open(self, line: AppointmentLine) -> None:
        self.opened.emit(line)

"""Seven days beside each other, or below each other where there is little room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget

from shelter_desk.desk.appointments import PLANNED, AppointmentLine
from shelter_desk.ui.calendar.words import lacking, spoken, state_tone, state_words
from shelter_desk.ui.dates import show_day, show_long_day, show_time
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.pressable import Pressable
from shelter_desk.ui.scale import STRETCH, column, measures, row
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Card, IconButton, Label, Pill

_DAYS = 7
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Tile(Pressable):
    """One appointment in its day: when, who, what, and what is not settled.

    Dragged off itself, it says where it was let go; a click inside opens it as before.
    """

    dropped = Signal(QPoint)  # on the screen

    def __init__(self, line: AppointmentLine, zone: ZoneInfo) -> None:
        self.line = line
        warn = [Label(words, "caption", tone=Tone.WARN, wrap=True) for words in lacking(line)]
        state = None if line.state == PLANNED else Pill(state_words(line), state_tone(line))
        super().__init__(
            Label(show_time(line.starts_at, zone), "caption-strong"),
            Label(shown_name(line.called), "strong", wrap=True),
            Label(line.kind_name, wrap=True),
            *warn,
            row(state, STRETCH) if state else None,
            edge=Tone.VIOLET if line.is_court else Tone.ACCENT,
            sunken=line.state != PLANNED,
        )
        self.setAccessibleName(spoken(line, zone))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        is_off = not self.rect().contains(event.position().toPoint())
        if event.buttons() & Qt.MouseButton.LeftButton:
            shape = Qt.CursorShape.ClosedHandCursor if is_off else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_down = self.isEnabled() and event.button() == Qt.MouseButton.LeftButton
        is_off = not self.rect().contains(event.position().toPoint())
        self.unsetCursor()
        super().mouseReleaseEvent(event)
        if was_down and is_off:
            self.dropped.emit(event.globalPosition().toPoint())


class Day(Card):
    """One day: its name, a way to add to it, and its appointments in order of time."""

    def __init__(self) -> None:
        self.day = date.min
        self.name = Label("", "strong")
        self.today = Label("", "caption-strong", tone=Tone.ACCENT)
        self.add_button = IconButton("plus", "", kind="ghost")
        self.pile = Pile(spacing=6)
        self.tiles: list[Tile] = []
        head = row((column(self.name, self.today, spacing=0), 1), self.add_button, spacing=4)
        super().__init__(head, self.pile, STRETCH, spacing=6, margins=(8, 6, 6, 8))

    def show_day(
        self, day: date, lines: Sequence[AppointmentLine], zone: ZoneInfo, *, is_today: bool
    ) -> None:
        """Show a day and what it holds."""
        self.day = day
        self.name.setText(show_day(day, weekday=True).removesuffix(f" {day.year}"))
        self.today.setText(self.tr("today") if is_today else self._how_much(lines))
        words = self.tr("New appointment on {0}").format(show_long_day(day))
        self.add_button.setAccessibleName(words)
        self.add_button.setToolTip(words)
        self.pile.clear()
        self.tiles = [Tile(line, zone) for line in lines]
        for tile in self.tiles:
            self.pile.add(tile)

    def stops(self) -> list[QWidget]:
        """Return what the keyboard can reach here, top to bottom."""
        return [self.add_button, *self.tiles] if self.add_button.isEnabled() else [*self.tiles]

    def _how_much(self, lines: Sequence[AppointmentLine]) -> str:
        planned = sum(line.state == PLANNED for line in lines)
        return self.tr("{0} planned").format(planned) if planned else self.tr("free")


class Week(QWidget):
    """Seven days from a Monday. Arrow keys go between them and their appointments.

    An appointment is moved to another day by dragging it there, or with Alt and an arrow key.
    """

    opened = Signal(object)  # AppointmentLine
    moved = Signal(object, int)  # AppointmentLine, by how many days
    wanted = Signal(object)  # date

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self.days = [Day() for _ in range(_DAYS)]
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        measures(self._box, spacing=6)
        for day in self.days:
            self._box.addWidget(day, 1)
            day.add_button.clicked.connect(self._add)

    def set_narrow(self, *, narrow: bool) -> None:
        """Put the days below each other."""
        way = QBoxLayout.Direction
        self._box.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def show_week(
        self, first: date, lines: Sequence[AppointmentLine], today: date, *, may_write: bool
    ) -> None:
        """Show the week that begins on a Monday."""
        before = self._place()
        for number, day in enumerate(self.days):
            at = first + timedelta(days=number)
            inside = [line for line in lines if self._is_on(line, at)]
            day.show_day(at, inside, self._zone, is_today=at == today)
            day.add_button.setVisible(may_write)
            day.add_button.setEnabled(may_write)
            for tile in day.tiles:
                tile.clicked.connect(self._open)
                if may_write and tile.line.state == PLANNED:
                    tile.dropped.connect(partial(self._drop, tile, number))
        self._order()
        if before is not None:
            self._go(*before)

    def focus_day(self, wanted: date) -> None:
        """Give the keyboard to a day: its first appointment, or the way to add one."""
        for number, day in enumerate(self.days):
            if day.day == wanted:
                self._go(number, len(day.stops()) - len(day.tiles) if day.tiles else 0)

    def focus_appointment(self, appointment_id: str) -> None:
        """Give the keyboard to an appointment, on the first of its days that is shown."""
        for number, day in enumerate(self.days):
            for tile in day.tiles:
                if tile.line.appointment_id == appointment_id:
                    self._go(number, day.stops().index(tile))
                    return

    def day_with_focus(self) -> date | None:
        """Return the day that has the keyboard, or None."""
        place = self._place()
        return None if place is None else self.days[place[0]].day

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = self._place()
        if place is None:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        focused = self.days[place[0]].stops()[place[1]]
        by = _STEPS[key][0] if key in _STEPS else 0
        if by and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(focused, by)
        elif key in _STEPS:
            self._go(place[0] + _STEPS[key][0], place[1] + _STEPS[key][1])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A button hands the keyboard on at an arrow key, to whatever comes next: to the rail too.
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in _STEPS and self._place() is not None:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _move(self, focused: QWidget, by: int) -> None:
        may_write = self.days[0].add_button.isEnabled()
        if may_write and isinstance(focused, Tile) and focused.line.state == PLANNED:
            self.moved.emit(focused.line, by)

    def _drop(self, tile: Tile, number: int, at: QPoint) -> None:
        for other, day in enumerate(self.days):
            if other != number and day.rect().contains(day.mapFromGlobal(at)):
                self.moved.emit(tile.line, other - number)

    def _is_on(self, line: AppointmentLine, day: date) -> bool:
        begins = line.starts_at.astimezone(self._zone)
        ends = (line.ends_at - timedelta(minutes=1)).astimezone(self._zone)
        return begins.date() <= day <= ends.date()

    def _place(self) -> tuple[int, int] | None:
        focused = self.window().focusWidget() if self.window() else None
        for number, day in enumerate(self.days):
            stops = day.stops()
            if focused in stops:
                return number, stops.index(focused)
        return None

    def _go(self, number: int, place: int) -> None:
        day = self.days[min(max(number, 0), _DAYS - 1)]
        stops = day.stops()
        if stops:
            stops[min(max(place, 0), len(stops) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def _order(self) -> None:
        reached = [stop for day in self.days for stop in day.stops()]
        for stop in reached:
            stop.installEventFilter(self)  # once: a filter that is there is moved, not doubled
        for one, other in pairwise(reached):
            QWidget.setTabOrder(one, other)

    def _add(self) -> None:
        day = next(day for day in self.days if day.add_button is self.sender())
        self.wanted.emit(day.day)

    def _open(self) -> None:
        tile = self.sender()
        if isinstance(tile, Tile):
            self.opened.emit(tile.line)


def nine_o_clock(day: date, now: datetime, zone: ZoneInfo) -> datetime:
    """Return when an appointment on a day is first offered: nine, or the next full hour today."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=zone)
    if at > now:
        return at
    later = now.astimezone(zone).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return later if later.date() == day else at

"""The editors behind the fields of a form. Each keeps exactly what was typed.

An editor has `edited` (Signal), `typed()` and `put_typed(text)` (the draft, always a string), and
`read()`, which returns the value or raises `Unreadable` with a sentence for the person typing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from shelter_desk.ui.dates import names_no_day, read_day, read_moment, show_day, show_time
from shelter_desk.ui.scale import STRETCH, fill, fixed
from shelter_desk.ui.widgets import (
    Button,
    CheckBox,
    Chip,
    ChipChoice,
    DropDown,
    FlowLayout,
    IconButton,
    Label,
    LineEdit,
    OneStop,
    SegmentedControl,
    TextArea,
)


class UnreadableError(Exception):
    """The text typed cannot be the value asked for; the message says what would be."""


class Editor(QWidget):
    """What every editor can do."""

    edited = Signal()

    def typed(self) -> str:
        """Return what was typed or chosen, as kept in a draft."""
        raise NotImplementedError

    def put_typed(self, typed: str) -> None:
        """Show what `typed` returned before."""
        raise NotImplementedError

    def read(self) -> object:
        """Return the value.

        Raises:
            UnreadableError: when the text cannot be one.
        """
        raise NotImplementedError

    def put(self, value: object) -> None:
        """Show a value, as returned by `read`. None empties the editor."""
        self.put_typed("" if value is None else str(value))


class TextEditor(Editor):
    """A line of text."""

    def __init__(self, name: str, placeholder: str = "", longest: int = 500) -> None:
        super().__init__()
        self.edit = LineEdit(name, placeholder=placeholder)
        self.edit.setMaxLength(longest)
        self.edit.textEdited.connect(self.edited)
        fill(QHBoxLayout(self), (self.edit,))
        self.setFocusProxy(self.edit)

    def typed(self) -> str:
        return self.edit.text()

    def put_typed(self, typed: str) -> None:
        self.edit.setText(typed)

    def read(self) -> str:
        return self.edit.text().strip()


class LongTextEditor(Editor):
    """A paragraph."""

    def __init__(self, name: str, placeholder: str = "", lines: int = 4) -> None:
        super().__init__()
        self.edit = TextArea(name, lines=lines, placeholder=placeholder)
        self.edit.textChanged.connect(self.edited)
        fill(QHBoxLayout(self), (self.edit,))
        self.setFocusProxy(self.edit)

    def typed(self) -> str:
        return self.edit.toPlainText()

    def put_typed(self, typed: str) -> None:
        self.edit.setPlainText(typed)

    def read(self) -> str:
        return self.edit.toPlainText().strip()


class NumberEditor(Editor):
    """A whole number, typed; no arrows that change it by accident."""

    def __init__(self, name: str, least: int, most: int, unit: str = "") -> None:
        super().__init__()
        self._least, self._most = least, most
        self.edit = LineEdit(name)
        fixed(self.edit, width=84)
        self.edit.textEdited.connect(self.edited)
        words = Label(unit, "muted") if unit else None
        fill(QHBoxLayout(self), (self.edit, words, STRETCH))
        self.setFocusProxy(self.edit)

    def typed(self) -> str:
        return self.edit.text()

    def put_typed(self, typed: str) -> None:
        self.edit.setText(typed)

    def read(self) -> int | None:
        text = self.edit.text().strip()
        if not text:
            return None
        digits = text.isascii() and text.isdigit()
        if not digits or not self._least <= int(text) <= self._most:
            message = self.tr("Enter a whole number from {0} to {1}.")
            raise UnreadableError(message.format(self._least, self._most))
        return int(text)


class ChoiceEditor(Editor):
    """One of a few (chips) or of many (a list). Its value is the code, "" for none."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]], *, chips: bool) -> None:
        super().__init__()
        self._codes = [code for code, _ in options]
        self._chips: ChipChoice | None = None
        self._list: DropDown | None = None
        if chips:
            self._chips = ChipChoice(options, name)
            self._chips.chosen.connect(self.edited)
            fill(QVBoxLayout(self), (self._chips,))
        else:
            self._list = DropDown(name)
            self._list.addItem(self.tr("Choose…"), "")
            for code, label in options:
                self._list.addItem(label, code)
            self._list.activated.connect(self.edited)
            fill(QVBoxLayout(self), (self._list,))
            self.setFocusProxy(self._list)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        buttons = self._chips.buttons() if self._chips is not None else ()
        chosen = [button for button in buttons if button.isChecked()]
        for button in (chosen or list(buttons))[:1]:
            button.setFocus(Qt.FocusReason.TabFocusReason)

    def typed(self) -> str:
        if self._chips is not None:
            return self._chips.value()
        return str(self._list.currentData() or "") if self._list is not None else ""

    def put_typed(self, typed: str) -> None:
        if self._chips is not None:
            self._chips.set_value(typed)
        elif self._list is not None:
            self._list.setCurrentIndex(max(self._list.findData(typed), 0))

    def read(self) -> str:
        return self.typed()


class SeveralEditor(Editor):
    """Any number of answers, ticks below each other or chips. Its value is a tuple of codes."""

    def __init__(
        self, name: str, options: Sequence[tuple[str, str]], *, chips: bool = False
    ) -> None:
        super().__init__()
        kind = Chip if chips else CheckBox
        self._boxes: dict[str, Chip | CheckBox] = {code: kind(label) for code, label in options}
        for box in self._boxes.values():
            box.setAccessibleDescription(name)
            box.clicked.connect(self.edited)
        self._one_stop = OneStop(self, self._boxes.values()) if chips else None
        if chips:
            flow = FlowLayout(6)
            for box in self._boxes.values():
                flow.addWidget(box)
            self.setLayout(flow)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        else:
            fill(QVBoxLayout(self), self._boxes.values(), spacing=0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        stops = [
            box for box in self._boxes.values() if box.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        for box in stops[:1]:
            box.setFocus(Qt.FocusReason.TabFocusReason)

    def typed(self) -> str:
        return json.dumps(list(self.read()))

    def put_typed(self, typed: str) -> None:
        chosen = set(json.loads(typed)) if typed.startswith("[") else set()
        for code, box in self._boxes.items():
            box.setChecked(code in chosen)

    def put(self, value: object) -> None:
        codes = list(value) if isinstance(value, tuple | list | frozenset | set) else []
        self.put_typed(json.dumps(codes))

    def read(self) -> tuple[str, ...]:
        return tuple(code for code, box in self._boxes.items() if box.isChecked())


class ThreeWayEditor(Editor):
    """Yes, no, or not sure; "Prefers not to say" where that can be the answer."""

    def __init__(self, name: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.control = SegmentedControl(options, name)
        self.control.chosen.connect(self.edited)
        fill(QHBoxLayout(self), (self.control, STRETCH))

    def typed(self) -> str:
        return self.control.value()

    def put_typed(self, typed: str) -> None:
        self.control.set_value(typed)

    def read(self) -> str:
        return self.control.value()


class DayEditor(Editor):
    """A day, typed as people type it, with a calendar beside it; the month becomes a word."""

    def __init__(self, name: str, today: date, *, ahead: bool = False) -> None:
        super().__init__()
        self._today, self._ahead = today, ahead
        self.edit = LineEdit(name, placeholder=self.tr("such as 12 Mar or today"))
        self.edit.textEdited.connect(self.edited)
        self.edit.editingFinished.connect(self._spell_out)
        fixed(self.edit, width=190)
        self.pick = IconButton("calendar-days", self.tr("Open the calendar"))
        self.pick.clicked.connect(self._open)
        fill(QHBoxLayout(self), (self.edit, self.pick, STRETCH), spacing=6)
        self.setFocusProxy(self.edit)

    def typed(self) -> str:
        return self.edit.text()

    def put_typed(self, typed: str) -> None:
        self.edit.setText(typed)

    def put(self, value: object) -> None:
        self.edit.setText(show_day(value) if isinstance(value, date) else "")

    def read(self) -> date | None:
        text = self.edit.text().strip()
        if not text:
            return None
        day = self._day_of(text)
        if day is None:
            words = self.tr("Write the month as a word, for example {0}.")
            if names_no_day(text):
                words = self.tr("That month has no such day. Look at the number once more.")
            raise UnreadableError(words.format(show_day(self._today)))
        return day

    def _day_of(self, text: str) -> date | None:
        return read_day(text, today=self._today, ahead=self._ahead)

    def _spell_out(self) -> None:
        day = self._day_of(self.edit.text())
        if day is not None:
            self.edit.setText(show_day(day))

    def _open(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget(menu)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        start = self._day_of(self.edit.text()) or self._today
        calendar.setSelectedDate(QDate(start.year, start.month, start.day))
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)
        calendar.activated.connect(menu.close)
        calendar.clicked.connect(menu.close)
        calendar.activated.connect(self._picked)
        calendar.clicked.connect(self._picked)
        menu.popup(self.edit.mapToGlobal(QPoint(0, self.edit.height())))
        calendar.setFocus()

    def _picked(self, day: QDate) -> None:
        self.put(date(day.year(), day.month(), day.day()))
        self.edited.emit()
        self.edit.setFocus()


class MomentEditor(Editor):
    """A day and a time of day in the shelter, with a button for now. The value is UTC.

    With `ahead` it is about what is still to come: weekdays are the next ones, and now is not it.
    """

    def __init__(self, name: str, now: datetime, zone: ZoneInfo, *, ahead: bool = False) -> None:
        super().__init__()
        self._now, self._zone = now, zone
        self.day = DayEditor(name, now.astimezone(zone).date(), ahead=ahead)
        self.time = LineEdit(self.tr("{0}, time").format(name), placeholder=self.tr("2:10 am"))
        fixed(self.time, width=108)  # "1:10 am EST" in the hour that comes twice
        self.now_button = Button(self.tr("Now"), kind="ghost")
        self.now_button.clicked.connect(self._put_now)
        if ahead:
            self.now_button.hide()
        self.day.edited.connect(self.edited)
        self.time.textEdited.connect(self.edited)
        self.time.editingFinished.connect(self._spell_out)
        fill(QHBoxLayout(self), (self.day, self.time, self.now_button, STRETCH), spacing=6)
        self.setFocusProxy(self.day.edit)

    def typed(self) -> str:
        return f"{self.day.typed()}\n{self.time.text()}"

    def put_typed(self, typed: str) -> None:
        day, _, clock = typed.partition("\n")
        self.day.put_typed(day)
        self.time.setText(clock)

    def put(self, value: object) -> None:
        if not isinstance(value, datetime):
            self.put_typed("")
            return
        self.day.put(value.astimezone(self._zone).date())
        self.time.setText(show_time(value, self._zone))

    def read(self) -> datetime | None:
        day, text = self.day.read(), self.time.text().strip()
        if day is None and not text:
            return None
        local = read_moment(day, text, self._zone, self._now) if day is not None else None
        if local is None:
            raise UnreadableError(self.tr("Enter the day and the time, for example 2:10 am."))
        return local.astimezone(UTC)

    def _spell_out(self) -> None:
        try:
            day = self.day.read()
        except UnreadableError:
            day = None
        day = day or self._now.astimezone(self._zone).date()
        local = read_moment(day, self.time.text(), self._zone, self._now)
        if local is not None:
            self.time.setText(show_time(local, self._zone))

    def _put_now(self) -> None:
        self.put(self._now)
        self.edited.emit()

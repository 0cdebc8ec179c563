"""The cards of Today: counters, a list that unfolds, and the first 72 hours of an arrival."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from shelter_desk.desk.today import TodayBoard
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Avatar,
    Button,
    Card,
    DueLine,
    DueList,
    Icon,
    KeyCap,
    Label,
    SectionHeader,
)

_LIST_MARGINS = (10, 10, 10, 8)


def _tr(text: str) -> str:
    return QCoreApplication.translate("today", text)


class Counter(Card):
    """A number with its words, such as "3 overdue"."""

    def __init__(self, icon: str, tone: Tone | None, colour: str) -> None:
        self._number, self._words = Label("", "number", tone=tone), Label("", "strong", wrap=True)
        self._icon = Icon(icon, colour, 20)
        parts = (self._number, (self._words, 1), self._icon)
        super().__init__(*parts, across=True, spacing=10, margins=(14, 6, 10, 6))

    def say(self, number: int, words: str) -> None:
        """Show a number and what it counts."""
        self._number.setText(str(number))
        self._words.setText(words)
        self.setAccessibleName(f"{number} {words}")

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Leave the icon out where there is little room."""
        self._icon.setVisible(not narrow)


class Counters(QWidget):
    """The four numbers of the day, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.house = Counter("bed", None, "muted")
        self.overdue = Counter("triangle-alert", Tone.DANGER, "danger")
        self.today = Counter("clock", Tone.WARN, "warn")
        self.done = Counter("circle-check", Tone.OK, "ok")
        self._all = (self.house, self.overdue, self.today, self.done)
        fill(QHBoxLayout(self), [(counter, 1) for counter in self._all], spacing=10)

    def show_board(self, found: TodayBoard) -> None:
        """Show the numbers of a board."""
        beds = self.tr("of {0} beds").format(found.beds)
        self.house.say(found.in_house, beds)
        self.overdue.say(found.overdue, self.tr("overdue"))
        self.today.say(found.due_today, self.tr("due today"))
        self.done.say(len(found.done), self.tr("done today"))

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Leave the icons out where there is little room."""
        for counter in self._all:
            counter.set_narrow(narrow)


class Unfolding(QWidget):
    """A list of things that wait, of which some are shown, and a button that shows the rest."""

    more_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.list = DueList(name)
        self.more = Button("", "chevron-down", kind="ghost")
        self.more.clicked.connect(self.more_wanted)
        fill(QVBoxLayout(self), (self.list, row(self.more, STRETCH)), spacing=2)

    def show_lines(self, lines: Sequence[DueLine], shown: int) -> None:
        """Show the first `shown` lines, and say how many more there are."""
        self.list.show_lines(lines[:shown])
        left = len(lines) - shown
        self.more.setText(self.tr("Show {0} more").format(left))
        self.more.setVisible(left > 0)


class ListCard(Card):
    """A section of Today under its head."""

    def __init__(self, title: str, icon: str, tone: Tone) -> None:
        self.head = SectionHeader(title, icon=icon, tone=tone)
        self.unfolding = Unfolding(title)
        super().__init__(self.head, self.unfolding, spacing=2, margins=_LIST_MARGINS)

    def show_section(self, title: str, lines: Sequence[DueLine], shown: int) -> None:
        """Show the lines of the section and how many there are."""
        self.head.title.setText(title)
        self.head.remark.setText(str(len(lines)))
        self.unfolding.show_lines(lines, shown)


class FoldedList(QWidget):
    """A head that opens and closes, with a count, and the list below it while it is open."""

    toggled = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.button = Button(title, "chevron-right", kind="ghost")
        self.button.clicked.connect(self.toggled)
        self.count = Label("", "muted")
        self.unfolding = Unfolding(title)
        self._title = title
        head = row(self.button, self.count, STRETCH)
        fill(QVBoxLayout(self), (head, self.unfolding), spacing=2)

    def show_group(
        self, lines: Sequence[DueLine], *, count: str, shown: int, is_open: bool
    ) -> None:
        """Show the count, and the lines when open."""
        self.count.setText(count)
        self.button.set_kind("ghost", "chevron-down" if is_open else "chevron-right")
        state = self.tr("open") if is_open else self.tr("closed")
        self.button.setAccessibleName(f"{self._title}, {count}, {state}")
        self.unfolding.show_lines(lines, shown)
        self.unfolding.setVisible(is_open)


class ArrivalView(Card):
    """One arrival's first 72 hours: what to do in the first hour, the first night, three days."""

    opened = Signal(str)

    def __init__(self, stay_id: str, groups: Sequence[tuple[str, str]]) -> None:
        self._stay_id = stay_id
        self._face, self._name = Avatar("", 30), Label("", "h3")
        self._since = Label("", "muted")
        self.open_button = Button("", kind="ghost")
        self.open_button.clicked.connect(self._open)
        self.groups = {group_id: FoldedList(title) for group_id, title in groups}
        head = row(self._face, self._name, self._since, STRETCH, self.open_button, spacing=10)
        super().__init__(head, *self.groups.values(), spacing=4, margins=_LIST_MARGINS)
        self.open_button.setText(self.tr("Open"))

    def show_head(self, called: str, since: str) -> None:
        """Show whose first days these are, and since when."""
        self._face.show_name(called)
        self._name.setText(called)
        self._since.setText(since)
        self.open_button.setAccessibleName(self.tr("Open {0}").format(called))
        self.setAccessibleName(called)

    def _open(self) -> None:
        self.opened.emit(self._stay_id)


def keys_card() -> Card:
    """Return the card that says what the keys do on Today."""
    keys = (
        (_tr("Space"), _tr("Done")),
        ("N", _tr("Another outcome, with a reason")),
        ("G", _tr("Give it to a colleague")),
        ("M", _tr("Show everything that is due")),
        ("Enter", _tr("Open the resident")),
        ("A", _tr("New arrival")),
        ("L", _tr("Log a service")),
        ("W", _tr("Write a line of the shift log")),
        ("F8", _tr("Someone is missing")),
        ("Ctrl Z", _tr("Take the last one back")),
    )
    lines = [
        row(KeyCap(key), (Label(words, "caption", wrap=True), 1), spacing=10)
        for key, words in keys
    ]
    return Card(SectionHeader(_tr("Keys")), *lines, spacing=6)


@dataclass(frozen=True)
class Call:
    """Calls `act` with `key`: a value instead of a lambda that would hold the page."""

    act: Callable[[Any], None]
    key: object

    def __call__(self) -> None:
        """Do it."""
        self.act(self.key)


def stops(part: QWidget) -> list[QWidget]:
    """Return what Tab reaches in a card of Today, top to bottom."""
    if isinstance(part, ListCard):
        return [part.unfolding.list, part.unfolding.more]
    if not isinstance(part, ArrivalView):
        return []
    reached: list[QWidget] = [part.open_button]
    for group in part.groups.values():
        reached += [group.button, group.unfolding.list, group.unfolding.more]
    return reached

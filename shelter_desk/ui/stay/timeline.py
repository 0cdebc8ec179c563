"""What happened in a stay, newest first; and who changed or opened the record."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.history import HistoryLine
from shelter_desk.desk.stay_trail import StayChange, stay_trail
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.icons import service_icon
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.widgets import (
    Button,
    Card,
    EmptyNote,
    Icon,
    Label,
    SectionHeader,
    Table,
)

_KIND_ICONS = {
    "entry": "notebook-pen",
    "event": "flag",
    "stay": "door-open",
    "house": "house",
    "need": "list-checks",
}
_SHORT = 7


class Happened(Card):
    """The newest few things that happened, beside the plan."""

    more_wanted = Signal()

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._lines = Pile(spacing=10)
        self.more = Button("", kind="ghost")
        self.head = SectionHeader("", self.more)
        super().__init__(self.head, self._lines, spacing=8)
        self.head.title.setText(self.tr("What happened"))
        self.more.setText(self.tr("All"))
        self.more.setAccessibleName(self.tr("Show everything that happened"))
        self.more.clicked.connect(self.more_wanted)

    def show_lines(self, lines: tuple[HistoryLine, ...]) -> None:
        """Show the newest of these lines; what happened to the whole house stands under "All"."""
        self._lines.clear()
        own = [line for line in lines if line.kind != "house"]
        for line in own[:_SHORT]:
            self._lines.add(self._line(line))

    def _line(self, line: HistoryLine) -> QWidget:
        when = show_moment(line.at, self._shared.zone)
        below = _beside(when, line.subline, line.who, _stands_in(line))
        text = column(Label(line.title, wrap=True), Label(below, "caption", wrap=True), spacing=1)
        return row(Icon(_icon(line), "accent_text", 16), (text, 1), spacing=10)


class Timeline(QWidget):
    """Everything that happened in a stay, as a table."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        zone = shared.zone
        self.table = Table[HistoryLine](_columns(zone), self.tr("What happened"), row_height=46)
        fill(QVBoxLayout(self), ((Card(self.table, margins=(1, 4, 1, 4)), 1),))

    def show_lines(self, lines: tuple[HistoryLine, ...]) -> None:
        """Show these lines."""
        self.table.show_lines(lines)


class Changes(QWidget):
    """Who changed or opened what of one stay, for those who may read the audit trail."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        columns, name = _change_columns(shared.zone), self.tr("Changes and views")
        self.table = Table[StayChange](columns, name, row_height=46)
        self._card = Card(self.table, margins=(1, 4, 1, 4))
        words = self.tr("Who opened and changed a record is kept. A director can read it here.")
        self.closed = EmptyNote(words, icon="lock")
        fill(QVBoxLayout(self), ((self._card, 1), self.closed))
        allowed = shared.may(May.READ_AUDIT)
        self._card.setVisible(allowed)
        self.closed.setVisible(not allowed)

    def show_stay(self, stay_id: str) -> None:
        """Show the events of a stay, newest first."""
        if self._shared.may(May.READ_AUDIT):
            self.table.show_lines(self._shared.ask(stay_trail, stay_id=stay_id))


def _columns(zone: ZoneInfo) -> tuple[Column[HistoryLine], ...]:
    return (
        Column(_tr("When"), lambda line: show_moment(line.at, zone), width=180),
        Column(
            _tr("What"), lambda line: line.title, width=260, stretch=True,
            below=lambda line: _beside(line.subline, _stands_in(line)),
        ),
        Column(_tr("Who"), lambda line: line.who, width=150),
    )  # fmt: skip


def _change_columns(zone: ZoneInfo) -> tuple[Column[StayChange], ...]:
    return (
        Column(_tr("When"), lambda line: show_moment(line.at, zone), width=180),
        Column(
            _tr("What"), lambda line: line.words, width=260, stretch=True,
            below=lambda line: _beside(line.about, line.became, _stands_in(line)),
        ),
        Column(_tr("Who"), lambda line: line.who, width=150),
    )  # fmt: skip


def _beside(*parts: str) -> str:
    return "  ·  ".join(part for part in parts if part)


def _stands_in(line: HistoryLine | StayChange) -> str:
    """Return words on the joined record that a line stands in; nothing where it is this one."""
    return _tr("in the record {0}").format(line.record) if line.record else ""


def _icon(line: HistoryLine) -> str:
    if line.kind in _KIND_ICONS:
        return _KIND_ICONS[line.kind]
    return "check" if line.service_id is None else service_icon(line.service_id)[0]


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)

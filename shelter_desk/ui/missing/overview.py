"""Who is missing now, the button that starts a clock, and the log of a year."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.missing_record import (
    Episode,
    EpisodeLine,
    MissingBoard,
    absences,
)
from shelter_desk.domain.missing import time_since
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.missing.words import length
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Avatar,
    Button,
    Card,
    DropDown,
    EmptyNote,
    Label,
    Pill,
    PrimaryButton,
    Scroll,
    SectionHeader,
    Table,
)

_YEARS_BACK = 5


class Overview(QWidget):
    """Emits `start_wanted`, `opened` with an episode, and `print_wanted` with a year."""

    start_wanted = Signal()
    opened = Signal(str)
    print_wanted = Signal(int)

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.start = PrimaryButton(self.tr("Someone cannot be found"), "siren")
        self.start.clicked.connect(self.start_wanted)
        self._now = Pile(spacing=8)
        self._nobody = EmptyNote(self.tr("Nobody is missing."), icon="house-heart")
        self.year = DropDown(self.tr("Year"))
        this_year = shared.today().year
        for year in range(this_year, this_year - _YEARS_BACK - 1, -1):
            self.year.addItem(str(year), year)
        self.log = Table[Episode](
            self._columns(shared.zone),
            self.tr("Absences of the year"),
            key=_episode_id,
            row_height=36,
            fit=True,
        )
        self._none = EmptyNote(self.tr("No absence in this year."), icon="sprout")
        self.print = Button(self.tr("Print the log…"), "printer")
        self.print.clicked.connect(self._print)
        self.log.opened.connect(self._opened)
        self.year.activated.connect(self._show_year)
        keys = Label(self.tr("F8 from any page"), "caption")
        now = Card(SectionHeader(self.tr("Now"), keys, self.start, icon="siren", tone=Tone.WARN))
        now.add(self._nobody, self._now)
        tools = (self.print, self.year)
        log = Card(SectionHeader(self.tr("Absences of the year"), *tools, icon="history"))
        log.add(self.log, self._none)
        inside = column(now, log, STRETCH, spacing=10)
        fill(QVBoxLayout(self), ((Scroll(inside), 1),), spacing=10)

    def show_board(self, board: MissingBoard) -> None:
        """Show who is missing, and the log of the year chosen."""
        self._now.clear()
        for line in board.episodes:
            self._now.add(self._row(line, board))
        self._nobody.setVisible(not board.episodes)
        self._now.setVisible(bool(board.episodes))
        self._show_year()

    def _row(self, line: EpisodeLine, board: MissingBoard) -> QWidget:
        name = shown_name(line.called)
        if line.is_missing:
            since = length(time_since(line.discovered_at, board.at))
            pill = Pill(self.tr("missing from care, {0}").format(since), Tone.WARN)
        else:
            pill = Pill(self.tr("back safe, some answers are open"), Tone.OK)
        button = Button(self.tr("Open"), "arrow-right")
        button.setAccessibleName(self.tr("Open {0}").format(name))
        button.clicked.connect(Call(self.opened.emit, line.episode_id))
        texts = column(Label(name, "strong"), Label(line.case_code, "caption"), spacing=0)
        return row(Avatar(name, 32), texts, pill, STRETCH, button, spacing=12)

    def _show_year(self) -> None:
        lines = self._shared.ask(absences, year=int(self.year.currentData()))
        self.log.show_lines(lines)
        self.log.setVisible(bool(lines))
        self._none.setVisible(not lines)
        self.print.setVisible(bool(lines))

    def _print(self) -> None:
        self.print_wanted.emit(int(self.year.currentData()))

    def _opened(self, found: Episode) -> None:
        self.opened.emit(found.line.episode_id)

    def _columns(self, zone: ZoneInfo) -> tuple[Column[Episode], ...]:
        return (
            Column(
                self.tr("Resident"),
                lambda found: f"{shown_name(found.line.called)}  ·  {found.line.case_code}",
                width=170,
                stretch=True,
            ),
            Column(
                self.tr("Found missing"),
                lambda found: show_moment(found.line.discovered_at, zone),
                width=170,
            ),
            Column(self.tr("Police told"), lambda found: _told(found, "police", zone), width=170),
            Column(
                self.tr("Agency told"), lambda found: _told(found, "custodian", zone), width=170
            ),
            Column(
                self.tr("Back safe"),
                lambda found: _moment(found.line.returned_at, zone),
                width=170,
            ),
            Column(self.tr("Away"), _away, width=110),
        )


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else show_moment(moment, zone)


def _told(found: Episode, recipient: str, zone: ZoneInfo) -> str:
    for line in found.notices:
        if line.recipient == recipient and line.stage == "start":
            return _moment(line.told_at, zone)
    return ""


def _away(found: Episode) -> str:
    if found.line.returned_at is None:
        return ""
    return length(found.line.returned_at - found.line.discovered_at)


def _episode_id(found: Episode) -> str:
    return found.line.episode_id

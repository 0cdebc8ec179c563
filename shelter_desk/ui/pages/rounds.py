"""Round: the checks of this shift as one grid, residents by checks; the house's once, below."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk.base import Area
from shelter_desk.desk.care import AnswerItem, UndoAnswer
from shelter_desk.desk.item import item_line
from shelter_desk.desk.rounds import DONE, OPEN, SIGNATURE, Cell, Round, RoundLine, shift_round
from shelter_desk.desk.staffing import staffing
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_time
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, column, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.chips import flowing
from shelter_desk.ui.shift.grid import Grid
from shelter_desk.ui.shift.staffing_line import StaffingLine
from shelter_desk.ui.signing import sign
from shelter_desk.ui.stay.item_sheet import ItemSheet
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_acts import TodayActs
from shelter_desk.ui.today_lists import due_line, shown_name
from shelter_desk.ui.widgets import (
    Button,
    Card,
    DueList,
    EmptyNote,
    Label,
    Scroll,
    SectionHeader,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_MINUTE_MS = 60_000
_AROUND = 80  # px at 100 %, of the page around its buttons and its grid
_AREAS = (
    Area.DUE
    | Area.CARE
    | Area.RESIDENTS
    | Area.MISSING
    | Area.SHELTER
    | Area.CALENDAR
    | Area.SHIFT
)


class RoundsPage(PageView):
    """Space ticks a cell, R its row, C its column, N says what else became of it."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._was_left = True
        self._found: Round | None = None
        self.grid = Grid(self._model, shared.zone, self.tr("Checks of this shift"))
        self.tick_row = Button(self.tr("Tick the row (R)"), "arrow-right")
        self.tick_column = Button(self.tr("Tick the column (C)"), "chevron-down")
        self.note = Button(self.tr("Something else (N)"), "pencil")
        keys = self.tr("Arrows move  ·  Space = done  ·  Enter = open  ·  Ctrl Z takes it back")
        self.house = DueList(self.tr("The house"))
        self.all_done = Label("", "muted", wrap=True)
        self.none = EmptyNote(self.tr("Nothing is to be checked each shift."), icon="circle-check")
        self._tools = flowing(
            (self.tick_row, self.tick_column, self.note, Label(keys, "caption")), spacing=8
        )
        self._card = Card(self._tools, self.grid, margins=(12, 10, 12, 10))
        head = SectionHeader(self.tr("The house, once"), icon="house")
        self._house = Card(head, self.house, self.all_done, spacing=4)
        self.staffing = StaffingLine()
        inner = column(self.staffing, self._card, self.none, self._house, STRETCH, spacing=10)
        fill(QVBoxLayout(self), (Scroll(inner),), margins=PAGE_MARGINS)
        self.acts = TodayActs(shared, self)
        self.acts.listen_to(self.house)
        self._connect()
        shared.refresh_on(_AREAS, self._changed, self)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        QTimer.singleShot(0, self, self._start)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def leaving(self) -> None:
        self._was_left = True

    def _fit(self) -> None:
        """Give the grid what the page has beside its buttons, so that both are seen at once."""
        tools = self._tools.heightForWidth(self._tools.width())
        said = self.staffing.height() if self.staffing.isVisible() else 0
        self.grid.keep_within(self.height() - tools - said - theme().px(_AROUND))

    def _start(self) -> None:
        if self.isVisible() and self._was_left:
            self._was_left = False
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self.grid.ticked.connect(self._tick)
        self.grid.row_wanted.connect(self._tick_row)
        self.grid.column_wanted.connect(self._tick_column)
        self.grid.note_wanted.connect(self._ask)
        self.grid.opened.connect(self._open)
        self.tick_row.clicked.connect(self._row_of_keyboard)
        self.tick_column.clicked.connect(self._column_of_keyboard)
        self.note.clicked.connect(self._note_of_keyboard)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._changed)
        self._timer.start(_MINUTE_MS)
        theme().changed.connect(self._changed)  # names may show as initials from now on

    def _changed(self) -> None:
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        now, zone = self._shared.now(), self._shared.zone
        found = self._found = self._shared.ask(shift_round, now=now)
        self.grid.show_round(found)
        self.staffing.show_staffing(self._shared.ask(staffing, now=now))
        self._fit()
        is_empty = not (found.lines and found.checks)
        self._card.setVisible(not is_empty)
        self.none.setVisible(is_empty and not found.house)
        self.house.show_lines([due_line(line, now, zone, with_name=False) for line in found.house])
        words = self.tr("{0} of {1} checks of the house are done in this shift.")
        whole = found.house_done + len(found.house)
        self.all_done.setText(words.format(found.house_done, whole))
        self._house.setVisible(bool(whole))
        span = self.tr("{0} to {1}, {2} open")
        began, ends = show_time(found.began_at, zone), show_time(found.ends_at, zone)
        self.titled.emit(self.tr("Round"), span.format(began, ends, found.left))

    def _tick(self, row: int, place: int) -> None:
        cell = self.grid.cells.cell(row, place)
        if cell is None:
            return
        line, check = self.grid.cells.lines[row], self.grid.cells.checks[place]
        if cell.state == DONE:
            said = self.tr("Open again: “{0}”").format(check.item.text)
            self._shared.attempt(UndoAnswer(cell.answer_id), said=said)
        elif cell.state == SIGNATURE:
            self._sign(line, cell, check.item_id)
        else:
            said = self.tr("Ticked “{0}” for {1}")
            command = AnswerItem(line.stay_id, check.item_id, cell.occurrence)
            name = shown_name(line.called)
            self._shared.attempt(command, said=said.format(check.item.text, name))

    def _tick_row(self, row: int) -> None:
        line = self.grid.cells.lines[row]
        name = shown_name(line.called)
        if line.absent:
            self._shared.toast(self.tr("{0} is not here. Each cell says why.").format(name))
            return
        places = range(len(self.grid.cells.checks))
        said = self.tr("{0} checks ticked for {1}")
        self._together(((row, place) for place in places), said, name)

    def _tick_column(self, place: int) -> None:
        check = self.grid.cells.checks[place]
        if check.item.signatures:
            self._shared.toast(self.tr("This one is signed for each resident, one by one."))
            return
        rows = range(len(self.grid.cells.lines))
        here = ((row, place) for row in rows if not self.grid.cells.lines[row].absent)
        self._together(here, self.tr("{0} ticked: “{1}”"), check.item.text)

    def _together(self, places: Iterable[tuple[int, int]], said: str, name: str) -> None:
        cells = self.grid.cells
        commands = [
            AnswerItem(cells.lines[row].stay_id, check.item_id, cell.occurrence)
            for row, place in places
            if (check := cells.checks[place]) and not check.item.signatures
            if (cell := cells.cell(row, place)) is not None and _is_untouched(cell)
        ]
        if not commands:
            self._shared.toast(self.tr("Nothing is open there."))
            return
        self._shared.attempt_together(commands, said=said.format(len(commands), name))

    def _sign(self, line: RoundLine, cell: Cell, item_id: str) -> None:
        try:
            item = self._shared.ask(
                item_line, stay_id=line.stay_id, item_id=item_id, occurrence=cell.occurrence
            )
        except DeskError as error:
            self._shared.tell(error)
            return
        sign(self._shared, item)

    def _ask(self, row: int, place: int) -> None:
        cell = self.grid.cells.cell(row, place)
        if cell is None:
            return
        line, check = self.grid.cells.lines[row], self.grid.cells.checks[place]
        try:
            item = self._shared.ask(
                item_line,
                stay_id=line.stay_id,
                item_id=check.item_id,
                occurrence=cell.occurrence or None,
            )
        except DeskError as error:
            self._shared.tell(error)
            return
        who = shown_name(line.called)
        sheet = ItemSheet(self._shared, self._model, line.stay_id, item, who=who)
        sheet.open_over(self)

    def _open(self, row: int) -> None:
        self._shared.go("resident", self.grid.cells.lines[row].stay_id)

    def _row_of_keyboard(self) -> None:
        if self.grid.place()[0] >= 0:
            self._tick_row(self.grid.place()[0])

    def _column_of_keyboard(self) -> None:
        if self.grid.place()[1] >= 0:
            self._tick_column(self.grid.place()[1])

    def _note_of_keyboard(self) -> None:
        if self.grid.place()[0] >= 0:
            self._ask(*self.grid.place())


def _is_untouched(cell: Cell) -> bool:
    # What was blocked or put off was answered in words: several ticks at once pass it over.
    return cell.state == OPEN and not cell.outcome


PAGE = Page(
    order=24,
    title=QT_TRANSLATE_NOOP("pages", "Round"),
    icon="list-checks",
    needs=May.WRITE_CARE,
    build=RoundsPage,
    touched=("item",),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "The checks of this shift for all who are here. Arrows move, Space ticks a cell, R a row, "
        "C a column, N says what else became of it, Ctrl Z takes a whole column back. Whoever is "
        "missing or away is left out of a column. The house's own checks stand below, once.",
    ),
)

"""Residents: who is in the house, where they sleep, and what waits for each of them."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.base import Area
from shelter_desk.desk.bed_holds import NotePrinted
from shelter_desk.desk.beds import FREE, BoardBed, Census, Sleeper, bed_board
from shelter_desk.desk.go_bag import go_bag
from shelter_desk.desk.residents import (
    FoundLine,
    NoteSearched,
    RosterLine,
    roster,
    search,
)
from shelter_desk.desk.staffing import staffing
from shelter_desk.domain.people import folded
from shelter_desk.domain.staff import May
from shelter_desk.reports.go_bag import go_bag_pdf
from shelter_desk.reports.house_board import census_pdf, house_board_pdf
from shelter_desk.ui.bed_card import BedCard, press_bed
from shelter_desk.ui.census_sheet import CensusSheet
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.due_text import span_text
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill, fixed
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    EmptyNote,
    FlowLayout,
    Scroll,
    SearchBox,
    SectionHeader,
    SegmentedControl,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_WEEKS_FROM, _MONTHS_FROM = timedelta(days=21), timedelta(days=91)
_DAYS_OF_A_MONTH = 30.44
_OPEN_ITEMS = 5  # the last column of the table
_TABLE_MARGINS = (1, 4, 1, 4)
NAMES, INITIALS, CODES = "names", "initials", "codes"


class ResidentsPage(PageView):
    """The table of the house. Typing filters it, Enter opens a resident."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._lines: tuple[RosterLine, ...] = ()
        self._missing: frozenset[str] = frozenset()
        self.filter = SearchBox(self.tr("Filter by name, code or bed"))
        fixed(self.filter, width=280)
        self.filter.searched.connect(self._show)
        self.filter.returnPressed.connect(self._enter)
        names = ((NAMES, self.tr("Names")), (INITIALS, self.tr("Initials")))
        self.names = SegmentedControl((*names, (CODES, self.tr("Codes"))), self.tr("Shown as"))
        self.names.set_value(INITIALS if theme().settings.initials_only else NAMES)
        self.names.chosen.connect(self._show_as)
        self.census = Button(self.tr("Census…"), "calendar-clock")
        self.census.clicked.connect(self._ask_census)
        self.print = Button(self.tr("House board…"), "printer")
        self.print.clicked.connect(self._print_board)
        self.bag = Button(self.tr("Go-bag…"), "printer")
        self.bag.clicked.connect(self._print_bag)
        self.paper: Paper = RealPaper()
        self.left_button = Button(self.tr("Look among those who left"), "search")
        self.left_button.clicked.connect(self._look)
        self.new = Button(self.tr("New arrival"), "door-open")
        self.new.clicked.connect(self._new)
        self.table = self._roster_table()
        self.left = self._left_table()
        self.beds = BedCard()
        self.beds.opened.connect(self._press_bed)
        self._build()
        areas = Area.RESIDENTS | Area.DUE | Area.SHELTER | Area.MISSING
        shared.refresh_on(areas, self._refresh, self)
        theme().changed.connect(self._show_all)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()  # time here goes on while other pages are open
        QTimer.singleShot(0, self._start)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        """Leave the count of open items out where there is little room."""
        self.table.setColumnHidden(_OPEN_ITEMS, narrow)

    def _start(self) -> None:
        now = self.window().focusWidget()
        here = now is not None and self.isAncestorOf(now)
        if not self.isVisible() or (here and (now is not self.filter or self.filter.text())):
            return  # somebody is at work here: after a lock they go on where they were
        self.table.setFocus()
        if self.table.line() is None and self.table.lines:
            self.table.selectRow(0)

    def _refresh(self) -> None:
        self._lines = self._shared.ask(roster, now=self._shared.now())
        self._board = self._shared.ask(bed_board)
        self._missing = self._board.missing
        self._show_all()

    def _show_all(self) -> None:
        if self.names.value() != CODES:
            self.names.set_value(INITIALS if theme().settings.initials_only else NAMES)
        self._show()
        shown = {line.stay_id: self._shown(line) for line in self._lines}
        self.beds.show_board(self._board, shown)
        free = self._board.count(FREE)
        quiet = self.tr("{0} in the house · {1} free beds").format(len(self._lines), free)
        self.titled.emit(self.tr("Residents"), quiet)

    def _show(self) -> None:
        wanted = folded(self.filter.text())
        lines = [line for line in self._lines if wanted in _searched(line)]
        self.table.show_lines(lines)
        self._left_card.hide()
        self.left_button.setVisible(bool(wanted))
        nobody = self.tr("Nobody in the house fits what you typed.")
        self.empty.label.setText(nobody if wanted else self.tr("Nobody is in the house yet."))
        self.empty.setVisible(not lines)
        self.table.setVisible(bool(lines))

    def _shown(self, line: RosterLine | FoundLine | Sleeper) -> str:
        """Return a name as it may be seen here: whole, as initials, or as the case code."""
        return line.case_code if self.names.value() == CODES else shown_name(line.called)

    def _press_bed(self, bed: BoardBed) -> None:
        press_bed(self, self._shared, care_model(self._shared), bed)

    def _ask_census(self) -> None:
        sheet = CensusSheet(self._shared, self._shown, self._print_census)
        sheet.open_over(self, sheet.form.editors["at"])

    def _print_census(self, found: Census) -> None:
        if self._shared.attempt(NotePrinted("census", len(found.sleepers))) is not None:
            work = partial(census_pdf, found, zone=self._shared.zone)
            self._shared.jobs.run(self, work, self._show_census, self._shared.tell)

    def _print_board(self) -> None:
        board = self._shared.ask(bed_board)
        if self._shared.attempt(NotePrinted("house-board", board.in_house)) is not None:
            now, zone = self._shared.now(), self._shared.zone
            staff = self._shared.ask(staffing, now=now)
            work = partial(house_board_pdf, board, staff, at=now, zone=zone)
            self._shared.jobs.run(self, work, self._show_board, self._shared.tell)

    def _print_bag(self) -> None:
        found = self._shared.ask(go_bag, now=self._shared.now())
        if self._shared.attempt(NotePrinted("go-bag", len(found.lines))) is not None:
            work = partial(go_bag_pdf, found, zone=self._shared.zone)
            self._shared.jobs.run(self, work, self._show_bag, self._shared.tell)

    def _show_bag(self, pdf: bytes) -> None:
        self._show_paper(self.tr("Go-bag"), pdf)

    def _show_board(self, pdf: bytes) -> None:
        self._show_paper(self.tr("House board"), pdf)

    def _show_census(self, pdf: bytes) -> None:
        self._show_paper(self.tr("Census"), pdf)

    def _show_paper(self, title: str, pdf: bytes) -> None:
        sheet = PaperSheet(title, pdf, self.paper)
        sheet.open_over(self, sheet.print)

    def _enter(self) -> None:
        if len(self.table.lines) == 1:
            self._open(self.table.lines[0])
        elif not self.table.lines:
            self._look()
        else:
            self.table.setFocus()
            self.table.selectRow(0)

    def _look(self) -> None:
        """Look for residents who have left. That somebody looked is kept, not what was typed."""
        found = self._shared.ask(search, text=self.filter.text())
        gone = [line for line in found if not line.is_here]
        if self._shared.attempt(NoteSearched(len(gone))) is None:
            return
        self.left.show_lines(gone)
        self._left_card.show()
        self._left_head.remark.setText(str(len(gone)) if gone else self.tr("nobody found"))
        self.left.setVisible(bool(gone))
        if gone:
            self.left.setFocus()
            self.left.selectRow(0)

    def _open(self, line: RosterLine | FoundLine) -> None:
        self._shared.go("resident", line.stay_id)

    def _new(self) -> None:
        self._shared.go("arrival")

    def _show_as(self, names: str) -> None:
        # Whoever wants codes here does not want names on the other pages.
        theme().apply(theme().settings._replace(initials_only=names != NAMES))
        self._show_all()

    def _build(self) -> None:
        self.empty = EmptyNote("", icon="users")
        table_card = Card(self.table, self.empty, margins=_TABLE_MARGINS)
        self._left_head = SectionHeader(self.tr("Not in the house now"), icon="history")
        self._left_card = Card(self._left_head, self.left)
        tools = QWidget()
        flow = FlowLayout(10, tools)
        parts = (
            self.filter,
            self.names,
            self.left_button,
            self.census,
            self.print,
            self.bag,
            self.new,
        )
        for part in parts:
            flow.addWidget(part)
        self.new.setVisible(self._shared.may(May.INTAKE))
        page = column(table_card, self._left_card, self.beds, STRETCH, spacing=10)
        fill(QVBoxLayout(self), (tools, (Scroll(page), 1)), spacing=10, margins=PAGE_MARGINS)

    def _roster_table(self) -> Table[RosterLine]:
        columns = (
            Column[RosterLine](
                self.tr("Resident"),
                self._shown,
                width=140,
                stretch=True,
                avatar=True,
                below=self._below,
                below_tone=lambda line: Tone.DANGER if self._is_missing(line) else None,
            ),
            Column[RosterLine](self.tr("Overdue"), self._overdue, width=112, tone=_tone),
            Column[RosterLine](self.tr("Bed"), lambda line: line.bed or "–", width=132),
            Column[RosterLine](self.tr("Here for"), self._here_for, width=86),
            Column[RosterLine](self.tr("Age"), self._age, width=86),
            Column[RosterLine](self.tr("Open"), lambda line: str(line.open_items), width=60),
        )
        table = Table[RosterLine](
            columns,
            self.tr("Residents in the house"),
            key=lambda line: line.stay_id,
            row_height=54,
            fit=True,
        )
        table.opened.connect(self._open)
        return table

    def _left_table(self) -> Table[FoundLine]:
        columns = (
            Column[FoundLine](
                self.tr("Resident"), self._shown, width=180, stretch=True, avatar=True
            ),
            Column[FoundLine](self.tr("Case code"), lambda line: line.case_code, width=120),
        )
        table = Table[FoundLine](
            columns,
            self.tr("Residents who have left"),
            key=lambda line: line.stay_id,
            fit=True,
        )
        table.opened.connect(self._open)
        return table

    def _below(self, line: RosterLine) -> str:
        missing = self.tr("missing from care") if self._is_missing(line) else ""
        return "  ·  ".join(part for part in (line.case_code, missing) if part)

    def _is_missing(self, line: RosterLine) -> bool:
        return line.stay_id in self._missing

    def _here_for(self, line: RosterLine) -> str:
        span = self._shared.now() - line.began_at
        if span >= _MONTHS_FROM:
            return self.tr("{0} months").format(int(span.days / _DAYS_OF_A_MONTH))
        if span >= _WEEKS_FROM:
            return self.tr("{0} weeks").format(span.days // 7)
        return span_text(span)

    def _age(self, line: RosterLine) -> str:
        if line.age is None:
            return self.tr("not known")
        if line.born_is_guess:
            return self.tr("about {0}").format(line.age)
        return str(line.age)

    def _overdue(self, line: RosterLine) -> str:
        if not line.overdue:
            return self.tr("on track")
        return self.tr("{0} overdue").format(line.overdue)


def _tone(line: RosterLine) -> Tone:
    return Tone.DANGER if line.overdue else Tone.OK


def _searched(line: RosterLine) -> str:
    return folded(f"{line.called} {line.case_code} {line.bed}")


PAGE = Page(
    order=20,
    title=QT_TRANSLATE_NOOP("pages", "Residents"),
    icon="users",
    needs=May.READ_RECORDS,
    build=ResidentsPage,
    touched=("resident", "stay", "record", "bed", "house.print", "list.copy"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Who is in the house, in which bed, and what waits for them. Enter opens a "
        "record. Names can be shown as initials.",
    ),
)

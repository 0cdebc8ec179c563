"""Residents: who is in the house, where they sleep, and what waits for each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.base import Area
from shelter_desk.desk.residents import (
    FoundLine,
    NoteSearched,
    RosterLine,
    roster,
    search,
)
from shelter_desk.desk.shelter import BedLine, beds
from shelter_desk.domain.people import folded
from shelter_desk.domain.staff import May
from shelter_desk.ui.due_text import span_text
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, column, fill, fixed, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Avatar,
    Button,
    Card,
    Chip,
    EmptyNote,
    FlowLayout,
    Label,
    Pill,
    Scroll,
    SearchBox,
    SectionHeader,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_WEEKS_FROM, _MONTHS_FROM = timedelta(days=21), timedelta(days=91)
_DAYS_OF_A_MONTH = 30.44
_OPEN_ITEMS = 5  # the last column of the table
_TABLE_MARGINS = (1, 4, 1, 4)


class ResidentsPage(PageView):
    """The table of the house. Typing filters it, Enter opens a resident."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._lines: tuple[RosterLine, ...] = ()
        self.filter = SearchBox(self.tr("Filter by name, code or bed"))
        fixed(self.filter, width=280)
        self.filter.searched.connect(self._show)
        self.filter.returnPressed.connect(self._enter)
        self.initials = Chip(self.tr("Initials only"))
        self.initials.clicked.connect(self._hide_names)
        self.left_button = Button(self.tr("Look among those who left"), "search")
        self.left_button.clicked.connect(self._look)
        self.new = Button(self.tr("New arrival"), "door-open")
        self.new.clicked.connect(self._new)
        self.table = self._roster_table()
        self.left = self._left_table()
        self.beds_head = SectionHeader(self.tr("Beds tonight"), icon="bed")
        self._build()
        areas = Area.RESIDENTS | Area.DUE | Area.SHELTER
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
        self._beds = [bed for bed in self._shared.ask(beds) if bed.is_active]
        self._show_all()

    def _show_all(self) -> None:
        self.initials.setChecked(theme().settings.initials_only)
        self._show()
        self._show_beds()
        free = sum(bed.called is None for bed in self._beds)
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

    def _show_beds(self) -> None:
        while (item := self._bed_flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for bed in self._beds:
            self._bed_flow.addWidget(self._bed_tile(bed))
        used = sum(bed.called is not None for bed in self._beds)
        words = self.tr("{0} of {1} used").format(used, len(self._beds))
        self.beds_head.remark.setText(words)

    def _bed_tile(self, bed: BedLine) -> QWidget:
        who = row(Pill(self.tr("free")), STRETCH)
        if bed.called is not None:
            name = shown_name(bed.called)
            who = row(Avatar(name, 26), (Label(name), 1), spacing=6)
        fixed(who, height=26)
        tile = column(Label(bed.name, "caption-strong"), who, STRETCH, spacing=4)
        fixed(tile, width=150, height=54)
        return tile

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

    def _hide_names(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        theme().apply(replace(theme().settings, initials_only=on))

    def _build(self) -> None:
        self.empty = EmptyNote("", icon="users")
        table_card = Card(self.table, self.empty, margins=_TABLE_MARGINS)
        self._left_head = SectionHeader(self.tr("Not in the house now"), icon="history")
        self._left_card = Card(self._left_head, self.left)
        beds_box = QWidget()
        self._bed_flow = FlowLayout(12, beds_box)
        tools = QWidget()
        flow = FlowLayout(10, tools)
        for part in (self.filter, self.initials, self.left_button, self.new):
            flow.addWidget(part)
        self.new.setVisible(self._shared.may(May.INTAKE))
        beds_card = Card(self.beds_head, beds_box, spacing=8)
        page = column(table_card, self._left_card, beds_card, STRETCH, spacing=10)
        fill(QVBoxLayout(self), (tools, (Scroll(page), 1)), spacing=10, margins=PAGE_MARGINS)

    def _roster_table(self) -> Table[RosterLine]:
        columns = (
            Column[RosterLine](
                self.tr("Resident"),
                lambda line: shown_name(line.called),
                width=140,
                stretch=True,
                avatar=True,
                below=lambda line: line.case_code,
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
                self.tr("Resident"),
                lambda line: shown_name(line.called),
                width=180,
                stretch=True,
                avatar=True,
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
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Who is in the house, in which bed, and what waits for them. Enter opens a "
        "record. Names can be shown as initials.",
    ),
)

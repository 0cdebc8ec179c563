"""Shift log: what was seen and done, line by line; about nobody, one or several residents."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk.base import Area
from shelter_desk.desk.residents import record, roster
from shelter_desk.desk.shift_log import LinesWanted, ShiftLine, one_line, shift_lines
from shelter_desk.desk.shift_paper import ShiftPaper, shift_paper
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.reports.shift_log import shift_log_pdf
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.picker import Picker
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.chips import flowing
from shelter_desk.ui.shift.line_form import ABOUT, LineForm
from shelter_desk.ui.shift.sheets import LineSheet, ask_basis
from shelter_desk.ui.shift.words import LINE, people_of, remark_of, state_of, what_of
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import (
    Button,
    Card,
    EmptyNote,
    Scroll,
    SegmentedControl,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_DAYS = {"3": 3, "30": 30, "365": 365}


class ShiftLogPage(PageView):
    """A line is written above, the log stands below; of everybody, or of one resident."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._was_left = True
        self.paper: Paper = RealPaper()
        self.form = LineForm(shared, self._model)
        self.whose = Picker(self.tr("Whose lines"))
        spans = (("3", self.tr("3 days")), ("30", self.tr("30 days")), ("365", self.tr("A year")))
        self.span = SegmentedControl(spans, self.tr("How far back"))
        self.span.set_value("3")
        self.print = Button(self.tr("Print for this resident…"), "printer")
        self.table = self._make_table()
        self.none = EmptyNote(self.tr("No line in this time."), icon="book-open")
        self._entry = Card(self.form, margins=(14, 12, 14, 10))
        tools = flowing((self.whose, self.span, self.print), spacing=10)
        self._list = Card(tools, self.table, self.none, margins=(12, 10, 12, 8))
        inner = column(self._entry, self._list, STRETCH, spacing=10)
        fill(QVBoxLayout(self), (Scroll(inner),), margins=PAGE_MARGINS)
        self._entry.setVisible(shared.may(May.WRITE_CARE))
        self._connect()
        shared.refresh_on(Area.SHIFT | Area.RESIDENTS, self._refresh, self)

    def open_subject(self, subject: str) -> None:
        """Show the lines of a stay; after `ABOUT` begin a line about it, after `LINE` open one."""
        if subject.startswith(ABOUT):
            self.form.start(subject.removeprefix(ABOUT))
            self._was_left = True  # the keyboard goes to the line, not to the list
            return
        if subject.startswith(LINE):
            line = self._shared.ask(one_line, line_id=subject.removeprefix(LINE))
            QTimer.singleShot(0, self, partial(self._open, line))  # once the page is there
            return
        self._offer(subject)
        self._refresh()

    def leaving(self) -> None:
        self.form.put_away()
        self._was_left = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        QTimer.singleShot(0, self, self._start)

    def _start(self) -> None:
        if not self.isVisible() or not self._was_left:
            return  # after a lock, or under a sheet, somebody goes on where they were
        self._was_left = False
        if self._shared.may(May.WRITE_CARE):
            self.form.focus_first()

    def _connect(self) -> None:
        self.whose.activated.connect(self._refresh)
        self.span.chosen.connect(self._refresh)
        self.table.opened.connect(self._open)
        self.print.clicked.connect(self._print)
        theme().changed.connect(self._restyled)  # names may show as initials from now on

    def _restyled(self) -> None:
        if self.isVisible():
            self._refresh()

    def _offer(self, stay_id: str) -> None:
        now = self._shared.now()
        lines = self._shared.ask(roster, now=now)
        people = {line.stay_id: shown_name(line.called) for line in lines}
        if stay_id and stay_id not in people:
            found = self._shared.ask(record, stay_id=stay_id, now=now)
            people[stay_id] = shown_name(found.called)
        self.whose.offer([("", self.tr("Everybody")), *people.items()])
        self.whose.choose(stay_id)

    def _wanted(self) -> LinesWanted:
        now = self._shared.now()
        since = now - timedelta(days=_DAYS[self.span.value()])
        return LinesWanted(since, now + timedelta(seconds=1), self.whose.code() or None)

    def _refresh(self) -> None:
        self._offer(self.whose.code())
        self.form.offer_people()
        lines = self._shared.ask(shift_lines, wanted=self._wanted())
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.none.setVisible(not lines)
        one = bool(self.whose.code()) and self._shared.may(May.WRITE_CARE)
        self.print.setVisible(one)
        self.titled.emit(self.tr("Shift log"), self.whose.currentText() if one else "")

    def _open(self, line: ShiftLine) -> None:
        sheet = LineSheet(self, self._shared, self._model, line)
        sheet.open_over(self, sheet.leave)

    def _print(self) -> None:
        try:
            self._paper()  # closed to some: said before anything is recorded
        except DeskError as error:
            self._shared.tell(error)
            return
        ask_basis(self, self._shared, self._model, self.whose.code(), self._make_paper)

    def _make_paper(self, basis: str) -> None:
        shared, model, found = self._shared, self._model, self._paper()
        words = model.label("incident-report-basis", basis)
        work = partial(shift_log_pdf, found, basis=words, model=model, zone=shared.zone)
        shared.jobs.run(self, work, self._show_paper, shared.tell)

    def _paper(self) -> ShiftPaper:
        wanted, stay_id = self._wanted(), self.whose.code()
        return self._shared.ask(
            shift_paper, stay_id=stay_id, since=wanted.since, until=wanted.until
        )

    def _show_paper(self, pdf: bytes) -> None:
        sheet = PaperSheet(self.tr("Shift log of one resident"), pdf, self.paper)
        sheet.open_over(self, sheet.print)

    def _make_table(self) -> Table[ShiftLine]:
        model, zone = self._model, self._shared.zone
        columns = (
            Column[ShiftLine](
                self.tr("When"), lambda line: show_moment(line.happened_at, zone), width=180
            ),
            Column[ShiftLine](self.tr("Whom"), people_of, width=150),
            Column[ShiftLine](
                self.tr("What"),
                lambda line: what_of(line, model),
                width=280,
                stretch=True,
                below=lambda line: remark_of(line, zone),
            ),
            Column[ShiftLine](
                self.tr("Mark"),
                lambda line: state_of(line)[0],
                width=110,
                tone=lambda line: state_of(line)[1],
            ),
            Column[ShiftLine](self.tr("Written by"), lambda line: line.who, width=110),
        )
        return Table[ShiftLine](
            columns,
            self.tr("Lines of the shift log"),
            key=lambda line: line.line_id,
            row_height=50,
            fit=True,
        )


PAGE = Page(
    order=22,
    title=QT_TRANSLATE_NOOP("pages", "Shift log"),
    icon="book-open",
    needs=May.READ_RECORDS,
    build=ShiftLogPage,
    touched=("shift-line", "handoff.print", "list.copy"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Lines about the house or residents. Numbers choose residents, letters the everyday "
        "words, T types a few words of your own, M marks what the next shift must know, Enter "
        "writes. A correction keeps the former line. Choose a resident to print only theirs.",
    ),
)

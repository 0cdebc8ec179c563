"""The service log: what was given on some days, to whom, by whom; found, summed and corrected."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.base import Area
from shelter_desk.desk.roster import record, roster
from shelter_desk.desk.service_log import EntryLine, LogFilter, LogSums, log_lines, log_sums
from shelter_desk.domain.staff import May
from shelter_desk.ui.calendar.words import midnight, monday_of, week_words
from shelter_desk.ui.dates import show_day, show_long_day, show_time
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.log_entry import open_entry
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.picker import Picker
from shelter_desk.ui.scale import STRETCH, column, fill, fixed
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import (
    Button,
    Card,
    Chip,
    EmptyNote,
    FlowLayout,
    IconButton,
    Label,
    Scroll,
    SegmentedControl,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP, counted

DAY, WEEK, MONTH = "day", "week", "month"
MOST = 300
_FUNDER, _BY = 3, 5  # columns of the table that a narrow window has no room for


class ServiceLogPage(PageView):
    """The lines of a day, a week or a month. Enter opens one, L writes one."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self.at = shared.today()
        self._stay_id = ""
        self._lines: tuple[EntryLine, ...] = ()
        self._make_tools()
        self.table = self._make_table()
        self.nothing = EmptyNote(self.tr("Nothing is written down here."), icon="notebook-pen")
        self.sums = Label("", "muted", wrap=True)
        card = Card(self.table, self.nothing, margins=(1, 4, 1, 4))
        inside = Scroll(column(card, STRETCH))
        parts = (self._tools(), self.sums, (inside, 1))
        fill(QVBoxLayout(self), parts, spacing=8, margins=PAGE_MARGINS)
        self._connect()
        shared.refresh_on(Area.SERVICE_LOG | Area.RESIDENTS, self._refresh, self)
        theme().changed.connect(self._show)  # names may show as initials from now on

    def open_subject(self, subject: str) -> None:
        """Show the month of one stay."""
        self._stay_id = subject
        if subject:
            self.period.set_value(MONTH)
        self._refresh()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        for column_left_out in (_FUNDER, _BY):
            self.table.setColumnHidden(column_left_out, narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        QTimer.singleShot(0, self, self._start)

    def wanted(self) -> LogFilter:
        """Return which lines are wanted."""
        first, last = self._days()
        zone = self._shared.zone
        return LogFilter(
            midnight(first, zone),
            midnight(last + timedelta(days=1), zone),
            stay_id=self.whose.code() or None,
            service_id=self.service.code() or None,
            staff_id=self._shared.staff.public_id if self.mine.isChecked() else None,
        )

    def _days(self) -> tuple[date, date]:
        at = self.at
        if self.period.value() == DAY:
            return at, at
        if self.period.value() == WEEK:
            return monday_of(at), monday_of(at) + timedelta(days=6)
        first = at.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def _start(self) -> None:
        focused = self.window().focusWidget()
        if self.isVisible() and (focused is None or not self.isAncestorOf(focused)):
            self.table.setFocus()

    def _refresh(self) -> None:
        self._offer_people()
        wanted = self.wanted()
        self._lines = self._shared.ask(log_lines, wanted=wanted, limit=MOST)
        self.sums.setText(self._sum_words(self._shared.ask(log_sums, wanted=wanted)))
        self.titled.emit(self.tr("Service log"), self._period_words())
        self._show()

    def _show(self) -> None:
        self.table.show_lines(self._lines)
        if self._lines and self.table.line() is None:
            self.table.selectRow(0)
        self.table.setVisible(bool(self._lines))
        self.nothing.setVisible(not self._lines)

    def _offer_people(self) -> None:
        lines = self._shared.ask(roster, now=self._shared.now())
        people = [(one.stay_id, f"{shown_name(one.called)}  ·  {one.case_code}") for one in lines]
        if self._stay_id and self._stay_id not in dict(people):
            found = self._shared.ask(record, stay_id=self._stay_id, now=self._shared.now())
            people.append((self._stay_id, f"{shown_name(found.called)}  ·  {found.case_code}"))
        self.whose.offer([("", self.tr("Everyone")), *people])
        self.whose.choose(self._stay_id)

    def _period_words(self) -> str:
        first, last = self._days()
        if self.period.value() == DAY:
            return show_long_day(first)
        if self.period.value() == WEEK:
            return week_words(first)
        return f"{show_day(first)} – {show_day(last)}"

    def _sum_words(self, sums: LogSums) -> str:
        hours, minutes = divmod(sums.minutes, 60)
        parts = (
            counted(sums.entries, self.tr("1 entry"), self.tr("{0} entries")),
            counted(sums.residents, self.tr("1 resident"), self.tr("{0} residents")),
            self.tr("{0} h {1} min").format(hours, minutes),
            counted(sums.units, self.tr("provided once"), self.tr("provided {0} times")),
        )
        found = "  ·  ".join(parts)
        if sums.entries > MOST:
            found += "  ·  " + self.tr("the newest {0} are shown").format(MOST)
        return found

    def _make_tools(self) -> None:
        periods = ((DAY, self.tr("Day")), (WEEK, self.tr("Week")), (MONTH, self.tr("Month")))
        self.period = SegmentedControl(periods, self.tr("How many days"))
        self.period.set_value(DAY)
        self.before = IconButton("arrow-left", self.tr("Earlier"))
        self.after = IconButton("arrow-right", self.tr("Later"))
        self.now = Button(self.tr("Today"))
        self.whose, self.service = Picker(self.tr("Whose")), Picker(self.tr("Service"))
        services = [(one.id, one.name) for one in self._model.services.values()]
        self.service.offer([("", self.tr("All services")), *services])
        fixed(self.whose, width=200)
        fixed(self.service, width=220)
        self.mine = Chip(self.tr("Given by me"))
        self.new = Button(self.tr("Log a service"), "clipboard-check")

    def _tools(self) -> QWidget:
        tools = QWidget()
        flow = FlowLayout(8, tools)
        parts = (self.period, self.before, self.now, self.after, self.whose, self.service)
        for part in (*parts, self.mine, self.new):
            flow.addWidget(part)
        self.new.setVisible(self._shared.may(May.WRITE_CARE))
        return tools

    def _connect(self) -> None:
        self.period.chosen.connect(self._refresh)
        self.before.clicked.connect(self._earlier)
        self.after.clicked.connect(self._later)
        self.now.clicked.connect(self._this_day)
        self.whose.activated.connect(self._choose_whose)
        self.service.activated.connect(self._refresh)
        self.mine.clicked.connect(self._refresh)
        self.new.clicked.connect(self._new)
        self.table.opened.connect(self._open)
        keys = (("L", self._new), ("PgUp", self._earlier), ("PgDown", self._later))
        for name, slot in (*keys, ("T", self._this_day)):
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _choose_whose(self) -> None:
        self._stay_id = self.whose.code()
        self._refresh()

    def _earlier(self) -> None:
        self.at = self._days()[0] - timedelta(days=1)
        self._refresh()

    def _later(self) -> None:
        self.at = self._days()[1] + timedelta(days=1)
        self._refresh()

    def _this_day(self) -> None:
        self.at = self._shared.today()
        self._refresh()

    def _new(self) -> None:
        if self._shared.may(May.WRITE_CARE):
            self._shared.go("log_service", self._stay_id)

    def _open(self, line: EntryLine) -> None:
        open_entry(self, self._shared, self._model, line)

    def _make_table(self) -> Table[EntryLine]:
        columns = (
            Column[EntryLine](self.tr("When"), self._when, width=130),
            Column[EntryLine](
                self.tr("Resident"),
                lambda line: shown_name(line.called),
                width=170,
                avatar=True,
                below=lambda line: line.case_code,
            ),
            Column[EntryLine](
                self.tr("Service"),
                lambda line: line.service,
                width=220,
                stretch=True,
                below=self._marks,
            ),
            Column[EntryLine](self.tr("Funder"), self._paid, width=110),
            Column[EntryLine](self.tr("How long"), self._amount, width=130),
            Column[EntryLine](self.tr("Given by"), lambda line: line.who, width=130),
        )
        return Table[EntryLine](
            columns,
            self.tr("Service log"),
            key=lambda line: line.entry_id,
            row_height=50,
            fit=True,
        )

    def _when(self, line: EntryLine) -> str:
        zone = self._shared.zone
        at = show_time(line.given_at, zone)
        if self.period.value() == DAY:
            return at
        day = show_day(line.given_at.astimezone(zone).date(), weekday=True)
        return f"{day.rpartition(' ')[0]}, {at}"

    def _marks(self, line: EntryLine) -> str:
        marks = [self.tr("corrected")] if line.is_correction else []
        if line.group_key:
            marks.append(self.tr("given to a group"))
        return "  ·  ".join([*marks, *([line.note] if line.note else [])])

    def _paid(self, line: EntryLine) -> str:
        return " ".join(part for part in (line.voca_code, line.funder_name) if part)

    def _amount(self, line: EntryLine) -> str:
        words = self.tr("{0} min, {1} times") if line.units > 1 else self.tr("{0} min")
        return words.format(line.minutes, line.units)


PAGE = Page(
    order=32,
    title=QT_TRANSLATE_NOOP("pages", "Service log"),
    icon="notebook-pen",
    needs=May.READ_RECORDS,
    build=ServiceLogPage,
    touched=("service", "list.copy"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "What was given, to whom, when and how long. L writes a line, Enter opens one to "
        "correct it or take it back. A correction keeps what was there before, and sums use "
        "the newest.",
    ),
)

"""Calendar: the appointments of a week, and what is not settled about them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.desk.appointing import MoveAppointment
from shelter_desk.desk.appointments import AppointmentLine, agenda
from shelter_desk.desk.base import Area
from shelter_desk.desk.bed_holds import NotePrinted
from shelter_desk.domain.staff import May
from shelter_desk.reports.week_paper import week_pdf
from shelter_desk.ui.calendar.appointment_sheet import open_appointment
from shelter_desk.ui.calendar.asks import CalendarAsks
from shelter_desk.ui.calendar.week import Week, nine_o_clock
from shelter_desk.ui.calendar.words import (
    WEEK,
    hours,
    lacking,
    midnight,
    monday_of,
    state_tone,
    state_words,
    week_words,
    who_goes,
)
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill, fixed
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import (
    Button,
    Card,
    EmptyNote,
    FlowLayout,
    IconButton,
    Label,
    PrimaryButton,
    Scroll,
    SegmentedControl,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_WEEKS_OF_LIST = 4
_WEEK, _LIST = "week", "list"


class CalendarPage(PageView):
    """The week. N plans an appointment, Enter opens one, Page Up and Page Down turn the weeks."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._was_left = True
        self._lines: tuple[AppointmentLine, ...] = ()
        self.asks = CalendarAsks(self, shared, self._model)
        self.first = monday_of(shared.today())
        self.before = IconButton("arrow-left", self.tr("The week before"))
        self.after = IconButton("arrow-right", self.tr("The week after"))
        self.now = Button(self.tr("This week"))
        self.paper: Paper = RealPaper()
        self.print = Button(self.tr("Print the week…"), "printer")
        self.new = PrimaryButton(self.tr("New appointment"), "calendar-plus")
        ways = ((_WEEK, self.tr("Week")), (_LIST, self.tr("List")))
        self.way = SegmentedControl(ways, self.tr("Shown as"))
        self.way.set_value(_WEEK)
        self.week, self.table = Week(shared.zone), self._make_table()
        self.nothing = EmptyNote(self.tr("Nothing is planned."), icon="calendar-days")
        self._parts = QStackedWidget()
        self._parts.addWidget(Scroll(self.week))
        self._list_card = Card(self.table, self.nothing, margins=(1, 4, 1, 4))
        self._parts.addWidget(Scroll(column(self._list_card, STRETCH)))
        words = self.tr(
            "N = new  ·  Enter = open  ·  Alt+arrow = move  ·  Page Up, Page Down = week"
        )
        self._keys = Label(words, "caption")
        fixed(self._keys, height=34)
        fill(QVBoxLayout(self), (self._tools(), (self._parts, 1)), margins=PAGE_MARGINS)
        self._connect()
        areas = Area.CALENDAR | Area.RESIDENTS | Area.STAFF
        shared.refresh_on(areas, self._refresh, self)
        theme().changed.connect(self._show)  # names may show as initials from now on

    def open_subject(self, subject: str) -> None:
        """Show the week of a day, such as "2026-03-12"."""
        if subject:
            self.first = monday_of(date.fromisoformat(subject))
            self._refresh()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        self.week.set_narrow(narrow=narrow)
        self._keys.setVisible(not narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        QTimer.singleShot(0, self, self._start)

    def leaving(self) -> None:
        self._was_left = True

    def turn(self, weeks: int) -> None:
        """Show another week; the keyboard stays on the day of the week that it is on."""
        day = self.week.day_with_focus()
        self.first += weeks * WEEK
        self._refresh()
        if day is not None:
            self.week.focus_day(day + weeks * WEEK)

    def _start(self) -> None:
        if not self.isVisible() or not self._was_left:
            return  # after a lock, or under a sheet, somebody goes on where they were
        self._was_left = False
        if self.way.value() == _LIST:
            self.table.setFocus()
        else:
            today = self._shared.today()
            self.week.focus_day(today if self.first == monday_of(today) else self.first)

    def _refresh(self) -> None:
        zone, weeks = self._shared.zone, _WEEKS_OF_LIST if self.way.value() == _LIST else 1
        since = midnight(self.first, zone)
        until = midnight(self.first + weeks * WEEK, zone)
        self._lines = self._shared.ask(agenda, since=since, until=until)
        self.titled.emit(self.tr("Calendar"), week_words(self.first, weeks))
        self._show()

    def _show(self) -> None:
        lines = self._lines
        may_write = self._shared.may(May.WRITE_CARE)
        if self.way.value() == _LIST:
            self.table.show_lines(lines)
            self.table.setVisible(bool(lines))
            self.nothing.setVisible(not lines)
        else:
            self.week.show_week(self.first, lines, self._shared.today(), may_write=may_write)

    def _tools(self) -> QWidget:
        tools = QWidget()
        flow = FlowLayout(8, tools)
        for part in (
            self.before,
            self.now,
            self.after,
            self.way,
            self.new,
            self.print,
            self._keys,
        ):
            flow.addWidget(part)
        self.new.setVisible(self._shared.may(May.WRITE_CARE))
        return tools

    def _connect(self) -> None:
        self.before.clicked.connect(self._week_before)
        self.after.clicked.connect(self._week_after)
        self.now.clicked.connect(self._this_week)
        self.new.clicked.connect(self._new)
        self.print.clicked.connect(self._print)
        self.way.chosen.connect(self._show_way)
        self.week.opened.connect(self._open)
        self.week.wanted.connect(self._plan_on)
        self.week.moved.connect(self._move)
        self.table.opened.connect(self._open)
        keys = (
            ("N", self._new),
            ("T", self._this_week),
            ("PgUp", self._week_before),
            ("PgDown", self._week_after),
        )
        for name, slot in keys:
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _week_before(self) -> None:
        self.turn(-1)

    def _week_after(self) -> None:
        self.turn(1)

    def _this_week(self) -> None:
        self.first = monday_of(self._shared.today())
        self._refresh()
        self.week.focus_day(self._shared.today())

    def _show_way(self, way: str) -> None:
        self._parts.setCurrentIndex(1 if way == _LIST else 0)
        self._refresh()

    def _new(self) -> None:
        today = self._shared.today()
        in_week = self.first <= today < self.first + WEEK
        self._plan_on(self.week.day_with_focus() or (today if in_week else self.first))

    def _plan_on(self, day: date) -> None:
        if self._shared.may(May.WRITE_CARE):
            self.asks.plan(nine_o_clock(day, self._shared.now(), self._shared.zone))

    def _move(self, line: AppointmentLine, days: int) -> None:
        """Move an appointment by days: it keeps its hour on the wall, whatever the clocks do."""
        begins = line.starts_at.astimezone(self._shared.zone)
        day = begins.date() + timedelta(days=days)
        at = datetime.combine(day, begins.time(), self._shared.zone)
        said = self.tr("Moved to {0}").format(show_day(day, weekday=True))
        if self._shared.attempt(MoveAppointment(line.appointment_id, at), said=said) is not None:
            self.first = monday_of(day)
            self._refresh()
            self.week.focus_appointment(line.appointment_id)

    def _print(self) -> None:
        """Lay the week that is shown on paper, by case codes; that it was made is written down."""
        zone, first = self._shared.zone, self.first
        since, until = midnight(first, zone), midnight(first + WEEK, zone)
        lines = self._shared.ask(agenda, since=since, until=until)
        residents = len({line.stay_id for line in lines})
        if self._shared.attempt(NotePrinted("week", residents)) is not None:
            work = partial(week_pdf, lines, first=first, zone=zone)
            self._shared.jobs.run(self, work, self._show_paper, self._shared.tell)

    def _show_paper(self, pdf: bytes) -> None:
        sheet = PaperSheet(self.tr("Week of the house"), pdf, self.paper)
        sheet.open_over(self, sheet.print)

    def _open(self, line: AppointmentLine) -> None:
        open_appointment(self, self._shared, self._model, line)

    def _make_table(self) -> Table[AppointmentLine]:
        zone = self._shared.zone

        def day(line: AppointmentLine) -> str:
            return show_day(line.starts_at.astimezone(zone).date(), weekday=True)

        columns = (
            Column[AppointmentLine](
                self.tr("When"), day, width=190, below=lambda line: hours(line, zone)
            ),
            Column[AppointmentLine](
                self.tr("Resident"), lambda line: shown_name(line.called), width=180, avatar=True
            ),
            Column[AppointmentLine](
                self.tr("What"),
                lambda line: line.kind_name,
                width=200,
                stretch=True,
                below=lambda line: ", ".join(lacking(line)),
            ),
            Column[AppointmentLine](self.tr("Who goes along"), who_goes, width=190),
            Column[AppointmentLine](self.tr("State"), state_words, width=110, tone=state_tone),
        )
        return Table[AppointmentLine](
            columns,
            self.tr("Appointments"),
            key=lambda line: line.appointment_id,
            row_height=54,
            fit=True,
        )


PAGE = Page(
    order=30,
    title=QT_TRANSLATE_NOOP("pages", "Calendar"),
    icon="calendar-days",
    needs=May.READ_RECORDS,
    build=CalendarPage,
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Appointments and court dates, week by week. Arrow keys go from day to day, N plans "
        "one, Enter opens one, and Alt with an arrow key, or dragging it, moves one to another "
        "day. A court date brings its tasks into the plan, with their days, "
        "and they move when it moves.",
    ),
)

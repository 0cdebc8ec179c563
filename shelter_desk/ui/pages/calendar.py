"""Calendar: the appointments of a week, and all that is dated on a day, in order of time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.desk.appointing import MoveAppointment
from shelter_desk.desk.appointments import AppointmentLine, agenda
from shelter_desk.desk.base import Area
from shelter_desk.desk.dated import Dated
from shelter_desk.domain.staff import May
from shelter_desk.ui.calendar.agenda_table import appointment_table
from shelter_desk.ui.calendar.appointment_sheet import open_appointment
from shelter_desk.ui.calendar.asks import CalendarAsks
from shelter_desk.ui.calendar.day import DayList, dated_on, where_it_is_done
from shelter_desk.ui.calendar.on_paper import CalendarPaper
from shelter_desk.ui.calendar.week import Week, nine_o_clock
from shelter_desk.ui.calendar.words import (
    WEEK,
    midnight,
    monday_of,
    week_words,
)
from shelter_desk.ui.dates import show_day, show_long_day
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.scale import STRETCH, column, fill, fixed
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.theme import theme
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
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_WEEKS_OF_LIST = 4
_WEEK, _DAY, _LIST = "week", "day", "list"
_WAYS = (_WEEK, _DAY, _LIST)
_ONE_DAY = timedelta(days=1)


class CalendarPage(PageView):
    """The week, or a day. N plans an appointment, Enter opens one, Page Up and Page Down turn."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._was_left = True
        self._lines: tuple[AppointmentLine, ...] = ()
        self._dated: tuple[Dated, ...] = ()
        self.asks = CalendarAsks(self, shared, self._model)
        self.day, self.first = shared.today(), monday_of(shared.today())
        self.before, self.after = IconButton("arrow-left", ""), IconButton("arrow-right", "")
        self.now = Button("")
        self.papers = CalendarPaper(self, shared)
        self.print = Button("", "printer")
        self.new = PrimaryButton(self.tr("New appointment"), "calendar-plus")
        ways = ((_WEEK, self.tr("Week")), (_DAY, self.tr("Day")), (_LIST, self.tr("List")))
        self.way = SegmentedControl(ways, self.tr("Shown as"))
        self.way.set_value(_WEEK)
        self.week, self.table = Week(shared.zone), appointment_table(shared.zone)
        self.nothing = EmptyNote(self.tr("Nothing is planned."), icon="calendar-days")
        self._parts = QStackedWidget()
        self.of_day = DayList(shared)
        self._parts.addWidget(Scroll(self.week))
        self._parts.addWidget(Scroll(column(self.of_day, STRETCH)))
        self._list_card = Card(self.table, self.nothing, margins=(1, 4, 1, 4))
        self._parts.addWidget(Scroll(column(self._list_card, STRETCH)))
        words = self.tr(
            "N = new  ·  Enter = open  ·  D = day, W = week  ·  Alt+arrow = move  ·  "
            "Page Up, Page Down = turn"
        )
        self._keys = Label(words, "caption")
        fixed(self._keys, height=34)
        fill(QVBoxLayout(self), (self._tools(), (self._parts, 1)), margins=PAGE_MARGINS)
        self._connect()
        self._name_buttons()
        areas = Area.CALENDAR | Area.RESIDENTS | Area.STAFF
        areas |= Area.DUE | Area.CARE | Area.MISSING | Area.INCIDENTS
        shared.refresh_on(areas, self._refresh, self)
        theme().changed.connect(self._show)  # names may show as initials from now on

    def open_subject(self, subject: str) -> None:
        """Show the week of a day, such as "2026-03-12"; a day by itself as "day:2026-03-12"."""
        if subject:
            way, _, day = subject.rpartition(":")
            self._go_to(date.fromisoformat(day))
            if way == _DAY:
                self.way.set_value(_DAY)
                self._show_way(_DAY)

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        self.week.set_narrow(narrow=narrow)
        self.of_day.set_narrow(narrow=narrow)
        self._keys.setVisible(not narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        QTimer.singleShot(0, self, self._start)

    def leaving(self) -> None:
        self._was_left = True

    def turn(self, weeks: int) -> None:
        """Show another week, the keyboard on the same day of it; or another day by itself."""
        if self.way.value() == _DAY:
            self._go_to(self.day + weeks * _ONE_DAY)
            return
        day = self.week.day_with_focus()
        self._go_to((day or self.first) + weeks * WEEK)
        if day is not None:
            self.week.focus_day(day + weeks * WEEK)

    def _start(self) -> None:
        if not self.isVisible() or not self._was_left:
            return  # after a lock, or under a sheet, somebody goes on where they were
        self._was_left = False
        if self.way.value() == _LIST:
            self.table.setFocus()
        elif self.way.value() == _DAY:
            self.of_day.start()
        else:
            today = self._shared.today()
            self.week.focus_day(today if self.first == monday_of(today) else self.first)

    def _go_to(self, day: date) -> None:
        self.day, self.first = day, monday_of(day)
        self._refresh()

    def _refresh(self) -> None:
        if self.way.value() == _DAY:
            self._dated = dated_on(self._shared, self.day)
            self.titled.emit(self.tr("Calendar"), show_long_day(self.day))
            self.of_day.show_lines(self._dated)
            return
        zone, weeks = self._shared.zone, _WEEKS_OF_LIST if self.way.value() == _LIST else 1
        since = midnight(self.first, zone)
        until = midnight(self.first + weeks * WEEK, zone)
        self._lines = self._shared.ask(agenda, since=since, until=until)
        self.titled.emit(self.tr("Calendar"), week_words(self.first, weeks))
        self._show()

    def _show(self) -> None:
        if self.way.value() == _DAY:
            self.of_day.show_lines(self._dated)
            return
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
        ways = (self.before, self.now, self.after, self.way)
        for part in (*ways, self.new, self.print, self._keys):
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
        self.of_day.opened.connect(self._open_dated)
        keys = (
            ("N", self._new),
            ("T", self._this_week),
            ("D", partial(self._choose_way, _DAY)),
            ("W", partial(self._choose_way, _WEEK)),
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
        self._go_to(self._shared.today())
        self.week.focus_day(self._shared.today())

    def _choose_way(self, way: str) -> None:
        self.way.set_value(way)
        self._show_way(way)

    def _show_way(self, way: str) -> None:
        day = self.week.day_with_focus()
        if way == _DAY and day is not None:
            self.day = day  # the one that has the keyboard
        self._parts.setCurrentIndex(_WAYS.index(way))
        self._name_buttons()
        self._refresh()
        if way == _DAY:
            self.of_day.start()
        elif way == _WEEK:
            self.week.focus_day(self.day)

    def _name_buttons(self) -> None:
        is_day = self.way.value() == _DAY
        self.now.setText(self.tr("Today") if is_day else self.tr("This week"))
        self.print.setText(self.tr("Print the day…") if is_day else self.tr("Print the week…"))
        names = (self.tr("The week before"), self.tr("The week after"))
        if is_day:
            names = (self.tr("The day before"), self.tr("The day after"))
        for button, name in zip((self.before, self.after), names, strict=True):
            button.setAccessibleName(name)
            button.setToolTip(name)

    def _new(self) -> None:
        if self.way.value() == _DAY:
            self._plan_on(self.day)
            return
        today = self._shared.today()
        in_week = self.first <= today < self.first + WEEK
        self._plan_on(self.week.day_with_focus() or (today if in_week else self.first))

    def _plan_on(self, day: date) -> None:
        if self._shared.may(May.WRITE_CARE):
            at = nine_o_clock(day, self._shared.now(), self._shared.zone)
            self.asks.plan(at, planned=self._show_appointment)

    def _show_appointment(self, appointment_id: str, at: datetime) -> None:
        self._go_to(at.astimezone(self._shared.zone).date())
        # The sheet gives the keyboard back first, to a day that may be gone.
        QTimer.singleShot(0, self, partial(self.week.focus_appointment, appointment_id))

    def _move(self, line: AppointmentLine, days: int) -> None:
        """Move an appointment by days: it keeps its hour on the wall, whatever the clocks do."""
        begins = line.starts_at.astimezone(self._shared.zone)
        day = begins.date() + timedelta(days=days)
        at = datetime.combine(day, begins.time(), self._shared.zone)
        said = self.tr("Moved to {0}").format(show_day(day, weekday=True))
        if self._shared.attempt(MoveAppointment(line.appointment_id, at), said=said) is not None:
            self._show_appointment(line.appointment_id, at)

    def _print(self) -> None:
        if self.way.value() == _DAY:
            self.papers.day(self.day)
        else:
            self.papers.week(self.first)

    def _open_dated(self, line: Dated) -> None:
        if isinstance(line.what, AppointmentLine):
            self._open(line.what)
        else:
            self._shared.go(*where_it_is_done(line))

    def _open(self, line: AppointmentLine) -> None:
        open_appointment(self, self._shared, self._model, line)


PAGE = Page(
    order=30,
    title=QT_TRANSLATE_NOOP("pages", "Calendar"),
    icon="calendar-days",
    needs=May.READ_RECORDS,
    build=CalendarPage,
    touched=("appointment", "house.print", "list.copy"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Appointments and court dates, week by week; D shows a day by itself with all that is "
        "dated on it, today with what is overdue. Arrow keys go from day to day, N plans "
        "one, Enter opens one, and Alt with an arrow key, or dragging it, moves one to another "
        "day. A court date brings its tasks into the plan, with their days, "
        "and they move when it moves.",
    ),
)

"""Incidents: the list, and one incident with its clocks, its report and what follows."""

from __future__ import annotations

from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.incident_lines import Incident, IncidentLine
from shelter_desk.desk.incident_paper import incident_paper
from shelter_desk.desk.incident_record import incidents, whole_incident
from shelter_desk.desk.incident_report import CloseIncident
from shelter_desk.desk.incidents import RemovePerson, StepDone, WithdrawIncident
from shelter_desk.desk.missing_record import NoticeLine, missing_board
from shelter_desk.desk.telling import TakeBackNotice
from shelter_desk.domain.errors import DeskError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.reports.incident_report import incident_report_pdf
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.in_sight import bring_into_sight
from shelter_desk.ui.incidents.sheets import IncidentAsks
from shelter_desk.ui.incidents.view import IncidentView
from shelter_desk.ui.incidents.words import state_of, types_of
from shelter_desk.ui.missing.sheets import Asks
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import (
    Card,
    EmptyNote,
    PrimaryButton,
    Scroll,
    SectionHeader,
    Table,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

NEW = "new"
"""The subject that asks at once what happened."""


class IncidentsPage(PageView):
    """The list, and one incident over it."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._incident_id = ""
        self._found: Incident | None = None
        self.paper: Paper = RealPaper()
        self.start = PrimaryButton(self.tr("Incident…"), "plus")
        self.table = Table[IncidentLine](
            self._columns(shared.zone), self.tr("Incidents"), key=_incident_id, fit=True
        )
        self.none = EmptyNote(self.tr("No incident is written down."), icon="sprout")
        self.view = IncidentView(shared, self._model)
        self.asks = IncidentAsks(self, shared, self._model)
        self.tells = Asks(self, shared, self._model)
        self.stack = QStackedWidget()
        self.list = self._list()
        for part in (self.list, self.view):
            self.stack.addWidget(part)
        fill(QVBoxLayout(self), (self.stack,), margins=PAGE_MARGINS)
        self._connect()
        shared.refresh_on(Area.INCIDENTS | Area.RESIDENTS, self._refresh, self)

    def open_subject(self, subject: str) -> None:
        """Open an incident; or ask what happened."""
        if subject == NEW:
            self.asks.start(self.open)
        else:
            self.open(subject)

    def open(self, incident_id: str) -> None:
        """Show one incident."""
        self._incident_id = incident_id
        self._refresh()
        self.view.notices.focus_next()

    def show_own_history(self) -> bool:
        """Go down to who did what about the incident that lies open."""
        is_open = self.stack.currentWidget() is self.view
        if is_open:
            bring_into_sight(self.view.trail)
        return is_open

    def leaving(self) -> None:
        """Keep what is typed; the next visit begins with the list."""
        self.view.report.form.flush()
        self._show_list()

    def chosen_again(self) -> None:
        """Show the list."""
        self.leaving()
        self._focus_list()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        self.view.set_narrow(narrow=narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        if self.list.isVisible() and not self.list.isAncestorOf(self.window().focusWidget()):
            self._focus_list()

    def _focus_list(self) -> None:
        first = self.table if self.table.isVisible() else self.start
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self.start.clicked.connect(self._start)
        shortcut = QShortcut(QKeySequence("N"), self.list)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._start)
        self.table.opened.connect(self._open_line)
        self.view.wanted.connect(self._act)
        self.view.notices.wanted.connect(self._notice)
        theme().changed.connect(self._restyled)  # names may show as initials from now on

    def _restyled(self) -> None:
        if self.isVisible():
            self._refresh()

    def _start(self) -> None:
        self.asks.start(self.open)

    def _open_line(self, line: IncidentLine) -> None:
        self.open(line.incident_id)

    def _show_list(self) -> None:
        self._incident_id, self._found = "", None
        self._refresh()

    def _refresh(self) -> None:
        title = self.tr("Incidents")
        if not self._incident_id:
            lines = self._shared.ask(incidents)
            self.table.show_lines(lines)
            self.table.setVisible(bool(lines))
            self.none.setVisible(not lines)
            self.stack.setCurrentWidget(self.list)
            self.titled.emit(title, "")
            return
        try:
            found = self._shared.ask(whole_incident, incident_id=self._incident_id)
        except DeskError as error:
            self._show_list()
            self._shared.tell(error)
            return
        self._found = found
        board = self._shared.ask(missing_board, now=self._shared.now())
        readers = self._model.record_classes["investigation"].readers
        may_close = bool(set(readers) & set(self._shared.staff.roles))
        self.view.show_incident(found, board.at, may_close=may_close)
        self.stack.setCurrentWidget(self.view)
        self.titled.emit(title, types_of(found.line, self._model))

    def _act(self, what: str, subject: str) -> None:
        shared, incident_id = self._shared, self._incident_id
        if what == "person":
            self.asks.person(incident_id)
        elif what == "step":
            self.asks.step(incident_id)
        elif what == "remove":
            shared.attempt(RemovePerson(subject), said=self.tr("Removed"))
        elif what == "done":
            shared.attempt(StepDone(subject), said=self.tr("Done"))
        elif what == "close":
            self._close()
        elif what == "mistake":
            shared.attempt(WithdrawIncident(incident_id), said=self.tr("Taken back"))
        else:
            self._go_on(what, subject)

    def _close(self) -> None:
        self.view.report.form.flush()
        if self.view.report.waits:
            self.view.say_not_closed(self.tr("The report has words that are not saved yet."))
            self.view.report.save.setFocus()
            return
        left = self._found.still_open if self._found is not None else ()
        if left:
            self.view.report.show_needed(left)
            self.view.say_not_closed(self.tr("The report above still needs answers."))
            return
        said, why = self.tr("The incident is closed"), self._not_closed
        command = CloseIncident(self._incident_id)
        if self._shared.attempt(command, said=said, invalid=why) is not None:
            self.view.to_list.setFocus()  # the button that was pressed is gone

    def _not_closed(self, problems: tuple[Problem, ...]) -> None:
        self.view.say_not_closed(" ".join(one.message for one in problems))

    def _go_on(self, what: str, subject: str) -> None:
        if what == "list":
            self.chosen_again()
        elif what == "paper":
            self.asks.paper(self._incident_id, subject or None, self._make_paper)
        elif what == "absence" and self._found is not None:
            self._shared.go("missing", self._found.episode_id or "")

    def _make_paper(self, basis: str, for_stay: str | None) -> None:
        found = self._shared.ask(incident_paper, incident_id=self._incident_id, for_stay=for_stay)
        words = self._model.label("incident-report-basis", basis)
        zone = self._shared.zone
        work = partial(incident_report_pdf, found, basis=words, model=self._model, zone=zone)
        self._shared.jobs.run(self, work, self._show_paper, self._shared.tell)

    def _show_paper(self, pdf: bytes) -> None:
        sheet = PaperSheet(self.tr("Incident report"), pdf, self.paper)
        sheet.open_over(self, sheet.print)

    def _notice(self, what: str, line: object) -> None:
        notice = cast("NoticeLine", line)
        if what != "back":
            ask = self.tells.told if what == "tell" else self.tells.reason
            ask(notice).closed.connect(self.view.notices.focus_next)
        else:
            said = self.tr("It is owed again")
            self._shared.attempt(TakeBackNotice(notice.notice_id), said=said)

    def _list(self) -> QWidget:
        head = SectionHeader(self.tr("Incidents"), self.start, icon="clipboard-list")
        return Scroll(column(Card(head, self.table, self.none), STRETCH))

    def _columns(self, zone: ZoneInfo) -> tuple[Column[IncidentLine], ...]:
        model = self._model

        def place(line: IncidentLine) -> str:
            return model.label("incident-places", line.place)

        return (
            Column(self.tr("What"), lambda line: types_of(line, model), width=260, stretch=True),
            Column(self.tr("Learned of"), lambda one: show_moment(one.found_at, zone), width=190),
            Column(self.tr("Place"), place, width=160),
            Column(self.tr("Reported by"), lambda line: line.reported_by, width=140),
            Column(self.tr("State"), _state, width=160, tone=lambda line: state_of(line)[1]),
        )


def _state(line: IncidentLine) -> str:
    return state_of(line)[0]


def _incident_id(line: IncidentLine) -> str:
    return line.incident_id


PAGE = Page(
    order=45,
    title=QT_TRANSLATE_NOOP("pages", "Incidents"),
    icon="clipboard-list",
    needs=May.WRITE_CARE,
    build=IncidentsPage,
    touched=("incident", "notice"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "N writes down what happened, in codes; who must be told by when follows from it. Enter "
        "opens an incident: its clocks, its report in eleven parts, and what follows.",
    ),
)

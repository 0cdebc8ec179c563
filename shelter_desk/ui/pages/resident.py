"""One resident: the plan of a stay, what happened, the details, and who opened the record."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout

from shelter_desk.desk import Area
from shelter_desk.desk.care import EndPhase, StartPhase
from shelter_desk.desk.history import history
from shelter_desk.desk.plan import StayPlan, stay_plan
from shelter_desk.desk.residents import NoteOpened, ReopenStay, ResidentRecord, record
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.ui.calendar.soon import StaySoonCard
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.log_sheet import open_log_sheet
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.stay.details import Details
from shelter_desk.ui.stay.event_sheet import open_event_sheet
from shelter_desk.ui.stay.funder_sheet import ask_funder_answers, ask_house_answers
from shelter_desk.ui.stay.head import StayHead
from shelter_desk.ui.stay.paper_choice import ask_paper
from shelter_desk.ui.stay.plan import PlanView
from shelter_desk.ui.stay.same_person import SamePerson, ask_join
from shelter_desk.ui.stay.sheets import (
    ask_bed,
    ask_correct_arrival,
    ask_correct_exit,
    ask_exit,
    ask_planned_exit,
)
from shelter_desk.ui.stay.timeline import Changes, Happened, Timeline
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import (
    Card,
    Columns,
    EmptyNote,
    Label,
    SectionHeader,
    SegmentedControl,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_SHOWS = Area.RESIDENTS | Area.CARE | Area.DUE | Area.SERVICE_LOG
_TABS = ("plan", "timeline", "details", "history")


class ResidentPage(PageView):
    """The page of one stay. Opening it is an act that is recorded; nothing shows before that."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._stay_id = ""
        self._noted = False
        self._stale = False
        self._record: ResidentRecord | None = None
        self.paper: Paper = RealPaper()
        self.head, self.same = StayHead(shared), SamePerson(shared)
        labels = (self.tr("Plan"), self.tr("Timeline"), self.tr("Details"), self.tr("History"))
        self.tabs = SegmentedControl(tuple(zip(_TABS, labels, strict=True)), self.tr("Part"))
        self.tabs.set_value("plan")
        self.plan = PlanView(shared, self._model)
        self.happened, self.know = Happened(shared), Label("", wrap=True)
        self.know_card = Card(
            SectionHeader(self.tr("Good to know"), icon="heart-handshake"), self.know
        )
        self.soon = StaySoonCard(shared)
        side = column(self.know_card, self.soon, self.happened, spacing=10)
        self.columns = Columns(self.plan, side)
        self.timeline, self.details = Timeline(shared), Details(shared)
        self.changes = Changes(shared)
        self._parts = QStackedWidget()
        for part in (self.columns, self.timeline, self.details, self.changes):
            self._parts.addWidget(part)
        # It scrolls: where the page has too little room, this gives way and not the head.
        self._parts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.nobody = EmptyNote(self.tr("Choose a resident from the list."), icon="users")
        self._whole = column(
            self.head, self.same, row(self.tabs, STRETCH), (self._parts, 1), spacing=10
        )
        fill(QVBoxLayout(self), (self.nobody, (self._whole, 1)), margins=PAGE_MARGINS)
        self._whole.hide()
        self._connect()
        shared.refresh_on(_SHOWS, self._changed, self)

    def open_subject(self, subject: str) -> None:
        """Open a stay, and record that it was opened."""
        if subject == self._stay_id and self._noted:
            return
        self.details.flush()
        self._show_nobody()
        if self._shared.attempt(NoteOpened(subject)) is None:
            return
        self._stay_id, self._noted = subject, True
        self.show_part("plan")
        self._refresh()

    def show_own_history(self) -> bool:
        """Show the part of the page that says so."""
        self.show_part("history")
        self.changes.table.setFocus()
        return True

    def leaving(self) -> None:
        """Whoever comes back has opened the record again."""
        self.details.flush()
        self._noted = False

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        self.columns.set_narrow(narrow)
        self.head.set_narrow(narrow=narrow)

    def show_part(self, part: str) -> None:
        """Show the plan, the timeline, the details or the history."""
        self.tabs.set_value(part)
        self._parts.setCurrentIndex(_TABS.index(part))
        if part == "history" and self._stay_id:
            self.changes.show_stay(self._stay_id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()
        if self.tabs.value() == "plan":
            QTimer.singleShot(0, self, self.plan.focus_first)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.show_part)
        self.head.wanted.connect(self._act)
        self.happened.more_wanted.connect(self._show_timeline)
        theme().changed.connect(self._changed)  # names may show as initials from now on
        for keys in ("L", "Ctrl+Return"):
            log = QShortcut(QKeySequence(keys), self)
            log.activated.connect(self.head.log.click)
        event = QShortcut(QKeySequence("E"), self)
        event.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        event.activated.connect(self.head.happened.click)

    def _show_nobody(self) -> None:
        self._stay_id, self._noted, self._record = "", False, None
        self._whole.hide()
        self.nobody.show()
        self.titled.emit(QCoreApplication.translate("pages", "Residents"), "")

    def _changed(self) -> None:
        if self.isVisible():
            self._refresh()
        else:
            self._stale = True

    def _refresh(self) -> None:
        self._stale = False
        if not self._stay_id:
            return
        now, stay_id = self._shared.now(), self._stay_id
        try:
            found = self._shared.ask(record, stay_id=stay_id, now=now)
            plan = self._shared.ask(stay_plan, stay_id=stay_id, now=now)
        except DeskError as error:
            self._show_nobody()
            self._shared.tell(error)
            return
        self._show(found, plan)

    def _show(self, found: ResidentRecord, plan: StayPlan) -> None:
        self._record = found
        overdue = sum(service.overdue for service in plan.services)
        self.head.show_record(found, plan.phases, overdue)
        self.same.show_record(found)
        self.plan.show_plan(plan)
        lines = self._shared.ask(history, stay_id=found.stay_id, until=self._shared.now())
        self.happened.show_lines(lines)
        self.soon.show_stay(found.stay_id)
        self.timeline.show_lines(lines)
        self.details.show_record(found)
        know = self.same.good_to_know(found)
        self.know.setText(know)
        self.know_card.setVisible(bool(know))
        if self.tabs.value() == "history":
            self.changes.show_stay(found.stay_id)
        self.nobody.hide()
        self._whole.show()
        self.titled.emit(
            QCoreApplication.translate("pages", "Residents"), shown_name(found.called)
        )

    def _show_timeline(self) -> None:
        self.show_part("timeline")

    def _act(self, what: str) -> None:
        stay, shared, model = self._record, self._shared, self._model
        if stay is None:
            return
        if what.startswith("phase:"):
            self._turn_phase(what.removeprefix("phase:"))
            return
        acts: dict[str, Callable[[], object]] = {
            "log": self._log,
            "event": partial(open_event_sheet, self, shared, model, stay.stay_id),
            "exit": partial(ask_exit, self, shared, model, stay),
            "plan-exit": partial(ask_planned_exit, self, shared, stay),
            "bed": partial(ask_bed, self, shared, stay),
            "papers": partial(ask_paper, self, shared, self.paper, stay),
            "service-log": partial(shared.go, "service_log", stay.stay_id),
            "funders": partial(ask_funder_answers, self, shared, model, stay),
            "house-answers": partial(ask_house_answers, self, shared, model, stay),
            "correct-arrival": partial(ask_correct_arrival, self, shared, stay),
            "correct-exit": partial(ask_correct_exit, self, shared, model, stay),
            "reopen": self._reopen,
            "same": partial(ask_join, self, shared, stay),
        }
        acts[what]()

    def _log(self) -> None:
        open_log_sheet(self, self._shared, self._stay_id, self.plan.ticked_last)
        self.plan.ticked_last = ""

    def _reopen(self) -> None:
        said = self.tr("The exit is taken back")
        self._shared.attempt(ReopenStay(self._stay_id), said=said)

    def _turn_phase(self, phase_id: str) -> None:
        is_open = any(phase.is_open for phase in self.head.phases if phase.phase_id == phase_id)
        name = self._model.phases[phase_id].name
        if is_open:
            command: object = EndPhase(self._stay_id, phase_id)
            said = self.tr("Phase “{0}” ended").format(name)
        else:
            command = StartPhase(self._stay_id, phase_id)
            said = self.tr("Phase “{0}” begun").format(name)
        self._shared.attempt(command, said=said)


PAGE = Page(
    order=25,
    title=QT_TRANSLATE_NOOP("pages", "Resident"),
    icon="user",
    needs=May.READ_RECORDS,
    build=ResidentPage,
    touched=(
        "resident",
        "stay",
        "item",
        "service",
        "phase",
        "contact",
        "paper.disclose",
        "paper.resident",
        "release",
        "rating",
    ),
    in_rail=False,
    home="residents",
    help=QT_TRANSLATE_NOOP(
        "pages",
        "One young person: the plan with its services, what happened, their details, "
        "and the history of every change. Opening this page is written into the audit "
        "trail, because they have a right to know who looked.",
    ),
)

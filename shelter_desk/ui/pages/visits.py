"""Audit visits: who comes and when, what they would find, and who settles it before."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area
from shelter_desk.desk.visit_check import KINDS, Point, pre_check
from shelter_desk.desk.visits import EndVisit, VisitLine, visits
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.history_sheet import HistorySheet, open_history
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.visits.findings import FindingsCard
from shelter_desk.ui.visits.grid import document_items, grid_paper
from shelter_desk.ui.visits.points import points_table
from shelter_desk.ui.visits.seat_sheet import ask_seat
from shelter_desk.ui.visits.sheets import HERE, ask_here, ask_owner, ask_visit
from shelter_desk.ui.visits.words import kind_words, scope_words, state_words
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    DropDown,
    EmptyNote,
    FieldFrame,
    FlowLayout,
    Label,
    PrimaryButton,
    Scroll,
    SectionHeader,
    confirm,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_ALL = ""
_AREAS = Area.CUSTODY | Area.DUE | Area.CARE | Area.INCIDENTS | Area.STAFF


class VisitsPage(PageView):
    """One visit at a time: its facts, the open points of its pre-check, who settles them."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self._visits: tuple[VisitLine, ...] = ()
        self.points: tuple[Point, ...] = ()
        self.visit, self.kind = DropDown(self.tr("Visit")), DropDown(self.tr("Show"))
        self.plan = PrimaryButton(self.tr("Plan a visit"), "calendar-plus")
        self.here = Button(self.tr("Here unannounced…"), "door-open")
        self.change = Button(self.tr("Change…"), "pencil")
        self.held = Button(self.tr("It was held"), "check")
        self.cancel = Button(self.tr("It will not take place…"), "ban", kind="ghost")
        self.give = Button(self.tr("Give what is shown to a colleague…"), "user-plus")
        self.about, self.soon = Label("", "muted", wrap=True), Banner("", Tone.INFO)
        self.grid = Button(self.tr("Completeness grid…"), "printer")
        self.paper: Paper = RealPaper()
        self._documents = document_items(shared)
        self.seat = Button(self.tr("Let an inspector look…"), "eye")
        self.pack = Button(self.tr("Make their pack…"), "package-check")
        self.history = Button(self.tr("Who did what…"), "history", kind="ghost")
        self.table = points_table(shared)
        self.none = EmptyNote(
            self.tr("Nothing is open in the time they look at."), icon="circle-check"
        )
        self.findings = FindingsCard(shared)
        self._arrange()
        self.visit.currentIndexChanged.connect(self._look)
        self.kind.currentIndexChanged.connect(self._filter)
        self.plan.clicked.connect(self._plan)
        self.here.clicked.connect(self._here)
        self.change.clicked.connect(self._change)
        self.held.clicked.connect(partial(self._end, "held"))
        self.cancel.clicked.connect(self._cancel)
        self.give.clicked.connect(self._give_shown)
        self.seat.clicked.connect(self._seat)
        self.pack.clicked.connect(self._pack)
        self.grid.clicked.connect(self._make_grid)
        self.history.clicked.connect(self._history)
        self.table.opened.connect(self._give_one)
        shared.refresh_on(_AREAS, self._refresh, self)

    def open_subject(self, subject: str) -> None:
        """Show the visit of this public id; `HERE` asks who stands at the door."""
        if subject == HERE:
            self._here()
            return
        self.visit.setCurrentIndex(max(0, self.visit.findData(subject)))

    @property
    def chosen(self) -> VisitLine | None:
        """Return the visit shown, or None while there is none."""
        place = self.visit.currentIndex()
        return self._visits[place] if 0 <= place < len(self._visits) else None

    @property
    def shown(self) -> tuple[Point, ...]:
        """Return the points shown."""
        kind = self.kind.currentData() or _ALL
        return tuple(one for one in self.points if kind in (_ALL, one.kind))

    def _arrange(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(8, buttons)
        ways = (self.grid, self.pack, self.seat, self.change, self.held, self.cancel, self.history)
        for button in ways:
            flow.addWidget(button)
        self.history.setVisible(self._shared.may(May.READ_AUDIT))
        cannot = self.tr(
            "Not kept in these records, so not looked at: policies on paper, and what the checks "
            "of staff say. What is closed to you is not looked at either."
        )
        self._choice = Card(FieldFrame(self.tr("Visit"), self.visit), self.about, buttons)
        head = SectionHeader(self.tr("What they would find"), icon="list-checks")
        which = column(FieldFrame(self.tr("Show"), self.kind), row(self.give, STRETCH))
        not_kept = Label(cannot, "caption", wrap=True)
        self._found = Card(head, which, self.table, self.none, not_kept)
        self._empty = Card(EmptyNote(self.tr("No visit is planned."), icon="calendar-days"))
        inside = (self._choice, self.soon, self.findings, self._found, self._empty, STRETCH)
        parts = ((Scroll(column(*inside, spacing=12)), 1), row(STRETCH, self.here, self.plan))
        fill(QVBoxLayout(self), parts, spacing=12, margins=PAGE_MARGINS)

    def _refresh(self) -> None:
        before = self.chosen
        self._visits = self._shared.ask(visits)
        self.visit.blockSignals(True)  # noqa: FBT003 - Qt's own call
        self.visit.clear()
        for one in self._visits:
            words = self.tr("{0}, {1} ({2})")
            name = words.format(show_day(one.visit_on), one.agency, state_words(one.state))
            self.visit.addItem(name, one.visit_id)
        kept = self.visit.findData(before.visit_id) if before else self._next()
        self.visit.setCurrentIndex(max(0, kept) if self._visits else -1)
        self.visit.blockSignals(False)  # noqa: FBT003 - Qt's own call
        self._look()

    def _next(self) -> int:
        """Return the place of the planned visit that comes first."""
        planned = [at for at, one in enumerate(self._visits) if one.state == "planned"]
        return planned[-1] if planned else 0

    def _look(self) -> None:
        chosen = self.chosen
        is_planned = chosen is not None and chosen.state == "planned"
        for part in (self._choice, self._found):
            part.setVisible(chosen is not None)
        self._empty.setVisible(chosen is None)
        for button in (self.change, self.seat, self.held, self.cancel, self.give):
            button.setVisible(is_planned)
        self.soon.setVisible(is_planned)
        self.findings.show_visit(chosen)
        if chosen is None:
            return
        words = self.tr("{0}. Ground: {1}. They look at {2} to {3}.")
        days = (show_day(chosen.since_on), show_day(chosen.until_on))
        self.about.setText(words.format(scope_words(chosen.scope), chosen.authority, *days))
        now = self._shared.now()
        self.points = self._shared.ask(
            pre_check, visit_id=chosen.visit_id, now=now, documents=self._documents
        )
        self._say_when(chosen)
        self._offer_kinds()
        self._filter()

    def _say_when(self, visit: VisitLine) -> None:
        today = self._shared.today()
        if today < visit.check_from:
            words = self.tr("The time to go through these points begins on {0}.")
            self.soon.say(words.format(show_day(visit.check_from)), Tone.INFO)
        elif today <= visit.visit_on:
            days = (visit.visit_on - today).days
            words = self.tr("They come in {0} days.")
            if days <= 1:
                words = self.tr("They come tomorrow.") if days else self.tr("They come today.")
            free = sum(one.owner is None for one in self.points)
            if days and free:
                words += " " + self.tr("Give each point to somebody.")
            self.soon.say(words.format(days), Tone.WARN if free or not days else Tone.INFO)
        else:
            self.soon.say(self.tr("The day of this visit has passed. Was it held?"), Tone.WARN)

    def _offer_kinds(self) -> None:
        kept, counted = self.kind.currentData(), Counter(one.kind for one in self.points)
        self.kind.blockSignals(True)  # noqa: FBT003 - Qt's own call
        self.kind.clear()
        self.kind.addItem(self.tr("Everything ({0})").format(len(self.points)), _ALL)
        for kind in KINDS:
            if counted[kind]:
                self.kind.addItem(f"{kind_words(kind)} ({counted[kind]})", kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kept)))
        self.kind.blockSignals(False)  # noqa: FBT003 - Qt's own call

    def _filter(self) -> None:
        self.table.show_lines(self.shown)
        self.table.setVisible(bool(self.points))
        self.none.setVisible(not self.points)
        self.give.setEnabled(bool(self.shown))

    def _plan(self) -> None:
        ask_visit(self, self._shared, planned=self.open_subject)

    def _here(self) -> None:
        ask_here(self, self._shared, self._arrived)

    def _arrived(self, visit_id: str) -> None:
        self.open_subject(visit_id)
        self._seat()

    def _change(self) -> None:
        if self.chosen is not None:
            ask_visit(self, self._shared, self.chosen)

    def _end(self, state: str) -> None:
        if self.chosen is not None:
            said = self.tr("The visit is {0}").format(state_words(state))
            self._shared.attempt(EndVisit(self.chosen.visit_id, state), said=said)

    def _cancel(self) -> None:
        confirm(
            self,
            title=self.tr("The visit will not take place"),
            text=self.tr("It stays in the list as cancelled, and nobody is reminded any more."),
            action=self.tr("Cancel the visit"),
            on_yes=partial(self._end, "cancelled"),
        )

    def _make_grid(self) -> None:
        if self.chosen is not None:
            self.grid.setEnabled(False)
            work = partial(grid_paper, self._shared, self.chosen)
            self._shared.jobs.run(self, work, self._show_grid, self._no_grid)

    def _show_grid(self, pdf: bytes) -> None:
        self.grid.setEnabled(True)
        sheet = PaperSheet(self.tr("Completeness of records"), pdf, self.paper)
        sheet.open_over(self, sheet.print)

    def _no_grid(self, error: Exception) -> None:
        self.grid.setEnabled(True)
        self._shared.tell(error)

    def _history(self) -> None:
        if self.chosen is not None:
            kinds, records = ("visit", "finding"), (self.chosen.visit_id,)
            sheet = HistorySheet(self._shared, self.chosen.agency, kinds, records)
            open_history(self, sheet)

    def _seat(self) -> None:
        if self.chosen is not None:
            ask_seat(self, self._shared, self.chosen, self._shared.seat_wanted.emit)

    def _pack(self) -> None:
        if self.chosen is not None:
            self._shared.go("audit_pack", self.chosen.visit_id)

    def _give_shown(self) -> None:
        if self.chosen is not None and self.shown:
            ask_owner(self, self._shared, self.chosen, self.shown)

    def _give_one(self, line: Point) -> None:
        if self.chosen is not None and self.chosen.state == "planned":
            ask_owner(self, self._shared, self.chosen, (line,))


PAGE = Page(
    order=132,
    title=QT_TRANSLATE_NOOP("pages", "Audit visit"),
    icon="file-search",
    needs=May.EXPORT,
    build=VisitsPage,
    touched=("visit", "finding", "seat", "sample"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Plan a visit weeks ahead and go through what an auditor would find: documents that are "
        "missing, what is overdue or not signed, consents that ran out. Give each point to "
        "somebody, with a day. When they are here, announced or not, they can look on this screen "
        "at the records that their dice draw, and at nothing else.",
    ),
)

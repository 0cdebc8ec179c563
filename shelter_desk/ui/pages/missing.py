"""Missing from care: who is missing now, one episode with its clocks, the log of the year."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import cast

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from shelter_desk.desk import Area
from shelter_desk.desk.incident_record import incident_of
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import StartMissing, WithdrawMissing
from shelter_desk.desk.missing_moot import CloseMoot
from shelter_desk.desk.missing_record import (
    Episode,
    EpisodeLine,
    NoticeLine,
    absences,
    episode,
    episodes_of,
    missing_board,
)
from shelter_desk.desk.missing_return import CloseMissing
from shelter_desk.desk.notices import contact_rules
from shelter_desk.desk.police_sheet import police_sheet_facts
from shelter_desk.desk.residents import NoteOpened, record, roster
from shelter_desk.desk.telling import TakeBackNotice
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.incidents import LEFT
from shelter_desk.domain.missing_cards import ReturnTalk
from shelter_desk.domain.staff import May
from shelter_desk.reports.absence_log import absence_log_pdf
from shelter_desk.reports.police_sheet import police_sheet_pdf
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.missing.overview import Overview
from shelter_desk.ui.missing.sheets import Asks
from shelter_desk.ui.missing.view import EpisodeView
from shelter_desk.ui.missing.who import WhoSheet
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.stay.paper_choice import RETURN_PAPER, ask_paper
from shelter_desk.ui.theme import theme
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_TICK_MS = 15_000
_NOT_KNOWN = "not-known"
SOMEONE = "someone"
"""The subject that asks at once who cannot be found."""


class MissingPage(PageView):
    """Opening an episode is recorded, as opening any record is."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._episode_id, self._noted = "", ""
        self._found: Episode | None = None
        self.overview = Overview(shared)
        self.view = EpisodeView(shared, self._model)
        self.asks = Asks(self, shared, self._model)
        self.paper: Paper = RealPaper()
        self.stack = QStackedWidget()
        for part in (self.overview, self.view):
            self.stack.addWidget(part)
        fill(QVBoxLayout(self), (self.stack,), margins=PAGE_MARGINS)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._connect()
        shared.refresh_on(Area.MISSING | Area.RESIDENTS, self._refresh, self)

    def open_subject(self, subject: str) -> None:
        """Open an episode; or ask who cannot be found."""
        if subject == SOMEONE:
            self.ask_who(self._shared.now())
        else:
            self._open(subject)

    def leaving(self) -> None:
        """Keep what is typed. Whoever comes back opens the episode again."""
        self.view.card.form.flush()
        self._noted = ""
        self._show_overview()

    def chosen_again(self) -> None:
        """Show who is missing, and who was."""
        self.leaving()

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        self.view.set_narrow(narrow=narrow)

    def ask_who(self, discovered_at: datetime) -> WhoSheet:
        """Ask who cannot be found. The clock starts at the moment given, not at the answer."""
        people = self._shared.ask(roster, now=discovered_at)
        sheet = WhoSheet(self._shared, people, discovered_at)
        self._discovered_at = discovered_at
        sheet.chosen.connect(self._start)
        sheet.open_over(self, sheet.buttons[0] if sheet.buttons else sheet.leave)
        return sheet

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _connect(self) -> None:
        self.overview.start_wanted.connect(self._someone)
        self.overview.opened.connect(self._open)
        self.overview.print_wanted.connect(self._ask_log)
        self.view.wanted.connect(self._act)
        self.view.notices.wanted.connect(self._notice)
        self.view.again.wanted.connect(self._notice)
        self.view.search.wanted.connect(self._look)
        self.view.tries.wanted.connect(self._look)
        self.view.rules.wanted.connect(self._rule)
        self.view.earlier.opened.connect(self._open)
        theme().changed.connect(self._restyled)  # names may show as initials from now on

    def _tick(self) -> None:
        if self.isVisible() and self._found is not None and self._episode_id:
            board = self._shared.ask(missing_board, now=self._shared.now())
            self.view.tick(self._found, board.at)

    def _restyled(self) -> None:
        if self.isVisible():
            self._refresh()

    def _someone(self) -> None:
        self.ask_who(self._shared.now())

    def _start(self, stay_id: str) -> None:
        command = StartMissing(stay_id, self._discovered_at)
        said = self.tr("The clock runs. Look first, then call.")
        done = self._shared.attempt(command, said=said)
        if done is not None:
            self._open(done.subject)
            self._next_notice()  # who is to be called first has the keyboard

    def _open(self, episode_id: str) -> None:
        self._episode_id = episode_id
        self._refresh()
        if self._found is not None and self._noted != episode_id:
            noted = NoteOpened(self._found.line.stay_id, "missing")
            if self._shared.attempt(noted) is None:
                self._show_overview()
                return
            self._noted = episode_id

    def _show_overview(self) -> None:
        self._episode_id, self._found = "", None
        self._refresh()

    def _refresh(self) -> None:
        board = self._shared.ask(missing_board, now=self._shared.now())
        if not self._episode_id:
            self.overview.show_board(board)
            self.stack.setCurrentWidget(self.overview)
            self.titled.emit(self.tr("Missing from care"), "")
            return
        try:
            found = self._shared.ask(episode, episode_id=self._episode_id)
        except DeskError as error:
            self._show_overview()
            self._shared.tell(error)
            return
        self._found = found
        stay_id = found.line.stay_id
        rules = self._shared.ask(contact_rules, stay_id=stay_id)
        self.view.show_episode(found, rules, board.at)
        earlier = self._shared.ask(episodes_of, stay_id=stay_id)
        self.view.earlier.show_lines(earlier, self._episode_id, board.at)
        self.stack.setCurrentWidget(self.view)
        self.titled.emit(self.tr("Missing from care"), shown_name(found.line.called))

    def _act(self, what: str) -> None:
        found = self._found
        if found is None:
            return
        line = found.line
        if what == "back":
            sheet = self.asks.back(line.episode_id, shown_name(line.called))
            sheet.closed.connect(self._hold_keyboard)
        elif what == "talk":
            self.asks.talk(line.episode_id, found.talk or ReturnTalk())
        elif what == "sheet":
            self.asks.police_sheet(line.episode_id, self._make_sheet)
        else:
            self._act_on(what, line)

    def _act_on(self, what: str, line: EpisodeLine) -> None:
        shared = self._shared
        if what == "discovery":
            self.asks.discovery(line.episode_id, line.discovered_at)
        elif what == "resident":
            shared.go("resident", line.stay_id)
        elif what == "welcome-paper":
            stay = shared.ask(record, stay_id=line.stay_id, now=shared.now())
            ask_paper(self, shared, self.paper, stay, first=RETURN_PAPER)
        elif what == "incident":
            self._write_incident(line)
        elif what == "moot":
            said = self.tr("Closed: back safe before it was done")
            shared.attempt(CloseMoot(line.episode_id), said=said)
        elif what == "mistake":
            said = self.tr("The clock is taken back")
            shared.attempt(WithdrawMissing(line.episode_id), said=said)
        else:
            said = self.tr("Closed. Everything has an answer.")
            shared.attempt(CloseMissing(line.episode_id), said=said)

    def _write_incident(self, line: EpisodeLine) -> None:
        """Open the incident report of this absence; begin it when there is none."""
        shared, begun = self._shared, line.discovered_at
        incident_id = shared.ask(incident_of, episode_id=line.episode_id)
        if incident_id is None:
            command = StartIncident(
                (LEFT,), begun, begun, _NOT_KNOWN, (line.stay_id,), line.episode_id
            )
            done = shared.attempt(command)
            if done is None:
                return
            incident_id = done.subject
        shared.go("incidents", incident_id)

    def _make_sheet(self, basis: str) -> None:
        shared = self._shared
        facts = shared.ask(police_sheet_facts, episode_id=self._episode_id, now=shared.now())
        words = self._model.label("police-sheet-basis", basis)
        work = partial(police_sheet_pdf, facts, basis=words, zone=shared.zone)
        shared.jobs.run(self, work, self._show_sheet, shared.tell)

    def _ask_log(self, year: int) -> None:
        found = self._shared.ask(absences, year=year)
        self.asks.log_of(year, tuple(one.line.episode_id for one in found), self._make_log)

    def _make_log(self, year: int, basis: str) -> None:
        shared, model = self._shared, self._model
        found = shared.ask(absences, year=year)
        words = model.label("incident-report-basis", basis)
        zone = shared.zone
        work = partial(absence_log_pdf, year, found, basis=words, model=model, zone=zone)
        shared.jobs.run(self, work, self._show_log, shared.tell)

    def _show_sheet(self, pdf: bytes) -> None:
        self._show_paper(self.tr("Facts sheet for the police"), pdf)

    def _show_log(self, pdf: bytes) -> None:
        self._show_paper(self.tr("Absences of the year"), pdf)

    def _show_paper(self, title: str, pdf: bytes) -> None:
        sheet = PaperSheet(title, pdf, self.paper)
        sheet.open_over(self, sheet.print)

    def _notice(self, what: str, line: object) -> None:
        notice = cast("NoticeLine", line)
        if what != "back":
            ask = self.asks.told if what == "tell" else self.asks.reason
            ask(notice).closed.connect(self._next_notice)
        else:
            said = self.tr("It is owed again")
            self._shared.attempt(TakeBackNotice(notice.notice_id), said=said)

    def _hold_keyboard(self) -> None:
        """Give the keyboard on when the button that had it is gone: they are back."""
        if self._found is not None and self._found.line.returned_at is not None:
            self._next_notice()

    def _next_notice(self) -> None:
        is_back = self._found is not None and self._found.line.returned_at is not None
        again = is_back and self.view.again.buttons  # nobody was told yet: nobody is told again
        (self.view.again if again else self.view.notices).focus_next()

    def _look(self, kind: str) -> None:
        self.asks.line(self._episode_id, kind)

    def _rule(self, person: str) -> None:
        if self._found is None:
            return
        stay_id = self._found.line.stay_id
        rules = self._shared.ask(contact_rules, stay_id=stay_id)
        self.asks.rule(stay_id, person, rules.get(person, ""))


PAGE = Page(
    order=40,
    title=QT_TRANSLATE_NOOP("pages", "Missing from care"),
    icon="siren",
    needs=May.WRITE_CARE,
    build=MissingPage,
    touched=("missing", "notice"),
)

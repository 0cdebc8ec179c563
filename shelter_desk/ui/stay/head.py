"""The head of a resident's page: who it is, where they stay, and what is done most."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy

from shelter_desk.desk.plan import PhaseLine
from shelter_desk.desk.residents import ResidentRecord
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.scale import STRETCH, column, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Avatar, Button, Card, IconButton, Label, Pill, PrimaryButton


class StayHead(Card):
    """Says `wanted` with what shall be done.

    One of: log, event, exit, plan-exit, bed, papers, service-log, funders, correct-arrival,
    correct-exit, reopen, same, or phase:<id>.
    """

    wanted = Signal(str)

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._record: ResidentRecord | None = None
        self.phases: tuple[PhaseLine, ...] = ()
        self.avatar = Avatar("", 48)
        self.name = Label("", "h1")
        self.code, self.overdue = Pill(""), Pill("", Tone.DANGER)
        self.ended = Pill("", Tone.NEUTRAL)
        for pill in (self.code, self.overdue, self.ended):  # a long name gives way, they do not
            pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.facts = Label("", "muted", wrap=True)
        self.log, self.happened = PrimaryButton("", "clipboard-check"), Button("", "flag")
        self.exit, self.more = Button("", "door-open"), IconButton("ellipsis", "")
        names = row(self.name, self.code, self.overdue, self.ended, STRETCH)
        who = row(self.avatar, (column(names, self.facts, spacing=2), 1), spacing=12)
        self._buttons = row(self.log, self.happened, self.exit, self.more)
        super().__init__((who, 1), self._buttons, across=True, margins=(16, 10, 14, 10))
        self._say()
        for button, what in ((self.log, "log"), (self.happened, "event"), (self.exit, "exit")):
            button.setProperty("what", what)
            button.clicked.connect(self._pressed)
        self.more.clicked.connect(self._offer_more)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show the buttons as icons, and leave the room to the plan."""
        self.avatar.setVisible(not narrow)
        for button, words in self._words.items():
            button.setText("" if narrow else words)
            button.updateGeometry()

    def show_record(
        self, record: ResidentRecord, phases: tuple[PhaseLine, ...], overdue: int
    ) -> None:
        """Show who it is."""
        self._record, self.phases = record, phases
        self.avatar.show_name(shown_name(record.called))
        self.name.setText(shown_name(record.called))
        self.code.say(record.case_code)
        self.overdue.say(self.tr("{0} overdue").format(overdue), Tone.DANGER)
        self.overdue.setVisible(overdue > 0)
        self.ended.say(self.tr("has left"))
        self.ended.setVisible(record.ended_at is not None)
        self.facts.setText("  ·  ".join(self._facts(record)))
        self._allow(record)
        self._keep_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    def _keep_height(self) -> None:
        """Keep the facts whole where the page has too little room: the plan below scrolls."""
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def more_menu(self) -> QMenu:
        """Return the menu of what is done less often."""
        menu, here = QMenu(self), self._record is not None and self._record.ended_at is None
        if here and self._shared.may(May.WRITE_CARE):
            self._add(menu, self.tr("Another bed…"), "bed")
            self._add(menu, self.tr("Plan a move…"), "plan-exit")
        if self._shared.may(May.WRITE_CARE):
            self._add(menu, self.tr("Papers for them…"), "papers")
        self._add(menu, self.tr("Their service log"), "service-log")
        if self._shared.may(May.INTAKE):
            menu.addSeparator()
            if self._record is not None and self._record.legal_name is not None:
                self._add(menu, self.tr("What funders ask…"), "funders")
                self._add(menu, self.tr("School and life after the stay…"), "house-answers")
            self._add(menu, self.tr("Correct the arrival…"), "correct-arrival")
            self._add(menu, self.tr("Written down twice…"), "same")
            if not here:
                self._add(menu, self.tr("Correct the exit…"), "correct-exit")
                self._add(menu, self.tr("They did not leave"), "reopen")
        if here and self._shared.may(May.WRITE_CARE):
            self._add_phases(menu)
        return menu

    def _add_phases(self, menu: QMenu) -> None:
        menu.addSeparator()
        for phase in self.phases:
            words = self.tr("End the phase “{0}”") if phase.is_open else self.tr("Begin “{0}”")
            self._add(menu, words.format(phase.name), f"phase:{phase.phase_id}")

    def _say(self) -> None:
        self._words = {
            self.log: self.tr("Log service"),
            self.happened: self.tr("Event"),
            self.exit: self.tr("Exit"),
        }
        hints = (
            self.tr("Log a service for them, Ctrl Enter"),
            self.tr("Record that something happened"),
            self.tr("Record that they leave"),
        )
        for (button, words), hint in zip(self._words.items(), hints, strict=True):
            button.setText(words)
            button.setAccessibleName(hint)
            button.setToolTip(hint)
        self.more.setAccessibleName(self.tr("More"))
        self.more.setToolTip(self.tr("More"))

    def _facts(self, record: ResidentRecord) -> list[str]:
        zone, facts = self._shared.zone, []
        if record.age is not None:
            words = self.tr("about {0} years") if record.born_is_guess else self.tr("{0} years")
            facts.append(words.format(record.age))
        facts.append(record.pronouns)
        facts.append(record.bed or self.tr("no bed"))
        facts.append(self.tr("here since {0}").format(show_moment(record.began_at, zone)))
        if record.ended_at is not None:
            facts.append(self.tr("left {0}").format(show_moment(record.ended_at, zone)))
        elif record.planned_exit_at is not None:
            planned = show_moment(record.planned_exit_at, zone)
            facts.append(self.tr("move planned {0}").format(planned))
        return [fact for fact in facts if fact]

    def _allow(self, record: ResidentRecord) -> None:
        here, shared = record.ended_at is None, self._shared
        self.log.setVisible(shared.may(May.WRITE_CARE))
        self.happened.setVisible(shared.may(May.WRITE_CARE))
        self.exit.setVisible(here and shared.may(May.INTAKE))
        self.more.setVisible(shared.may(May.WRITE_CARE))

    def _add(self, menu: QMenu, words: str, what: str) -> None:
        action = menu.addAction(words)
        action.setProperty("what", what)
        action.triggered.connect(self._pressed)

    def _pressed(self) -> None:
        self.wanted.emit(str(self.sender().property("what")))

    def _offer_more(self) -> None:
        self.more_menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

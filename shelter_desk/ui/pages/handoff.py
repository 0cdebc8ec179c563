"""Handoff: the sheet that builds itself from what changed, and the signatures of both shifts."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk.base import Area
from shelter_desk.desk.handing_over import NotePrinted
from shelter_desk.desk.handoff import handoff_sheet, handoffs
from shelter_desk.desk.handoff_lines import HandoffLine, HandoffSheet, ResidentSheet
from shelter_desk.domain.staff import May
from shelter_desk.reports.handoff import handoff_pdf
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.shift.handoff_cards import (
    FirstCard,
    HouseCard,
    ResidentCard,
    SilentCard,
)
from shelter_desk.ui.shift.signing_card import IncomingCard, OutgoingCard
from shelter_desk.ui.shift.staffing_line import StaffingLine
from shelter_desk.ui.theme import theme
from shelter_desk.ui.widgets import Banner, Button, Card, Columns, EmptyNote, Label, SectionHeader
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_AREAS = (
    Area.SHIFT
    | Area.RESIDENTS
    | Area.DUE
    | Area.CARE
    | Area.MISSING
    | Area.INCIDENTS
    | Area.CALENDAR
)
_SHOWN_BEFORE = 6


class HandoffPage(PageView):
    """The sheet at the left, the signatures at the right."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared, self._model = shared, care_model(shared)
        self._found: HandoffSheet | None = None
        self._was_left, self._is_narrow = True, False
        self.paper: Paper = RealPaper()
        self.cut = Banner("")
        self.staffing = StaffingLine()
        self.first = FirstCard(shared, self._model)
        self.cards = Pile(spacing=8)
        self.none = EmptyNote(self.tr("Nobody is in the house."), icon="house")
        self.outgoing, self.incoming = OutgoingCard(shared), IncomingCard(shared)
        self.outgoing.signed.connect(self.incoming.focus_first)
        self.print = Button(self.tr("Print the sheet…"), "printer", kind="tile")
        self.before = Pile(spacing=4)
        head = SectionHeader(self.tr("Signed before"), icon="history")
        self._before_card = Card(head, self.before, spacing=6)
        side = column(
            self.incoming, self.outgoing, Card(self.print), self._before_card, STRETCH, spacing=10
        )
        main = column(
            self.cut, self.staffing, self.first, self.cards, self.none, STRETCH, spacing=8
        )
        self.columns = Columns(main, side, side_width=310)
        fill(QVBoxLayout(self), (self.columns,), margins=PAGE_MARGINS)
        self.print.clicked.connect(self._print)
        self.incoming.named.connect(self._refresh)
        shared.refresh_on(_AREAS, self._changed, self)
        theme().changed.connect(self._changed)  # names may show as initials from now on

    def set_narrow(self, narrow: bool) -> None:  # noqa: FBT001 - a plain answer to a plain question
        self._is_narrow = narrow
        self.columns.set_narrow(narrow)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()
        QTimer.singleShot(0, self, self._start)

    def leaving(self) -> None:
        self.outgoing.form.flush()
        self._was_left = True

    def _start(self) -> None:
        if self.isVisible() and self._was_left:
            self._was_left = False
            first = self.cards.findChild(ResidentCard)
            if self._is_narrow and first is not None:  # to sign stands below: it is read first
                first.open_log.setFocus()
                return
            card = self.incoming if self.incoming.isVisible() else self.outgoing
            card.focus_first()

    def _changed(self) -> None:
        # Not while it cannot be seen: ticks on other pages come by the hundred.
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        shared = self._shared
        readers = [shared.staff.public_id]
        if self.incoming.isVisibleTo(self) and self.incoming.who.code():
            readers.append(self.incoming.who.code())
        found = shared.ask(handoff_sheet, now=shared.now(), readers=readers)
        self._found = found
        self._say_since(found)
        self.staffing.show_staffing(found.staffing)
        self.first.show_sheet(found)
        self._show_cards(found)
        self.none.setVisible(not found.residents and not found.house)
        self.outgoing.show_sheet(found)
        self.incoming.show_sheet(found)
        self._show_before()

    def _show_cards(self, found: HandoffSheet) -> None:
        """Show of whom the next shift must read, then the house, then who had a quiet time."""
        self.cards.clear()
        first, others, silent = found.folded()
        for one in first:
            self._show_card(one)
        if found.house:
            self.cards.add(HouseCard(self._model, found.house))
        for one in others:
            self._show_card(one)
        if silent:
            self.cards.add(SilentCard(silent))

    def _show_card(self, one: ResidentSheet) -> None:
        card = ResidentCard(self._shared, self._model, one)
        card.opened.connect(self._open_log)
        self.cards.add(card)

    def _say_since(self, found: HandoffSheet) -> None:
        since = show_moment(found.since, self._shared.zone)
        self.titled.emit(self.tr("Handoff"), self.tr("what changed since {0}").format(since))
        words = self.tr("The last signature is longer ago. Earlier lines are in the shift log.")
        self.cut.say(words)
        self.cut.setVisible(found.is_cut)

    def _show_before(self) -> None:
        self.before.clear()
        lines = self._shared.ask(handoffs, most=_SHOWN_BEFORE)
        for line in lines:
            self.before.add(Label(self._signed(line), "caption", wrap=True))
        self._before_card.setVisible(bool(lines))

    def _signed(self, line: HandoffLine) -> str:
        at = show_moment(line.until, self._shared.zone)
        taken = line.incoming or self.tr("nobody yet")
        return self.tr("{0}: {1} to {2}").format(at, line.outgoing, taken)

    def _open_log(self, stay_id: str) -> None:
        self._shared.go("shift_log", stay_id)

    def _print(self) -> None:
        if self._found is None:
            return
        if self._shared.attempt(NotePrinted(len(self._found.residents))) is None:
            return
        work = partial(handoff_pdf, self._found, model=self._model, zone=self._shared.zone)
        self._shared.jobs.run(self, work, self._show_paper, self._shared.tell)

    def _show_paper(self, pdf: bytes) -> None:
        sheet = PaperSheet(self.tr("Shift handoff"), pdf, self.paper)
        sheet.open_over(self, sheet.print)


PAGE = Page(
    order=23,
    title=QT_TRANSLATE_NOOP("pages", "Handoff"),
    icon="handshake",
    needs=May.READ_RECORDS,
    build=HandoffPage,
    touched=("handoff", "work.hand-over"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "What changed since you last signed, put together from the records. Who goes counts heads "
        "and signs; who comes reads, asks and signs, at their own desk or here with their own "
        "passphrase. The paper has case codes only: shred it at the end of the shift.",
    ),
)

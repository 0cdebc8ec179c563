"""Records of people who left: how long each is kept; held, taken away, put back, destroyed."""

from __future__ import annotations

from functools import partial
from typing import cast

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk import Area, Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.kept_records import KeptRecord, NoteCertificate, destruction, kept_records
from shelter_desk.desk.legal_holds import LiftHold
from shelter_desk.desk.named_alike import names_gone
from shelter_desk.desk.releasing import seconds
from shelter_desk.desk.removing import PutBack, destroy
from shelter_desk.domain.retention import BIN_DAYS, HOLD_REASONS
from shelter_desk.domain.staff import May
from shelter_desk.reports.destruction import destruction_pdf
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.drafts import care_model
from shelter_desk.ui.kept.sheets import ask_hold, ask_removal
from shelter_desk.ui.kept.words import (
    SHOWN,
    kind_that_shows,
    names_in_words,
    of_kind,
    state_of,
    state_tone,
    together,
    when_it_may_go,
)
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.paper_sheet import PaperSheet
from shelter_desk.ui.people.acting import Finished
from shelter_desk.ui.printing import Paper, RealPaper
from shelter_desk.ui.scale import STRETCH, column, fill
from shelter_desk.ui.second_sheet import SecondSheet
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import (
    Button,
    Card,
    DropDown,
    EmptyNote,
    FieldFrame,
    FlowLayout,
    Label,
    Scroll,
    Sheet,
    Table,
    announce,
    confirm,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_MINUTE_MS = 60_000


class KeptPage(PageView):
    """The schedule at work: one table, and what can be done with the record chosen in it."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.records: tuple[KeptRecord, ...] = ()
        self.kind = DropDown(self.tr("Show"))
        self.table = Table[KeptRecord](
            self._columns(),
            self.tr("Records of people who left"),
            key=_key,
            row_height=48,
            fit=True,
        )
        keep_row_height(self.table, 48)
        self.none = EmptyNote(self.tr("There is no record to show here."), icon="circle-check")
        self.hold = Button(self.tr("Keep by law…"), "lock")
        self.lift = Button(self.tr("Lift the hold…"), "lock-open")
        self.take = Button(self.tr("Take away…"), "archive")
        self.back = Button(self.tr("Put it back"), "undo-2")
        self.end = Button(self.tr("Destroy, by two people…"), "ban")
        self.paper: Paper = RealPaper()
        self.certificate = Button(self.tr("Certificate…"), "printer")
        self.about = Label("", "caption", wrap=True)
        self._arrange()
        for button, act in (
            (self.hold, self._hold),
            (self.lift, self._lift),
            (self.take, self._take),
            (self.back, self._back),
            (self.end, self._end),
            (self.certificate, self._certificate),
        ):
            button.clicked.connect(act)
        self.kind.currentIndexChanged.connect(self._filter)
        self.table.chosen.connect(self._offer)
        shared.refresh_on(Area.RESIDENTS | Area.SHELTER, self._refresh, self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._follow_day)
        self._timer.start(_MINUTE_MS)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_day()

    def _follow_day(self) -> None:
        """Show what may go from a new day on; never under a sheet, which asks about a record."""
        if not self.isVisible() or self._day == self._shared.today():
            return
        if not any(sheet.isVisible() for sheet in self.window().findChildren(Sheet)):
            self._refresh()

    def _arrange(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(8, buttons)
        for button in (self.hold, self.lift, self.take, self.back, self.end, self.certificate):
            flow.addWidget(button)
        lead = self.tr(
            "Each record is kept until the latest day that a rule of your profile asks for. What "
            "is taken away is off every list and search, and can be put back for {0} days at "
            "least. After that two people can destroy it for good. A hold by law stops both."
        )
        words = Label(lead.format(BIN_DAYS), "muted", wrap=True)
        show = FieldFrame(self.tr("Show"), self.kind)
        card = Card(words, show, self.table, self.none, self.about, buttons)
        inside = ((Scroll(column(card, STRETCH, spacing=12)), 1),)
        fill(QVBoxLayout(self), inside, margins=PAGE_MARGINS)

    @property
    def line(self) -> KeptRecord | None:
        """Return the record that is chosen, if one is."""
        return self.table.line()

    def _refresh(self) -> None:
        self._day = self._shared.today()
        self.records = self._shared.ask(kept_records, now=self._shared.now())
        before, line = self.kind.currentData(), self.line
        now = [] if line is None else [one for one in self.records if _key(one) == _key(line)]
        kept = kind_that_shows(now[0], before) if now else before
        self.kind.blockSignals(True)  # noqa: FBT003 - Qt's own call
        self.kind.clear()
        for code, words in SHOWN:
            count = len(of_kind(self.records, code))
            self.kind.addItem(f"{self.tr(words)} ({count})", code)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kept)))
        self.kind.blockSignals(False)  # noqa: FBT003 - Qt's own call
        self._filter()
        if kept != before:  # the record that was chosen went there: the keyboard goes with it
            self.table.setFocus()

    def _filter(self) -> None:
        shown = of_kind(self.records, str(self.kind.currentData()))
        self.table.show_lines(shown)
        self.table.setVisible(bool(shown))
        self.none.setVisible(not shown)
        self._offer()

    def _offer(self, _line: object = None) -> None:
        line = self.line
        is_gone = line is not None and line.destroyed_at is not None
        is_away = line is not None and line.taken_at is not None and not is_gone
        is_held = line is not None and line.hold_id is not None
        for button, can in (
            (self.hold, line is not None and not is_gone and not is_held),
            (self.lift, is_held),
            (self.take, line is not None and line.taken_at is None and not is_held),
            (self.back, is_away),
            (self.end, line is not None and line.may_be_destroyed),
            (self.certificate, is_gone),
        ):
            button.setEnabled(can)
        said = () if line is None else (together(line), when_it_may_go(line), self._rule(line))
        self.about.setText(" ".join(filter(None, said)))

    def _rule(self, line: KeptRecord) -> str:
        setting = care_model(self._shared).settings().get(line.kept.rule)
        if setting is None:
            return ""
        words = self.tr("What governs {0}: {1}, {2} years. Source: {3}.")
        return words.format(line.case_code, setting.name, setting.value, setting.source)

    def _hold(self) -> None:
        if self.line is not None:
            ask_hold(self, self._shared, self.line)

    def _lift(self) -> None:
        if self.line is None or self.line.hold_id is None:
            return
        confirm(
            self,
            title=self.tr("Lift the hold on {0}").format(self.line.case_code),
            text=self.tr("The schedule counts again from now. Reason of the hold: {0}.").format(
                self.tr(HOLD_REASONS.get(self.line.hold_reason, ""))
            ),
            action=self.tr("Lift the hold"),
            on_yes=partial(self._lifted, self.line.hold_id),
        )

    def _lifted(self, hold_id: str) -> None:
        self._shared.attempt(LiftHold(hold_id), said=self.tr("The hold is lifted"))

    def _take(self) -> None:
        if self.line is not None:
            ask_removal(self, self._shared, self.line)

    def _back(self) -> None:
        if self.line is not None and self.line.removal_id is not None:
            said = self.tr("The record is back")
            self._shared.attempt(PutBack(self.line.removal_id), said=said)

    def _end(self) -> None:
        line = self.line
        if line is None or line.removal_id is None:
            return
        what = self.tr(
            "The record {0} is destroyed for good: nobody can open its names and notes any more, "
            "in backups from the next one to the same place on. Totals and the audit trail stay. "
            "Nobody can take this back."
        ).format(line.case_code)
        gone = self._shared.ask(names_gone, removal_id=line.removal_id)
        what = " ".join(filter(None, (what, together(line), *names_in_words(gone))))
        able = self._shared.ask(seconds)
        if not able:
            self.about.setText(self.tr("It takes a colleague who can sign in here too."))
            announce(self.about, self.about.text())
            return
        agreed = partial(self._destroy, line.removal_id)
        sheet = SecondSheet(self._shared, able, what, agreed)
        sheet.open_over(self, sheet.leave)

    def _destroy(self, removal_id: str, second: Second) -> None:
        desk = cast("Desk", self._shared.desk)
        work = partial(destroy, desk, removal_id, second)
        self._shared.jobs.run(self, work, partial(self._gone, removal_id), self._failed)

    def _gone(self, removal_id: str, _answer: object) -> None:
        self._shared.changed.emit(Finished(touches=~Area(0)))
        self._show(removal_id)

    def _failed(self, error: Exception) -> None:
        self._shared.tell(error)

    def _certificate(self) -> None:
        if self.line is not None and self.line.removal_id is not None:
            self._show(self.line.removal_id)

    def _show(self, removal_id: str) -> None:
        if self._shared.attempt(NoteCertificate(removal_id)) is None:
            return
        told = self._shared.ask(destruction, removal_id=removal_id)
        pdf = destruction_pdf(told, self._shared.zone)
        PaperSheet(self.tr("Certificate of destruction"), pdf, self.paper).open_over(self)

    def _columns(self) -> tuple[Column[KeptRecord], ...]:
        def called(line: KeptRecord) -> str:
            return shown_name(line.called) or self.tr("Name taken away")

        def left(line: KeptRecord) -> str:
            return self.tr("left {0}").format(show_day(line.left_on))

        return (
            Column(self.tr("Record"), lambda line: line.case_code, width=90),
            Column(self.tr("Resident"), called, width=130, stretch=True, below=left),
            Column(self.tr("Kept until"), lambda line: show_day(line.kept.until), width=110),
            Column(self.tr("Where it stands"), state_of, width=196, tone=state_tone),
        )


def _key(line: KeptRecord) -> str:
    return line.resident_id


PAGE = Page(
    order=192,
    title=QT_TRANSLATE_NOOP("pages", "Records of who left"),
    icon="archive",
    needs=May.MANAGE_SHELTER,
    build=KeptPage,
    touched=("hold", "removal"),
    in_rail=False,
    home="settings",
    help=QT_TRANSLATE_NOOP(
        "pages",
        "How long each record of somebody who left is kept, and by which rule. Keep one by law, "
        "take one away, put it back, or destroy it together with a colleague.",
    ),
)

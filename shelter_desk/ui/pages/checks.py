"""Checks and licences: what must be on file of everybody and of the house, the worst first."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from shelter_desk.desk import Area
from shelter_desk.desk.dated_papers import PaperLine, TakePaperBack, dated_papers
from shelter_desk.domain.dated_papers import CURRENT, EXPIRED, EXPIRING, MISSING, STATES
from shelter_desk.domain.staff import May
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.pages import PAGE_MARGINS, Page, PageView
from shelter_desk.ui.people.paper_sheet import ask_dated_paper, tr
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Button,
    Card,
    DropDown,
    FieldFrame,
    Label,
    PrimaryButton,
    SectionHeader,
    Table,
    confirm,
)
from shelter_desk.ui.words import QT_TRANSLATE_NOOP

_STATES = {
    MISSING: (QT_TRANSLATE_NOOP("papers", "not on file"), Tone.DANGER),
    EXPIRED: (QT_TRANSLATE_NOOP("papers", "ran out"), Tone.DANGER),
    EXPIRING: (QT_TRANSLATE_NOOP("papers", "runs out soon"), Tone.WARN),
    CURRENT: (QT_TRANSLATE_NOOP("papers", "holds"), Tone.OK),
}
_ALL = ""


class ChecksPage(PageView):
    """One line for each paper; Enter on a line writes down that it was seen, or renewed."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self._shared = shared
        self.lines: tuple[PaperLine, ...] = ()
        self.show_only = DropDown(self.tr("Show"))
        self.add = PrimaryButton(self.tr("Write a paper down"), "plus")
        self.back = Button(self.tr("Written by mistake…"), "undo-2", kind="ghost")
        self.table = Table[PaperLine](
            self._columns(), self.tr("Checks and licences"), key=_key, row_height=40
        )
        how = self.tr(
            "Enter on a line writes down that you saw the paper, or its renewal. What it says is "
            "not kept here. How long each usually holds is a proposal: your state’s rule counts."
        )
        head = SectionHeader(self.tr("What must be on file"), icon="badge-check")
        which = row(FieldFrame(self.tr("Show"), self.show_only), STRETCH, self.back)
        card = Card(head, Label(how, "muted", wrap=True), which, (self.table, 1))
        parts = ((column((card, 1)), 1), row(STRETCH, self.add))
        fill(QVBoxLayout(self), parts, spacing=12, margins=PAGE_MARGINS)
        self.show_only.currentIndexChanged.connect(self._filter)
        self.add.clicked.connect(self._add)
        self.back.clicked.connect(self._take_back)
        self.table.opened.connect(self._renew)
        self.table.chosen.connect(self._offer)
        shared.refresh_on(Area.STAFF, self._refresh, self)

    @property
    def shown(self) -> tuple[PaperLine, ...]:
        """Return the lines shown."""
        state = self.show_only.currentData() or _ALL
        return tuple(one for one in self.lines if state in (_ALL, one.paper.state))

    def _refresh(self) -> None:
        self.lines = self._shared.ask(dated_papers, today=self._shared.today())
        kept, counted = (
            self.show_only.currentData(),
            Counter(one.paper.state for one in self.lines),
        )
        self.show_only.blockSignals(True)  # noqa: FBT003 - Qt's own call
        self.show_only.clear()
        self.show_only.addItem(self.tr("Everything ({0})").format(len(self.lines)), _ALL)
        for state in STATES:
            if counted[state]:
                self.show_only.addItem(f"{tr(_STATES[state][0])} ({counted[state]})", state)
        self.show_only.setCurrentIndex(max(0, self.show_only.findData(kept)))
        self.show_only.blockSignals(False)  # noqa: FBT003 - Qt's own call
        self._filter()

    def _filter(self) -> None:
        self.table.show_lines(self.shown)
        self._offer()

    def _offer(self) -> None:
        line = self.table.line()
        self.back.setEnabled(line is not None and line.paper.seen is not None)

    def _add(self) -> None:
        ask_dated_paper(self, self._shared)

    def _renew(self, line: PaperLine) -> None:
        ask_dated_paper(self, self._shared, line)

    def _take_back(self) -> None:
        line = self.table.line()
        if line is None or line.paper.seen is None:
            return
        words = self.tr("{0}, issued on {1}. What was written down before it stands again.")
        issued = show_day(line.paper.seen.issued_on)
        confirm(
            self,
            title=self.tr("Take this paper back"),
            text=words.format(tr(line.paper.kind.title), issued),
            action=self.tr("Take the paper back"),
            on_yes=partial(self._take, line.paper.seen.paper_id),
        )

    def _take(self, paper_id: str) -> None:
        self._shared.attempt(TakePaperBack(paper_id), said=self.tr("It is taken back"))

    def _columns(self) -> tuple[Column[PaperLine], ...]:
        def issued(line: PaperLine) -> str:
            return show_day(line.paper.seen.issued_on) if line.paper.seen else ""

        def until(line: PaperLine) -> str:
            seen = line.paper.seen
            return show_day(seen.expires_on) if seen and seen.expires_on else ""

        def seen_by(line: PaperLine) -> str:
            return line.paper.seen.seen_by if line.paper.seen else ""

        return (
            Column(self.tr("How it stands"), lambda line: tr(_STATES[line.paper.state][0]),
                   width=130, tone=lambda line: _STATES[line.paper.state][1]),
            Column(self.tr("Whose"), lambda line: line.name or tr("The house"), width=150),
            Column(self.tr("Paper"), lambda line: tr(line.paper.kind.title), width=240,
                   stretch=True),
            Column(self.tr("Issued or held"), issued, width=130),
            Column(self.tr("Holds until"), until, width=130),
            Column(self.tr("Seen by"), seen_by, width=130),
        )  # fmt: skip


def _key(line: PaperLine) -> str:
    return line.key


PAGE = Page(
    order=182,
    title=QT_TRANSLATE_NOOP("pages", "Checks on file"),
    icon="badge-check",
    needs=May.MANAGE_STAFF,
    build=ChecksPage,
    touched=("paper.record", "paper.take-back"),
    help=QT_TRANSLATE_NOOP(
        "pages",
        "Background checks, trainings and licences of everybody who works here, and the papers of "
        "the house: what is not on file, ran out or runs out soon stands first. Press Enter on a "
        "line when you saw the paper.",
    ),
)

"""What a visit found, on its page: who corrects it by when, and what shows that it is done."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Command
from shelter_desk.desk.findings import (
    LONGEST,
    ChangeFinding,
    CorrectFinding,
    FindingLine,
    RecordFinding,
    ReopenFinding,
    WithdrawFinding,
    finding_areas,
    findings_of,
)
from shelter_desk.desk.staff import staff_list
from shelter_desk.desk.visits import VisitLine
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Day, Form, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.summary_preview import keep_row_height
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.visits.words import tr
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    EmptyNote,
    FlowLayout,
    SectionHeader,
    Table,
    confirm,
)
from shelter_desk.ui.words import counted


class FindingsCard(Card):
    """The findings of one visit that was held, the next due first; the overdue ones are said."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._visit: VisitLine | None = None
        self._areas = finding_areas()
        self.loud = Banner("", Tone.DANGER)
        self.record = Button(tr("Write a finding down…"), "plus")
        self.correct = Button(tr("It is corrected…"), "check")
        self.change = Button(tr("Somebody else, or another day…"), "user-plus")
        self.back = Button(tr("Written by mistake…"), "undo-2", kind="ghost")
        buttons = QWidget()
        flow = FlowLayout(8, buttons)
        for button in (self.record, self.correct, self.change, self.back):
            flow.addWidget(button)
        self.table = Table[FindingLine](
            self._columns(), tr("Findings"), key=_key, row_height=52, fit=True
        )
        keep_row_height(self.table, 52)
        self.none = EmptyNote(tr("Nothing is written down that they found."), icon="circle-check")
        head = SectionHeader(tr("What they found"), icon="clipboard-list")
        super().__init__(head, self.loud, buttons, self.table, self.none)
        self.record.clicked.connect(self._record)
        self.correct.clicked.connect(self._correct)
        self.change.clicked.connect(self._change)
        self.back.clicked.connect(self._back)
        self.table.chosen.connect(self._offer)
        self.table.opened.connect(self._correct)

    def show_visit(self, visit: VisitLine | None) -> None:
        """Show what this visit found; nothing while it was not held."""
        self._visit = visit if visit is not None and visit.state == "held" else None
        self.setVisible(self._visit is not None)
        if self._visit is None:
            return
        lines = self._shared.ask(findings_of, visit_id=self._visit.visit_id)
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.none.setVisible(not lines)
        past = [days for line in lines if (days := line.days_past(self._shared.today()))]
        self.loud.setVisible(bool(past))
        words = tr("Past the day to correct them: {0} of {1}, the longest by {2} days.")
        said = words.format(len(past), len(lines), max(past, default=0))
        self.loud.say(said, Tone.DANGER)
        self._offer()

    def _offer(self) -> None:
        line = self.table.line()
        is_open = line is not None and line.corrected_on is None
        self.correct.setEnabled(is_open)
        self.change.setEnabled(is_open)
        self.back.setEnabled(line is not None)

    def _record(self) -> None:
        if self._visit is not None:
            ask_finding(self, self._shared, self._visit)

    def _correct(self) -> None:
        line = self.table.line()
        if line is not None and line.corrected_on is None:
            ask_correction(self, self._shared, line)

    def _change(self) -> None:
        line = self.table.line()
        if line is not None and line.corrected_on is None:
            ask_other_owner(self, self._shared, line)

    def _back(self) -> None:
        line = self.table.line()
        if line is None:
            return
        is_open = line.corrected_on is None
        command = (WithdrawFinding if is_open else ReopenFinding)(line.finding_id)
        confirm(
            self,
            title=tr("Written by mistake"),
            text=tr("The finding goes from the list. The trail keeps that it stood there.")
            if is_open
            else tr("The finding is open again, with the day it had."),
            action=tr("Take the finding back") if is_open else tr("Open the finding again"),
            on_yes=partial(self._take_back, command),
        )

    def _take_back(self, command: Command) -> None:
        self._shared.attempt(command, said=tr("It is taken back"))

    def _columns(self) -> tuple[Column[FindingLine], ...]:
        def state(line: FindingLine) -> str:
            if line.corrected_on is not None:
                return tr("corrected")
            past = line.days_past(self._shared.today())
            late = counted(past, tr("overdue by 1 day"), tr("overdue by {0} days"))
            return late if past else tr("open")

        def tone(line: FindingLine) -> Tone:
            if line.corrected_on is not None:
                return Tone.OK
            return Tone.DANGER if line.days_past(self._shared.today()) else Tone.INFO

        def done(line: FindingLine) -> str:
            if line.corrected_on is None:
                return ""
            words = tr("{0}, {1}: {2}")
            return words.format(show_day(line.corrected_on), line.corrected_by, line.evidence)

        return (
            Column(tr("How it stands"), state, width=160, tone=tone),
            Column(tr("About"), lambda line: tr(self._areas.get(line.area, line.area)), width=230),
            Column(tr("Finding"), lambda line: line.finding, width=260, stretch=True, below=done),
            Column(tr("Who corrects it"), lambda line: line.owner, width=150,
                   below=lambda line: show_day(line.due_on)),
        )  # fmt: skip


def ask_finding(host: QWidget, shared: Shared, visit: VisitLine) -> FormSheet:
    """Ask what was found, who corrects it, and by when."""
    areas = tuple((code, tr(title)) for code, title in finding_areas().items())
    hint = tr("In the words of their report. No name of a resident.")
    form = Form(
        (
            Choice("area", tr("What it is about"), areas, needed=True, wide=True),
            Text("finding", tr("What they found"), hint=hint, needed=True, wide=True,
                 longest=LONGEST),
            _owner(shared),
            Day("due_on", tr("To be corrected by"), shared.today(), needed=True, ahead=True),
        ),
        columns=2,
    )  # fmt: skip

    def take(values: dict[str, Any]) -> bool:
        command = RecordFinding(visit.visit_id, **values)
        said = tr("The finding is written down")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    sheet = FormSheet(tr("Write a finding down"), form, tr("Write it down"), take, width=680)
    sheet.keeps(shared, "finding", visit.visit_id).open_over(host)
    return sheet


def ask_correction(host: QWidget, shared: Shared, line: FindingLine) -> FormSheet:
    """Ask when a finding was corrected, and what shows it."""
    hint = tr("Where it can be seen: a log, a page, a photo on paper.")
    form = Form(
        (
            Day("corrected_on", tr("Corrected on"), shared.today(), needed=True),
            Text("evidence", tr("What shows it"), hint=hint, needed=True, longest=LONGEST),
        )
    )
    form.put({"corrected_on": shared.today()})

    def take(values: dict[str, Any]) -> bool:
        command = CorrectFinding(line.finding_id, **values)
        said = tr("The finding is corrected")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    title = tr("It is corrected")
    sheet = FormSheet(title, form, tr("Write it down"), take, intro=line.finding)
    sheet.keeps(shared, "finding-corrected", line.finding_id).open_over(host)
    return sheet


def ask_other_owner(host: QWidget, shared: Shared, line: FindingLine) -> FormSheet:
    """Ask who else corrects a finding, or by which other day."""
    due = Day("due_on", tr("To be corrected by"), shared.today(), needed=True, ahead=True)
    form = Form((_owner(shared), due))
    form.put({"owner_id": line.owner_id, "due_on": line.due_on})

    def take(values: dict[str, Any]) -> bool:
        command = ChangeFinding(line.finding_id, **values)
        said = tr("It is written down who corrects it")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    title = tr("Who corrects it, and by when")
    sheet = FormSheet(title, form, tr("Write it down"), take, intro=line.finding)
    sheet.keeps(shared, "finding-owner", line.finding_id).open_over(host)
    return sheet


def _owner(shared: Shared) -> Choice:
    people = tuple((one.staff_id, one.name) for one in shared.ask(staff_list) if one.is_active)
    return Choice("owner_id", tr("Who corrects it"), people, needed=True)


def _key(line: FindingLine) -> str:
    return line.finding_id

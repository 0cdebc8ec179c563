"""One incident on screen: the head, the clocks, the report, the people, what follows, papers."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.incident_lines import Incident, PersonLine, StepLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.dates import show_day, show_moment
from shelter_desk.ui.incidents.report_form import ReportForm
from shelter_desk.ui.incidents.trail import IncidentTrail
from shelter_desk.ui.incidents.words import state_of, types_of
from shelter_desk.ui.missing.notices import NoticeRows
from shelter_desk.ui.pile import Pile
from shelter_desk.ui.scale import STRETCH, column, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_cards import Call
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Icon,
    Label,
    Pill,
    PrimaryButton,
    SectionHeader,
    announce,
)

_NOT_KNOWN = "not-known"


class IncidentView(QWidget):
    """Shows an incident. `wanted` says what is asked for, and of whom or what."""

    wanted = Signal(str, str)

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._shared, self._model = shared, model
        self.title, self.state = Label("", "h2", wrap=True), Pill("")
        self.when = Label("", "muted", wrap=True)
        self.to_list = Button(self.tr("All incidents"), "arrow-left", kind="ghost")
        self.close_button = PrimaryButton(self.tr("Close this incident"), "check")
        self.mistake = Button(self.tr("It was no incident"), kind="ghost")
        self.absence = Button(self.tr("Open the absence"), "siren", kind="ghost")
        self.notices, self.report = NoticeRows(shared, model), ReportForm(shared, model)
        self.people, self.steps, self.papers = Pile(spacing=6), Pile(spacing=6), Pile(spacing=6)
        self.trail = IncidentTrail(shared)
        self.not_closed = Banner("", Tone.WARN)
        self.not_closed.hide()
        self.add_person = Button(self.tr("Add somebody…"), "user-plus")
        self.add_step = Button(self.tr("Add a step…"), "plus")
        self.buttons: dict[tuple[str, str], Button] = {}
        self.head, self.main = self._head(), self._main()
        self.columns = Columns(self.main, self._side())
        fill(QVBoxLayout(self), (self.head, (self.columns, 1)), spacing=10)
        self._connect()

    def set_narrow(self, *, narrow: bool) -> None:
        """Show one column; the head goes along with it, so that there is room for the rest."""
        self.columns.set_narrow(narrow)
        place = self.main.layout() if narrow else self.layout()
        cast("QVBoxLayout", place).insertWidget(0, self.head)
        self.head.show()  # who changes parents is hidden

    def show_incident(self, found: Incident, at: datetime, *, may_close: bool) -> None:
        """Show it as it stands at a moment."""
        line, zone = found.line, self._shared.zone
        self.title.setText(types_of(line, self._model))
        self.state.say(*state_of(line))
        place = self._model.label("incident-places", line.place)
        if line.place == _NOT_KNOWN:
            place = self.tr("Where is not known")
        text = self.tr("{0}  ·  happened {1}  ·  learned of {2}  ·  by {3}")
        happened, learned = show_moment(line.occurred_at, zone), show_moment(line.found_at, zone)
        self.when.setText(text.format(place, happened, learned, line.reported_by))
        self.notices.show_notices(found.notices, {}, at)
        self.report.show_report(found)
        self.report.setEnabled(line.is_open)
        self._show_people(found)
        self._show_steps(found)
        self._show_papers(found)
        self.trail.show_incident(line.incident_id)
        self.not_closed.hide()
        self.close_button.setVisible(line.is_open and may_close)
        self.mistake.setVisible(line.is_open and line.filed_at is None)
        self.absence.setVisible(found.episode_id is not None)
        self.add_person.setVisible(line.is_open)
        self.add_step.setVisible(line.is_open)
        self._keep_order()

    def say_not_closed(self, words: str) -> None:
        """Say beside the button why it cannot be closed yet; the next change takes it away."""
        self.not_closed.say(words, Tone.WARN)
        self.not_closed.show()
        announce(self.not_closed, words)

    def _keep_order(self) -> None:
        """Let Tab go as the eye does: rows made anew would come after everything else."""
        for before, rows in (
            (self.mistake, (self.notices, self.people)),
            (self.report.save, (self.steps,)),
            (self.close_button, (self.papers,)),
        ):
            last: QWidget = before
            for button in (one for part in rows for one in part.findChildren(Button)):
                QWidget.setTabOrder(last, button)
                last = button

    def _show_people(self, found: Incident) -> None:
        self.people.clear()
        for one in found.people:
            part = self._model.label("incident-parts", one.part)
            below = "  ·  ".join(text for text in (part, one.note) if text)
            texts = column(Label(self._who(one)), Label(below, "caption", wrap=True), spacing=0)
            # Never made and then hidden: shown before it has a parent, it would be a window.
            remove = None
            if found.line.is_open:
                remove = self._act("remove", one.person_id, self.tr("Remove"), self._who(one))
            mark = Icon("user" if one.stay_id else "user-cog")
            self.people.add(row(mark, (texts, 1), remove, spacing=10))

    def _show_steps(self, found: Incident) -> None:
        self.steps.clear()
        for step in found.steps:
            below = Label(self._step_words(step), "caption", wrap=True)
            texts = column(Label(step.text, wrap=True), below, spacing=0)
            done = None
            if step.done_at is None and found.line.is_open:
                done = self._act("done", step.step_id, self.tr("Done"), step.text)
            mark = Icon("circle" if step.done_at is None else "circle-check")
            self.steps.add(row(mark, (texts, 1), done, spacing=10))

    def _show_papers(self, found: Incident) -> None:
        self.papers.clear()
        whole = self.tr("Print the whole report…")
        self.papers.add(self._paper("", whole))
        for one in found.residents:
            name = shown_name(one.called)
            self.papers.add(self._paper(one.stay_id or "", self.tr("For {0} only…").format(name)))

    def _paper(self, stay_id: str, words: str) -> Button:
        button = Button(words, "printer", kind="tile")
        button.clicked.connect(Call(self._want, ("paper", stay_id)))
        self.buttons["paper", stay_id] = button
        return button

    def _act(self, what: str, subject: str, words: str, name: str) -> Button:
        button = Button(words, kind="ghost")
        button.setAccessibleName(f"{words}: {name}")
        button.clicked.connect(Call(self._want, (what, subject)))
        self.buttons[what, subject] = button
        return button

    def _who(self, one: PersonLine) -> str:
        if one.stay_id is not None:
            return f"{shown_name(one.called)}  ·  {one.case_code}"
        return one.staff_name or self._model.label("incident-people", one.role)

    def _step_words(self, step: StepLine) -> str:
        if step.done_at is None:
            return self.tr("by {0}").format(show_day(step.due_on, weekday=True))
        when = show_moment(step.done_at, self._shared.zone)
        return self.tr("done {0} by {1}").format(when, step.done_by)

    def _head(self) -> Card:
        acts = row(self.to_list, self.absence, self.mistake, STRETCH, spacing=8)
        head = row((self.title, 1), self.state, spacing=10)
        return Card(head, self.when, acts, spacing=6)

    def _main(self) -> QWidget:
        told = SectionHeader(self.tr("Tell them, and write it down"), icon="phone")
        who = SectionHeader(self.tr("Who had a part"), icon="users")
        report = SectionHeader(self.tr("The report"), icon="clipboard-list")
        follow = SectionHeader(self.tr("What follows"), icon="list-checks")
        return column(
            Card(told, self.notices),
            Card(who, self.people, row(self.add_person, STRETCH)),
            Card(report, self.report),
            # Closing comes last: at the top, Tab went through the whole rail to come to it.
            Card(
                follow,
                self.steps,
                self.not_closed,
                row(self.add_step, STRETCH, self.close_button),
            ),
            self.trail,
            spacing=10,
        )

    def _side(self) -> QWidget:
        words = Label(
            self.tr("A copy for one resident leaves the others out. Every paper is logged."),
            "caption",
            wrap=True,
        )
        return Card(SectionHeader(self.tr("Paper"), icon="file-text"), self.papers, words)

    def _connect(self) -> None:
        for button, what in (
            (self.to_list, "list"),
            (self.close_button, "close"),
            (self.mistake, "mistake"),
            (self.absence, "absence"),
            (self.add_person, "person"),
            (self.add_step, "step"),
        ):
            button.clicked.connect(Call(self._want, (what, "")))

    def _want(self, wanted: tuple[str, str]) -> None:
        self.wanted.emit(*wanted)

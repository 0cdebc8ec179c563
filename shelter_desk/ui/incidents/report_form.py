"""The report of an incident: codes to choose and one short line, kept as they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from PySide6.QtWidgets import QVBoxLayout, QWidget

from shelter_desk.desk.incident_lines import Incident
from shelter_desk.desk.incident_report import WriteReport
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import Problem
from shelter_desk.domain.incidents import MAY_BE_NOBODY, Report
from shelter_desk.ui.drafts import Drafts, KeptForm
from shelter_desk.ui.forms import Choice, Form, Several, Text
from shelter_desk.ui.incidents.words import element_names, elements_in_words
from shelter_desk.ui.scale import STRETCH, fill, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.tokens import Tone
from shelter_desk.ui.widgets import Banner, Button, Label

# Element of the report -> the field that answers it; who had a part stands in a list of its own.
_FIELD_OF = {
    "circumstances": "circumstances",
    "interventions": "interventions",
    "treating professional": "treated",
    "resolution": "resolution",
    "return update": "return_update",
}


class ReportForm(QWidget):
    """The answers of one incident, with what is still open above them."""

    def __init__(self, shared: Shared, model: CareModel) -> None:
        super().__init__()
        self._shared, self._model = shared, model
        self.form = Form(self._fields(), columns=2)
        self.left = Banner("", Tone.INFO)
        self.kept = Label("", "caption")
        self.save = Button(self.tr("Save the report"), "save")
        bar = row(self.kept, STRETCH, self.save)
        fill(QVBoxLayout(self), (self.left, self.form, bar), spacing=10)
        self.save.clicked.connect(self.try_save)
        self._kept = KeptForm(self.form, Drafts(shared, "incident-report"))
        self._kept.waits.connect(self._say_kept)

    def show_report(self, found: Incident) -> None:
        """Show the answers, or what was typed and not yet saved."""
        incident_id = found.line.incident_id
        self._show_left(found)
        if incident_id == self._kept.subject and self._kept.is_kept:
            return  # somebody is typing: what they typed stays
        self._kept.stop()
        self.form.put({**asdict(found.report), "note": found.note})
        self._kept.begin(incident_id)

    def try_save(self) -> bool:
        """Save the answers; problems stand beside their fields."""
        values, incident_id = self.form.values_or_problems(), self._kept.subject
        if values is None or incident_id is None:
            return False
        note = values.pop("note")
        command = WriteReport(incident_id, Report(**values), note)
        said, problems = self.tr("The report is saved"), self.form.show_problems
        done = self._shared.attempt(command, said=said, invalid=problems, written=self._kept.done)
        return done is not None

    @property
    def waits(self) -> bool:
        """Say whether something was typed and not saved yet."""
        return self._kept.is_kept

    def show_needed(self, elements: Sequence[str]) -> None:
        """Say beside each field which parts of the report have no answer yet."""
        names, people = element_names(), [one for one in elements if one in MAY_BE_NOBODY]
        needed = [Problem(_FIELD_OF[one], self.tr("This one is needed.")) for one in elements
                  if one in _FIELD_OF]  # fmt: skip
        if people:
            words = self.tr("Add them under “Who had a part”, or say that there was nobody: {0}.")
            who = ", ".join(names[one] for one in people)
            needed.append(Problem("nobody", words.format(who)))
        self.form.show_problems(tuple(needed))

    def _show_left(self, found: Incident) -> None:
        left = elements_in_words(found.still_open)
        if left:
            self.left.say(self.tr("Still open: {0}.").format(left), Tone.INFO)
        else:
            self.left.say(self.tr("All eleven parts of the report have an answer."), Tone.OK)

    def _say_kept(self, waits: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.kept.setText(self._kept.words() if waits else "")

    def _fields(self) -> tuple[Several | Choice | Text, ...]:
        nobody = (
            ("child", self.tr("No resident was part of it")),
            ("adults and roles", self.tr("No adult was part of it")),
            ("witnesses", self.tr("Nobody saw it")),
        )
        limit, prompt = self._model.short_note_limit, self._model.short_note_prompt
        short = self.tr("Short note, without names")
        return (
            self._several("circumstances", self.tr("What was going on"), "incident-circumstances"),
            self._several("interventions", self.tr("What staff did"), "incident-steps"),
            self._choice("treated", self.tr("Who treated them"), "incident-treatment"),
            self._choice("resolution", self.tr("How it ended"), "incident-resolutions"),
            self._choice("return_update", self.tr("If somebody left"), "incident-returns"),
            Text("note", short, hint=prompt, longest=limit),
            Several("nobody", self.tr("Where there was nobody"), nobody, chips=True),
        )

    def _several(self, name: str, label: str, list_id: str) -> Several:
        return Several(name, label, self._of(list_id), chips=True)

    def _choice(self, name: str, label: str, list_id: str) -> Choice:
        return Choice(name, label, self._of(list_id))

    def _of(self, list_id: str) -> list[tuple[str, str]]:
        return [(value.code, value.label) for value in self._model.values(list_id)]

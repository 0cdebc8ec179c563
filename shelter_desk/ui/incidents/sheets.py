"""The questions of an incident: what happened, who had a part, what follows, for whom a paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Command
from shelter_desk.desk.incident_paper import DiscloseIncident
from shelter_desk.desk.incidents import AddPerson, AddStep, StartIncident
from shelter_desk.desk.roster import roster
from shelter_desk.desk.staff import staff_list
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Day, Field, Form, Moment, Several, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name


def _tr(text: str) -> str:
    return QCoreApplication.translate("incidents", text)


class IncidentAsks:
    """Opens the sheets of the page over its window."""

    def __init__(self, host: QWidget, shared: Shared, model: CareModel) -> None:
        self._host, self._shared, self._model = host, shared, model

    def start(self, opened: Callable[[str], None]) -> FormSheet:
        """Ask what happened, when, where, and to whom; the clocks run from when it was learned."""
        now, zone = self._shared.now(), self._shared.zone
        fields: list[Field] = [
            Several(
                "types", _tr("What it was"), self._of("incident-types"), chips=True, needed=True
            ),
            Moment("occurred_at", _tr("When it happened"), now, zone, needed=True),
            Moment("found_at", _tr("When you learned of it"), now, zone, needed=True),
            Choice("place", _tr("Kind of place"), self._of("incident-places"), needed=True),
            Several("residents", _tr("Residents who were part of it"), self._people(), chips=True),
        ]
        form = Form(fields, columns=2)
        form.put({"occurred_at": now, "found_at": now})

        def take(values: dict[str, Any]) -> bool:
            said = _tr("The clocks run. The report can wait until everybody is safe.")
            command = StartIncident(**values)
            done = self._shared.attempt(command, said=said, invalid=form.show_problems)
            if done is not None:
                opened(done.subject)
            return done is not None

        sheet = FormSheet(_tr("Incident"), form, _tr("Start the clocks"), take, width=900)
        sheet.keeps(self._shared, "incident-start")
        sheet.open_over(self._host, form.editors["types"])
        return sheet

    def person(self, incident_id: str) -> FormSheet:
        """Ask who had a part: a resident, a colleague, or somebody by role."""
        who = [("stay:" + code, name) for code, name in self._people()]
        staff = [line for line in self._shared.ask(staff_list) if line.is_active]
        who += [("staff:" + line.staff_id, line.name) for line in staff]
        who += [("role:" + code, label) for code, label in self._of("incident-people")]
        note = Text(
            "note",
            _tr("Short note, for a resident only"),
            hint=self._model.short_note_prompt,
            longest=self._model.short_note_limit,
        )
        fields: list[Field] = [
            Choice("who", _tr("Who"), who, needed=True),
            Choice("part", _tr("Part in it"), self._of("incident-parts"), chips=True, needed=True),
            note,
        ]

        def make(values: dict[str, Any]) -> Command:
            kind, _, code = values["who"].partition(":")
            names = {"stay": "stay_id", "staff": "staff_id", "role": "role"}
            chosen = {names[kind]: code}
            return AddPerson(incident_id, values["part"], note=values["note"], **chosen)

        words = (_tr("Who had a part"), _tr("Add"), _tr("Added"))
        return self._open(("incident-person", incident_id), words, fields, make)

    def step(self, incident_id: str) -> FormSheet:
        """Ask what should follow, by which day."""
        limit, hint = self._model.short_note_limit, _tr("No names")
        fields: list[Field] = [
            Text("text", _tr("What should follow"), hint=hint, needed=True, longest=limit),
            Day("due_on", _tr("By"), self._shared.today(), needed=True),
        ]

        def make(values: dict[str, Any]) -> Command:
            return AddStep(incident_id, **values)

        words = (_tr("What follows"), _tr("Add"), _tr("Added"))
        return self._open(("incident-step", incident_id), words, fields, make)

    def paper(
        self, incident_id: str, for_stay: str | None, made: Callable[[str, str | None], None]
    ) -> FormSheet:
        """Ask on what basis a report leaves; `made` is called once that is recorded."""
        hint = _tr("It is kept in the trail, with your name and the time.")
        options = self._of("incident-report-basis")
        form = Form((Choice("basis", _tr("Why may it leave"), options, hint=hint, needed=True),))

        def take(values: dict[str, Any]) -> bool:
            command = DiscloseIncident(incident_id, values["basis"], for_stay)
            done = self._shared.attempt(command, invalid=form.show_problems)
            if done is not None:
                made(values["basis"], for_stay)
            return done is not None

        sheet = FormSheet(_tr("Incident report"), form, _tr("Make the paper"), take)
        sheet.keeps(self._shared, "incident-paper", f"{incident_id} {for_stay or 'whole'}")
        sheet.open_over(self._host, form.editors["basis"])
        return sheet

    def _people(self) -> list[tuple[str, str]]:
        lines = self._shared.ask(roster, now=self._shared.now())
        return [
            (line.stay_id, f"{shown_name(line.called)}  ·  {line.case_code}") for line in lines
        ]

    def _of(self, list_id: str) -> list[tuple[str, str]]:
        return [(value.code, value.label) for value in self._model.values(list_id)]

    def _open(
        self,
        at: tuple[str, str],
        words: tuple[str, str, str],
        fields: list[Field],
        make: Callable[[dict[str, Any]], Command],
    ) -> FormSheet:
        title, action, said = words
        form = Form(fields)

        def take(values: dict[str, Any]) -> bool:
            done = self._shared.attempt(make(values), said=said, invalid=form.show_problems)
            return done is not None

        sheet = FormSheet(title, form, action, take)
        sheet.keeps(self._shared, *at)
        sheet.open_over(self._host, next(iter(form.editors.values())))
        return sheet

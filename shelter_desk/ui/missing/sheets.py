"""The questions of an absence: who was told, where was looked, how they came back, the talk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Command
from shelter_desk.desk.absence_log import DiscloseAbsenceLog
from shelter_desk.desk.missing import LINE_LISTS, AddMissingLine, CorrectDiscovery
from shelter_desk.desk.missing_record import NoticeLine
from shelter_desk.desk.missing_return import RecordReturn, WriteReturnTalk
from shelter_desk.desk.police_sheet import DisclosePoliceSheet, police_sheet_facts
from shelter_desk.desk.telling import NeedNotTell, SetContactRule, Tell
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.missing_cards import ReturnTalk
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Field, Form, Moment, Several, Text, YesNoNotSure
from shelter_desk.ui.shared import Shared


def _tr(text: str) -> str:
    return QCoreApplication.translate("missing", text)


@dataclass(frozen=True)
class Look:
    """How a sheet looks when it opens: a sentence above, columns, what stands in its fields."""

    intro: str = ""
    columns: int = 1
    values: Mapping[str, object] = field(default_factory=dict)


_PLAIN = Look()


class Asks:
    """Opens the sheets of one page, over its window."""

    def __init__(self, host: QWidget, shared: Shared, model: CareModel) -> None:
        self._host, self._shared, self._model = host, shared, model

    def told(self, line: NoticeLine) -> FormSheet:
        """Ask who was reached, when, and for their number."""
        name = self._model.label("notice-recipients", line.recipient)
        number = Text("reference", _tr("Reference number"), hint=_tr("If they gave one"))
        fields: list[Field] = [
            Text("whom", self._whom(line.recipient), needed=True, longest=120),
            number,
            self._moment("told_at", _tr("When")),
        ]
        title = _tr("{0}: told").format(name)
        said = _tr("Written down: {0} was told").format(name)

        def make(values: dict[str, Any]) -> Command:
            return Tell(line.notice_id, **values)

        at = ("missing-told", line.notice_id)
        return self._open(at, (title, _tr("Save"), said), fields, make)

    def reason(self, line: NoticeLine) -> FormSheet:
        """Ask why somebody need not be told."""
        name = self._model.label("notice-recipients", line.recipient)
        fields = (Choice("reason", _tr("Why"), self._of("notice-reasons"), needed=True),)
        title = _tr("{0}: need not be told").format(name)

        def make(values: dict[str, Any]) -> Command:
            return NeedNotTell(line.notice_id, values["reason"])

        at = ("missing-not-told", line.notice_id)
        return self._open(at, (title, _tr("Save"), _tr("Written down")), fields, make)

    def line(self, episode_id: str, kind: str) -> FormSheet:
        """Ask for a place that was looked at, or a try to reach them."""
        codes, results = LINE_LISTS[kind]
        is_search = kind == "search"
        what = _tr("Place") if is_search else _tr("How")
        fields: list[Field] = [
            Choice("code", what, self._of(codes), chips=True, needed=True),
            Choice("result", _tr("What came of it"), self._of(results), chips=True, needed=True),
            self._moment("done_at", _tr("When")),
            Text(
                "note",
                _tr("Short note (optional)"),
                hint=self._model.short_note_prompt,
                longest=self._model.short_note_limit,
            ),
        ]
        title = _tr("Looked at a place") if is_search else _tr("Tried to reach them")

        def make(values: dict[str, Any]) -> Command:
            return AddMissingLine(episode_id, kind, **values)

        at = (f"missing-{kind}", episode_id)
        return self._open(at, (title, _tr("Write it down"), _tr("Written down")), fields, make)

    def discovery(self, episode_id: str, before: datetime) -> FormSheet:
        """Ask when staff really saw that somebody was missing."""
        fields = (self._moment("discovered_at", _tr("When you saw that they were missing")),)

        def make(values: dict[str, Any]) -> Command:
            return CorrectDiscovery(episode_id, values["discovered_at"])

        words = (_tr("Another time"), _tr("Save"), _tr("The clocks run from this time"))
        look = Look(intro=_tr("Every clock moves with it."), values={"discovered_at": before})
        return self._open(("missing-discovery", episode_id), words, fields, make, look)

    def back(self, episode_id: str, name: str) -> FormSheet:
        """Ask when and how they came back."""
        fields = (
            self._moment("returned_at", _tr("When they came back")),
            Choice("way", _tr("How"), self._of("return-ways"), chips=True, needed=True),
        )

        def make(values: dict[str, Any]) -> Command:
            return RecordReturn(episode_id, **values)

        said = _tr("{0} is back safe. Food, rest and a health look come first.").format(name)
        title = _tr("{0} is back safe").format(name)
        at = ("missing-return", episode_id)
        return self._open(at, (title, _tr("Back safe"), said), fields, make)

    def talk(self, episode_id: str, before: ReturnTalk) -> FormSheet:
        """Ask what the resident chose in the return talk: answers to tick, no story."""
        fields = (
            Several("reasons", _tr("Why I left"), self._of("leaving-reasons"), wide=False),
            Several("helps", _tr("What would help"), self._of("return-helps"), wide=False),
            YesNoNotSure("hurt", _tr("Am I hurt?"), prefers_not=True),
            YesNoNotSure("screened_again", _tr("Screened again for trafficking")),
        )
        intro = _tr(
            "Only when they are ready, and only what they choose. “Prefers not to say” and "
            "“Not asked” are answers."
        )

        def make(values: dict[str, Any]) -> Command:
            return WriteReturnTalk(episode_id, ReturnTalk(**values))

        words = (_tr("Return talk"), _tr("Save"), _tr("The return talk is kept"))
        values: dict[str, object] = {
            "reasons": before.reasons,
            "helps": before.helps,
            "hurt": before.hurt,
            "screened_again": before.screened_again,
        }
        look = Look(intro=intro, columns=2, values=values)
        return self._open(("return-talk", episode_id), words, fields, make, look)

    def police_sheet(self, episode_id: str, made: Callable[[str], None]) -> FormSheet:
        """Ask on what basis the facts leave; `made` gets it once the disclosure is recorded."""
        hint = _tr("It is kept in the trail, with your name and the time.")
        options = self._of("police-sheet-basis")
        form = Form((Choice("basis", _tr("Why may it leave"), options, hint=hint, needed=True),))

        def take(values: dict[str, Any]) -> bool:
            facts = self._shared.ask(
                police_sheet_facts, episode_id=episode_id, now=self._shared.now()
            )
            command = DisclosePoliceSheet(episode_id, values["basis"], facts.parts())
            done = self._shared.attempt(command, invalid=form.show_problems)
            if done is not None:
                made(values["basis"])
            return done is not None

        title = _tr("Facts sheet for the police")
        sheet = FormSheet(title, form, _tr("Make the paper"), take)
        sheet.keeps(self._shared, "police-sheet", episode_id)
        sheet.open_over(self._host, form.editors["basis"])
        return sheet

    def log_of(
        self, year: int, episodes: tuple[str, ...], made: Callable[[int, str], None]
    ) -> FormSheet:
        """Ask on what basis the absences of a year leave; `made` once that is recorded."""
        options = self._of("incident-report-basis")
        form = Form((Choice("basis", _tr("Why may it leave"), options, needed=True),))

        def take(values: dict[str, Any]) -> bool:
            command = DiscloseAbsenceLog(year, values["basis"], episodes)
            done = self._shared.attempt(command, invalid=form.show_problems)
            if done is not None:
                made(year, values["basis"])
            return done is not None

        title = _tr("Absences of {0}").format(year)
        sheet = FormSheet(title, form, _tr("Make the paper"), take)
        sheet.keeps(self._shared, "absence-log", str(year))
        sheet.open_over(self._host, form.editors["basis"])
        return sheet

    def rule(self, stay_id: str, person: str, before: str) -> FormSheet:
        """Ask for the contact rule of somebody."""
        name = self._model.label("contact-people", person)
        fields = (
            Choice(
                "rule", _tr("Contact rule"), self._of("contact-rules"), chips=True, needed=True
            ),
        )

        def make(values: dict[str, Any]) -> Command:
            return SetContactRule(stay_id, person, values["rule"])

        words = (name, _tr("Save"), _tr("Contact rule saved"))
        at = ("contact-rule", f"{stay_id} {person}")
        return self._open(at, words, fields, make, Look(values={"rule": before}))

    def _whom(self, recipient: str) -> str:
        labels = {
            "police": _tr("Officer's name and badge"),
            "custodian": _tr("Worker or desk that was reached"),
        }
        return labels.get(recipient, _tr("Who was reached"))

    def _of(self, list_id: str) -> list[tuple[str, str]]:
        return [(value.code, value.label) for value in self._model.values(list_id)]

    def _moment(self, name: str, label: str) -> Moment:
        return Moment(name, label, self._shared.now(), self._shared.zone, needed=True)

    def _open(
        self,
        at: tuple[str, str],
        words: tuple[str, str, str],
        fields: list[Field] | tuple[Field, ...],
        make: Callable[[dict[str, Any]], Command],
        look: Look = _PLAIN,
    ) -> FormSheet:
        title, action, said = words
        form = Form(fields, columns=look.columns)
        now = self._shared.now()
        form.put({one.name: now for one in fields if isinstance(one, Moment)})
        form.put(look.values)

        def take(values: dict[str, Any]) -> bool:
            done = self._shared.attempt(make(values), said=said, invalid=form.show_problems)
            return done is not None

        width = 560 if look.columns == 1 else 760
        sheet = FormSheet(title, form, action, take, intro=look.intro, width=width)
        sheet.keeps(self._shared, *at)
        sheet.open_over(self._host, next(iter(form.editors.values())))
        return sheet

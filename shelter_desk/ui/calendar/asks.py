"""The questions of an appointment: a new one, another time, who goes along, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Command
from shelter_desk.desk.appointing import (
    ChangeAppointment,
    MoveAppointment,
    PlanAppointment,
    SettleAppointment,
)
from shelter_desk.desk.appointments import AppointmentLine
from shelter_desk.desk.going import LONGEST_PLACE, Going
from shelter_desk.desk.roster import roster
from shelter_desk.desk.staff import staff_list
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Field, Form, Moment, Number, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name

_STAFF = "staff"
_MOST_MINUTES = 14 * 24 * 60
_WIDE = 820


def _tr(text: str) -> str:
    return QCoreApplication.translate("calendar", text)


class CalendarAsks:
    """Opens the sheets of appointments over a window."""

    def __init__(self, host: QWidget, shared: Shared, model: CareModel) -> None:
        self._host, self._shared, self._model = host, shared, model

    def plan(
        self,
        starts_at: datetime | None = None,
        stay_id: str = "",
        planned: Callable[[str, datetime], None] | None = None,
    ) -> FormSheet:
        """Ask for a new appointment; `stay_id` when it is known whose it is.

        `planned` is told which appointment it became, and when it begins.
        """
        fields: list[Field] = [
            Choice("stay_id", _tr("Whose"), self._people(), needed=True),
            Choice("kind", _tr("What"), self._of("appointment-kinds"), needed=True),
            self._moment(_tr("When")),
            self._minutes(),
            *self._going(),
        ]
        form = Form(fields, columns=2)
        first = {"minutes": 60, "company": "open", "transport": "open"}
        form.put({**first, "starts_at": starts_at, "stay_id": stay_id})

        def make(values: dict[str, Any]) -> Command:
            at, minutes = values["starts_at"], values["minutes"]
            return PlanAppointment(
                values["stay_id"], values["kind"], at, minutes, going=going_of(values)
            )

        sheet = self._sheet(_tr("New appointment"), _tr("Plan it"), form)
        said = _tr("Planned. What must be done before it is in the plan.")
        self._take(sheet, make, said, planned)
        sheet.keeps(self._shared, "appointment-new", stay_id)
        sheet.open_over(self._host, form.editors["kind" if stay_id else "stay_id"])
        return sheet

    def move(self, line: AppointmentLine) -> FormSheet:
        """Ask for another time."""
        form = Form((self._moment(_tr("The new time")),))
        form.put({"starts_at": line.starts_at})
        intro = _tr("What falls due before and after moves with it.")
        sheet = self._sheet(_tr("Another time"), _tr("Move it"), form, intro)
        self._take(
            sheet,
            lambda values: MoveAppointment(line.appointment_id, values["starts_at"]),
            _tr("Moved"),
        )
        sheet.keeps(self._shared, "appointment-move", line.appointment_id)
        sheet.open_over(self._host, form.editors["starts_at"])
        return sheet

    def change(self, line: AppointmentLine) -> FormSheet:
        """Ask who goes along, how, where, and how long it takes."""
        form = Form((*self._going(), self._minutes()), columns=2)
        company = f"{_STAFF}:{line.escort_id}" if line.escort_id else line.company
        form.put(
            {
                "place": line.place or "",
                "company": company,
                "transport": line.transport,
                "minutes": line.minutes,
            }
        )
        sheet = self._sheet(_tr("Who goes along, and how"), _tr("Save"), form)

        def make(values: dict[str, Any]) -> Command:
            going = going_of(values)
            if line.place is None and not going.place:
                going = replace(going, place=None)  # it is closed to them, and stays as it is
            return ChangeAppointment(line.appointment_id, line.version, values["minutes"], going)

        self._take(sheet, make, _tr("Saved"))
        sheet.keeps(self._shared, "appointment-change", line.appointment_id)
        sheet.open_over(self._host, form.editors["company"])
        return sheet

    def settle(self, line: AppointmentLine, state: str) -> FormSheet:
        """Ask why it was missed or cancelled."""
        reasons = self._of("appointment-reasons")
        form = Form((Choice("reason", _tr("Why"), reasons, chips=True, needed=True),))
        missed = state == "missed"
        title = _tr("It was missed") if missed else _tr("Cancel the appointment")
        action = _tr("Write it down") if missed else _tr("Cancel it")
        intro = "" if missed else _tr("What it asked for is no longer due. It stays on record.")
        sheet = self._sheet(title, action, form, intro)
        self._take(
            sheet,
            lambda values: SettleAppointment(line.appointment_id, state, values["reason"]),
            _tr("Written down: missed") if missed else _tr("Cancelled"),
        )
        sheet.keeps(self._shared, f"appointment-{state}", line.appointment_id)
        sheet.open_over(self._host, form.editors["reason"])
        return sheet

    def _sheet(self, title: str, action: str, form: Form, intro: str = "") -> FormSheet:
        width = _WIDE if len(form.editors) > 1 else 600
        return FormSheet(title, form, action, _refuse, intro=intro, width=width)

    def _take(
        self,
        sheet: FormSheet,
        make: Callable[[dict[str, Any]], Command],
        said: str,
        planned: Callable[[str, datetime], None] | None = None,
    ) -> None:
        def take(values: dict[str, Any]) -> bool:
            form = sheet.form
            done = self._shared.attempt(make(values), said=said, invalid=form.show_problems)
            if done is not None and planned is not None:
                planned(done.subject, values["starts_at"])
            return done is not None

        sheet.take = take

    def _moment(self, label: str) -> Field:
        now, zone = self._shared.now(), self._shared.zone
        return Moment("starts_at", label, now, zone, needed=True, ahead=True)

    def _minutes(self) -> Field:
        return Number("minutes", _tr("How long"), 5, _MOST_MINUTES, _tr("min"), needed=True)

    def _going(self) -> Sequence[Field]:
        hint = _tr("Only those who may read places, and whoever goes along, see this.")
        return (
            Choice("company", _tr("Who goes along"), self._company(), needed=True),
            Choice("transport", _tr("How they get there"), self._of("appointment-transport")),
            Text("place", _tr("Where (optional)"), hint=hint, longest=LONGEST_PLACE),
        )

    def _company(self) -> list[tuple[str, str]]:
        staff = [line for line in self._shared.ask(staff_list) if line.is_active]
        people = [(f"{_STAFF}:{line.staff_id}", line.name) for line in staff]
        options: list[tuple[str, str]] = []
        for code, label in self._of("appointment-company"):
            options += people if code == _STAFF else [(code, label)]
        return options

    def _people(self) -> list[tuple[str, str]]:
        lines = self._shared.ask(roster, now=self._shared.now())
        return [
            (line.stay_id, f"{shown_name(line.called)}  ·  {line.case_code}") for line in lines
        ]

    def _of(self, list_id: str) -> list[tuple[str, str]]:
        return [(value.code, value.label) for value in self._model.values(list_id)]


def going_of(values: dict[str, Any]) -> Going:
    """Return who goes where and how, from the answers of a form."""
    company, _, person = values["company"].partition(":")
    return Going(values["place"], company, person or None, values["transport"] or "open")


def _refuse(_values: dict[str, Any]) -> bool:
    return False

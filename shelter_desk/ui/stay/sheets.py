"""The questions a resident's page asks in sheets: a status, a bed, an exit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from shelter_desk.desk import Command
from shelter_desk.desk.appointments import PLANNED, appointments_of
from shelter_desk.desk.beds import FREE, bed_board
from shelter_desk.desk.care import SetNeed
from shelter_desk.desk.plan import ServiceLine
from shelter_desk.desk.residents import (
    CorrectArrival,
    CorrectExit,
    MoveBed,
    PlanExit,
    RecordExit,
    ResidentRecord,
)
from shelter_desk.domain.care_model import CareModel
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Day, Form, Moment, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.today_lists import shown_name


def ask_status(
    host: QWidget, shared: Shared, model: CareModel, stay_id: str, chosen: tuple[ServiceLine, str]
) -> FormSheet | None:
    """Set where a service stands; ask only for what the status has to come with."""
    service, status = chosen
    label = model.label("service-status", status)
    said = _tr("{0}: {1}").format(service.name, label)
    needs = model.status_needs(status)
    if not needs:
        shared.attempt(SetNeed(stay_id, service.service_id, status), said=said)
        return None
    fields: list[Any] = []
    if "reason" in needs:
        fields.append(Text("reason", _tr("Reason"), needed=True, wide=True))
    if "offer_again_on" in needs:
        label_again = _tr("Offer it again on")
        fields.append(Day("offer_again_on", label_again, shared.today(), needed=True))
    form = Form(fields)

    def make(values: dict[str, Any]) -> Command:
        return SetNeed(stay_id, service.service_id, status, **values)

    title = _tr("{0}: {1}").format(service.name, label)
    sheet = FormSheet(title, form, _tr("Save"), _taker(shared, form, make, said))
    subject = f"{stay_id} {service.service_id} {status}"
    return _open(host, sheet.keeps(shared, "service-status", subject))


def ask_exit(host: QWidget, shared: Shared, model: CareModel, stay: ResidentRecord) -> FormSheet:
    """End a stay."""
    form = _exit_form(shared, model)
    form.put({"left_at": shared.now()})

    def make(values: dict[str, Any]) -> Command:
        return RecordExit(stay_id=stay.stay_id, **values)

    intro = _tr("The bed is free again, and what follows a stay falls due from here.")
    intro = "\n".join(filter(None, (intro, _still_planned(shared, stay.stay_id))))
    title = _tr("{0} leaves").format(shown_name(stay.called))
    take = _taker(shared, form, make, _tr("Exit recorded"))
    sheet = FormSheet(title, form, _tr("Record the exit"), take, intro=intro)
    return _open(host, sheet.keeps(shared, "stay-exit", stay.stay_id))


def _still_planned(shared: Shared, stay_id: str) -> str:
    """Return in words what the calendar still holds for somebody who leaves; "" for nothing."""
    lines = shared.ask(appointments_of, stay_id=stay_id, since=shared.now())
    planned = [line for line in lines if line.state == PLANNED]
    if not planned:
        return ""
    first = planned[0]
    when = show_moment(first.starts_at, shared.zone)
    words = _tr(
        "Planned for them from now on: {0}. The next is {1}, {2}. It stays in the calendar"
    )
    asked = _tr("until somebody cancels it there, or says what came of it.")
    return f"{words.format(len(planned), first.kind_name, when)} {asked}"


def ask_correct_exit(
    host: QWidget, shared: Shared, model: CareModel, stay: ResidentRecord
) -> FormSheet:
    """Correct when, how or where to somebody left."""
    form = _exit_form(shared, model)
    before = {"exit_type": stay.exit_type, "destination": stay.exit_destination}
    form.put({"left_at": stay.ended_at, **before})

    def make(values: dict[str, Any]) -> Command:
        return CorrectExit(stay.stay_id, stay.stay_version, **values)

    intro = _tr("What was there before stays in the history.")
    take = _taker(shared, form, make, _tr("Exit corrected"))
    sheet = FormSheet(_tr("Correct the exit"), form, _tr("Save"), take, intro=intro)
    return _open(host, sheet.keeps(shared, "exit-correction", stay.stay_id))


def ask_correct_arrival(host: QWidget, shared: Shared, stay: ResidentRecord) -> FormSheet:
    """Correct when somebody arrived."""
    at = Moment("arrived_at", _tr("When they arrived"), shared.now(), shared.zone, needed=True)
    form = Form((at,))
    form.put({"arrived_at": stay.began_at})

    def make(values: dict[str, Any]) -> Command:
        return CorrectArrival(stay.stay_id, stay.stay_version, values["arrived_at"])

    intro = _tr("The clocks of the first days move with it.")
    take = _taker(shared, form, make, _tr("Arrival corrected"))
    sheet = FormSheet(_tr("Correct the arrival"), form, _tr("Save"), take, intro=intro)
    return _open(host, sheet.keeps(shared, "arrival-correction", stay.stay_id))


def _exit_form(shared: Shared, model: CareModel) -> Form:
    now = shared.now()
    kinds = [(value.code, value.label) for value in model.values("discharge-types")]
    places = [(value.code, value.label) for value in model.values("exit-destinations")]
    unsure = [value.code for value in model.values("exit-destinations") if value.missing]
    hint = _tr("Not sure is an answer: choose “Data not collected”.") if unsure else ""
    return Form(
        (
            Moment("left_at", _tr("When they left"), now, shared.zone, needed=True),
            Choice("exit_type", _tr("How the stay ended"), kinds, needed=True),
            Choice("destination", _tr("Where they went"), places, needed=True, hint=hint),
        )
    )


def ask_planned_exit(host: QWidget, shared: Shared, stay: ResidentRecord) -> FormSheet:
    """Write down when a stay is planned to end, or that no end is planned."""
    hint = _tr("Leave it empty when no move is planned.")
    at = Moment("planned_exit_at", _tr("Planned move"), shared.now(), shared.zone, hint=hint)
    form = Form((at,))
    form.put({"planned_exit_at": stay.planned_exit_at})

    def make(values: dict[str, Any]) -> Command:
        return PlanExit(stay.stay_id, values["planned_exit_at"])

    take = _taker(shared, form, make, _tr("Planned move saved"))
    sheet = FormSheet(_tr("Plan a move"), form, _tr("Save"), take)
    return _open(host, sheet.keeps(shared, "planned-exit", stay.stay_id))


def ask_bed(host: QWidget, shared: Shared, stay: ResidentRecord) -> FormSheet:
    """Give a resident another bed, or none."""
    free = [
        (bed.bed_id, bed.name)
        for bed in shared.ask(bed_board).beds
        if bed.state == FREE or bed.bed_id == stay.bed_id
    ]
    form = Form(
        (Choice("bed_id", _tr("Bed"), (*free, ("none", _tr("No bed here"))), needed=True),)
    )
    form.put({"bed_id": stay.bed_id or "none"})

    def make(values: dict[str, Any]) -> Command:
        bed = values["bed_id"]
        return MoveBed(stay.stay_id, None if bed == "none" else bed)

    take = _taker(shared, form, make, _tr("Bed changed"))
    sheet = FormSheet(_tr("Another bed"), form, _tr("Save"), take)
    return _open(host, sheet.keeps(shared, "stay-bed", stay.stay_id))


def _taker(
    shared: Shared, form: Form, make: Callable[[dict[str, Any]], Command], said: str
) -> Callable[[dict[str, Any]], bool]:
    def take(values: dict[str, Any]) -> bool:
        done = shared.attempt(make(values), said=said, invalid=form.show_problems)
        return done is not None

    return take


def _open(host: QWidget, sheet: FormSheet) -> FormSheet:
    sheet.open_over(host, next(iter(sheet.form.editors.values())))
    return sheet


def _tr(text: str) -> str:
    return QCoreApplication.translate("stay", text)

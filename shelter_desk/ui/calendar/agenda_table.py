"""Appointments as a list, whatever week they are in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from shelter_desk.desk.appointments import AppointmentLine
from shelter_desk.ui.calendar.words import hours, lacking, state_tone, state_words, who_goes
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.table_model import Column
from shelter_desk.ui.today_lists import shown_name
from shelter_desk.ui.widgets import Table


def _tr(text: str) -> str:
    return QCoreApplication.translate("calendar", text)


def appointment_table(zone: ZoneInfo) -> Table[AppointmentLine]:
    """Return the list of appointments, Enter opens one."""

    def day(line: AppointmentLine) -> str:
        return show_day(line.starts_at.astimezone(zone).date(), weekday=True)

    columns = (
        Column[AppointmentLine](_tr("When"), day, width=190, below=lambda line: hours(line, zone)),
        Column[AppointmentLine](
            _tr("Resident"), lambda line: shown_name(line.called), width=180, avatar=True
        ),
        Column[AppointmentLine](
            _tr("What"),
            lambda line: line.kind_name,
            width=200,
            stretch=True,
            below=lambda line: ", ".join(lacking(line)),
        ),
        Column[AppointmentLine](_tr("Who goes along"), who_goes, width=190),
        Column[AppointmentLine](_tr("State"), state_words, width=110, tone=state_tone),
    )
    return Table[AppointmentLine](
        columns,
        _tr("Appointments"),
        key=lambda line: line.appointment_id,
        row_height=54,
        fit=True,
    )

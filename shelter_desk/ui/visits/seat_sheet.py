"""Opening the inspector's seat: who looks, at which records, for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from shelter_desk.desk.residents import roster
from shelter_desk.desk.seats import MINUTES, MOST_STAYS, OpenSeat
from shelter_desk.desk.visits import VisitLine
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Form, Several, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.visits.words import tr


def ask_seat(
    host: QWidget, shared: Shared, visit: VisitLine, opened: Callable[[str], object]
) -> FormSheet:
    """Ask who looks at which records for how long; `opened` gets the public id of the seat."""
    lines = shared.ask(roster, now=shared.now())
    records = tuple((line.stay_id, f"{line.called} ({line.case_code})") for line in lines)
    times = tuple((str(minutes), _length(minutes)) for minutes in MINUTES)
    form = Form(
        (
            Text("visitor", tr("Who sits down"), needed=True, longest=80),
            Text("authority", tr("On what ground"), needed=True, longest=200),
            Choice("minutes", tr("For how long"), times, chips=True, needed=True),
            Several("stays", tr("Which records, at most {0}").format(MOST_STAYS), records,
                    needed=True),
        )
    )  # fmt: skip
    form.put({"visitor": visit.agency, "authority": visit.authority})

    def take(values: dict[str, Any]) -> bool:
        command = OpenSeat(
            values["visitor"], values["authority"], values["stays"], int(values["minutes"])
        )
        done = shared.attempt(command, invalid=form.show_problems)
        if done is not None:
            opened(done.subject)
        return done is not None

    words = tr(
        "They see what was done and what is open, by case code: no names, no notes. Substance "
        "use, privileged, mental health and location stay closed. Each record they open is "
        "written down. Stay with them. It ends by itself, or with your passphrase."
    )
    sheet = FormSheet(tr("Let an inspector look"), form, tr("Begin"), take, intro=words, width=680)
    sheet.keeps(shared, "seat", visit.visit_id).open_over(host)
    return sheet


def _length(minutes: int) -> str:
    if minutes < 60:
        return tr("{0} minutes").format(minutes)
    hours = minutes // 60
    return tr("1 hour") if hours == 1 else tr("{0} hours").format(hours)

"""Opening the inspector's seat: who looks, at which records, for how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtWidgets import QWidget

from shelter_desk.desk.residents import roster
from shelter_desk.desk.sampling import drawn_sample, sample_draws
from shelter_desk.desk.seats import MINUTES, MOST_STAYS, OpenSeat
from shelter_desk.desk.visits import VisitLine
from shelter_desk.domain.periods import Period
from shelter_desk.domain.sampling import RECORDS
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Field, Form, Several, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.visits.words import tr


def ask_seat(
    host: QWidget, shared: Shared, visit: VisitLine, opened: Callable[[str], object]
) -> FormSheet:
    """Ask who looks at which records for how long; `opened` gets the public id of the seat."""
    form = Form(tuple(_fields(shared)))
    form.put({"visitor": visit.agency, "authority": visit.authority})

    def take(values: dict[str, Any]) -> bool:
        drawn = _stays_of(shared, values.get("sample") or "")
        stays = tuple(dict.fromkeys((*drawn, *values["stays"])))
        command = OpenSeat(values["visitor"], values["authority"], stays, int(values["minutes"]))
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


def _fields(shared: Shared) -> Iterator[Field]:
    times = tuple((str(minutes), _length(minutes)) for minutes in MINUTES)
    samples = tuple(_samples(shared))
    lines = shared.ask(roster, now=shared.now())
    records = tuple((line.stay_id, f"{line.called} ({line.case_code})") for line in lines)
    which = tr("Which records, at most {0}").format(MOST_STAYS)
    yield Text("visitor", tr("Who sits down"), needed=True, longest=80)
    yield Text("authority", tr("On what ground"), needed=True, longest=200)
    yield Choice("minutes", tr("For how long"), times, chips=True, needed=True)
    if samples:
        yield Choice("sample", tr("The sample that their dice drew"), samples)
        which = tr("Other records, at most {0} together").format(MOST_STAYS)
    yield Several("stays", which, records)


def _samples(shared: Shared) -> Iterator[tuple[str, str]]:
    """Yield the samples that were drawn and fit: id of the draw, words."""
    for draw in shared.ask(sample_draws):
        if draw.of_list == RECORDS and draw.seed and draw.wanted <= MOST_STAYS:
            words = tr("{0}: {1} of {2} records")
            label = Period.parse(draw.period).label
            yield draw.draw_id, words.format(label, draw.wanted, draw.population)


def _stays_of(shared: Shared, draw_id: str) -> tuple[str, ...]:
    if not draw_id:
        return ()
    chosen = shared.ask(drawn_sample, draw_id=draw_id).chosen
    return tuple(stay_id for _, (_, stay_id) in sorted(chosen.items()))


def _length(minutes: int) -> str:
    if minutes < 60:
        return tr("{0} minutes").format(minutes)
    hours = minutes // 60
    return tr("1 hour") if hours == 1 else tr("{0} hours").format(hours)

"""Opening the inspector's seat: who looks, for how long, and at which draw of their dice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from shelter_desk.desk.sampling import DrawLine, sample_draws
from shelter_desk.desk.seat_draws import MOST_STAYS
from shelter_desk.desk.seats import MINUTES, OpenSeat
from shelter_desk.desk.visits import VisitLine
from shelter_desk.domain.periods import Period
from shelter_desk.domain.sampling import RECORDS
from shelter_desk.ui.dates import show_moment
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Field, Form, Text
from shelter_desk.ui.sample_sheet import ListWanted, SampleSheet
from shelter_desk.ui.scale import STRETCH, row
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.visits.words import tr
from shelter_desk.ui.widgets import Button

_MOST_PERIODS = 8


class SeatSheet(FormSheet):
    """The form, and a way to the dice; whoever comes back from them finds the draw chosen."""

    def __init__(
        self, host: QWidget, shared: Shared, visit: VisitLine, opened: Callable[[str], object]
    ) -> None:
        self._host, self._shared, self._visit, self._opened = host, shared, visit, opened
        self._draws = tuple(_draws_for(shared, visit))
        form = Form(tuple(_fields(shared, self._draws)))
        form.put({"visitor": visit.agency, "authority": visit.authority})
        words = tr(
            "They see what their dice drew, all of it and nothing else: what was done and what is "
            "open, by case code, no names, no notes. Substance use, privileged, mental health and "
            "location stay closed. Each record they open is written down. Stay with them. It ends "
            "by itself, or with your passphrase."
        )
        super().__init__(
            tr("Let an inspector look"), form, tr("Begin"), self._take, intro=words, width=680
        )
        self.dice = Button(tr("Fix the list and throw the dice now…"), "list-checks")
        self.body.insertWidget(self.body.count() - 1, row(self.dice, STRETCH))
        self.dice.clicked.connect(self._to_the_dice)
        self.hides_page = True  # they stand beside the desk, and the page names residents
        self.keeps(shared, "seat", visit.visit_id)

    def begin(self, draw_id: str = "") -> SeatSheet:
        """Open it, with this draw chosen, or the last one of today where none is chosen yet.

        One of an earlier day was mostly somebody else's: who means it chooses it.
        """
        shared, today = self._shared, self._shared.today()
        known = [one.draw_id for one in self._draws if _day(shared, one) == today]
        self.open_over(self._host, None if known else self.dice)
        chosen = draw_id or self.form.typed()["draw_id"] or next(iter(known), "")
        self.form.put({"draw_id": chosen})
        if draw_id:
            self.form.editors["minutes"].setFocus()
        return self

    def _take(self, values: dict[str, Any]) -> bool:
        command = OpenSeat(
            values["visitor"], values["authority"], values["draw_id"], int(values["minutes"])
        )
        done = self._shared.attempt(command, invalid=self.form.show_problems)
        if done is not None:
            self._opened(done.subject)
        return done is not None

    def _to_the_dice(self) -> None:
        periods = tuple(_periods(self._visit, self._shared.today()))
        wanted = ListWanted(self._visit.scope, (RECORDS,), MOST_STAYS, periods, on_screen=True)
        drawn: list[str] = []
        sheet = SampleSheet(self._shared, wanted, drawn.append)
        again = (self._host, self._shared, self._visit, self._opened)
        sheet.closed.connect(lambda: SeatSheet(*again).begin(*drawn))
        host = self._host
        self.close_sheet()  # what was typed is kept, and stands there again
        sheet.open_over(host, sheet.fix)


def ask_seat(
    host: QWidget, shared: Shared, visit: VisitLine, opened: Callable[[str], object]
) -> FormSheet:
    """Ask who looks at which draw for how long; `opened` gets the public id of the seat."""
    return SeatSheet(host, shared, visit, opened).begin()


def _fields(shared: Shared, draws: tuple[DrawLine, ...]) -> Iterator[Field]:
    times = tuple((str(minutes), _length(minutes)) for minutes in MINUTES)
    samples = tuple((one.draw_id, _told(shared, one)) for one in draws)
    none = "" if samples else tr("Nothing was drawn for them yet. Fix the list first.")
    yield Text("visitor", tr("Who sits down"), needed=True, longest=80)
    yield Text("authority", tr("On what ground"), needed=True, longest=200)
    yield Choice("draw_id", tr("What their dice drew"), samples, hint=none, needed=True)
    yield Choice("minutes", tr("For how long"), times, chips=True, needed=True)


def _draws_for(shared: Shared, visit: VisitLine) -> Iterator[DrawLine]:
    """Yield what was drawn of the records for such a reader and fits, the last draw first."""
    found = [
        one
        for one in shared.ask(sample_draws)
        if (one.of_list, one.profile) == (RECORDS, visit.scope)
        and one.drawn_at is not None
        and one.wanted <= MOST_STAYS
    ]
    yield from sorted(found, key=lambda one: one.drawn_event, reverse=True)


def _day(shared: Shared, draw: DrawLine) -> date:
    return (draw.drawn_at or draw.fixed_at).astimezone(shared.zone).date()


def _told(shared: Shared, draw: DrawLine) -> str:
    label, at = Period.parse(draw.period).label, draw.drawn_at or draw.fixed_at
    words = tr("{0} of {1} records of {2}, drawn {3}")
    return words.format(draw.wanted, draw.population, label, show_moment(at, shared.zone))


def _periods(visit: VisitLine, today: date) -> Iterator[Period]:
    """Yield the quarters they look at, the newest first; the one that runs goes up to now."""
    period = Period.quarter_of(max(visit.since_on, min(visit.until_on, today)))
    if period.starts_on > today:
        period = Period.quarter_of(today)
    yield period
    for _ in range(_MOST_PERIODS - 1):
        period = period.previous
        if period.ends_on < visit.since_on:
            return
        yield period


def _length(minutes: int) -> str:
    if minutes < 60:
        return tr("{0} minutes").format(minutes)
    hours = minutes // 60
    return tr("1 hour") if hours == 1 else tr("{0} hours").format(hours)

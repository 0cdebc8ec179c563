"""The sheets about visits: plan one, change one, give points to a colleague."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from shelter_desk.desk.staff import staff_list
from shelter_desk.desk.visit_check import Point
from shelter_desk.desk.visits import GivePoints, PlanVisit, VisitLine
from shelter_desk.ui.dates import show_day
from shelter_desk.ui.form_sheet import FormSheet
from shelter_desk.ui.forms import Choice, Day, Field, Form, Text
from shelter_desk.ui.shared import Shared
from shelter_desk.ui.visits.words import SCOPES, tr

HERE = "here"
"""Subject of the page that leads straight to `ask_here`."""
_AHEAD = timedelta(weeks=4)
_LOOKED_AT = timedelta(days=365)
_BEFORE = timedelta(days=3)
_UNANNOUNCED = "licensor"  # who may come at any hour; another purpose is one key away


def ask_visit(
    host: QWidget,
    shared: Shared,
    visit: VisitLine | None = None,
    planned: Callable[[str], None] | None = None,
) -> FormSheet:
    """Ask who comes, on what ground, what for, about what time and when.

    `planned` gets the public id of the visit once it is written down.
    """
    today = shared.today()
    form = Form(
        (
            *_who_comes(),
            Day("since_on", tr("They look at the time from"), today, needed=True),
            Day("until_on", tr("until"), today, needed=True, ahead=True),
            Day("visit_on", tr("Day of the visit"), today, needed=True, ahead=True),
        ),
        columns=2,
    )
    form.put(_values_of(visit) if visit else _usual(shared))

    def take(values: dict[str, Any]) -> bool:
        command = PlanVisit(**values, visit_id=visit.visit_id if visit else "")
        return _write_down(shared, form, command, planned)

    title = tr("Change the visit") if visit else tr("Plan a visit")
    sheet = FormSheet(title, form, tr("Write it down"), take, width=720)
    sheet.keeps(shared, "visit", visit.visit_id if visit else "").open_over(host)
    return sheet


def ask_here(host: QWidget, shared: Shared, arrived: Callable[[str], None]) -> FormSheet:
    """Ask who came unannounced and on what ground; the visit is today, about the last year.

    `arrived` gets the public id of the visit once it is written down.
    """
    form = Form(tuple(_who_comes()), columns=2)
    form.put({"scope": _UNANNOUNCED})
    today = shared.today()

    def take(values: dict[str, Any]) -> bool:
        days = {"since_on": today - _LOOKED_AT, "until_on": today, "visit_on": today}
        return _write_down(shared, form, PlanVisit(**(values | days)), arrived)

    words = tr(
        "Before anybody sits down, look at their badge, and call their office on a number that "
        "you found yourself. Then the list is fixed and they throw the dice."
    )
    title, action = tr("Somebody is here unannounced"), tr("Go on to the dice")
    sheet = FormSheet(title, form, action, take, intro=words, width=720)
    sheet.hides_page = True
    sheet.keeps(shared, "visit-here").open_over(host)
    return sheet


def _who_comes() -> Iterator[Field]:
    scopes = tuple((code, tr(words)) for code, words in SCOPES.items())
    ground = tr("The statute, contract or agreement that lets them look, and where in it.")
    asks = tr("On what ground")
    yield Text("agency", tr("Who comes"), needed=True, longest=80)
    yield Choice("scope", tr("What for"), scopes, needed=True)
    yield Text("authority", asks, hint=ground, needed=True, wide=True, longest=200)


def _write_down(
    shared: Shared, form: Form, command: PlanVisit, then: Callable[[str], None] | None
) -> bool:
    said = tr("The visit is written down")
    done = shared.attempt(command, said=said, invalid=form.show_problems)
    if done is not None and then is not None:
        then(done.subject)
    return done is not None


def ask_owner(
    host: QWidget, shared: Shared, visit: VisitLine, points: Sequence[Point]
) -> FormSheet:
    """Ask who settles points, and by when."""
    today = shared.today()
    people = tuple((one.staff_id, one.name) for one in shared.ask(staff_list) if one.is_active)
    form = Form(
        (
            Choice("owner_id", tr("Who settles it"), people, needed=True),
            Day("due_on", tr("By when"), today, needed=True, ahead=True),
        )
    )
    form.put({"due_on": max(today, visit.visit_on - _BEFORE)})
    names = tuple(one.point for one in points)

    def take(values: dict[str, Any]) -> bool:
        command = GivePoints(visit.visit_id, names, **values)
        said = tr("It is written down who settles it")
        return shared.attempt(command, said=said, invalid=form.show_problems) is not None

    about = tr("{0} points of the visit on {1}.").format(len(points), show_day(visit.visit_on))
    if len(points) == 1:
        about = " · ".join(part for part in (points[0].about, points[0].text) if part)
    title = tr("Give it to a colleague")
    sheet = FormSheet(title, form, tr("Write it down"), take, intro=about)
    subject = names[0] if len(names) == 1 else visit.visit_id
    sheet.keeps(shared, "visit-owner", subject).open_over(host)
    return sheet


def _usual(shared: Shared) -> dict[str, object]:
    today = shared.today()
    return {"since_on": today - _LOOKED_AT, "until_on": today, "visit_on": today + _AHEAD}


def _values_of(visit: VisitLine) -> dict[str, object]:
    names = ("agency", "scope", "authority", "since_on", "until_on", "visit_on")
    return {name: getattr(visit, name) for name in names}

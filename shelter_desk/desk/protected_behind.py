"""Who is behind a figure of safe tables, shown or withheld: on screen only, by role.

The tables were counted from facts without names; here, and nowhere else, they meet the records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.counted import RESIDENT, Figure
from shelter_desk.desk.fact_links import links_of
from shelter_desk.desk.outcome_measures import MEASURES
from shelter_desk.desk.own_ratings import OWN
from shelter_desk.desk.period_facts import PeriodFacts, Person
from shelter_desk.desk.protected_reports import ITEM_TABLES
from shelter_desk.desk.report_behind import Behind, behind
from shelter_desk.disclosure import Definition, ReleaseRequest, definitions
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.domain.record_classes import GENERAL, class_of
from shelter_desk.domain.staff import May

EVERYBODY = "release/total/total"
TOTAL = "total"
SERVICE_TABLES = ("services", "times")
_EVENTS: Mapping[str, Callable[[Person], Mapping[str, int]]] = {
    "times": lambda one: one.services,
    "in-time": lambda one: one.in_time,
    "late": lambda one: one.late,
}
"""Table of events -> line -> what one resident adds to it."""


@asks(May.READ_RECORDS | May.SUMMARISE)
def protected_behind(
    read: Read, *, request: ReleaseRequest, facts: PeriodFacts, figure: str, words: str
) -> Behind:
    """Return who is behind a figure, as far as the person asking reads such records.

    Ask it after `NoteExplained`: that somebody looked stands in the trail.

    Args:
        read: the records.
        request: the tables with their true counts.
        facts: what they were counted from.
        figure: its id.
        words: for it.

    Raises:
        NotFoundError: when the tables have no such figure.
    """
    table_id, row, _ = figure.split("/")
    adds = _events(request, facts, table_id, row)
    if adds is None:
        where = _defined(request).get(figure)
        if where is None or request.people is None:
            raise NotFoundError
        people = request.people
        keys = [
            key
            for key in people.raw
            if all(people.value(key, name) in codes for name, codes in where.where)
        ]
        adds = dict.fromkeys(keys, 1)
    who = _of_residents(read, adds)
    found = Figure(RESIDENT, who, record_class=_class_of(read, table_id, row))
    return behind(read, found, figure, words)


def _defined(request: ReleaseRequest) -> dict[str, Definition]:
    found = {} if request.everybody is None else {EVERYBODY: request.everybody}
    for table in request.tables:
        found |= definitions(table)
    return found


def _events(
    request: ReleaseRequest, facts: PeriodFacts, table_id: str, row: str
) -> dict[str, int] | None:
    """Return what each resident adds to a line of a table of events; None for other tables."""
    if table_id == "nights":
        ages = next(table for table in request.tables if table.id == table_id).rows
        years = next((label.raw for label in ages if label.code == row), None)
        if years is None and row != TOTAL:
            raise NotFoundError
        held = {
            key: one.nights
            for key, one in facts.served.items()
            if years is None or ("unknown" if one.age is None else str(one.age)) in years
        }
    elif table_id in _EVENTS:
        of = _EVENTS[table_id]
        held = {
            key: sum(of(one).values()) if row == TOTAL else of(one).get(row, 0)
            for key, one in facts.people.items()
        }
    elif table_id.startswith(OWN):
        held = {}  # slips without a name: nobody is behind them
    else:
        return None
    return {key: count for key, count in held.items() if count}


def _of_residents(read: Read, adds: Mapping[str, int]) -> dict[int, int]:
    """Return the same by the rows of residents; a destroyed record has none, and is below zero."""
    whose = {link: resident_id for resident_id, link in links_of(read).items()}
    return {whose.get(key, -at): count for at, (key, count) in enumerate(adds.items(), 1)}


def _class_of(read: Read, table_id: str, row: str) -> str:
    """Return what being counted there tells of somebody."""
    model = read.care_model
    item = model.items.get(ITEM_TABLES.get(table_id, ""))
    if item is not None:
        return item.record_class
    if table_id in MEASURES:
        return MEASURES[table_id].record_class
    service = model.services.get(row) if table_id in SERVICE_TABLES else None
    return GENERAL if service is None else class_of(service)

"""What a reviewer can draw from, list by list, and what the dice then chose, for staff alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, Write, asks, milliseconds, moment
from shelter_desk.desk.counting import Bounds
from shelter_desk.desk.evidence import bounds_in
from shelter_desk.desk.evidence_house import staff_in
from shelter_desk.desk.record_lines import stays_in
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.errors import InvalidError, NotPermittedError, Problem
from shelter_desk.domain.periods import Period
from shelter_desk.domain.record_classes import INVESTIGATION
from shelter_desk.domain.sampling import INCIDENTS, LISTS, RECORDS, STAFF, drawn, method_of
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import incident
from shelter_desk.store.schema_packs import sample_draw, sample_place
from shelter_desk.store.sql import Statement

_stay, _resident, _staff = schema.stay, schema.resident, schema.staff
_INCIDENTS = Statement(
    select(incident.c.id, incident.c.public_id)
    .where(incident.c.found_at >= bindparam("since"), incident.c.found_at < bindparam("until"))
    .where(incident.c.withdrawn_at.is_(None))
    .order_by(incident.c.public_id)
)
_CHOSEN = Statement(
    select(
        sample_place.c.position,
        sample_place.c.label,
        func.coalesce(_resident.c.case_code, _staff.c.name, ""),
        incident.c.types,
        incident.c.occurred_at,
    )
    .join(_stay, _stay.c.id == sample_place.c.stay_id, isouter=True)
    .join(_resident, _resident.c.id == _stay.c.resident_id, isouter=True)
    .join(incident, incident.c.id == sample_place.c.incident_id, isouter=True)
    .join(_staff, _staff.c.id == sample_place.c.staff_id, isouter=True)
    .where(sample_place.c.draw_id == bindparam("draw_id"))
    .order_by(sample_place.c.position)
)
_COLUMN = {INCIDENTS: "incident_id", STAFF: "staff_id"}
_NOBODY = {
    RECORDS: "Nobody lived here in this period, so there is nothing to draw from.",
    INCIDENTS: "There was no incident in this period, so there is nothing to draw from.",
    STAFF: "Nobody worked here in this period, so there is nothing to draw from.",
}


@dataclass(frozen=True, slots=True)
class ChosenLine:
    """One place the dice drew: its label on paper, and which file it is.

    `named` is a case code or the name of a member of staff; an incident is told by `types` and
    `at`.
    """

    place: int
    label: str
    named: str
    types: tuple[str, ...]
    at: datetime | None


def column_of(of_list: str) -> str:
    """Return the column of a place that names a row of this list."""
    return _COLUMN.get(of_list, "stay_id")


def bounds_of_list(
    write: Write, of_list: str, period: Period, *, so_far: bool
) -> tuple[Bounds, int | None]:
    """Return the instants a list goes from and to, and the second where its period still runs.

    A list of a period that still runs is for looking on this screen alone. In packs two of them
    could be compared, and what is between them is few people.

    Raises:
        InvalidError: there is no such list, its period is not over and `so_far` is not asked for,
            the period has not begun, or what is listed is no record of a young person.
    """
    if of_list not in LISTS:
        raise InvalidError((Problem("of_list", "There is no such list."),))
    since, until = period.instants(write.house.zone)
    if not so_far or until <= write.now:
        return bounds_in(write.house.zone, period, write.now), None
    if of_list != RECORDS:
        words = "Before a period is over, only records of the young people can be drawn."
        raise InvalidError((Problem("of_list", words),))
    if write.now < since:
        raise InvalidError((Problem("period", f"{period.label} has not begun yet."),))
    # Whoever came this very moment is on the list.
    return {"since": milliseconds(since), "until": write.now_ms + 1}, write.now_ms


def rows_of(write: Write, of_list: str, bounds: Bounds) -> tuple[tuple[int, str], ...]:
    """Return (key, public id) of everything on a list between two instants.

    Raises:
        InvalidError: nothing is on it.
        NotPermittedError: whoever asks may not open investigations.
    """
    found: tuple[tuple[int, str], ...]
    if of_list == INCIDENTS:
        if not write.access.may_open(INVESTIGATION):
            raise NotPermittedError
        found = tuple((row[0], row[1]) for row in write.writer.rows(_INCIDENTS, **bounds))
    elif of_list == STAFF:
        found = staff_in(write.writer, bounds)
    else:
        found = stays_in(write.writer, bounds)
    if not found:
        raise InvalidError((Problem("period", _NOBODY[of_list]),))
    return found


def method_in(row: RowValues) -> str:
    """Return the method that the sample of a row of `sample_draw` is drawn by."""
    return method_of(row["of_list"], so_far=row["until_at"] is not None)


def places_drawn(row: RowValues) -> set[int]:
    """Return the places that the dice drew of a row of `sample_draw`; they have fallen."""
    root, method = bytes(row["root"]), method_in(row)
    return set(drawn(root, row["seed"], row["population"], row["wanted"], method))


@asks(May.EXPORT)
def chosen_files(read: Read, *, draw_id: str) -> tuple[ChosenLine, ...]:
    """Return which files the dice drew, so that staff can lay them out. None before they fell."""
    row = find(read.reader, sample_draw, draw_id)
    hides = row["of_list"] == INCIDENTS and not read.access.may_open(INVESTIGATION)
    if row["seed"] is None or hides:
        return ()
    drawn_places = places_drawn(row)
    types = {value.code: value.label for value in read.care_model.values("incident-types")}
    return tuple(
        ChosenLine(
            place,
            label,
            named,
            tuple(types.get(code, code) for code in (codes or "").split()),
            None if at is None else moment(at),
        )
        for place, label, named, codes, at in read.reader.rows(_CHOSEN, draw_id=row["id"])
        if place in drawn_places
    )

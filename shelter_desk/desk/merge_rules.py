"""What holds while two records are joined: nobody is in two places, what is closed stays so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Write, moment_or_none
from shelter_desk.desk.rows import RowValues, find, get, key_of
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import doubled_stay, is_of_person, person_stay, record_merge
from shelter_desk.store.sql import Statement

FOR_EVER = 1 << 62
_stay = schema.stay
_open_merge = record_merge.c.ended_at.is_(None)
_INTO = Statement(
    select(record_merge.c.into_id).where(
        record_merge.c.resident_id == bindparam("resident_id"), _open_merge
    )
)
_RECORDS = Statement(
    select(schema.resident.c.id)
    .where(is_of_person(schema.resident.c.id, bindparam("person")))
    .order_by(schema.resident.c.id != bindparam("person"), schema.resident.c.id)
)
_DOUBLED = Statement(
    select(doubled_stay.c.of_stay_id)
    .join(record_merge, record_merge.c.id == doubled_stay.c.merge_id)
    .where(doubled_stay.c.stay_id == bindparam("stay_id"), _open_merge)
)
_ALSO = Statement(
    select(doubled_stay.c.stay_id)
    .join(record_merge, record_merge.c.id == doubled_stay.c.merge_id)
    .where(doubled_stay.c.of_stay_id == bindparam("stay_id"), _open_merge)
    .order_by(doubled_stay.c.id)
)
_ALSO_IN = Statement(
    select(doubled_stay.c.stay_id, schema.resident.c.case_code)
    .join(record_merge, record_merge.c.id == doubled_stay.c.merge_id)
    .join(schema.resident, schema.resident.c.id == record_merge.c.resident_id)
    .where(doubled_stay.c.of_stay_id == bindparam("stay_id"), _open_merge)
    .order_by(doubled_stay.c.id)
)
_twin = _stay.alias("twin")
_ALSO_NAMED = Statement(
    select(_twin.c.public_id)
    .select_from(_stay)
    .join(doubled_stay, doubled_stay.c.of_stay_id == _stay.c.id)
    .join(record_merge, record_merge.c.id == doubled_stay.c.merge_id)
    .join(_twin, _twin.c.id == doubled_stay.c.stay_id)
    .where(_stay.c.public_id == bindparam("stay_id"), _open_merge)
    .order_by(doubled_stay.c.id)
)
_SECOND_WRITINGS = Statement(
    select(
        _twin.c.public_id,
        _stay.c.public_id,
        func.coalesce(schema.resident_index.c.called, schema.resident.c.case_code),
        schema.resident.c.case_code,
        _stay.c.ended_at,
    )
    .select_from(doubled_stay)
    .join(_twin, _twin.c.id == doubled_stay.c.stay_id)
    .join(_stay, _stay.c.id == doubled_stay.c.of_stay_id)
    .join(schema.resident, schema.resident.c.id == _stay.c.resident_id)
    .join(
        schema.resident_index,
        schema.resident_index.c.resident_id == schema.resident.c.id,
        isouter=True,
    )
    .where(doubled_stay.c.merge_id.in_(select(record_merge.c.id).where(_open_merge)))
)
_OF_PERSON = Statement(
    select(_stay.c.id, _stay.c.resident_id, _stay.c.began_at, _stay.c.ended_at)
    .join(person_stay, person_stay.c.id == _stay.c.id)
    .where(is_of_person(_stay.c.resident_id, bindparam("person")))
    .where(person_stay.c.is_doubled == 0)
    .order_by(_stay.c.began_at, _stay.c.id)
)


class GoesOn(NamedTuple):
    """The stay that goes on, as a list shows it; `left_at` is None while it lasts."""

    stay_id: str
    called: str
    case_code: str
    left_at: datetime | None


class Span(NamedTuple):
    """A stay as a stretch of time; `until` is `FOR_EVER` while it lasts."""

    id: int
    resident_id: int
    since: int
    until: int

    def meets(self, other: Span) -> bool:
        """Tell whether the two have a moment in common."""
        return self.since < other.until and other.since < self.until

    def lies_in(self, other: Span) -> bool:
        """Tell whether the other was there all the time that this one was."""
        return other.since <= self.since and self.until <= other.until


def into_of(reader: Reader, resident_id: int) -> int | None:
    """Return the key of the record that this one is joined into, or None."""
    found: int | None = reader.value(_INTO, resident_id=resident_id)
    return found


def records_of_person(reader: Reader, resident_id: int) -> list[int]:
    """Return the keys of all records of one person: first the one that goes on."""
    person = into_of(reader, resident_id) or resident_id
    return [key for (key,) in reader.rows(_RECORDS, person=person)]


def doubled_of(reader: Reader, stay_id: int) -> int | None:
    """Return the key of the stay that this one was a second writing of, or None."""
    found: int | None = reader.value(_DOUBLED, stay_id=stay_id)
    return found


def stay_that_goes_on(write: Write, stay_id: str) -> RowValues:
    """Return a stay by its public id; where it was written down twice, the one that goes on.

    Whoever writes something new into a record that a join closed means the young person: it stands
    where the others look for it, and stays there if the records are separated.

    Raises:
        NotFoundError: when there is no such stay.
    """
    row = find(write.writer, _stay, stay_id)
    goes_on = doubled_of(write.writer, row["id"])
    return row if goes_on is None else get(write.writer, _stay, goes_on)


def also_written_as(reader: Reader, stay_id: int) -> tuple[int, ...]:
    """Return the keys of the stays that are second writings of this one."""
    return tuple(row[0] for row in reader.rows(_ALSO, stay_id=stay_id))


def writings(reader: Reader, stay_id: int) -> tuple[int, ...]:
    """Return every writing of the stay that this is one of: first the one that goes on."""
    goes_on = doubled_of(reader, stay_id) or stay_id
    return (goes_on, *also_written_as(reader, goes_on))


def other_writings(reader: Reader, stay_id: int) -> dict[int, str]:
    """Return the second writings of a stay, each with the case code of its record."""
    return dict(reader.rows(_ALSO_IN, stay_id=stay_id))


def known_as(reader: Reader, stay_id: str) -> tuple[str, ...]:
    """Return the public ids under which a stay was written down: its own, then the others."""
    return (stay_id, *(row[0] for row in reader.rows(_ALSO_NAMED, stay_id=stay_id)))


def names_of_writings(reader: Reader, stay_id: str) -> frozenset[str]:
    """Return the public ids of every writing of a stay, whichever of them is asked for."""
    keys = writings(reader, key_of(reader, _stay, stay_id))
    return frozenset(str(get(reader, _stay, key)["public_id"]) for key in keys)


def second_writings(reader: Reader, stays: Collection[str | None]) -> dict[str, GoesOn]:
    """Return each of these stays that was written down twice -> the one that goes on.

    All by public ids.
    """
    return {
        twin: GoesOn(stay_id, called, case_code, moment_or_none(left))
        for twin, stay_id, called, case_code, left in reader.rows(_SECOND_WRITINGS)
        if twin in stays
    }


def spans_of_person(reader: Reader, person: int) -> list[Span]:
    """Return the stays of all records of a person that count, the oldest first."""
    rows = reader.rows(_OF_PERSON, person=person)
    return [
        Span(stay_id, resident_id, since, FOR_EVER if until is None else until)
        for stay_id, resident_id, since, until in rows
    ]


def refuse_joined(write: Write, resident_id: int, field: str) -> None:
    """Pass unless a record is joined into another.

    Raises:
        InvalidError: it is; what is new belongs into the other one.
    """
    if into_of(write.writer, resident_id) is not None:
        words = "This record is joined with another. Go on there, or separate them first."
        raise InvalidError((Problem(field, words),))


def refuse_doubled(write: Write, row: RowValues, field: str) -> None:
    """Pass unless a stay is the second writing of another: its ends are those of that one."""
    if doubled_of(write.writer, row["id"]) is not None:
        words = "This stay was written down twice. Change the other one, or separate them first."
        raise InvalidError((Problem(field, words),))


def elsewhere(
    write: Write, resident_id: int, since: int, until: int | None, *, but: int | None = None
) -> bool:
    """Tell whether another record of the same person says they were here in a stretch of time."""
    person = into_of(write.writer, resident_id) or resident_id
    here = Span(-1, resident_id, since, FOR_EVER if until is None else until)
    return any(
        one.resident_id != resident_id and one.id != but and one.meets(here)
        for one in spans_of_person(write.writer, person)
    )


def refuse_elsewhere(
    write: Write, row: RowValues, since: int, until: int | None, field: str
) -> None:
    """Pass unless a stay with these ends would meet one of a joined record."""
    if elsewhere(write, row["resident_id"], since, until, but=row["id"]):
        words = "The record that is joined with this one says they were here at that time."
        raise InvalidError((Problem(field, words),))

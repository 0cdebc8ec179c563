"""The rows that reports count, each read once by its time: stays, entries, answers to funders."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Text, bindparam, func, or_, select

from shelter_desk.desk.base import Read, moment
from shelter_desk.desk.counted import Span
from shelter_desk.desk.sealing import IDENTITY, KeyNotHeldError
from shelter_desk.domain.ages import age_band, age_on
from shelter_desk.domain.service_rules import counts_lines
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import is_of_person, person_stay
from shelter_desk.store.schema_reports import funder_answer
from shelter_desk.store.sql import Statement

_stay, _entry, _index = person_stay, schema.service_entry, schema.resident_index
_written = schema.stay  # as it was written down: where one person is looked for, by index
_STAYS = Statement(
    select(
        _stay.c.id,
        _stay.c.resident_id,
        _stay.c.began_at,
        _stay.c.ended_at,
        _index.c.born_on,
        _stay.c.brought_by,
        _stay.c.exit_type,
        _stay.c.exit_destination,
        _stay.c.planned_exit_at,
        _index.c.resident_id,
    )
    .join(_index, _index.c.resident_id == _stay.c.resident_id, isouter=True)
    .where(_stay.c.is_doubled == 0, _stay.c.began_at < bindparam("until"))
    .where(or_(_stay.c.ended_at.is_(None), _stay.c.ended_at >= bindparam("since")))
    .order_by(_stay.c.began_at, _stay.c.id)
)
_FUNDERS = func.json_each(bindparam("funders", type_=Text)).table_valued("value", name="json_each")
_COUNTED = Statement(
    select(
        _entry.c.id,
        _entry.c.stay_id,
        _stay.c.resident_id,
        _entry.c.service_id,
        _entry.c.voca_code,
        _entry.c.units,
        _entry.c.given_at,
    )
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .where(
        _entry.c.given_at >= bindparam("since"),
        _entry.c.given_at < bindparam("until"),
        _entry.c.withdrawn_at.is_(None),
        _entry.c.voca_code.is_not(None),
        _entry.c.funder.in_(select(_FUNDERS.c.value)),
    )
    .order_by(_entry.c.given_at, _entry.c.id)
)
_BEFORE = Statement(
    select(_entry.c.id)
    .join(_written, _written.c.id == _entry.c.stay_id)
    .where(
        is_of_person(_written.c.resident_id, bindparam("resident_id")),
        _entry.c.given_at >= bindparam("since"),
        _entry.c.given_at < bindparam("until"),
        _entry.c.withdrawn_at.is_(None),
        _entry.c.voca_code.is_not(None),
        _entry.c.funder.in_(select(_FUNDERS.c.value)),
    )
    .limit(1)
)
_SERVED = Statement(
    select(_entry.c.service_id, _stay.c.resident_id)
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .where(_entry.c.given_at >= bindparam("since"), _entry.c.given_at < bindparam("until"))
    .where(_entry.c.withdrawn_at.is_(None))
    .group_by(_entry.c.service_id, _stay.c.resident_id)
)
_BORN = Statement(select(_index.c.born_on).where(_index.c.resident_id == bindparam("resident_id")))
_ANSWERS = Statement(
    select(funder_answer.c.public_id, funder_answer.c.question, funder_answer.c.codes_sealed)
    .join(_written, _written.c.id == funder_answer.c.stay_id)
    .where(is_of_person(_written.c.resident_id, bindparam("resident_id")))
    .where(_written.c.began_at < bindparam("until"), funder_answer.c.withdrawn_at.is_(None))
    .order_by(_written.c.began_at, _written.c.id)
)
_ANSWERS_OF_STAY = Statement(
    select(funder_answer.c.public_id, funder_answer.c.question, funder_answer.c.codes_sealed)
    .where(funder_answer.c.stay_id == bindparam("stay_id"))
    .where(funder_answer.c.withdrawn_at.is_(None))
)

Codes = tuple[str, ...]


class StayRow(NamedTuple):
    """One stay that touches the days. Instants as stored.

    `indexed` is None where the resident was erased: their stay still counts, they do not.
    """

    id: int
    resident_id: int
    began_at: int
    ended_at: int | None
    born_on: str | None
    brought_by: str | None
    exit_type: str | None
    exit_destination: str | None
    planned_exit_at: int | None
    indexed: int | None


class EntryRow(NamedTuple):
    """One entry of the service log that a funder counts."""

    id: int
    stay_id: int
    resident_id: int
    service_id: str
    line: str
    units: int
    given_at: int


def stays_in(read: Read, span: Span) -> tuple[StayRow, ...]:
    """Return the stays with at least a moment in the days, oldest first."""
    return tuple(StayRow(*row) for row in read.reader.rows(_STAYS, **span.bounds))


def nights_in(read: Read, stay: StayRow, span: Span) -> int:
    """Return the nights of a stay that begin in the days; an open one lasts to the end of them.

    How many times it was there when a local day turned, as `periods.nights_of_care` says.
    """
    zone = read.house.zone

    def day(at: int) -> date:
        return moment(at).astimezone(zone).date()

    last = span.until if stay.ended_at is None else min(stay.ended_at, span.until)
    return max(0, (day(last) - day(max(stay.began_at, span.since))).days)


def counted_entries(read: Read, span: Span) -> tuple[EntryRow, ...]:
    """Return the entries of the days that the funder of lines or its match paid for."""
    rows = read.reader.rows(_COUNTED, funders=_funders(read), **span.bounds)
    return tuple(EntryRow(*row) for row in rows)


def counted_before(read: Read, resident_id: int, *, since: int, until: int) -> bool:
    """Tell whether such an entry was given to somebody between two stored instants."""
    found = read.reader.value(
        _BEFORE, resident_id=resident_id, since=since, until=until, funders=_funders(read)
    )
    return found is not None


def served_by(read: Read, span: Span) -> dict[str, set[int]]:
    """Return service -> the residents who were given it, whoever paid."""
    found: dict[str, set[int]] = {}
    for service, resident in read.reader.rows(_SERVED, **span.bounds):
        found.setdefault(service, set()).add(resident)
    return found


def band_of(read: Read, born_on: str | None, at: int) -> str:
    """Return the code of the age band on the shelter's day of a stored instant."""
    day = moment(at).astimezone(read.house.zone).date()
    age = None if born_on is None else age_on(day, born_on=date.fromisoformat(born_on))
    return age_band(age, read.care_model.values("age-bands"))


def born_on(read: Read, resident_id: int) -> str | None:
    """Return the birth date that is known or worked out of a resident."""
    found = read.reader.value(_BORN, resident_id=resident_id)
    return None if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Answers:
    """Question -> codes, where somebody was asked. `get` gives None for not asked."""

    by_question: Mapping[str, Codes]

    def get(self, question: str) -> Codes | None:
        """Return the codes, or None where it was not asked."""
        return self.by_question.get(question)


def answers_place(public_id: str) -> str:
    """Return the place that codes are sealed for."""
    return f"funder_answer:{public_id}:codes"


def answers_of(read: Read, resident_id: int, *, until: int) -> Answers:
    """Return the newest answers of a resident over all stays begun before a stored instant."""
    rows = read.reader.rows(_ANSWERS, resident_id=resident_id, until=until)
    return _opened(read, resident_id, rows)


def answers_of_stay(read: Read, stay_id: int, resident_id: int) -> Answers:
    """Return the answers of one stay."""
    return _opened(read, resident_id, read.reader.rows(_ANSWERS_OF_STAY, stay_id=stay_id))


def _opened(read: Read, resident_id: int, rows: Iterable[tuple[str, str, bytes]]) -> Answers:
    found: dict[str, Codes] = {}
    for public_id, question, sealed in rows:
        try:
            text = read.sealer.open(read.reader, resident_id, answers_place(public_id), sealed)
        except KeyNotHeldError:
            # Lawfully destroyed: nobody knows any more, and the report says so.
            if read.sealer.may_open(IDENTITY):
                continue
            raise
        found[question] = tuple(json.loads(text))
    return Answers(found)


def _funders(read: Read) -> str:
    return json.dumps(sorted(counts_lines(read.care_model)))

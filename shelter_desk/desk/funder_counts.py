"""What a funder that counts lines is told of some days: individuals, and times provided.

These are exact figures for that funder alone. What is published goes through `protect()`.
Source: VOCA performance measures, question 8: individuals for each group A to E, times provided
for each line; only people served with the grant or its match count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds
from shelter_desk.domain.service_rules import LINES, counts_lines
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.sql import Statement

_entry, _stay = schema.service_entry, person_stay
_COUNTED = Statement(
    select(_entry.c.voca_code, _entry.c.funder, _stay.c.resident_id, func.sum(_entry.c.units))
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .where(
        _entry.c.given_at >= bindparam("since"),
        _entry.c.given_at < bindparam("until"),
        _entry.c.withdrawn_at.is_(None),
        _entry.c.voca_code.is_not(None),
    )
    .group_by(_entry.c.voca_code, _entry.c.funder, _stay.c.resident_id)
)


@dataclass(frozen=True, slots=True)
class FunderCounts:
    """`people`: everybody counted once. `groups`: group -> people. `times`: line -> times."""

    people: int
    groups: dict[str, int]
    times: dict[str, int]


@asks(May.SUMMARISE)
def funder_counts(read: Read, *, since: datetime, until: datetime) -> FunderCounts:
    """Return what was provided from `since` until before `until`, in the newest version of each.

    Groups and lines in which nothing was provided are 0, not left out.
    """
    group_of = {v.code: str(v.extra["group"]) for v in read.care_model.values(LINES)}
    people: dict[str, set[int]] = defaultdict(set)
    times = dict.fromkeys(group_of, 0)
    bounds = {"since": milliseconds(since), "until": milliseconds(until)}
    for code, resident, units in units_provided(read, bounds):
        people[group_of[code]].add(resident)
        times[code] += units
    groups = {group: len(people[group]) for group in sorted(set(group_of.values()))}
    return FunderCounts(len(set().union(*people.values())), groups, times)


def units_provided(read: Read, bounds: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """Yield (line, resident, units) of what counts for a funder between two stored instants."""
    counted = counts_lines(read.care_model)
    lines = {value.code for value in read.care_model.values(LINES)}
    for code, funder, resident, units in read.reader.rows(_COUNTED, **bounds):
        if funder in counted and code in lines:
            yield code, resident, units

"""What a summary counts, resident by resident and without a name: taken from the records once.

When a summary of a period is released, the facts it was counted from are kept beside it, so that
later summaries of the same period say the same however the records have been corrected since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select

from shelter_desk.desk.base import Read, milliseconds, moment, moment_or_none
from shelter_desk.desk.fact_links import listed_links
from shelter_desk.domain.ages import age_on
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.periods import Period, nights_of_care
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.sql import Statement

_stay, _index, _phase = person_stay, schema.resident_index, schema.stay_phase
_entry, _answer = schema.service_entry, schema.item_answer

_STAYS = Statement(
    select(_stay.c.id, _stay.c.resident_id, _stay.c.began_at, _stay.c.ended_at, _index.c.born_on)
    .join(_index, _index.c.resident_id == _stay.c.resident_id)
    .where(_stay.c.is_doubled == 0, _stay.c.began_at < bindparam("until"))
    .where(or_(_stay.c.ended_at.is_(None), _stay.c.ended_at >= bindparam("since")))
    .order_by(_stay.c.began_at, _stay.c.id)
)
_PHASES = Statement(
    select(_phase.c.phase, _stay.c.resident_id)
    .join(_stay, _stay.c.id == _phase.c.stay_id)
    .where(_phase.c.started_at < bindparam("until"))
    .where(or_(_phase.c.ended_at.is_(None), _phase.c.ended_at >= bindparam("since")))
    .where(or_(_stay.c.ended_at.is_(None), _stay.c.ended_at >= bindparam("since")))
    .distinct()
)
_ENTRIES = Statement(
    select(_entry.c.service_id, _stay.c.resident_id, func.count())
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .where(_entry.c.given_at >= bindparam("since"), _entry.c.given_at < bindparam("until"))
    .where(_entry.c.withdrawn_at.is_(None))
    .group_by(_entry.c.service_id, _stay.c.resident_id)
)
# What has no due time cannot be late: nobody was kept waiting, and to call it late would count
# care beyond what was asked against the staff. So it is in time, in every report.
dealt_with_in_time = case((_answer.c.done_at > _answer.c.due_at, 0), else_=1)
_ANSWERS = Statement(
    select(
        _answer.c.item_id,
        _stay.c.resident_id,
        func.count(),
        func.sum(dealt_with_in_time),
    )
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.done_at < bindparam("until"))
    .where(_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
    .group_by(_answer.c.item_id, _stay.c.resident_id)
)


@dataclass
class Person:
    """What a summary counts of one resident in one period.

    Args:
        age: in full years on their first day in the period, or None. served: they were there.
        nights: of care. came, left: in the period. phases: they were in.
        services: service -> times given. in_time, late: phase -> items dealt with.
    """

    served: bool = False
    age: int | None = None
    nights: int = 0
    came: bool = False
    left: bool = False
    phases: list[str] = field(default_factory=list)
    services: dict[str, int] = field(default_factory=dict)
    in_time: dict[str, int] = field(default_factory=dict)
    late: dict[str, int] = field(default_factory=dict)

    def and_then(self, later: Person) -> Person:
        """Return what the two of a part of the days and of a later part come to together."""
        first = self if self.served else later
        return Person(
            self.served or later.served,
            first.age,
            self.nights + later.nights,
            self.came or later.came,
            self.left or later.left,
            sorted({*self.phases, *later.phases}),
            *(
                dict(Counter(mine) + Counter(theirs))
                for mine, theirs in (
                    (self.services, later.services),
                    (self.in_time, later.in_time),
                    (self.late, later.late),
                )
            ),
        )


@dataclass(frozen=True)
class PeriodFacts:
    """Everybody with anything to count in a period: key -> facts. The key is their link."""

    period: Period
    people: Mapping[str, Person]

    @property
    def served(self) -> dict[str, Person]:
        """Return those who were there."""
        return {key: one for key, one in self.people.items() if one.served}

    def with_told(self, told: Iterable[PeriodFacts], listed: Collection[str]) -> PeriodFacts:
        """Add those whose records were taken away, as parts of the period told of them.

        What was told once is told again: a year never says less than its quarters did.
        """
        gone: dict[str, Person] = {}
        for part in told:
            for key, one in part.people.items():
                if key not in listed:
                    gone[key] = gone[key].and_then(one) if key in gone else one
        return PeriodFacts(self.period, {**self.people, **gone})

    def text(self) -> str:
        """Return the canonical text, as it is kept with a release."""
        people = {key: asdict(one) for key, one in self.people.items()}
        return canonical_json({"period": self.period.id, "people": people})

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> PeriodFacts:
        """Read what `text` wrote."""
        people = {key: Person(**one) for key, one in kept["people"].items()}
        return cls(Period.parse(kept["period"]), people)


def facts_of(read: Read, span: Period, now: datetime) -> PeriodFacts:
    """Take the facts of a period from the records, as they stand now.

    Records that were taken away are no part of it.
    """
    since, until = span.instants(read.house.zone)
    bounds = {"since": milliseconds(since), "until": milliseconds(until)}
    people: dict[str, Person] = {}
    _stays(read, span, now, bounds, people)
    for phase, resident in read.reader.rows(_PHASES, **bounds):
        if str(resident) in people:
            people[str(resident)].phases.append(phase)
    for service, resident, count in read.reader.rows(_ENTRIES, **bounds):
        if str(resident) in people:
            people[str(resident)].services[service] = count
    _answers(read, bounds, people)
    for one in people.values():
        one.phases.sort()
    links = listed_links(read)
    return PeriodFacts(
        span, {links[int(key)]: one for key, one in people.items() if int(key) in links}
    )


def _stays(
    read: Read,
    span: Period,
    now: datetime,
    bounds: Mapping[str, int],
    people: dict[str, Person],
) -> None:
    zone = read.house.zone
    for _, resident, began, ended, born in read.reader.rows(_STAYS, **bounds):
        began_at, ended_at = moment(began), moment_or_none(ended)
        one = people.get(str(resident))
        if one is None:
            first = max(began_at.astimezone(zone).date(), span.starts_on)
            age = None if born is None else age_on(first, born_on=date.fromisoformat(born))
            one = people[str(resident)] = Person(served=True, age=age)
        one.nights += nights_of_care(began_at, ended_at, now=now, zone=zone, period=span)
        one.came = one.came or bounds["since"] <= began
        left = ended is not None and bounds["since"] <= ended < bounds["until"]
        one.left = one.left or left


def _answers(read: Read, bounds: Mapping[str, int], people: dict[str, Person]) -> None:
    for item_id, resident, count, timely in read.reader.rows(_ANSWERS, **bounds):
        item = read.care_model.items.get(item_id)
        if item is None:
            continue
        one = people.setdefault(str(resident), Person())
        for found, number in ((one.in_time, timely), (one.late, count - timely)):
            if number:
                found[item.phases[0]] = found.get(item.phases[0], 0) + int(number)

"""What an invented staff does between two moments of a stay: answers and service entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from sqlalchemy import bindparam, select

from shelter_desk.desk.audit_log import size_of
from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.care import AnswerItem
from shelter_desk.desk.service_log import LogService
from shelter_desk.domain.care_model import CareModel, ChecklistItem, Service
from shelter_desk.domain.service_rules import LINES
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_due, _stay = schema.due_item, schema.stay
_DUE = Statement(
    select(_due.c.item_id, _due.c.occurrence, _due.c.due_at, _due.c.state)
    .where(_due.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
    .where(_due.c.due_at < bindparam("until"))
    .order_by(_due.c.due_at, _due.c.item_id, _due.c.occurrence)
)
_KEY = Statement(select(_stay.c.id).where(_stay.c.public_id == bindparam("public_id")))
_MINUTES = (10, 15, 15, 20, 30, 30, 45, 60, 90)
_CRISIS_DAYS, LONG_DAYS = 4, 50
# How often a service is written down, beside one that is written down now and then.
_OFTEN = {
    "basic_needs": 4.0,
    "crisis_shelter": 2.0,
    "residential_care": 5.0,
    "medication": 4.0,
    "mental_health": 4.0,
    "case_management": 4.0,
    "education_reentry": 3.0,
    "life_skills": 2.5,
    "physical_health": 2.0,
    "language_access": 0.5,
    "substance_use": 0.7,
    "long_term_housing": 0.5,
    "missing_response": 0.15,
}


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One open occurrence of an item."""

    item_id: str
    occurrence: str
    due_at: datetime
    state: str


@asks(May.READ_RECORDS)
def open_lines(read: Read, *, stay_id: str | None, until: datetime) -> tuple[OpenLine, ...]:
    """Return what is open and due before `until`, earliest first."""
    key = None if stay_id is None else read.reader.value(_KEY, public_id=stay_id)
    return tuple(
        OpenLine(item_id, occurrence, moment(due_at), state)
        for item_id, occurrence, due_at, state in read.reader.rows(
            _DUE, stay_id=key, until=milliseconds(until)
        )
    )


@asks(May.READ_AUDIT)
def trail_length(read: Read) -> int:
    """Return how many events the audit trail has."""
    return size_of(read.reader)


@dataclass(frozen=True, slots=True)
class Given:
    """One command and the moment at which it is entered."""

    at: datetime
    command: AnswerItem | LogService


def answers(
    random: Random,
    model: CareModel,
    stay_id: str | None,
    lines: Sequence[OpenLine],
    between: tuple[datetime, datetime],
) -> list[Given]:
    """Return answers to these lines, most of them given in time, in order of the moment."""
    given = []
    for line in lines:
        if line.state == "signature":
            continue
        at = _done_at(random, line.due_at, between)
        item = model.items[line.item_id]
        given.append(
            Given(at, replace(_answer(random, item, stay_id, line, between[1]), done_at=at))
        )
    return sorted(given, key=lambda one: one.at)


def _done_at(random: Random, due_at: datetime, between: tuple[datetime, datetime]) -> datetime:
    """Return a moment between the two, before `due_at` where that is still possible."""
    low, high = between
    latest = min(due_at, high)
    if latest <= low:
        latest = min(high, low + timedelta(hours=2))
    return low + (latest - low) * random.uniform(0.1, 0.95)


def _answer(
    random: Random, item: ChecklistItem, stay_id: str | None, line: OpenLine, entered: datetime
) -> AnswerItem:
    drawn = random.random()
    if item.signatures > 1:
        # Only one person signs in here, and what two must sign waits for the second.
        until = entered + timedelta(days=random.randint(1, 8), hours=6)
        return AnswerItem(
            stay_id, item.id, line.occurrence, "deferred", reason="staffing", until=until
        )
    if line.state == "open" and stay_id is not None and not item.safety_critical:
        if drawn < 0.04:
            reason = random.choice(("not-now", "not-wanted", "another-person"))
            return AnswerItem(stay_id, item.id, line.occurrence, "declined", reason=reason)
        if drawn < 0.06:
            until = entered + timedelta(days=random.randint(2, 9))
            reason = random.choice(("resting", "resident-asked-later", "appointment"))
            return AnswerItem(
                stay_id, item.id, line.occurrence, "deferred", reason=reason, until=until
            )
        if drawn < 0.07:
            reason = random.choice(("provider", "consent"))
            return AnswerItem(stay_id, item.id, line.occurrence, "blocked", reason=reason)
    return AnswerItem(stay_id, item.id, line.occurrence)


class Usual:
    """What is usually given, and how often: looked up once, for a million entries."""

    def __init__(self, model: CareModel) -> None:
        rules = model.lists[LINES].rules
        never = {code for rule in rules if rule.kind == "choose-one" for code in rule.codes[1:]}
        # Of lines that exclude each other the first is used.
        self._lines = {
            one.id: [code for code in one.voca if code not in never]
            for one in model.services.values()
        }
        self._services = {
            days: _of_phases(model, phases)
            for days, phases in (
                (0, {"all", "immediate"}),
                (_CRISIS_DAYS, {"all", "ongoing"}),
                (LONG_DAYS, {"all", "ongoing", "long-term"}),
            )
        }

    def services(self, days: float) -> tuple[tuple[Service, ...], list[float]]:
        """Return what is given to somebody who has been here for so many days, and how often.

        How often: each with all before it, as `random.choices` wants them.
        """
        if days > LONG_DAYS:
            return self._services[LONG_DAYS]
        return self._services[0 if days < _CRISIS_DAYS else _CRISIS_DAYS]

    def line(self, random: Random, service: Service) -> str | None:
        """Return a funder line of the service, or None where it has none."""
        lines = self._lines[service.id]
        return random.choice(lines) if lines else None


def _of_phases(model: CareModel, phases: set[str]) -> tuple[tuple[Service, ...], list[float]]:
    services = tuple(one for one in model.services.values() if phases.intersection(one.phases))
    return services, list(accumulate(_OFTEN.get(one.id, 1.0) for one in services))


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody to whom services are given: their stay, and since when they are here."""

    stay_id: str
    arrived_at: datetime


def entries(
    random: Random,
    usual: Usual,
    whom: Whom,
    staff: Sequence[str],
    between: tuple[datetime, datetime],
    count: int,
) -> Iterator[Given]:
    """Yield `count` entries of the service log, in order of the moment they were written."""
    low, high = between
    step = (high - low) / (count + 1)
    for number in range(count):
        at = low + step * (number + random.uniform(0.3, 1.0))
        services, often = usual.services((at - whom.arrived_at) / timedelta(days=1))
        (service,) = random.choices(services, cum_weights=often)
        yield Given(
            at,
            LogService(
                whom.stay_id,
                service.id,
                at,
                random.choice(_MINUTES),
                voca_code=usual.line(random, service),
                staff_id=random.choice(staff),
            ),
        )

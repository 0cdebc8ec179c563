"""What is due is counted from this: a stay with its services, phases, events and answers.

Read as the record has it; what follows from it is reckoned by `upkeep`. A stay that was written
down twice, in two joined records, counts with what stands in either: what was ticked in one is
ticked. Where both say where a service stands, or when a phase began, the record that goes on is
right; an event that both tell of happened once, and nobody gets ready for their own arrival.
Whether a stay was written twice is asked in the same breath as when it began, so that all others
pay nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import moment, moment_or_none
from shelter_desk.desk.house import House
from shelter_desk.desk.merge_rules import also_written_as, doubled_of
from shelter_desk.domain.care_model import ChecklistItem
from shelter_desk.domain.due import Occurred, StayFacts
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import is_written_twice
from shelter_desk.store.sql import Row, Statement

COURT_DATE = "court-hearing"
COURT_ANCHOR = "court-date"
SOMEONE_ADMITTED = "resident-admitted"
OPEN_STATUSES = frozenset(("needed", "in-progress"))
MET_STATUSES = frozenset(("met",))
UNASKED = "unasked"
"""Where a service stands that an event had opened, once the event was taken back."""

_SAME_EVENT = timedelta(hours=2)
"""How far apart two workers may write down when the same thing happened."""

_stay, _need, _phase = schema.stay, schema.service_need, schema.stay_phase
_event, _answer = schema.stay_event, schema.item_answer

_BOUNDS = (_stay.c.began_at, _stay.c.ended_at, _stay.c.planned_exit_at)
_STAY = Statement(
    select(*_BOUNDS, _stay.c.began_at, is_written_twice(_stay.c.id), _stay.c.exit_known_at).where(
        _stay.c.id == bindparam("stay_id")
    )
)
COUNTED_FROM = (*_BOUNDS, _need.c.opened_at, is_written_twice(_stay.c.id), _stay.c.exit_known_at)
WITH_NEED = _stay.outerjoin(
    _need,
    (_need.c.stay_id == _stay.c.id)
    & (_need.c.service_id == bindparam("service_id"))
    & _need.c.status.in_(sorted(OPEN_STATUSES)),
)
_STAY_AND_NEED = Statement(
    select(*COUNTED_FROM).select_from(WITH_NEED).where(_stay.c.id == bindparam("stay_id"))
)
_NEEDS = Statement(
    select(_need.c.service_id, _need.c.opened_at, _need.c.status).where(
        _need.c.stay_id == bindparam("stay_id")
    )
)
_PHASES = Statement(
    select(_phase.c.phase, _phase.c.started_at)
    .where(_phase.c.stay_id == bindparam("stay_id"))
    .order_by(_phase.c.started_at)
)
_EVENTS = Statement(
    select(_event.c.code, _event.c.occurred_at, _event.c.public_id, _event.c.known_at)
    .where(_event.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
    .where(_event.c.withdrawn_at.is_(None))
    .order_by(_event.c.occurred_at, _event.c.id)
)
ANSWER_COLUMNS = (
    _answer.c.item_id,
    _answer.c.occurrence,
    _answer.c.outcome,
    _answer.c.done_at,
    _answer.c.until,
    _answer.c.closed_at,
)
_ANSWERS = (
    select(*ANSWER_COLUMNS)
    .where(_answer.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
    .where(_answer.c.undone_at.is_(None))
    .order_by(_answer.c.done_at, _answer.c.id)
)
FEW = 3
"""So many items are asked for one by one: a long stay has answers to all the others too."""
_ALL_ANSWERS = Statement(_ANSWERS)
_ITEM_ANSWERS = Statement(_ANSWERS.where(_answer.c.item_id == bindparam("item_id")))
# The first director began when the records were set up, and so did the duties of the house.
_HOUSE_BEGAN = Statement(select(func.min(schema.staff.c.began_at)))


class Told(NamedTuple):
    """The facts of a stay, and what of them was told in both of two records.

    `again` are the other writings of the stay; `same` says by which name an event of theirs is
    known here.
    """

    facts: StayFacts
    again: tuple[int, ...]
    same: dict[str, str]


@dataclass(frozen=True)
class DueFacts:
    """The facts of one stay, or of the house (stay None), with the answers that stand."""

    reader: Reader
    house: House

    def of_item(
        self, stay_id: int | None, item: ChecklistItem, known: Row | None
    ) -> tuple[StayFacts | None, list[Row]]:
        """Return the facts as the service of an item counts them, and the answers to the item.

        No facts where the service is not open. `known` is the row of `COUNTED_FROM`, where that
        was read before.
        """
        if stay_id is not None:
            need = {"stay_id": stay_id, "service_id": item.service_id}
            row = known or self.reader.row(_STAY_AND_NEED, **need)
            if row is not None and not row[4]:
                if row[3] is None or self._is_doubled(stay_id, row[1]):
                    return None, []
                return self._told(stay_id, (item,), row).facts, self._answers(stay_id, (item,))
        facts, answers = self.of_services(stay_id, (item,))
        return facts.get(item.service_id), answers

    def of_services(
        self,
        stay_id: int | None,
        items: Sequence[ChecklistItem],
        statuses: Collection[str] = OPEN_STATUSES,
    ) -> tuple[dict[str, StayFacts], list[Row]]:
        """Return service -> the facts as that service counts them, and the answers to all items.

        Only services that stand at one of `statuses`: the open ones, unless others are asked for.
        Answers are rows of `ANSWER_COLUMNS`, the oldest first.
        """
        row: Row | None
        if stay_id is None:
            began_at = int(self.reader.value(_HOUSE_BEGAN) or 0)
            row = (began_at, None, None, began_at, False, None)
        else:
            row = self.reader.row(_STAY, stay_id=stay_id) or (0, None, None, 0, False, None)
        if stay_id is not None and self._is_doubled(stay_id, row[1]):
            return {}, []
        told, wanted = self._told(stay_id, items, row), {item.service_id for item in items}
        opened = self._opened(stay_id, told.again, statuses)
        if stay_id is None:
            opened = dict.fromkeys(wanted, told.facts.began_at)
        facts = {
            service: replace(told.facts, service_opened_at=at)
            for service, at in opened.items()
            if service in wanted
        }
        answers = self._answers(stay_id, items)
        for again in told.again:
            answers += [
                (row[0], _renamed(row[1], told.same), *row[2:])
                for row in self._answers(again, items)
            ]
        if told.again:
            answers.sort(key=itemgetter(3))
        return facts, answers

    def _is_doubled(self, stay_id: int, ended_at: object) -> bool:
        # What follows a stay follows it once. One that lasts is never the second writing.
        return ended_at is not None and doubled_of(self.reader, stay_id) is not None

    def _answers(self, stay_id: int | None, items: Sequence[ChecklistItem]) -> list[Row]:
        if len(items) <= FEW:
            return [
                row
                for item in items
                for row in self.reader.rows(_ITEM_ANSWERS, stay_id=stay_id, item_id=item.id)
            ]
        return self.reader.rows(_ALL_ANSWERS, stay_id=stay_id)

    def _told(self, stay_id: int | None, items: Sequence[ChecklistItem], row: Row) -> Told:
        began_at, ended_at, planned_exit_at, opened_at, is_twice, exit_known_at = row
        again: tuple[int, ...] = ()
        if stay_id is not None and is_twice:
            again = also_written_as(self.reader, stay_id)
        phases: dict[str, datetime] = {}
        if stay_id is not None and any(item.due.after == "phase-start" for item in items):
            for one in (*again, stay_id):  # the record that goes on has the last word
                found = self.reader.rows(_PHASES, stay_id=one)
                phases.update({name: moment(at) for name, at in found})
        codes = self._codes(items)
        same: dict[str, str] = {}
        if again:
            occurred, same = self._told_by_both((*again, stay_id), codes)
        else:
            occurred = self._occurred(stay_id, codes)
        facts = StayFacts(
            began_at=moment(began_at),
            ended_at=moment_or_none(ended_at),
            planned_exit_at=moment_or_none(planned_exit_at),
            exit_known_at=moment_or_none(exit_known_at),
            service_opened_at=moment(opened_at),
            phase_started_at=phases,
            court_dates=tuple([one for one in occurred if one.code == COURT_DATE]),
            events=tuple([one for one in occurred if one.code != COURT_DATE]),
        )
        return Told(facts, again, same)

    def _told_by_both(
        self, stays: Sequence[int | None], codes: set[str]
    ) -> tuple[list[Occurred], dict[str, str]]:
        """Return what happened in the writings of a stay, and by which name what was told twice.

        `stays`: the one that goes on comes last. Each was told of the arrival of the other.
        """
        came = {moment(self.reader.value(_STAY, stay_id=one)) for one in stays}
        told = [
            [
                event
                for event in self._occurred(one, codes)
                if event.code != SOMEONE_ADMITTED or event.at not in came
            ]
            for one in stays
        ]
        occurred, same = told[-1], dict[str, str]()
        for other in told[:-1]:
            occurred = _added(occurred, other, same)
        return occurred, same

    def _codes(self, items: Sequence[ChecklistItem]) -> set[str]:
        # Only what these items reckon with: a tick is about one, and a long stay has many events.
        # Court dates as soon as anything counts: one that is kept as an event too, under one key,
        # is one start.
        codes: set[str] = set()
        for item in items:
            codes |= self.house.starts.get(item.id, frozenset()) | item.ends_on
            if item.due.after == COURT_ANCHOR:
                codes.add(COURT_DATE)
        return codes | {COURT_DATE} if codes else codes

    def _occurred(self, stay_id: int | None, codes: set[str]) -> list[Occurred]:
        if not codes:
            return []
        return [
            Occurred(code, moment(at), key, moment_or_none(known))
            for code, at, key, known in self.reader.rows(_EVENTS, stay_id=stay_id)
            if code in codes
        ]

    def _opened(
        self, stay_id: int | None, again: tuple[int, ...], statuses: Collection[str]
    ) -> dict[str, datetime]:
        stand: dict[str, str] = {}
        since: dict[str, int] = {}
        for one in (*again, stay_id):
            for service, opened, status in self.reader.rows(_NEEDS, stay_id=one):
                if status != UNASKED or service not in stand:
                    stand[service] = status
                if status in statuses:  # where both opened it, since the first
                    since[service] = min(opened, since.get(service, opened))
        return {
            service: moment(since[service])
            for service, status in stand.items()
            if status in statuses
        }


def _added(known: list[Occurred], told: list[Occurred], same: dict[str, str]) -> list[Occurred]:
    """Return what is known with what another record tells, the oldest first.

    What both tell of is there once; `same` learns by which name.
    """
    free, new = list(known), []
    for one in told:
        near = [
            own for own in free if own.code == one.code and abs(own.at - one.at) <= _SAME_EVENT
        ]
        if near:
            own = min(near, key=lambda own: abs(own.at - one.at))
            free.remove(own)
            same[one.key] = own.key
        else:
            new.append(one)
    return sorted([*known, *new], key=attrgetter("at"))


def _renamed(occurrence: str, same: dict[str, str]) -> str:
    """Return an occurrence under the name by which its event is known here."""
    head, colon, rest = occurrence.partition(":")
    key, slash, number = rest.partition("/")
    return f"{head}{colon}{same[key]}{slash}{number}" if key in same else occurrence

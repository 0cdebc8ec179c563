"""What is due is counted from this: a stay with its services, phases, events and answers.

Read as the record has it; what follows from it is reckoned by `upkeep`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import moment, moment_or_none
from shelter_desk.desk.house import House
from shelter_desk.desk.merge_rules import doubled_of
from shelter_desk.domain.care_model import ChecklistItem
from shelter_desk.domain.due import Occurred, StayFacts
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Row, Statement

COURT_DATE = "court-hearing"
COURT_ANCHOR = "court-date"
OPEN_STATUSES = frozenset(("needed", "in-progress"))
UNASKED = "unasked"
"""Where a service stands that an event had opened, once the event was taken back."""

_stay, _need, _phase = schema.stay, schema.service_need, schema.stay_phase
_event, _answer = schema.stay_event, schema.item_answer

_STAY = Statement(
    select(_stay.c.began_at, _stay.c.ended_at, _stay.c.planned_exit_at).where(
        _stay.c.id == bindparam("stay_id")
    )
)
COUNTED_FROM = (_stay.c.began_at, _stay.c.ended_at, _stay.c.planned_exit_at, _need.c.opened_at)
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
    select(_event.c.code, _event.c.occurred_at, _event.c.public_id)
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
_ALL_ANSWERS = Statement(_ANSWERS)
_ITEM_ANSWERS = Statement(_ANSWERS.where(_answer.c.item_id == bindparam("item_id")))
# The first director began when the records were set up, and so did the duties of the house.
_HOUSE_BEGAN = Statement(select(func.min(schema.staff.c.began_at)))


@dataclass(frozen=True)
class DueFacts:
    """The facts of one stay, or of the house (stay None)."""

    reader: Reader
    house: House

    def of_services(
        self, stay_id: int | None, items: Sequence[ChecklistItem]
    ) -> dict[str, StayFacts]:
        """Return service -> the facts as that service counts them; only those that are open."""
        facts, wanted = self._facts(stay_id, items), {item.service_id for item in items}
        if stay_id is not None and self._is_doubled(stay_id, facts.ended_at):
            return {}
        return {
            service: replace(facts, service_opened_at=at)
            for service, at in self._opened(stay_id, facts, wanted).items()
        }

    def of_item(self, stay_id: int, item: ChecklistItem, known: Row | None) -> StayFacts | None:
        """Return the facts as the service of an item counts them; None where it is not open.

        `known` is the row of `COUNTED_FROM`, where that was read before.
        """
        row = known or self.reader.row(_STAY_AND_NEED, stay_id=stay_id, service_id=item.service_id)
        is_open = row is not None and row[3] is not None
        if row is None or not is_open or self._is_doubled(stay_id, row[1]):
            return None
        return self._with_events(stay_id, (item,), row)

    def answers_to(self, stay_id: int | None, item_id: str) -> list[Row]:
        """Return the answers to an item that stand, the oldest first: rows of `ANSWER_COLUMNS`."""
        return self.reader.rows(_ITEM_ANSWERS, stay_id=stay_id, item_id=item_id)

    def answers(self, stay_id: int | None) -> list[Row]:
        """Return the answers to all items that stand, the oldest first."""
        return self.reader.rows(_ALL_ANSWERS, stay_id=stay_id)

    def _is_doubled(self, stay_id: int, ended_at: object) -> bool:
        # What follows a stay follows it once. One that lasts is never the second writing.
        return ended_at is not None and doubled_of(self.reader, stay_id) is not None

    def _facts(self, stay_id: int | None, items: Sequence[ChecklistItem]) -> StayFacts:
        row: Row | None
        if stay_id is None:
            row = (int(self.reader.value(_HOUSE_BEGAN) or 0), None, None)
        else:
            row = self.reader.row(_STAY, stay_id=stay_id) or (0, None, None)
        return self._with_events(stay_id, items, (*row, row[0]))

    def _with_events(
        self, stay_id: int | None, items: Sequence[ChecklistItem], row: Row
    ) -> StayFacts:
        phases: dict[str, datetime] = {}
        if stay_id is not None and any(item.due.after == "phase-start" for item in items):
            found = self.reader.rows(_PHASES, stay_id=stay_id)
            phases = {name: moment(at) for name, at in found}
        occurred = self._occurred(stay_id, items)
        began_at, ended_at, planned_exit_at, opened_at = row
        return StayFacts(
            began_at=moment(began_at),
            ended_at=moment_or_none(ended_at),
            planned_exit_at=moment_or_none(planned_exit_at),
            service_opened_at=moment(opened_at),
            phase_started_at=phases,
            court_dates=tuple([one for one in occurred if one.code == COURT_DATE]),
            events=tuple([one for one in occurred if one.code != COURT_DATE]),
        )

    def _occurred(self, stay_id: int | None, items: Sequence[ChecklistItem]) -> list[Occurred]:
        # Only what these items reckon with: a tick is about one, and a long stay has many events.
        # Court dates as soon as anything counts: one that is kept as an event too, under one key,
        # is one start.
        codes: set[str] = set()
        for item in items:
            codes |= self.house.starts.get(item.id, frozenset()) | item.ends_on
            if item.due.after == COURT_ANCHOR:
                codes.add(COURT_DATE)
        if not codes:
            return []
        codes.add(COURT_DATE)
        return [
            Occurred(code, moment(at), key)
            for code, at, key in self.reader.rows(_EVENTS, stay_id=stay_id)
            if code in codes
        ]

    def _opened(
        self, stay_id: int | None, facts: StayFacts, wanted: set[str]
    ) -> dict[str, datetime]:
        if stay_id is None:
            return dict.fromkeys(wanted, facts.began_at)
        return {
            service: moment(opened)
            for service, opened, status in self.reader.rows(_NEEDS, stay_id=stay_id)
            if status in OPEN_STATUSES and service in wanted
        }

"""Keeps the list of due items in step with the record: one place computes, all commands call it.

The rows of `due_item` are derived, by `domain.due` alone, from stays, events, answers and the care
model. They are kept so that the board of a busy house is one indexed select; `drift` recomputes
them all and says where they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from shelter_desk.desk.base import Write, milliseconds, moment, moment_or_none
from shelter_desk.desk.house import House
from shelter_desk.desk.merge_rules import doubled_of
from shelter_desk.domain.care_model import CareModel, ChecklistItem
from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.due import Answer, Occurred, StayFacts, open_occurrences
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Row, Statement, insert_into

COURT_DATE = "court-hearing"
COURT_ANCHOR = "court-date"
OPEN_STATUSES = frozenset(("needed", "in-progress"))
UNASKED = "unasked"
"""Where a service stands that an event had opened, once the event was taken back."""

_stay, _need, _phase = schema.stay, schema.service_need, schema.stay_phase
_event, _answer, _due = schema.stay_event, schema.item_answer, schema.due_item

_STAY = Statement(
    select(_stay.c.began_at, _stay.c.ended_at, _stay.c.planned_exit_at).where(
        _stay.c.id == bindparam("stay_id")
    )
)
_COUNTED_FROM = (_stay.c.began_at, _stay.c.ended_at, _stay.c.planned_exit_at, _need.c.opened_at)
_WITH_NEED = _stay.outerjoin(
    _need,
    (_need.c.stay_id == _stay.c.id)
    & (_need.c.service_id == bindparam("service_id"))
    & _need.c.status.in_(sorted(OPEN_STATUSES)),
)
_STAY_AND_NEED = Statement(
    select(*_COUNTED_FROM).select_from(_WITH_NEED).where(_stay.c.id == bindparam("stay_id"))
)
_LINE = Statement(
    select(*_COUNTED_FROM, _stay.c.id, _stay.c.resident_id, _due.c.due_at)
    .select_from(
        _WITH_NEED.outerjoin(
            _due,
            (_due.c.stay_id == _stay.c.id)
            & (_due.c.item_id == bindparam("item_id"))
            & (_due.c.occurrence == bindparam("occurrence")),
        )
    )
    .where(_stay.c.public_id == bindparam("stay"))
)
_HOUSE_LINE = Statement(
    select(_due.c.due_at)
    .where(_due.c.stay_id.is_(None))
    .where(_due.c.item_id == bindparam("item_id"))
    .where(_due.c.occurrence == bindparam("occurrence"))
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
_ANSWER_COLUMNS = (
    _answer.c.item_id,
    _answer.c.occurrence,
    _answer.c.outcome,
    _answer.c.done_at,
    _answer.c.until,
    _answer.c.closed_at,
)
_ANSWERS = (
    select(*_ANSWER_COLUMNS)
    .where(_answer.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
    .where(_answer.c.undone_at.is_(None))
    .order_by(_answer.c.done_at, _answer.c.id)
)
_ALL_ANSWERS = Statement(_ANSWERS)
_ITEM_ANSWERS = Statement(_ANSWERS.where(_answer.c.item_id == bindparam("item_id")))
_DROP_ITEM = Statement(
    delete(_due)
    .where(_due.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
    .where(_due.c.item_id == bindparam("item_id"))
)
_DROP_ROW = Statement(delete(_due).where(_due.c.id == bindparam("id")))
_ADD = insert_into(
    _due,
    ("stay_id", "service_id", "item_id", "occurrence", "due_at", "deferred_until", "state"),
)
_KEPT = Statement(
    select(_due.c.item_id, _due.c.occurrence, _due.c.due_at, _due.c.state).where(
        _due.c.stay_id.is_not_distinct_from(bindparam("stay_id"))
    )
)
_KEPT_ROWS = Statement(
    select(
        _due.c.id,
        _due.c.item_id,
        _due.c.service_id,
        _due.c.occurrence,
        _due.c.due_at,
        _due.c.deferred_until,
        _due.c.state,
    ).where(_due.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
)
# The first director began when the records were set up, and so did the duties of the house.
_HOUSE_BEGAN = Statement(select(func.min(schema.staff.c.began_at)))

_COMPARED = ("item_id", "service_id", "occurrence", "due_at", "deferred_until", "state")

DueValues = dict[str, int | str | None]


@dataclass(frozen=True, slots=True)
class Line:
    """An occurrence that is to be answered, with what the next one is counted from.

    Of the house where `stay_id` is None; not open (any more) where `due_at` is None.
    """

    stay_id: int | None
    resident_id: int | None
    began_at: int | None
    due_at: int | None
    counted_from: Row | None


@dataclass(frozen=True)
class Upkeep:
    """Computes due items of one stay, or of the house (stay None)."""

    reader: Reader
    house: House

    def of_item(
        self, stay_id: int | None, item: ChecklistItem, known: Row | None = None
    ) -> list[DueValues]:
        """Return the due rows of one item; `known` is what a `Line` says it is counted from."""
        if stay_id is None:
            facts = self._facts_of_services(stay_id, (item,)).get(item.service_id)
        else:
            facts = self._facts_of_item(stay_id, item, known)
        answers = self.reader.rows(_ITEM_ANSWERS, stay_id=stay_id, item_id=item.id)
        return self._of(stay_id, item, facts, answers)

    def of_stay(self, stay_id: int | None) -> list[DueValues]:
        """Return the due rows of every item of every open service."""
        items = _items(self.house.care_model, is_house=stay_id is None)
        return self.of_items(stay_id, items)

    def of_items(self, stay_id: int | None, items: Iterable[ChecklistItem]) -> list[DueValues]:
        """Return the due rows of some items."""
        items = tuple(items)
        facts = self._facts_of_services(stay_id, items)
        answers: dict[str, list[Row]] = {}
        for row in self.reader.rows(_ALL_ANSWERS, stay_id=stay_id):
            answers.setdefault(row[0], []).append(row)
        return [
            values
            for item in items
            for values in self._of(
                stay_id, item, facts.get(item.service_id), answers.get(item.id, ())
            )
        ]

    def _of(
        self,
        stay_id: int | None,
        item: ChecklistItem,
        facts: StayFacts | None,
        rows: Sequence[Row],
    ) -> list[DueValues]:
        if facts is None:  # the service is not open
            return []
        waiting = {row[1] for row in rows if row[5] is None and row[2] in CLOSING_OUTCOMES}
        answers = [_answer_of(row) for row in rows if row[1] not in waiting or row[5] is not None]
        found = open_occurrences(
            item, facts, answers, shifts=self.house.shifts, starts=self.house.starts
        )
        return [
            {
                "stay_id": stay_id,
                "service_id": item.service_id,
                "item_id": item.id,
                "occurrence": one.key,
                "due_at": milliseconds(one.due_at),
                "deferred_until": (
                    None if one.deferred_until is None else milliseconds(one.deferred_until)
                ),
                "state": _state(
                    is_waiting=one.key in waiting,
                    is_blocked=one.blocked,
                    is_deferred=one.deferred_until is not None,
                ),
            }
            for one in found
        ]

    def _facts_of_services(
        self, stay_id: int | None, items: Sequence[ChecklistItem]
    ) -> dict[str, StayFacts]:
        # Service -> the facts of the stay as that service counts them; only those that are open.
        facts, wanted = self._facts(stay_id, items), {item.service_id for item in items}
        if stay_id is not None and self._is_doubled(stay_id, facts.ended_at):
            return {}
        return {
            service: replace(facts, service_opened_at=at)
            for service, at in self._opened(stay_id, facts, wanted).items()
        }

    def _facts_of_item(
        self, stay_id: int, item: ChecklistItem, known: Row | None
    ) -> StayFacts | None:
        row = known or self.reader.row(_STAY_AND_NEED, stay_id=stay_id, service_id=item.service_id)
        is_open = row is not None and row[3] is not None
        if row is None or not is_open or self._is_doubled(stay_id, row[1]):
            return None
        return self._with_events(stay_id, (item,), row)

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


def line_of(write: Write, stay: str | None, item: ChecklistItem, occurrence: str) -> Line:
    """Return an occurrence of an item of a stay (its public id), or of the house (None).

    Raises:
        NotFoundError: when there is no such stay.
    """
    of_line = {"item_id": item.id, "occurrence": occurrence}
    if stay is None:
        return Line(None, None, None, write.writer.value(_HOUSE_LINE, **of_line), None)
    row = write.writer.row(_LINE, stay=stay, service_id=item.service_id, **of_line)
    if row is None:
        raise NotFoundError
    return Line(row[4], row[5], row[0], row[6], row[:4])


def refresh_item(
    write: Write, stay_id: int | None, item: ChecklistItem, known: Row | None = None
) -> None:
    """Bring the due rows of one item up to date; `known` is what a `Line` is counted from."""
    rows = Upkeep(write.writer, write.house).of_item(stay_id, item, known)
    write.writer.change(_DROP_ITEM, stay_id=stay_id, item_id=item.id)
    for values in rows:
        write.writer.run(_ADD, **values)


def refresh_stay(write: Write, stay_id: int | None) -> None:
    """Bring the due rows of a whole stay (or of the house: None) up to date."""
    refresh_items(write, stay_id, _items(write.house.care_model, is_house=stay_id is None))


def refresh_started(write: Write, stay_id: int | None, code: str) -> None:
    """Bring up to date what an event of this code may have started or ended."""
    started = [
        item
        for item in _items(write.house.care_model, is_house=stay_id is None)
        if code in item.starts_on | item.ends_on
        or (code == COURT_DATE and item.due.after == COURT_ANCHOR)
    ]
    refresh_items(write, stay_id, started)


def refresh_items(write: Write, stay_id: int | None, items: Iterable[ChecklistItem]) -> None:
    """Bring the due rows of some items up to date. Only rows that differ are written.

    Rows of an item that the care model has no more are taken out.
    """
    items = tuple(items)
    ids, known = {item.id for item in items}, write.house.care_model.items
    fresh = {
        tuple(values[name] for name in _COMPARED): values
        for values in Upkeep(write.writer, write.house).of_items(stay_id, items)
    }
    for row_id, *kept in write.writer.rows(_KEPT_ROWS, stay_id=stay_id):
        is_ours = kept[0] in ids or kept[0] not in known
        if is_ours and fresh.pop(tuple(kept), None) is None:
            write.writer.change(_DROP_ROW, id=row_id)
    write.writer.run_many(_ADD, list(fresh.values()))


def drift(reader: Reader, house: House, stay_id: int | None) -> list[str]:
    """Return the item ids whose kept due rows differ from what the rules say now."""
    computed = {
        (row["item_id"], row["occurrence"], row["due_at"], row["state"])
        for row in Upkeep(reader, house).of_stay(stay_id)
    }
    kept = set(reader.rows(_KEPT, stay_id=stay_id))
    return sorted({str(row[0]) for row in computed ^ kept})


def _items(care_model: CareModel, *, is_house: bool) -> Iterable[ChecklistItem]:
    for service in care_model.services.values():
        for item in service.items:
            if item.is_house == is_house:
                yield item


def _answer_of(row: Row) -> Answer:
    _, occurrence, outcome, done_at, until, _ = row
    return Answer(
        occurrence=str(occurrence),
        outcome=str(outcome),
        done_at=moment(done_at),
        until=moment_or_none(until),
    )


def _state(*, is_waiting: bool, is_blocked: bool, is_deferred: bool) -> str:
    if is_waiting:
        return "signature"
    if is_blocked:
        return "blocked"
    return "deferred" if is_deferred else "open"

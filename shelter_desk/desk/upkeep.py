"""Keeps the list of due items in step with the record: one place computes, all commands call it.

The rows of `due_item` are derived, by `domain.due` alone, from stays, events, answers and the care
model. They are kept so that the board of a busy house is one indexed select; `drift` recomputes
them all and says where they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import bindparam, delete, select

from shelter_desk.desk.base import Write, milliseconds, moment, moment_or_none
from shelter_desk.desk.due_facts import (
    COUNTED_FROM,
    COURT_ANCHOR,
    COURT_DATE,
    FEW,
    MET_STATUSES,
    OPEN_STATUSES,
    WITH_NEED,
    DueFacts,
)
from shelter_desk.desk.house import House
from shelter_desk.desk.merge_rules import doubled_of
from shelter_desk.desk.rows import get
from shelter_desk.domain.care_model import ChecklistItem
from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.due import Answer, StayFacts, open_occurrences
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Row, Statement, insert_into

_stay, _due = schema.stay, schema.due_item

_LINE = Statement(
    select(*COUNTED_FROM, _stay.c.id, _stay.c.resident_id, _due.c.due_at)
    .select_from(
        WITH_NEED.outerjoin(
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
_ROWS = select(
    _due.c.id,
    _due.c.item_id,
    _due.c.service_id,
    _due.c.occurrence,
    _due.c.due_at,
    _due.c.deferred_until,
    _due.c.state,
).where(_due.c.stay_id.is_not_distinct_from(bindparam("stay_id")))
_KEPT_ROWS = Statement(_ROWS)
_KEPT_OF_ITEM = Statement(_ROWS.where(_due.c.item_id == bindparam("item_id")))
_MET = Statement(
    select(schema.service_need.c.service_id, schema.service_need.c.since)
    .where(schema.service_need.c.stay_id == bindparam("stay_id"))
    .where(schema.service_need.c.status.in_(sorted(MET_STATUSES)))
)
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
        facts, answers = DueFacts(self.reader, self.house).of_item(stay_id, item, known)
        return self._of(stay_id, item, facts, answers)

    def of_stay(self, stay_id: int | None) -> list[DueValues]:
        """Return the due rows of every item of every open service."""
        return self.of_items(stay_id, _items(self.house, stay_id))

    def of_items(self, stay_id: int | None, items: Iterable[ChecklistItem]) -> list[DueValues]:
        """Return the due rows of some items."""
        return self._of_items(stay_id, items, lambda facts: facts)

    def left_open(
        self, stay_id: int, items: Iterable[ChecklistItem]
    ) -> list[tuple[str, int, str]]:
        """Return (item id, due at, state) of what stood open when somebody left.

        Nothing for one who is here. Leaving ends what nobody can do any more. That it was owed,
        and never done, stays true. `due at` is in milliseconds; what was put off counts too.
        """
        ended: list[int] = []

        def before_leaving(facts: StayFacts) -> StayFacts:
            if facts.ended_at is not None:
                ended.append(milliseconds(facts.ended_at))
            return replace(facts, ended_at=None)

        rows = self._of_items(stay_id, items, before_leaving)
        return [
            (str(row["item_id"]), due_at, str(row["state"]))
            for row in rows
            for due_at in (int(row["due_at"] or 0),)
            if ended and (due_at <= ended[0] or row["deferred_until"])
        ]

    def met_open(self, stay_id: int, items: Iterable[ChecklistItem]) -> list[tuple[str, int, str]]:
        """Return (item id, due at, state) of what was owed when its service was ended as met.

        That asks for nothing any more; what should have been done before was not done.
        """
        until = {service: int(at) for service, at in self.reader.rows(_MET, stay_id=stay_id)}
        if not until:
            return []
        rows = self._of_items(
            stay_id, items, lambda facts: replace(facts, ended_at=None), MET_STATUSES
        )
        return [
            (str(row["item_id"]), due_at, str(row["state"]))
            for row in rows
            for due_at in (int(row["due_at"] or 0),)
            if due_at <= until.get(str(row["service_id"]), 0)
        ]

    def _of_items(
        self,
        stay_id: int | None,
        items: Iterable[ChecklistItem],
        stood: Callable[[StayFacts], StayFacts],
        statuses: Collection[str] = OPEN_STATUSES,
    ) -> list[DueValues]:
        items = tuple(items)
        found, given = DueFacts(self.reader, self.house).of_services(stay_id, items, statuses)
        facts = {service: stood(one) for service, one in found.items()}
        answers: dict[str, list[Row]] = {}
        for row in given:
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
        waiting: set[str] = set()
        answers: list[Answer] = []
        if rows:
            waiting, answers = _answered(rows)
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


def line_of(write: Write, stay: str | None, item: ChecklistItem, occurrence: str) -> Line:
    """Return an occurrence of an item of a stay (its public id), or of the house (None).

    A record that a join closed asks for nothing: what is ticked there is ticked where they go on.

    Raises:
        NotFoundError: when there is no such stay.
    """
    of_line = {"item_id": item.id, "occurrence": occurrence}
    if stay is None:
        return Line(None, None, None, write.writer.value(_HOUSE_LINE, **of_line), None)
    row = write.writer.row(_LINE, stay=stay, service_id=item.service_id, **of_line)
    if row is None:
        raise NotFoundError
    goes_on = _goes_on(write, row[6]) if row[8] is None else None
    if goes_on is not None:
        goes_on_id = str(get(write.writer, _stay, goes_on)["public_id"])
        return line_of(write, goes_on_id, item, occurrence)
    return Line(row[6], row[7], row[0], row[8], row[:6])


def refresh_item(
    write: Write, stay_id: int | None, item: ChecklistItem, known: Row | None = None
) -> None:
    """Bring the due rows of one item up to date; `known` is what a `Line` is counted from.

    Without it the stay may be the second writing of one that goes on: then its rows too.
    """
    rows = Upkeep(write.writer, write.house).of_item(stay_id, item, known)
    write.writer.change(_DROP_ITEM, stay_id=stay_id, item_id=item.id)
    for values in rows:
        write.writer.run(_ADD, **values)
    goes_on = _goes_on(write, stay_id) if known is None else None
    if goes_on is not None:
        refresh_item(write, goes_on, item)


def refresh_stay(write: Write, stay_id: int | None) -> None:
    """Bring the due rows of a whole stay (or of the house: None) up to date."""
    refresh_items(write, stay_id, _items(write.house, stay_id))


def refresh_started(write: Write, stay_id: int | None, code: str) -> None:
    """Bring up to date what an event of this code may have started or ended."""
    refresh_items(write, stay_id, _started(write.house, code, of_house=stay_id is None))


@lru_cache(maxsize=32)
def _started(house: House, code: str, *, of_house: bool) -> tuple[ChecklistItem, ...]:
    return tuple(
        item
        for item in (house.items if of_house else house.items_for_stays)
        if code in item.starts_on | item.ends_on
        or (code == COURT_DATE and item.due.after == COURT_ANCHOR)
    )


def refresh_items(write: Write, stay_id: int | None, items: Iterable[ChecklistItem]) -> None:
    """Bring the due rows of some items up to date. Only rows that differ are written.

    Where these are more than a few, rows of items that the care model has no more are taken out.
    Where the stay is the second writing of one that goes on, the rows of that one are brought up
    to date too.
    """
    items = tuple(items)
    ids, known = {item.id for item in items}, write.house.care_model.items
    fresh = {
        tuple(values[name] for name in _COMPARED): values
        for values in Upkeep(write.writer, write.house).of_items(stay_id, items)
    }
    for row_id, *kept in _kept_rows(write.writer, stay_id, items):
        is_ours = kept[0] in ids or kept[0] not in known
        if is_ours and fresh.pop(tuple(kept), None) is None:
            write.writer.change(_DROP_ROW, id=row_id)
    write.writer.run_many(_ADD, list(fresh.values()))
    goes_on = _goes_on(write, stay_id)
    if goes_on is not None:
        refresh_items(write, goes_on, items)


def _kept_rows(reader: Reader, stay_id: int | None, items: Sequence[ChecklistItem]) -> list[Row]:
    if len(items) > FEW:
        return reader.rows(_KEPT_ROWS, stay_id=stay_id)
    return [
        row
        for item in items
        for row in reader.rows(_KEPT_OF_ITEM, stay_id=stay_id, item_id=item.id)
    ]


def _goes_on(write: Write, stay_id: int | None) -> int | None:
    return None if stay_id is None else doubled_of(write.writer, stay_id)


def drift(reader: Reader, house: House, stay_id: int | None) -> list[str]:
    """Return the item ids whose kept due rows differ from what the rules say now."""
    computed = {
        (row["item_id"], row["occurrence"], row["due_at"], row["state"])
        for row in Upkeep(reader, house).of_stay(stay_id)
    }
    kept = set(reader.rows(_KEPT, stay_id=stay_id))
    return sorted({str(row[0]) for row in computed ^ kept})


def _items(house: House, stay_id: int | None) -> tuple[ChecklistItem, ...]:
    return house.items if stay_id is None else house.items_for_stays


def _answered(rows: Sequence[Row]) -> tuple[set[str], list[Answer]]:
    # Occurrences that wait for a signature, and the answers that stand.
    waiting = {row[1] for row in rows if row[5] is None and row[2] in CLOSING_OUTCOMES}
    answers = [_answer_of(row) for row in rows if row[1] not in waiting or row[5] is not None]
    return waiting, answers


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

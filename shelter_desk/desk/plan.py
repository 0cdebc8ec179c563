"""One stay's plan: phases, services, checklists, and the answers so far; and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple, NoReturn

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment_or_none
from shelter_desk.desk.due_facts import UNASKED
from shelter_desk.desk.house import House
from shelter_desk.desk.house_words import opened_house_note
from shelter_desk.desk.listed import ListedItem, line_maker
from shelter_desk.desk.merge_rules import also_written_as
from shelter_desk.desk.plan_lines import (
    ON_HOLD,
    AnswerLine,
    ItemLine,
    PhaseLine,
    ServiceLine,
    StayPlan,
)
from shelter_desk.domain.care_model import Service
from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.domain.record_classes import VIEW_CARD, VIEW_ENTER, VIEW_OPEN, Access, View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import is_written_twice
from shelter_desk.store.sql import Row, Statement

__all__ = [
    "AnswerLine",
    "ItemLine",
    "PhaseLine",
    "ServiceLine",
    "StayPlan",
    "stay_plan",
]

_answer, _due, _need = schema.item_answer, schema.due_item, schema.service_need
_phase, _event, _stay, _staff = schema.stay_phase, schema.stay_event, schema.stay, schema.staff
_entry = schema.service_entry


_new_answer, _new_item = line_maker(AnswerLine), line_maker(ItemLine)
_new_service = line_maker(ServiceLine)
_KEYS = Statement(
    select(_stay.c.id, _stay.c.resident_id, is_written_twice(_stay.c.id)).where(
        _stay.c.public_id == bindparam("stay_id")
    )
)
_NEEDS = Statement(
    select(_need.c.service_id, _need.c.status, _need.c.reason, _need.c.since).where(
        _need.c.stay_id == bindparam("stay_id"), _need.c.status != UNASKED
    )
)
_DUE = Statement(
    select(_due.c.item_id, _due.c.occurrence, _due.c.due_at, _due.c.state)
    .where(_due.c.stay_id == bindparam("stay_id"))
    .order_by(_due.c.due_at)
)
_SIGNATURES = (
    select(func.count()).where(schema.item_signature.c.answer_id == _answer.c.id).scalar_subquery()
)
ANSWERS = select(
    _answer.c.item_id,
    _answer.c.public_id,
    _answer.c.outcome,
    _answer.c.reason,
    _staff.c.name,
    _answer.c.role,
    _answer.c.done_at,
    _answer.c.entered_at,
    _answer.c.until,
    _answer.c.note_sealed,
    _SIGNATURES,
    _answer.c.staff_id,
).join(_staff, _staff.c.id == _answer.c.staff_id)
DONE_AT = 6  # of a row of these
# In the order of an index; within an item the newest comes last.
_ANSWERS = Statement(
    ANSWERS.where(
        _answer.c.stay_id == bindparam("stay_id"), _answer.c.undone_at.is_(None)
    ).order_by(_answer.c.item_id, _answer.c.done_at, _answer.c.id)
)
_PHASES = Statement(
    select(_phase.c.phase, _phase.c.started_at).where(
        _phase.c.stay_id == bindparam("stay_id"), _phase.c.ended_at.is_(None)
    )
)
_RESIDENT = Statement(select(_stay.c.resident_id).where(_stay.c.id == bindparam("stay_id")))


@asks(May.READ_RECORDS)
def stay_plan(read: Read, *, stay_id: str, now: datetime) -> StayPlan:
    """Return the plan of one stay, with what stands in a second writing of it.

    Raises:
        NotFoundError: when there is no such stay.
    """
    key, resident_id, is_twice = read.reader.row(_KEYS, stay_id=stay_id) or _no_stay()
    again = also_written_as(read.reader, key) if is_twice else ()
    needs: dict[str, Row] = {}
    opened: dict[str, int] = {}
    for one in (*again, key):  # the record that goes on has the last word
        needs.update({row[0]: row[1:] for row in read.reader.rows(_NEEDS, stay_id=one)})
        opened.update({str(name): int(at) for name, at in read.reader.rows(_PHASES, stay_id=one)})
    due: dict[str, list[Row]] = {}
    for row in read.reader.rows(_DUE, stay_id=key):
        due.setdefault(row[0], []).append(row)
    last = _last_answers(read, {key: resident_id, **_residents(read, again)})
    found = _Found(due, last, due.keys() | last.keys(), milliseconds(now))
    services = tuple(
        [
            _service_line(read, blank, needs.get(blank.service.id), found)
            for blank in _blanks(read.house, read.access)
        ]
    )
    return StayPlan(stay_id, _phase_lines(read, services, opened), services)


def _no_stay() -> NoReturn:
    raise NotFoundError


class _Found(NamedTuple):
    due: Mapping[str, list[Row]]
    last: Mapping[str, AnswerLine | None]
    touched: set[str]
    now_ms: int


def _residents(read: Read, stays: Iterable[int]) -> dict[int, int]:
    return {key: read.reader.value(_RESIDENT, stay_id=key) for key in stays}


def _last_answers(read: Read, stays: Mapping[int, int]) -> dict[str, AnswerLine | None]:
    """Return item -> its newest answer, or None where there is one that is closed to the asker.

    `stays`: key -> resident, under whose key the notes are.
    """
    newest: dict[str, Row] = {}
    last: dict[str, AnswerLine | None] = {}
    for key, resident_id in stays.items():
        found = {row[0]: row for row in read.reader.rows(_ANSWERS, stay_id=key)}  # the last stays
        if newest:
            found = {
                item_id: row
                for item_id, row in found.items()
                if item_id not in newest or row[DONE_AT] > newest[item_id][DONE_AT]
            }
        newest.update(found)
        last.update(zip(found, answer_lines(read, resident_id, found.values()), strict=True))
    return last


def answer_lines(
    read: Read, resident_id: int | None, rows: Iterable[Row]
) -> list[AnswerLine | None]:
    """Return answers, from rows of `ANSWERS`; None where one is closed to the person asking.

    `resident_id` None: they are about the house.
    """
    house, me, opened = read.house, read.staff.id, read.access.open_items
    listed, outcomes, reasons = house.listed, house.outcomes, house.reasons
    lines: list[AnswerLine | None] = []
    for row in rows:
        (
            item_id,
            answer_id,
            outcome,
            reason,
            who,
            role,
            done,
            entered,
            until,
            note,
            signed,
            by,
        ) = row
        kept = listed.get(item_id)
        signatures = kept.item.signatures if kept else 0
        if item_id not in opened and by != me:
            # Nobody signs blind: who may sign sees the outcome, and still not the note.
            waits = signed < signatures and outcome in CLOSING_OUTCOMES
            view = read.access.view(item_id)
            if view is not VIEW_OPEN and not (view is VIEW_ENTER and waits):
                lines.append(None)
                continue
            note = note if view is VIEW_OPEN else None
        label, why = outcomes.get(outcome, outcome), reasons.get(reason, reason) if reason else ""
        text = _note(read, resident_id, answer_id, note) if note else ""
        line = (answer_id, outcome, label, why, who, role, done, entered, until, text)
        lines.append(_new_answer((*line, signed, signatures)))
    return lines


def _note(read: Read, resident_id: int | None, answer_id: str, sealed: bytes) -> str:
    if resident_id is None:
        return opened_house_note(read.sealer, read.reader, answer_id, sealed)
    # None when it was written while the item was of another class.
    place = f"item_answer:{answer_id}:note"
    return read.sealer.try_open(read.reader, resident_id, place, sealed) or ""


class _Blank(NamedTuple):
    """A service as it stands before anything of it is open or answered, for those who may see it.

    `items`: its lines then. `each`: item, how much is seen of it, how lists show it, and its line.
    """

    service: Service
    is_closed: bool
    items: tuple[ItemLine, ...]
    each: tuple[tuple[str, View, ListedItem, ItemLine], ...]
    ids: frozenset[str]


@lru_cache(maxsize=4)
def _blanks(house: House, access: Access) -> tuple[_Blank, ...]:
    """Return the services that are on the plan: those with anything to see or to do."""
    return tuple(
        _Blank(
            service,
            not access.may_open_service(service.id),
            tuple([line for line in lines if line.view is not View.CARD]),
            tuple([(line.item_id, line.view, line.listed, line) for line in lines]),
            frozenset(line.item_id for line in lines),
        )
        for service in house.care_model.services.values()
        for lines in [_blank_lines(house, access, service)]
        if lines or access.may_open_service(service.id)
    )


def _blank_lines(house: House, access: Access, service: Service) -> tuple[ItemLine, ...]:
    return tuple(
        [
            ItemLine(one, None, None, "not-open", None, view)
            for one in house.listed_for_stays[service.id]
            if (view := access.view(one.item_id)) is not View.HIDDEN
        ]
    )


_Counted = tuple[int, int, int, tuple[ItemLine, ...]]
"""Done, total, overdue, and the lines."""


def _item_lines(blank: _Blank, found: _Found) -> _Counted:
    due, last, touched, now_ms = found
    if touched.isdisjoint(blank.ids):
        return 0, 0, 0, blank.items
    lines: list[ItemLine] = []
    add = lines.append
    total = done = overdue = 0
    for item_id, view, listed, line in blank.each:
        if item_id not in touched:
            if view is not VIEW_CARD:
                add(line)
        elif item_id in due:
            total += 1
            answer = last.get(item_id)
            for _, occurrence, due_ms, state in due[item_id]:
                overdue += due_ms < now_ms
                add(_new_item((listed, occurrence, due_ms, state, answer, view)))
        elif view is not VIEW_CARD:
            total += 1
            done += 1
            add(_new_item((listed, None, None, "closed", last[item_id], view)))
    return done, total, overdue, tuple(lines)


def _service_line(read: Read, blank: _Blank, need: Row | None, found: _Found) -> ServiceLine:
    counted = _item_lines(blank, found)
    service, is_closed = blank.service, blank.is_closed
    status, reason, since = (None if is_closed else need) or (None, None, None)
    if status == ON_HOLD:
        counted = (0, 0, 0, counted[3])
    label = read.house.statuses.get(status, status) if status else "Not asked yet"
    if is_closed:
        label = "Closed to your roles"
    return _new_service((service, status, label, reason or "", since, *counted, is_closed))


def _phase_lines(
    read: Read, services: tuple[ServiceLine, ...], opened: Mapping[str, int]
) -> tuple[PhaseLine, ...]:
    counted = [(one.service.phases, one.done, one.total) for one in services if one.total]
    lines = []
    for phase in sorted(read.care_model.phases.values(), key=attrgetter("order")):
        phase_id, is_all = phase.id, phase.id == "all"
        inside = [one for one in counted if is_all or phase_id in one[0]]
        lines.append(
            PhaseLine(
                phase_id=phase_id,
                name=phase.name,
                resident_name=phase.resident_name,
                is_open=phase_id in opened or is_all,
                started_at=moment_or_none(opened.get(phase_id)),
                done=sum([done for _, done, _ in inside]),
                total=sum([total for _, _, total in inside]),
                span_text=phase.span_text,
            )
        )
    return tuple(lines)

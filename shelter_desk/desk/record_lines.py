"""Single records for a reviewer with a legal ground: timing, roles and codes, never who it is.

What the profile keeps closed stays out, and so does what the person who makes the pack may not
open themselves: nobody lets out what they could not see. A stay that was written down twice is one
record, with what was done in either: else it would lack papers that are there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import bindparam, or_, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.counting import Bounds
from shelter_desk.desk.due_facts import MET_STATUSES, OPEN_STATUSES
from shelter_desk.desk.evidence import bounds_of
from shelter_desk.desk.house import House
from shelter_desk.desk.incidents_shown import Span, incidents_of
from shelter_desk.desk.merge_rules import writings
from shelter_desk.desk.rows import RowValues, get, key_of
from shelter_desk.desk.upkeep import Upkeep
from shelter_desk.domain.content import ChecklistItem
from shelter_desk.domain.equivalence import classes_of
from shelter_desk.domain.periods import Period
from shelter_desk.domain.reader_lines import RecordForReader
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.record_lines import (
    DECLINED,
    FIRST_MONTH,
    NOT_NEEDED,
    WAITING,
    ItemLine,
    RecordShown,
    day_of_stay,
    held_once,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import counts_once, person_stay
from shelter_desk.store.schema_removal import was_destroyed
from shelter_desk.store.sql import Statement

_stay, _answer = schema.stay, schema.item_answer
_due, _signature, _need = schema.due_item, schema.item_signature, schema.service_need
_STAYS = Statement(
    select(_stay.c.id, _stay.c.public_id)
    .where(_stay.c.began_at < bindparam("until"))
    .where(or_(_stay.c.ended_at.is_(None), _stay.c.ended_at >= bindparam("since")))
    .where(counts_once(_stay.c.id))
    .order_by(_stay.c.public_id)
)
_ANSWERS = Statement(
    select(
        _answer.c.id,
        _answer.c.item_id,
        _answer.c.outcome,
        _answer.c.reason,
        _answer.c.due_at,
        _answer.c.done_at,
        _answer.c.role,
    )
    .where(_answer.c.stay_id == bindparam("stay_id"), _answer.c.undone_at.is_(None))
    .where(_answer.c.done_at < bindparam("until"))
    .order_by(_answer.c.done_at, _answer.c.id)
)
_SIGNED = Statement(
    select(_signature.c.answer_id, _signature.c.role, _signature.c.signed_at)
    .join(_answer, _answer.c.id == _signature.c.answer_id)
    .where(_answer.c.stay_id == bindparam("stay_id"), _signature.c.signed_at < bindparam("until"))
    .order_by(_signature.c.signed_at)
)
_OPEN = Statement(
    select(_due.c.item_id, _due.c.due_at, _due.c.state)
    .where(_due.c.stay_id == bindparam("stay_id"), _due.c.due_at < bindparam("until"))
    .where(_due.c.state != "signature")
    .order_by(_due.c.due_at)
)
_DONE_LATER = Statement(
    select(_answer.c.item_id, _answer.c.due_at)
    .where(_answer.c.stay_id == bindparam("stay_id"), _answer.c.undone_at.is_(None))
    .where(_answer.c.due_at < bindparam("until"), _answer.c.done_at >= bindparam("until"))
    .order_by(_answer.c.due_at)
)
_STANDS = Statement(
    select(_need.c.service_id, _need.c.status).where(
        _need.c.stay_id == bindparam("stay_id"), _need.c.since < bindparam("until")
    )
)
_ASKED = Statement(
    select(_need.c.service_id).where(
        _need.c.stay_id == bindparam("stay_id"),
        _need.c.opened_at < bindparam("until"),
        _need.c.status.in_(sorted(OPEN_STATUSES | MET_STATUSES)),
    )
)
_DESTROYED = Statement(
    select(_stay.c.id).where(
        was_destroyed(_stay.c.resident_id), _stay.c.began_at < bindparam("until")
    )
)
_PERSON = Statement(
    select(person_stay.c.resident_id).where(person_stay.c.id == bindparam("stay_id"))
)
_BY_STAY = frozenset(("admission", "previous", "phase-start", "discharge"))
"""What an item is counted from whose day follows from when somebody came, or left."""
_OF_LEAVING = frozenset(("moved-home", "home-ended", "move-in", "contact-not-made", "turns-18"))
"""Events that tell as much: they happen when somebody leaves, or on a birthday."""
_ASKS_NOT = {"not-needed": NOT_NEEDED, "declined": DECLINED, "on-hold": WAITING}
_BLOCKED = "blocked"


@asks(May.EXPORT)
def stays_between(read: Read, *, period: Period, now: datetime) -> tuple[str, ...]:
    """Return the public ids of the stays with a day in the period, in an order that tells nothing.

    Raises:
        InvalidError: while the period is not over.
    """
    return tuple(key for _, key in stays_in(read.reader, bounds_of(read, period, now)))


def stays_in(reader: Reader, bounds: Bounds) -> tuple[tuple[int, str], ...]:
    """Return (key, public id) of the stays with a day between two instants."""
    return tuple((key, public_id) for key, public_id in reader.rows(_STAYS, **bounds))


@asks(May.EXPORT)
def records_shown(
    read: Read, *, stays: Collection[str], period: Period, now: datetime, closed: frozenset[str]
) -> tuple[RecordShown, ...]:
    """Return stays as a reviewer may see them, in the order given.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = bounds_of(read, period, now)
    span = Span(bounds["since"], bounds["until"], closed)
    return tuple(_record(read, key_of(read.reader, _stay, one), span) for one in stays)


@asks(May.EXPORT)
def records_in_common(
    read: Read, *, period: Period, now: datetime, closed: frozenset[str], least: int
) -> Mapping[str, RecordForReader]:
    """Return public id -> record, of the stays with a day in the period that may be shown.

    Whatever in one tells when somebody came or left is the same in those of at least `least`
    residents; a stay with fewer beside it is not among them, nor is one whose record was
    destroyed: its codes and days stay for the totals, and leave in no line of its own.

    Raises:
        InvalidError: while the period is not over.
    """
    bounds = bounds_of(read, period, now)
    span = Span(bounds["since"], bounds["until"], closed)
    gone = {key for (key,) in read.reader.rows(_DESTROYED, until=span.until)}
    stays = [stay for stay in stays_in(read.reader, bounds) if stay[0] not in gone]
    records = list(held_once(_record(read, key, span) for key, _ in stays))
    people = [int(read.reader.value(_PERSON, stay_id=key)) for key, _ in stays]
    shown = classes_of(records, people, least)
    return {
        public_id: RecordForReader(record, shared)
        for (_, public_id), record, shared in zip(stays, records, shown, strict=True)
        if shared is not None
    }


@asks(May.EXPORT)
def records_until(
    read: Read, *, since: datetime, until: datetime, closed: frozenset[str]
) -> tuple[RecordShown, ...]:
    """Return the stays with a moment between two, as they stand now, in no telling order."""
    span = Span(milliseconds(since), milliseconds(until), closed)
    rows = read.reader.rows(_STAYS, since=span.since, until=span.until)
    return tuple(held_once(_record(read, key, span) for key, _ in rows))


def _record(read: Read, stay_id: int, span: Span) -> RecordShown:
    keys = writings(read.reader, stay_id)
    stay = get(read.reader, _stay, keys[0])
    began_on = _date(read, stay["began_at"])
    month_over = stay["began_at"] + FIRST_MONTH // timedelta(milliseconds=1)
    stayed = stay["ended_at"] is None or stay["ended_at"] >= month_over
    order = {item_id: at for at, item_id in enumerate(read.care_model.items)}
    lines = [
        *(line for key in keys for line in _answered(read, key, began_on, span)),
        *(line for key in keys for line in _done_later(read, key, began_on, span)),
        *_open(read, stay["id"], began_on, span),
        *_left_open(read, stay["id"], began_on, span),
    ]
    lines.sort(key=lambda line: (order[line.item_id], line.done_day or line.due_day or 0))
    return RecordShown(
        has_ended=stay["ended_at"] is not None and stay["ended_at"] < span.until,
        items=tuple(lines),
        incidents=tuple(incidents_of(read, keys, began_on, span)),
        left_out=frozenset(one for one in order if _shown_item(read, one, span) is None),
        asks_not=_asks_not(read, keys, span),
        first_month=span.since <= stay["began_at"] and month_over <= span.until and stayed,
        first_day=(_date(read, span.since) - began_on).days + 1,
        last_day=(_date(read, span.until - 1) - began_on).days + 1,
        quarters=frozenset(_quarters(read, stay, span)),
        dated=_dated(read.house),
        unasked=_unasked(read, keys, span, {line.item_id for line in lines}),
    )


@lru_cache(maxsize=8)
def _dated(house: House) -> Mapping[str, bool]:
    """Return item -> whether it comes again, of all whose day follows from coming or leaving."""
    items = [
        item
        for item in house.items_for_stays
        if item.due.after in _BY_STAY or item.starts_on & _OF_LEAVING
    ]
    return {item.id: item.repeat != "once" for item in items}


def _unasked(
    read: Read, stays: Collection[int], span: Span, with_lines: Collection[str]
) -> frozenset[str]:
    """Return the items without a line whose service was never asked for in this stay."""
    asked = {
        service
        for stay_id in stays
        for (service,) in read.reader.rows(_ASKED, stay_id=stay_id, until=span.until)
    }
    items = read.house.items_for_stays
    return frozenset(
        item.id for item in items if item.service_id not in asked and item.id not in with_lines
    )


def _quarters(read: Read, stay: RowValues, span: Span) -> Iterator[str]:
    """Yield the quarters of the period that have a day of the stay."""
    until = span.until if stay["ended_at"] is None else min(span.until, stay["ended_at"] + 1)
    quarter = Period.quarter_of(_date(read, max(span.since, stay["began_at"])))
    while quarter.starts_on <= _date(read, until - 1):
        yield quarter.id
        quarter = Period.quarter_of(quarter.ends_on + timedelta(days=1))


def _date(read: Read, at: int) -> date:
    return moment(at).astimezone(read.house.zone).date()


def _asks_not(read: Read, stays: Collection[int], span: Span) -> dict[str, str]:
    """Return item -> why its service asked for nothing at the end of the period."""
    found: dict[str, str] = {}
    for stay_id in stays:
        for service, status in read.reader.rows(_STANDS, stay_id=stay_id, until=span.until):
            items = read.care_model.services[service].items if status in _ASKS_NOT else ()
            found |= {item.id: _ASKS_NOT[status] for item in items}
    return found


def _shown_item(read: Read, item_id: str, span: Span) -> ChecklistItem | None:
    """Return an item that may be shown, or None."""
    item = read.care_model.items.get(item_id)
    if item is None or item.record_class in span.closed:
        return None
    return item if read.access.view(item_id) is View.OPEN else None


def _answered(read: Read, stay_id: int, began_on: date, span: Span) -> Iterator[ItemLine]:
    keys = {"stay_id": stay_id, "until": span.until}
    signed: dict[int, list[tuple[str, int]]] = {}
    for answer_id, role, at in read.reader.rows(_SIGNED, **keys):
        signed.setdefault(answer_id, []).append((role, at))
    for row in read.reader.rows(_ANSWERS, **keys):
        answer_id, item_id, outcome, reason, due_at, done_at, role = row
        item = _shown_item(read, item_id, span)
        if item is None:
            continue
        signatures = signed.get(answer_id, [])
        last = max((at for _, at in signatures), default=None)
        yield ItemLine(
            item_id=item_id,
            text=item.text,
            due_day=_day(read, due_at, began_on),
            done_day=_day(read, done_at, began_on),
            late=None if due_at is None else timedelta(milliseconds=max(0, done_at - due_at)),
            role=_role(read, role),
            status=outcome,
            reason=_reason(read, reason),
            signatures=item.signatures,
            signer_roles=tuple(_role(read, one) for one, _ in signatures),
            signed_days=None if last is None else (moment(last) - moment(done_at)).days,
            in_period=span.since <= done_at or (due_at is not None and span.since <= due_at),
        )


def _done_later(read: Read, stay_id: int, began_on: date, span: Span) -> Iterator[ItemLine]:
    """Yield what was owed at the end and done only afterwards: its row of what is due is gone."""
    for item_id, due_at in read.reader.rows(_DONE_LATER, stay_id=stay_id, until=span.until):
        item = _shown_item(read, item_id, span)
        if item is not None:
            yield _not_done(read, item, (due_at, ""), began_on, span)


def _open(read: Read, stay_id: int, began_on: date, span: Span) -> Iterator[ItemLine]:
    for item_id, due_at, state in read.reader.rows(_OPEN, stay_id=stay_id, until=span.until):
        item = _shown_item(read, item_id, span)
        if item is not None:
            yield _not_done(read, item, (due_at, state), began_on, span)


def _left_open(read: Read, stay_id: int, began_on: date, span: Span) -> Iterator[ItemLine]:
    """Yield what was owed when they left, or their service was ended: else it would be no gap."""
    shown = {
        item.id: seen
        for item in read.house.items_for_stays
        if (seen := _shown_item(read, item.id, span)) is not None
    }
    items = [item for item in read.house.items_for_stays if item.id in shown]
    upkeep = Upkeep(read.reader, read.house)
    for item_id, due_at, state in (
        *upkeep.left_open(stay_id, items),
        *upkeep.met_open(stay_id, items),
    ):
        if due_at < span.until and state != "signature":
            yield _not_done(read, shown[item_id], (due_at, state), began_on, span)


def _not_done(
    read: Read, item: ChecklistItem, due: tuple[int, str], began_on: date, span: Span
) -> ItemLine:
    due_at, state = due
    return ItemLine(
        item_id=item.id,
        text=item.text,
        due_day=_day(read, due_at, began_on),
        done_day=None,
        late=None,
        role=_role(read, item.role),
        # A day that it was deferred to is here over as well: `due_at` had moved there.
        status=_BLOCKED if state == _BLOCKED else "overdue",
        reason="",
        signatures=item.signatures,
        signer_roles=(),
        signed_days=None,
        in_period=span.since <= due_at,
    )


def _day(read: Read, at: int | None, began_on: date) -> int | None:
    if at is None:
        return None
    return day_of_stay(_date(read, at), began_on=began_on)


def _role(read: Read, role_id: str) -> str:
    role = read.care_model.roles.get(role_id)
    return role.name if role else ""


def _reason(read: Read, code: str | None) -> str:
    reasons = read.care_model.values("item-not-done-reasons")
    return next((value.label for value in reasons if value.code == code), "")

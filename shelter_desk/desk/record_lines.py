"""Single records for a reviewer with a legal ground: timing, roles and codes, never who it is.

What the profile keeps closed stays out, and so does what the person who makes the pack may not
open themselves: nobody lets out what they could not see. A stay that was written down twice is one
record, with what was done in either: else it would lack papers that are there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment, moment_or_none
from shelter_desk.desk.counting import Bounds
from shelter_desk.desk.debriefs import debrief_held
from shelter_desk.desk.evidence import bounds_of
from shelter_desk.desk.merge_rules import writings
from shelter_desk.desk.rows import RowValues, find, get, key_of
from shelter_desk.desk.upkeep import Upkeep
from shelter_desk.domain.content import ChecklistItem
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.record_classes import INVESTIGATION, View
from shelter_desk.domain.record_lines import (
    DECLINED,
    FIRST_MONTH,
    NOT_NEEDED,
    WAITING,
    IncidentDrawn,
    IncidentShown,
    ItemLine,
    RecordShown,
    day_of_stay,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import counts_once, person_stay
from shelter_desk.store.schema_missing import (
    incident,
    incident_person,
    incident_step,
    notice,
)
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
_INCIDENTS = Statement(
    select(incident)
    .join(incident_person, incident_person.c.incident_id == incident.c.id)
    .where(incident_person.c.stay_id == bindparam("stay_id"))
    .where(incident.c.withdrawn_at.is_(None), incident_person.c.withdrawn_at.is_(None))
    .where(incident.c.found_at >= bindparam("since"), incident.c.found_at < bindparam("until"))
    .order_by(incident.c.found_at)
)
_NOTICES = Statement(
    select(notice.c.recipient, notice.c.due_at, notice.c.told_at, notice.c.reason).where(
        notice.c.incident_id == bindparam("incident_id")
    )
)
_HOW_MANY = Statement(
    select(func.count(func.distinct(person_stay.c.resident_id)))
    .select_from(incident_person)
    .join(person_stay, person_stay.c.id == incident_person.c.stay_id)
    .where(incident_person.c.incident_id == bindparam("incident_id"))
    .where(incident_person.c.withdrawn_at.is_(None))
)
_STEPS = Statement(
    select(incident_step.c.due_on, incident_step.c.done_at)
    .where(incident_step.c.incident_id == bindparam("incident_id"))
    .where(incident_step.c.due_on < bindparam("end"))
)
_STANDS = Statement(
    select(_need.c.service_id, _need.c.status).where(
        _need.c.stay_id == bindparam("stay_id"), _need.c.since < bindparam("until")
    )
)
_ASKS_NOT = {"not-needed": NOT_NEEDED, "declined": DECLINED, "on-hold": WAITING}
_MANY = 3
_BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class _Span:
    """The stretch that is looked at, as stored, and what of it may be shown."""

    since: int
    until: int
    closed: frozenset[str]


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
    span = _Span(bounds["since"], bounds["until"], closed)
    return tuple(_record(read, key_of(read.reader, _stay, one), span) for one in stays)


@asks(May.EXPORT)
def records_until(
    read: Read, *, since: datetime, until: datetime, closed: frozenset[str]
) -> tuple[RecordShown, ...]:
    """Return the stays with a moment between two, as they stand now, in no telling order."""
    span = _Span(milliseconds(since), milliseconds(until), closed)
    rows = read.reader.rows(_STAYS, since=span.since, until=span.until)
    return tuple(_record(read, key, span) for key, _ in rows)


def _record(read: Read, stay_id: int, span: _Span) -> RecordShown:
    keys = writings(read.reader, stay_id)
    stay = get(read.reader, _stay, keys[0])
    began_on = moment(stay["began_at"]).astimezone(read.house.zone).date()
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
        incidents=tuple(_incidents(read, keys, began_on, span)),
        left_out=frozenset(one for one in order if _shown_item(read, one, span) is None),
        asks_not=_asks_not(read, keys, span),
        first_month=span.since <= stay["began_at"] and month_over <= span.until and stayed,
    )


def _asks_not(read: Read, stays: Collection[int], span: _Span) -> dict[str, str]:
    """Return item -> why its service asked for nothing at the end of the period."""
    found: dict[str, str] = {}
    for stay_id in stays:
        for service, status in read.reader.rows(_STANDS, stay_id=stay_id, until=span.until):
            items = read.care_model.services[service].items if status in _ASKS_NOT else ()
            found |= {item.id: _ASKS_NOT[status] for item in items}
    return found


def _shown_item(read: Read, item_id: str, span: _Span) -> ChecklistItem | None:
    """Return an item that may be shown, or None."""
    item = read.care_model.items.get(item_id)
    if item is None or item.record_class in span.closed:
        return None
    return item if read.access.view(item_id) is View.OPEN else None


def _answered(read: Read, stay_id: int, began_on: date, span: _Span) -> Iterator[ItemLine]:
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


def _done_later(read: Read, stay_id: int, began_on: date, span: _Span) -> Iterator[ItemLine]:
    """Yield what was owed at the end and done only afterwards: its row of what is due is gone."""
    for item_id, due_at in read.reader.rows(_DONE_LATER, stay_id=stay_id, until=span.until):
        item = _shown_item(read, item_id, span)
        if item is not None:
            yield _not_done(read, item, (due_at, ""), began_on, span)


def _open(read: Read, stay_id: int, began_on: date, span: _Span) -> Iterator[ItemLine]:
    for item_id, due_at, state in read.reader.rows(_OPEN, stay_id=stay_id, until=span.until):
        item = _shown_item(read, item_id, span)
        if item is not None:
            yield _not_done(read, item, (due_at, state), began_on, span)


def _left_open(read: Read, stay_id: int, began_on: date, span: _Span) -> Iterator[ItemLine]:
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
    read: Read, item: ChecklistItem, due: tuple[int, str], began_on: date, span: _Span
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


def _incidents(
    read: Read, stays: Collection[int], began_on: date, span: _Span
) -> Iterator[IncidentShown]:
    if INVESTIGATION in span.closed or not read.access.may_open(INVESTIGATION):
        return
    bounds = {"since": span.since, "until": span.until}
    found: dict[int, RowValues] = {}  # somebody may stand in one incident under both records
    for stay_id in stays:
        for values in read.reader.rows(_INCIDENTS, stay_id=stay_id, **bounds):
            row = dict(zip(incident.c.keys(), values, strict=True))
            found[row["id"]] = row
    for row in sorted(found.values(), key=itemgetter("found_at")):
        yield _incident(read, row, began_on, span)


def _incident(read: Read, row: RowValues, began_on: date | None, span: _Span) -> IncidentShown:
    types = {value.code: value.label for value in read.care_model.values("incident-types")}
    at = moment(row["occurred_at"])
    local = at.astimezone(read.house.zone)
    shift = read.house.shifts.start_of(at).astimezone(read.house.zone)
    return IncidentShown(
        types=tuple(types.get(code, code) for code in row["types"].split()),
        quarter=Period.quarter_of(local.date()).id,
        day=day_of_stay(local.date(), began_on=began_on) if began_on else 0,
        shift=f"{shift:%H:%M}",
        told=tuple(_told(read, row["id"], span)),
        was_treated=bool(row["treated"]),
        debrief=debrief_held(read, row, span.until),
        is_filed=_was(row["filed_at"], span),
        is_closed=_was(row["closed_at"], span),
    )


@asks(May.EXPORT)
def incidents_drawn(
    read: Read, *, incidents: Collection[str], period: Period, now: datetime
) -> tuple[IncidentDrawn, ...]:
    """Return incidents as a reviewer may see them, in the order given.

    Raises:
        InvalidError: while the period is not over.
        NotPermittedError: whoever asks may not open investigations.
    """
    if not read.access.may_open(INVESTIGATION):
        raise NotPermittedError
    bounds = bounds_of(read, period, now)
    span = _Span(bounds["since"], bounds["until"], frozenset())
    return tuple(_drawn(read, find(read.reader, incident, one), span) for one in incidents)


def _drawn(read: Read, row: RowValues, span: _Span) -> IncidentDrawn:
    people = read.reader.value(_HOW_MANY, incident_id=row["id"])
    end = moment(span.until).astimezone(read.house.zone).date()
    timely = []
    for due_on, done_at in read.reader.rows(_STEPS, incident_id=row["id"], end=end.isoformat()):
        done = moment_or_none(done_at)
        by = done and done.astimezone(read.house.zone).date().isoformat()
        timely.append(by is not None and by <= due_on)
    shown = _incident(read, row, None, span)
    few = str(people) if people < _MANY else f"{_MANY} or more"
    return IncidentDrawn(shown, few, len(timely), sum(timely))


def _told(read: Read, incident_id: int, span: _Span) -> Iterator[tuple[str, bool]]:
    for recipient, due_at, told_at, reason in read.reader.rows(_NOTICES, incident_id=incident_id):
        if due_at < span.until or told_at is not None or reason is not None:
            yield recipient, reason is not None or (told_at is not None and told_at <= due_at)


def _was(at: int | None, span: _Span) -> bool:
    return at is not None and at < span.until


def _day(read: Read, at: int | None, began_on: date) -> int | None:
    if at is None:
        return None
    return day_of_stay(moment(at).astimezone(read.house.zone).date(), began_on=began_on)


def _role(read: Read, role_id: str) -> str:
    role = read.care_model.roles.get(role_id)
    return role.name if role else ""


def _reason(read: Read, code: str | None) -> str:
    reasons = read.care_model.values("item-not-done-reasons")
    return next((value.label for value in reasons if value.code == code), "")

"""One stay's plan: phases, services, checklists, and the answers so far; and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, find, milliseconds, moment, moment_or_none
from shelter_desk.domain.care_model import ChecklistItem, Service
from shelter_desk.domain.due import describe_due
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Row, Statement

_answer, _due, _need = schema.item_answer, schema.due_item, schema.service_need
_phase, _event, _stay, _staff = schema.stay_phase, schema.stay_event, schema.stay, schema.staff
_entry = schema.service_entry

_LATE_AFTER_MS = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer to an item. `is_late_entry`: written down over an hour after it was done."""

    answer_id: str
    outcome: str
    outcome_label: str
    reason_label: str
    who: str
    role: str
    done_at: datetime
    entered_at: datetime
    until: datetime | None
    note: str
    is_late_entry: bool
    signed: int
    needs_signatures: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One open occurrence of an item, or the item itself where none is open.

    `state` is "open", "deferred", "blocked", "signature", "closed" or "not-open".
    """

    item_id: str
    service_id: str
    text: str
    help: str
    role: str
    role_short: str
    safety_critical: bool
    record_class: str
    consent: tuple[str, ...]
    needs_signatures: int
    outcome_only: bool
    due_words: str
    occurrence: str | None
    due_at: datetime | None
    state: str
    last: AnswerLine | None


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service of a stay. `status` None: nobody has asked yet."""

    service_id: str
    name: str
    short_name: str
    phases: tuple[str, ...]
    status: str | None
    status_label: str
    reason: str
    since: datetime | None
    done: int
    total: int
    overdue: int
    items: tuple[ItemLine, ...]
    origin: str
    confidence: str


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """One phase as a view: how much of its services' items is dealt with."""

    phase_id: str
    name: str
    resident_name: str
    is_open: bool
    started_at: datetime | None
    done: int
    total: int
    span_text: str


@dataclass(frozen=True, slots=True)
class StayPlan:
    """All services of a stay in the order of the care model, and its phases."""

    stay_id: str
    phases: tuple[PhaseLine, ...]
    services: tuple[ServiceLine, ...]


_NEEDS = Statement(
    select(_need.c.service_id, _need.c.status, _need.c.reason, _need.c.since).where(
        _need.c.stay_id == bindparam("stay_id")
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
ANSWER_COLUMNS = (
    select(
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
    )
    .join(_staff, _staff.c.id == _answer.c.staff_id)
    .where(_answer.c.stay_id == bindparam("stay_id"), _answer.c.undone_at.is_(None))
)
_ANSWERS = Statement(ANSWER_COLUMNS.order_by(_answer.c.done_at, _answer.c.id))
_PHASES = Statement(
    select(_phase.c.phase, _phase.c.started_at).where(
        _phase.c.stay_id == bindparam("stay_id"), _phase.c.ended_at.is_(None)
    )
)


@asks(May.READ_RECORDS)
def stay_plan(read: Read, *, stay_id: str, now: datetime) -> StayPlan:
    """Return the plan of one stay.

    Raises:
        NotFoundError: when there is no such stay.
    """
    stay = find(read.reader, _stay, stay_id)
    key = stay["id"]
    needs = {row[0]: row[1:] for row in read.reader.rows(_NEEDS, stay_id=key)}
    due: dict[str, list[Row]] = {}
    for row in read.reader.rows(_DUE, stay_id=key):
        due.setdefault(row[0], []).append(row)
    last = {
        row[0]: _answer_line(read, stay["resident_id"], row)
        for row in read.reader.rows(_ANSWERS, stay_id=key)
    }
    services = tuple(
        _service_line(read, service, needs.get(service.id), due, last, milliseconds(now))
        for service in read.care_model.services.values()
    )
    opened = {str(phase): int(at) for phase, at in read.reader.rows(_PHASES, stay_id=key)}
    return StayPlan(stay_id, _phase_lines(read, services, opened), services)


def _answer_line(read: Read, resident_id: int, row: Row) -> AnswerLine:
    item_id, public_id, outcome, reason, who, role, done_at, entered_at, until, note, signed = row
    model = read.care_model
    item = model.items.get(item_id)
    return AnswerLine(
        answer_id=public_id,
        outcome=outcome,
        outcome_label=model.label("item-outcomes", outcome),
        reason_label=model.label("item-not-done-reasons", reason) if reason else "",
        who=who,
        role=role,
        done_at=moment(done_at),
        entered_at=moment(entered_at),
        until=moment_or_none(until),
        note=read.sealer.open(read.reader, resident_id, f"item_answer:{public_id}:note", note),
        is_late_entry=entered_at - done_at > _LATE_AFTER_MS,
        signed=signed,
        needs_signatures=item.signatures if item else 0,
    )


def _service_line(
    read: Read,
    service: Service,
    need: Row | None,
    due: Mapping[str, list[Row]],
    last: Mapping[str, AnswerLine],
    now_ms: int,
) -> ServiceLine:
    items = [item for item in service.items if not item.is_house]
    lines = tuple(
        line for item in items for line in _item_lines(read, item, due.get(item.id, ()), last)
    )
    status, reason, since = need or (None, None, None)
    return ServiceLine(
        service_id=service.id,
        name=service.name,
        short_name=service.short_name,
        phases=service.phases,
        status=status,
        status_label=read.care_model.label("service-status", status)
        if status
        else "Not asked yet",
        reason=reason or "",
        since=moment_or_none(since),
        done=sum(item.id in last and item.id not in due for item in items),
        total=sum(item.id in last or item.id in due for item in items),
        overdue=sum(row[2] < now_ms for item in items for row in due.get(item.id, ())),
        items=lines,
        origin=service.origin,
        confidence=service.confidence,
    )


def _item_lines(
    read: Read, item: ChecklistItem, due: list[Row] | tuple[()], last: Mapping[str, AnswerLine]
) -> list[ItemLine]:
    answer = last.get(item.id)
    if due:
        return [_item_line(read, item, answer, row[1], moment(row[2]), row[3]) for row in due]
    return [_item_line(read, item, answer, None, None, "closed" if answer else "not-open")]


def _item_line(
    read: Read,
    item: ChecklistItem,
    last: AnswerLine | None,
    occurrence: str | None,
    due_at: datetime | None,
    state: str,
) -> ItemLine:
    return ItemLine(
        item_id=item.id,
        service_id=item.service_id,
        text=item.text,
        help=item.help,
        role=item.role,
        role_short=read.care_model.roles[item.role].short_name,
        safety_critical=item.safety_critical,
        record_class=item.record_class,
        consent=item.consent,
        needs_signatures=item.signatures,
        outcome_only=item.outcome_only,
        due_words=describe_due(item),
        occurrence=occurrence,
        due_at=due_at,
        state=state,
        last=last,
    )


def _phase_lines(
    read: Read, services: tuple[ServiceLine, ...], opened: Mapping[str, int]
) -> tuple[PhaseLine, ...]:
    lines = []
    for phase in sorted(read.care_model.phases.values(), key=lambda phase: phase.order):
        inside = [line for line in services if phase.id in line.phases or phase.id == "all"]
        lines.append(
            PhaseLine(
                phase_id=phase.id,
                name=phase.name,
                resident_name=phase.resident_name,
                is_open=phase.id in opened or phase.id == "all",
                started_at=moment_or_none(opened.get(phase.id)),
                done=sum(line.done for line in inside),
                total=sum(line.total for line in inside),
                span_text=phase.span_text,
            )
        )
    return tuple(lines)

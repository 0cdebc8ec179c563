"""What an event starts: items with their clocks, in services that are opened again for them.

A return, a threat or an overdose opens the immediate work again, whatever was thought to be done
with: a service that was met, not needed or not asked about is needed again when an event starts
one of its items. One that was declined or is on hold stays so, unless the item keeps them safe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, Write, asks, moment
from shelter_desk.desk.due_facts import COURT_DATE, OPEN_STATUSES, SOMEONE_ADMITTED, UNASKED
from shelter_desk.desk.merge_rules import also_written_as, doubled_of
from shelter_desk.desk.rows import RowValues, key_of
from shelter_desk.desk.upkeep import refresh_items, refresh_started
from shelter_desk.domain.care_model import CareModel, ChecklistItem
from shelter_desk.domain.due import lead
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import appointment
from shelter_desk.store.schema_missing import incident, missing_episode
from shelter_desk.store.sql import Row, Statement, at_most

_event, _need, _stay = schema.stay_event, schema.service_need, schema.stay
_NEEDED = "needed"
_STAYS_CLOSED = frozenset(("declined", "on-hold"))
_NEEDS = Statement(select(_need).where(_need.c.stay_id == bindparam("stay_id")))
_STATUSES = Statement(
    select(_need.c.service_id, _need.c.status).where(_need.c.stay_id == bindparam("stay_id"))
)
_RECENT = Statement(
    select(_event.c.public_id, _event.c.code, _event.c.occurred_at)
    .where(_event.c.stay_id == bindparam("stay_id"), _event.c.withdrawn_at.is_(None))
    .order_by(_event.c.occurred_at.desc(), _event.c.id.desc())
    .limit(at_most("most"))
)
_absence = missing_episode.c
_OWNED = tuple(
    Statement(chosen)
    for chosen in (
        select(appointment.c.start_key).where(appointment.c.stay_id == bindparam("stay_id")),
        select(_absence.start_key).where(_absence.stay_id == bindparam("stay_id")),
        select(_absence.return_keys).where(_absence.stay_id == bindparam("stay_id")),
        select(incident.c.start_keys),
    )
)


def started_by(model: CareModel, code: str) -> list[ChecklistItem]:
    """Return the items of a stay that an event starts, in the order of the care model."""
    return [
        item
        for item in model.items.values()
        if not item.is_house
        and (code in item.starts_on or (code == COURT_DATE and item.due.after == "court-date"))
    ]


def begin_event(write: Write, stay_id: int | None, code: str, at_ms: int) -> str:
    """Record an event, open what it starts, and return its public id."""
    if stay_id is not None:  # in a record that a join closed nothing new begins
        stay_id = doubled_of(write.writer, stay_id) or stay_id
    public_id = write.new_public_id()
    write.add(
        _event,
        public_id=public_id,
        stay_id=stay_id,
        code=code,
        occurred_at=at_ms,
        known_at=write.now_ms,
        reopened=_reopen(write, stay_id, code),
    )
    refresh_started(write, stay_id, code)
    return public_id


def take_back_event(write: Write, event: RowValues) -> None:
    """Mark an event withdrawn. What it started is no longer due, what it opened is closed."""
    write.change(_event, event, withdrawn_at=write.now_ms)
    _close_again(write, event)
    refresh_started(write, event["stay_id"], event["code"])


def put_back_event(write: Write, event: RowValues) -> None:
    """Mark an event valid again; it opens what it starts once more."""
    reopened = _reopen(write, event["stay_id"], event["code"])
    write.change(_event, event, withdrawn_at=None, reopened=reopened)
    refresh_started(write, event["stay_id"], event["code"])


def is_owned(write: Write, stay_id: int | None, event_id: str) -> bool:
    """Say whether an event belongs to an appointment, an absence or an incident."""
    return stay_id is not None and event_id in _owned_keys(write.writer.rows, stay_id)


def _owned_keys(rows: Callable[..., list[Row]], stay_id: int) -> set[str]:
    found = [row[0] or "" for statement in _OWNED for row in rows(statement, stay_id=stay_id)]
    return {key for keys in found for key in keys.split()}


def _reopen(write: Write, stay_id: int | None, code: str) -> str:
    if stay_id is None:
        return ""
    rows = write.writer.rows(_NEEDS, stay_id=stay_id)
    needs = {row[_SERVICE]: dict(zip(_NAMES, row, strict=True)) for row in rows}
    before: dict[str, str] = {}
    for item in started_by(write.care_model, code):
        need = needs.get(item.service_id)
        status = need["status"] if need else ""
        stays = status in _STAYS_CLOSED and not item.safety_critical
        if status in OPEN_STATUSES or stays or item.service_id in before:
            continue
        before[item.service_id] = status
    for service_id, status in before.items():
        _set(write, stay_id, service_id, needs.get(service_id), _NEEDED)
        _refresh_service(write, stay_id, service_id)
        before[service_id] = status or UNASKED
    return " ".join(f"{service_id}:{status}" for service_id, status in before.items())


def _close_again(write: Write, event: RowValues) -> None:
    rows = write.writer.rows(_NEEDS, stay_id=event["stay_id"])
    needs = {row[_SERVICE]: dict(zip(_NAMES, row, strict=True)) for row in rows}
    for part in event["reopened"].split():
        service_id, _, status = part.partition(":")
        need = needs.get(service_id)
        # Whoever set the service since then has decided: that stays.
        if need is not None and need["status"] == _NEEDED:
            _set(write, event["stay_id"], service_id, need, status)
        _refresh_service(write, event["stay_id"], service_id)


def _set(write: Write, stay_id: int, service_id: str, need: RowValues | None, status: str) -> None:
    if need is None:
        write.add(
            _need,
            stay_id=stay_id,
            service_id=service_id,
            status=status,
            opened_at=write.now_ms,
            since=write.now_ms,
        )
        return
    write.change(_need, need, status=status, since=write.now_ms)


def _refresh_service(write: Write, stay_id: int, service_id: str) -> None:
    items = write.care_model.services[service_id].items
    refresh_items(write, stay_id, [item for item in items if not item.is_house])


_NAMES = tuple(_need.c.keys())
_SERVICE = _NAMES.index("service_id")


@dataclass(frozen=True, slots=True)
class Follows:
    """One item that an event would open, and when it would be due.

    `text` is "" where the item is closed to the person asking; its service is named all the same.
    `due_at` is None for a series, whose next round may come before. `opens_service` says that the
    service stands closed now and would be needed again.
    """

    item_id: str
    text: str
    service: str
    due_at: datetime | None
    safety_critical: bool
    opens_service: bool


@dataclass(frozen=True, slots=True)
class HappenedLine:
    """One event of a stay that was written down by itself, and can be taken back."""

    event_id: str
    code: str
    label: str
    occurred_at: datetime


@asks(May.READ_RECORDS)
def what_follows(
    read: Read, *, stay_id: str, code: str, at: datetime, now: datetime
) -> tuple[Follows, ...]:
    """Return what an event at a moment, known since now, would open; the first due at the top."""
    key = key_of(read.reader, _stay, stay_id)
    stands = {str(one): str(status) for one, status in read.reader.rows(_STATUSES, stay_id=key)}
    found = []
    for item in started_by(read.care_model, code):
        status = stands.get(item.service_id, "")
        if status in _STAYS_CLOSED and not item.safety_critical:
            continue
        span = item.schedule[0] if item.schedule else item.due.span
        once = item.repeat in ("once", "each-event")
        found.append(
            Follows(
                item.id,
                item.text if read.access.view(item.id) is not View.HIDDEN else "",
                read.care_model.services[item.service_id].short_name,
                lead(span, at, now, read.house.zone) if once else None,
                item.safety_critical,
                status not in OPEN_STATUSES,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.due_at or at, not one.safety_critical)))


@asks(May.READ_RECORDS)
def recent_events(read: Read, *, stay_id: str, limit: int = 20) -> tuple[HappenedLine, ...]:
    """Return the newest events of a stay that stand for themselves, newest first.

    Those of an appointment, an absence or an incident are taken back there; that somebody else
    was admitted is written down by their admission. Of a stay that was written down twice, those
    of the other writing are among them: they ask for work here too.
    """
    key = key_of(read.reader, _stay, stay_id)
    found = [
        row
        for one in (key, *also_written_as(read.reader, key))
        for owned in [_owned_keys(read.reader.rows, one)]
        for row in read.reader.rows(_RECENT, stay_id=one, most=limit)
        if row[0] not in owned
    ]
    triggers = read.care_model.triggers
    return tuple(
        HappenedLine(event_id, code, triggers[code].label, moment(at))
        for event_id, code, at in sorted(found, key=itemgetter(2), reverse=True)
        if code in triggers and code != SOMEONE_ADMITTED
        if read.access.may_open_trigger(code)
    )

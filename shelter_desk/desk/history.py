"""What happened in a stay, in the order it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks, find, moment
from shelter_desk.desk.plan import ANSWER_COLUMNS
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_answer, _due, _need = schema.item_answer, schema.due_item, schema.service_need
_phase, _event, _stay, _staff = schema.stay_phase, schema.stay_event, schema.stay, schema.staff
_entry = schema.service_entry


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened in a stay. `kind`: answer, entry, event, need or stay."""

    at: datetime
    kind: str
    title: str
    subline: str
    who: str
    service_id: str | None


_NEWEST_ANSWERS = Statement(
    ANSWER_COLUMNS.order_by(_answer.c.done_at.desc(), _answer.c.id.desc()).limit(bindparam("most"))
)
_ENTRIES = Statement(
    select(_entry.c.given_at, _entry.c.service_id, _entry.c.minutes, _staff.c.name)
    .join(_staff, _staff.c.id == _entry.c.staff_id)
    .where(_entry.c.stay_id == bindparam("stay_id"), _entry.c.withdrawn_at.is_(None))
    .order_by(_entry.c.given_at.desc())
    .limit(bindparam("most"))
)
_HAPPENED = Statement(
    select(_event.c.occurred_at, _event.c.code)
    .where(_event.c.stay_id == bindparam("stay_id"), _event.c.withdrawn_at.is_(None))
    .order_by(_event.c.occurred_at.desc())
    .limit(bindparam("most"))
)


@asks(May.READ_RECORDS)
def history(read: Read, *, stay_id: str, limit: int = 100) -> tuple[HistoryLine, ...]:
    """Return what happened in a stay, newest first, at most `limit` lines."""
    stay = find(read.reader, _stay, stay_id)
    key = stay["id"]
    model = read.care_model
    lines = [
        HistoryLine(
            moment(row[6]),
            "answer",
            model.items[row[0]].text if row[0] in model.items else row[0],
            model.label("item-outcomes", row[2]),
            row[4],
            model.items[row[0]].service_id if row[0] in model.items else None,
        )
        for row in read.reader.rows(_NEWEST_ANSWERS, stay_id=key, most=limit)
    ]
    lines += [
        HistoryLine(
            moment(at), "entry", _service_name(read, service), f"{minutes} min", who, service
        )
        for at, service, minutes, who in read.reader.rows(_ENTRIES, stay_id=key, most=limit)
    ]
    lines += [
        HistoryLine(moment(at), "event", _trigger(read, code), "", "", None)
        for at, code in read.reader.rows(_HAPPENED, stay_id=key, most=limit)
    ]
    lines.append(HistoryLine(moment(stay["began_at"]), "stay", "Arrived", "", "", None))
    if stay["ended_at"] is not None:
        how = model.label("discharge-types", stay["exit_type"] or "")
        lines.append(HistoryLine(moment(stay["ended_at"]), "stay", "Left", how, "", None))
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True)[:limit])


def _service_name(read: Read, service_id: str) -> str:
    service = read.care_model.services.get(service_id)
    return service.name if service else service_id


def _trigger(read: Read, code: str) -> str:
    trigger = read.care_model.triggers.get(code)
    return trigger.label if trigger else code

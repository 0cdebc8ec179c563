"""The recovery kit opened the records: everybody is told for a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.staff import RenewKeys
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

TOLD_FOR_DAYS = 30

_event, _key, _staff = schema.audit_event, schema.staff_key, schema.staff
# From the keys, of which there are few, to the event that made each: never along the trail.
_NEWEST = Statement(
    select(_staff.c.name, _event.c.at)
    .select_from(_key)
    .join(_event, _event.c.id == _key.c.event_id)
    .join(_staff, _staff.c.id == _key.c.staff_id)
    .where(
        _event.c.action == RenewKeys.action,
        func.json_extract(_event.c.text, "$.reason") == "recovery-kit",
        _event.c.at >= bindparam("since"),
    )
    .order_by(_key.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class KitUse:
    """For whom the recovery kit set a new passphrase, and when."""

    who: str
    at: datetime


@asks(May.READ_RECORDS)
def kit_use(read: Read, *, now: datetime) -> KitUse | None:
    """Return the last time the kit was used, if it was in the last 30 days."""
    since = milliseconds(now - timedelta(days=TOLD_FOR_DAYS))
    row = read.reader.row(_NEWEST, since=since)
    return None if row is None else KitUse(str(row[0]), moment(row[1]))

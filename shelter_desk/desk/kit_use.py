"""The recovery kit: a new one in place of the former; that it was used is told for a month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, milliseconds, moment
from shelter_desk.desk.opening import KIT_KEY
from shelter_desk.desk.staff import RenewKeys, register_keys
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.compartments import Compartment, CompartmentKeys
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.identity import PublicKeys
from shelter_desk.store.sql import Statement

TOLD_FOR_DAYS = 30

_event, _key, _staff = schema.audit_event, schema.staff_key, schema.staff
_kit = _key.alias("kit")
_NEWEST_KIT = select(func.max(_kit.c.id)).where(_kit.c.staff_id.is_(None)).scalar_subquery()
_MADE = Statement(
    select(_event.c.at)
    .select_from(_key)
    .join(_event, _event.c.id == _key.c.event_id)
    .where(_key.c.id == _NEWEST_KIT)
)
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
        _key.c.id > _NEWEST_KIT,  # a new kit ends it
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
    """Return the last time the kit in force was used, if it was in the last 30 days."""
    since = milliseconds(now - timedelta(days=TOLD_FOR_DAYS))
    row = read.reader.row(_NEWEST, since=since)
    return None if row is None else KitUse(str(row[0]), moment(row[1]))


@dataclass(frozen=True)
class ReplaceKit(Command):
    """Register a new recovery kit: from now on new keys and backups are sealed to it alone.

    `keys` are those of all classes, which a director's own passphrase recovers.
    """

    action: ClassVar[str] = "kit.replace"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    public: PublicKeys
    keys: CompartmentKeys = field(repr=False)

    def apply(self, write: Write) -> str:
        """Insert its public key, and seal every class to it."""
        if set(self.keys.keys) != set(Compartment):
            raise SealBrokenError
        register_keys(write, None, self.public, self.keys)
        return "kit"


@asks(May.MANAGE_STAFF)
def kit_made_at(read: Read) -> datetime:
    """Return when the kit in force was made."""
    return moment(read.reader.value(_MADE))


def kit_key(reader: Reader) -> bytes:
    """Return the public key of the kit in force."""
    _, public = reader.row(KIT_KEY) or (0, b"")
    return bytes(public)

"""Backups as staff see them: to whom one is sealed, and when the last one was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment_or_none
from shelter_desk.desk.opening import KIT_KEY
from shelter_desk.domain.staff import DIRECTOR, May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

REMIND_AFTER_DAYS = 7

_staff, _key, _custody = schema.staff, schema.staff_key, schema.custody
_DIRECTORS_KEYS = Statement(
    select(_staff.c.id, _staff.c.roles, _key.c.sealing_public)
    .join(_key, _key.c.staff_id == _staff.c.id)
    .where(_staff.c.ended_at.is_(None))
    .order_by(_key.c.id)
)
_LAST_BACKUP = Statement(
    select(func.max(_custody.c.ended_at)).where(
        _custody.c.kind == "backup", _custody.c.result == "delivered"
    )
)
_FIRST_EVENT = Statement(select(schema.audit_event.c.at).where(schema.audit_event.c.id == 1))


@dataclass(frozen=True, slots=True)
class BackupState:
    """When the last whole backup was, if ever, and whether it is time for one."""

    last_at: datetime | None
    is_due: bool


@asks(May.MANAGE_SHELTER)
def backup_state(read: Read, *, now: datetime) -> BackupState:
    """Return when the last backup was; due seven days after it, or after the records began."""
    last = moment_or_none(read.reader.value(_LAST_BACKUP))
    since = last or moment_or_none(read.reader.value(_FIRST_EVENT)) or now
    return BackupState(last, (now - since).days >= REMIND_AFTER_DAYS)


@asks(May.MANAGE_SHELTER)
def recipients(read: Read) -> tuple[bytes, ...]:
    """Return the public keys a backup is sealed to: the recovery kit, then each director."""
    kit = read.reader.row(KIT_KEY)
    # Oldest first, so that a newer key of a person takes the place of the former.
    directors = {
        staff_id: bytes(key)
        for staff_id, roles, key in read.reader.rows(_DIRECTORS_KEYS)
        if DIRECTOR in roles.split()
    }
    return (*([bytes(kit[1])] if kit else []), *directors.values())


@dataclass(frozen=True)
class NoteKeysDeleted(Command):
    """A director deletes keys of older backups from a drive; those backups open nowhere then."""

    action: ClassVar[str] = "backup.delete-keys"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area(0)

    names: tuple[str, ...]

    def apply(self, write: Write) -> str:
        """Change nothing; the event, with the names of the files, is the record."""
        write.reason = " ".join(self.names)
        return ""

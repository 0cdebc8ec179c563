"""Opening a record class for a time, in an emergency: a reason, an end, a second person, a notice.

The second person signs what is opened to whom, why and for how long; without that signature the
desk refuses. Every opening stands in the trail and waits until a director has looked at it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk import dual_control
from shelter_desk.desk.base import Area, Command, Read, Write, asks, milliseconds, moment
from shelter_desk.desk.rows import find, get
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import DeskError, InvalidError, NotPermittedError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.compartments import (
    Compartment,
    CompartmentKey,
    CompartmentKeys,
    open_compartment,
    seal_compartment,
)
from shelter_desk.store.keys.identity import Opened, PublicKeys, verify_signature
from shelter_desk.store.schema_accounts import class_opening as _opening
from shelter_desk.store.schema_keys import compartment_key, opening_key
from shelter_desk.store.sql import Statement, insert_into

REASONS = "opening-reasons"
MINUTES = (60, 240, 720)
_MINUTE_MS = 60_000
EVERYTHING = ~Area.CUSTODY
"""What pages show anew when a class is opened or closed."""
_staff, _key = schema.staff, schema.staff_key
_second = _staff.alias("second")

_OPEN_OF = Statement(
    select(_opening.c.record_class, _opening.c.until_at).where(
        _opening.c.staff_id == bindparam("staff_id"),
        _opening.c.until_at > bindparam("now_ms"),
        _opening.c.closed_at.is_(None),
    )
)
_LINES = (
    select(
        _opening.c.public_id,
        _staff.c.public_id,
        _staff.c.name,
        _opening.c.record_class,
        _opening.c.reason,
        _opening.c.opened_at,
        _opening.c.until_at,
        _second.c.name,
    )
    .join(_staff, _staff.c.id == _opening.c.staff_id)
    .join(_second, _second.c.id == _opening.c.second_id)
    .order_by(_opening.c.opened_at)
)
_MINE = Statement(
    _LINES.where(
        _opening.c.staff_id == bindparam("staff_id"),
        _opening.c.until_at > bindparam("now_ms"),
        _opening.c.closed_at.is_(None),
    )
)
_UNSEEN = Statement(
    _LINES.where(_opening.c.seen_at.is_(None), _opening.c.staff_id != bindparam("staff_id"))
)
_NEWEST_KEY = Statement(
    select(_key.c.signing_public)
    .where(_key.c.staff_id == bindparam("staff_id"))
    .order_by(_key.c.id.desc())
    .limit(1)
)


_OWN_KEY = Statement(select(_key.c.sealing_public).where(_key.c.id == bindparam("key_id")))
_ADD_KEY = insert_into(opening_key, ("opening_id", "key_id", "generation", "sealed"))
_KEYS = Statement(
    select(_opening.c.record_class, opening_key.c.generation, opening_key.c.sealed)
    .join(_opening, _opening.c.id == opening_key.c.opening_id)
    .where(
        opening_key.c.key_id == bindparam("key_id"),
        _opening.c.closed_at.is_(None),
        # A key that was renewed meanwhile does not seal any more: two people open it again.
        opening_key.c.generation
        == select(func.max(compartment_key.c.generation))
        .where(compartment_key.c.compartment == _opening.c.record_class)
        .scalar_subquery(),
    )
)
_OVER = select(_opening.c.id).where(
    or_(_opening.c.closed_at.is_not(None), _opening.c.until_at <= bindparam("now_ms"))
)
_DROP_KEYS = Statement(opening_key.delete().where(opening_key.c.opening_id.in_(_OVER)))


class SecondPersonError(DeskError):
    """A colleague who works here has to agree, with their own passphrase."""


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening: who opened which class, why, until when, and who agreed."""

    opening_id: str
    staff_id: str
    who: str
    record_class: str
    class_name: str
    reason: str
    opened_at: datetime
    until_at: datetime
    second: str


@asks(May.READ_RECORDS)
def my_openings(read: Read, *, now: datetime) -> tuple[OpeningLine, ...]:
    """Return the classes that are open to the person asking for a time, the oldest first."""
    rows = read.reader.rows(_MINE, staff_id=read.staff.id, now_ms=milliseconds(now))
    return tuple(_line(read, row) for row in rows)


@asks(May.MANAGE_STAFF)
def openings_to_see(read: Read) -> tuple[OpeningLine, ...]:
    """Return the openings by others that no director has looked at yet, the oldest first."""
    return tuple(_line(read, row) for row in read.reader.rows(_UNSEEN, staff_id=read.staff.id))


def open_until(reader: Reader, staff_id: int, now_ms: int) -> tuple[tuple[str, int], ...]:
    """Return (record class, end as stored) of what is open to somebody for a time."""
    rows = reader.rows(_OPEN_OF, staff_id=staff_id, now_ms=now_ms)
    return tuple((str(name), int(until)) for name, until in rows)


def keys_for_a_time(reader: Reader, key_id: int, opened: Opened) -> CompartmentKeys:
    """Return the keys of classes that were opened to somebody, before a lock for instance."""
    return CompartmentKeys(
        {
            Compartment(name): open_compartment(sealed, Compartment(name), generation, opened)
            for name, generation, sealed in reader.rows(_KEYS, key_id=key_id)
        }
    )


def forget_keys(write: Write) -> None:
    """Drop the keys of what is open no longer: nobody keeps a copy."""
    write.writer.change(_DROP_KEYS, now_ms=write.now_ms)


def _line(read: Read, row: tuple[object, ...]) -> OpeningLine:
    opening_id, staff_id, who, record_class, reason, opened_at, until_at, second = row
    return OpeningLine(
        str(opening_id),
        str(staff_id),
        str(who),
        str(record_class),
        read.care_model.record_classes[str(record_class)].name,
        read.care_model.label(REASONS, str(reason)),
        moment(int(str(opened_at))),
        moment(int(str(until_at))),
        str(second),
    )


@dataclass(frozen=True)
class OpenClass(Command):
    """Open a record class to the person at the desk for some minutes.

    `signature` is the second person's, over `agreed(...)`. `key` is that of the class: it is
    sealed to the person at the desk, so that it outlives a lock, and dropped with the opening.
    """

    action: ClassVar[str] = "class.open"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = EVERYTHING

    public_id: str
    record_class: str
    reason: str
    minutes: int
    second_id: str
    signature: bytes = b""
    key: CompartmentKey | None = field(default=None, repr=False)

    def agreed(self, vault_id: bytes, staff_id: str) -> bytes:
        """Return what the second person signs: it fits this opening of this store only."""
        said = {
            "opening": self.public_id,
            "vault": vault_id.hex(),
            "to": staff_id,
            "class": self.record_class,
            "reason": self.reason,
            "minutes": self.minutes,
        }
        return b"class-opening/" + canonical_json(said).encode()

    def apply(self, write: Write) -> str:
        """Insert the opening, once the second person's signature is found to be theirs."""
        self._check(write)
        second = find(write.writer, _staff, self.second_id)
        key = write.writer.value(_NEWEST_KEY, staff_id=second["id"])
        said = self.agreed(write.who.vault_id, write.who.staff.public_id)
        is_other = second["id"] != write.who.staff.id and second["ended_at"] is None
        if not (is_other and key and verify_signature(key, said, self.signature)):
            raise SecondPersonError
        # An emergency does not wait for a day, and every opening waits to be looked at.
        dual_control.refuse_one(write, self.second_id, waits=False)
        opening_id = write.add(
            _opening,
            public_id=self.public_id,
            staff_id=write.who.staff.id,
            record_class=self.record_class,
            reason=self.reason,
            opened_at=write.now_ms,
            until_at=write.now_ms + self.minutes * _MINUTE_MS,
            second_id=second["id"],
            signature=self.signature,
        )
        forget_keys(write)
        if self.key is not None:
            self._keep_key(write, opening_id, self.key)
        write.reason = f"{self.record_class}:{self.reason}:{self.minutes}:{self.second_id}"
        return self.public_id

    def _keep_key(self, write: Write, opening_id: int, key: CompartmentKey) -> None:
        who, name = write.who, Compartment(self.record_class)
        public = write.writer.value(_OWN_KEY, key_id=who.key_id)
        sealed = seal_compartment(key, name, who.vault_id, PublicKeys(who.staff.public_id, public))
        values = {"generation": key.generation, "sealed": sealed}
        write.writer.run(_ADD_KEY, opening_id=opening_id, key_id=who.key_id, **values)

    def _check(self, write: Write) -> None:
        problems = []
        if self.record_class not in write.care_model.record_classes:
            problems.append(Problem("record_class", "Choose what to open."))
        elif write.access.may_open(self.record_class):
            problems.append(Problem("record_class", "This is open to you."))
        if self.reason not in {value.code for value in write.care_model.values(REASONS)}:
            problems.append(Problem("reason", "Choose the reason."))
        if self.minutes not in MINUTES:
            problems.append(Problem("minutes", "Choose for how long."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class CloseClass(Command):
    """Close a class again before its time is up."""

    action: ClassVar[str] = "class.close"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = EVERYTHING

    opening_id: str

    def apply(self, write: Write) -> str:
        """Mark it closed."""
        row = find(write.writer, _opening, self.opening_id)
        if row["staff_id"] != write.who.staff.id:
            raise NotPermittedError
        if row["closed_at"] is None:
            write.change(_opening, row, closed_at=write.now_ms)
            forget_keys(write)
        write.reason = row["record_class"]
        return self.opening_id


@dataclass(frozen=True)
class SeeOpening(Command):
    """A director has looked at an opening by somebody else."""

    action: ClassVar[str] = "class.seen"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    opening_id: str

    def apply(self, write: Write) -> str:
        """Mark it seen."""
        row = find(write.writer, _opening, self.opening_id)
        if row["staff_id"] == write.who.staff.id:
            raise NotPermittedError
        if row["seen_at"] is None:
            write.change(_opening, row, seen_at=write.now_ms, seen_by=write.who.staff.id)
        write.reason = get(write.writer, _staff, row["staff_id"])["public_id"]
        return self.opening_id

"""Staff: who works here, in which roles, with which keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, find
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.people import NAME_LIMIT
from shelter_desk.domain.staff import ROLE_IDS, May
from shelter_desk.store import schema
from shelter_desk.store.keys.fields import CompartmentKeys, seal_compartment
from shelter_desk.store.keys.identity import PublicKeys
from shelter_desk.store.keys.tries import FailedTry
from shelter_desk.store.sql import Statement

_staff, _key, _seal = schema.staff, schema.staff_key, schema.compartment_seal
_event = schema.audit_event


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One member of staff. `can_sign_in` is False for people without keys of their own."""

    staff_id: str
    name: str
    roles: tuple[str, ...]
    is_active: bool
    can_sign_in: bool


_LIST = Statement(
    select(
        _staff.c.public_id,
        _staff.c.name,
        _staff.c.roles,
        _staff.c.ended_at,
        select(func.count()).where(_key.c.staff_id == _staff.c.id).scalar_subquery(),
    ).order_by(_staff.c.name)
)
_KNOWN = Statement(select(_staff.c.id).where(_staff.c.public_id == bindparam("public_id")))
_NEWEST_TRIES = 10_000  # entries of the trail that are searched
_NOTED = Statement(
    select(_event.c.object, func.json_extract(_event.c.text, "$.reason")).where(
        _event.c.action == "staff.failed-try",
        _event.c.id
        > select(func.coalesce(func.max(_event.c.id), 0) - _NEWEST_TRIES).scalar_subquery(),
    )
)
_NEXT_STAFF = Statement(select(func.coalesce(func.max(_staff.c.id), 0) + 1))


@asks(May.READ_RECORDS)
def staff_list(read: Read) -> tuple[StaffLine, ...]:
    """Return everybody who works or worked here, by name."""
    return tuple(
        StaffLine(staff_id, name, tuple(roles.split()), ended is None, can_sign_in=keys > 0)
        for staff_id, name, roles, ended, keys in read.reader.rows(_LIST)
    )


@dataclass(frozen=True)
class SignIn(Command):
    """Somebody signed in. How many tries failed since the last time comes with it."""

    action: ClassVar[str] = "staff.sign-in"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    failed_tries: int = 0

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        if self.failed_tries:
            write.reason = f"failed-tries-{self.failed_tries}"
        return write.who.staff.public_id


@dataclass(frozen=True)
class NoteFailedTry(Command):
    """Somebody tried to sign in as `staff_id` and did not know the passphrase.

    Written by the next person who signs in: until then nobody can write into the store. A name
    that is nobody's is not kept: it may be a passphrase, typed in the wrong box.
    """

    action: ClassVar[str] = "staff.failed-try"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    at: datetime
    staff_id: str

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        write.reason = _tried_at(self.at)
        known = write.writer.value(_KNOWN, public_id=self.staff_id) is not None
        return self.staff_id if known else ""


@asks(May.READ_RECORDS)
def tries_to_note(read: Read, *, found: tuple[FailedTry, ...]) -> tuple[NoteFailedTry, ...]:
    """Return those of the failed tries that are not in the trail yet, oldest first.

    A power cut between the entry in the trail and the emptying of the file leaves both.
    """
    noted = set(read.reader.rows(_NOTED))
    return tuple(
        NoteFailedTry(one.at, one.staff_public_id)
        for one in found
        if not {(one.staff_public_id, _tried_at(one.at)), ("", _tried_at(one.at))} & noted
    )


def _tried_at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class AddStaff(Command):
    """Take somebody into the staff; without `public_keys` they cannot sign in."""

    action: ClassVar[str] = "staff.add"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    public_id: str
    name: str
    roles: tuple[str, ...]
    public_keys: PublicKeys | None = None
    compartments: CompartmentKeys | None = None

    def apply(self, write: Write) -> str:
        """Insert the person, their public keys, and what they may open."""
        if not 0 < len(self.name.strip()) <= NAME_LIMIT:
            raise InvalidError((Problem("name", "Enter the name colleagues use."),))
        if not self.roles or not set(self.roles) <= set(ROLE_IDS):
            raise InvalidError((Problem("roles", "Choose at least one role."),))
        staff_id = write.add(
            _staff,
            public_id=self.public_id,
            name=self.name.strip(),
            roles=" ".join(self.roles),
            began_at=write.now_ms,
        )
        if self.public_keys is not None and self.compartments is not None:
            register_keys(write, staff_id, self.public_keys, self.compartments)
        return self.public_id


@dataclass(frozen=True)
class RenewKeys(Command):
    """Register the new keys of somebody whose passphrase was lost; signed with the new key.

    `with_kit` leaves the mark that the recovery kit opened the records.
    """

    action: ClassVar[str] = "staff.renew-keys"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area.STAFF

    staff_id: str
    public_keys: PublicKeys
    compartments: CompartmentKeys
    with_kit: bool

    def apply(self, write: Write) -> str:
        """Insert the new public keys, and seal to them what the person may open."""
        row = find(write.writer, _staff, self.staff_id)
        register_keys(write, row["id"], self.public_keys, self.compartments)
        write.reason = "recovery-kit" if self.with_kit else "administrator"
        return self.staff_id


def register_keys(
    write: Write, staff_id: int | None, public: PublicKeys, compartments: CompartmentKeys
) -> int:
    """Insert public keys (staff None: the recovery kit) and seal the compartments to them."""
    key_id = write.add(
        _key, staff_id=staff_id, signing_public=public.signing, sealing_public=public.sealing
    )
    for name, key in compartments.keys.items():
        write.add(
            _seal,
            key_id=key_id,
            compartment=name.value,
            sealed=seal_compartment(key, name, write.who.vault_id, public),
        )
    return key_id

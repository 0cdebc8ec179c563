"""Staff: who works here, in which roles, with which keys."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Read, RowValues, Write, asks, find
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.people import NAME_LIMIT
from shelter_desk.domain.staff import DIRECTOR, ROLE_IDS, May, may_of
from shelter_desk.store import schema
from shelter_desk.store.keys.fields import Compartment, CompartmentKeys, seal_compartment
from shelter_desk.store.keys.identity import PublicKeys
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
_NEWEST_KEY = Statement(
    select(_key.c.id, _key.c.sealing_public)
    .where(_key.c.staff_id == bindparam("staff_id"))
    .order_by(_key.c.id.desc())
    .limit(1)
)
_SEALED = Statement(select(_seal.c.compartment).where(_seal.c.key_id == bindparam("key_id")))
_CLASSES = {
    Compartment.GENERAL: ("general",),
    Compartment.IDENTITY: ("identity",),
    Compartment.CLINICAL: ("health", "mental-health", "substance-use"),
}
_NEXT_STAFF = Statement(select(func.coalesce(func.max(_staff.c.id), 0) + 1))


class OwnAccountError(DeskError):
    """Another director has to do this for you: so the shelter always keeps one."""


class HasLeftError(DeskError):
    """This person works here no longer."""


@asks(May.READ_RECORDS)
def staff_list(read: Read) -> tuple[StaffLine, ...]:
    """Return everybody who works or worked here, by name."""
    return tuple(
        StaffLine(staff_id, name, tuple(roles.split()), ended is None, can_sign_in=keys > 0)
        for staff_id, name, roles, ended, keys in read.reader.rows(_LIST)
    )


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

    def apply(self, write: Write) -> str:
        """Insert the person, their public keys, and what their roles may open."""
        if not 0 < len(self.name.strip()) <= NAME_LIMIT:
            raise InvalidError((Problem("name", "Enter the name colleagues use."),))
        _check_roles(self.roles)
        staff_id = write.add(
            _staff,
            public_id=self.public_id,
            name=self.name.strip(),
            roles=" ".join(self.roles),
            began_at=write.now_ms,
        )
        if self.public_keys is not None:
            register_keys(write, staff_id, self.public_keys, _shared(write, self.roles))
        return self.public_id


@dataclass(frozen=True)
class ReplaceKeys(Command):
    """Register new keys for a colleague whose passphrase is lost; signed by the director."""

    action: ClassVar[str] = "staff.replace-keys"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    staff_id: str
    public_keys: PublicKeys

    def apply(self, write: Write) -> str:
        """Insert the new public keys, and seal to them what the roles may open."""
        row = _colleague(write, self.staff_id)
        shared = _shared(write, tuple(row["roles"].split()))
        register_keys(write, row["id"], self.public_keys, shared)
        return self.staff_id


@dataclass(frozen=True)
class ChangeRoles(Command):
    """Give a colleague other roles, from their next sign-in on.

    What the new roles may open is sealed to their key. What they may open no longer stays sealed
    there, since they may know that key anyway; the desk does not open it for them any more.
    Nobody takes a role for themselves; a director may give up others of their own. So one
    director always remains, and nobody opens to themselves what was closed to them.
    """

    action: ClassVar[str] = "staff.change-roles"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    staff_id: str
    roles: tuple[str, ...]

    def apply(self, write: Write) -> str:
        """Change the roles, and seal what has come with them."""
        _check_roles(self.roles)
        is_own = self.staff_id == write.who.staff.public_id
        row = _giving_up(write, self.roles) if is_own else _colleague(write, self.staff_id)
        write.change(_staff, row, roles=" ".join(self.roles))
        newest = write.writer.row(_NEWEST_KEY, staff_id=row["id"])
        if newest is not None:
            key_id, public = newest[0], PublicKeys(self.staff_id, newest[1])
            sealed = {name for (name,) in write.writer.rows(_SEALED, key_id=key_id)}
            _seal_to(write, key_id, public, _shared(write, self.roles, sealed))
        return self.staff_id


@dataclass(frozen=True)
class EndStaff(Command):
    """Somebody works here no longer: from this moment they cannot sign in.

    Nobody ends their own access: so one director always remains.
    """

    action: ClassVar[str] = "staff.end"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    staff_id: str

    def apply(self, write: Write) -> str:
        """Note the end; what they did stays under their name."""
        write.change(_staff, _colleague(write, self.staff_id), ended_at=write.now_ms)
        return self.staff_id


@dataclass(frozen=True)
class NotePassphraseChange(Command):
    """Somebody chose another passphrase for themselves; their keys stayed the same."""

    action: ClassVar[str] = "staff.change-passphrase"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        return write.who.staff.public_id


def compartments_for(roles: Iterable[str], care_model: CareModel) -> tuple[Compartment, ...]:
    """Return the compartments that somebody with these roles holds.

    Whoever may admit holds all of them, because a resident's keys are made at admission. A
    director holds all of them, because they seal them to colleagues.
    """
    held = tuple(roles)
    makes_keys = bool(may_of(held) & (May.INTAKE | May.MANAGE_STAFF))
    return tuple(
        name
        for name, classes in _CLASSES.items()
        if makes_keys
        or any(set(held) & set(care_model.record_classes[one].readers) for one in classes)
    )


def compartments_with(record_class: str) -> tuple[Compartment, ...]:
    """Return the compartments that hold fields of a record class."""
    return tuple(name for name, classes in _CLASSES.items() if record_class in classes)


def _check_roles(roles: tuple[str, ...]) -> None:
    if not roles or not set(roles) <= set(ROLE_IDS):
        raise InvalidError((Problem("roles", "Choose at least one role."),))


def _colleague(write: Write, staff_id: str) -> RowValues:
    if staff_id == write.who.staff.public_id:
        raise OwnAccountError
    row = find(write.writer, _staff, staff_id)
    if row["ended_at"] is not None:
        raise HasLeftError
    return row


def _giving_up(write: Write, roles: tuple[str, ...]) -> RowValues:
    row = find(write.writer, _staff, write.who.staff.public_id)
    if DIRECTOR not in roles or not set(roles) <= set(row["roles"].split()):
        raise OwnAccountError
    return row


def _shared(write: Write, roles: tuple[str, ...], but: Container[str] = ()) -> CompartmentKeys:
    names = compartments_for(roles, write.care_model)
    return write.sealer.share(name for name in names if name.value not in but)


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
    _seal_to(write, key_id, public, compartments)
    return key_id


def _seal_to(write: Write, key_id: int, public: PublicKeys, compartments: CompartmentKeys) -> None:
    for name, key in compartments.keys.items():
        write.add(
            _seal,
            key_id=key_id,
            compartment=name.value,
            sealed=seal_compartment(key, name, write.who.vault_id, public),
        )

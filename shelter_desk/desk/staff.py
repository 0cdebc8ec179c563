"""Staff: who works here, in which roles, with which keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.key_giving import give_keys, keys_given_to, renew_compartments
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.desk.sealing import Compartment
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.people import NAME_LIMIT
from shelter_desk.domain.staff import DIRECTOR, ROLE_IDS, May
from shelter_desk.store import schema
from shelter_desk.store.keys.compartments import CompartmentKeys
from shelter_desk.store.keys.identity import KIT_ID, PublicKeys
from shelter_desk.store.sql import Statement

_staff, _key = schema.staff, schema.staff_key
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
    """Take somebody into the staff; without `public_keys` they cannot sign in.

    `keys` are the compartment keys that a director's own passphrase recovers; without them it
    takes those that the session holds.
    """

    action: ClassVar[str] = "staff.add"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    public_id: str
    name: str
    roles: tuple[str, ...]
    public_keys: PublicKeys | None = None
    keys: CompartmentKeys | None = field(default=None, repr=False)

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
            register_keys(write, staff_id, self.public_keys, _shared(write, self.keys), self.roles)
        return self.public_id


@dataclass(frozen=True)
class ReplaceKeys(Command):
    """Register new keys for a colleague whose passphrase is lost; signed by the director.

    Every class gets a new key: see `_replace_keys`.
    """

    action: ClassVar[str] = "staff.replace-keys"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    staff_id: str
    public_keys: PublicKeys
    keys: CompartmentKeys | None = field(default=None, repr=False)

    def apply(self, write: Write) -> str:
        """Insert the new public keys, and seal to them what the roles may open."""
        row = _colleague(write, self.staff_id)
        _replace_keys(write, row, self.public_keys, _shared(write, self.keys))
        return self.staff_id


@dataclass(frozen=True)
class ChangeRoles(Command):
    """Give a colleague other roles, from their next sign-in on.

    The keys of the classes that come with the new roles are sealed to theirs. Classes that go get
    a new key for those who stay, since they may know the former one: what is written from then on
    it does not open.
    Nobody takes a role for themselves; a director may give up others of their own. So one
    director always remains, and nobody opens to themselves what was closed to them.
    """

    action: ClassVar[str] = "staff.change-roles"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF | Area.DUE

    staff_id: str
    roles: tuple[str, ...]
    keys: CompartmentKeys | None = field(default=None, repr=False)

    def apply(self, write: Write) -> str:
        """Change the roles, seal what has come with them, and renew what went."""
        _check_roles(self.roles)
        is_own = self.staff_id == write.who.staff.public_id
        row = _giving_up(write, self.roles) if is_own else _colleague(write, self.staff_id)
        before = keys_given_to(row["roles"].split(), write.care_model)
        after = keys_given_to(self.roles, write.care_model)
        write.change(_staff, row, roles=" ".join(self.roles))
        newest = write.writer.row(_NEWEST_KEY, staff_id=row["id"])
        if newest is not None and before != after:
            shared = _shared(write, self.keys)
            to = (newest[0], PublicKeys(self.staff_id, newest[1]))
            give_keys(write, to, shared.only(after - before), after)
            renew_compartments(write, shared, before - after)
        return self.staff_id


@dataclass(frozen=True)
class EndStaff(Command):
    """Somebody works here no longer: from this moment they cannot sign in.

    The classes they read get new keys for those who stay. Nobody ends their own access: so one
    director always remains.
    """

    action: ClassVar[str] = "staff.end"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF | Area.DUE

    staff_id: str
    keys: CompartmentKeys | None = field(default=None, repr=False)

    def apply(self, write: Write) -> str:
        """Note the end, and renew the keys they held; what they did stays under their name."""
        row = _colleague(write, self.staff_id)
        write.change(_staff, row, ended_at=write.now_ms)
        if write.writer.row(_NEWEST_KEY, staff_id=row["id"]) is not None:
            # A share counts as well: with that of a colleague it would open what is written later.
            renew_compartments(write, _shared(write, self.keys), Compartment)
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


def _shared(write: Write, keys: CompartmentKeys | None) -> CompartmentKeys:
    return keys or write.sealer.share(write.writer, Compartment)


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
        _replace_keys(write, row, self.public_keys, self.compartments)
        write.reason = "recovery-kit" if self.with_kit else "administrator"
        return self.staff_id


def _replace_keys(write: Write, row: RowValues, public: PublicKeys, keys: CompartmentKeys) -> None:
    """Register new keys of somebody, and make new ones of every class.

    Whoever kept their former keys has a share of the former key of each class. A second share of
    the same key would open it to one person alone.
    """
    had_keys = write.writer.row(_NEWEST_KEY, staff_id=row["id"]) is not None
    key_id = _add_key(write, row["id"], public)
    if had_keys:
        renew_compartments(write, keys, Compartment)
    else:
        held = keys_given_to(row["roles"].split(), write.care_model)
        give_keys(write, (key_id, public), keys, held)


def register_keys(
    write: Write,
    staff_id: int | None,
    public: PublicKeys,
    keys: CompartmentKeys,
    roles: tuple[str, ...] = (),
) -> int:
    """Insert public keys (staff None: the recovery kit) and seal to them what they shall open."""
    key_id = _add_key(write, staff_id, public)
    is_kit = public.recipient_id == KIT_ID
    held = frozenset(Compartment) if is_kit else keys_given_to(roles, write.care_model)
    give_keys(write, (key_id, public), keys, held)
    return key_id


def _add_key(write: Write, staff_id: int | None, public: PublicKeys) -> int:
    return write.add(
        _key, staff_id=staff_id, signing_public=public.signing, sealing_public=public.sealing
    )

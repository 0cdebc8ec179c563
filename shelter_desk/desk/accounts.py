"""Accounts: who can sign in, with which passphrase.

Each act changes the store first and the key file after it. A power cut in between leaves everybody
else able to open, and doing the same act again finishes it. Each takes the passphrase of the
person at the desk once more: only it gives the key that may change the key file.

Ending an account closes the way in and renews the store's key: somebody who left and kept a copy
of the key file cannot open a later copy of the records. What they copied before, they still open.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from functools import partial

from shelter_desk.desk import Desk
from shelter_desk.desk.entry import unlock
from shelter_desk.desk.key_giving import compartments_of, key_between
from shelter_desk.desk.kit_use import ReplaceKit, kit_key
from shelter_desk.desk.opening import NEWEST_KEY
from shelter_desk.desk.openings import OpenClass
from shelter_desk.desk.renewing import renew_store_key
from shelter_desk.desk.second_person import ColleaguePassphraseError, unlocked_colleague
from shelter_desk.desk.staff import (
    AddStaff,
    ChangeRoles,
    EndStaff,
    HasLeftError,
    NotePassphraseChange,
    ReplaceKeys,
    staff_list,
)
from shelter_desk.domain.errors import DeskError, InvalidError, NotFoundError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.domain.trouble import TroubleError
from shelter_desk.domain.words import generate
from shelter_desk.store.database import Reader
from shelter_desk.store.keys import slot_file, slots, tries
from shelter_desk.store.keys.compartments import Compartment, CompartmentKey, CompartmentKeys
from shelter_desk.store.keys.errors import WrongPassphraseError
from shelter_desk.store.keys.identity import KIT_ID, NewStaff, PublicKeys, Unlocked
from shelter_desk.store.keys.kit import check_typed, new_kit, read_kit
from shelter_desk.store.keys.policy import Strength, strength
from shelter_desk.store.keys.slot_format import SlotFile
from shelter_desk.store.keys.word_list import words_to_draw

PASSPHRASE_WORDS = 4


def new_passphrase() -> str:
    """Return four freshly drawn words (51.7 bits), separated by spaces.

    Raises:
        ContentError: when the word list that came with the program is damaged.
    """
    return generate(words_to_draw(), PASSPHRASE_WORDS, secrets.randbelow)


def new_staff_id() -> str:
    """Return a random id for somebody new."""
    return secrets.token_hex(10)


def strength_of(passphrase: str, names: tuple[str, ...]) -> Strength:
    """Say whether a passphrase somebody thought of is strong enough, and what would make it so."""
    return strength(passphrase, names)


class FormerKitStandsError(DeskError):
    """The disk did not take the key file. The former kit still opens, the new one does not yet.

    Try once more, or sign in again: then it is the other way round. Until then keep both papers.
    """


class RecordsNotRenewedError(DeskError):
    """The new kit is in force. The disk did not let the records be encrypted anew.

    Somebody with the former kit and an older copy of the key file could still open a later copy
    of the records. See that the disk takes files and has room for the records once more, then try
    again.
    """


@dataclass(frozen=True)
class Colleague:
    """Somebody who shall be able to sign in. Their name can be read on the disk."""

    public_id: str
    name: str
    roles: tuple[str, ...]
    passphrase: str = field(repr=False)


def add_colleague(desk: Desk, own_passphrase: str, new: Colleague) -> None:
    """Take somebody into the staff, with keys of their own.

    Raises:
        InvalidError: when a colleague has that name already: the sign-in list shows names.
        WrongPassphraseError: when `own_passphrase` is not that of the person at the desk.
    """
    desk.staff.require(May.MANAGE_STAFF)
    name = new.name.strip()
    if name.casefold() in {one.name.casefold() for one in desk.ask(staff_list) if one.is_active}:
        raise InvalidError((Problem("name", "A colleague has this name. Add an initial."),))
    file, own = _opened(desk, own_passphrase)
    person = NewStaff(new.public_id, name)
    changed, public = slots.add_staff(file, own, person, new.passphrase)
    keys = desk.with_reader(partial(_keys_of, own))
    desk.do(AddStaff(new.public_id, name, new.roles, public, keys))
    slot_file.write_slots(desk.folder, changed)


def change_roles(desk: Desk, own_passphrase: str, staff_id: str, roles: tuple[str, ...]) -> None:
    """Give a colleague other roles, or give up some of one's own; from the next sign-in on.

    Raises:
        OwnAccountError: for a role one would take oneself.
        WrongPassphraseError: when `own_passphrase` is not that of the person at the desk.
    """
    desk.staff.require(May.MANAGE_STAFF)
    _, own = _opened(desk, own_passphrase)
    desk.do(ChangeRoles(staff_id, roles, desk.with_reader(partial(_keys_of, own))))


def set_passphrase(desk: Desk, own_passphrase: str, staff_id: str, passphrase: str) -> None:
    """Set a new passphrase, and new keys, for a colleague who forgot theirs or had none.

    Raises:
        HasLeftError: when they work here no longer.
        OwnAccountError: for one's own passphrase, which is changed with `change_passphrase`.
        WrongPassphraseError: when `own_passphrase` is not that of the person at the desk.
    """
    desk.staff.require(May.MANAGE_STAFF)
    file, own = _opened(desk, own_passphrase)
    if file.slot_of(staff_id) is None:
        person = NewStaff(staff_id, _name(desk, staff_id))
        changed, public = slots.add_staff(file, own, person, passphrase)
    else:
        changed, unlocked = slots.reset_passphrase(file, own, staff_id, passphrase)
        public = unlocked.public_keys
    desk.do(ReplaceKeys(staff_id, public, desk.with_reader(partial(_keys_of, own))))
    slot_file.write_slots(desk.folder, changed)


def with_a_key(desk: Desk) -> frozenset[str]:
    """Return who has an entry in the key file; somebody who left is in it until all is done."""
    return frozenset(
        slot.staff_public_id for slot in slot_file.read_slots(desk.folder).slots.staff
    )


def change_passphrase(desk: Desk, own_passphrase: str, new_passphrase: str) -> None:
    """Change the passphrase of the person at the desk; their keys stay the same.

    Raises:
        WrongPassphraseError: when `own_passphrase` is not theirs.
        InvalidError: when it is the same once more.
    """
    file, own = _opened(desk, own_passphrase)
    if new_passphrase == own_passphrase:  # whoever set it knows it
        raise InvalidError((Problem("passphrase", "Choose another than the one until now."),))
    changed = slots.change_passphrase(file, own, new_passphrase)
    desk.do(NotePassphraseChange())
    slot_file.write_slots(desk.folder, changed)


def new_kit_code() -> str:
    """Return the code of a recovery kit that is not used for anything yet."""
    return new_kit().code


def check_kit_code(code: str, typed: str) -> None:
    """Pass when what was typed is this code.

    Raises:
        KitNotReadError: when it is not; the sentence says what to look at.
    """
    check_typed(code, typed)


def replace_kit(desk: Desk, own_passphrase: str, code: str) -> None:
    """Put a new recovery kit in the place of the former one, which then opens nothing here.

    Cut off between the records and the key file, the former kit opens until the next sign-in, and
    from then on the new one. Done again with the same code, it is finished at once.

    The last step is a new key of the store: with an older copy of the key file the former kit
    opens no copy of the records that is made from now on.

    Raises:
        FormerKitStandsError: when the disk refused the key file.
        RecordsNotRenewedError: when all is done but the last step.
        WrongPassphraseError: when `own_passphrase` is not that of the person at the desk.
    """
    desk.staff.require(May.MANAGE_STAFF)
    kit = read_kit(code)
    file, own = _opened(desk, own_passphrase)
    changed = slots.replace_kit(file, own, kit)
    if desk.with_reader(kit_key) != kit.public_key:
        keys = desk.with_reader(partial(_keys_of, own))
        desk.do(ReplaceKit(PublicKeys(KIT_ID, kit.public_key), keys))
    try:
        slot_file.write_slots(desk.folder, changed)
    except OSError as error:
        if slot_file.read_slots(desk.folder).slots.kit != changed.kit:
            raise FormerKitStandsError from error
    try:
        renew_store_key(desk, changed, own)
    except (TroubleError, OSError) as error:
        raise RecordsNotRenewedError from error


def open_class(desk: Desk, own_passphrase: str, wanted: OpenClass, second: str) -> None:
    """Open a record class for a time, with the passphrase of a colleague who agrees.

    The colleague signs it. The key of the class is held while it is open, and not longer: one of
    the two may read it, or their two shares give it.

    Raises:
        WrongPassphraseError: when `own_passphrase` is not that of the person at the desk;
            ColleaguePassphraseError, which is one, when `second` is not the colleague's.
        InvalidError: when the class is open already, or reason or time are not of the list.
    """
    _, own = _opened(desk, own_passphrase)
    try:
        agrees = unlocked_colleague(desk.folder, wanted.second_id, second, desk.now())
    except WrongPassphraseError:
        raise ColleaguePassphraseError from None
    said = wanted.agreed(agrees.vault_id, desk.staff.public_id)
    key = desk.with_reader(partial(_key_between, own, agrees, wanted.record_class))
    desk.do(replace(wanted, signature=agrees.sign(said), key=key))
    if key is not None:
        desk.lend(CompartmentKeys({Compartment(wanted.record_class): key}))


def _keys_of(own: Unlocked, reader: Reader) -> CompartmentKeys:
    return compartments_of(reader, _key_id(reader, own), own)


def _key_between(
    own: Unlocked, agrees: Unlocked, record_class: str, reader: Reader
) -> CompartmentKey | None:
    """Return the key that two people open together; None for what the desk will refuse."""
    if own.staff_public_id == agrees.staff_public_id or record_class not in set(Compartment):
        return None
    people = [(_key_id(reader, one), one) for one in (own, agrees)]
    return key_between(reader, Compartment(record_class), people)


def _key_id(reader: Reader, one: Unlocked) -> int:
    key_id, _ = reader.row(NEWEST_KEY, public_id=one.staff_public_id) or (0, b"")
    return int(key_id)


def end_access(desk: Desk, own_passphrase: str, staff_id: str) -> None:
    """End a colleague's access. Done again after a power cut, it finishes what was begun.

    From the first step on they cannot sign in; the last is the new key of the store.

    Raises:
        DiskFullError: when there is no room to encrypt the records anew.
        OwnAccountError: for one's own access, which another director ends.
        WrongPassphraseError: when `own_passphrase` is not that of the person at the desk.
    """
    desk.staff.require(May.MANAGE_STAFF)
    file, own = _opened(desk, own_passphrase)
    had_keys = any(line.can_sign_in for line in desk.ask(staff_list) if line.staff_id == staff_id)
    try:
        desk.do(EndStaff(staff_id, desk.with_reader(partial(_keys_of, own))))
    except HasLeftError:
        if file.slot_of(staff_id) is None:
            raise
    if had_keys:
        # Their entry in the key file goes with the former key, so that what a full disk stopped
        # is seen, and can be done again. In records out of a backup they have no entry, and
        # perhaps a copy of a key file from before it: that has the same key.
        renew_store_key(desk, file, own)


def _opened(desk: Desk, passphrase: str) -> tuple[SlotFile, Unlocked]:
    file = slot_file.read_slots(desk.folder).slots
    own = unlock(desk.folder, file, desk.staff.public_id, passphrase, desk.now())
    tries.forgive(desk.folder)
    return file, own


def _name(desk: Desk, staff_id: str) -> str:
    for line in desk.ask(staff_list):
        if line.staff_id == staff_id:
            return line.name
    raise NotFoundError

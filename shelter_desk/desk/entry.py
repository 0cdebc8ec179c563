"""The ways to a desk: set up new records, sign in, open with the recovery kit.

Headless, so that windows and the command line come in through the same door.
"""

from __future__ import annotations

import os
from datetime import datetime
from functools import partial
from pathlib import Path

from shelter_desk.desk import Desk
from shelter_desk.desk.alarm import Alarm, was_seen
from shelter_desk.desk.audit_log import check_latest, head_at, size_of
from shelter_desk.desk.base import Entropy, SignedIn
from shelter_desk.desk.finding_anew import MakeFindable, is_behind
from shelter_desk.desk.founding import Founding, Now, found_records, signed_in
from shelter_desk.desk.house import house_of
from shelter_desk.desk.key_giving import compartments_for, compartments_of
from shelter_desk.desk.keyring_witness import KeyringWitness
from shelter_desk.desk.model_editor import NoteShipped, is_new_model
from shelter_desk.desk.opening import (
    KIT_WITH_KEY,
    NEWEST_KEY,
    NEXT_KEY,
    staff_member,
)
from shelter_desk.desk.openings import keys_for_a_time
from shelter_desk.desk.renewing import open_settled
from shelter_desk.desk.sealing import Sealer, Seat
from shelter_desk.desk.seats_left import seats_to_close
from shelter_desk.desk.sign_ins import SignIn, tries_to_note
from shelter_desk.desk.staff import RenewKeys
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import ChainBrokenError
from shelter_desk.domain.trouble import DamagedStoreError, WrongVaultError
from shelter_desk.store.database import Reader, Store
from shelter_desk.store.keys import slot_file, slots, tries
from shelter_desk.store.keys.compartments import Compartment, CompartmentKeys
from shelter_desk.store.keys.errors import (
    KitDoesNotFitError,
    TooSoonError,
    WrongPassphraseError,
)
from shelter_desk.store.keys.identity import KitUnlocked, Unlocked
from shelter_desk.store.keys.kit import RecoveryKit
from shelter_desk.store.keys.slot_format import SlotFile
from shelter_desk.store.opening import refuse_early
from shelter_desk.store.reserve import Reserve
from shelter_desk.store.witness import HeadLog, compare, known_witnesses

__all__ = ["Founding", "found", "people", "reset_with_kit", "sign_in", "unlock"]

_LATEST_CHECKED = 10_000


def found(
    folder: Path,
    founding: Founding,
    care_model: CareModel,
    now: Now,
    entropy: Entropy = os.urandom,
) -> Desk:
    """Make new records in an empty or missing folder, and return the director's desk.

    Raises:
        StoreExistsError: when the folder holds anything.
        InvalidError: when an answer needs another look.
    """
    return enter(
        folder, found_records(folder, founding, care_model, now, entropy), care_model, now
    )


def sign_in(
    folder: Path,
    staff_public_id: str,
    passphrase: str,
    care_model: CareModel,
    now: Now,
) -> Desk:
    """Open the records and return the desk of one person.

    Raises:
        WrongPassphraseError: when name and passphrase do not fit together.
        TooSoonError: in the pause after several failed tries; nothing was tried.
        TroubleError: when the records cannot be opened; the kind says why.
    """
    refuse_early(folder)
    read = slot_file.read_slots(folder)
    unlocked = unlock(folder, read.slots, staff_public_id, passphrase, now())
    if read.problem:
        slot_file.write_slots(folder, read.slots)
    return enter(folder, unlocked, care_model, now)


def enter(folder: Path, unlocked: Unlocked, care_model: CareModel, now: Now) -> Desk:
    """Return the desk of somebody whose keys are at hand: just derived, or made at the set-up.

    Raises:
        TroubleError: when the records cannot be opened; the kind says why.
    """
    opening = partial(_open, folder, slot_file.read_slots(folder).slots, unlocked)
    desk = Reserve(folder).with_room(lambda: opening(care_model, now))
    try:
        if desk.alarm is None:
            _note_sign_in(folder, desk, unlocked)
            if desk.ask(is_new_model):
                desk.do(NoteShipped())
            if desk.ask(is_behind):
                desk.do(MakeFindable())
        else:  # nothing can be written yet: the tries wait, and so does the sign-in itself
            tries.forgive(folder)
            desk.when_alarm_is_seen(partial(_note_sign_in, folder, desk, unlocked))
    except BaseException:
        desk.close()  # a disk that is full just now must not leave the records held
        raise
    return desk


def unlock(
    folder: Path, file: SlotFile, staff_public_id: str, passphrase: str, now: datetime
) -> Unlocked:
    """Return one person's keys; a miss is counted.

    Raises:
        WrongPassphraseError: when name and passphrase do not fit together.
        TooSoonError: in the pause after several failed tries; nothing was tried.
    """
    seconds = tries.seconds_to_wait(folder, now)
    if seconds:
        raise TooSoonError(seconds)
    try:
        return slots.unlock(file, staff_public_id, passphrase)
    except WrongPassphraseError:
        tries.note_failure(folder, file, staff_public_id, now)
        raise


def _note_sign_in(folder: Path, desk: Desk, unlocked: Unlocked) -> None:
    """Write the failed tries, each with its moment and for whom, then the sign-in itself.

    A seat that was open when the program ended is closed with it.
    """
    found = tries.open_tries(tries.read_tries(folder), unlocked)
    noted = (*desk.ask(tries_to_note, found=found.tries), *desk.ask(seats_to_close))
    signed = SignIn(len(found.tries) + found.unreadable + found.dropped)
    if noted:
        desk.do_all((*noted, signed))
    else:
        desk.do(signed)
    tries.clear_tries(folder)


def reset_with_kit(
    folder: Path,
    kit: RecoveryKit,
    staff_public_id: str,
    new_passphrase: str,
    care_model: CareModel,
    now: Now,
) -> None:
    """Set a new passphrase with the recovery kit; the trail shows that the kit was used.

    The person gets new keys. They are in the store before the slot file changes, so that a power
    cut in between leaves the kit, and everybody else, as able to open as before.

    Raises:
        KitDoesNotFitError: when it is the kit of other records, or an older one.
    """
    refuse_early(folder)
    read = slot_file.read_slots(folder)
    with_kit = slots.unlock_with_kit(read.slots, kit)
    store, with_kit, file = open_settled(folder, read.slots, with_kit)
    log = HeadLog(folder, with_kit.witness_key)
    try:
        file, unlocked = slots.reset_passphrase(file, with_kit, staff_public_id, new_passphrase)
        store.after_commit(lambda size, head: log.append(size, head, now()))
        with store.reading() as reader:
            staff = staff_member(reader, staff_public_id)
            compartments = _classes_of(reader, with_kit, kit)
            house = house_of(reader, care_model)
            key_id = int(reader.value(NEXT_KEY))
        who = signed_in(staff, unlocked, key_id, os.urandom)
        seat = Seat(unlocked, staff.id, key_id)
        desk = Desk(store, who, Sealer(seat, compartments, os.urandom), house, now)
        desk.do(RenewKeys(staff_public_id, unlocked.public_keys, compartments, with_kit=True))
        slot_file.write_slots(folder, file)
        tries.forgive(folder)
        desk.settle()
    finally:
        log.close()
        store.close()


def _classes_of(reader: Reader, with_kit: KitUnlocked, kit: RecoveryKit) -> CompartmentKeys:
    """Return the keys of all classes: of the kit at hand, which may be one just replaced."""
    row = reader.row(KIT_WITH_KEY, public=kit.public_key)
    keys = CompartmentKeys({}) if row is None else compartments_of(reader, int(row[0]), with_kit)
    if set(keys.keys) != set(Compartment):  # made anew since, for the new kit alone
        raise KitDoesNotFitError
    return keys


def people(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return (public id, name) of who may sign in, without opening anything."""
    read = slot_file.read_slots(folder)
    return tuple((slot.staff_public_id, slot.name) for slot in read.slots.staff)


def fits(folder: Path, staff_public_id: str, passphrase: str, now: datetime) -> bool:
    """Say whether a passphrase is this person's, without opening anything; a miss is counted.

    Raises:
        TooSoonError: in the pause after several failed tries; nothing was tried.
    """
    try:
        unlock(folder, slot_file.read_slots(folder).slots, staff_public_id, passphrase, now)
    except WrongPassphraseError:
        return False
    tries.forgive(folder)
    return True


def check_kit(folder: Path, kit: RecoveryKit) -> None:
    """Pass when the recovery kit opens these records.

    Raises:
        KitDoesNotFitError: when it does not.
    """
    refuse_early(folder)
    slots.unlock_with_kit(slot_file.read_slots(folder).slots, kit)


def _open(
    folder: Path, file: SlotFile, unlocked: Unlocked, care_model: CareModel, now: Now
) -> Desk:
    try:
        store, unlocked, _ = open_settled(folder, file, unlocked)
    except DamagedStoreError:
        if unlocked.epoch == max(file.epochs):
            raise
        raise WrongPassphraseError from None  # they left, and the key was renewed without them
    try:
        return _desk_of(folder, store, unlocked, care_model, now)
    except BaseException:
        store.close()
        raise


def _desk_of(
    folder: Path, store: Store, unlocked: Unlocked, care_model: CareModel, now: Now
) -> Desk:
    with store.reading() as reader:
        house = house_of(reader, care_model)
        who, sealer = person_of(reader, unlocked, house.care_model)
        alarm = _alarm(reader, folder, unlocked)
    log = HeadLog(folder, unlocked.witness_key)
    desk = Desk(store, who, sealer, house, now)
    store.after_commit(lambda size, head: log.append(size, head, now()))
    store.before_close(log.close)
    desk.when_alarm_is_seen(log.start_anew)
    desk.when_rekeyed(log.renew)
    desk.alarm = alarm
    desk.keyring = KeyringWitness(unlocked.vault_id, unlocked.witness_key)
    desk.when_rekeyed(desk.keyring.renew)
    return desk


def person_of(
    reader: Reader, unlocked: Unlocked, care_model: CareModel
) -> tuple[SignedIn, Sealer]:
    """Return who somebody is at these records, and what opens fields for them.

    Raises:
        WrongVaultError: when their keys are not those of these records.
    """
    staff = staff_member(reader, unlocked.staff_public_id)
    key_id, public = reader.row(NEWEST_KEY, public_id=staff.public_id) or (0, b"")
    if public != unlocked.public_keys.signing:
        raise WrongVaultError
    compartments = compartments_of(reader, key_id, unlocked).only(
        compartments_for(staff.roles, care_model)
    )
    who = signed_in(staff, unlocked, key_id, os.urandom)
    sealer = Sealer(Seat(unlocked, staff.id, key_id), compartments, os.urandom)
    sealer.borrow(keys_for_a_time(reader, key_id, unlocked))
    return who, sealer


def _alarm(reader: Reader, folder: Path, unlocked: Unlocked) -> Alarm | None:
    """Walk the newest entries, compare with `head.log`, and return what is wrong."""
    size = size_of(reader)
    broken = _broken(reader, unlocked.vault_id, size)
    report = compare(
        size, lambda seq: head_at(reader, seq), known_witnesses(folder, unlocked.witness_key)
    )
    sentences = (*((str(broken),) if broken else ()), *report.sentences())
    return Alarm(sentences, broken.seq if broken else 0) if sentences else None


def _broken(reader: Reader, vault_id: bytes, size: int) -> ChainBrokenError | None:
    """Return the first entry that does not fit and that no director has looked at yet."""
    after = max(0, size - _LATEST_CHECKED)
    while True:
        try:
            check_latest(reader, vault_id, size, after=after)
        except ChainBrokenError as broken:
            seen = was_seen(reader, Alarm((str(broken),), broken.seq))
            if not seen or broken.seq <= after:
                return broken.with_traceback(None)
            after = broken.seq
        else:
            return None

"""A new key for the whole store: when somebody leaves, and when that was cut off half-way.

Whoever left may have kept a copy of the key file with their old passphrase. It opens copies of the
records that were made before; what is written under the new key it does not open.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from shelter_desk.desk import Desk
from shelter_desk.desk.opening import KIT_KEY, open_store
from shelter_desk.domain.trouble import DiskError
from shelter_desk.store import schema
from shelter_desk.store.database import Reader, Store
from shelter_desk.store.keys import slot_file
from shelter_desk.store.keys.identity import KIT_ID, KitUnlocked, PublicKeys, Unlocked
from shelter_desk.store.keys.rekey import begin_rekey, settle
from shelter_desk.store.keys.slot_format import SlotFile
from shelter_desk.store.keys.slots import replace_kit_key
from shelter_desk.store.sql import Statement
from shelter_desk.store.witness import HeadLog, known_witnesses

_Held = TypeVar("_Held", Unlocked, KitUnlocked)
_staff, _key = schema.staff, schema.staff_key
_NEWEST_OF_EACH = select(func.max(_key.c.id)).group_by(_key.c.staff_id).scalar_subquery()
_RECIPIENTS = Statement(
    select(_staff.c.public_id, _key.c.sealing_public, _key.c.signing_public)
    .join(_key, _key.c.staff_id == _staff.c.id)
    .where(_staff.c.ended_at.is_(None), _key.c.id.in_(_NEWEST_OF_EACH))
)


def renew_store_key(desk: Desk, file: SlotFile, own: Unlocked) -> None:
    """Encrypt the records under a new key, sealed to everybody who works here and to the kit.

    Cut off anywhere, the records open with one of the two keys; the next sign-in finishes it.

    Raises:
        DiskFullError: when there is no room to write the records once more.
        DiskError: when the disk refused; the records are as they were.
    """
    recipients = desk.with_reader(_recipients)
    known = {slot.staff_public_id: slot.public for slot in file.staff}
    # Somebody whose key file entry is not the one in the records cannot sign in either way.
    kept = [one for one in recipients if known.get(one.recipient_id, one) == one]
    if len(file.epochs) != 1:  # cut off a moment ago, and done again
        own = _in_force(own, desk.key_in_force())
        file = settle(file, own)
    file = desk.with_reader(partial(_with_kit_of_records, file, own))
    both, holder = begin_rekey(file, own, [one for one in kept if _has_slot(file, one)])
    # Whatever fails from here on leaves both keys in the key file: only what opens the records
    # says which of them may go.
    is_new = desk.rekey(holder, lambda: slot_file.write_slots(desk.folder, both))
    held = holder.at(holder.epoch) if is_new else own
    slot_file.write_slots(desk.folder, settle(both, held))
    if not is_new:
        raise DiskError


def open_settled(folder: Path, file: SlotFile, opened: _Held) -> tuple[Store, _Held, SlotFile]:
    """Open the store; return it, the keys in force, and the key file with these only.

    Two keys in the file mean that a renewal was cut off; it is finished, or taken back, here.
    So is a new kit that is in the records and not in the key file yet, when somebody signs in.
    """
    store = open_store(folder, opened)
    try:
        held, settled = opened, file
        if len(opened.epoch_keys) > 1 or len(file.epochs) > 1:
            held = _in_force(opened, store.key_for_backup())
            _renew_log(folder, opened, held)
            settled = settle(file, held)
            slot_file.write_slots(folder, settled)
        if isinstance(held, Unlocked):
            settled = _settle_kit(folder, store, settled, held)
    except BaseException:
        store.close()
        raise
    return store, held, settled


def _settle_kit(folder: Path, store: Store, file: SlotFile, own: Unlocked) -> SlotFile:
    with store.reading() as reader:
        settled = _with_kit_of_records(file, own, reader)
    if settled is file:
        return file
    try:
        slot_file.write_slots(folder, settled)
    except OSError:  # shuts nobody out: the former kit stands until a later sign-in
        return file
    return settled


def _with_kit_of_records(file: SlotFile, own: Unlocked, reader: Reader) -> SlotFile:
    """Return the file for the kit that the records know: they are the authority, not the file."""
    kit = reader.row(KIT_KEY)
    if kit is None or kit[1] == file.kit.sealing_key:
        return file
    return replace_kit_key(file, own, kit[1])


def _renew_log(folder: Path, opened: Unlocked | KitUnlocked, held: Unlocked | KitUnlocked) -> None:
    """Seal the log of heads under the key in force, where it still is under the other one."""
    if known_witnesses(folder, held.witness_key).known:
        return
    for epoch, _ in opened.epoch_keys:
        former = opened.at(epoch).witness_key
        if former != held.witness_key and known_witnesses(folder, former).known:
            log = HeadLog(folder, former)
            try:
                log.renew(held.witness_key)
            finally:
                log.close()


def _in_force(opened: _Held, key: bytes) -> _Held:
    return opened.at(next(epoch for epoch, dek in opened.epoch_keys if dek == key))


def _has_slot(file: SlotFile, one: PublicKeys) -> bool:
    return one.recipient_id == KIT_ID or file.slot_of(one.recipient_id) is not None


def _recipients(reader: Reader) -> list[PublicKeys]:
    """Return whom the new key is sealed to. The records are the authority, not the key file."""
    kit = reader.row(KIT_KEY)
    found = [PublicKeys(*row) for row in reader.rows(_RECIPIENTS)]
    return found if kit is None else [*found, PublicKeys(KIT_ID, kit[1])]

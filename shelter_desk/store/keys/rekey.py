"""A new store key, in two steps, so that at every moment exactly one of two keys opens the store.

1. `begin_rekey`: the key file gets seals for epoch n + 1 beside those for n. Write it, both
   copies, before the store itself is touched.
2. Re-key the store, open it with the new key, check it.
3. `settle`: the key file keeps only the epoch that opens the store. Write it, both copies.

Whatever is interrupted: opening finds two epochs, tries n + 1, then n, and settles on the one
that works. Somebody who was removed is sealed for n only, and so drops out at step 3.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from shelter_desk.store.keys.errors import StaffSlotError
from shelter_desk.store.keys.identity import KIT_ID, Opened, PublicKeys, Unlocked, seal_store_key
from shelter_desk.store.keys.sealing import KEY_BYTES, Random
from shelter_desk.store.keys.slot_format import Seals, SlotFile, check_macs, with_macs
from shelter_desk.store.keys.slots import inbox_private_key


def begin_rekey(
    slots: SlotFile,
    unlocked: Unlocked,
    recipients: Iterable[PublicKeys],
    random: Random = secrets.token_bytes,
) -> tuple[SlotFile, Unlocked]:
    """Return the file with both epochs, and the person at hand holding both keys.

    `recipients` are all who shall open the store from now on, the kit (`KIT_ID`) among them, with
    their public keys out of the database: whoever could write the key file could otherwise have
    the new key sealed to themselves.

    Raises:
        SlotsDamagedError: when the file is not confirmed by the store's key.
        StaffSlotError: when the kit or the person at hand is not among the recipients, someone
            has no slot, or a public key is not the one in the file.
        ValueError: when an earlier re-keying was not settled.
    """
    check_macs(slots, unlocked)
    if len(slots.epochs) != 1:
        message = "an earlier re-keying is half done: settle it first"
        raise ValueError(message)
    by_id = {recipient.recipient_id: recipient for recipient in recipients}
    _check_recipients(slots, unlocked, by_id)
    epoch, dek = slots.epochs[0] + 1, random(KEY_BYTES)

    def seals(former: Seals, recipient_id: str) -> Seals:
        if recipient_id not in by_id:
            return former
        fresh = seal_store_key([(epoch, dek)], slots.vault_id, by_id[recipient_id])
        return {**former, **fresh}

    both = replace(
        slots,
        epochs=(slots.epochs[0], epoch),
        staff=tuple(replace(s, seals=seals(s.seals, s.staff_public_id)) for s in slots.staff),
        kit=replace(slots.kit, seals=seals(slots.kit.seals, KIT_ID)),
        inbox_key=inbox_private_key(dek).public_key().public_bytes_raw(),
    )
    epoch_keys = ((epoch, dek), *unlocked.epoch_keys)
    holder = Unlocked(
        slots.vault_id, unlocked.staff_public_id, epoch_keys, unlocked.private_keys()
    )
    return with_macs(both, epoch_keys), holder


def _check_recipients(slots: SlotFile, unlocked: Unlocked, by_id: dict[str, PublicKeys]) -> None:
    known = {slot.staff_public_id: slot.public for slot in slots.staff}
    known[KIT_ID] = PublicKeys(KIT_ID, slots.kit.sealing_key)
    if KIT_ID not in by_id or unlocked.staff_public_id not in by_id:
        raise StaffSlotError
    for recipient_id, public in by_id.items():
        if known.get(recipient_id) != public:
            raise StaffSlotError


def settle(slots: SlotFile, opened: Opened) -> SlotFile:
    """Return the file with one epoch only: that of `opened`, which must be the one in force.

    Call with `opened.at(epoch)` of the key that opened the store. People without a seal of that
    epoch (removed, or not yet added) drop out.
    """
    check_macs(slots, opened)
    epoch, dek = opened.epoch_keys[0]
    settled = replace(
        slots,
        epochs=(epoch,),
        staff=tuple(
            replace(slot, seals={epoch: slot.seals[epoch]})
            for slot in slots.staff
            if epoch in slot.seals
        ),
        kit=replace(slots.kit, seals={epoch: slots.kit.seals[epoch]}),
        inbox_key=inbox_private_key(dek).public_key().public_bytes_raw(),
    )
    return with_macs(settled, ((epoch, dek),))

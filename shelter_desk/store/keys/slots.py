"""Make, open and change the key file. Values in, values out; `slot_file` does the disk.

Nothing here can open the store without a passphrase or the recovery kit, and nothing can change
the key file without the store's key, because every change renews the MACs.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shelter_desk.store.keys.errors import (
    DeviceSecretMissingError,
    KitDoesNotFitError,
    MemoryShortError,
    SealBrokenError,
    SlotsDamagedError,
    StaffSlotError,
    WrongPassphraseError,
)
from shelter_desk.store.keys.identity import (
    KIT_ID,
    VAULT_ID_BYTES,
    EpochKeys,
    KitUnlocked,
    NewStaff,
    Opened,
    PublicKeys,
    StaffKeys,
    Unlocked,
    check_recipient_id,
    new_staff_keys,
    seal_store_key,
    store_key_info,
)
from shelter_desk.store.keys.kdf import SALT_BYTES, KdfSettings, derive_kek
from shelter_desk.store.keys.kit import RecoveryKit
from shelter_desk.store.keys.sealing import KEY_BYTES, Random, derive, open_sealed, unwrap, wrap
from shelter_desk.store.keys.slot_format import (
    KitSlot,
    Seals,
    SlotFile,
    StaffSlot,
    check_macs,
    with_macs,
    wrap_aad,
)

FIRST_EPOCH = 1


def create_vault(
    director: NewStaff,
    passphrase: str,
    kit: RecoveryKit,
    settings: KdfSettings,
    random: Random = secrets.token_bytes,
) -> tuple[SlotFile, Unlocked]:
    """Return a new key file with one person and the kit, and that person signed in."""
    vault_id, dek = random(VAULT_ID_BYTES), random(KEY_BYTES)
    opened = Unlocked(vault_id, director.public_id, ((FIRST_EPOCH, dek),), new_staff_keys(random))
    return vault_anew(opened, director, passphrase, kit.public_key, settings, random), opened


def vault_anew(
    opened: Unlocked,
    person: NewStaff,
    passphrase: str,
    kit_key: bytes,
    settings: KdfSettings,
    random: Random = secrets.token_bytes,
) -> SlotFile:
    """Return a key file with one person and the kit, for a store key that is there already.

    For records that come back from a backup, which carries no key file. `kit_key` is the kit's
    public key, 32 bytes.
    """
    check_recipient_id(person.public_id)
    slots = SlotFile(
        vault_id=opened.vault_id,
        epochs=(opened.epoch,),
        kdf=settings,
        staff=(),
        kit=_kit_slot(kit_key, opened),
        inbox_key=inbox_private_key(opened.dek).public_key().public_bytes_raw(),
        macs={},
    )
    return _with_entry(slots, opened, _Entry(person, opened.private_keys(), passphrase), random)


# Opening


def unlock(
    slots: SlotFile, staff_public_id: str, passphrase: str, device_secret: bytes = b""
) -> Unlocked:
    """Return the person signed in. Takes the time of one key derivation, right or wrong.

    Raises:
        WrongPassphraseError: for a wrong passphrase and for an unknown person alike.
        SlotsDamagedError: when the passphrase was right and the file was changed.
        DeviceSecretMissingError: when this person's slot needs one and none was given.
        MemoryShortError: when the PC cannot spare the memory of the derivation.
    """
    slot = slots.slot_of(staff_public_id)
    if slot is None:
        # The same work as for a known person, so that a stopwatch does not tell who works here.
        _kek(passphrase, bytes(SALT_BYTES), slots.kdf, b"")
        raise WrongPassphraseError
    if slot.has_device_secret and not device_secret:
        raise DeviceSecretMissingError
    kek = _kek(passphrase, slot.salt, slot.kdf, device_secret if slot.has_device_secret else b"")
    try:
        keys = StaffKeys(unwrap(kek, slot.wrapped, wrap_aad(slots.vault_id, slot)))
    except SealBrokenError:
        raise WrongPassphraseError from None
    if keys.public(staff_public_id) != slot.public:
        raise SlotsDamagedError
    epoch_keys = _open_seals(slots, staff_public_id, slot.seals, keys.sealing)
    opened = Unlocked(slots.vault_id, staff_public_id, epoch_keys, keys)
    check_macs(slots, opened)
    return opened


def unlock_with_kit(slots: SlotFile, kit: RecoveryKit) -> KitUnlocked:
    """Return the store opened with the recovery kit.

    Raises:
        KitDoesNotFitError: when it is the kit of other records, or an older one.
        SlotsDamagedError: when the kit fits and the file was changed.
    """
    if kit.public_key != slots.kit.sealing_key:
        raise KitDoesNotFitError
    epoch_keys = _open_seals(slots, KIT_ID, slots.kit.seals, kit.private_key)
    opened = KitUnlocked(slots.vault_id, KIT_ID, epoch_keys, kit.private_key)
    check_macs(slots, opened)
    return opened


def _open_seals(
    slots: SlotFile, recipient_id: str, seals: Seals, private_key: X25519PrivateKey
) -> EpochKeys:
    """Return the store's keys, newest epoch first."""
    try:
        return tuple(
            (
                epoch,
                open_sealed(
                    private_key, seals[epoch], store_key_info(slots.vault_id, epoch, recipient_id)
                ),
            )
            for epoch in sorted(seals, reverse=True)
        )
    except SealBrokenError as error:
        raise SlotsDamagedError from error


def _kek(passphrase: str, salt: bytes, settings: KdfSettings, device_secret: bytes) -> bytes:
    try:
        return derive_kek(passphrase, salt, settings, device_secret)
    except MemoryError as error:
        raise MemoryShortError from error


def inbox_private_key(dek: bytes) -> X25519PrivateKey:
    """Return the key that opens failed tries: derived from the store's key, so never stored."""
    return X25519PrivateKey.from_private_bytes(derive(dek, "inbox"))


# Changing


def change_passphrase(
    slots: SlotFile,
    unlocked: Unlocked,
    new_passphrase: str,
    *,
    device_secret: bytes = b"",
    random: Random = secrets.token_bytes,
) -> SlotFile:
    """Return the file with the person's keys wrapped by another passphrase; keys stay the same.

    With a `device_secret` the slot opens only on a PC that has it; without, on any.
    """
    check_macs(slots, unlocked)
    old = _existing(slots, unlocked.staff_public_id)
    person = NewStaff(old.staff_public_id, old.name)
    entry = _Entry(person, unlocked.private_keys(), new_passphrase, device_secret)
    return _with_entry(slots, unlocked, entry, random)


def add_staff(
    slots: SlotFile,
    opened: Opened,
    new: NewStaff,
    passphrase: str,
    random: Random = secrets.token_bytes,
) -> tuple[SlotFile, PublicKeys]:
    """Return the file with one more person, and the public keys to put into the database.

    Raises:
        StaffSlotError: when the person has a slot already.
    """
    check_macs(slots, opened)
    check_recipient_id(new.public_id)
    if slots.slot_of(new.public_id) is not None:
        raise StaffSlotError
    keys = new_staff_keys(random)
    changed = _with_entry(slots, opened, _Entry(new, keys, passphrase), random)
    return changed, keys.public(new.public_id)


def reset_passphrase(
    slots: SlotFile,
    opened: Opened,
    staff_public_id: str,
    new_passphrase: str,
    random: Random = secrets.token_bytes,
) -> tuple[SlotFile, Unlocked]:
    """Return the file with new keys for someone whose passphrase is lost, and them signed in.

    Works for the kit and for an administrator alike. The old private keys are lost: an audited
    command must replace the public keys in the database, and what was sealed to them there.

    Raises:
        StaffSlotError: when the person has no slot.
    """
    check_macs(slots, opened)
    old = _existing(slots, staff_public_id)
    keys = new_staff_keys(random)
    person = NewStaff(staff_public_id, old.name)
    changed = _with_entry(slots, opened, _Entry(person, keys, new_passphrase), random)
    return changed, Unlocked(slots.vault_id, staff_public_id, opened.epoch_keys, keys)


def remove_staff(slots: SlotFile, opened: Opened, staff_public_id: str) -> SlotFile:
    """Return the file without the person. They may remember the store's key: re-key as well.

    Raises:
        StaffSlotError: when the person has no slot, or is the last who can sign in.
    """
    check_macs(slots, opened)
    _existing(slots, staff_public_id)
    staff = tuple(s for s in slots.staff if s.staff_public_id != staff_public_id)
    if not staff:
        raise StaffSlotError
    return with_macs(replace(slots, staff=staff), opened.epoch_keys)


def replace_kit(slots: SlotFile, opened: Opened, kit: RecoveryKit) -> SlotFile:
    """Return the file for a new kit; the old paper no longer opens this file."""
    return replace_kit_key(slots, opened, kit.public_key)


def replace_kit_key(slots: SlotFile, opened: Opened, kit_key: bytes) -> SlotFile:
    """Return the file for the kit with this public key, which is all that sealing to it takes."""
    check_macs(slots, opened)
    return with_macs(replace(slots, kit=_kit_slot(kit_key, opened)), opened.epoch_keys)


def _existing(slots: SlotFile, staff_public_id: str) -> StaffSlot:
    slot = slots.slot_of(staff_public_id)
    if slot is None:
        raise StaffSlotError
    return slot


def _kit_slot(kit_key: bytes, opened: Opened) -> KitSlot:
    recipient = PublicKeys(KIT_ID, kit_key)
    return KitSlot(kit_key, seal_store_key(opened.epoch_keys, opened.vault_id, recipient))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What goes into one slot, besides the store's key."""

    person: NewStaff
    keys: StaffKeys
    passphrase: str = field(repr=False)
    device_secret: bytes = field(default=b"", repr=False)


def _with_entry(slots: SlotFile, opened: Opened, entry: _Entry, random: Random) -> SlotFile:
    """Return the file with the person's slot made or made anew, and fresh MACs."""
    public = entry.keys.public(entry.person.public_id)
    slot = StaffSlot(
        public=public,
        name=entry.person.name,
        kdf=slots.kdf,
        salt=random(SALT_BYTES),
        has_device_secret=bool(entry.device_secret),
        wrapped=b"",
        seals=seal_store_key(opened.epoch_keys, slots.vault_id, public),
    )
    kek = _kek(entry.passphrase, slot.salt, slot.kdf, entry.device_secret)
    wrapped = wrap(kek, entry.keys.secret(), wrap_aad(slots.vault_id, slot), random)
    return with_macs(slots.with_slot(replace(slot, wrapped=wrapped)), opened.epoch_keys)

"""The key file as a value and as text: who can open the store, and how.

Canonical JSON, so that every file has exactly one spelling. `sum` (plain SHA-256) finds damage
before anything is unlocked, so that a flipped bit is never called a wrong passphrase; `macs`
(HMAC-SHA256 under HKDF(store key, "slotmac"), one for each epoch) find changes on purpose as
soon as the store's key is known. Seals are kept by epoch: between the two steps of a re-keying
the file holds epochs n and n + 1, and whichever the store follows, the file opens it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shelter_desk.domain.audit import canonical_json
from shelter_desk.store.keys.early import LARGEST_FILE
from shelter_desk.store.keys.errors import SlotsDamagedError
from shelter_desk.store.keys.identity import (
    VAULT_ID_BYTES,
    EpochKeys,
    Opened,
    PublicKeys,
    check_recipient_id,
)
from shelter_desk.store.keys.kdf import SALT_BYTES, KdfSettings, read_settings
from shelter_desk.store.keys.sealing import KEY_BYTES, derive, from_text, to_text

FORMAT = "shelter-desk-slots"
VERSION = 1
_LONGEST_NAME = 200
_WRAPPED_BYTES = 12 + 2 * KEY_BYTES + 16  # nonce, two private keys, tag
_SEAL_BYTES = 32 + KEY_BYTES + 16  # encapsulated key, store key, tag

Seals = Mapping[int, bytes]
"""Epoch -> the store's key sealed to one recipient."""


@dataclass(frozen=True, slots=True)
class StaffSlot:
    """One person's way in: private keys wrapped by the passphrase, store key sealed to them."""

    public: PublicKeys
    name: str
    kdf: KdfSettings
    salt: bytes
    has_device_secret: bool
    wrapped: bytes
    seals: Seals

    @property
    def staff_public_id(self) -> str:
        """Return whose slot it is."""
        return self.public.recipient_id


@dataclass(frozen=True, slots=True)
class KitSlot:
    """The recovery kit's way in."""

    sealing_key: bytes
    seals: Seals


@dataclass(frozen=True, slots=True)
class SlotFile:
    """Everything in the key file. `epochs` are one number, or two that follow each other."""

    vault_id: bytes
    epochs: tuple[int, ...]
    kdf: KdfSettings
    staff: tuple[StaffSlot, ...]
    kit: KitSlot
    inbox_key: bytes
    macs: Mapping[int, bytes]

    def slot_of(self, staff_public_id: str) -> StaffSlot | None:
        """Return the person's slot, or None."""
        return next((s for s in self.staff if s.staff_public_id == staff_public_id), None)

    def with_slot(self, slot: StaffSlot) -> SlotFile:
        """Return the file with this slot in the place of the person's former one, or added."""
        others = [s for s in self.staff if s.staff_public_id != slot.staff_public_id]
        staff = sorted([*others, slot], key=lambda s: s.staff_public_id)
        return replace(self, staff=tuple(staff))


def wrap_aad(vault_id: bytes, slot: StaffSlot) -> bytes:
    """Return what the wrapped keys are bound to: vault, person, derivation, device, version."""
    return canonical_json(
        {
            "version": VERSION,
            "vault_id": vault_id.hex(),
            "staff_id": slot.staff_public_id,
            "kdf": {**slot.kdf.as_json(), "salt": to_text(slot.salt)},
            "device_secret": slot.has_device_secret,
        }
    ).encode()


def with_macs(slots: SlotFile, epoch_keys: EpochKeys) -> SlotFile:
    """Return the file with fresh MACs; every epoch of the file needs its key."""
    body = canonical_json(_body(slots)).encode()
    macs = {epoch: _mac(dek, body) for epoch, dek in epoch_keys if epoch in slots.epochs}
    if set(macs) != set(slots.epochs):
        message = "a re-keying is half done: settle it before the key file is changed"
        raise ValueError(message)
    return replace(slots, macs=macs)


def check_macs(slots: SlotFile, opened: Opened) -> None:
    """Pass when every key at hand confirms the file.

    Raises:
        SlotsDamagedError: when the file was changed by someone without the store's key.
    """
    body = canonical_json(_body(slots)).encode()
    if slots.vault_id != opened.vault_id:
        raise SlotsDamagedError
    for epoch, dek in opened.epoch_keys:
        if not hmac.compare_digest(slots.macs.get(epoch, b""), _mac(dek, body)):
            raise SlotsDamagedError


def _mac(dek: bytes, body: bytes) -> bytes:
    return hmac.digest(derive(dek, "slotmac"), body, "sha256")


# Writing


def to_bytes(slots: SlotFile) -> bytes:
    """Return the file as it stands on the disk."""
    value = {**_body(slots), "macs": _by_epoch(slots.macs)}
    value["sum"] = _sum(value)
    return canonical_json(value).encode() + b"\n"


def _sum(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _body(slots: SlotFile) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "vault_id": slots.vault_id.hex(),
        "epochs": list(slots.epochs),
        "kdf": slots.kdf.as_json(),
        "staff": [_staff_json(slot) for slot in slots.staff],
        "kit": {
            "sealing_key": to_text(slots.kit.sealing_key),
            "seals": _by_epoch(slots.kit.seals),
        },
        "inbox_key": to_text(slots.inbox_key),
    }


def _staff_json(slot: StaffSlot) -> dict[str, Any]:
    return {
        "staff_id": slot.staff_public_id,
        "name": slot.name,
        "kdf": slot.kdf.as_json(),
        "salt": to_text(slot.salt),
        "device_secret": slot.has_device_secret,
        "wrapped": to_text(slot.wrapped),
        "sealing_key": to_text(slot.public.sealing),
        "signing_key": to_text(slot.public.signing),
        "seals": _by_epoch(slot.seals),
    }


def _by_epoch(values: Mapping[int, bytes]) -> dict[str, str]:
    return {str(epoch): to_text(value) for epoch, value in values.items()}


# Reading


def from_bytes(untrusted_data: bytes) -> SlotFile:
    """Return the file that these bytes spell.

    Checks shape, bounds and `sum` before any of it is used; `check_macs` follows at unlocking.

    Raises:
        SlotsDamagedError: when a single byte is not as it was written.
    """
    if len(untrusted_data) > LARGEST_FILE:
        raise SlotsDamagedError
    try:
        slots = _read(json.loads(untrusted_data))
        same = to_bytes(slots) == untrusted_data
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SlotsDamagedError from error
    if not same:  # any other spelling, any extra key, any wrong sum
        raise SlotsDamagedError
    return slots


def _read(value: dict[str, Any]) -> SlotFile:
    if (value["format"], value["version"]) != (FORMAT, VERSION):
        message = "another format or version"
        raise ValueError(message)
    epochs = _epochs(value["epochs"])
    kit = value["kit"]
    return SlotFile(
        vault_id=_sized(bytes.fromhex(value["vault_id"]), VAULT_ID_BYTES),
        epochs=epochs,
        kdf=read_settings(value["kdf"]),
        staff=_read_staff(value["staff"], epochs),
        kit=KitSlot(_key(kit["sealing_key"]), _read_seals(kit["seals"], epochs)),
        inbox_key=_key(value["inbox_key"]),
        macs={int(e): _sized(from_text(mac), 32) for e, mac in value["macs"].items()},
    )


def _epochs(value: list[int]) -> tuple[int, ...]:
    epochs = tuple(value)
    numbers = all(type(epoch) is int and 0 < epoch < 2**32 for epoch in epochs)
    follow = len(epochs) == 1 or (len(epochs) == 2 and epochs[1] == epochs[0] + 1)
    if not numbers or not follow:
        message = "epochs do not follow each other"
        raise ValueError(message)
    return epochs


def _read_staff(value: list[Any], epochs: tuple[int, ...]) -> tuple[StaffSlot, ...]:
    staff = tuple(_read_slot(one, epochs) for one in value)
    ids = [slot.staff_public_id for slot in staff]
    if not ids or ids != sorted(set(ids)):
        message = "people are missing, doubled or out of order"
        raise ValueError(message)
    return staff


def _read_slot(value: dict[str, Any], epochs: tuple[int, ...]) -> StaffSlot:
    check_recipient_id(value["staff_id"])
    named = type(value["name"]) is str and len(value["name"]) <= _LONGEST_NAME
    if type(value["device_secret"]) is not bool or not named:
        message = "not a slot"
        raise ValueError(message)
    return StaffSlot(
        public=PublicKeys(
            value["staff_id"], _key(value["sealing_key"]), _key(value["signing_key"])
        ),
        name=value["name"],
        kdf=read_settings(value["kdf"]),
        salt=_sized(from_text(value["salt"]), SALT_BYTES),
        has_device_secret=value["device_secret"],
        wrapped=_sized(from_text(value["wrapped"]), _WRAPPED_BYTES),
        seals=_read_seals(value["seals"], epochs),
    )


def _read_seals(value: dict[str, str], epochs: tuple[int, ...]) -> Seals:
    seals = {int(epoch): _sized(from_text(seal), _SEAL_BYTES) for epoch, seal in value.items()}
    if not seals or not set(seals) <= set(epochs):
        message = "a seal of another epoch"
        raise ValueError(message)
    return seals


def _key(text: str) -> bytes:
    return _sized(from_text(text), KEY_BYTES)


def _sized(data: bytes, size: int) -> bytes:
    if len(data) != size:
        message = "a value has the wrong length"
        raise ValueError(message)
    return data

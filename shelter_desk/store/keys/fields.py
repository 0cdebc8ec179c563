"""Keys below the store's key: compartments, one key set for each resident, and sealed fields.

Two compartments besides the general one: `identity` (legal name, address, photo) and `clinical`
(counselling notes), held only by the staff who need them. Every resident has a key of their own
in each compartment, wrapped under the compartment's key; what is sensitive about them is sealed
under it. Destroying the few wrapped keys makes unreadable whatever they sealed, wherever it was
copied. A copy that holds the wrapped keys too (an older backup of the whole store) is only as
erased as its own keys are: whoever destroys keys must also retire those copies.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shelter_desk.domain.audit import canonical_json
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.identity import Opened, PublicKeys
from shelter_desk.store.keys.sealing import (
    KEY_BYTES,
    NONCE_BYTES,
    Random,
    seal_to,
    unwrap,
    wrap,
)

_FIELD_VERSION = b"\x01"


class Compartment(StrEnum):
    """A part of the records with its own readers."""

    GENERAL = "general"
    IDENTITY = "identity"
    CLINICAL = "clinical"


@dataclass(frozen=True, slots=True)
class CompartmentKeys:
    """The compartment keys one person holds, 32 bytes each; what they may not read is absent."""

    keys: Mapping[Compartment, bytes] = field(repr=False)

    def __contains__(self, compartment: Compartment) -> bool:
        return compartment in self.keys

    def __getitem__(self, compartment: Compartment) -> bytes:
        return self.keys[compartment]

    def only(self, compartments: Iterable[Compartment]) -> CompartmentKeys:
        """Return those of the keys that are held and named."""
        return CompartmentKeys({name: self.keys[name] for name in compartments if name in self})


@dataclass(frozen=True, slots=True)
class ResidentKeys:
    """The keys of one resident that the person signed in can use, 32 bytes each."""

    resident_public_id: str
    keys: Mapping[Compartment, bytes] = field(repr=False)

    def __contains__(self, compartment: Compartment) -> bool:
        return compartment in self.keys

    def __getitem__(self, compartment: Compartment) -> bytes:
        return self.keys[compartment]


def new_compartment_keys(random: Random = secrets.token_bytes) -> CompartmentKeys:
    """Return fresh keys of all compartments, once in the life of a store."""
    return CompartmentKeys({compartment: random(KEY_BYTES) for compartment in Compartment})


def blind_mark(key: bytes, text: str) -> bytes:
    """Return 16 bytes that stand for a text; only a holder of the key can make or recognise them.

    The same text has the same mark, so that it can be looked for: whoever holds the file's key but
    not this one sees which rows agree, and not in what.
    """
    finding = hmac.digest(key, b"shelter-desk/finding/1", "sha256")
    return hmac.digest(finding, text.encode(), "sha256")[:16]


def seal_compartment(
    key: bytes, compartment: Compartment, vault_id: bytes, recipient: PublicKeys
) -> bytes:
    """Return a compartment's key sealed to one person or to the kit, for the database.

    Take the recipient's public key from the database, never from the key file.
    """
    info = _compartment_info(vault_id, compartment, recipient.recipient_id)
    return seal_to(recipient.sealing, key, info)


def open_compartment(sealed: bytes, compartment: Compartment, opened: Opened) -> bytes:
    """Return the compartment's key that was sealed to the person (or kit) at hand.

    Raises:
        SealBrokenError: when it was sealed to someone else or for another compartment.
    """
    info = _compartment_info(opened.vault_id, compartment, opened.recipient_id)
    return opened.open_seal(sealed, info)


def _compartment_info(vault_id: bytes, compartment: Compartment, recipient_id: str) -> bytes:
    return vault_id + f"compartment/{compartment}/{recipient_id}".encode()


def new_resident_keys(
    resident_public_id: str, random: Random = secrets.token_bytes
) -> ResidentKeys:
    """Return fresh keys of a resident in all compartments."""
    return ResidentKeys(
        resident_public_id, {compartment: random(KEY_BYTES) for compartment in Compartment}
    )


def wrap_resident_key(
    key: bytes,
    compartment_key: bytes,
    *,
    resident_public_id: str,
    compartment: Compartment,
    random: Random = secrets.token_bytes,
) -> bytes:
    """Return a resident's key wrapped under a compartment's key, for the database."""
    return wrap(compartment_key, key, _resident_aad(resident_public_id, compartment), random)


def unwrap_resident_key(
    wrapped: bytes, compartment_key: bytes, *, resident_public_id: str, compartment: Compartment
) -> bytes:
    """Return the resident's key.

    Raises:
        SealBrokenError: when it belongs to someone else, or to another compartment.
    """
    return unwrap(compartment_key, wrapped, _resident_aad(resident_public_id, compartment))


def _resident_aad(resident_public_id: str, compartment: Compartment) -> bytes:
    return canonical_json({"resident": resident_public_id, "compartment": compartment}).encode()


def seal_field(key: bytes, aad: str, text: str, random: Random = secrets.token_bytes) -> bytes:
    """Return `text` sealed for one place in the database: version, nonce, AES-256-GCM.

    `aad` is "table:row:column" with the row's public id: a sealed field that is copied to another
    row does not open there. Costs two microseconds, and 29 bytes more than the text.
    """
    return seal_bytes(key, aad, text.encode(), random)


def open_field(key: bytes, aad: str, sealed: bytes) -> str:
    """Return the text of a sealed field.

    Raises:
        SealBrokenError: when it was changed, moved, or sealed under another key.
    """
    return open_bytes(key, aad, sealed).decode()


def seal_bytes(key: bytes, aad: str, data: bytes, random: Random = secrets.token_bytes) -> bytes:
    """Return `data` sealed like a field: for chunks of attachments (`aad` names the chunk)."""
    nonce = random(NONCE_BYTES)
    return _FIELD_VERSION + nonce + AESGCM(key).encrypt(nonce, data, aad.encode())


def open_bytes(key: bytes, aad: str, sealed: bytes) -> bytes:
    """Return what `seal_bytes` took.

    Raises:
        SealBrokenError: when it was changed, moved, or sealed under another key.
    """
    nonce_end = 1 + NONCE_BYTES
    if sealed[:1] != _FIELD_VERSION:
        raise SealBrokenError
    try:
        return AESGCM(key).decrypt(sealed[1:nonce_end], sealed[nonce_end:], aad.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error

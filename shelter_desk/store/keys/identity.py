"""A person's own keys: one pair to receive what is sealed to them, one pair to sign what they do.

The private halves exist unwrapped only while that person is signed in. The public halves stand
in the key file for signing in, and in the database, which is the authority whenever something is
sealed to them: who can write the key file must not be able to slip in a key of their own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shelter_desk.domain.bech32 import age_identity
from shelter_desk.store.keys.sealing import KEY_BYTES, Random, derive, open_sealed, seal_to

KIT_ID = "recovery-kit"
"""The recipient id of the recovery kit; no staff member may have it."""

VAULT_ID_BYTES = 16
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Someone who shall be able to sign in.

    `name` is what the sign-in list shows before anything is unlocked, so it can be read on the
    disk: a first name or initials, never more than the shelter wants a thief to see.
    """

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves of one recipient, 32 bytes each. A kit has no signing key: b""."""

    recipient_id: str
    sealing: bytes
    signing: bytes = b""


class StaffKeys:
    """The private halves of one person's keys. Never shown, never compared, never pickled."""

    __slots__ = ("sealing", "signing")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 2 * KEY_BYTES:
            message = "a person's keys are 64 bytes"
            raise ValueError(message)
        self.sealing = X25519PrivateKey.from_private_bytes(secret[:KEY_BYTES])
        self.signing = Ed25519PrivateKey.from_private_bytes(secret[KEY_BYTES:])

    def secret(self) -> bytes:
        """Return the 64 bytes to wrap."""
        return self.sealing.private_bytes_raw() + self.signing.private_bytes_raw()

    def public(self, staff_public_id: str) -> PublicKeys:
        """Return the public halves."""
        return PublicKeys(
            staff_public_id,
            self.sealing.public_key().public_bytes_raw(),
            self.signing.public_key().public_bytes_raw(),
        )

    def __reduce__(self) -> str:
        message = "private keys do not leave this process"
        raise TypeError(message)


def new_staff_keys(random: Random = secrets.token_bytes) -> StaffKeys:
    """Return a fresh pair of pairs."""
    return StaffKeys(random(2 * KEY_BYTES))


def check_recipient_id(public_id: str) -> None:
    """Pass when `public_id` can name a staff member in the key file.

    Raises:
        ValueError: when it is empty, long, not plain ASCII, or the name of the kit.
    """
    plain = public_id.isascii() and public_id.isprintable() and " " not in public_id
    if not (plain and 0 < len(public_id) <= _LONGEST_ID) or public_id == KIT_ID:
        message = "a staff id is 1 to 64 plain characters without spaces"
        raise ValueError(message)


def verify_signature(signing_key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the holder of the Ed25519 public key (32 bytes) signed `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(signing_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# The newest epoch first: during a re-keying the same file holds two.
EpochKeys = tuple[tuple[int, bytes], ...]


class Opened:
    """What both a passphrase and the recovery kit give: the store's key and sealed things.

    `epoch_keys` are pairs of epoch and 32-byte store key, newest first. There are two only
    between the two steps of a re-keying: then try them in order on the store, and go on with
    `at(epoch)`.
    """

    __slots__ = ("_sealing", "epoch_keys", "recipient_id", "vault_id")

    def __init__(
        self, vault_id: bytes, recipient_id: str, epoch_keys: EpochKeys, sealing: X25519PrivateKey
    ) -> None:
        self.vault_id = vault_id
        self.recipient_id = recipient_id
        self.epoch_keys = epoch_keys
        self._sealing = sealing

    @property
    def epoch(self) -> int:
        """Return the newest epoch."""
        return self.epoch_keys[0][0]

    @property
    def dek(self) -> bytes:
        """Return the store's key of that epoch, 32 bytes."""
        return self.epoch_keys[0][1]

    def open_seal(self, sealed: bytes, info: bytes) -> bytes:
        """Return what was sealed to this recipient.

        Raises:
            SealBrokenError: when it was not.
        """
        return open_sealed(self._sealing, sealed, info)

    def store_sign(self, message: bytes) -> bytes:
        """Return the store's own Ed25519 signature (64 bytes) of `message`: the vault key.

        The vault key is derived from the store's key (HKDF, purpose "checkpoint"). It says "from
        this store", and whoever is signed in can use it; it never says who. Re-keying changes it:
        keep `store_public_key` with what was signed.
        """
        return _vault_key(self.dek).sign(message)

    @property
    def store_public_key(self) -> bytes:
        """Return the public half of the vault key, 32 bytes."""
        return _vault_key(self.dek).public_key().public_bytes_raw()

    @property
    def age_identity(self) -> str:
        """Return the recipient's private key as stock age reads it, to open a sealed backup."""
        return age_identity(self._sealing.private_bytes_raw())

    @property
    def witness_key(self) -> bytes:
        """Return the 32-byte key that seals the lines of `head.log` and the keyring's witness."""
        return derive(self.dek, "witness")

    @property
    def own_finding_key(self) -> bytes:
        """Return the 32-byte key of marks that only this person makes, to find their own notes."""
        return derive(self._sealing.private_bytes_raw(), "own-finding")

    @property
    def own_draft_key(self) -> bytes:
        """Return the 32-byte key of what only this person has typed and not saved."""
        return derive(self._sealing.private_bytes_raw(), "own-drafts")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(epoch={self.epoch})"

    def __reduce__(self) -> str:
        message = "opened keys do not leave this process"
        raise TypeError(message)


class Unlocked(Opened):
    """A person signed in: the store's key, and signing in their name."""

    __slots__ = ("_keys",)

    def __init__(
        self, vault_id: bytes, staff_public_id: str, epoch_keys: EpochKeys, keys: StaffKeys
    ) -> None:
        super().__init__(vault_id, staff_public_id, epoch_keys, keys.sealing)
        self._keys = keys

    @property
    def staff_public_id(self) -> str:
        """Return whose passphrase it was."""
        return self.recipient_id

    @property
    def public_keys(self) -> PublicKeys:
        """Return the public halves of the person's keys, to be compared with the database's."""
        return self._keys.public(self.staff_public_id)

    def sign(self, message: bytes) -> bytes:
        """Return the person's Ed25519 signature (64 bytes) of `message`."""
        return self._keys.signing.sign(message)

    def at(self, epoch: int) -> Unlocked:
        """Return the same person with the key of one epoch only: the one that opened the store."""
        return Unlocked(self.vault_id, self.staff_public_id, _only(self, epoch), self._keys)

    def private_keys(self) -> StaffKeys:
        """Return the private halves, to be wrapped again under another passphrase."""
        return self._keys


class KitUnlocked(Opened):
    """The store opened with the recovery kit: no person, so nothing can be signed in a name."""

    __slots__ = ()

    def at(self, epoch: int) -> KitUnlocked:
        """Return the same with the key of one epoch only: the one that opened the store."""
        return KitUnlocked(self.vault_id, self.recipient_id, _only(self, epoch), self._sealing)


def _only(opened: Opened, epoch: int) -> EpochKeys:
    kept = tuple(pair for pair in opened.epoch_keys if pair[0] == epoch)
    if not kept:
        message = "no key of that epoch"
        raise ValueError(message)
    return kept


def _vault_key(dek: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derive(dek, "checkpoint"))


def store_key_info(vault_id: bytes, epoch: int, recipient_id: str) -> bytes:
    """Return the HPKE info of a sealed store key: vault id (16), epoch (8, big endian), id."""
    return vault_id + epoch.to_bytes(8, "big") + recipient_id.encode()


def seal_store_key(
    epoch_keys: Iterable[tuple[int, bytes]], vault_id: bytes, recipient: PublicKeys
) -> dict[int, bytes]:
    """Return epoch -> store key sealed to the recipient."""
    return {
        epoch: seal_to(
            recipient.sealing, dek, store_key_info(vault_id, epoch, recipient.recipient_id)
        )
        for epoch, dek in epoch_keys
    }

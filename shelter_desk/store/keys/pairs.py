"""One key pair, two ways to seal: quickly by whoever holds it, and by anybody else at all.

A pair is an X25519 private key of 32 bytes and its public half. Whoever holds the private half
seals with AES-256-GCM under a key derived from it (two microseconds). Whoever has the public half
only seals with HPKE (RFC 9180, a third of a millisecond) and cannot open it again. Either way the
context is bound: what was sealed for one place opens at no other.
"""

from __future__ import annotations

import secrets
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.sealing import (
    KEY_BYTES,
    NONCE_BYTES,
    Random,
    derive,
    open_sealed,
    seal_to,
)

HELD, BOXED = b"\x01", b"\x02"
"""The first byte of what is sealed: by a holder of the private half, or with the public half."""


class Pair:
    """The private half of one pair. Never shown, never pickled."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            message = "a private half is 32 bytes"
            raise ValueError(message)
        self._secret = secret

    @property
    def secret(self) -> bytes:
        """Return the 32 bytes, to be sealed to somebody."""
        return self._secret

    @cached_property
    def public(self) -> bytes:
        """Return the public half, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    def seal(self, context: bytes, data: bytes, random: Random = secrets.token_bytes) -> bytes:
        """Return `data` sealed for one context."""
        nonce = random(NONCE_BYTES)
        return HELD + nonce + self._quick.encrypt(nonce, data, context)

    def open(self, context: bytes, sealed: bytes) -> bytes:
        """Return what was sealed for this context, either way.

        Raises:
            SealBrokenError: when it was changed, moved, or sealed with another pair.
        """
        if sealed[:1] == BOXED:
            return open_sealed(self._private, sealed[1:], context)
        if sealed[:1] != HELD:
            raise SealBrokenError
        nonce_end = 1 + NONCE_BYTES
        try:
            return self._quick.decrypt(sealed[1:nonce_end], sealed[nonce_end:], context)
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError from error

    def derived(self, purpose: str) -> bytes:
        """Return a key for something else that holders of this pair do."""
        return derive(self._secret, purpose)

    @cached_property
    def _quick(self) -> AESGCM:
        return AESGCM(derive(self._secret, "held-by-pair"))

    @cached_property
    def _private(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self._secret)

    def __repr__(self) -> str:
        return "Pair()"

    def __reduce__(self) -> str:
        message = "private keys do not leave this process"
        raise TypeError(message)


def new_pair(random: Random = secrets.token_bytes) -> Pair:
    """Return a fresh pair."""
    return Pair(random(KEY_BYTES))


def box(public: bytes, context: bytes, data: bytes) -> bytes:
    """Return `data` sealed for one context with the public half of a pair."""
    return BOXED + seal_to(public, data, context)

"""The four cryptographic steps everything here is built of: derive, wrap, seal to a person, spell.

All of it is the `cryptography` package: HKDF-SHA256 (RFC 5869), AES-256-GCM, and HPKE base mode
with DHKEM(X25519), HKDF-SHA256 and AES-256-GCM (RFC 9180).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter_desk.store.keys.errors import SealBrokenError

Random = Callable[[int], bytes]
"""Random bytes of a length; `secrets.token_bytes` everywhere outside of tests."""

KEY_BYTES = 32
NONCE_BYTES = 12
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def derive(key: bytes, purpose: str) -> bytes:
    """Return 32 bytes for one purpose; different purposes give unrelated keys."""
    info = f"shelterdesk/{purpose}/v1".encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, None, info).derive(key)


def wrap(key: bytes, secret: bytes, aad: bytes, random: Random = secrets.token_bytes) -> bytes:
    """Return nonce and AES-256-GCM ciphertext of `secret`; opens only with the same `aad`."""
    nonce = random(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, aad)


def unwrap(key: bytes, wrapped: bytes, aad: bytes) -> bytes:
    """Return what `wrap` took.

    Raises:
        SealBrokenError: when key, text or aad is not the one it was wrapped with.
    """
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], aad)
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error


def seal_to(public_key: bytes, secret: bytes, info: bytes) -> bytes:
    """Return `secret` sealed so that only the holder of the X25519 private key can open it."""
    return _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(public_key), info=info)


def open_sealed(private_key: X25519PrivateKey, sealed: bytes, info: bytes) -> bytes:
    """Return what `seal_to` took.

    Raises:
        SealBrokenError: when it was sealed to someone else, for another purpose, or changed.
    """
    try:
        return _SUITE.decrypt(sealed, private_key, info=info)
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error


def to_text(data: bytes) -> str:
    """Return base64 of `data`, as the key files spell bytes."""
    return base64.b64encode(data).decode()


def from_text(text: str) -> bytes:
    """Return the bytes `text` spells.

    Raises:
        ValueError: when it is not base64 in its one spelling.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        message = "not base64"
        raise ValueError(message) from error
    if to_text(data) != text:
        message = "not the one spelling of base64"
        raise ValueError(message)
    return data

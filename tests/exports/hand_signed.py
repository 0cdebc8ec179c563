"""Signatures of Ed25519 that some readers take and others do not: here nobody takes them.

The neutral point as a key "signs" everything, and a reader that multiplies its check by eight does
not see a point of small order beside the right one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from invented_pack import (
    contents,
    held,
    resigned,
    sealed,
    signer,
)
from tampering import Tampering

from shelter_desk.exports.bundle import Signer, sign_pack
from shelter_desk.exports.manifest import fingerprint

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the base point of Ed25519."""
PRIME = 2**255 - 19


def hand_signed(files: Mapping[str, bytes]) -> list[Tampering]:
    seed = bytes(range(32))
    nonce_key = Ed25519PrivateKey.from_private_bytes(seed)
    nonce, commit = _secret(seed), nonce_key.public_key().public_bytes_raw()
    of_all = commit + nonce.to_bytes(32, "little")

    def sign_for_all(_: bytes) -> bytes:
        return of_all

    point_of_all = bytes([1, *bytes(31)])  # the neutral point: "signs" whatever it is given
    forged = sign_pack(contents(), Signer("desk.example/river", point_of_all, sign_for_all))
    own = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    secret, public = _secret(bytes(range(1, 33))), own.public_key().public_bytes_raw()

    def sign_beside(message: bytes) -> bytes:
        # A point of order 2 is added to what was committed to: the check "times eight" is blind.
        moved = _plus_order_two(commit)
        digest = hashlib.sha512(moved + public + message).digest()
        challenge = int.from_bytes(digest, "little") % ORDER
        return moved + ((nonce + challenge * secret) % ORDER).to_bytes(32, "little")

    beside = sign_pack(contents(), Signer("desk.example/river", public, sign_beside))
    good = files["manifest.sig"]
    higher = int.from_bytes(good[32:], "little") + ORDER
    says = "list was changed"
    say = {
        "by a key that signs everything": held(forged),
        "beside the point by one of order two": held(beside),
        "the same with a larger number": {
            **files,
            "manifest.sig": good[:32] + higher.to_bytes(32, "little"),
        },
        "of nothing": {**files, "manifest.sig": bytes(64)},
        "cut": {**files, "manifest.sig": good[:-1]},
    }
    return [
        Tampering(f"signature: {name}", sealed(changed), "signature", says)
        for name, changed in say.items()
    ] + [
        Tampering(
            "signed anew by another",
            sealed(resigned(held(sign_pack(contents(), signer(own))), key=own)),
            "signature",
            "another key",
            signer=fingerprint(signer().public_key),
        )
    ]


def _secret(seed: bytes) -> int:
    raw = bytearray(hashlib.sha512(seed).digest()[:32])
    raw[0] &= 248
    raw[31] = raw[31] & 127 | 64
    return int.from_bytes(raw, "little") % ORDER


def _plus_order_two(point: bytes) -> bytes:
    number = int.from_bytes(point, "little")
    height, sign = number & ((1 << 255) - 1), number >> 255
    return ((PRIME - height) | ((1 - sign) << 255)).to_bytes(32, "little")

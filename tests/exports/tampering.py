"""One way to change a pack, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from invented_pack import WORDS


@dataclass(frozen=True)
class Tampering:
    """A changed pack: the check that refuses it, a part of its sentence; what is typed.

    `signer` is the fingerprint on the reader's sheet, where they have one; `key` the secret key
    that is given in place of words.
    """

    name: str
    pack: bytes
    check: str
    says: str
    words: str = WORDS
    after: str = ""
    signer: str = ""
    key: X25519PrivateKey | None = None

"""One way to change a pack, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass

from invented_pack import WORDS


@dataclass(frozen=True)
class Tampering:
    """A changed pack: the check that refuses it, a part of its sentence; what is typed.

    `signer` is the fingerprint on the reader's sheet, where they have one.
    """

    name: str
    pack: bytes
    check: str
    says: str
    words: str = WORDS
    after: str = ""
    signer: str = ""

"""Packs sealed to a reader's own key, and what somebody could do to one."""

from __future__ import annotations

import io
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from invented_pack import archive
from tampering import Tampering

from shelter_desk.domain.bech32 import age_identity, age_recipient
from shelter_desk.exports.age import AgeWriter
from shelter_desk.exports.age_keys import KeyLock

AUDITOR, STRANGER = (X25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (7, 8))
NOT_THIS_KEY = "not sealed to the key given"
DAMAGED = "The file is damaged."
CHUNK = 65_536 + 16


def public(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def recipient(key: X25519PrivateKey) -> str:
    return age_recipient(public(key))


def identity_file(key: X25519PrivateKey, end: str = "\n") -> bytes:
    """Return a key file as age-keygen writes it."""
    lines = ("# created: 2026-11-02T09:00:00Z", f"# public key: {recipient(key)}")
    return end.join((*lines, age_identity(key.private_bytes_raw()), "")).encode()


def sealed_to(key: X25519PrivateKey, plain: bytes) -> bytes:
    target = io.BytesIO()
    with AgeWriter(target, KeyLock(public(key))) as writer:
        writer.write(plain)
    return target.getvalue()


def tampered_key_packs(files: Mapping[str, bytes]) -> list[Tampering]:
    plain = archive(files)
    good = sealed_to(AUDITOR, plain)
    share = good.index(b"X25519 ") + 7
    body, mac = share + 44, good.index(b"\n--- ") + 5
    chunks = mac + 44 + 16

    def letter(place: int) -> bytes:
        other = b"A" if good[place : place + 1] != b"A" else b"B"
        return good[:place] + other + good[place + 1 :]

    def at(place: int) -> bytes:
        return good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]

    both, target = [public(AUDITOR), public(STRANGER)], io.BytesIO()
    with AgeWriter(target, both) as writer:
        writer.write(plain)
    beside = good[: mac - 4] + b"-> scrypt " + b"A" * 22 + b" 8\n" + b"A" * 43 + b"\n"
    say = {
        "share": (letter(share + 4), NOT_THIS_KEY),
        "wrapped key": (letter(body + 4), NOT_THIS_KEY),
        "share of small order": (good[:share] + b"A" * 43 + good[share + 43 :], DAMAGED),
        "kind of the stanza": (letter(share - 3), DAMAGED),
        "header seal": (letter(mac + 20), DAMAGED),
        "header with other line ends": (
            good[: mac + 44].replace(b"\n", b"\r\n") + good[mac + 44 :],
            DAMAGED,
        ),
        "header cut": (good[: body + 10], DAMAGED),
        "somebody else can open it too": (target.getvalue(), DAMAGED),
        "words beside the key": (beside + good[mac - 4 :], DAMAGED),
        "nonce": (at(chunks - 3), DAMAGED),
        "first chunk": (at(chunks + 7), DAMAGED),
        "second chunk": (at(chunks + CHUNK + 7), DAMAGED),
        "last byte": (at(len(good) - 1), DAMAGED),
        "cut by one byte": (good[:-1], DAMAGED),
        "cut after a chunk": (good[: chunks + CHUNK], DAMAGED),
    }
    cases = [
        Tampering(f"to a key: {name}", pack, "container", says, key=AUDITOR)
        for name, (pack, says) in say.items()
    ]
    other = sealed_to(AUDITOR, archive({**files, "data/census.csv": b"quarter,admissions\r\n"}))
    changed = Tampering("to a key: another table", other, "files", "was changed", key=AUDITOR)
    stranger = Tampering("to a key: a stranger's", good, "container", NOT_THIS_KEY, key=STRANGER)
    return [*cases, changed, stranger]

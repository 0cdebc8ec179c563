"""Sealed containers that somebody made who knows the words: each breaks one rule of age."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from invented_pack import LOW_WORK, WORDS
from tampering import Tampering

from shelter_desk.exports.age_keys import spelt, stanza_to

DAMAGED = "The file is damaged."


def _age(chunks: list[tuple[bytes, int]], more: Callable[[bytes], bytes] = lambda _: b"") -> bytes:
    """Return an age file of these chunks (bytes, whether it says it is the last)."""
    key, salt, nonce = bytes(range(16)), bytes(16), bytes(range(16, 32))
    label = b"age-encryption.org/v1/scrypt"
    by_words = Scrypt(label + salt, 32, 1 << LOW_WORK, 8, 1).derive(WORDS.encode())
    body = ChaCha20Poly1305(by_words).encrypt(bytes(12), key, None)
    head = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n" % (spelt(salt), LOW_WORK, spelt(body))
    head += more(key) + b"---"
    mac = hmac.digest(_derived(key, b"", b"header"), head, hashlib.sha256)
    cipher = ChaCha20Poly1305(_derived(key, nonce, b"payload"))
    sealed_chunks = [
        cipher.encrypt(number.to_bytes(11, "big") + bytes([last]), data, None)
        for number, (data, last) in enumerate(chunks)
    ]
    return head + b" " + spelt(mac) + b"\n" + nonce + b"".join(sealed_chunks)


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(key)


def _pieces(plain: bytes) -> list[bytes]:
    return [plain[at : at + 65_536] for at in range(0, len(plain), 65_536)]


def hand_sealed(plain: bytes) -> list[Tampering]:
    pieces = _pieces(plain)
    good = [(piece, int(at == len(pieces) - 1)) for at, piece in enumerate(pieces)]
    whole = sealed_by_hand(plain)
    mine = X25519PrivateKey.generate().public_key().public_bytes_raw()
    again = whole[whole.index(b"-> scrypt") : whole.index(b"---")]
    full = [(piece, 0) for piece in _pieces(plain[:65_536])]
    say = {
        "a key of somebody beside the words": _age(good, lambda key: stanza_to(mine, key)),
        "the words twice": _age(good, lambda _: again),
        "a stanza of grease": _age(good, lambda _: b"-> x-grease y\n\n"),
        "cut between chunks, the last not marked": _age([(p, 0) for p, _ in good[:-1]]),
        "no chunk says that it is the last": _age([(piece, 0) for piece in pieces]),
        "a chunk in the middle says that it is the last": _age([(p, 1) for p in pieces]),
        "an empty last chunk": _age([*full, (b"", 1)]),
        "chunks after the last": _age([*good, (b"", 1)]),
        "last marked with another number": _age([(p, 2 * last) for p, last in good]),
        "no chunk at all": _age([]),
        "a chunk that is too short in the middle": _age([(pieces[0][:-1], 0), *good[1:]]),
    }
    return [Tampering(name, pack, "container", DAMAGED) for name, pack in say.items()]


def sealed_by_hand(plain: bytes) -> bytes:
    """Return a pack sealed by this code alone: it opens, or the others would prove nothing."""
    pieces = _pieces(plain)
    return _age([(piece, int(at == len(pieces) - 1)) for at, piece in enumerate(pieces)])

"""Sealing an age file to a few words: the passphrase is stretched, so that guessing is dear.

Source: the age v1 specification, https://c2sp.org/age, "The scrypt recipient type".
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shelter_desk.exports.age_keys import WORDS, Header, spelt, stanza_of, unspelt
from shelter_desk.exports.problems import TooCostlyError, WrongWordsError
from shelter_desk.exports.words import normalise_words

WORK_FACTOR = 17
"""log2 of the scrypt cost of what is written: 128 MiB, about half a second."""
MOST_WORK = 20
"""log2 of the highest scrypt cost that is read: 1 GiB."""

_LABEL = b"age-encryption.org/v1/scrypt"
_NO_NONCE = bytes(12)


def stanza_of_words(file_key: bytes, words: str, work_factor: int) -> bytes:
    """Return the stanza that hands `file_key` (16 bytes) to whoever knows the words."""
    salt = secrets.token_bytes(16)
    wrapped = ChaCha20Poly1305(_stretch(words, salt, work_factor)).encrypt(
        _NO_NONCE, file_key, None
    )
    return b"-> scrypt %s %d\n%s\n" % (spelt(salt), work_factor, spelt(wrapped))


def open_with_words(header: Header, words: str) -> bytes:
    """Return the file key of a header that the words alone open.

    Raises:
        WrongWordsError: they do not. NeedsKeyError: it is sealed to a key.
        DamagedPackError: it breaks the rules of age. TooCostlyError: it asks for too much work.
    """
    stanza = stanza_of(header, WORDS)
    salt, work_factor = unspelt(stanza.arguments[1]), int(stanza.arguments[2])
    if work_factor > MOST_WORK:
        raise TooCostlyError
    try:
        return ChaCha20Poly1305(_stretch(words, salt, work_factor)).decrypt(
            _NO_NONCE, stanza.body, None
        )
    except InvalidTag:
        raise WrongWordsError from None


def _stretch(words: str, salt: bytes, work_factor: int) -> bytes:
    kdf = Scrypt(salt=_LABEL + salt, length=32, n=1 << work_factor, r=8, p=1)
    return kdf.derive(normalise_words(words).encode())

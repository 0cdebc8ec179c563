"""Sealing an age file to X25519 public keys: any one of the private keys opens it.

Backups are sealed to several: the recovery kit and the directors are recipients, and no passphrase
is in the file that a thief could guess at. An audit pack can be sealed to one, its reader's own.

Source: the age v1 specification, https://c2sp.org/age, "The X25519 recipient type".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter_desk.domain.age_typed import identities_in
from shelter_desk.domain.bech32 import age_recipient
from shelter_desk.exports.problems import (
    DamagedPackError,
    NeedsKeyError,
    NeedsWordsError,
    NotForThisKeyError,
)

KEY, WORDS = b"X25519", b"scrypt"
"""How a stanza is opened, as age spells it."""

_LABEL = b"age-encryption.org/v1/X25519"
_NO_NONCE = bytes(12)
_COLUMNS = 64
_LONGEST_LINE = 4096
_MOST_LINES = 1024
_START = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n")
_BODY_LINE = re.compile(rb"([A-Za-z0-9+/]{0,64})\n")
_SHAPES = {
    KEY: re.compile(rb"X25519 [A-Za-z0-9+/]{43}"),
    WORDS: re.compile(rb"scrypt [A-Za-z0-9+/]{22} [1-9][0-9]?"),
}
_END = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's part of a header: kind and arguments, and the decoded body."""

    arguments: tuple[bytes, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A header as it was read. `signed` is the text that `mac` (32 bytes) is about."""

    stanzas: tuple[Stanza, ...]
    signed: bytes
    mac: bytes


class Identities:
    """The secret keys of a reader. One of them opens what is sealed to it and to nobody beside."""

    def __init__(self, private_keys: Sequence[X25519PrivateKey]) -> None:
        self._private_keys = tuple(private_keys)

    @classmethod
    def in_text(cls, text: str) -> Self:
        """Return those of a key file.

        Raises:
            NoIdentityError: there is none in it; says what it is instead.
        """
        return cls([X25519PrivateKey.from_private_bytes(key) for key in identities_in(text)])

    def file_key(self, header: Header) -> bytes:
        """Return the file key that the header holds for one of them.

        Raises:
            NotForThisKeyError: for none; says whose they are. NeedsWordsError: words open it.
            DamagedPackError: it breaks the rules of age, or is sealed to several.
        """
        stanza = stanza_of(header, KEY)
        for private_key in self._private_keys:
            public = private_key.public_key().public_bytes_raw()
            found = _opened(stanza, private_key, public)
            if found is not None:
                return found
        theirs = ", ".join(
            age_recipient(one.public_key().public_bytes_raw()) for one in self._private_keys
        )
        raise NotForThisKeyError(f"It was not sealed to the key given, which is {theirs}.")


class KeyLock:
    """Seals one container to one public key, and opens that one again while this is held.

    Whoever seals has no secret key of the reader's, and still must see that what lies on a drive
    opens for that reader: with the one-time secret of the sealing, the same secret is agreed on
    from this side. It is forgotten with this object, and is never written anywhere.
    """

    def __init__(self, public_key: bytes) -> None:
        self.public_key = public_key
        self._own: X25519PrivateKey | None = None

    def stanza(self, file_key: bytes) -> bytes:
        """Return the stanza that hands `file_key` (16 bytes) to the holder of the private key."""
        # Anew each time: two file keys under one secret would give both away.
        self._own = X25519PrivateKey.generate()
        return _stanza(self._own, self.public_key, file_key)

    def file_key(self, header: Header) -> bytes:
        """Return the file key of the header that was sealed with this, as its reader finds it.

        Raises:
            NotForThisKeyError: it was sealed to another key, or at another time.
            NeedsWordsError, DamagedPackError: as `Identities.file_key`.
        """
        stanza, own = stanza_of(header, KEY), self._own
        if own is None:
            raise NotForThisKeyError
        shared = own.exchange(X25519PublicKey.from_public_bytes(self.public_key))
        found = _unwrapped(shared, _share(stanza) + self.public_key, stanza.body)
        if found is None:
            raise NotForThisKeyError
        return found


def stanza_to(public_key: bytes, file_key: bytes) -> bytes:
    """Return the stanza that hands `file_key` (16 bytes) to the holder of one private key."""
    return _stanza(X25519PrivateKey.generate(), public_key, file_key)


def stanza_of(header: Header, kind: bytes) -> Stanza:
    """Return the one stanza of a header that a reader opens by `kind`, `WORDS` or `KEY`.

    Nobody beside that reader may have a way in, so there is one stanza, in its one shape.

    Raises:
        NeedsWordsError, NeedsKeyError: it is one of the other kind.
        DamagedPackError: it is no such header.
    """
    if len(header.stanzas) != 1:
        raise DamagedPackError
    stanza = header.stanzas[0]
    shape = _SHAPES.get(stanza.arguments[0])
    if not (shape and shape.fullmatch(b" ".join(stanza.arguments)) and len(stanza.body) == 32):
        raise DamagedPackError
    if stanza.arguments[0] != kind:
        raise NeedsKeyError if kind == WORDS else NeedsWordsError
    return stanza


def file_key_for(header: Header, private_key: X25519PrivateKey) -> bytes:
    """Return the file key that one of the stanzas holds for this key.

    Raises:
        NotForThisKeyError: when none does.
        DamagedPackError: when a stanza of this kind breaks the rules of age.
    """
    public = private_key.public_key().public_bytes_raw()
    for stanza in header.stanzas:
        if stanza.arguments[0] != KEY:
            continue
        found = _opened(stanza, private_key, public)
        if found is not None:
            return found
    raise NotForThisKeyError


def read_header(source: BinaryIO, version: bytes) -> Header:
    """Read a header of any recipients, up to and with its MAC.

    Raises:
        DamagedPackError: when it is not one.
    """
    text = source.readline(_LONGEST_LINE)
    stanzas: list[Stanza] = []
    if text != version:
        raise DamagedPackError
    for _ in range(_MOST_LINES):
        line = source.readline(_LONGEST_LINE)
        end = _END.fullmatch(line)
        if end:
            return Header(tuple(stanzas), text + b"---", unspelt(end[1]))
        stanza, lines = _read_stanza(line, source)
        stanzas.append(stanza)
        text += lines
    raise DamagedPackError


def _read_stanza(first: bytes, source: BinaryIO) -> tuple[Stanza, bytes]:
    start = _START.fullmatch(first)
    if not start:
        raise DamagedPackError
    text, body = first, b""
    for _ in range(_MOST_LINES):
        line = source.readline(_LONGEST_LINE)
        found = _BODY_LINE.fullmatch(line)
        if not found:
            raise DamagedPackError
        text += line
        body += found[1]
        if len(found[1]) < _COLUMNS:  # only the last line of a body is shorter
            return Stanza(tuple(start[1].split(b" ")), unspelt(body)), text
    raise DamagedPackError


def _stanza(own: X25519PrivateKey, public_key: bytes, file_key: bytes) -> bytes:
    share = own.public_key().public_bytes_raw()
    shared = own.exchange(X25519PublicKey.from_public_bytes(public_key))
    wrapped = _cipher(shared, share + public_key).encrypt(_NO_NONCE, file_key, None)
    return b"-> X25519 %s\n%s\n" % (spelt(share), spelt(wrapped))


def _opened(stanza: Stanza, private_key: X25519PrivateKey, public: bytes) -> bytes | None:
    share = _share(stanza)
    try:
        shared = private_key.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:  # a share of low order, which gives everybody the same secret
        raise DamagedPackError from None
    return _unwrapped(shared, share + public, stanza.body)


def _share(stanza: Stanza) -> bytes:
    if len(stanza.arguments) != 2 or len(stanza.body) != 32:
        raise DamagedPackError
    share = unspelt(stanza.arguments[1])
    if len(share) != 32:
        raise DamagedPackError
    return share


def _unwrapped(shared: bytes, salt: bytes, wrapped: bytes) -> bytes | None:
    try:
        return _cipher(shared, salt).decrypt(_NO_NONCE, wrapped, None)
    except InvalidTag:
        return None


def _cipher(shared: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(hashes.SHA256(), 32, salt, _LABEL).derive(shared))


def spelt(data: bytes) -> bytes:
    """Return base64 without padding, as age spells bytes."""
    return base64.b64encode(data).rstrip(b"=")


def unspelt(text: bytes) -> bytes:
    """Return the bytes `text` spells.

    Raises:
        DamagedPackError: when it is not their one spelling.
    """
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise DamagedPackError from None
    if spelt(data) != text:  # two spellings of one value would be two files that look alike
        raise DamagedPackError
    return data


def stanzas_to(public_keys: Sequence[bytes], file_key: bytes) -> bytes:
    """Return the stanzas for several keys, in their order."""
    return b"".join(stanza_to(public, file_key) for public in public_keys)

"""Sealing an age file to X25519 public keys: any one of the private keys opens it.

Backups use this: the recovery kit and the directors are recipients, and no passphrase is in the
file that a thief could guess at.

Source: the age v1 specification, https://c2sp.org/age, "The X25519 recipient type".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter_desk.exports.problems import DamagedPackError, NotForThisKeyError

_LABEL = b"age-encryption.org/v1/X25519"
_NO_NONCE = bytes(12)
_KIND = b"X25519"
_COLUMNS = 64
_LONGEST_LINE = 4096
_MOST_LINES = 1024
_START = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n")
_BODY_LINE = re.compile(rb"([A-Za-z0-9+/]{0,64})\n")
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


def stanza_to(public_key: bytes, file_key: bytes) -> bytes:
    """Return the stanza that hands `file_key` (16 bytes) to the holder of one private key."""
    own = X25519PrivateKey.generate()
    share = own.public_key().public_bytes_raw()
    shared = own.exchange(X25519PublicKey.from_public_bytes(public_key))
    wrapped = _cipher(shared, share + public_key).encrypt(_NO_NONCE, file_key, None)
    return b"-> X25519 %s\n%s\n" % (spelt(share), spelt(wrapped))


def file_key_for(header: Header, private_key: X25519PrivateKey) -> bytes:
    """Return the file key that one of the stanzas holds for this key.

    Raises:
        NotForThisKeyError: when none does.
        DamagedPackError: when a stanza of this kind breaks the rules of age.
    """
    public = private_key.public_key().public_bytes_raw()
    for stanza in header.stanzas:
        if stanza.arguments[0] != _KIND:
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


def _opened(stanza: Stanza, private_key: X25519PrivateKey, public: bytes) -> bytes | None:
    if len(stanza.arguments) != 2 or len(stanza.body) != 32:
        raise DamagedPackError
    share = unspelt(stanza.arguments[1])
    if len(share) != 32:
        raise DamagedPackError
    try:
        shared = private_key.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:  # a share of low order, which gives everybody the same secret
        raise DamagedPackError from None
    try:
        return _cipher(shared, share + public).decrypt(_NO_NONCE, stanza.body, None)
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

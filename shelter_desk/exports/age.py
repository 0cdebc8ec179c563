"""The sealed container: an age v1 file, written and read in small chunks.

A pack is opened by a passphrase, a backup by the private key of one of its recipients.

Any stock `age` program opens what is written here. The work factor is fixed, because the other
Python package picks it by the speed of the PC, and a fast PC would then lock out a slow browser.

Source: the age v1 specification, https://c2sp.org/age.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shelter_desk.exports.age_keys import (
    Header,
    Identities,
    KeyLock,
    file_key_for,
    read_header,
    spelt,
    stanzas_to,
)
from shelter_desk.exports.age_words import WORK_FACTOR, open_with_words, stanza_of_words
from shelter_desk.exports.problems import DamagedPackError

CHUNK = 65_536
"""Bytes of plaintext in one sealed chunk."""

_VERSION = b"age-encryption.org/v1\n"
_TAG = 16
_AROUND_STANZA = len(_VERSION) + 44 + len("--- \n") + 43
_HEADER_SIZE = _AROUND_STANZA + len("-> scrypt  17\n") + 22
_KEY_HEADER_SIZE = _AROUND_STANZA + len("-> X25519 \n") + 43

Lock = str | Sequence[bytes] | KeyLock
"""What seals: the words, the X25519 public keys (32 bytes each) of recipients, or one of them."""
Key = str | X25519PrivateKey | Identities | KeyLock
"""What opens a container: its words, or the private key of one of its recipients.

`Identities` and `KeyLock` take only what is sealed to one key and to nobody beside.
"""


class Sink(Protocol):
    """Anything that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""


class AgeWriter:
    """Seal everything written to it; `close` writes the last chunk, without which nothing opens.

    Holds at most two chunks. Leaving the `with` block by an error does not write the last chunk,
    so that half a pack never looks like a whole one.
    """

    def __init__(self, target: Sink, lock: Lock, *, work_factor: int = WORK_FACTOR) -> None:
        self._target = target
        self._held = bytearray()
        self._number = 0
        file_key = secrets.token_bytes(16)
        nonce = secrets.token_bytes(16)
        if isinstance(lock, str):
            stanzas = stanza_of_words(file_key, lock, work_factor)
        elif isinstance(lock, KeyLock):
            stanzas = lock.stanza(file_key)
        else:
            stanzas = stanzas_to(lock, file_key)
        target.write(_header(file_key, stanzas) + nonce)
        self._cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))

    def write(self, data: bytes, /) -> int:
        """Take `data`; whole chunks go to the target as soon as another byte follows them."""
        self._held += data
        # The last chunk carries a mark, so a full chunk waits until it is known not to be last.
        while len(self._held) > CHUNK:
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Write the last chunk. The target stays open."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(
            self._cipher.encrypt(_chunk_nonce(self._number, last=last), chunk, None)
        )
        self._number += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()


def encrypt(source: BinaryIO | Iterable[bytes], target: Sink, words: str) -> None:
    """Seal a file object or an iterable of byte strings into `target` under `words`."""
    pieces = iter(lambda: source.read(CHUNK), b"") if hasattr(source, "read") else source
    with AgeWriter(target, words) as writer:
        for piece in pieces:
            writer.write(piece)


def sealed_size(plain: int, *, to_key: bool = False) -> int:
    """Return the exact size in bytes of the container for `plain` bytes of plaintext.

    It is sealed to words, or to one key.
    """
    chunks = max(1, -(-plain // CHUNK))
    header = _KEY_HEADER_SIZE if to_key else _HEADER_SIZE
    return header + 16 + plain + _TAG * chunks


def plain_chunks(source: BinaryIO, key: Key) -> Iterator[bytes]:
    """Yield the plaintext chunk by chunk; each was authenticated before it is yielded.

    Only when the iterator ends without an error is the whole known to be complete, so a caller
    must not act on the first part before the last has come.

    Raises:
        WrongWordsError, NeedsKeyError: the words do not open the header; no words do.
        NotForThisKeyError, NeedsWordsError: it is not sealed to this key; to no key at all.
        DamagedPackError: anything else is not as it was written, or the end is missing.
    """
    cipher = _open_header(source, key)
    number = 0
    sealed = _read_exactly(source, CHUNK + _TAG)
    while True:
        following = _read_exactly(source, CHUNK + _TAG)
        last = not following
        chunk = _open_chunk(cipher, sealed, _chunk_nonce(number, last=last))
        if last and not chunk and number:
            raise DamagedPackError  # an empty last chunk is only right for an empty payload
        yield chunk
        if last:
            return
        number += 1
        sealed = following


def decrypt(source: BinaryIO, key: Key, *, most: int) -> bytes:
    """Return the whole plaintext in memory, refusing more than `most` bytes.

    Raises:
        WrongWordsError, NotForThisKeyError: the key does not open the header.
        DamagedPackError: anything else is wrong, or the content is larger than `most`.
    """
    plain = bytearray()
    for chunk in plain_chunks(source, key):
        plain += chunk
        if len(plain) > most:
            raise DamagedPackError("The content is larger than it may be.")
    return bytes(plain)


def decrypt_to_file(source: BinaryIO, words: str, path: Path) -> None:
    """Write the plaintext to the new file `path`, readable by this person only.

    On any failure the file is removed, so no part of a damaged pack stays on the disk.

    Raises:
        FileExistsError: `path` is already there.
        WrongWordsError, DamagedPackError: as `plain_chunks`.
    """
    chunks = plain_chunks(source, words)
    first = next(chunks)  # nothing is created before the words are known to be right
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as target:
        try:
            target.write(first)
            for chunk in chunks:
                target.write(chunk)
        except BaseException:
            target.close()
            path.unlink()
            raise


def check_opening(source: BinaryIO, key: Key) -> None:
    """Open the header and the first chunk only, as a last look at a pack just written.

    Raises: as `plain_chunks`.
    """
    next(plain_chunks(source, key))


def _header(file_key: bytes, stanzas: bytes) -> bytes:
    text = _VERSION + stanzas + b"---"
    return text + b" " + spelt(_header_mac(file_key, text)) + b"\n"


def _open_header(source: BinaryIO, key: Key) -> ChaCha20Poly1305:
    header = read_header(source, _VERSION)
    file_key = _file_key(header, key)
    if not secrets.compare_digest(_header_mac(file_key, header.signed), header.mac):
        raise DamagedPackError
    nonce = _read_exactly(source, 16)
    if len(nonce) < 16:
        raise DamagedPackError
    return ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))


def _file_key(header: Header, key: Key) -> bytes:
    if isinstance(key, str):
        return open_with_words(header, key)
    if isinstance(key, X25519PrivateKey):
        return file_key_for(header, key)
    return key.file_key(header)


def _open_chunk(cipher: ChaCha20Poly1305, sealed: bytes, nonce: bytes) -> bytes:
    if len(sealed) < _TAG:
        raise DamagedPackError
    try:
        return cipher.decrypt(nonce, sealed, None)
    except InvalidTag:
        raise DamagedPackError from None


def _read_exactly(source: BinaryIO, size: int) -> bytes:
    """Return `size` bytes, fewer only at the end: a raw file may give back less than asked."""
    got = bytearray()
    while len(got) < size:
        piece = source.read(size - len(got))
        if not piece:
            break
        got += piece
    return bytes(got)


def _derive(file_key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, purpose).derive(file_key)


def _header_mac(file_key: bytes, text: bytes) -> bytes:
    return hmac.digest(_derive(file_key, b"", b"header"), text, "sha256")


def _chunk_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")

"""Reads a sealed pack in one pass: hashes every file, and keeps only those that are evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from shelter_desk.exports.age import Key, plain_chunks
from shelter_desk.exports.bundle import CHECKPOINT, EVENTS, LEAVES, PROOFS
from shelter_desk.exports.manifest import MANIFEST, MOST_MANIFEST_BYTES, SIGNATURE
from shelter_desk.exports.problems import ArchiveError
from shelter_desk.exports.sample_check import SAMPLE_LISTS
from shelter_desk.exports.tar import Member, read_tar

_LOG_BYTES = 64 << 20
_MOST_KEPT: Mapping[str, int] = {
    MANIFEST: MOST_MANIFEST_BYTES,
    SIGNATURE: 64,
    CHECKPOINT: 1 << 16,
    LEAVES: _LOG_BYTES,
    EVENTS: _LOG_BYTES,
    PROOFS: _LOG_BYTES,
    **dict.fromkeys(SAMPLE_LISTS, 16 << 20),
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a pack: `found` is path -> (size, SHA-256 hex); `kept` is path -> bytes."""

    found: Mapping[str, tuple[int, str]]
    kept: Mapping[str, bytes]


def read_contents(source: BinaryIO, key: Key) -> Contents:
    """Open a sealed pack and read it to its end; memory does not grow with the data in it.

    Raises:
        PackError: the container does not open with this key, or not to its end.
        ArchiveError: it opens, but does not hold what a pack may hold.
    """
    chunks = plain_chunks(source, key)
    try:
        return _read(chunks)
    except ArchiveError:
        # Damage further on is the better explanation for whatever looked odd before it.
        for _ in chunks:
            pass
        raise


def _read(chunks: Iterator[bytes]) -> Contents:
    found: dict[str, tuple[int, str]] = {}
    kept: dict[str, bytes] = {}
    for member, pieces in read_tar(chunks):
        digest = hashlib.sha256()
        copy = bytearray()
        keep = _is_kept(member)
        for piece in pieces:
            digest.update(piece)
            if keep:
                copy += piece
        found[member.path] = (member.size, digest.hexdigest())
        if keep:
            kept[member.path] = bytes(copy)
    return Contents(found, kept)


def _is_kept(member: Member) -> bool:
    most = _MOST_KEPT.get(member.path)
    if most is not None and member.size > most:
        raise ArchiveError(f"The file {member.path} is larger than it may be.")
    return most is not None

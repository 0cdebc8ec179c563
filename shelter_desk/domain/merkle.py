"""The Merkle tree over the leaves of the audit trail (RFC 6962), and signed checkpoints.

A checkpoint says "the trail had this many entries and this root". From then on anybody who kept
it can be shown, with about twenty hashes, that one entry is under it (inclusion) and that a later
trail only added entries (consistency).

Source: RFC 6962 section 2.1 (2013); verification as in RFC 9162 section 2.1.3 and 2.1.4 (2021);
checkpoint and signed note as in C2SP tlog-checkpoint and signed-note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

EMPTY_ROOT = hashlib.sha256(b"").digest()
_ED25519_NOTE = 1
_HASH_BYTES = 32
_BLOCK = 256
_STRETCH = 8_192
"""Leaves that are read at a time; whole blocks."""
_DASH = "\N{EM DASH} "
_SIZE = re.compile(r"0|[1-9][0-9]{0,14}")


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes (32 bytes each), oldest first.

    Keeps about twenty hashes at a time, so a generator over a million leaves is fine.
    """
    stack: list[bytes] = []
    for count, leaf in enumerate(leaves, start=1):
        stack.append(leaf)
        while count % 2 == 0:
            right = stack.pop()
            stack.append(_node(stack.pop(), right))
            count //= 2  # noqa: PLW2901 - counts the full subtrees that end at this leaf
    if not stack:
        return EMPTY_ROOT
    root = stack.pop()
    while stack:
        root = _node(stack.pop(), root)
    return root


class Hashes(Sequence[bytes]):
    """Hashes of 32 bytes in one piece of memory: a million of them are 32 MB, not 73."""

    __slots__ = ("joined",)

    def __init__(self, joined: bytes) -> None:
        """Take the hashes one after the other; a rest that is no whole hash is left out."""
        self.joined = joined

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.joined) // _HASH_BYTES

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> Hashes: ...

    def __getitem__(self, place: int | slice) -> bytes | Hashes:
        """Return one, or a stretch of them (only whole stretches: no step)."""
        if isinstance(place, slice):
            first, last, step = place.indices(len(self))
            if step != 1:
                message = "hashes are taken in one stretch"
                raise ValueError(message)
            return Hashes(self.joined[first * _HASH_BYTES : max(first, last) * _HASH_BYTES])
        at = range(len(self))[place] * _HASH_BYTES
        return self.joined[at : at + _HASH_BYTES]

    def __iter__(self) -> Iterator[bytes]:
        """Yield them, first to last."""
        for at in range(0, len(self) * _HASH_BYTES, _HASH_BYTES):
            yield self.joined[at : at + _HASH_BYTES]


class MerkleTree:
    """A tree for many proofs over the same leaves, which are read by stretches and not held.

    Of the nodes only those over whole blocks of 256 leaves are kept: for a million leaves 0.25 MB,
    not 64. What lies below is made from the block again when a proof leads through it.
    """

    __slots__ = ("_block", "_leaves", "_levels", "_root")

    def __init__(
        self, leaves: Sequence[bytes], told: Callable[[Sequence[bytes]], None] | None = None
    ) -> None:
        """Read all leaves once, oldest first; `told` is handed each stretch as it is read."""
        self._leaves = leaves
        self._block: tuple[int, Sequence[bytes]] = (-1, ())
        self._levels = [Hashes(_joined_blocks(leaves, told or _unheard))]
        while len(level := self._levels[-1]) > 1:
            pairs = range(0, len(level) - 1, 2)
            self._levels.append(Hashes(b"".join(_node(level[i], level[i + 1]) for i in pairs)))
        self._root = self._subroot(0, self.size) if self.size else EMPTY_ROOT

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return len(self._leaves)

    @property
    def root(self) -> bytes:
        """Return the root over all leaves."""
        return self._root

    def inclusion_proof(self, index: int) -> tuple[bytes, ...]:
        """Return the hashes that lead from the leaf at `index` (from 0) to the root."""
        if not 0 <= index < self.size:
            message = "no such leaf"
            raise ValueError(message)
        proof, low, high = [], 0, self.size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                proof.append(self._subroot(middle, high))
                high = middle
            else:
                proof.append(self._subroot(low, middle))
                low = middle
        return tuple(reversed(proof))

    def consistency_proof(self, old_size: int) -> tuple[bytes, ...]:
        """Return the hashes that show this tree to be an extension of its first `old_size`."""
        if not 0 < old_size <= self.size:
            message = "the older size must lie between 1 and the size"
            raise ValueError(message)
        return tuple(self._consistency(old_size, 0, self.size, whole=True))

    def _consistency(self, old: int, low: int, high: int, *, whole: bool) -> list[bytes]:
        if old == high - low:
            return [] if whole else [self._subroot(low, high)]
        split = _split(high - low)
        if old <= split:
            left = self._consistency(old, low, low + split, whole=whole)
            return [*left, self._subroot(low + split, high)]
        right = self._consistency(old - split, low + split, high, whole=False)
        return [*right, self._subroot(low, low + split)]

    def _subroot(self, low: int, high: int) -> bytes:
        """Return the root over a stretch that begins where a subtree of the tree begins."""
        width = high - low
        if width < _BLOCK:
            return merkle_root(self._below(low, high))
        if width & (width - 1) == 0:  # a full subtree is a stored node
            return self._levels[(width // _BLOCK).bit_length() - 1][low // width]
        split = _split(width)
        return _node(self._subroot(low, low + split), self._subroot(low + split, high))

    def _below(self, low: int, high: int) -> Sequence[bytes]:
        """Return leaves of one block; proofs of events that stand together share a reading."""
        number = low // _BLOCK
        if self._block[0] != number:
            first = number * _BLOCK
            self._block = (number, self._leaves[first : first + _BLOCK])
        first = low % _BLOCK
        return self._block[1][first : first + high - low]


def stretches(leaves: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Yield all leaves in stretches of whole blocks (the last may be shorter), oldest first."""
    for first in range(0, len(leaves), _STRETCH):
        yield leaves[first : first + _STRETCH]


def _joined_blocks(leaves: Sequence[bytes], told: Callable[[Sequence[bytes]], None]) -> bytes:
    """Return the roots of all whole blocks, one after the other."""
    joined = bytearray()
    for stretch in stretches(leaves):
        told(stretch)
        for first in range(0, len(stretch) - _BLOCK + 1, _BLOCK):
            joined += merkle_root(stretch[first : first + _BLOCK])
    return bytes(joined)


def _unheard(_stretch: Sequence[bytes]) -> None:
    """Do nothing with it."""


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return one inclusion proof; for many over the same leaves keep a `MerkleTree`."""
    return MerkleTree(leaves).inclusion_proof(index)


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return one consistency proof; for many over the same leaves keep a `MerkleTree`."""
    return MerkleTree(leaves).consistency_proof(old_size)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Return whether `proof` shows that `leaf` stands at `index` (from 0) under `root`."""
    if not 0 <= index < size:
        return False
    first, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if first % 2 or first == last:
            found = _node(step, found)
            while first % 2 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            found = _node(found, step)
        first, last = first >> 1, last >> 1
    return last == 0 and found == root


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A size and the root over that many leaves."""

    size: int
    root: bytes


def verify_consistency(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> bool:
    """Return whether `proof` shows that the `new` trail only added entries to the `old`."""
    if not 0 < old.size <= new.size:
        return False
    if old.size == new.size:
        return not proof and old.root == new.root
    power_of_two = old.size & (old.size - 1) == 0
    steps = ([old.root] if power_of_two else []) + list(proof)
    if not steps:
        return False
    first, last = old.size - 1, new.size - 1
    while first % 2:
        first, last = first >> 1, last >> 1
    return _walk(steps, first, last) == (old.root, new.root)


def _walk(steps: Sequence[bytes], first: int, last: int) -> tuple[bytes, bytes] | None:
    """Return the two roots the steps lead to, or None when there are too many or too few."""
    old_root = new_root = steps[0]
    for step in steps[1:]:
        if last == 0:
            return None
        if first % 2 or first == last:
            old_root, new_root = _node(step, old_root), _node(step, new_root)
            while first % 2 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            new_root = _node(new_root, step)
        first, last = first >> 1, last >> 1
    return (old_root, new_root) if last == 0 else None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: whose trail (`origin`), how many entries, and their root."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the signer's name, the 4-byte hash of their key, the signature."""

    name: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text (it ends with a line break) and who signed it."""

    text: str
    signatures: tuple[NoteSignature, ...]


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Return the text that is signed: origin, size and root, a line each."""
    if not origin or "\n" in origin or size < 0 or len(root) != 32:
        message = "a checkpoint needs an origin of one line, a size, and a root of 32 bytes"
        raise ValueError(message)
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def key_hash(name: str, public_key: bytes) -> bytes:
    """Return the 4 bytes that name an Ed25519 key (its 32 public bytes) in a signature line."""
    named = name.encode() + b"\n" + bytes([_ED25519_NOTE]) + public_key
    return hashlib.sha256(named).digest()[:4]


def signed_note(text: str, name: str, key_hash4: bytes, signature: bytes) -> str:
    """Return `text` as a signed note with one signature (over the bytes of `text`)."""
    if not text.endswith("\n"):
        message = "the text of a note ends with a line break"
        raise ValueError(message)
    return cosigned_note(text + "\n", name, key_hash4, signature)


def cosigned_note(note: str, name: str, key_hash4: bytes, signature: bytes) -> str:
    """Return the note with one more signature line."""
    if not name or any(c.isspace() or c == "+" for c in name) or len(key_hash4) != 4:
        message = "a signer's name has no spaces and no plus sign; a key hash has 4 bytes"
        raise ValueError(message)
    return f"{note}{_DASH}{name} {base64.b64encode(key_hash4 + signature).decode()}\n"


def read_note(note: str) -> SignedNote:
    """Return the parts of a signed note. Whether the signatures hold is not checked here.

    Raises:
        ValueError: when this is not a signed note.
    """
    text, found, lines = note.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        message = "not a signed note"
        raise ValueError(message)
    return SignedNote(text + "\n", tuple(_read_signature(line) for line in lines[:-1].split("\n")))


def _read_signature(line: str) -> NoteSignature:
    name, space, coded = line.removeprefix(_DASH).partition(" ")
    try:
        data = base64.b64decode(coded, validate=True)
    except binascii.Error:
        data = b""
    is_spelt = base64.b64encode(data).decode() == coded  # no loose bits: one spelling
    if not (line.startswith(_DASH) and name and space and is_spelt and len(data) > 4):
        message = "not a signature line"
        raise ValueError(message)
    return NoteSignature(name, data[:4], data[4:])


def read_checkpoint(text: str) -> Checkpoint:
    """Return what the text of a checkpoint says.

    Raises:
        ValueError: when this is not the text of a checkpoint as `checkpoint_text` writes it.
    """
    parts = text.split("\n")
    if len(parts) != 4 or not _SIZE.fullmatch(parts[1]):
        message = "not a checkpoint"
        raise ValueError(message)
    try:
        root = base64.b64decode(parts[2], validate=True)
    except binascii.Error as error:
        message = "not a checkpoint"
        raise ValueError(message) from error
    checkpoint = Checkpoint(parts[0], int(parts[1]), root)
    if checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root) != text:
        message = "not a checkpoint"
        raise ValueError(message)
    return checkpoint

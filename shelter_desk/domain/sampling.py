"""A fair sample: the list is fixed first, then the reviewer's dice say which places are read.

Each place of the list is a salted leaf; their Merkle root goes into the audit trail before the
dice are known. The places are then drawn by nothing but the root and what the dice showed, so
anybody can draw them again, and nobody could have chosen a record after the dice fell.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shelter_desk.domain.audit import canonical_json, leaf_hash
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.merkle import merkle_root

METHOD = "shelter-desk-sample/1"
"""Rank of a place: SHA-256 of method, root, seed and place, a line each; the smallest win."""

RECORDS, INCIDENTS, STAFF = "records", "incidents", "staff"
LISTS = (RECORDS, INCIDENTS, STAFF)
"""What a reviewer draws from, each by itself."""
SO_FAR = "so-far"
"""Ends the name of the method where the period of the list still runs."""
FIX, DRAW = "sample.fix", "sample.draw"
_SEED = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{5,79}")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a list and what opens it: salt, label, and what ties it to a row of it."""

    label: str
    key: str
    salt: bytes

    @property
    def text(self) -> str:
        """Return what the leaf is of, beside the salt."""
        return canonical_json({"key": self.key, "label": self.label})

    @property
    def leaf(self) -> bytes:
        """Return the leaf that stands in the list."""
        return leaf_hash(self.salt, self.text)


def method_of(of_list: str, *, so_far: bool = False) -> str:
    """Return the method that a sample of a list is drawn by; it names the list.

    A list of a period that still runs (`so_far`) has a method that no pack knows.
    """
    method = METHOD if of_list == RECORDS else f"{METHOD}/{of_list}"
    return f"{method}/{SO_FAR}" if so_far else method


def key_of(public_id: str, key_salt: bytes) -> str:
    """Return the digest (hex) that ties a place to its row; its salt never leaves the records."""
    return hashlib.sha256(key_salt + public_id.encode()).hexdigest()


def in_order(places: Iterable[Place]) -> list[Place]:
    """Return the places in the order of the list: by their leaves, so that it tells nothing."""
    return sorted(places, key=lambda place: place.leaf)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root that is fixed in the trail."""
    return merkle_root(leaves)


def plain_seed(typed: str) -> str:
    """Return what the dice showed as it is kept: one space between, none around.

    Raises:
        InvalidError: too short to be a throw of dice, or it holds other signs.
    """
    seed = " ".join(typed.split())
    if not _SEED.fullmatch(seed):
        words = "Type what the dice showed: 6 to 80 digits or letters, with spaces if you like."
        raise InvalidError((Problem("seed", words),))
    return seed


def drawn(
    root: bytes, seed: str, population: int, wanted: int, method: str = METHOD
) -> tuple[int, ...]:
    """Return the places (from 1) that the seed draws, in ascending order."""
    head = f"{method}\n{root.hex()}\n{seed}\n"
    ranked = sorted(range(1, population + 1), key=lambda place: _rank(head, place))
    return tuple(sorted(ranked[:wanted]))


def fixed_reason(root: bytes, population: int, method: str = METHOD) -> str:
    """Return what the event that fixes a list says of it.

    These events leave in packs. Of a period that still runs they say no count: two lists of it,
    days apart, would tell by their difference when somebody came.
    """
    if method.endswith(SO_FAR):
        return f"{method}:{root.hex()}"
    return f"{method}:{root.hex()}:{population}"


def drawn_reason(root: bytes, seed: str, wanted: int, method: str = METHOD) -> str:
    """Return what the event of a draw says of it; as `fixed_reason`."""
    if method.endswith(SO_FAR):
        return f"{method}:{root.hex()}:{seed}"
    return f"{method}:{root.hex()}:{wanted}:{seed}"


def list_text(leaves: Sequence[bytes], opened: dict[int, Place]) -> bytes:
    """Return the list as a file: a line for each place; of those drawn, what opens it as well."""
    lines = []
    for place, leaf in enumerate(leaves, start=1):
        value = {"leaf": leaf.hex()}
        if place in opened:
            value |= {"salt": opened[place].salt.hex(), "text": opened[place].text}
        lines.append(canonical_json(value) + "\n")
    return "".join(lines).encode()


def _rank(head: str, place: int) -> bytes:
    return hashlib.sha256(f"{head}{place}\n".encode()).digest()

"""Keys below the compartments: pairs of each resident, sealed fields, and marks to find them by.

An incident has pairs of its own, as a resident has: what is said of it is about several people or
nobody, and goes when one of them is erased.

Every resident has a key pair of their own in each compartment. Its private half is sealed to the
compartment, its public half stands beside it: whoever reads the class opens the one and seals
quickly; whoever only writes seals with the other. What is sensitive about a resident is sealed
with that pair. Destroying the few sealed private halves makes unreadable whatever was sealed with
them, wherever it was copied. A copy that holds the private halves too (an older backup of the
whole store) is only as erased as its own keys are: whoever destroys keys must also retire those
copies.

A sealed field names its compartment and the generation of the resident's pair (three bytes), and
is bound to the store, the resident, and the table, row and column it stands in.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from shelter_desk.store.keys.compartments import Compartment, CompartmentKey
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.pairs import Pair, box
from shelter_desk.store.keys.sealing import Random

_BY_NUMBER = tuple(Compartment)
_NUMBERS = {name: number for number, name in enumerate(_BY_NUMBER)}
_HEAD = 3
LATEST_GENERATION = 2**16 - 1


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose pair it is sealed with: the store, the resident or incident, the compartment."""

    vault_id: bytes
    owner_public_id: str
    compartment: Compartment
    generation: int

    def context(self, place: str) -> bytes:
        """Return what binds a sealed field to the one place it stands in."""
        return self._said("field", place)

    def key_context(self) -> bytes:
        """Return what binds the private half of the pair to its resident and compartment."""
        return self._said("pair", "")

    def _said(self, what: str, place: str) -> bytes:
        named = f"{what}/{self.compartment}/{self.generation}/{self.owner_public_id}/{place}"
        return self.vault_id + named.encode()


def mark_key(key: CompartmentKey) -> bytes:
    """Return the key of marks: only holders of a compartment can make or recognise them."""
    return key.pair.derived("finding")


def blind_mark(key: bytes, text: str) -> bytes:
    """Return 16 bytes that stand for a text; only a holder of the key can make or recognise them.

    The same text has the same mark, so that it can be looked for: whoever holds the file's key but
    not this one sees which rows agree, and not in what.
    """
    return hmac.digest(key, text.encode(), "sha256")[:16]


def seal_pair(
    pair: Pair,
    whose: Whose,
    to: CompartmentKey | bytes,
    random: Random = secrets.token_bytes,
) -> bytes:
    """Return the private half of a resident's pair sealed to a compartment.

    `to` is the compartment's key where it is held, else its public half.
    """
    if isinstance(to, bytes):
        return box(to, whose.key_context(), pair.secret)
    return to.pair.seal(whose.key_context(), pair.secret, random)


def open_pair(sealed: bytes, whose: Whose, key: CompartmentKey) -> Pair:
    """Return the resident's pair.

    Raises:
        SealBrokenError: when it belongs to someone else, or to another compartment.
    """
    return Pair(key.pair.open(whose.key_context(), sealed))


def seal_field(
    to: Pair | bytes, whose: Whose, place: str, text: str, random: Random = secrets.token_bytes
) -> bytes:
    """Return `text` sealed for one place in the database ("table:row public id:column").

    `to` is the resident's pair where it could be opened, else its public half. The former takes
    two microseconds and 32 bytes more than the text, the latter 0.3 milliseconds and 52 bytes.
    """
    head = bytes((_NUMBERS[whose.compartment],)) + whose.generation.to_bytes(2, "big")
    context = whose.context(place)
    if isinstance(to, bytes):
        return head + box(to, context, text.encode())
    return head + to.seal(context, text.encode(), random)


def sealed_in(sealed: bytes) -> tuple[Compartment, int]:
    """Return in which compartment a field is sealed, and with which generation of the pair.

    Raises:
        SealBrokenError: when it names none.
    """
    if len(sealed) <= _HEAD or sealed[0] >= len(_BY_NUMBER):
        raise SealBrokenError
    return _BY_NUMBER[sealed[0]], int.from_bytes(sealed[1:_HEAD], "big")


def open_field(pair: Pair, whose: Whose, place: str, sealed: bytes) -> str:
    """Return the text of a sealed field.

    Raises:
        SealBrokenError: when it was changed, moved, or sealed with another pair.
    """
    if sealed_in(sealed) != (whose.compartment, whose.generation):
        raise SealBrokenError
    return pair.open(whose.context(place), sealed[_HEAD:]).decode()

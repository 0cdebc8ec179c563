"""Compartments: one key pair for each record class, held by the readers of that class alone.

- **Everybody can write.** The public half of each compartment stands in the records, so whoever
  admits somebody, or writes the outcome of an item they may not read, seals without any key.
- **Readers hold the private half**, sealed to their own key, one seal for each of them. So does
  the recovery kit, and so does each director, who gives keys to colleagues: a director's session
  does not use those of classes they do not read, but their own passphrase recovers them.
- **Everybody else holds a share.** Two shares of different people give the key, one gives nothing
  at all: two colleagues can open a class in an emergency, whoever they are, and nobody can alone.
- **Generations.** When somebody leaves, or may no longer read a class, the compartment gets a new
  pair, sealed to those who stay. It seals the former private half within itself, so whoever holds
  the newest reaches all that was sealed before, and nobody walks the other way: what was taken
  away opens nothing that is written later. That is one small transaction, whatever the size of
  the records: nothing has to be sealed again, and there is nothing to be cut off in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.identity import Opened, PublicKeys
from shelter_desk.store.keys.pairs import Pair, new_pair
from shelter_desk.store.keys.sealing import KEY_BYTES, Random, seal_to

FIRST_GENERATION = 1
_PRIME = 2**521 - 1
_SHARE_BYTES = 66


class Compartment(StrEnum):
    """A part of the records with its own readers: a record class.

    The order is part of the format: a sealed field names its compartment by its number.
    """

    GENERAL = "general"
    IDENTITY = "identity"
    LOCATION = "location"
    HEALTH = "health"
    MENTAL_HEALTH = "mental-health"
    SUBSTANCE_USE = "substance-use"
    PRIVILEGED = "privileged"
    INVESTIGATION = "investigation"
    EDUCATION = "education"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class CompartmentKey:
    """The private half of a compartment's pair, and which generation it is."""

    generation: int
    pair: Pair = field(repr=False)


@dataclass(frozen=True, slots=True)
class CompartmentKeys:
    """The newest compartment keys one person holds; what they may not read is absent."""

    keys: Mapping[Compartment, CompartmentKey] = field(repr=False)

    def __contains__(self, compartment: Compartment) -> bool:
        return compartment in self.keys

    def __getitem__(self, compartment: Compartment) -> CompartmentKey:
        return self.keys[compartment]

    def only(self, compartments: Iterable[Compartment]) -> CompartmentKeys:
        """Return those of the keys that are held and named."""
        return CompartmentKeys({name: self.keys[name] for name in compartments if name in self})


def new_compartment_keys(random: Random = secrets.token_bytes) -> CompartmentKeys:
    """Return fresh keys of all compartments, once in the life of a store."""
    return CompartmentKeys(
        {name: CompartmentKey(FIRST_GENERATION, new_pair(random)) for name in Compartment}
    )


def next_generation(
    former: CompartmentKey,
    compartment: Compartment,
    vault_id: bytes,
    random: Random = secrets.token_bytes,
) -> tuple[CompartmentKey, bytes]:
    """Return a compartment's next key, and the former one sealed within it."""
    fresh = CompartmentKey(former.generation + 1, new_pair(random))
    context = _context(vault_id, "former", compartment, fresh.generation)
    return fresh, fresh.pair.seal(context, former.pair.secret, random)


def former_generation(
    key: CompartmentKey, compartment: Compartment, vault_id: bytes, sealed: bytes
) -> CompartmentKey:
    """Return the key before this one.

    Raises:
        SealBrokenError: when it was not sealed within this one.
    """
    context = _context(vault_id, "former", compartment, key.generation)
    return CompartmentKey(key.generation - 1, Pair(key.pair.open(context, sealed)))


def seal_compartment(
    key: CompartmentKey, compartment: Compartment, vault_id: bytes, recipient: PublicKeys
) -> bytes:
    """Return a compartment's key sealed to one person or to the kit, for the database.

    Take the recipient's public key from the database, never from the key file.
    """
    info = _context(vault_id, "key", compartment, key.generation, recipient.recipient_id)
    return seal_to(recipient.sealing, key.pair.secret, info)


def open_compartment(
    sealed: bytes, compartment: Compartment, generation: int, opened: Opened
) -> CompartmentKey:
    """Return the compartment's key that was sealed to the person (or kit) at hand.

    Raises:
        SealBrokenError: when it was sealed to someone else or for another compartment.
    """
    info = _context(opened.vault_id, "key", compartment, generation, opened.recipient_id)
    return CompartmentKey(generation, Pair(opened.open_seal(sealed, info)))


@dataclass(frozen=True, slots=True)
class Share:
    """A point of the line that starts at the key: two of them give it, one gives nothing."""

    at: int
    value: int = field(repr=False)


def seal_share(
    key: CompartmentKey, compartment: Compartment, vault_id: bytes, recipient: PublicKeys, at: int
) -> bytes:
    """Return one person's share, sealed to them. `at` is a number that only they have."""
    if at < 1:
        message = "a share stands at 1 or later"
        raise ValueError(message)
    slope = int.from_bytes(
        hashlib.shake_256(key.pair.derived("shares")).digest(_SHARE_BYTES), "big"
    )
    value = (int.from_bytes(key.pair.secret, "big") + at * slope) % _PRIME
    info = _context(vault_id, f"share-{at}", compartment, key.generation, recipient.recipient_id)
    return seal_to(recipient.sealing, value.to_bytes(_SHARE_BYTES, "big"), info)


def open_share(
    sealed: bytes, compartment: Compartment, generation: int, opened: Opened, at: int
) -> Share:
    """Return the share that was sealed to the person at hand.

    Raises:
        SealBrokenError: when it was sealed to someone else or for another compartment.
    """
    info = _context(opened.vault_id, f"share-{at}", compartment, generation, opened.recipient_id)
    return Share(at, int.from_bytes(opened.open_seal(sealed, info), "big"))


def key_of_two(one: Share, other: Share, generation: int) -> CompartmentKey:
    """Return the key that two people's shares give together.

    Raises:
        SealBrokenError: when they are the same share, or not of the same key.
    """
    between = (other.at - one.at) % _PRIME
    if not between:
        raise SealBrokenError
    start = (one.value * other.at - other.value * one.at) * pow(between, -1, _PRIME) % _PRIME
    if start.bit_length() > 8 * KEY_BYTES:
        raise SealBrokenError
    return CompartmentKey(generation, Pair(start.to_bytes(KEY_BYTES, "big")))


def _context(
    vault_id: bytes, what: str, compartment: Compartment, generation: int, recipient: str = ""
) -> bytes:
    return vault_id + f"compartment/{what}/{compartment}/{generation}/{recipient}".encode()

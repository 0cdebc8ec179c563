"""The recovery kit: 128 random bits on paper that open the store when passphrases are lost.

Thirty-two characters in eight groups of four, in Crockford's digits (no I, L, O, U). 130 bits
carry the seed (two are padding, zero), 30 bits are a BCH checksum: the generator of bech32m with
a fixed prefix (BIP 350), which finds every error in up to four characters and one in 10^9 of the
rest slips through. The seed gives an X25519 key pair, so re-keying the store never invalidates
the paper, and the same pair is an age identity: stock `age` can open a backup with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shelter_desk.domain.audit import CROCKFORD
from shelter_desk.domain.bech32 import (
    BECH32M,
    age_identity,
    age_recipient,
    check_digits,
    polymod,
)
from shelter_desk.store.keys.errors import KitNotReadError
from shelter_desk.store.keys.sealing import Random, derive

SEED_BYTES = 16
GROUPS = 8
GROUP_LENGTH = 4
_LENGTH = GROUPS * GROUP_LENGTH
_DATA_DIGITS = 26
_PREFIX = (7, 4, 11, 15)  # says "kit of this program": another program's code fails the checksum
_LOOK_ALIKES = str.maketrans("OIL", "011")
_BETWEEN = str.maketrans("", "", " -\t\r\n\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}")


@dataclass(frozen=True, slots=True)
class RecoveryKit:
    """A kit, by its 16-byte seed. Printing it is `code`; it never shows itself in a log."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            message = "a kit has a seed of 16 bytes"
            raise ValueError(message)

    @property
    def code(self) -> str:
        """Return the 32 characters as printed: eight groups of four with hyphens."""
        number = int.from_bytes(self.seed, "big") << 2
        digits = [(number >> (5 * i)) & 31 for i in reversed(range(_DATA_DIGITS))]
        digits += check_digits(_PREFIX, digits, BECH32M)
        text = "".join(CROCKFORD[digit] for digit in digits)
        return "-".join(text[i : i + GROUP_LENGTH] for i in range(0, _LENGTH, GROUP_LENGTH))

    @property
    def private_key(self) -> X25519PrivateKey:
        """Return the kit's private key."""
        return X25519PrivateKey.from_private_bytes(derive(self.seed, "kit"))

    @property
    def public_key(self) -> bytes:
        """Return the 32 bytes that things are sealed to."""
        return self.private_key.public_key().public_bytes_raw()

    @property
    def age_identity(self) -> str:
        """Return the key as stock age reads it: AGE-SECRET-KEY-1 and 58 characters."""
        return age_identity(self.private_key.private_bytes_raw())

    @property
    def age_recipient(self) -> str:
        """Return the public key as stock age writes it: age1 and 58 characters."""
        return age_recipient(self.public_key)


def new_kit(random: Random = secrets.token_bytes) -> RecoveryKit:
    """Return a kit of 128 random bits."""
    return RecoveryKit(random(SEED_BYTES))


def read_kit(typed: str) -> RecoveryKit:
    """Return the kit whose code was typed; spaces, hyphens, case, O for 0 and I, L for 1 are fine.

    Raises:
        KitNotReadError: when it is not a whole code; the sentence names the group to look at
            where that can be told.
    """
    text = typed.upper().translate(_LOOK_ALIKES).translate(_BETWEEN)
    for position, character in enumerate(text):
        if character not in CROCKFORD:
            group = position // GROUP_LENGTH + 1
            message = f'"{character}" is not used in recovery codes. Look at group {group}.'
            raise KitNotReadError(message)
    if len(text) != _LENGTH:
        message = f"A recovery code has {_LENGTH} characters; this one has {len(text)}."
        raise KitNotReadError(message)
    digits = [CROCKFORD.index(character) for character in text]
    if polymod([*_PREFIX, *digits]) != BECH32M:
        raise KitNotReadError(_advice(digits))
    number = 0
    for digit in digits[:_DATA_DIGITS]:
        number = number << 5 | digit
    if number & 3:
        raise KitNotReadError
    return RecoveryKit((number >> 2).to_bytes(SEED_BYTES, "big"))


def check_typed(code: str, typed: str) -> None:
    """Pass when what was typed is this code.

    Raises:
        KitNotReadError: when it is not; the sentence says what to look at.
    """
    if read_kit(typed).code != code:
        message = "This is the code of another kit. Type the one shown before."
        raise KitNotReadError(message)


def _advice(digits: list[int]) -> str:
    """Name the group with the slip, if one changed character explains the failed checksum.

    Only the group is named and nothing is corrected: the paper decides, not a guess.
    """
    position = _single_slip(digits)
    if position is None:
        position = _single_swap(digits)
    if position is None:
        return str(KitNotReadError())
    group = position // GROUP_LENGTH + 1
    return f"One character looks wrong. Compare group {group} with the paper."


def _single_slip(digits: list[int]) -> int | None:
    """Return the position where one other digit would make the checksum right."""
    # The checksum is linear: a slip changes it by its own pattern, whatever the code says. The
    # pattern of the last place is the slip itself, and each place before it is one step more.
    wanted = polymod([*_PREFIX, *digits]) ^ BECH32M
    patterns = list(range(1, 32))
    for place in reversed(range(_LENGTH)):
        if wanted in patterns:
            return place
        patterns = [polymod([0], pattern) for pattern in patterns]
    return None


def _single_swap(digits: list[int]) -> int | None:
    """Return the position of two neighbours whose exchange would make the checksum right."""
    for place in range(_LENGTH - 1):
        swapped = digits.copy()
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        if polymod([*_PREFIX, *swapped]) == BECH32M:
            return place
    return None

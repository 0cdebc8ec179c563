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
from shelter_desk.store.keys.errors import KitNotReadError
from shelter_desk.store.keys.sealing import Random, derive

SEED_BYTES = 16
GROUPS = 8
GROUP_LENGTH = 4
_LENGTH = GROUPS * GROUP_LENGTH
_DATA_DIGITS = 26
_CHECK_DIGITS = 6
_PREFIX = (7, 4, 11, 15)  # says "kit of this program": another program's code fails the checksum
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32M = 0x2BC830A3
_BECH32 = 1
_BECH32_DIGITS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
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
        check = _polymod([*_PREFIX, *digits, *[0] * _CHECK_DIGITS]) ^ _BECH32M
        digits += [(check >> (5 * i)) & 31 for i in reversed(range(_CHECK_DIGITS))]
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
        return _bech32("age-secret-key-", derive(self.seed, "kit")).upper()

    @property
    def age_recipient(self) -> str:
        """Return the public key as stock age writes it: age1 and 58 characters."""
        return age_recipient(self.public_key)


def new_kit(random: Random = secrets.token_bytes) -> RecoveryKit:
    """Return a kit of 128 random bits."""
    return RecoveryKit(random(SEED_BYTES))


def age_recipient(public_key: bytes) -> str:
    """Return any X25519 public key (32 bytes) as an age recipient."""
    return _bech32("age", public_key)


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
    if _polymod([*_PREFIX, *digits]) != _BECH32M:
        raise KitNotReadError(_advice(digits))
    number = 0
    for digit in digits[:_DATA_DIGITS]:
        number = number << 5 | digit
    if number & 3:
        raise KitNotReadError
    return RecoveryKit((number >> 2).to_bytes(SEED_BYTES, "big"))


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
    wanted = _polymod([*_PREFIX, *digits]) ^ _BECH32M
    patterns = list(range(1, 32))
    for place in reversed(range(_LENGTH)):
        if wanted in patterns:
            return place
        patterns = [_polymod([0], pattern) for pattern in patterns]
    return None


def _single_swap(digits: list[int]) -> int | None:
    """Return the position of two neighbours whose exchange would make the checksum right."""
    for place in range(_LENGTH - 1):
        swapped = digits.copy()
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        if _polymod([*_PREFIX, *swapped]) == _BECH32M:
            return place
    return None


def _polymod(values: list[int], start: int = 1) -> int:
    """Return the remainder by the bech32 generator (BIP 173)."""
    check = start
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            if top >> i & 1:
                check ^= generator
    return check


def _bech32(prefix: str, data: bytes) -> str:
    """Return `data` as bech32 (BIP 173), which age uses for its keys."""
    number = int.from_bytes(data, "big")
    spare = -len(data) * 8 % 5
    count = (len(data) * 8 + spare) // 5
    digits = [(number << spare) >> (5 * i) & 31 for i in reversed(range(count))]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _polymod([*expanded, *digits, *[0] * _CHECK_DIGITS]) ^ _BECH32
    digits += [(check >> (5 * i)) & 31 for i in reversed(range(_CHECK_DIGITS))]
    return prefix + "1" + "".join(_BECH32_DIGITS[digit] for digit in digits)

"""Bech32 checksums (BIP 173, BIP 350) and the keys of age, which are spelled in bech32."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

BECH32M = 0x2BC830A3
CHECK_DIGITS = 6
_BECH32 = 1
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_DIGITS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(values: Iterable[int], start: int = 1) -> int:
    """Return the 30-bit remainder of five-bit `values` by the bech32 generator."""
    check = start
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            if top >> i & 1:
                check ^= generator
    return check


def check_digits(prefix: Sequence[int], digits: Sequence[int], constant: int) -> list[int]:
    """Return the six digits that make prefix, digits and checksum leave `constant`."""
    check = polymod([*prefix, *digits, *[0] * CHECK_DIGITS]) ^ constant
    return [(check >> (5 * i)) & 31 for i in reversed(range(CHECK_DIGITS))]


def age_recipient(public_key: bytes) -> str:
    """Return an X25519 public key (32 bytes) as age writes it: age1 and 58 characters."""
    return _encode("age", public_key)


def age_identity(private_key: bytes) -> str:
    """Return an X25519 private key (32 bytes) as age reads it: AGE-SECRET-KEY-1 and 58 more."""
    return _encode("age-secret-key-", private_key).upper()


def _encode(prefix: str, data: bytes) -> str:
    spare = -len(data) * 8 % 5
    number = int.from_bytes(data, "big") << spare
    count = (len(data) * 8 + spare) // 5
    digits = [number >> (5 * i) & 31 for i in reversed(range(count))]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    digits += check_digits(expanded, digits, _BECH32)
    return prefix + "1" + "".join(_DIGITS[digit] for digit in digits)

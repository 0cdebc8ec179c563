"""Bech32 checksums (BIP 173, BIP 350) and the keys of age, which are spelled in bech32."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

BECH32M = 0x2BC830A3
CHECK_DIGITS = 6
_BECH32 = 1
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_DIGITS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_KEY_BYTES = 32


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


def recipient_bytes(spelt: str) -> bytes:
    """Return the 32 bytes that `age_recipient` spells so.

    Raises:
        ValueError: it is not the one spelling of 32 bytes.
    """
    return _decode("age", spelt)


def identity_bytes(spelt: str) -> bytes:
    """Return the 32 bytes that `age_identity` spells so.

    Raises:
        ValueError: it is not the one spelling of 32 bytes. The message does not repeat it.
    """
    if spelt != spelt.upper():
        raise ValueError("a secret key of age is in capitals")
    return _decode("age-secret-key-", spelt.lower())


def _encode(prefix: str, data: bytes) -> str:
    spare = -len(data) * 8 % 5
    number = int.from_bytes(data, "big") << spare
    count = (len(data) * 8 + spare) // 5
    digits = [number >> (5 * i) & 31 for i in reversed(range(count))]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    digits += check_digits(expanded, digits, _BECH32)
    return prefix + "1" + "".join(_DIGITS[digit] for digit in digits)


def _decode(prefix: str, spelt: str) -> bytes:
    digits = [_DIGITS.find(letter) for letter in spelt.removeprefix(f"{prefix}1")]
    spare = -_KEY_BYTES * 8 % 5
    count = (_KEY_BYTES * 8 + spare) // 5
    if -1 in digits or len(digits) != count + CHECK_DIGITS:
        raise ValueError("letters are missing, or are none of a key")
    number = 0
    for digit in digits[:count]:
        number = number << 5 | digit
    data = (number >> spare).to_bytes(_KEY_BYTES, "big")
    if _encode(prefix, data) != spelt:  # prefix, spare bits and checksum in one
        raise ValueError("the checksum does not fit")
    return data

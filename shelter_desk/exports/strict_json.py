"""JSON in its one spelling, read the same by this program and by the opener in any browser.

Python reads more than JSON (NaN, any length of numbers, half a letter), and a browser rounds large
numbers. Whoever makes a pack by hand could show two readers two different things, so nothing is
taken that either of them could read in another way: whole numbers that a browser holds exactly,
whole letters, groups not too deep.
"""

from __future__ import annotations

import base64
import json
from typing import Any, NoReturn

from shelter_desk.domain.audit import canonical_json

MOST_DEPTH = 32
LARGEST = (1 << 53) - 1
_MOST_DIGITS = 17


class NotCanonicalError(ValueError):
    """It is JSON, but not in the one spelling."""


def canonical_object(text: str) -> dict[str, Any]:
    """Return the object that `text` is the one spelling of.

    Raises:
        NotCanonicalError: it is JSON, but no object, or spelt in another way.
        ValueError: it is no JSON that every reader reads.
    """
    try:
        value = json.loads(
            text, parse_int=_whole, parse_float=_fraction, parse_constant=_no_constant
        )
    except RecursionError:
        raise ValueError from None
    _refuse_deep(value, MOST_DEPTH)
    spelt = canonical_json(value)
    spelt.encode()  # half a letter has no bytes
    if spelt != text or not isinstance(value, dict) or _has_odd_number(value):
        raise NotCanonicalError
    return value


def whole_number(value: object) -> int:
    """Return a number that counts; True is none.

    Raises:
        ValueError: it is anything else.
    """
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise ValueError
    return value


def plain_list(value: object) -> list[Any]:
    """Return a list.

    Raises:
        ValueError: it is anything else, even what could be gone through like one.
    """
    if not isinstance(value, list):
        raise ValueError  # noqa: TRY004 - what is read is wrong, not the program
    return value


def hex_bytes(text: object) -> bytes:
    """Return bytes spelt in lower-case hexadecimal digits and nothing between them.

    Raises:
        ValueError: they are spelt in another way.
    """
    data = bytes.fromhex(text) if isinstance(text, str) else b""
    if data.hex() != text:
        raise ValueError
    return data


def base64_bytes(text: str) -> bytes:
    """Return bytes spelt in base64 in its one way.

    Raises:
        ValueError: they are spelt in another way.
    """
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError
    return data


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else LARGEST + 1


def _fraction(_: str) -> float:
    return 0.5  # none is taken, so it does not matter which


def _no_constant(_: str) -> NoReturn:
    raise ValueError


def _refuse_deep(value: object, left: int) -> None:
    if not isinstance(value, dict | list):
        return
    if not left:
        raise ValueError
    for part in value.values() if isinstance(value, dict) else value:
        _refuse_deep(part, left - 1)


def _has_odd_number(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_odd_number(part) for part in value.values())
    if isinstance(value, list):
        return any(_has_odd_number(part) for part in value)
    return isinstance(value, float) or (isinstance(value, int) and abs(value) > LARGEST)

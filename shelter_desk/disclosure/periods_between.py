"""Which periods of releases follow each other: quarters and years, by their names alone."""

from __future__ import annotations

import re

_NAMED = re.compile(r"(\d{4})(?:-Q([1-4]))?(?:#.*)?")
QUARTERS = 4


def quarters_of(period: str) -> tuple[int, int] | None:
    """Return the first and the last quarter of a period, counted on; None where it is no such."""
    named = _NAMED.fullmatch(period)
    if named is None:
        return None
    first = int(named[1]) * QUARTERS
    if named[2] is None:
        return first, first + QUARTERS - 1
    return first + int(named[2]) - 1, first + int(named[2]) - 1


def touch(one: str, other: str) -> bool:
    """Tell whether one period begins when the other has ended."""
    here, there = quarters_of(one), quarters_of(other)
    if here is None or there is None:
        return False
    return here[0] == there[1] + 1 or there[0] == here[1] + 1

"""Random labels for the lines of one pack: they stand for somebody there and nowhere else.

What they promise: a label of one pack finds nothing in another, and none leads to a record of the
house. What they do not: lines themselves tell days of stay and states, and in a house of some
dozens most records are the only one of their pattern. Readers who put two packs together find
those again (`tests/exports/test_pack_rows.py` counts them). So lines leave on a ground alone, for
one reader, and file 17 of the pack says it.
"""

from __future__ import annotations

import secrets

from shelter_desk.domain.audit import CROCKFORD

_LETTERS = 5


def fresh_labels(count: int) -> tuple[str, ...]:
    """Return that many different labels, in order; nothing of anybody is in them."""
    found: set[str] = set()
    while len(found) < count:
        found.add("".join(secrets.choice(CROCKFORD) for _ in range(_LETTERS)))
    return tuple(sorted(found))


def shuffled(count: int) -> list[int]:
    """Return the numbers below `count` in a random order."""
    order = list(range(count))
    secrets.SystemRandom().shuffle(order)
    return order

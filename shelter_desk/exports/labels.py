"""Random labels for the lines of one pack: they stand for somebody there and nowhere else."""

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

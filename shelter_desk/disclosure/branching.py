"""Is there a pattern that meets every cut and weighs no more than this? By halves, to the end.

A figure that the linear program withholds in part is withheld on one branch and shown on the
other, and what would make the program too heavy is settled on the way. The solver for whole
numbers prepares each such question at length; ours are small, near the truth and asked again and
again, so that five to fifty linear programs, each from the corner of the last, answer them in a
tenth of the time.

Source: Land and Doig, Econometrica 28 (1960).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.model import BoolVector, FloatVector
from shelter_desk.disclosure.relaxing import Relaxed, Relaxing

# A weight this little above the limit is at the limit.
EDGE = 1e-4
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Branched:
    """A pattern, or none; and whether the question is answered or was given up."""

    pattern: BoolVector | None
    final: bool


@dataclass(frozen=True, slots=True)
class _Branch:
    lower: FloatVector
    upper: FloatVector
    relaxed: Relaxed


def lightest(
    linear: Relaxing, must: BoolVector, may: BoolVector, weight: float, most: int
) -> Branched:
    """Look for a pattern that weighs at most `weight`.

    Args:
        linear: the cuts.
        must: figures withheld in any case.
        may: figures that may be.
        weight: the limit.
        most: how many linear programs may be solved for it.
    """
    root = _branch(linear, must.astype(np.float64), may.astype(np.float64), weight)
    open_branches = [] if root is None else [root]
    left = most - 1
    while open_branches:
        one = open_branches.pop()
        shares = np.clip(one.relaxed.shares, one.lower, one.upper)
        pattern = shares > 0.5
        doubt = np.where(one.lower < one.upper, np.minimum(shares, 1.0 - shares), -1.0)
        figure = int(np.argmax(doubt))
        fits = doubt[figure] < WHOLE and linear.weigh(pattern) < weight + EDGE
        if fits and linear.meets(pattern):
            return Branched(pattern, final=True)
        if doubt[figure] < 0:
            continue
        if left <= 0:
            return Branched(None, final=False)
        shown, withheld = one.upper.copy(), one.lower.copy()
        shown[figure], withheld[figure] = 0.0, 1.0
        sides = [
            _branch(linear, one.lower, shown, weight),
            _branch(linear, withheld, one.upper, weight),
        ]
        left -= len(sides)
        # The lighter one first, withheld where they are alike.
        found = [side for side in sides if side is not None]
        open_branches += sorted(found, key=lambda side: -side.relaxed.weight)
    return Branched(None, final=True)


def _branch(
    linear: Relaxing, lower: FloatVector, upper: FloatVector, weight: float
) -> _Branch | None:
    """Look at what is left between these bounds, and settle what alone would be too heavy."""
    relaxed = linear.solve(lower, upper)
    if relaxed.weight > weight + EDGE:
        return None
    spare, free = weight - relaxed.weight + EDGE, lower < upper
    return _Branch(
        np.where(free & (relaxed.prices < -spare), 1.0, lower),
        np.where(free & (relaxed.prices > spare), 0.0, upper),
        relaxed,
    )

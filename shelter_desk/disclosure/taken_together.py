"""Which classes of residents, taken together, readers can add up although none of them alone.

13 to 14 less 13 is 14; everybody less 12 and less 15 is 13 to 14, and so is 12 to 14 of one paper
less 12 of another. Whatever follows from some sums by adding and subtracting is found here: of n
classes of which d follow from the others, 2 ** d sets are tried instead of 2 ** n.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

import numpy as np

from shelter_desk.disclosure.adding import sums_of
from shelter_desk.disclosure.families import FamilyError
from shelter_desk.disclosure.model import BoolVector, FloatVector

NEAR = 1e-7
# As many classes may be free to be taken or left: sets of them double with each.
MOST_FREE = 14

Chosen = tuple[int, ...]


class Together:
    """Classes, and what of each no sum tells.

    Args:
        sums: one row for each sum that readers have, over atoms.
        classes: one row for each class, over the same atoms; no atom is in two of them.
    """

    def __init__(self, sums: BoolVector, classes: BoolVector) -> None:
        # Atoms that nothing tells apart are one column, counted as often as they are.
        kinds, times = np.unique(np.vstack([sums, classes]), axis=1, return_counts=True)
        scaled = kinds.astype(np.float64) * np.sqrt(times)
        basis = sums_of(scaled[: len(sums)])
        rest = scaled[len(sums) :]
        self._untold: FloatVector = rest - (rest @ basis) @ basis.T

    def alone(self) -> BoolVector:
        """Tell for each class whether readers can add it up by itself."""
        found: BoolVector = np.abs(self._untold).max(axis=1, initial=0.0) < NEAR
        return found

    def sets(self, among: Sequence[int]) -> list[Chosen]:
        """Return every set of some classes that readers can add up.

        Raises:
            FamilyError: there are too many to try.
        """
        if not among:
            return []
        pivots, free, taken = _solved(self._untold[list(among)])
        if len(free) > MOST_FREE:
            raise FamilyError(
                "Too many lines of different releases could be added and subtracted.",
                "Ask for the same bands as before, or for fewer.",
            )
        choices = (np.arange(1, 2 ** len(free))[:, None] >> np.arange(len(free))) & 1
        follow = choices @ taken
        fits = (np.minimum(np.abs(follow), np.abs(follow - 1)) < NEAR).all(axis=1)
        inside = np.zeros((int(fits.sum()), len(among)), dtype=np.bool_)
        inside[:, free] = choices[fits] > 0
        inside[:, pivots] = follow[fits] > 0.5
        return [tuple(compress(among, row)) for row in inside.tolist()]


def _solved(untold: FloatVector) -> tuple[list[int], list[int], FloatVector]:
    """Say which classes are taken by what others are, so that nothing is left untold.

    Returns:
        Classes that follow, classes that are free, and how often each free one takes one of them.
    """
    left = untold.T.copy()
    pivots: list[int] = []
    for column in range(left.shape[1]):
        below = np.abs(left[len(pivots) :, column])
        if not len(below) or below.max() < NEAR:
            continue
        row, place = len(pivots), len(pivots) + int(below.argmax())
        left[[row, place]] = left[[place, row]]
        left[row] /= left[row, column]
        others = np.arange(len(left)) != row
        left[others] -= np.outer(left[others, column], left[row])
        pivots.append(column)
    free = [n for n in range(left.shape[1]) if n not in pivots]
    return pivots, free, -left[: len(pivots), free].T

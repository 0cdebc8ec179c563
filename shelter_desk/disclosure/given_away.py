"""What figures known from elsewhere give away by themselves; no release can protect that any more.

Sums and differences of them are known as well as they are, and who is in one of them is one of so
many. A release may tell no more than that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from shelter_desk.disclosure.asked import Asked
from shelter_desk.disclosure.model import BoolVector, FloatVector
from shelter_desk.disclosure.space import Space

NEAR = 1e-7


class GivenAway:
    """Figures that are known from elsewhere, over the atoms of a space."""

    def __init__(self, space: Space, known: Sequence[Asked]) -> None:
        size = len(space.counts)
        rows = {
            space.atoms_in(number, one.where)
            for one in known
            if one.told
            for number, cluster in enumerate(space.clusters)
            if one.where.attributes <= cluster
        }
        self._inside = np.zeros((len(rows), size), dtype=np.bool_)
        for place, atoms in enumerate(sorted(rows)):
            self._inside[place, list(atoms)] = True
        counts = np.array(space.counts, dtype=np.int64)
        self._totals = self._inside @ counts
        self._basis = _basis(self._inside)

    def adds_up_to(self, atoms: Collection[int]) -> bool:
        """Tell whether the number in these atoms follows from known ones by adding."""
        if not len(self._totals):
            return False
        wanted = self._vector(atoms).astype(np.float64)
        left = wanted - self._basis @ (self._basis.T @ wanted)
        return bool(np.abs(left).max(initial=0) < NEAR)

    def most(self, atoms: Collection[int], above: int) -> int:
        """Return how many there can be in these atoms at most, `above` where nothing tells."""
        if not len(self._totals) or not atoms:
            return above
        around = self._inside[:, sorted(atoms)].all(axis=1)
        return min([above, *map(int, self._totals[around])])

    def _vector(self, atoms: Collection[int]) -> BoolVector:
        found = np.zeros(self._inside.shape[1], dtype=np.bool_)
        found[sorted(atoms)] = True
        return found


def _basis(inside: BoolVector) -> FloatVector:
    """Return an orthonormal basis of all sums of some rows, as columns."""
    if not len(inside):
        return np.zeros((inside.shape[1], 0))
    left, sizes, _ = np.linalg.svd(inside.T.astype(np.float64), full_matrices=False)
    basis: FloatVector = left[:, sizes > NEAR]
    return basis

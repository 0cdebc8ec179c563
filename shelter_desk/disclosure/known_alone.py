"""How many there can be in a group by figures that are known, and by nothing else.

Too few here would excuse a group from its proof, so the solver is not believed: what it answers is
taken for multipliers only. Whatever numbers multiply the known figures, their sum bounds the group
from above (weak duality), and that sum is added up in whole numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from shelter_desk.disclosure.highs import fresh, load, model, rows_of
from shelter_desk.disclosure.model import FloatVector, IntVector, Link

# More than any smallest group: a class that nothing bounds can have so many more.
MANY = 1_000
# Multipliers are rounded to so many parts of one (thirds, quarters, sevenths are met exactly).
# Then all is whole numbers, far below what 64 bits hold: ten thousand figures of a million each.
PARTS_OF_ONE = 720_720


class KnownAlone:
    """A linear model of what is known, asked for one group after another.

    Args:
        figures: the atoms of each known figure.
        links: equalities readers know from the meaning of the tables.
        counts: true residents in each atom.
    """

    def __init__(
        self, figures: Sequence[Sequence[int]], links: Sequence[Link], counts: IntVector
    ) -> None:
        values = [float(counts[list(atoms)].sum()) for atoms in figures]
        bounds = np.array([*values, *(0.0 for _ in links)])
        self._rows = rows_of(figures, [(link.left, link.right) for link in links])
        self._values, self._upper = bounds.astype(np.int64), counts + MANY
        upper: FloatVector = self._upper.astype(np.float64)
        lp = model(self._rows, (bounds, bounds), upper, np.zeros(len(counts)))
        lp.sense_ = load().ObjSense.kMaximize
        self._solver = fresh()
        self._solver.passModel(lp)

    def most(self, atoms: Collection[int], above: int) -> int:
        """Return how many there can be in these atoms, `above` where it is as many or unsure."""
        columns = np.array(list(atoms), dtype=np.int32)
        self._solver.changeColsCost(len(columns), columns, np.ones(len(columns)))
        self._solver.run()
        multipliers = np.array(self._solver.getSolution().row_dual)
        self._solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        return min(above, *(self.bound(atoms, sign * multipliers) for sign in (1.0, -1.0)))

    def bound(self, atoms: Collection[int], multipliers: FloatVector) -> int:
        """Return how many there can be in these atoms at most, by multiples of the known figures.

        True for any multipliers; sharp for the solver's own. No solver takes part.
        """
        if len(multipliers) != self._rows.count or not np.isfinite(multipliers).all():
            multipliers = np.zeros(self._rows.count)
        times = np.rint(np.clip(multipliers, -MANY, MANY) * PARTS_OF_ONE).astype(np.int64)
        left = np.zeros(len(self._upper), dtype=np.int64)
        left[list(atoms)] = PARTS_OF_ONE
        each = np.repeat(times, np.diff(self._rows.starts)) * self._rows.signs.astype(np.int64)
        np.subtract.at(left, self._rows.atoms, each)
        # What the figures do not cover of an atom is bounded by the most that can be in it.
        over = np.flatnonzero(left > 0).tolist()
        beside = sum(int(left[atom]) * int(self._upper[atom]) for atom in over)
        return (int(times @ self._values) + beside) // PARTS_OF_ONE

"""How many there can be in a group by figures that are known, and by nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from shelter_desk.disclosure.highs import NEAR, fresh, load, model, rows_of
from shelter_desk.disclosure.model import FloatVector, IntVector, Link

# More than any smallest group: a class that nothing bounds can have so many more.
MANY = 1_000


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
        rows = rows_of(figures, [(link.left, link.right) for link in links])
        upper: FloatVector = (counts + MANY).astype(np.float64)
        lp = model(rows, (bounds, bounds), upper, np.zeros(len(counts)))
        lp.sense_ = load().ObjSense.kMaximize
        self._solver = fresh()
        self._solver.passModel(lp)

    def most(self, atoms: Collection[int], above: int) -> int:
        """Return how many there can be in these atoms, `above` where it is as many or unsure."""
        columns = np.array(list(atoms), dtype=np.int32)
        self._solver.changeColsCost(len(columns), columns, np.ones(len(columns)))
        self._solver.run()
        is_sure = self._solver.getModelStatus() == load().HighsModelStatus.kOptimal
        found = self._solver.getInfo().objective_function_value
        self._solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        return min(above, int(found + NEAR)) if is_sure else above

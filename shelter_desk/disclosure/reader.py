"""One warm linear model of what a reader knows, asked again and again.

Every blank figure in question has a column of its own, its rise: how far the figure lies above its
least value, up to a cap. A question only changes costs, never what is possible, so that the corner
that answered the last one is where the next one begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.highs import Rows, fresh, load, model
from shelter_desk.disclosure.model import BoolVector, FloatVector

# The last corner still fits, so the primal simplex goes on from it. The dual one, and bounds made
# uneven against ties, begin almost anew each time (three times the work on 646 figures).
WARM: dict[str, object] = {
    "presolve": "off",
    "simplex_strategy": 4,
    "simplex_scale_strategy": 0,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
    "simplex_iteration_limit": 20_000,
}
# What is usual, for the rare question that the warm way does not answer.
COLD: dict[str, object] = {
    "simplex_strategy": 1,
    "primal_simplex_bound_perturbation_multiplier": 1.0,
}


@dataclass(frozen=True, slots=True)
class Corner:
    """An extreme point: what was asked for, residents per atom, multipliers per row."""

    value: float
    point: FloatVector
    multipliers: FloatVector


class Reader:
    """Rows within bounds over atoms from 0 up; the questions asked of them."""

    def __init__(
        self, rows: Rows, bounds: tuple[FloatVector, FloatVector], atoms_upper: FloatVector
    ) -> None:
        """Begin with these bounds of rows and atoms."""
        self.lower, self.upper = bounds[0].copy(), bounds[1].copy()
        self._atoms = len(atoms_upper)
        self._rows = rows
        self._columns: dict[int, int] = {}
        self._caps: dict[int, float] = {}
        self._costs: dict[int, float] = {}
        highs = load()
        self._fine = highs.HighsModelStatus.kOptimal
        self._solver = fresh(**WARM)
        lp = model(rows, (self.lower, self.upper), atoms_upper, np.zeros(self._atoms))
        lp.sense_ = highs.ObjSense.kMaximize
        self._solver.passModel(lp)

    def settle(self, lower: FloatVector, upper: FloatVector, *, may_rise: BoolVector) -> None:
        """Set the bounds of the first rows; those that may not rise are held as they are."""
        count = len(lower)
        changed = np.flatnonzero((lower != self.lower[:count]) | (upper != self.upper[:count]))
        self.lower[changed], self.upper[changed] = lower[changed], upper[changed]
        if len(changed):
            self._solver.changeRowsBounds(
                len(changed), changed.astype(np.int32), lower[changed], upper[changed]
            )
        for row, column in self._columns.items():
            self._solver.changeColBounds(column, 0.0, self._caps[row] if may_rise[row] else 0.0)

    def let_rise(self, row: int, cap: float) -> None:
        """Give a row its rise, up to a cap above its lower bound; one that is shown stays."""
        cap = max(cap, self._caps.get(row, cap))
        room = cap if self.upper[row] > self.lower[row] else 0.0
        if row not in self._columns:
            self._columns[row] = self._solver.getNumCol()
            entry = (np.array([row], dtype=np.int32), np.array([-1.0]))
            self._solver.addCol(0.0, 0.0, room, 1, *entry)
        elif self._caps[row] < cap:
            self._solver.changeColBounds(self._columns[row], 0.0, room)
        self._caps[row] = cap

    def highest(self, row: int) -> Corner | None:
        """Let a row rise as far as it can; None after numerical trouble."""
        return self._ask({self._columns[row]: 1.0})

    def lowest(self, row: int) -> Corner | None:
        """Push one row down as far as it goes; the value is negative."""
        start, end = self._rows.starts[row : row + 2]
        return self._ask({int(atom): -1.0 for atom in self._rows.atoms[start:end]})

    def _ask(self, costs: Mapping[int, float]) -> Corner | None:
        changed = {column: 0.0 for column in self._costs if column not in costs}
        changed |= {c: cost for c, cost in costs.items() if self._costs.get(c) != cost}
        columns = np.fromiter(changed, dtype=np.int32, count=len(changed))
        values = np.fromiter(changed.values(), dtype=np.float64, count=len(changed))
        self._solver.changeColsCost(len(columns), columns, values)
        self._costs = dict(costs)
        self._solver.run()
        if self._solver.getModelStatus() != self._fine and not self._again_from_cold():
            return None
        solution = self._solver.getSolution()
        return Corner(
            float(self._solver.getInfo().objective_function_value),
            np.array(solution.col_value)[: self._atoms],
            np.array(solution.row_dual),
        )

    def _again_from_cold(self) -> bool:
        """Warm starts have ended in "unknown" before: once more, from nothing, the usual way."""
        self._solver.clearSolver()
        for name, value in COLD.items():
            self._solver.setOptionValue(name, value)
        self._solver.run()
        for name in COLD:
            self._solver.setOptionValue(name, WARM[name])
        return bool(self._solver.getModelStatus() == self._fine)

"""One warm linear model of what a reader knows, asked again and again.

Every blank figure in question has a column of its own, its rise: how far the figure lies above its
least value, up to a cap. A question only changes costs, never what is possible, so that the corner
that answered the last one is where the next one begins.

A row of a single atom is no row of the model: it bounds the atom's column. Half to two thirds of
all figures are such cells, and what a question costs goes by the rows. The rise of a cell is a
second column of its atom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.highs import NEAR, Rows, fresh, load, model
from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector

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
    """An extreme point: what was asked for, residents per atom, multipliers per row.

    Of a single row that rises, `covered` says how often the reader's sum counts each atom: any row
    that counts none of them more often is kept as low. Where caps are all that holds rows back,
    there is no such sum: multipliers and what is covered are 0.
    """

    value: float
    point: FloatVector
    multipliers: FloatVector
    covered: FloatVector


class Reader:
    """Rows within bounds over atoms from 0 up; the questions asked of them."""

    def __init__(
        self,
        rows: Rows,
        bounds: tuple[FloatVector, FloatVector],
        atoms_upper: FloatVector,
        effort: Effort | None = None,
    ) -> None:
        """Begin with these bounds of rows and atoms; `effort` is told of every question."""
        self._effort = effort if effort is not None else Effort()
        self.lower, self.upper = bounds[0].copy(), bounds[1].copy()
        self._atoms = len(atoms_upper)
        self._rows, self._ceiling = rows, atoms_upper
        # Row -> the atom it bounds, or -1; then its place among the rows of the model.
        self._cell = _cells(rows)
        self._kept, self._cells = np.flatnonzero(self._cell < 0), np.flatnonzero(self._cell >= 0)
        self._place = np.cumsum(self._cell < 0) - 1
        self._inner = rows.only(self._kept)
        # Row -> the column of its rise, and its cap; atom -> the column of its cell's rise.
        self._columns: dict[int, int] = {}
        self._caps: dict[int, float] = {}
        self._twins: dict[int, int] = {}
        self._costs: dict[int, float] = {}
        # The same as arrays, and the atoms of cells that are shown; both as of the last look.
        none = np.zeros(0, dtype=np.int64)
        self._risen, self._still = (none, none), none
        self._find_still()
        highs = load()
        self._fine = highs.HighsModelStatus.kOptimal
        self._solver = fresh(**WARM)
        cells = self._cells
        low, high = np.zeros(self._atoms), atoms_upper.copy()
        low[self._cell[cells]], high[self._cell[cells]] = self._bounds_of(cells)
        within = (self.lower[self._kept], self.upper[self._kept])
        lp = model(self._inner, within, high, np.zeros(self._atoms))
        lp.col_lower_ = low
        lp.sense_ = highs.ObjSense.kMaximize
        self._solver.passModel(lp)

    @property
    def least(self) -> FloatVector:
        """How many are in each atom at least, by the row that bounds it."""
        found, cells = np.zeros(self._atoms), self._cells
        found[self._cell[cells]] = self.lower[cells]
        return found

    def settle(self, lower: FloatVector, upper: FloatVector, *, may_rise: BoolVector) -> None:
        """Set the bounds of the first rows; those that may not rise are held as they are."""
        count = len(lower)
        changed = np.flatnonzero((lower != self.lower[:count]) | (upper != self.upper[:count]))
        self.lower[changed], self.upper[changed] = lower[changed], upper[changed]
        cells, rows = changed[self._cell[changed] >= 0], changed[self._cell[changed] < 0]
        if len(cells):
            columns = self._cell[cells].astype(np.int32)
            self._solver.changeColsBounds(len(columns), columns, *self._bounds_of(cells))
        if len(rows):
            places = self._place[rows].astype(np.int32)
            self._solver.changeRowsBounds(len(places), places, lower[rows], upper[rows])
        self._find_still()
        if self._columns:
            rising = np.fromiter(self._columns, dtype=np.int64)
            columns = np.fromiter(self._columns.values(), dtype=np.int32)
            caps = np.fromiter((self._caps[row] for row in self._columns), dtype=np.float64)
            room = np.where(may_rise[rising], caps, 0.0)
            self._solver.changeColsBounds(len(columns), columns, np.zeros(len(columns)), room)

    def let_rise(self, row: int, cap: float) -> None:
        """Give a row its rise, up to a cap above its lower bound; one that is shown stays."""
        cap = max(cap, self._caps.get(row, cap))
        room = cap if self.upper[row] > self.lower[row] else 0.0
        if row not in self._columns:
            self._columns[row] = self._solver.getNumCol()
            places, entries = self._entries(row)
            self._solver.addCol(0.0, 0.0, room, len(places), places, entries)
        elif self._caps[row] < cap:
            self._solver.changeColBounds(self._columns[row], 0.0, room)
        self._caps[row] = cap

    def highest(self, *rows: int) -> Corner | None:
        """Let rows rise as far as they can in all; None after numerical trouble."""
        costs = dict.fromkeys((self._columns[row] for row in rows), 1.0)
        value = self._ask(costs)
        if value is None:
            return None
        if value > sum(self._caps[row] for row in rows) - NEAR:
            nothing = np.zeros(self._rows.count)
            point = self._point(self._solver.getSolution().col_value)
            return Corner(value, point, nothing, np.zeros(self._atoms))
        corner = self._corner(value)
        if len(rows) == 1:
            self._settle_covered(corner.covered, rows[0])
        return corner

    def lowest(self, row: int) -> Corner | None:
        """Push one row down as far as it goes; the value is negative."""
        start, end = self._rows.starts[row : row + 2]
        atoms = self._rows.atoms[start:end].tolist()
        twins = [self._twins[atom] for atom in atoms if atom in self._twins]
        value = self._ask(dict.fromkeys([*atoms, *twins], -1.0))
        return None if value is None else self._corner(value)

    def _bounds_of(self, cells: IntVector) -> tuple[FloatVector, FloatVector]:
        return self.lower[cells], np.minimum(self.upper[cells], self._ceiling[self._cell[cells]])

    def _entries(self, row: int) -> tuple[npt.NDArray[np.int32], FloatVector]:
        """Return the column of a rise: what is taken off its row, or a second one of its atom."""
        atom = int(self._cell[row])
        if atom < 0:
            return self._place[[row]].astype(np.int32), np.array([-1.0])
        self._twins[atom] = self._columns[row]
        inside = np.flatnonzero(self._inner.atoms == atom)
        places = np.searchsorted(self._inner.starts, inside, side="right") - 1
        return places.astype(np.int32), self._inner.signs[inside]

    def _ask(self, costs: Mapping[int, float]) -> float | None:
        changed = {column: 0.0 for column in self._costs if column not in costs}
        changed |= {c: cost for c, cost in costs.items() if self._costs.get(c) != cost}
        columns = np.fromiter(changed, dtype=np.int32, count=len(changed))
        values = np.fromiter(changed.values(), dtype=np.float64, count=len(changed))
        self._solver.changeColsCost(len(columns), columns, values)
        self._costs = dict(costs)
        self._solver.run()
        if self._solver.getModelStatus() != self._fine and not self._again_from_cold():
            return None
        info = self._solver.getInfo()
        self._effort.asked(info.simplex_iteration_count)
        return float(info.objective_function_value)

    def _corner(self, value: float) -> Corner:
        solution = self._solver.getSolution()
        columns = np.array(solution.col_dual)
        multipliers = np.zeros(len(self._cell))
        multipliers[self._cells] = columns[self._cell[self._cells]]
        multipliers[self._kept] = solution.row_dual
        point = self._point(solution.col_value)
        return Corner(value, point, multipliers, -columns[: self._atoms])

    def _point(self, values: Sequence[float]) -> FloatVector:
        columns = np.array(values)
        point = columns[: self._atoms]
        if len(self._risen[0]) < len(self._twins):
            self._risen = np.array([*self._twins]), np.array([*self._twins.values()])
        atoms, rises = self._risen
        point[atoms] += columns[rises]
        return point

    def _settle_covered(self, covered: FloatVector, row: int) -> None:
        """Say what the sum counts where the model says it by other means.

        A row of several atoms stands in the model beside its rise; an atom that is shown does not
        move.
        """
        start, end = self._rows.starts[row : row + 2]
        atoms = self._rows.atoms[start:end]
        covered[atoms] += self._cell[row] < 0
        inside = np.zeros(self._atoms)
        inside[atoms] = 1.0
        covered[self._still] = inside[self._still]

    def _find_still(self) -> None:
        self._still = self._cell[self._cells[self.lower[self._cells] == self.upper[self._cells]]]

    def _again_from_cold(self) -> bool:
        """Warm starts have ended in "unknown" before: once more, from nothing, the usual way."""
        self._solver.clearSolver()
        for name, value in COLD.items():
            self._solver.setOptionValue(name, value)
        self._solver.run()
        for name in COLD:
            self._solver.setOptionValue(name, WARM[name])
        return bool(self._solver.getModelStatus() == self._fine)


def _cells(rows: Rows) -> IntVector:
    """Return per row the atom that it bounds and no row before it does, or -1."""
    single = np.flatnonzero(np.diff(rows.starts) == 1)
    single = single[rows.signs[rows.starts[single]] > 0]
    atoms, first = np.unique(rows.atoms[rows.starts[single]], return_index=True)
    cells = np.full(rows.count, -1, dtype=np.int64)
    cells[single[first]] = atoms
    return cells

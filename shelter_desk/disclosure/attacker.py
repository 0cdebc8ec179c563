"""What a careful reader can work out: the range of any figure, given everything published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.highs import NEAR, feasible_whole, fresh, load, model, rows_of, whole
from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector
from shelter_desk.disclosure.system import Side, System

WORLD_LIMIT_S = 6.0
NARROW_LIMIT_S = 1.0
SPARSE_LIMIT_S = 3.0


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a figure can go towards a side, in fractions.

    Args:
        value: extreme value, capped at the target.
        point: atoms where it is reached.
        multipliers: per figure, what one more there would move the extreme (the reader's recipe);
            None after numerical trouble, when nothing may be claimed.
    """

    value: float
    point: FloatVector
    multipliers: FloatVector | None

    def falls_short(self, side: Side) -> float:
        """Return by how much the side is missed, 0 if it is reached."""
        missing = (side.target - self.value) * side.sign
        return missing if missing > NEAR else 0.0


class Attacker:
    """One warm linear model of the reader's knowledge; only bounds and costs change.

    Rows: figures as shown (value) or blank (floor and up), then links. The figure in question is
    capped at its target, which keeps every question bounded.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        links = [(link.left, link.right) for link in system.problem.links]
        self._rows = rows_of([row.tolist() for row in system.rows], links)
        highs = load()
        self._fine, self._infinite = highs.HighsModelStatus.kOptimal, highs.kHighsInf
        self._blank = np.zeros(system.size, dtype=np.bool_)
        self._lower = np.zeros(self._rows.count)
        self._lower[: system.size] = system.values
        self._upper = self._lower.copy()
        self._cost = np.zeros(len(system.open_atoms))
        self._capped: int | None = None
        self._is_half = False
        self._solver = fresh(presolve="off")
        atoms_upper = np.where(system.open_atoms, self._infinite, 0.0)
        lp = model(self._rows, (self._lower, self._upper), atoms_upper, self._cost)
        lp.sense_ = highs.ObjSense.kMaximize
        self._solver.passModel(lp)

    def withhold(self, pattern: BoolVector) -> None:
        """Blank exactly these figures."""
        stale = self._is_half | (pattern != self._blank)
        self._is_half = False
        for index in np.flatnonzero(stale):
            i = int(index)
            value = float(self._system.values[i])
            if pattern[i]:
                self._bound(i, float(self._system.floor[i]), self._infinite)
            else:
                self._bound(i, value, value)
        self._blank = pattern.copy()

    def half_withhold(self, shares: FloatVector, width: float) -> None:
        """Let every figure move by its share of `width`; one with share 1 is blank.

        Call `withhold` afterwards, before anything else is asked.
        """
        blank = shares > 1 - NEAR
        fall = np.minimum(self._system.values - self._system.floor, width) * shares
        lower = np.where(blank, self._system.floor, self._system.values - fall)
        upper = np.where(blank, self._infinite, self._system.values + width * shares)
        for i in range(self._system.size):
            self._bound(i, float(lower[i]), float(upper[i]))
        self._blank, self._capped, self._is_half = blank, None, True

    def reach(self, figure: int, side: Side) -> Reach:
        """Push one blank figure towards a side as far as the published figures let it go."""
        self._cap(figure, side)
        cost = np.zeros(len(self._cost))
        cost[self._system.rows[figure]] = side.sign
        changed = np.flatnonzero(cost != self._cost)
        self._solver.changeColsCost(len(changed), changed.astype(np.int32), cost[changed])
        self._cost = cost
        self._solver.run()
        if self._solver.getModelStatus() != self._fine:
            # Warm starts have ended in "unknown" before: once more from cold.
            self._solver.clearSolver()
            self._solver.run()
        if self._solver.getModelStatus() != self._fine:
            return self._nothing_known(figure)
        solution = self._solver.getSolution()
        value = side.sign * float(self._solver.getInfo().objective_function_value)
        duals = np.array(solution.row_dual)[: self._system.size]
        return Reach(value, np.array(solution.col_value), duals)

    def whole_world(self, figure: int, side: Side, near: FloatVector) -> IntVector | None:
        """Find whole residents that fit everything published and reach the side, or None.

        Args:
            figure: the blank figure in question.
            side: what it has to reach.
            near: a fractional answer, which may be whole already.

        First with as few residents as can be where nobody is: such worlds differ from the truth
        in one ring of moves, and the solver's own fractions are mostly whole there.
        """
        found = whole(near)
        if found is not None and self._fits(found, figure, side):
            return found
        counts = np.array(self._system.problem.counts)
        ceiling = np.where(
            self._system.open_atoms, float(counts.sum() + abs(side.target) + 1), 0.0
        )
        narrow = np.where((near > NEAR) | (counts > 0), ceiling, 0.0)
        nothing, empty = np.zeros(len(counts)), (counts == 0).astype(np.float64)
        tries = (
            (ceiling, empty, SPARSE_LIMIT_S),
            (narrow, nothing, NARROW_LIMIT_S),
            (ceiling, nothing, WORLD_LIMIT_S),
        )
        for upper, cost, limit_s in tries:
            lower_bound, upper_bound = self._lower.copy(), self._upper.copy()
            if side.sign > 0:
                lower_bound[figure], upper_bound[figure] = side.target, self._infinite
            else:
                upper_bound[figure] = side.target
            bounds = (lower_bound, upper_bound)
            lp = model(self._rows, bounds, upper, cost)
            found = feasible_whole(lp, limit_s=limit_s)
            if found is not None and self._fits(found, figure, side):
                return found
        return None

    def _fits(self, world: IntVector, figure: int, side: Side) -> bool:
        """Check a world by addition; the solver's word is never taken."""
        system = self._system
        if (world < 0).any() or world[~system.open_atoms].any():
            return False
        values = system.figure_values(world)
        shown = ~self._blank
        if (values[shown] != system.values[shown]).any() or (values < system.floor).any():
            return False
        links = system.problem.links
        if any(world[list(k.left)].sum() != world[list(k.right)].sum() for k in links):
            return False
        return bool(side.met_by(values[figure]))

    def _bound(self, row: int, lower: float, upper: float) -> None:
        self._lower[row], self._upper[row] = lower, upper
        self._solver.changeRowBounds(row, lower, upper)

    def _cap(self, figure: int, side: Side) -> None:
        if self._capped is not None and self._blank[self._capped]:
            old = self._capped
            self._bound(old, float(self._system.floor[old]), self._infinite)
        floor = float(self._system.floor[figure])
        if side.sign > 0:
            self._bound(figure, floor, float(max(side.target, self._system.values[figure])))
        else:
            self._bound(figure, max(floor, float(side.target)), self._infinite)
        self._capped = figure

    def _nothing_known(self, figure: int) -> Reach:
        """Numerical trouble: claim nothing, so that the figure counts as unprotected."""
        system = self._system
        counts = np.array(system.problem.counts, dtype=np.float64)
        return Reach(float(system.values[figure]), counts, None)

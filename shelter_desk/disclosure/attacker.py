"""What a careful reader can work out: the range of any figure, given everything published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.highs import NEAR, feasible_whole, load, model, rows_of, whole
from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector
from shelter_desk.disclosure.reader import Corner, Reader
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
    """What the reader of a pattern can work out, figure by figure.

    Rows of the model: figures as shown (value) or blank (floor and up), then links.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        links = [(link.left, link.right) for link in system.problem.links]
        self._rows = rows_of([row.tolist() for row in system.rows], links)
        self._infinite = float(load().kHighsInf)
        self._blank = np.zeros(system.size, dtype=np.bool_)
        self._counts = np.array(system.problem.counts, dtype=np.int64)
        exact = np.zeros(self._rows.count)
        exact[: system.size] = system.values
        atoms_upper = np.where(system.open_atoms, self._infinite, 0.0)
        self._reader = Reader(self._rows, (exact, exact), atoms_upper)

    def withhold(self, pattern: BoolVector) -> None:
        """Blank exactly these figures."""
        values = self._system.values.astype(np.float64)
        lower = np.where(pattern, self._system.floor, values)
        self._reader.settle(lower, np.where(pattern, self._infinite, values), may_rise=pattern)
        self._blank = pattern.copy()

    def half_withhold(self, shares: FloatVector, width: float) -> None:
        """Let every figure move by its share of `width`; one with share 1 is blank.

        Call `withhold` afterwards, before anything else is asked.
        """
        system, blank = self._system, shares > 1 - NEAR
        fall = np.minimum(system.values - system.floor, width) * shares
        lower = np.where(blank, system.floor, system.values - fall)
        upper = np.where(blank, self._infinite, system.values + width * shares)
        self._reader.settle(lower, upper, may_rise=blank)
        self._blank = blank

    def reach(self, figure: int, side: Side) -> Reach:
        """Push one blank figure towards a side as far as the published figures let it go."""
        corner = self._extreme(figure, side)
        if corner is None:
            # Claim nothing, so that the figure counts as unprotected.
            counts = self._counts.astype(np.float64)
            return Reach(float(self._system.values[figure]), counts, None)
        multipliers = corner.multipliers[: self._system.size]
        base = float(self._system.floor[figure]) if side.sign > 0 else 0.0
        return Reach(base + side.sign * corner.value, corner.point, multipliers)

    def _extreme(self, figure: int, side: Side) -> Corner | None:
        if side.sign < 0:
            return self._reader.lowest(figure)
        self._let_rise(figure, side)
        return self._reader.highest(figure)

    def _let_rise(self, figure: int, side: Side) -> None:
        cap = max(side.target, int(self._system.values[figure]))
        self._reader.let_rise(figure, float(cap - self._system.floor[figure]))

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
        counts = self._counts
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
            lower_bound, upper_bound = self._reader.lower.copy(), self._reader.upper.copy()
            if side.sign > 0:
                lower_bound[figure], upper_bound[figure] = side.target, self._infinite
            else:
                upper_bound[figure] = side.target
            lp = model(self._rows, (lower_bound, upper_bound), upper, cost)
            found = feasible_whole(lp, limit_s=limit_s)
            if found is not None and self._fits(found, figure, side):
                return found
        return None

    def _fits(self, world: IntVector, figure: int, side: Side) -> bool:
        """Check a world by addition; the solver's word is never taken."""
        reached = side.met_by(self._system.figure_values(world)[[figure]])
        return bool(reached[0]) and self._is_possible(world)

    def _is_possible(self, world: IntVector) -> bool:
        system = self._system
        if (world < 0).any() or world[~system.open_atoms].any():
            return False
        values = system.figure_values(world)
        shown = ~self._blank
        if (values[shown] != system.values[shown]).any() or (values < system.floor).any():
            return False
        links = system.problem.links
        return all(world[list(k.left)].sum() == world[list(k.right)].sum() for k in links)

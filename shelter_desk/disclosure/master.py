"""Which figures to withhold: the cheapest pattern that satisfies every cut found so far."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shelter_desk.disclosure.branching import EDGE, Branched, lightest
from shelter_desk.disclosure.covering import Covering
from shelter_desk.disclosure.cuts import SLACK, Cut, joined
from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.halving import Halving
from shelter_desk.disclosure.highs import PATIENCE_S, fresh, load
from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector
from shelter_desk.disclosure.relaxing import Relaxed, Relaxing
from shelter_desk.disclosure.system import System

# A nudge by the order of the figures, far less than one blank in all. It does not settle ties.
TIE = 1e-3
# The master is small and solved again and again, so what pays in a long search does not pay here.
# A look for cuts by halving that lifts the bound by less than this is the last.
LEAST_LIFT = 0.02
# So many linear programs one weight may take; then cuts are looked for by halving, so many times;
# then it may take more, and at last the solver for whole numbers is asked.
FEW_BRANCHES, MOST_LOOKS, MOST_BRANCHES = 25, 4, 400
# So many weights are gone through one by one (figures may weigh millions), then the last of them.
MOST_WEIGHTS = 8
SMALL: dict[str, object] = {
    "mip_detect_symmetry": False,
    "mip_allow_restart": False,
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_zi_round": False,
    "mip_heuristic_run_shifting": False,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Answer of the master: a pattern, a proven lower bound of the weight, and if it is final."""

    pattern: BoolVector
    bound: float
    final: bool


class Master:
    """The growing set of cuts over figures that may be withheld."""

    def __init__(self, system: System, effort: Effort) -> None:
        self._system, self._effort = system, effort
        self.cuts: list[Cut] = []
        self._known: dict[tuple[bytes, bytes], Cut] = {}
        self._flat: tuple[IntVector, FloatVector, IntVector, FloatVector] | None = None
        # Weights are whole and ties far below one: nothing lies between two whole totals.
        self._solver = fresh(mip_rel_gap=0.0, mip_abs_gap=0.99, **SMALL)
        order = np.arange(1, system.size + 1) / max(1, system.size * (system.size + 1) // 2)
        self._tie = TIE * order * (system.weights > 0)
        self._weights = system.weights + self._tie
        self._linear = Relaxing(system.weights, system.must, system.may, effort)
        self._halving, self._halved = Halving(system.size), 0
        lp = load().HighsLp()
        lp.num_col_, lp.col_lower_ = system.size, system.must.astype(float)
        lp.col_upper_ = system.may.astype(float)
        lp.col_cost_ = self._weights
        lp.integrality_ = [load().HighsVarType.kInteger] * system.size
        self._solver.passModel(lp)
        self._covering = Covering(system.weights, system.must)
        self._last: BoolVector | None = None
        # No walk found a pattern as light as this, and cuts only grow more. From elsewhere one may
        # all the same: the last step before the solver, which takes longer, is tried again.
        self._hopeless = 0.0

    def add(self, cut: Cut) -> Cut | None:
        """Add a cut over the figures that may be withheld, if it says something new.

        Returns:
            The cut as it is kept, or None if no pattern at all can satisfy it: the figure behind
            it cannot be protected.
        """
        system = self._system
        usable = system.may[cut.figures] & system.offered[cut.figures]
        usable &= cut.coefficients > SLACK
        figures = cut.figures[usable]
        shares = np.minimum(cut.coefficients[usable] / cut.least, 1.0)
        if shares.sum() < 1 - SLACK:
            return None
        shares[shares > 1 - SLACK] = 1.0
        kept = Cut(figures, shares, 1.0, cut.need)
        name = (figures.tobytes(), shares.round(6).tobytes())
        if name not in self._known:
            self._known[name] = kept
            self._keep(kept)
        return kept

    def _keep(self, cut: Cut) -> None:
        self.cuts.append(cut)
        self._flat = None
        self._linear.add([cut])
        alone = cut.coefficients == 1
        if alone.all():
            self._halving.add(cut)
        self._covering.add(cut.figures[alone] if alone.any() else cut.figures)

    def choose(self, best: BoolVector, bound: float) -> Choice:
        """Return a pattern that satisfies every cut and weighs less than a known safe one.

        The linear program says from which weight on there can be one, and a quick walk looks for
        it. Where that finds none, it is looked for by halves, to the end; the solver for whole
        numbers is asked only where that takes too long.

        Args:
            best: the lightest safe pattern that is known; what is found is lighter, or is this.
            bound: no safe pattern weighs less.
        """
        most = float(self._system.weights[best].sum()) - 1
        bound = max(math.ceil(bound - EDGE), math.ceil(self._relaxed().weight - EDGE))
        near = best if self._last is None else self._last
        for weight in _levels(max(bound, self._hopeless + 1.0), most):
            found = self._covering.find(near, weight + SLACK)
            self._effort.walked(self._covering.steps)
            if found is not None and not self.missed(found):
                self._last = found
                return Choice(found, bound, final=True)
            self._hopeless = max(self._hopeless, weight)
        return self._branched(best, bound, most)

    def _branched(self, best: BoolVector, bound: float, most: float) -> Choice:
        """Go through the weights up to the best, one after the other, and leave nothing out."""
        far = bound + MOST_WEIGHTS
        while bound <= most + SLACK:
            weight = bound if bound < far else most
            found = self._at(weight, FEW_BRANCHES)
            if not found.final:
                lifted = self._sharpened(bound)
                if lifted > bound:
                    bound = lifted
                    continue
                found = self._at(weight, MOST_BRANCHES)
            if not found.final:
                choice = self._solved(best)
                self._last = choice.pattern
                return choice
            if found.pattern is not None:
                self._last = found.pattern
                return Choice(found.pattern, bound, final=True)
            bound = weight + 1
        return Choice(best, bound, final=True)

    def _at(self, weight: float, most: int) -> Branched:
        most = min(most, self._effort.branches_left)
        return lightest(self._linear, self._system.must, self._system.may, weight, most)

    def _sharpened(self, bound: float) -> float:
        """Return a bound lifted by halving, where a few looks do that; what is found stays."""
        if self._halved == len(self.cuts):
            return bound
        self._halved, relaxed = len(self.cuts), self._relaxed()
        for _ in range(MOST_LOOKS):
            if relaxed.weight > bound + EDGE:
                break
            cuts = self._halving.at(relaxed.shares)
            self._effort.halved(self._halving.steps)
            if not cuts:
                break
            self._linear.add(cuts)
            before, relaxed = relaxed.weight, self._relaxed()
            if relaxed.weight < before + LEAST_LIFT:
                break
        return math.ceil(relaxed.weight - EDGE)

    def _solved(self, start: BoolVector | None) -> Choice:
        """Solve for the cheapest pattern, starting from a known safe one."""
        highs, solver = load(), self._told(self._solver)
        if start is not None:
            hint = highs.HighsSolution()
            hint.col_value = start.astype(np.float64).tolist()
            solver.setSolution(hint)
        solver.setOptionValue("mip_max_nodes", self._effort.branches_left)
        solver.setOptionValue("time_limit", solver.getRunTime() + PATIENCE_S)
        solver.run()
        info = solver.getInfo()
        self._effort.asked(info.simplex_iteration_count)
        final = solver.getModelStatus() == highs.HighsModelStatus.kOptimal
        pattern = np.array(solver.getSolution().col_value) > 0.5
        bound = float(info.mip_dual_bound) if self._system.size else 0.0
        # The tie-breaks add less than one TIE in all: take them out of what is proven.
        return Choice(pattern, max(0.0, bound - float(self._tie.sum())), final)

    def relaxed(self) -> tuple[FloatVector, float]:
        """Return the cheapest shares of figures to withhold, from 0 to 1, and what they weigh."""
        found = self._relaxed()
        return found.shares, found.weight

    def _relaxed(self) -> Relaxed:
        system = self._system
        return self._linear.solve(system.must.astype(float), system.may.astype(float))

    def _told(self, solver: Any) -> Any:  # noqa: ANN401 - a Highs
        """Hand over, in one go, the cuts that a solver does not know yet."""
        new = self.cuts[solver.getNumRow() :]
        if new:
            figures, coefficients, starts, least = joined(new)
            columns, none = figures.astype(np.int32), np.full(len(new), load().kHighsInf)
            starts = starts.astype(np.int32)
            solver.addRows(len(new), least, none, len(columns), starts, columns, coefficients)
        return solver

    def fewest(self, bound: float) -> float:
        """Return a proven lower bound of the plain number of figures withheld.

        `bound` is that of the weight: where every figure weighs 1 it is the same.
        """
        if (self._system.weights == self._system.offered).all():
            return bound
        for i in range(self._system.size):
            self._solver.changeColCost(i, float(self._system.offered[i]))
        found = self._solved(None).bound
        for i in range(self._system.size):
            self._solver.changeColCost(i, float(self._weights[i]))
        return found

    def missed(self, pattern: BoolVector) -> bool:
        """Tell whether a pattern breaks some known cut."""
        if not self.cuts:
            return False
        figures, coefficients, starts, least = self._flat = self._flat or joined(self.cuts)
        worth = np.add.reduceat(np.where(pattern[figures], coefficients, 0.0), starts)
        return bool((worth < least - SLACK).any())

    def behind(self, pattern: BoolVector) -> dict[int, int]:
        """Return figures without which some cut is missed, with the figure it protects."""
        found: dict[int, int] = {}
        for cut in self.cuts:
            if cut.need < 0:
                continue
            inside = pattern[cut.figures]
            spare = float(cut.coefficients[inside].sum()) - (cut.least - SLACK)
            for i in cut.figures[inside & (cut.coefficients > spare)]:
                found.setdefault(int(i), cut.need)
        return found

    def hit(self, pattern: BoolVector, cuts: Sequence[Cut]) -> BoolVector:
        """Withhold more, greedily (most cuts per weight, then index order), until all are hit."""
        pattern = pattern.copy()
        open_cuts = [cut for cut in cuts if cut.missed_by(pattern)]
        while open_cuts:
            gain = np.zeros(self._system.size)
            for cut in open_cuts:
                gain[cut.figures] += np.minimum(cut.coefficients, cut.least) / cut.least
            gain[pattern] = 0.0
            pattern[int(np.argmax(gain / np.maximum(self._system.weights, 0.01)))] = True
            open_cuts = [cut for cut in open_cuts if cut.missed_by(pattern)]
        return pattern


def _levels(least: float, most: float) -> Iterator[float]:
    """Yield weights from the least up, with ever wider steps, and in any case the most."""
    weight, step = least, 1.0
    while weight < most - SLACK:
        yield weight
        weight, step = weight + step, step * 2
    yield most

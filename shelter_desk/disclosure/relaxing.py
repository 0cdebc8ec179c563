"""The master's linear program: figures may be withheld in part, and each answer is added up.

What the solver answers is taken for multipliers only. Whatever numbers from 0 up multiply the
cuts, their sum bounds the weight of every pattern from below (weak duality), and that sum is made
here. So a claim that no pattern weighs less does not rest on the solver's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.cuts import Cut, joined
from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.highs import fresh, load
from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector

NONE = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An answer: shares of figures from 0 to 1.

    Args:
        shares: the cheapest; 0 where there are none.
        weight: no pattern within these bounds weighs less. Infinite where none is possible.
        prices: by how much a figure that is shown makes this more when it is withheld (above 0),
            or one that is withheld when it is shown (below 0).
    """

    shares: FloatVector
    weight: float
    prices: FloatVector


class Relaxing:
    """Cuts over figures that may be withheld in part."""

    def __init__(
        self, weights: FloatVector, must: BoolVector, may: BoolVector, effort: Effort
    ) -> None:
        """Begin without cuts; `effort` is told of every question."""
        self._weights, self._effort = weights, effort
        self._lower, self._upper = must.astype(np.float64), may.astype(np.float64)
        self._places = np.arange(len(weights), dtype=np.int32)
        self._new: list[Cut] = []
        self._figures, self._coefficients = np.zeros(0, dtype=np.int64), NONE
        self._lengths, self._least = np.zeros(0, dtype=np.int64), NONE
        self._solver = fresh()
        lp = load().HighsLp()
        lp.num_col_, lp.col_cost_ = len(weights), weights
        lp.col_lower_, lp.col_upper_ = self._lower, self._upper
        self._solver.passModel(lp)

    def add(self, cuts: Sequence[Cut]) -> None:
        """Add cuts."""
        self._new += cuts

    def _settle(self) -> None:
        """Hand over new cuts in one go."""
        cuts, self._new = self._new, []
        if not cuts:
            return
        figures, coefficients, starts, least = joined(cuts)
        none = np.full(len(cuts), load().kHighsInf)
        columns, begins = figures.astype(np.int32), starts.astype(np.int32)
        self._solver.addRows(len(cuts), least, none, len(columns), begins, columns, coefficients)
        self._figures = np.concatenate([self._figures, figures])
        self._coefficients = np.concatenate([self._coefficients, coefficients])
        lengths: IntVector = np.array([len(cut.figures) for cut in cuts], dtype=np.int64)
        self._lengths = np.concatenate([self._lengths, lengths])
        self._least = np.concatenate([self._least, least])

    def solve(self, lower: FloatVector, upper: FloatVector) -> Relaxed:
        """Return the cheapest shares from `lower` to `upper`.

        More of any figure only helps every cut, so where a cut cannot be met by all there may be,
        and only there, nothing is possible.
        """
        self._settle()
        if (lower != self._lower).any() or (upper != self._upper).any():
            self._solver.changeColsBounds(len(lower), self._places, lower, upper)
            self._lower, self._upper = lower, upper
        self._solver.run()
        self._effort.asked(self._solver.getInfo().simplex_iteration_count)
        solution = self._solver.getSolution()
        shares = np.array(solution.col_value)
        if self._solver.getModelStatus() != load().HighsModelStatus.kOptimal:
            most = self._of_cuts(upper)
            possible = not (most < self._least - 1e-9).any()
            worth = float(self._weights @ lower) if possible else np.inf
            return Relaxed(np.zeros(len(lower)), worth, np.zeros(len(lower)))
        times = np.maximum(np.array(solution.row_dual), 0.0)
        spread = self._coefficients * np.repeat(times, self._lengths)
        prices = self._weights - np.bincount(self._figures, spread, len(lower))
        rest = np.minimum(prices * lower, prices * upper)
        weight = float(times @ self._least) + float(rest.sum())
        return Relaxed(np.clip(shares, 0.0, 1.0), weight, prices)

    def weigh(self, pattern: BoolVector) -> float:
        """Return what a whole pattern weighs."""
        return float(self._weights[pattern].sum())

    def meets(self, pattern: BoolVector) -> bool:
        """Tell whether a whole pattern meets every cut."""
        self._settle()
        return not (self._of_cuts(pattern.astype(np.float64)) < self._least - 1e-9).any()

    def _of_cuts(self, shares: FloatVector) -> FloatVector:
        each = np.repeat(np.arange(len(self._lengths)), self._lengths)
        worth = self._coefficients * shares[self._figures]
        return np.bincount(each, worth, len(self._lengths)).astype(np.float64)

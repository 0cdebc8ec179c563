"""A quick look for a pattern of a given weight that satisfies every cut, without a solver.

Nearly every cut says "at least one of these". Such covers are found by moving about: show the
figure that is missed least, withhold one of a cut that is open, and let cuts weigh more the longer
they stay open. What it finds is checked by addition; that it finds nothing says nothing.

Source: row weighting local search, Gao and others, European Journal of Operational Research 246
(2015). Where the source draws lots, this takes the cut that has been open most often.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector

MOST_STEPS = 400


class Covering:
    """Cuts as sets of figures, of each of which one must be withheld."""

    def __init__(self, weights: FloatVector, fixed: BoolVector) -> None:
        """Begin without cuts; `fixed` figures are withheld in any case."""
        self._weights = weights.tolist()
        self._fixed = fixed.tolist()
        self._sets: list[list[int]] = []
        self._of: list[list[int]] = [[] for _ in self._weights]
        # Of the last look.
        self.steps = 0

    def add(self, figures: IntVector) -> None:
        """Add a set."""
        one = figures.tolist()
        for figure in one:
            self._of[figure].append(len(self._sets))
        self._sets.append(one)

    def find(self, start: BoolVector, most: float) -> BoolVector | None:
        """Look for a pattern that weighs at most `most`, beginning near another."""
        walk = _Walk(self._sets, self._of, self._weights, start.tolist(), self._fixed)
        for step in range(MOST_STEPS):
            self.steps = step + 1
            while walk.total > most or (walk.open and walk.total > most - 1):
                if not walk.show(step):
                    return None
            if not walk.open:
                return np.array(walk.inside, dtype=np.bool_)
            walk.hit(step)
        return None


class _Walk:
    """One pattern on its way.

    Per set: how many of it are withheld (`_counts`), their numbers added up (`_added`: that of the
    only one, where there is one), how heavy it has become (`_heavy`). Per figure: what withholding
    it would hit or showing it would open (`_score`), and when it changed.
    """

    def __init__(
        self,
        sets: Sequence[Sequence[int]],
        of: Sequence[Sequence[int]],
        weights: Sequence[float],
        inside: list[bool],
        fixed: Sequence[bool],
    ) -> None:
        self._sets, self._of, self._weights, self.inside = sets, of, weights, inside
        self._per_weight = [1 / max(weight, 0.01) for weight in weights]
        self._heavy = [1] * len(sets)
        self._counts = [0] * len(sets)
        self._added = [0] * len(sets)
        self._score = [0.0] * len(inside)
        self._changed = [-1] * len(inside)
        self._last = -1
        self._spare = {n: None for n, has in enumerate(inside) if has and not fixed[n]}
        self.total = sum(w for w, has in zip(weights, inside, strict=True) if has)
        self.open: dict[int, None] = {}
        for number, one in enumerate(sets):
            held = [figure for figure in one if inside[figure]]
            self._counts[number], self._added[number] = len(held), sum(held)
            if not held:
                self.open[number] = None
            for figure in one if not held else held if len(held) == 1 else ():
                self._score[figure] += self._per_weight[figure]

    def show(self, step: int) -> bool:
        """Show the figure that is missed least for its weight, longest withheld first."""
        newest = self._last if self._last in self._spare else -1
        self._spare.pop(newest, None)
        found = min(self._spare, key=self._score.__getitem__, default=-1)
        if newest >= 0:
            self._spare[newest] = None
        if found >= 0:
            self._flip(found, step)
        return found >= 0

    def hit(self, step: int) -> None:
        """Withhold one figure of the heaviest open set; let open sets grow heavier."""
        number = max(self.open, key=self._heavy.__getitem__)
        others = [n for n in self._sets[number] if n != self._last] or self._sets[number]
        self._flip(max(others, key=lambda n: (self._score[n], -self._changed[n])), step)
        for still in self.open:
            self._heavy[still] += 1
            for figure in self._sets[still]:
                self._score[figure] += self._per_weight[figure]

    def _flip(self, figure: int, step: int) -> None:
        """Withhold a figure, or show it."""
        is_added = not self.inside[figure]
        self.inside[figure] = is_added
        change = 1 if is_added else -1
        self.total += self._weights[figure] if is_added else -self._weights[figure]
        self._changed[figure], self._last = step, figure
        if is_added:
            self._spare[figure] = None
        else:
            del self._spare[figure]
        for number in self._of[figure]:
            self._counts[number] += change
            self._added[number] += change * figure
            count, heavy = self._counts[number], self._heavy[number]
            if is_added and count == 1:
                del self.open[number]
                self._rescore(number, figure, -heavy)
            elif not is_added and count == 0:
                self.open[number] = None
                self._rescore(number, figure, heavy)
            elif count == (2 if is_added else 1):
                one = self._added[number] - (figure if is_added else 0)
                self._score[one] += (-heavy if is_added else heavy) * self._per_weight[one]

    def _rescore(self, number: int, figure: int, change: int) -> None:
        """All others of a set gain or lose by its state; the figure that changed it does not."""
        for other in self._sets[number]:
            if other != figure:
                self._score[other] += change * self._per_weight[other]

"""What one recipe of the reader tells: a condition on patterns, and which figures it keeps low."""

from __future__ import annotations

import numpy as np

from shelter_desk.disclosure.attacker import Reach
from shelter_desk.disclosure.cuts import Cut
from shelter_desk.disclosure.highs import NEAR
from shelter_desk.disclosure.model import BoolVector, FloatVector
from shelter_desk.disclosure.system import Side, System


def capacity_cut(system: System, reach: Reach, side: Side, pattern: BoolVector) -> Cut:
    """Turn the reader's recipe into a condition every safe pattern satisfies.

    A withheld figure can rise without bound but fall only to its floor.
    """
    short = reach.falls_short(side)
    multipliers = np.zeros(system.size) if reach.multipliers is None else reach.multipliers
    recipe = np.where(pattern, 0.0, multipliers)
    recipe[np.abs(recipe) < 1e-7] = 0.0
    fall = np.maximum(-recipe, 0.0) * (system.values - system.floor)
    worth = np.where(recipe > 0, short, np.minimum(fall, short))
    figures = np.flatnonzero(worth > 0)
    return Cut(figures, worth[figures], short)


def either(cuts: list[Cut], size: int) -> Cut:
    """Join cuts of which one must hold: their shares of the right-hand side add up to 1."""
    worth = np.zeros(size)
    for cut in cuts:
        worth[cut.figures] += cut.coefficients / cut.least
    figures = np.flatnonzero(worth > 0)
    return Cut(figures, np.minimum(worth[figures], 1.0), 1.0)


class Followers:
    """Needs in whose stead another was asked.

    A sum of published figures that counts every resident of one figure mostly counts every one of
    others as well, so it keeps them as low. They need no question of their own: their cut would be
    the same. Four in five cuts were found more than once without this.
    """

    def __init__(self, system: System) -> None:
        needs, self._rows, self._count = system.needs, system.rows, len(system.needs)
        # Those that have to rise; the others follow nobody.
        self._rising = [
            number
            for number, need in enumerate(needs)
            if not need.any_of and need.sides[0].sign > 0 and len(system.rows[need.figure])
        ]
        rising = [needs[number] for number in self._rising]
        self._targets = np.array([need.sides[0].target for need in rising], dtype=np.float64)
        # Their atoms one behind the other, and where each begins.
        rows = [system.rows[need.figure] for need in rising]
        self._atoms = np.concatenate([*rows, np.zeros(0, dtype=np.int64)])
        self._starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)[:-1]

    def of(self, figure: int, reach: Reach, least: FloatVector) -> BoolVector:
        """Tell for every need whether the recipe that a figure falls short by keeps it low too.

        Args:
            figure: the one that was asked.
            reach: the answer.
            least: per atom, how many a reader knows to be there at least.
        """
        found = np.zeros(self._count, dtype=np.bool_)
        if reach.covered is None or not self._rising:
            return found
        is_counted = np.minimum.reduceat(reach.covered[self._atoms], self._starts) >= 1 - NEAR
        # The sum bounds all it counts; what others are known to hold at least is taken off.
        held = np.add.reduceat(least[self._atoms], self._starts)
        most = reach.value - least[self._rows[figure]].sum() + held
        found[self._rising] = is_counted & (most < self._targets - NEAR)
        return found

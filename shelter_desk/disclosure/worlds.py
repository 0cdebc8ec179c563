"""The pool of possible worlds found so far, and which figures they protect under a pattern."""

from __future__ import annotations

import numpy as np

from shelter_desk.disclosure.model import BoolVector, IntVector
from shelter_desk.disclosure.system import Need, Side, System


class WorldPool:
    """Worlds that fit the figures shown when they were found.

    A world stays usable under another pattern as long as no figure shown there differs. Floors
    need no second look: a figure is either equal to the truth in a world or was blank, and kept
    its floor, when the world was found.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        truth = np.array(system.problem.counts, dtype=np.int64)
        self.worlds: list[IntVector] = [truth]
        self._values = [system.values]

    def add(self, world: IntVector) -> None:
        """Keep a world that was checked by addition."""
        self.worlds.append(world)
        self._values.append(self._system.figure_values(world))

    def usable(self, pattern: BoolVector) -> IntVector:
        """Return the positions of the worlds that reproduce everything shown under a pattern."""
        differs = np.array(self._values) != self._system.values
        usable: IntVector = np.flatnonzero(~differs[:, ~pattern].any(axis=1))
        return usable

    def witness(self, figure: int, side: Side, usable: IntVector) -> int | None:
        """Return the first usable world in which the figure reaches the side."""
        values = np.array([self._values[int(w)][figure] for w in usable], dtype=np.int64)
        met = np.flatnonzero(side.met_by(values))
        return int(usable[met[0]]) if len(met) else None

    def witnesses(self, need: Need, usable: IntVector) -> tuple[int, ...] | None:
        """Return one world per side of a need (one in all if any side will do), or None."""
        found = [self.witness(need.figure, side, usable) for side in need.sides]
        if need.any_of:
            return next(((w,) for w in found if w is not None), None)
        return None if None in found else tuple(w for w in found if w is not None)

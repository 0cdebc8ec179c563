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
        self._values = system.values[np.newaxis, :]

    def add(self, world: IntVector) -> None:
        """Keep a world that was checked by addition."""
        if len(self.worlds) == len(self._values):
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
        self._values[len(self.worlds)] = self._system.figure_values(world)
        self.worlds.append(world)

    def usable(self, pattern: BoolVector) -> IntVector:
        """Return the positions of the worlds that reproduce everything shown under a pattern."""
        shown = np.flatnonzero(~pattern)
        differs = self._values[: len(self.worlds), shown] != self._system.values[shown]
        usable: IntVector = np.flatnonzero(~differs.any(axis=1))
        return usable

    def witness(self, figure: int, side: Side, usable: IntVector) -> int | None:
        """Return the first usable world in which the figure reaches the side."""
        met = np.flatnonzero(side.met_by(self._values[usable, figure]))
        return int(usable[met[0]]) if len(met) else None

    def witnesses(self, need: Need, usable: IntVector) -> tuple[int, ...] | None:
        """Return one world per side of a need (one in all if any side will do), or None."""
        found = [self.witness(need.figure, side, usable) for side in need.sides]
        if need.any_of:
            return next(((w,) for w in found if w is not None), None)
        return None if None in found else tuple(w for w in found if w is not None)

    def met(self, usable: IntVector) -> BoolVector:
        """Tell for every need, in their order, whether these worlds protect it."""
        needs = self._system.needs
        figures = np.array([need.figure for need in needs], dtype=np.int64)
        values = self._values[usable][:, figures]
        highest = values.max(axis=0, initial=-1)
        lowest = values.min(axis=0, initial=np.iinfo(np.int64).max)
        met = np.zeros(len(needs), dtype=np.bool_)
        for number, need in enumerate(needs):
            reached = [
                highest[number] >= side.target if side.sign > 0 else lowest[number] <= side.target
                for side in need.sides
            ]
            met[number] = any(reached) if need.any_of else all(reached)
        return met

"""The pool of possible worlds found so far, and which figures they protect under a pattern."""

from __future__ import annotations

import numpy as np

from shelter_desk.disclosure.model import BoolVector, IntVector
from shelter_desk.disclosure.system import Need, Side, System

LARGEST = int(np.iinfo(np.int64).max)


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
        needs = system.needs
        self._figures = np.array([need.figure for need in needs], dtype=np.int64)
        self._any_of = np.array([need.any_of for need in needs], dtype=np.bool_)
        self._up = np.array([self._target(need, 1) for need in needs], dtype=np.int64)
        self._down = np.array([self._target(need, -1) for need in needs], dtype=np.int64)

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
        values = self._values[usable][:, self._figures]
        rises = values.max(axis=0, initial=-1) >= self._up
        falls = values.min(axis=0, initial=LARGEST) <= self._down
        met: BoolVector = np.where(self._any_of, rises | falls, rises & falls)
        return met

    def _target(self, need: Need, sign: int) -> int:
        """Return what a need asks of a side; of one it does not name, what settles nothing."""
        never = LARGEST if sign > 0 else -LARGEST
        usual = never if need.any_of else -never
        return next((side.target for side in need.sides if side.sign == sign), usual)

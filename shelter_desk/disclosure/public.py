"""Possible worlds worked out from the published figures and the pattern alone.

Nothing in this module ever sees a true count that is not published. What it finds may leave: any
reader could find the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.highs import Rows, feasible_whole, load, model, rows_of, whole
from shelter_desk.disclosure.model import FloatVector, IntVector
from shelter_desk.disclosure.reader import Reader

# How many branches the search for one world may try.
WORLD_BRANCHES = 6_000
ADDING_UP = "the sums of what is shown"
"""What stands among the missing where no world at all was found."""


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """One figure as published: its value, or None with the least value a blank can stand for."""

    id: str
    atoms: tuple[int, ...]
    value: int | None
    floor: int


@dataclass(frozen=True, slots=True)
class PublicView:
    """Everything a reader has.

    Args:
        atoms: how many atoms there are.
        figures: what is shown and what is blank.
        differences: (id, atoms) of groups a reader could get at by subtraction.
        links: sums of atoms that are equal by what the tables mean.
        impossible: atoms in which nobody can be.
        k: smallest group. level: "interval" or "exact".
    """

    atoms: int
    figures: tuple[PublicFigure, ...]
    differences: tuple[tuple[str, tuple[int, ...]], ...]
    links: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    impossible: frozenset[int]
    k: int
    level: str


@dataclass(frozen=True, slots=True)
class PublicWorlds:
    """Whole residents per atom, and for each blank figure the worlds that protect it.

    Args:
        missing: ids for which no world was found; with one of them nothing may leave.
    """

    worlds: tuple[tuple[int, ...], ...]
    witnesses: Mapping[str, tuple[int, ...]]
    missing: tuple[str, ...]


def public_worlds(view: PublicView) -> PublicWorlds:
    """Find, for every blank figure and difference, worlds that reproduce all that is shown.

    Level "interval": one world with at least k there. Level "exact": two worlds that differ there.
    Where nothing is blank, one world stands for it that the figures add up with each other.
    """
    finder = _Finder(view)
    if view.level != "exact":
        finder.crowd([row for row, _ in finder.questions()])
    witnesses: dict[str, tuple[int, ...]] = {}
    missing = []
    for row, name in finder.questions():
        found = finder.differing(row) if view.level == "exact" else finder.reaching(row)
        if found is None:
            missing.append(name)
        else:
            witnesses[name] = found
    if not finder.worlds and not missing and not finder.any_world():
        missing.append(ADDING_UP)
    worlds = tuple(tuple(int(n) for n in world) for world in finder.worlds)
    return PublicWorlds(worlds, witnesses, tuple(missing))


class _Finder:
    def __init__(self, view: PublicView) -> None:
        self._view = view
        sets = [list(f.atoms) for f in view.figures]
        sets += [list(atoms) for _, atoms in view.differences]
        self._rows: Rows = rows_of(sets, view.links)
        infinite = load().kHighsInf
        low = [float(f.floor if f.value is None else f.value) for f in view.figures]
        high = [infinite if f.value is None else float(f.value) for f in view.figures]
        rest = [0.0] * len(view.differences)
        equal = [0.0] * len(view.links)
        self._low = np.array(low + rest + equal)
        self._high = np.array(high + [infinite] * len(rest) + equal)
        self._upper = np.full(view.atoms, infinite)
        self._upper[sorted(view.impossible)] = 0.0
        self.worlds: list[IntVector] = []
        self._sums: list[FloatVector] = []
        # Row -> the first world with k there, or -1.
        self._first = np.full(self._rows.count, -1, dtype=np.int64)

    def questions(self) -> list[tuple[int, str]]:
        """List what has to be protected: the row and the id."""
        blank = [(i, f.id) for i, f in enumerate(self._view.figures) if f.value is None]
        start = len(self._view.figures)
        return blank + [(start + i, d[0]) for i, d in enumerate(self._view.differences)]

    def crowd(self, rows: Sequence[int]) -> None:
        """Find worlds in which as many of these rows as can be have k at once.

        Fractions end it; what is still open then is asked row by row.
        """
        reader = Reader(self._rows, (self._low, self._high), self._upper)
        for row in rows:
            reader.let_rise(row, max(self._view.k - self._low[row], 0.0))
        while still := [row for row in rows if self._first[row] < 0]:
            corner = reader.highest(*still)
            world = None if corner is None else whole(corner.point)
            if world is None or not self._fits(world, self._low, self._high):
                return
            self._keep(world)
            if all(self._first[row] < 0 for row in still):
                return

    def reaching(self, row: int) -> tuple[int, ...] | None:
        """Find one world with at least k in a row."""
        if self._first[row] < 0:
            self._find(row, float(self._view.k), float(self._high[row]))
        return None if self._first[row] < 0 else (int(self._first[row]),)

    def any_world(self) -> bool:
        """Find one world, whatever it is; of no figures at all there is none to find."""
        if not self._rows.count:
            return True
        return self._find(0, float(self._low[0]), float(self._high[0])) is not None

    def differing(self, row: int) -> tuple[int, ...] | None:
        """Find two worlds that differ in a row."""
        if (
            not self.worlds
            and self._find(row, float(self._low[row]), float(self._high[row])) is None
        ):
            return None
        value = self._sums[0][row]
        for position, sums in enumerate(self._sums):
            if sums[row] != value:
                return (0, position)
        for low, high in (
            (value + 1.0, float(self._high[row])),
            (float(self._low[row]), value - 1.0),
        ):
            found = self._find(row, low, high) if low <= high else None
            if found is not None:
                return (0, found)
        return None

    def _find(self, row: int, low: float, high: float) -> int | None:
        lower, upper = self._low.copy(), self._high.copy()
        lower[row], upper[row] = max(low, lower[row]), high
        cost: FloatVector = np.zeros(self._view.atoms)
        world = feasible_whole(
            model(self._rows, (lower, upper), self._upper, cost), branches=WORLD_BRANCHES
        ).found
        if world is None or not self._fits(world, lower, upper):
            return None
        return self._keep(world)

    def _keep(self, world: IntVector) -> int:
        sums = self._rows.sums(world)
        self._first[(self._first < 0) & (sums >= self._view.k)] = len(self.worlds)
        self.worlds.append(world)
        self._sums.append(sums)
        return len(self.worlds) - 1

    def _fits(self, world: IntVector, lower: FloatVector, upper: FloatVector) -> bool:
        """Check a world by addition; the solver's word is never taken."""
        if (world < 0).any() or (world > self._upper).any():
            return False
        sums = self._rows.sums(world)
        return not ((sums < lower) | (sums > upper)).any()

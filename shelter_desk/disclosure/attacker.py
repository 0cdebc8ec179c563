"""What a careful reader can work out: the range of any figure, given everything published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.highs import (
    NEAR,
    Whole,
    feasible_whole,
    load,
    model,
    uneven,
    whole,
    whole_corner,
)
from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector
from shelter_desk.disclosure.parts import Part, parts_of, whole_of
from shelter_desk.disclosure.system import Side, System

# How many branches each search for whole residents may try.
WORLD_BRANCHES = 6_000
NARROW_BRANCHES = 1_000
SPARSE_BRANCHES = 3_000


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a figure can go towards a side, in fractions.

    Args:
        value: extreme value, capped at the target.
        point: atoms where it is reached.
        multipliers: per figure, what one more there would move the extreme (the reader's recipe);
            None after numerical trouble, when nothing may be claimed.
        leans: a blank that was held as it is bears some of it.
        covered: per atom, how often the recipe for a rise counts it at least.
    """

    value: float
    point: FloatVector
    multipliers: FloatVector | None
    leans: bool = False
    covered: FloatVector | None = None

    def falls_short(self, side: Side) -> float:
        """Return by how much the side is missed, 0 if it is reached."""
        missing = (side.target - self.value) * side.sign
        return missing if missing > NEAR else 0.0


class Attacker:
    """What the reader of a pattern can work out, figure by figure.

    Rows of the model: figures as shown (value) or blank (floor and up), then links.
    """

    def __init__(self, system: System, effort: Effort | None = None) -> None:
        self._system, self._effort = system, effort if effort is not None else Effort()
        self._infinite = float(load().kHighsInf)
        self._blank = np.zeros(system.size, dtype=np.bool_)
        self._counts = np.array(system.problem.counts, dtype=np.int64)
        self._whole = whole_of(system, self._effort)
        self._parts = parts_of(system, self._effort)
        # What is shared stays as it is in a part, so a question about it is one for the whole.
        self._part_of = {
            figure: part
            for part in self._parts
            for figure, row in part.place.items()
            if row not in part.shared
        }
        self._in_parts = False
        self._links = [
            (np.array(link.left, dtype=np.int64), np.array(link.right, dtype=np.int64))
            for link in system.problem.links
        ]

    @property
    def least(self) -> FloatVector:
        """How many a reader knows at least to be in each atom."""
        return self._whole.reader.least

    def withhold(self, pattern: BoolVector) -> None:
        """Blank exactly these figures."""
        values = self._system.values.astype(np.float64)
        lower = np.where(pattern, self._system.floor, values)
        upper = np.where(pattern, self._infinite, values)
        self._settle(lower, upper, pattern)
        for part in self._parts:
            low, high, free = lower[part.sources], upper[part.sources], pattern[part.sources]
            low[part.shared] = high[part.shared] = values[part.sources[part.shared]]
            free[part.shared] = False
            part.reader.settle(low, high, may_rise=free)
        self._in_parts = True

    def half_withhold(self, shares: FloatVector, width: float) -> None:
        """Let every figure move by its share of `width`; one with share 1 is blank.

        Call `withhold` afterwards, before anything else is asked.
        """
        system, blank = self._system, shares > 1 - NEAR
        fall = np.minimum(system.values - system.floor, width) * shares
        lower = np.where(blank, system.floor, system.values - fall)
        upper = np.where(blank, self._infinite, system.values + width * shares)
        self._settle(lower, upper, blank)
        self._in_parts = False

    def _settle(self, lower: FloatVector, upper: FloatVector, blank: BoolVector) -> None:
        self._whole.reader.settle(lower, upper, may_rise=blank)
        self._blank = blank.copy()

    def reach(self, figure: int, side: Side) -> Reach:
        """Push one blank figure towards a side as far as the published figures let it go.

        In a part, what is shared with others stays as it is. What it allows is allowed; what it
        rules out counts where no blank that is shared had a share in it.
        """
        for part in self._asked(figure):
            found = self._reach_in(part, figure, side)
            if found is not None and (part is self._whole or not found.falls_short(side)):
                return found
            if found is not None and not found.leans:
                return found
        # Claim nothing, so that the figure counts as unprotected.
        counts = self._counts.astype(np.float64)
        return Reach(float(self._system.values[figure]), counts, None)

    def crowd(self, needs: Sequence[tuple[int, Side]]) -> FloatVector | None:
        """Push blank figures up towards their sides, as many and as far as fit together.

        Returns:
            Atoms where their rises, each up to its target, are most in all; None after trouble.
        """
        reader = self._whole.reader
        for figure, side in needs:
            cap = max(side.target, int(self._system.values[figure])) - self._system.floor[figure]
            reader.let_rise(figure, float(cap))
        corner = reader.highest(*(figure for figure, _ in needs))
        return None if corner is None else corner.point

    def _asked(self, figure: int) -> list[Part]:
        part = self._part_of.get(figure) if self._in_parts else None
        return [self._whole] if part is None else [part, self._whole]

    def _reach_in(self, part: Part, figure: int, side: Side) -> Reach | None:
        row, floor = part.place[figure], self._system.floor[figure]
        if side.sign > 0:
            cap = max(side.target, int(self._system.values[figure]))
            part.reader.let_rise(row, float(cap - floor))
            corner = part.reader.highest(row)
        else:
            corner = part.reader.lowest(row)
        if corner is None:
            return None
        weighed = corner.multipliers[: len(part.sources)]
        multipliers = np.bincount(part.sources, weighed, self._system.size).astype(np.float64)
        unsure = part.shared[self._blank[part.sources[part.shared]]]
        return Reach(
            (float(floor) if side.sign > 0 else 0.0) + side.sign * corner.value,
            self._spread(part, corner.point),
            multipliers,
            leans=bool(np.abs(weighed[unsure]).max(initial=0.0) > NEAR),
            covered=self._covered(part, corner.covered) if side.sign > 0 else None,
        )

    def _spread(self, part: Part, point: FloatVector) -> FloatVector:
        """Put residents of a part beside the true ones of the others."""
        everybody = self._counts.astype(np.float64)
        everybody[part.atoms] = point
        return everybody

    def _covered(self, part: Part, covered: FloatVector) -> FloatVector:
        nowhere_else = np.zeros(len(self._counts))
        nowhere_else[part.atoms] = covered
        return nowhere_else

    def whole_world(self, figure: int, side: Side, near: FloatVector) -> Whole:
        """Find whole residents that fit everything published and reach the side.

        Args:
            figure: the blank figure in question, which `reach` was asked about.
            side: what it has to reach.
            near: a fractional answer, which may be whole already.

        First where the fractions move somebody, everybody else left as they are: nearly always
        that is enough, in a third of the model. Then with as few residents as can be where nobody
        is: such worlds differ from the truth in one ring of moves, and the solver's own fractions
        are mostly whole there.
        """
        for guess in self._guesses(figure, side, near):
            if guess.found is not None or guess.is_none:
                return guess
        return Whole(None)

    def _guesses(self, figure: int, side: Side, near: FloatVector) -> Iterator[Whole]:
        yield Whole(self._fitting(near, figure, side))
        yield Whole(self._moving(near, figure, side))
        for part in self._asked(figure):
            empty = self._counts[part.atoms] == 0
            top = float(self._counts.sum() + abs(side.target) + 1)
            ceiling = np.where(self._system.open_atoms[part.atoms], top, 0.0)
            narrow = np.where((near[part.atoms] > NEAR) | ~empty, ceiling, 0.0)
            nothing = np.zeros(len(ceiling))
            everywhere = (ceiling, empty.astype(float), SPARSE_BRANCHES)
            whole_part = part is self._whole
            yield self._mixed(part, figure, side, everywhere, is_all=whole_part)
            if whole_part:
                yield self._mixed(part, figure, side, (narrow, nothing, NARROW_BRANCHES))
                everywhere = (ceiling, nothing, WORLD_BRANCHES)
                yield self._mixed(part, figure, side, everywhere, is_all=True)

    def _moving(self, near: FloatVector, figure: int, side: Side) -> IntVector | None:
        """Look for whole residents where a fractional answer moves somebody, and only there.

        First as few moves as can be, each the way it goes in fractions: a ring of moves, mostly
        whole, that fits other patterns too.
        """
        moves = np.abs(near - self._counts) > NEAR
        if not moves.any():
            return None
        others = np.where(moves, 0, self._counts)
        rows, left = self._whole.rows.over(moves), self._whole.rows.sums(others)
        touched = np.flatnonzero(np.diff(rows.starts))
        lowest, highest = self._asking(self._whole, figure, side)
        bounds = ((lowest - left)[touched], (highest - left)[touched])
        rows = rows.only(touched)
        rises, free = (near > self._counts)[moves], np.full(int(moves.sum()), self._infinite)
        nearer = np.where(rises, free, self._counts[moves])
        cost = np.where(rises, 1.0, -1.0) * uneven(len(free))
        found = whole_corner(model(rows, bounds, nearer, cost), effort=self._effort)
        if found is None:
            lp = model(rows, bounds, free, np.zeros(len(free)))
            found = feasible_whole(lp, branches=NARROW_BRANCHES, effort=self._effort).found
        if found is None:
            return None
        others[moves] = found
        return self._fitting(others.astype(np.float64), figure, side)

    def _asking(self, part: Part, figure: int, side: Side) -> tuple[FloatVector, FloatVector]:
        """Return the bounds of all rows, with the side as one of them."""
        row, lowest, highest = (
            part.place[figure],
            part.reader.lower.copy(),
            part.reader.upper.copy(),
        )
        if side.sign > 0:
            lowest[row], highest[row] = max(side.target, lowest[row]), self._infinite
        else:
            highest[row] = min(side.target, highest[row])
        return lowest, highest

    def _mixed(
        self,
        part: Part,
        figure: int,
        side: Side,
        how: tuple[FloatVector, FloatVector, int],
        *,
        is_all: bool = False,
    ) -> Whole:
        """Look for whole residents in one part, what it shares with others left as it is.

        Args:
            part: where to look.
            figure: the blank figure in question.
            side: what it has to reach.
            how: most in each atom, what one there costs, and how many branches to try.
            is_all: where there are none here, there are none at all.
        """
        upper, cost, branches = how
        lp = model(part.rows, self._asking(part, figure, side), upper, cost)
        answer = feasible_whole(lp, branches=branches, effort=self._effort)
        if answer.found is None:
            return Whole(None, is_none=is_all and answer.is_none)
        return Whole(self._fitting(self._spread(part, answer.found.astype(float)), figure, side))

    def _fitting(self, point: FloatVector, figure: int, side: Side) -> IntVector | None:
        found = whole(point)
        return found if found is not None and self._fits(found, figure, side) else None

    def _fits(self, world: IntVector, figure: int, side: Side) -> bool:
        """Check a world by addition; the solver's word is never taken."""
        system = self._system
        if (world < 0).any() or world[~system.open_atoms].any():
            return False
        values, shown = system.figure_values(world), ~self._blank
        if not side.met_by(values[[figure]])[0]:
            return False
        if (values[shown] != system.values[shown]).any() or (values < system.floor).any():
            return False
        return all(world[left].sum() == world[right].sum() for left, right in self._links)

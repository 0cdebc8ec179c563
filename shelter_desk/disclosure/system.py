"""The problem as the solver sees it: distinct figures, bounds on what may be withheld, needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.model import (
    BoolVector,
    Fixed,
    FloatVector,
    IntVector,
    Problem,
    ProblemError,
)


@dataclass(frozen=True, slots=True)
class Side:
    """A value some possible world must reach: at least `target` (sign 1), at most (sign -1)."""

    sign: int
    target: int

    def met_by(self, values: IntVector) -> BoolVector:
        """Tell which of these values of the figure reach the target."""
        met: BoolVector = values >= self.target if self.sign > 0 else values <= self.target
        return met


@dataclass(frozen=True, slots=True)
class Need:
    """What protects one figure: every side reached, or any one of them."""

    figure: int
    sides: tuple[Side, ...]
    any_of: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """Distinct figures over atoms. Two labels for the same atoms are one figure here.

    Args:
        rows: per figure, its atoms without the impossible ones, ascending.
        members: per figure, the positions of the problem's figures it stands for (none: a group).
        values: true value of each figure.
        offered: some table shows (or blanks) it.
        weights: cost of withholding.
        floor: least value a reader may assume when it is blank.
        must: it has to be withheld. may: it can be withheld.
        needs: what must be protected, in index order.
        flat: the atoms of all figures in turn, and where each figure begins and the last ends.
        open_atoms: atoms that can hold somebody.
    """

    problem: Problem
    rows: tuple[IntVector, ...]
    members: tuple[tuple[int, ...], ...]
    values: IntVector
    offered: BoolVector
    weights: FloatVector
    floor: IntVector
    must: BoolVector
    may: BoolVector
    needs: tuple[Need, ...]
    open_atoms: BoolVector
    flat: tuple[IntVector, IntVector]

    @property
    def size(self) -> int:
        """How many distinct figures there are."""
        return len(self.rows)

    def figure_values(self, world: IntVector) -> IntVector:
        """Add up every figure in one world."""
        atoms, edges = self.flat
        sums = np.concatenate([[0], np.cumsum(world[atoms])])
        values: IntVector = sums[edges[1:]] - sums[edges[:-1]]
        return values

    def label(self, index: int) -> str:
        """Words for a figure, for staff."""
        for member in self.members[index]:
            figure = self.problem.figures[member]
            return figure.label or figure.id
        return "the group"


def build(problem: Problem) -> System:
    """Merge equal figures, add groups as figures nobody is shown, and find what needs protection.

    Raises:
        ProblemError: an earlier release withheld a zero although blanks are known not to be zero.
    """
    keys = _distinct(problem)
    rows = tuple(np.array(sorted(key), dtype=np.int64) for key in keys)
    members = tuple(tuple(found) for found in keys.values())
    counts = np.array(problem.counts, dtype=np.int64)
    values = np.array([int(counts[row].sum()) for row in rows], dtype=np.int64)
    offered = np.array(
        [any(problem.figures[m].offered for m in ms) for ms in members], dtype=np.bool_
    )
    sensitive, coalition, undetermined = _sensitive(problem, keys, members, values)
    must, may = _bounds(problem, members, values, offered & (sensitive | coalition))
    if bool((must & offered & (values == 0)).any()) and problem.floor:
        raise ProblemError("a zero was withheld earlier although blanks are known not to be zero")
    open_atoms = np.ones(len(problem.atoms), dtype=np.bool_)
    open_atoms[sorted(problem.structural_zeros)] = False
    return System(
        problem=problem,
        rows=rows,
        members=members,
        values=values,
        offered=offered,
        weights=_weights(problem, members, offered),
        floor=_floor(problem, members, values, offered),
        must=must | ~offered,
        may=may | ~offered,
        needs=_needs(problem, members, values, sensitive | coalition, undetermined),
        open_atoms=open_atoms,
        flat=_flat(rows),
    )


def _flat(rows: tuple[IntVector, ...]) -> tuple[IntVector, IntVector]:
    nothing = np.zeros(0, dtype=np.int64)
    edges = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    return np.concatenate([*rows, nothing]), edges


def _distinct(problem: Problem) -> dict[frozenset[int], list[int]]:
    keys: dict[frozenset[int], list[int]] = {}
    for position, figure in enumerate(problem.figures):
        keys.setdefault(frozenset(figure.atoms) - problem.structural_zeros, []).append(position)
    for group in problem.groups:
        keys.setdefault(frozenset(group) - problem.structural_zeros, [])
    return keys


def _weights(
    problem: Problem, members: tuple[tuple[int, ...], ...], offered: BoolVector
) -> FloatVector:
    heaviest = [max((problem.figures[m].weight for m in ms), default=0) for ms in members]
    return np.where(offered, np.array(heaviest, dtype=np.float64), 0.0)


def _floor(
    problem: Problem, members: tuple[tuple[int, ...], ...], values: IntVector, offered: BoolVector
) -> IntVector:
    least = [
        max((problem.least.get(problem.figures[m].id, 0) for m in ms), default=0) for ms in members
    ]
    strict = np.where(offered, np.minimum(problem.floor, values), 0)
    return np.maximum(strict, np.array(least, dtype=np.int64)).astype(np.int64)


def _sensitive(
    problem: Problem,
    keys: dict[frozenset[int], list[int]],
    members: tuple[tuple[int, ...], ...],
    values: IntVector,
) -> tuple[BoolVector, BoolVector, BoolVector]:
    """Find what must be protected: figures (by rule or by name), and coalitions of atoms.

    The last are those of the first that only must not be determined.
    """
    if problem.sensitive is None:
        small = values < smallest_of(problem, members)
        found = small & ((values > 0) | problem.zeros_sensitive)
        found &= np.array([bool(key) for key in keys], dtype=np.bool_)
    else:
        named = {i for i, f in enumerate(problem.figures) if f.id in problem.sensitive}
        found = np.array([bool(named & set(ms)) for ms in members], dtype=np.bool_)
    if problem.also:
        found = found | np.array(
            [any(problem.figures[m].id in problem.also for m in ms) for ms in members]
        )
    groups = {frozenset(group) - problem.structural_zeros for group in problem.groups}
    coalition = np.array([key in groups for key in keys], dtype=np.bool_) & (values > 0)
    undetermined = np.zeros(len(members), dtype=np.bool_)
    if uses_weak_claim(problem):
        # Readers are told only "not determined"; what was withheld before must bear that too.
        kept = {f for f, status in problem.fixed.items() if status is Fixed.WITHHELD}
        kept_here = [any(problem.figures[m].id in kept for m in ms) for ms in members]
        old = np.array(kept_here, dtype=np.bool_)
        undetermined = old & ~found & ~coalition
        found |= old
    return found.astype(np.bool_), coalition.astype(np.bool_), undetermined.astype(np.bool_)


def uses_weak_claim(problem: Problem) -> bool:
    """Tell whether the certificate can say only "cannot be worked out", not "may be k or more"."""
    return problem.settings.level == "exact" or problem.sensitive is not None


def _bounds(
    problem: Problem,
    members: tuple[tuple[int, ...], ...],
    values: IntVector,
    forced: BoolVector,
) -> tuple[BoolVector, BoolVector]:
    must, may = forced.copy(), np.ones(len(members), dtype=np.bool_)
    if problem.floor:
        may &= values > 0
    for index, ms in enumerate(members):
        settled = {problem.fixed.get(problem.figures[m].id) for m in ms}
        if Fixed.PUBLISHED in settled:
            may[index] = False
        elif Fixed.WITHHELD in settled:
            must[index] = may[index] = True
    return must, may


def smallest_of(problem: Problem, members: tuple[tuple[int, ...], ...]) -> IntVector:
    """Return the smallest group of every distinct figure."""
    usual, own = problem.settings.k, problem.smallest
    found = [
        min((own.get(problem.figures[m].id, usual) for m in ms), default=usual) for ms in members
    ]
    return np.array(found, dtype=np.int64)


def _needs(
    problem: Problem,
    members: tuple[tuple[int, ...], ...],
    values: IntVector,
    protected: BoolVector,
    undetermined: BoolVector,
) -> tuple[Need, ...]:
    smallest, needs = smallest_of(problem, members), []
    also = int(problem.settings.insider)
    for index in np.flatnonzero(protected):
        value, k = int(values[index]), int(smallest[index])
        if problem.settings.level == "exact" or value >= k or undetermined[index]:
            sides: tuple[Side, ...] = (Side(1, value + 1), Side(-1, value - 1))
            needs.append(Need(int(index), sides if value > 0 else sides[:1], any_of=True))
        elif problem.floor == 0:
            needs.append(Need(int(index), (Side(1, k + also), Side(-1, 0))))
        else:
            needs.append(Need(int(index), (Side(1, k + also),)))
    return tuple(needs)

"""Is there any group of a few residents, named or not, that adding and subtracting isolates?

A group is a set of atoms. It is isolated when every set of residents that gives the published
figures has equally many in it: that is, when its 0/1 vector is a combination of the published
ones. Instead of looking for multipliers, which have no bounds, this takes an exact whole-number
basis of all changes that leave the published figures alone; a group is isolated if none of these
changes touches its sum.

Where every small atom is protected at the interval level no such group can exist. The search is an
audit of that, by another way. A group it finds is added up; that there is none the solver must say
twice, by two ways that share little, and what proves it is the worlds, not this: `certificate`
looks at every release, by its worlds alone where they tell it, else by this search. In doubt
nothing leaves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from shelter_desk.disclosure.adding import Row, reduced
from shelter_desk.disclosure.highs import OTHER, fresh, load
from shelter_desk.disclosure.model import Problem


class UnsureError(RuntimeError):
    """The solver could not say in the time given whether a group is isolated."""


def isolated_group(
    problem: Problem, withheld: Sequence[bool], *, limit_s: float = 30.0
) -> tuple[int, ...] | None:
    """Find atoms with 1 to k - 1 residents whose sum the published figures give away, or None.

    Args:
        problem: what is published together.
        withheld: per figure of the problem, whether it is blank.
        limit_s: seconds to look.

    Raises:
        UnsureError: neither a group nor the proof that there is none was found.
    """
    places = [n for n in range(len(problem.atoms)) if n not in problem.structural_zeros]
    changes = changes_unseen(_published(problem, withheld), places)
    found = _search(problem, places, changes, limit_s)
    return None if found is None else _added_up(problem, changes, found)


def _added_up(
    problem: Problem, changes: Sequence[dict[int, int]], group: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the solver's group if it holds by addition: its word alone is not taken."""
    residents = sum(problem.counts[atom] for atom in group)
    untouched = all(sum(change.get(atom, 0) for atom in group) == 0 for change in changes)
    if not untouched or not 0 < residents < problem.settings.k:
        raise UnsureError("the solver's group does not hold")
    return group


def changes_unseen(rows: Sequence[dict[int, int]], places: Sequence[int]) -> list[dict[int, int]]:
    """Return a whole-number basis of the changes to atoms that no row sees.

    Args:
        rows: figures as atom -> coefficient.
        places: atoms that can hold somebody.
    """
    solved = reduced(rows, set(places))
    changes = []
    for free in (place for place in places if place not in solved):
        change: Row = {free: Fraction(1)}
        for pivot, row in solved.items():
            if row.get(free):
                change[pivot] = -row[free]
        times = math.lcm(*(value.denominator for value in change.values()))
        changes.append({place: int(value * times) for place, value in change.items()})
    return changes


def _published(problem: Problem, withheld: Sequence[bool]) -> list[dict[int, int]]:
    rows = [
        dict.fromkeys(figure.atoms, 1)
        for figure, blank in zip(problem.figures, withheld, strict=True)
        if not blank
    ]
    for link in problem.links:
        row = dict.fromkeys(link.left, 1)
        for atom in link.right:
            row[atom] = row.get(atom, 0) - 1
        rows.append({atom: value for atom, value in row.items() if value})
    return rows


def _search(
    problem: Problem, places: Sequence[int], changes: Sequence[dict[int, int]], limit_s: float
) -> tuple[int, ...] | None:
    """Ask for such a group; that there is none must be said twice, by two ways."""
    highs = load()
    for way in ({}, OTHER):
        solver = _asked(problem, places, changes)
        for name, value in {**way, "time_limit": limit_s}.items():
            solver.setOptionValue(name, value)
        solver.run()
        status = solver.getModelStatus()
        if status == highs.HighsModelStatus.kOptimal:
            chosen = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)
            return tuple(places[int(n)] for n in chosen)
        if status != highs.HighsModelStatus.kInfeasible:
            raise UnsureError("the solver was not sure in time")
    return None


def _asked(problem: Problem, places: Sequence[int], changes: Sequence[dict[int, int]]) -> Any:  # noqa: ANN401 - a Highs
    """Return the question: 0 or 1 for each atom, no change touched, few residents in all."""
    highs, column = load(), {place: n for n, place in enumerate(places)}
    solver = fresh()
    for n, _ in enumerate(places):
        solver.addCol(0.0, 0.0, 1.0, 0, [], [])
        solver.changeColIntegrality(n, highs.HighsVarType.kInteger)
    for change in changes:
        _row(solver, {column[place]: value for place, value in change.items()}, 0, 0)
    counts = {column[place]: problem.counts[place] for place in places if problem.counts[place]}
    _row(solver, counts, 1, problem.settings.k - 1)
    return solver


def _row(solver: object, values: dict[int, int], least: int, most: int) -> None:
    columns = np.array(list(values), dtype=np.int32)
    coefficients = np.array(list(values.values()), dtype=np.float64)
    solver.addRow(float(least), float(most), len(columns), columns, coefficients)  # type: ignore[attr-defined]  # a Highs

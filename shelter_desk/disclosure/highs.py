"""The one place that loads the optimiser, and small ways of handing it a model.

How far its word is taken. That there are whole residents who fit is added up each time (`_fits` of
the attacker and of the public worlds, and the checker at the end). That there are none is believed
only where that withholds more: a pattern without a world for each small figure is never safe, so
a wrong "none" costs figures and, at worst, the claim that they are the fewest. For that claim it
must be said twice, by two ways that share little. Where "at most so many" excuses a group from its
proof (`known_alone`), the sum behind it is added up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.model import BoolVector, FloatVector, IntVector

# No single search for whole numbers goes on for longer by the clock, on however busy a machine.
PATIENCE_S = 120.0
# HiGHS answers within 1e-7; a value this close to a whole number is that number.
NEAR = 1e-6
# Multiples of it, less what is whole, lie evenly and never meet.
GOLDEN = 0.618_033_988_749_895
# Jumping about for a first answer takes longer here than the first linear program does.
USUAL: dict[str, object] = {
    "mip_max_improving_sols": 1,
    "mip_heuristic_run_feasibility_jump": False,
}
# The same question without the reductions, symmetries and restarts a wrong "none" could come from.
OTHER: dict[str, object] = {
    **USUAL,
    "presolve": "off",
    "mip_detect_symmetry": False,
    "mip_allow_restart": False,
    "random_seed": 1,
}


def load() -> Any:  # noqa: ANN401 - the module itself, typed by its own stubs
    """Return the highspy module.

    Never import another solver with the same symbols (ortools) into this process: its libraries
    clash with these.
    """
    # heavy: 0.2 s, and most starts of the program make no table
    import highspy  # noqa: PLC0415 - start-up time

    return highspy


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix with entries 1 and -1, one row per figure or link."""

    starts: IntVector
    atoms: IntVector
    signs: FloatVector

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    def sums(self, world: IntVector) -> FloatVector:
        """Add up every row in one world."""
        sums = np.concatenate([[0.0], np.cumsum(self.signs * world[self.atoms])])
        found: FloatVector = sums[self.starts[1:]] - sums[self.starts[:-1]]
        return found

    def only(self, chosen: IntVector) -> Rows:
        """Return some of the rows, in this order."""
        lengths = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        entries = np.arange(starts[-1]) + np.repeat(self.starts[chosen] - starts[:-1], lengths)
        return Rows(starts, self.atoms[entries], self.signs[entries])

    def over(self, atoms: BoolVector) -> Rows:
        """Return all rows over some atoms alone, counted among themselves."""
        inside = atoms[self.atoms]
        before = np.concatenate([[0], np.cumsum(inside)]).astype(np.int64)
        places = np.cumsum(atoms) - 1
        return Rows(before[self.starts], places[self.atoms[inside]], self.signs[inside])


def rows_of(
    figures: Sequence[Sequence[int]], links: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> Rows:
    """Lay out figures (+1 for each atom) and after them links (+1 left, -1 right)."""
    atoms = [np.asarray(row, dtype=np.int64) for row in figures]
    signs = [np.ones(len(row)) for row in atoms]
    for left, right in links:
        both = sorted(set(left) ^ set(right))
        atoms.append(np.array(both, dtype=np.int64))
        signs.append(np.array([1.0 if a in set(left) else -1.0 for a in both]))
    starts = np.concatenate([[0], np.cumsum([len(row) for row in atoms])]).astype(np.int64)
    nothing = np.zeros(0)
    return Rows(
        starts,
        np.concatenate([*atoms, nothing]).astype(np.int64),
        np.concatenate([*signs, nothing]),
    )


def model(
    rows: Rows,
    row_bounds: tuple[FloatVector, FloatVector],
    upper: FloatVector,
    cost: FloatVector,
) -> Any:  # noqa: ANN401 - a HighsLp
    """Build a linear model over atoms from 0 to `upper`; the caller sets sense and integrality."""
    highspy = load()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(upper), rows.count
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(upper)), upper
    lp.row_lower_, lp.row_upper_ = row_bounds
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = rows.starts.astype(np.int32)
    lp.a_matrix_.index_ = rows.atoms.astype(np.int32)
    lp.a_matrix_.value_ = rows.signs
    return lp


def fresh(**options: object) -> Any:  # noqa: ANN401 - a Highs
    """Return a silent, single-threaded solver (one thread: the same answer every time)."""
    solver = load().Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def whole(point: FloatVector) -> IntVector | None:
    """Return the point as whole numbers, or None if some coordinate is not one."""
    near = np.rint(point)
    if np.abs(point - near).max(initial=0.0) > NEAR:
        return None
    return near.astype(np.int64)


class TooSlowError(RuntimeError):
    """The optimiser did not answer within the time that is generous on any machine."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Whole numbers that satisfy a model, rounded: the caller must check them by addition.

    Args:
        found: the numbers, or None.
        is_none: there are none at all, said twice; not that none were found within the branches
            allowed.
    """

    found: IntVector | None
    is_none: bool = False


def uneven(count: int) -> FloatVector:
    """Return costs of which no two are alike, so that one corner alone is the cheapest."""
    turns: FloatVector = np.arange(1, count + 1).astype(np.float64) * GOLDEN
    return 1.0 + turns - np.floor(turns)


def whole_corner(
    lp: Any,  # noqa: ANN401 - a HighsLp
    *,
    effort: Effort,
) -> IntVector | None:
    """Return the cheapest corner of the model if it is whole; the caller checks it by addition.

    That is a linear program, a third of the work of a search for whole numbers.

    Args:
        lp: the model, with costs of which no two are alike (`uneven`).
        effort: is told of the work.
    """
    highspy, solver = load(), fresh(presolve="off")
    solver.passModel(lp)
    solver.run()
    effort.asked(solver.getInfo().simplex_iteration_count)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return whole(np.array(solver.getSolution().col_value))


def feasible_whole(
    lp: Any,  # noqa: ANN401 - a HighsLp
    *,
    branches: int,
    effort: Effort | None = None,
    limit_s: float = PATIENCE_S,
) -> Whole:
    """Look for whole numbers that satisfy the model.

    Args:
        lp: the model.
        branches: how many may be tried; the same each time, whatever else the machine does.
        effort: is told of the work.
        limit_s: seconds by the clock.

    Raises:
        TooSlowError: the machine took too long for as little.
    """
    lp.integrality_ = [load().HighsVarType.kInteger] * lp.num_col_
    found = Whole(None)
    for way in (USUAL, OTHER):
        solver = fresh(time_limit=limit_s, mip_max_nodes=branches, **way)
        solver.passModel(lp)
        found = _first_whole(solver, effort)
        if not found.is_none:
            break
    return found


def _first_whole(solver: Any, effort: Effort | None) -> Whole:  # noqa: ANN401 - a Highs
    highspy = load()
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    if effort is not None:
        effort.asked(info.simplex_iteration_count)
    if info.primal_solution_status == highspy.kSolutionStatusFeasible:
        found: IntVector = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
        return Whole(found)
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise TooSlowError("The optimiser did not answer in time.")
    return Whole(None, is_none=status == highspy.HighsModelStatus.kInfeasible)

"""Why a figure is withheld, for staff: it is small itself, or it would give away a small one.

The reader's way to the small figure is told in full, from the multipliers of the attacker's linear
model: "Total − Police − Hospital = Self". These sentences name small figures. They are for the
screen, never for an export.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.attacker import Attacker, Reach
from shelter_desk.disclosure.model import BoolVector, FloatVector, Problem
from shelter_desk.disclosure.solution import Solution
from shelter_desk.disclosure.system import Need, Side, System, build

# A way with more steps than this is not told step by step.
MOST_STEPS = 8
NEAR = 1e-6

SMALL = "It covers a small group."
NAMED = "It was named as one to protect."
SPARE = "It is not needed for safety, but the search ended before it was shown."


@dataclass(frozen=True, slots=True)
class _Leak:
    """How a reader would get at a figure: towards one side, with the multipliers that do it."""

    need: Need
    side: Side
    reach: Reach


def explain(problem: Problem, solution: Solution) -> dict[str, str]:
    """Give a sentence for every withheld figure that is offered, by its id."""
    system = build(problem)
    attacker = Attacker(system)
    blank = [all(solution.withheld[m] for m in members) for members in system.members]
    pattern = np.array(blank, dtype=np.bool_)
    protected = {need.figure for need in system.needs}
    sentences: dict[str, str] = {}
    for index in map(int, np.flatnonzero(pattern & system.offered)):
        if index in protected:
            is_small = system.values[index] < problem.settings.k
            sentence = SMALL if is_small and problem.sensitive is None else NAMED
        else:
            sentence = _secondary(system, attacker, pattern, index)
        for member in system.members[index]:
            sentences[problem.figures[member].id] = sentence
    return sentences


def _secondary(system: System, attacker: Attacker, pattern: BoolVector, index: int) -> str:
    shown = pattern.copy()
    shown[index] = False
    attacker.withhold(shown)
    for need in system.needs:
        leak = _leak(attacker, need)
        if leak is not None:
            return _told(system, leak, ~shown)
    return SPARE


def _leak(attacker: Attacker, need: Need) -> _Leak | None:
    """Find the side that a reader could rule out; of a need that any side meets, all of them."""
    found = None
    for side in need.sides:
        reach = attacker.reach(need.figure, side)
        is_cut_off = (
            reach.multipliers is None
            or reach.falls_short(side)
            or attacker.whole_world(need.figure, side, reach.point) is None
        )
        if is_cut_off:
            found = _Leak(need, side, reach)
            if not need.any_of:
                return found
        elif need.any_of:
            return None
    return found


def _told(system: System, leak: _Leak, shown: BoolVector) -> str:
    label = system.label(leak.need.figure)
    recipe = _recipe(system, leak, shown)
    if recipe is None:
        return f"If it were shown, {label} could be worked out."
    words, is_exact = recipe
    if is_exact:
        return f"If it were shown, {label} could be worked out: {words} = {label}."
    limit = round(leak.reach.value)
    bound = f"at most {limit}" if leak.side.sign > 0 else f"at least {limit}"
    return f"If it were shown, {label} would be known to be {bound}, from {words}."


def _recipe(system: System, leak: _Leak, shown: BoolVector) -> tuple[str, bool] | None:
    """Put the reader's sum into words, and tell whether it gives the figure itself."""
    multipliers = leak.reach.multipliers
    if multipliers is None or not leak.reach.falls_short(leak.side):
        return None
    steps = np.where(shown, leak.side.sign * multipliers, 0.0)
    whole = np.rint(steps)
    used = np.flatnonzero(np.abs(steps) > NEAR)
    if not 0 < len(used) <= MOST_STEPS or np.abs(steps - whole).max() > NEAR:
        return None
    order = sorted(map(int, used), key=lambda i: (whole[i] < 0, -len(system.rows[i]), i))
    words = ""
    for i in order:
        times = int(abs(whole[i]))
        term = f"{times} × {system.label(i)}" if times > 1 else system.label(i)
        sign = "−" if whole[i] < 0 else "+"
        words += f" {sign} {term}" if words else (term if sign == "+" else f"−{term}")
    return words, _adds_up(system, leak.need.figure, whole)


def _adds_up(system: System, figure: int, steps: FloatVector) -> bool:
    """Tell whether the steps give exactly the atoms of the figure, in every world."""
    left = np.zeros(len(system.open_atoms))
    for i in map(int, np.flatnonzero(steps)):
        left[system.rows[i]] += steps[i]
    left[system.rows[figure]] -= 1
    return not left[system.open_atoms].any()

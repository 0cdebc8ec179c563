"""Why a figure is withheld, for staff: it is small itself, or it would give away a small one.

The reader's way to the small figure is told in full, from the multipliers of the attacker's linear
model: "Total − Police − Hospital = Self". These sentences name small figures. They are for the
screen, never for an export.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.attacker import Attacker, Reach
from shelter_desk.disclosure.model import BoolVector, Fixed, FloatVector, Problem
from shelter_desk.disclosure.solution import Solution
from shelter_desk.disclosure.system import Need, Side, System, build
from shelter_desk.disclosure.worlds import WorldPool

# A way with more steps than this is not told step by step.
MOST_STEPS = 8
NEAR = 1e-6

SMALL = "It covers a small group."
# The level "exact" promises no more than this.
NOT_EXACTLY = " Nobody can work it out exactly."
NAMED = "It was named as one to protect."
GROUP = "It would say the same of everybody in a group."
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
    attacker, pool = Attacker(system), WorldPool(system)
    for world in solution.worlds[1:]:
        pool.add(np.array(world, dtype=np.int64))
    blank = [all(solution.withheld[m] for m in members) for members in system.members]
    pattern = np.array(blank, dtype=np.bool_)
    protected = {need.figure for need in system.needs}
    sentences: dict[str, str] = {}
    for index in map(int, np.flatnonzero(pattern & system.offered)):
        if index in protected:
            is_small = system.values[index] < problem.settings.k
            sentence = SMALL if is_small and problem.sensitive is None else NAMED
            sentence += _promised(attacker, system, pattern, index) if is_small else ""
        else:
            first = solution.behind.get(index)
            sentence = _secondary(attacker, pool, system, _without(pattern, index), first)
        for member in system.members[index]:
            sentences[problem.figures[member].id] = sentence
    return sentences


def _promised(attacker: Attacker, system: System, pattern: BoolVector, index: int) -> str:
    """Say what the level "exact" leaves open: a small figure may be known to be small."""
    settings = system.problem.settings
    if settings.level != "exact":
        return ""
    attacker.withhold(pattern)
    small = Side(1, settings.k)
    reach = attacker.reach(index, small)
    if not reach.falls_short(small):
        return NOT_EXACTLY
    most = math.floor(reach.value + NEAR)
    return f"{NOT_EXACTLY} Readers can tell that it is {most} or less."


def why_blank(problem: Problem, figure: str) -> str:
    """Say why one figure is blank in a problem in which every other figure is settled."""
    system = build(problem)
    attacker, pool = Attacker(system), WorldPool(system)
    settled = [{problem.fixed.get(problem.figures[m].id) for m in ms} for ms in system.members]
    pattern = np.array([Fixed.PUBLISHED not in known for known in settled], dtype=np.bool_)
    index = next(
        n
        for n, members in enumerate(system.members)
        if any(problem.figures[m].id == figure for m in members)
    )
    if any(need.figure == index for need in system.needs):
        if system.values[index] < problem.settings.k:
            return SMALL
        return GROUP if figure in problem.also else NAMED
    return _secondary(attacker, pool, system, _without(pattern, index))


def _without(pattern: BoolVector, index: int) -> BoolVector:
    shown = pattern.copy()
    shown[index] = False
    return shown


def _secondary(
    attacker: Attacker,
    pool: WorldPool,
    system: System,
    pattern: BoolVector,
    first: int | None = None,
) -> str:
    """Say what a pattern that shows one figure more gives away. Worlds found are kept.

    `first` is the figure it is thought to give away.
    """
    attacker.withhold(pattern)
    usable = pool.usable(pattern)
    unproved = [system.needs[n] for n in np.flatnonzero(~pool.met(usable)).tolist()]
    for need in sorted(unproved, key=lambda one: one.figure != first):
        leak = _leak(attacker, need)
        if leak is not None:
            return _told(system, leak, ~pattern)
    for need in unproved:
        if not _has_worlds(attacker, pool, need):
            return f"If it were shown, {system.label(need.figure)} could be worked out."
    return SPARE


def _leak(attacker: Attacker, need: Need) -> _Leak | None:
    """Find the side that a reader rules out by adding; of a need that any side meets, all."""
    found = [_Leak(need, side, attacker.reach(need.figure, side)) for side in need.sides]
    cut_off = [leak for leak in found if leak.reach.falls_short(leak.side)]
    if not cut_off or (need.any_of and len(cut_off) < len(found)):
        return None
    return cut_off[0]


def _has_worlds(attacker: Attacker, pool: WorldPool, need: Need) -> bool:
    worlds = []
    for side in need.sides:
        near = attacker.reach(need.figure, side).point
        worlds.append(attacker.whole_world(need.figure, side, near).found)
    for world in worlds:
        if world is not None:
            pool.add(world)
    reached = [world is not None for world in worlds]
    return any(reached) if need.any_of else all(reached)


def _told(system: System, leak: _Leak, shown: BoolVector) -> str:
    label = system.label(leak.need.figure)
    recipe = _recipe(system, leak, shown)
    if recipe is None:
        return f"If it were shown, {label} could be worked out."
    words, is_exact = recipe
    if is_exact:
        return f"If it were shown, {label} could be worked out: {words} = {label}."
    if leak.side.sign > 0:
        bound = f"at most {math.floor(leak.reach.value + NEAR)}"
    else:
        bound = f"at least {math.ceil(leak.reach.value - NEAR)}"
    return f"If it were shown, {label} would be known to be {bound}, from {words}."


def _recipe(system: System, leak: _Leak, shown: BoolVector) -> tuple[str, bool] | None:
    """Put the reader's sum into words, and tell whether it gives the figure itself."""
    multipliers = leak.reach.multipliers
    if multipliers is None or not leak.reach.falls_short(leak.side):
        return None
    steps = np.where(shown, leak.side.sign * multipliers, 0.0)
    whole = np.rint(steps)
    # What is shown to be zero changes no sum, and only makes it longer to read.
    used = np.flatnonzero((np.abs(steps) > NEAR) & (system.values > 0))
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

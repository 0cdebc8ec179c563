"""Cuts found between the patterns: they make the master's bound good before it has to branch.

The master's cheapest shares (figures withheld by a half, by a third) are taken as they are: a
figure withheld by a share may move by that share of what is needed. Where the attacker still
cannot be kept off, the multipliers give a cut that every whole pattern satisfies as well.

Source: Fischetti and Salazar, Management Science 47 (2001), section 4 (separation at the root).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shelter_desk.disclosure.attacker import Attacker, Reach
from shelter_desk.disclosure.cuts import Cut
from shelter_desk.disclosure.master import Master
from shelter_desk.disclosure.model import BoolVector, FloatVector
from shelter_desk.disclosure.system import Side, System

MOST_ROUNDS = 12
# A round that lifts the bound by less than this was not worth its linear programs.
LEAST_GAIN = 0.1
NEAR = 1e-6


def strengthen(
    system: System, attacker: Attacker, master: Master, goes_on: Callable[[], bool]
) -> None:
    """Add cuts at the master's fractional answers while they lift its bound.

    Args:
        system: the problem.
        attacker: the search's own; its pattern must be set again afterwards.
        master: the search's own.
        goes_on: tells whether there is time.
    """
    before = -1.0
    for _ in range(MOST_ROUNDS):
        shares, weight = master.relaxed()
        if weight < before + LEAST_GAIN or not goes_on():
            return
        before = weight
        shares = np.where(system.offered, shares, 1.0)
        if not _separated(system, attacker, master, shares):
            return


def _separated(system: System, attacker: Attacker, master: Master, shares: FloatVector) -> bool:
    groups: dict[float, list[tuple[int, Side]]] = {}
    for need in system.needs:
        for side in need.sides if not need.any_of else ():
            width = max(1.0, abs(side.target - float(system.values[need.figure])))
            groups.setdefault(width, []).append((need.figure, side))
    found = False
    for width, sides in sorted(groups.items()):
        attacker.half_withhold(shares, width)
        for figure, side in _in_question(system, attacker, sides):
            cut = _cut(system, attacker.reach(figure, side), side, shares, width)
            if cut is None:
                continue
            if float(cut.coefficients @ shares[cut.figures]) < cut.least - NEAR:
                found = master.add(cut) is not None or found
    return found


def _in_question(
    system: System, attacker: Attacker, sides: list[tuple[int, Side]]
) -> list[tuple[int, Side]]:
    """Leave out what is reached together with others: that needs no question of its own."""
    left = [one for one in sides if one[1].sign > 0]
    point = attacker.crowd(left) if left else None
    while point is not None:
        short = [one for one in left if point[system.rows[one[0]]].sum() < one[1].target - NEAR]
        point = attacker.crowd(short) if 0 < len(short) < len(left) else None
        left = short
    return left + [one for one in sides if one[1].sign < 0]


def _cut(
    system: System, reach: Reach, side: Side, shares: FloatVector, width: float
) -> Cut | None:
    """Turn the multipliers into a condition on whole patterns.

    Figures with share 1 may move freely in the linear program; that only makes the attacker's
    range wider than a pattern that shows them would.
    """
    if reach.multipliers is None or not reach.falls_short(side):
        return None
    part: BoolVector = shares < 1 - NEAR
    recipe = np.where(part, reach.multipliers, 0.0)
    recipe[np.abs(recipe) < NEAR] = 0.0
    fall = np.minimum(system.values - system.floor, width)
    moved = np.where(recipe > 0, width * shares, -fall * shares)
    base = side.sign * reach.value - float(recipe @ moved)
    short = side.sign * side.target - base
    if short < NEAR:
        return None
    lower = np.maximum(-recipe, 0.0) * (system.values - system.floor)
    worth = np.where(recipe > 0, short, np.minimum(lower, short))
    figures = np.flatnonzero(worth > 0)
    return Cut(figures, worth[figures], short)

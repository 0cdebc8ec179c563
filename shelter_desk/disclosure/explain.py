"""Why a figure is withheld, for staff: it is small itself, or it would give away a small one.

These sentences name small figures. They are for the screen, never for an export.
"""

from __future__ import annotations

import numpy as np

from shelter_desk.disclosure.attacker import Attacker
from shelter_desk.disclosure.model import Problem
from shelter_desk.disclosure.solution import Solution
from shelter_desk.disclosure.system import Need, System, build


def explain(problem: Problem, solution: Solution) -> dict[str, str]:
    """Give a sentence for every withheld figure that is offered, by its id."""
    system = build(problem)
    attacker = Attacker(system)
    blank = [all(solution.withheld[m] for m in members) for members in system.members]
    pattern = np.array(blank, dtype=np.bool_)
    small = {need.figure for need in system.needs}
    sentences: dict[str, str] = {}
    for index in np.flatnonzero(pattern & system.offered):
        sentence = "It covers a small group."
        if int(index) not in small:
            trial = pattern.copy()
            trial[index] = False
            attacker.withhold(trial)
            found = next((n for n in system.needs if _given_away(attacker, system, n)), None)
            sentence = "It is not needed for safety, but the search ended before it was shown."
            if found is not None:
                sentence = f"If it were shown, {system.label(found.figure)} could be worked out."
        for member in system.members[int(index)]:
            sentences[problem.figures[member].id] = sentence
    return sentences


def _given_away(attacker: Attacker, system: System, need: Need) -> bool:
    short = []
    for side in need.sides:
        reach = attacker.reach(need.figure, side)
        short.append(
            reach.multipliers is None
            or bool(reach.falls_short(side))
            or attacker.whole_world(need.figure, side, reach.point) is None
        )
    return all(short) if need.any_of else any(short)

"""Figures that follow another: each of them would have been kept low if it had been asked."""

from __future__ import annotations

import random

import numpy as np

from shelter_desk.disclosure.attacker import Attacker
from shelter_desk.disclosure.model import Figure, Link, Problem, Settings
from shelter_desk.disclosure.recipes import Followers
from shelter_desk.disclosure.system import build

K = 4


def drawn(seed: int) -> Problem:
    """Two 2 x 3 tables of the same people by the same rows, linked by the rows."""
    draw = random.Random(f"recipes {seed}")
    counts = [draw.choice((0, 1, 2, 3, 5, 9)) for _ in range(6)]
    other = []
    for row in (counts[:3], counts[3:]):
        first = draw.randint(0, sum(row))
        second = draw.randint(0, sum(row) - first)
        other += [first, second, sum(row) - first - second]
    sets = [(n,) for n in range(12)]
    for start in (0, 6):
        sets += [(start, start + 1, start + 2), (start + 3, start + 4, start + 5)]
        sets += [(start + n, start + n + 3) for n in range(3)]
        sets.append(tuple(range(start, start + 6)))
    return Problem(
        atoms=tuple("abcdefghijkl"),
        counts=(*counts, *other),
        figures=tuple(Figure(f"f{n}", atoms) for n, atoms in enumerate(sets)),
        settings=Settings(K, 1),
        links=(Link((0, 1, 2), (6, 7, 8)), Link((3, 4, 5), (9, 10, 11))),
    )


def test_what_follows_a_figure_falls_short_when_it_is_asked_itself() -> None:
    followed = 0
    for seed in range(60):
        system = build(drawn(seed))
        attacker, followers = Attacker(system), Followers(system)
        draw = random.Random(seed)
        shown = np.array([draw.random() < 0.6 for _ in range(system.size)])
        attacker.withhold(system.must | (system.may & ~shown))
        for need in system.needs:
            reach = attacker.reach(need.figure, need.sides[0])
            if not reach.falls_short(need.sides[0]):
                continue
            for number in map(
                int, np.flatnonzero(followers.of(need.figure, reach, attacker.least))
            ):
                other = system.needs[number]
                own = attacker.reach(other.figure, other.sides[0])
                assert own.falls_short(other.sides[0]), f"seed {seed}"
                followed += other is not need
    assert followed > 50

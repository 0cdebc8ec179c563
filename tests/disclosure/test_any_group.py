"""No group of a few residents, named or not, can be had by adding and subtracting."""

from __future__ import annotations

import dataclasses
import itertools
import random
import sys

import numpy as np
import pytest

from shelter_desk.disclosure import (
    COARSER,
    Label,
    Refused,
    ReleaseRequest,
    Settings,
    TableRequest,
    protect,
)
from shelter_desk.disclosure.any_group import UnsureError, changes_unseen, isolated_group
from shelter_desk.disclosure.attacker import Attacker
from shelter_desk.disclosure.model import Figure, Fixed, Problem
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import Solution
from shelter_desk.disclosure.system import Side, build


def table(seed: int, k: int = 4) -> Problem:
    """A 3 x 3 table with margins."""
    draw = random.Random(f"group {seed}")
    counts = tuple(draw.choice((0, 1, 2, 3, 5, 8)) for _ in range(9))
    sets = [(n,) for n in range(9)]
    sets += [tuple(range(3 * r, 3 * r + 3)) for r in range(3)]
    sets += [tuple(range(c, 9, 3)) for c in range(3)]
    sets.append(tuple(range(9)))
    figures = tuple(Figure(str(n), atoms) for n, atoms in enumerate(sets))
    return Problem(tuple("abcdefghi"), counts, figures, Settings(k))


def by_hand(problem: Problem, withheld: list[bool]) -> bool:
    """Try every set of atoms: is one of few residents a combination of what is published?"""
    shown = [f.atoms for f, blank in zip(problem.figures, withheld, strict=True) if not blank]
    matrix = np.zeros((len(shown), len(problem.atoms)))
    for row, atoms in enumerate(shown):
        matrix[row, list(atoms)] = 1
    rank = np.linalg.matrix_rank(matrix) if shown else 0
    counts = np.array(problem.counts)
    groups = (np.array(bits) for bits in itertools.product((0, 1), repeat=len(problem.atoms)))
    return any(
        0 < int(group @ counts) < problem.settings.k
        and np.linalg.matrix_rank(np.vstack([matrix, group])) == rank
        for group in groups
    )


def test_the_search_agrees_with_trying_every_group() -> None:
    isolated = free = 0
    for seed in range(30):
        problem = table(seed)
        draw = random.Random(f"blank {seed}")
        share = draw.choice((0.5, 0.7, 0.9))
        withheld = [draw.random() < share for _ in problem.figures]
        found = isolated_group(problem, withheld)
        assert (found is not None) == by_hand(problem, withheld), f"seed {seed}"
        isolated += found is not None
        free += found is None
    sys.stdout.write(f"{isolated} isolated, {free} not\n")
    assert isolated > 5
    assert free > 5


def test_the_changes_are_a_whole_number_basis() -> None:
    rows = [{0: 1, 1: 1, 2: 1}, {2: 1, 3: 1}, {0: 1, 1: 1, 3: -1}]
    changes = changes_unseen(rows, range(5))
    assert len(changes) == 5 - 2
    assert all(sum(row.get(a, 0) * v for a, v in c.items()) == 0 for row in rows for c in changes)


def test_what_is_protected_isolates_nobody_and_small_cells_alone_do() -> None:
    found = solved = 0
    for seed in range(40):
        problem = table(seed)
        small = [0 < sum(problem.counts[a] for a in f.atoms) < 4 for f in problem.figures]
        found += isolated_group(problem, small) is not None
        solution = solve(problem)
        if isinstance(solution, Solution):
            solved += 1
            assert isolated_group(problem, solution.withheld) is None, f"seed {seed}"
    sys.stdout.write(f"{found} of 40 with only small cells blank, 0 of {solved} protected\n")
    assert found > 20
    assert solved > 20


def test_a_release_that_ends_in_doubt_is_refused_with_what_to_ask_for() -> None:
    codes = tuple(Label(code, code) for code in "abcd")
    cells = ((1, 2), (4, 5), (3, 2), (6, 12))
    table = TableRequest("two", "Two", "residents", codes, codes[:2], cells)
    request = ReleaseRequest("Quarter", "2026-Q1", "public", 35, (table,), Settings(5))

    def doubted(_: object) -> None:
        raise UnsureError("the solver was not sure in time")

    refused = protect(request, early=doubted)
    assert isinstance(refused, Refused)
    assert refused.rung == "certificate"
    assert "not sure in time" in refused.reason
    assert refused.next_rung == COARSER


BANDS, K = 4, 5


def year_to_date(people: list[tuple[int, int]], months: int) -> Problem:
    """All tables from January to each month, by age; single months are never offered."""
    counts = [people.count((m, b)) for m in range(months) for b in range(BANDS)]
    figures = []
    for last in range(months):
        for band in range(BANDS):
            atoms = tuple(m * BANDS + band for m in range(last + 1))
            figures.append(Figure(f"to {last}, {band}", atoms))
        figures.append(Figure(f"to {last}, all", tuple(range((last + 1) * BANDS)), 3))
    figures += [
        Figure(f"month {m}, {band}", (m * BANDS + band,), 0, offered=False)
        for m in range(months)
        for band in range(BANDS)
    ]
    names = tuple(f"{m}/{band}" for m in range(months) for band in range(BANDS))
    return Problem(names, tuple(counts), tuple(figures), Settings(K, time_limit_s=2.0))


def released_month_by_month(whole: Problem, months: int) -> list[bool]:
    """Solve each month against all that is out; return what is blank in the end."""
    fixed: dict[str, Fixed] = {}
    for last in range(months):
        now = [f for f in whole.figures if not f.offered or int(f.id[3:].split(",")[0]) <= last]
        solution = solve(dataclasses.replace(whole, figures=tuple(now), fixed=fixed))
        blank = dict.fromkeys((f.id for f in now), True)
        if isinstance(solution, Solution):
            blank = {f.id: b for f, b in zip(now, solution.withheld, strict=True)}
        for figure in now:
            if figure.offered and figure.id not in fixed:
                value = sum(whole.counts[a] for a in figure.atoms)
                shown = not blank[figure.id] or (value == 0 and isinstance(solution, Solution))
                fixed[figure.id] = Fixed.PUBLISHED if shown else Fixed.WITHHELD
        if not isinstance(solution, Solution):
            fixed = {n: s for n, s in fixed.items() if not n.startswith(f"to {last},")}
    return [fixed.get(f.id) is not Fixed.PUBLISHED for f in whole.figures]


def known(whole: Problem, blank: list[bool]) -> tuple[int, int]:
    """Count small figures that can be worked out, and that can be shown to be small."""
    system = build(whole)
    attacker = Attacker(system)
    attacker.withhold(np.array([all(blank[m] for m in ms) for ms in system.members]))
    exact = small = 0
    for index, value in enumerate(system.values):
        if 0 < value < K:
            high = attacker.reach(index, Side(1, K)).value
            low = attacker.reach(index, Side(-1, 0)).value
            exact, small = exact + (high - low < 1e-6), small + (high < K - 1e-6)
    return exact, small


@pytest.mark.parametrize("residents", [50, 100])
def test_twelve_year_to_date_tables_give_nothing_away(residents: int) -> None:
    draw = random.Random(f"to date {residents}")
    people = [
        (draw.randrange(12), draw.choices(range(BANDS), (1, 4, 8, 5))[0]) for _ in range(residents)
    ]
    whole = year_to_date(people, 12)
    blank = released_month_by_month(whole, 12)
    alone = [not f.offered or 0 < sum(whole.counts[a] for a in f.atoms) < K for f in whole.figures]
    assert known(whole, blank) == (0, 0)
    assert isolated_group(whole, blank) is None
    exact, small = known(whole, alone)
    shown = sum(not b for b in blank)
    sys.stdout.write(f"{residents}: {shown} shown; alone {exact} exact, {small} small\n")
    assert isolated_group(whole, alone) is not None
    assert exact > 10
    assert shown > 8

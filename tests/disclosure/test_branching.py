"""The master's own search: complete, by addition, whatever the optimiser answers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pytest

from shelter_desk.disclosure.branching import lightest
from shelter_desk.disclosure.cuts import Cut
from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.halving import Halving
from shelter_desk.disclosure.master import Master
from shelter_desk.disclosure.model import Figure, Fixed, Problem, Settings
from shelter_desk.disclosure.relaxing import Relaxing
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import Solution
from shelter_desk.disclosure.system import build
from tests.disclosure.test_brute_force import Table, small_table
from tests.disclosure.test_covering import SIZE, drawn

MAY = np.ones(SIZE, dtype=np.bool_)
ALL = np.array(list(itertools.product((0.0, 1.0), repeat=SIZE)))


def cuts_of(sets: list[list[int]]) -> list[Cut]:
    return [Cut(np.array(one), np.ones(len(one)), 1.0) for one in sets]


def linear_of(seed: int) -> tuple[Relaxing, Halving, np.ndarray, float]:
    """Return the cuts of a seed twice, the figures withheld in any case, and the least weight."""
    sets, weights, fixed = drawn(seed)
    linear, halving = Relaxing(weights, fixed, MAY, Effort()), Halving(SIZE)
    for cut in cuts_of(sets):
        halving.add(cut)
    linear.add(cuts_of(sets))
    patterns = meeting(sets)
    patterns = patterns[patterns[:, fixed].all(axis=1)]
    return linear, halving, fixed, float((patterns @ weights).min())


def meeting(sets: list[list[int]]) -> np.ndarray:
    """Return every pattern that meets the cuts."""
    return ALL[np.all([ALL[:, one].any(axis=1) for one in sets], axis=0)]


def halve(linear: Relaxing, halving: Halving, fixed: np.ndarray) -> list[Cut]:
    """Let halving add what it finds, three times."""
    found = []
    for _ in range(3):
        shares = linear.solve(fixed.astype(float), MAY.astype(float)).shares
        cuts = halving.at(shares)
        for cut in cuts:
            assert cut.coefficients @ shares[cut.figures] < cut.least - 1e-9
        linear.add(cuts)
        found += cuts
    return found


@pytest.mark.parametrize("halved", [False, True])
def test_the_lightest_is_found_and_nothing_lighter(halved: bool) -> None:
    for seed in range(20):
        linear, halving, fixed, best = linear_of(seed)
        if halved:
            halve(linear, halving, fixed)
        found = lightest(linear, fixed, MAY, best, 1_000)
        assert found.pattern is not None, seed
        assert linear.weigh(found.pattern) == best
        assert linear.meets(found.pattern | fixed)
        none = lightest(linear, fixed, MAY, best - 1, 1_000)
        assert (none.pattern, none.final) == (None, True), seed


def test_what_is_given_up_is_said_to_be() -> None:
    given_up = 0
    for seed in range(10):
        linear, _, fixed, best = linear_of(seed)
        found = lightest(linear, fixed, MAY, best - 1, 1)
        assert found.pattern is None
        given_up += not found.final
    assert given_up


def test_cuts_by_halving_hold_for_every_pattern_that_meets_the_cuts_before() -> None:
    found = 0
    for seed in range(20):
        sets, _, fixed = drawn(seed)
        linear, halving, _, _ = linear_of(seed)
        patterns = meeting(sets)
        for cut in halve(linear, halving, fixed):
            worth = patterns[:, cut.figures] @ cut.coefficients
            assert worth.min() >= cut.least, (seed, cut)
            found += 1
    assert found > 5


def test_of_a_ring_of_pairs_more_than_half_must_be_withheld() -> None:
    ring = cuts_of([[n, (n + 1) % 5] for n in range(5)])
    (cut,) = _added(ring).at(np.full(5, 0.5))
    assert (cut.least, cut.coefficients.tolist()) == (3.0, [1.0] * 5)


def _added(cuts: list[Cut]) -> Halving:
    halving = Halving(5)
    for cut in cuts:
        halving.add(cut)
    return halving


def _answering(patch: pytest.MonkeyPatch, how: Callable[[Any], Any]) -> None:
    patch.setattr(highspy.Highs, "getSolution", how)


def test_a_bound_holds_whatever_the_optimiser_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Multipliers drawn at random: never a bound above the truth, and nothing lighter is lost."""
    solution, draw = highspy.Highs.getSolution, random.Random("wrong multipliers")

    def wrong(solver: Any) -> Any:
        found = solution(solver)
        found.row_dual = [draw.uniform(-2, 2) for _ in found.row_dual]
        found.col_value = [draw.random() for _ in found.col_value]
        return found

    _answering(monkeypatch, wrong)
    for seed in range(8):
        linear, _, fixed, best = linear_of(seed)
        assert linear.solve(fixed.astype(float), MAY.astype(float)).weight <= best + 1e-6
        found = lightest(linear, fixed, MAY, best, 5_000)
        assert found.pattern is not None
        assert linear.meets(found.pattern)
        assert linear.weigh(found.pattern) == best
        assert lightest(linear, fixed, MAY, best - 1, 5_000).pattern is None


def test_where_it_is_given_up_the_solver_for_whole_numbers_finds_as_few() -> None:
    """With no work left the search by halves may look once only."""
    for seed in range(12):
        sets, weights, fixed = drawn(seed)
        names = [f"f{n}" for n in range(SIZE)]
        figures = [Figure(n, (i,), int(weights[i])) for i, n in enumerate(names)]
        withheld = {
            n: Fixed.WITHHELD for n, is_fixed in zip(names, fixed, strict=True) if is_fixed
        }
        settings = Settings(3, 1)
        problem = Problem(tuple(names), (5,) * SIZE, tuple(figures), settings, fixed=withheld)
        best = linear_of(seed)[-1]
        for effort in (Effort(), Effort(0.0)):
            master = Master(build(problem), effort)
            for cut in cuts_of(sets):
                master.add(cut)
            found = master.choose(np.ones(SIZE, dtype=np.bool_), 0.0)
            while found.final and weights[found.pattern].sum() > found.bound:
                found = master.choose(found.pattern, found.bound)
            assert found.final
            assert weights[found.pattern].sum() == best
            assert not master.missed(found.pattern)


def test_where_weights_lie_far_apart_nothing_lighter_is_safe() -> None:
    solved = 0
    for seed in range(12):
        plain, draw = small_table(seed, 3, 1), random.Random(f"far apart {seed}")
        figures = [replace(one, weight=draw.choice((1, 40, 9_000))) for one in plain.figures]
        problem = replace(plain, figures=tuple(figures))
        table, found = Table(problem), solve(problem)
        if not isinstance(found, Solution):
            continue
        solved += 1
        weights = np.array([one.weight for one in figures])
        sizes = range(int(table.small.sum()), len(figures))
        patterns = [one for size in sizes for one in table.patterns(size)]
        lighter = [one for one in patterns if weights[one].sum() < found.weight]
        assert found.weight == weights[np.array(found.withheld)].sum() == found.lower_bound
        assert not any(table.safe(one) for one in lighter), seed
    assert solved > 5

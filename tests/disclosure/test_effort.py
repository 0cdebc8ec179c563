"""A limit counts work: busy machines withhold what idle ones do, and nobody waits for ever."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from shelter_desk.disclosure.families import Dimension, Family, problem_of
from shelter_desk.disclosure.highs import Rows, Whole, feasible_whole, model
from shelter_desk.disclosure.model import Problem, Settings
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import NoSolution, Solution
from tests.disclosure.raw_people import drawn

SHORT_S = 0.02
SHARES = {
    "age": [("12", 1), ("14", 4), ("16", 8), ("17", 5)],
    "from": [(place, 9 - n) for n, place in enumerate("ABCDE")],
    "to": [(place, 1 + n) for n, place in enumerate("UVWX")],
}


def crossed(limit_s: float) -> Problem:
    """Three dimensions crossed: far more work than the short limit allows."""
    sides = tuple(Dimension(name, tuple(c for c, _ in codes)) for name, codes in SHARES.items())
    family = Family(sides, (tuple(SHARES),))
    return problem_of(family, drawn("effort", 90, SHARES), Settings(5, time_limit_s=limit_s))


@pytest.fixture(scope="module")
def problem() -> Problem:
    """A table of three dimensions with a limit that ends the search."""
    return crossed(SHORT_S)


@pytest.fixture(scope="module")
def idle(problem: Problem) -> Solution:
    found = solve(problem)
    assert isinstance(found, Solution)
    return found


def test_a_machine_five_times_as_slow_withholds_the_same_figures(
    problem: Problem, idle: Solution
) -> None:
    found = solve(problem, clock=lambda: 5 * time.perf_counter())
    assert isinstance(found, Solution)
    assert (found.withheld, found.worlds) == (idle.withheld, idle.worlds)
    assert not idle.proved, "the limit decided nothing, so it was not tested"


def test_more_time_withholds_less(problem: Problem, idle: Solution) -> None:
    found = solve(crossed(15 * SHORT_S))
    assert isinstance(found, Solution)
    assert found.count < idle.count


def test_a_hopelessly_busy_machine_ends_with_what_is_safe() -> None:
    seconds = itertools.count(step=10)
    found = solve(crossed(60.0), clock=lambda: float(next(seconds)))
    assert isinstance(found, Solution)
    assert not found.proved


def test_without_a_safe_pattern_a_hopelessly_busy_machine_publishes_nothing(
    problem: Problem,
) -> None:
    hours = itertools.count(step=3600)
    found = solve(problem, clock=lambda: float(next(hours)))
    assert isinstance(found, NoSolution)
    assert "time" in found.reason


def split(weights: list[list[int]], sums: list[float]) -> object:
    """Which items, each once, weigh exactly so much by every scale?"""
    count = len(weights[0])
    starts = np.arange(0, count * len(weights) + 1, count)
    rows = Rows(starts, np.tile(np.arange(count), len(weights)), np.ravel(weights).astype(float))
    bounds = np.array(sums)
    return model(rows, (bounds, bounds), np.ones(count), np.zeros(count))


def test_no_answer_within_the_branches_allowed_is_not_taken_for_none_at_all() -> None:
    draw = np.random.default_rng(7)
    weights = draw.integers(0, 100, size=(4, 30)).tolist()
    halves = [float(sum(line) // 2) for line in weights]
    assert feasible_whole(split(weights, halves), branches=1) == Whole(None, is_none=False)
    odd = split([[2] * 30, *weights[1:]], [31.0, *halves[1:]])
    assert feasible_whole(odd, branches=1) == Whole(None, is_none=True)

"""An optimiser that answers wrongly can cost figures and claims, and never makes anything safe."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
import pytest

from shelter_desk.disclosure.any_group import UnsureError, isolated_group
from shelter_desk.disclosure.certificate import Heading, Published, audit_groups
from shelter_desk.disclosure.highs import OTHER, Whole, feasible_whole, model, rows_of
from shelter_desk.disclosure.known_alone import MANY, KnownAlone
from shelter_desk.disclosure.model import Figure, Problem, Settings
from shelter_desk.disclosure.public import PublicFigure
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import Solution
from tests.disclosure.test_brute_force import Table, small_table, worlds_of

Wrong = Callable[[pytest.MonkeyPatch], None]
NONE, OK = highspy.HighsModelStatus.kInfeasible, highspy.HighsStatus.kOk


def _says_none(ways: Callable[[Any], bool]) -> Wrong:
    """Whole numbers are said to be impossible, without a look, by these ways of asking."""
    run, status = highspy.Highs.run, highspy.Highs.getModelStatus

    def is_denied(solver: Any) -> bool:
        return bool(len(solver.getLp().integrality_)) and ways(solver)

    def wrong(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(highspy.Highs, "run", lambda s: OK if is_denied(s) else run(s))
        patch.setattr(
            highspy.Highs, "getModelStatus", lambda s: NONE if is_denied(s) else status(s)
        )

    return wrong


def _is_usual(solver: Any) -> bool:
    return bool(solver.getOptionValue("presolve")[1] != OTHER["presolve"])


def _one_too_many(patch: pytest.MonkeyPatch) -> None:
    """Every answer has one resident more, in the first place: no sum fits."""
    solution = highspy.Highs.getSolution

    def moved(solver: Any) -> Any:
        found = solution(solver)
        values = list(found.col_value)
        found.col_value = [values[0] + 1.0, *values[1:]] if values else values
        return found

    patch.setattr(highspy.Highs, "getSolution", moved)


@pytest.mark.parametrize(
    ("wrong", "least"),
    [(_says_none(lambda _: True), 6), (_says_none(_is_usual), 6), (_one_too_many, 0)],
)
def test_no_pattern_is_safe_by_the_word_of_the_optimiser(
    wrong: Wrong, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(monkeypatch)
    solved = 0
    for seed in range(25):
        problem = small_table(seed, 3, 1)
        found = solve(problem)
        if isinstance(found, Solution):
            assert Table(problem).safe(np.array(found.withheld)), seed
            solved += 1
    assert solved >= least


def test_that_there_are_none_must_be_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of([(0, 1), (1, 2)], [])
    sums = np.array([3.0, 4.0])
    lp = model(rows, (sums, sums), np.full(3, 9.0), np.zeros(3))
    _says_none(_is_usual)(monkeypatch)
    found = feasible_whole(lp, branches=100)
    assert found.found is not None
    assert rows.sums(found.found).tolist() == [3.0, 4.0]
    _says_none(lambda _: True)(monkeypatch)
    assert feasible_whole(lp, branches=100) == Whole(None, is_none=True)


def test_that_no_group_is_isolated_must_be_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cells of a row of which the total and one are shown: the other is isolated."""
    figures = [Figure("a", (0,)), Figure("b", (1,)), Figure("all", (0, 1))]
    problem = Problem(("a", "b"), (2, 9), tuple(figures), Settings(4))
    _says_none(_is_usual)(monkeypatch)
    assert isolated_group(problem, [True, False, False]) == (0,)
    assert isolated_group(problem, [True, True, False]) is None


def _says_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(highspy.Highs, "run", lambda _: OK)


def _shown_as(*figures: PublicFigure) -> Published:
    heading = Heading("T", "2026-Q1", "public")
    return Published(heading, (), 3, frozenset(), figures, (), (), 4, 1, "interval")


def test_what_leaves_has_no_group_by_addition_or_by_search_and_doubt_counts_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All and one part are shown: the other two together are as many as the difference."""
    total, part = PublicFigure("all", (0, 1, 2), 10, 1), PublicFigure("c", (2,), 7, 1)
    with pytest.raises(RuntimeError, match="would isolate a few residents"):
        audit_groups(_shown_as(total, part), [(1, 2, 7), (2, 1, 7)])
    # With the part blank there may be many everywhere: that takes worlds, or else a search.
    blank = _shown_as(total, PublicFigure("c", (2,), None, 1))
    audit_groups(blank, [(1, 2, 7)])
    _says_nothing(monkeypatch)
    audit_groups(blank, [(1, 2, 7), (4, 4, 2)])
    with pytest.raises(UnsureError, match="not sure in time"):
        audit_groups(blank, [(1, 2, 7)])


def test_the_most_in_a_group_is_added_up_whatever_the_optimiser_answers() -> None:
    """Every world with the known sums is listed: none has more; the true multipliers meet it."""
    draw = random.Random("known alone")
    for _ in range(30):
        counts = np.array([draw.randrange(3) for _ in range(5)])
        everybody = list(range(5))
        known = [everybody, *(draw.sample(everybody, draw.randint(1, 4)) for _ in range(3))]
        group = draw.sample(everybody, draw.randint(1, 3))
        worlds = worlds_of(int(counts.sum()), 5)
        fits = np.all([worlds[:, k].sum(axis=1) == counts[k].sum() for k in known], axis=0)
        true = int(worlds[fits][:, group].sum(axis=1).max())
        alone = KnownAlone(known, (), counts)
        assert true <= alone.most(group, MANY) <= true + 1  # fractions may go further
        for _ in range(5):
            wild = np.array([draw.uniform(-3, 3) for _ in known])
            assert alone.bound(group, wild) >= true
        for broken in (np.full(len(known), np.nan), np.zeros(0)):
            assert alone.bound(group, broken) >= MANY

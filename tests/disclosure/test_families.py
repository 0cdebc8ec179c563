"""Families of tables: linked ones are as safe as one joint table, and rings are refused."""

from __future__ import annotations

import dataclasses
import itertools
import random
import sys

import numpy as np
import numpy.typing as npt
import pytest

from shelter_desk.disclosure import ProblemError, Settings
from shelter_desk.disclosure.families import (
    Dimension,
    Family,
    FamilyError,
    problem_of,
    unduplicated,
)
from shelter_desk.disclosure.model import Fixed, Problem
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import Solution

A, B, C = (Dimension(name, ("0", "1")) for name in "abc")
AGE = Dimension("age", ("12", "15", "16", "17"), {"under 16": ("12", "15")})
Grid = npt.NDArray[np.int64]


def people(counts: dict[str, int], names: str) -> list[dict[str, str]]:
    return [
        dict(zip(names, codes, strict=True))
        for codes, count in counts.items()
        for _ in range(count)
    ]


def drawn(seed: int, size: int, names: str) -> list[dict[str, str]]:
    draw = random.Random(f"family {seed}")
    shares = [draw.random() ** 2 + 0.05 for _ in range(2 ** len(names))]
    cells = ["".join(codes) for codes in itertools.product("01", repeat=len(names))]
    return people(dict.fromkeys(cells, 0), names) + [
        dict(zip(names, cell, strict=True)) for cell in draw.choices(cells, shares, k=size)
    ]


def all_worlds(total: int, cells: int) -> Grid:
    cuts = itertools.combinations(range(total + cells - 1), cells - 1)
    edges = np.array([(-1, *cut, total + cells - 1) for cut in cuts], dtype=np.int64)
    return np.diff(edges, axis=1) - 1


def values_of(name: str, worlds: Grid, names: str) -> Grid:
    """The figure of a name such as "a=0, b=1" in worlds of the full cross table."""
    wanted = dict(part.split("=") for part in name.split(", ")) if name != "*" else {}
    cells = list(itertools.product("01", repeat=len(names)))
    inside = [
        n for n, cell in enumerate(cells)
        if all(dict(zip(names, cell, strict=True))[d] == c for d, c in wanted.items())
    ]  # fmt: skip
    return np.asarray(worlds[:, inside].sum(axis=1))


def test_linked_tables_leave_no_small_figure_in_any_world_of_the_joint_table() -> None:
    """Tables a x b and a x c, against every world of a x b x c."""
    family, k = Family((A, B, C), (("a", "b"), ("a", "c"))), 3
    worlds, protected, solved = all_worlds(9, 8), 0, 0
    for seed in range(25):
        who = drawn(seed, 9, "abc")
        problem = problem_of(family, who, Settings(k, time_limit_s=60.0))
        problem = dataclasses.replace(problem, fixed={"*": Fixed.PUBLISHED})
        solution = solve(problem)
        if not isinstance(solution, Solution):
            continue
        solved += 1
        true = {f.id: sum(problem.counts[a] for a in f.atoms) for f in problem.figures}
        values = {name: values_of(name, worlds, "abc") for name in true}
        fits = np.ones(len(worlds), dtype=np.bool_)
        for figure, blank in zip(problem.figures, solution.withheld, strict=True):
            here = values[figure.id]
            fits &= (here >= 1) if blank else (here == true[figure.id])
        for name, value in true.items():
            if 0 < value < k:
                protected += 1
                assert values[name][fits].max() >= k, f"seed {seed}: {name}"
    sys.stdout.write(f"{solved} families, {protected} small figures protected\n")
    assert solved >= 10
    assert protected >= 60


def test_a_three_way_table_has_every_margin() -> None:
    ref = Dimension("ref", ("police", "self"))
    family = Family((AGE, ref, A), (("age", "ref", "a"),))
    problem = problem_of(family, [], Settings(5))
    assert len(problem.figures) == 6 * 3 * 3
    assert len(problem.atoms) == 4 * 2 * 2
    names = {figure.id for figure in problem.figures}
    assert {"*", "age=under 16", "a=0, age=12, ref=self"} <= names


def test_a_shared_margin_is_one_figure() -> None:
    family = Family((A, B, C), (("a", "b"), ("a", "c")))
    problem = problem_of(family, drawn(1, 20, "abc"), Settings(5))
    names = [figure.id for figure in problem.figures]
    assert len(names) == len(set(names)) == 3 * 3 + 3 * 3 - 3
    assert len(problem.links) == 3


@pytest.mark.parametrize(
    ("tables", "rung"),
    [
        ((("a", "b"), ("b", "c"), ("a", "c")), "margins only"),
        ((("a", "b"), ("c", "age"), ("a", "c")), "share one dimension"),
        ((("a", "b", "c", "age"),), "at most 3"),
    ],
)
def test_rings_and_four_ways_are_refused_with_the_next_rung(
    tables: tuple[tuple[str, ...], ...], rung: str
) -> None:
    with pytest.raises(FamilyError) as refused:
        Family((A, B, C, AGE), tables)
    assert rung in refused.value.next_rung
    assert rung in str(refused.value)


def test_a_code_that_is_not_known_is_refused() -> None:
    with pytest.raises(ProblemError, match="not known"):
        problem_of(Family((A,), (("a",),)), [{"a": "2"}], Settings(5))
    with pytest.raises(ProblemError, match="not known, or is twice"):
        Family((A,), (("a", "b"),))


def test_classes_in_which_nobody_can_be_are_no_hiding_place() -> None:
    """Two of three classes are withheld in a row; where the third cannot be, they stand alone."""
    stay, quarter = Dimension("stay", ("short", "long", "very")), Dimension("q", ("1", "2"))
    counts = {("short", "1"): 9, ("long", "1"): 2, ("short", "2"): 9, ("long", "2"): 9}
    counts["very", "2"] = 9
    who = [{"stay": s, "q": q} for (s, q), n in counts.items() for _ in range(n)]
    family = Family(
        (stay, quarter), (("stay", "q"),), lambda who: who == {"stay": "very", "q": "1"}
    )
    problem = problem_of(family, who, Settings(5, floor=0))
    (place,) = problem.structural_zeros
    assert problem.atoms[place] == "stay=very × q=1"
    solution = solve(problem)
    assert isinstance(solution, Solution)
    assert all(world[place] == 0 for world in solution.worlds)
    free = solve(problem_of(Family((stay, quarter), (("stay", "q"),)), who, Settings(5, floor=0)))
    assert isinstance(free, Solution)
    assert free.count <= solution.count


def month_spans(months: int) -> dict[str, tuple[int, int]]:
    spans = {f"M{n}": (n, n) for n in range(months)}
    return spans | {"all": (0, months - 1)}


def test_unduplicated_counts_are_safe_over_months_and_their_whole() -> None:
    """Every world of who stayed when, over two months, against the published counts."""
    one, k = Dimension("a", ("0",)), 3
    worlds, protected = all_worlds(10, 3), 0
    for truth in worlds:
        stays = [
            ("0", i, j)
            for (i, j), n in zip(((0, 0), (0, 1), (1, 1)), truth, strict=True)
            for _ in range(int(n))
        ]
        problem = unduplicated(one, month_spans(2), stays, Settings(k, time_limit_s=60.0))
        solution = solve(problem)
        if not isinstance(solution, Solution):
            continue
        fits, seen = np.ones(len(worlds), dtype=np.bool_), {}
        for figure, blank in zip(problem.figures, solution.withheld, strict=True):
            values = worlds[:, list(figure.atoms)].sum(axis=1)
            true = int(truth[list(figure.atoms)].sum())
            seen[figure.id] = (values, true)
            fits &= (values >= 1) if blank else (values == true)
        for name, (values, true) in seen.items():
            if 0 < true < k:
                protected += 1
                assert values[fits].max() >= k, f"{truth}: {name}"
    sys.stdout.write(f"{protected} small counts protected\n")
    assert protected > 10


def test_a_stay_outside_the_spans_is_refused() -> None:
    with pytest.raises(ProblemError, match="cannot be"):
        unduplicated(A, month_spans(2), [("0", 1, 2)], Settings(5))


def test_the_problem_of_a_family_is_the_same_every_time() -> None:
    family = Family((AGE, A, B), (("age", "a"), ("age", "b")))
    who = [{"age": "12", "a": "0", "b": "1"}] * 7 + [{"age": "17", "a": "1", "b": "0"}] * 9
    problems = [problem_of(family, who, Settings(5)) for _ in range(2)]
    assert isinstance(problems[0], Problem)
    assert problems[0] == problems[1]

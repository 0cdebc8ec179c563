"""Answers under seal: told once, kept nowhere, and never proved of a few by what is told later."""

from __future__ import annotations

import functools
import itertools
import json
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from shelter_desk.disclosure import (
    Label,
    Over,
    People,
    Refused,
    ReleaseRequest,
    SafeRelease,
    TableRequest,
    check,
    protect,
)
from shelter_desk.disclosure.model import ProblemError
from tests.disclosure.raw_people import ALL, figures, labels, matching, one_way, request
from tests.disclosure.union_attacker import Union

K = 3
AGES, ANSWERS = ("12", "13", "14", "15"), ("yes", "no", "unknown")
FIRST, SECOND, YEAR = "2026-Q1", "2026-Q2", "2026"
FEW = range(6)
THERE = ((FIRST,), (SECOND,), (FIRST, SECOND))
BIRTHDAYS = tuple(itertools.pairwise(AGES))
CLASSES = [
    (ages, there, answer)
    for there in THERE
    for ages in (*((age, age) for age in AGES), *(BIRTHDAYS if len(there) > 1 else ()))
    for answer in ("stays", *ANSWERS)
]
"""First age, age after a birthday, when they were there, what they answered when they left."""
Resident = tuple[tuple[str, str], tuple[str, ...], str]


def house(draw: random.Random) -> dict[str, Resident]:
    size, weights = draw.randint(14, 30), draw.choice(((5, 3, 1, 1), (2, 6, 1, 3), (1, 4, 4, 1)))
    return {
        str(n): (
            (draw.choices(AGES, (2, 5, 5, 2))[0],) * 2,
            draw.choice(THERE),
            draw.choices(("stays", *ANSWERS), weights)[0],
        )
        for n in range(size)
    }


def known_of(held: Mapping[str, Resident], period: str) -> People:
    raw = {}
    for key, ((age, _), there, answer) in held.items():
        if period != YEAR and period not in there:
            continue
        one = {f"in@{period}": "yes", f"age@{period}": age}
        if answer != "stays" and period in (YEAR, there[-1]):
            one[f"left@{period}"] = "yes"
            if period == YEAR:
                one[f"safe@{period}"] = answer
        raw[key] = one
    return People(raw, frozenset(("left",)))


def once(who: People, period: str = YEAR) -> TableRequest:
    base = {f"in@{period}": ("yes",), f"left@{period}": ("yes",)}
    table = one_way(who, f"safe@{period}", [(one,) for one in ANSWERS], base, "safe")
    return replace(table, population="left", once=True)


def asked(draw: random.Random, held: Mapping[str, Resident], period: str) -> ReleaseRequest:
    """Ages of everybody and of those who left, in bands of their own; in the year, the answers."""
    who, base = known_of(held, period), {f"in@{period}": ("yes",)}
    cuts = (0, *sorted(draw.sample((1, 2, 3), draw.randint(1, 3))), 4)
    bands = [AGES[a:b] for a, b in itertools.pairwise(cuts)]
    left = {**base, f"left@{period}": ("yes",)}
    tables = [
        one_way(who, f"age@{period}", bands, base),
        replace(one_way(who, f"age@{period}", bands, left, "left"), population="left"),
        *([once(who)] if period == YEAR else []),
    ]
    return request(who, tables, base, period=period, k=K)


def inside(period: str, name: str, row: str) -> list[int]:
    """Return the classes that a figure counts, by the words on the paper."""

    def counts(one: Resident) -> bool:
        ages, there, answer = one
        age = ages[period == SECOND and FIRST in there]
        here = period == YEAR or period in there
        left = here and answer != "stays" and period in (YEAR, there[-1])
        if name == "safe":
            return left and row in ("total", answer)
        return (left if name == "left" else here) and (row == "total" or age in row.split("-"))

    return [n for n, one in enumerate(CLASSES) if counts(one)]


@functools.cache
def out(seed: int) -> tuple[dict[str, Any], Union, list[SafeRelease]]:
    draw = random.Random(f"once {seed}")
    held, earlier, released = house(draw), list[Any](), list[SafeRelease]()
    reader = Union(CLASSES)
    for period in draw.sample((FIRST, SECOND, YEAR, YEAR), 4):
        found = protect(asked(draw, held, period), earlier=earlier)
        if isinstance(found, Refused):
            continue
        released.append(found)
        earlier.append(found.known)
        for name, value in figures(found).items():
            table, row, _ = name.split("/")
            least, above = (1, None) if value is None else (value, 0)
            reader.knows(inside(period, table, row), least, above)
    return held, reader, released


def groups() -> Iterator[tuple[str, list[int]]]:
    """Yield each answer, of everybody who left, of an age in the year, and of a quarter."""
    for answer in ANSWERS:
        among = [n for n, one in enumerate(CLASSES) if one[2] == answer]
        yield answer, among
        for age in AGES:
            yield f"{answer} {age}", [n for n in among if CLASSES[n][0][0] == age]
        for last in (FIRST, SECOND):
            yield f"{answer} {last}", [n for n in among if CLASSES[n][1][-1] == last]


def attacked(seeds: range) -> tuple[int, int, list[str]]:
    """Return how many series with answers there were, their small groups, and what is proved."""
    series = small = 0
    proved = []
    for seed in seeds:
        held, reader, released = out(seed)
        places = [CLASSES.index(one) for one in held.values()]
        told = [one for one in released if any(table.id == "safe" for table in one.tables)]
        assert len(told) <= 1, "told once"
        series += bool(told) and len(released) > 1
        for name, group in groups() if told else ():
            count = sum(place in group for place in places)
            if 0 < count < K:
                small += 1
                nobody = [n for n in group if reader.furthest([n], -1) < 1]
                if reader.tells([n for n in group if n not in nobody], K):
                    proved.append(f"{seed}: {name}")
    sys.stdout.write(f"{series} series, {small} small groups\n")
    return series, small, proved


def test_what_is_told_later_proves_nothing_of_answers_that_nobody_kept() -> None:
    series, small, proved = attacked(FEW)
    assert proved == []
    assert series > 3
    assert small > 20


@pytest.mark.slow
def test_what_is_told_later_proves_nothing_of_hundreds_of_answers() -> None:
    series, _, proved = attacked(range(400))
    assert proved == []
    assert series > 150


def test_on_which_line_somebody_stands_is_kept_nowhere() -> None:
    for seed in FEW:
        held, _, released = out(seed)
        for one in released:
            tables = {table.id: table for table in one.tables}
            kept = json.dumps({**one.known, **one.proof})
            assert f"safe@{YEAR}" not in kept
            if "safe" in tables:
                assert tables["safe"].total == sum(a != "stays" for _, _, a in held.values())
                assert check(dict(one.certificate)) == []
                assert f"left@{YEAR}" in kept


def test_only_one_division_of_residents_is_told_once() -> None:
    rows = labels([("yes",), ("no",)])
    over = Over((("in", ("yes",)),), "safe")
    who = People({str(n): {"in": "yes", "safe": "yes"} for n in range(9)})
    cells = ((matching(who, {"safe": ("yes",)}),), (0,))
    made = TableRequest("t", "T", "residents", rows, ALL, cells, over=over, once=True)
    crossed = replace(made, once=False, columns=(Label("a", "A"), Label("b", "B")),
                      cells=((9, 0), (0, 0)))  # fmt: skip
    for wrong in (replace(made, once=False, kind="yes-no"), crossed):
        with pytest.raises(ProblemError, match="divides residents in one way"):
            replace(wrong, once=True)

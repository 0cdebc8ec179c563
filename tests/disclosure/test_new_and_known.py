"""Releases that say how many are new, one after another: no reader of all proves a few.

A house in its first half year. Everybody or nearly everybody came in it, so readers know of most
groups "from before" that they are nobody, and the next release must not make that a key.

Who is not new was there before the period began, and readers know that. It is bound to presence,
as who came is in every release of the desk; unbound (seed 63), 14 served of whom 6 are new, after
10 served, would tell that 2 had left.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from shelter_desk.disclosure import People, SafeRelease, protect
from tests.disclosure.raw_people import figures, one_way, request
from tests.disclosure.union_attacker import Union

K = 3
AGES = ("12", "13", "14", "15")
FIRST, SECOND, YEAR = "2026-Q1", "2026-Q2", "2026"
PERIODS = (FIRST, SECOND, YEAR)
# Here in the first quarter (new, from before or not), and in the second: "new", "old" or "".
STAYS = (("new", ""), ("old", ""), ("new", "old"), ("old", "old"), ("", "new"))
Class = tuple[str, str, str]
Group = list[int]


def seen(one: Class) -> dict[str, str]:
    """What the files may count of somebody, in raw values."""
    age, first, second = one
    year = "old" if first == "old" else "new"
    states = zip(PERIODS, (first, second, year), strict=True)
    return {
        name: value
        for period, state in states
        if state
        for name, value in (
            (f"in@{period}", "yes"),
            (f"age@{period}", age),
            (f"new@{period}", "yes" if state == "new" else "no"),
        )
    }


def house(draw: random.Random) -> list[Class]:
    weights = draw.choice(((6, 0, 4, 0, 3), (6, 1, 3, 0, 2), (5, 0, 3, 1, 4), (4, 2, 4, 2, 3)))
    return [
        (draw.choices(AGES, (2, 4, 4, 2))[0], *draw.choices(STAYS, weights)[0])
        for _ in range(draw.randint(8, 22))
    ]


class Reader:
    """Holds all that is out; asks of every group that the words on it name."""

    def __init__(self, residents: list[Class]) -> None:
        self.classes = [(age, *stay) for age in AGES for stay in STAYS]
        self.raw = [seen(one) for one in self.classes]
        self.knows = Union(self.classes)
        self.counts = [residents.count(one) for one in self.classes]

    def inside(self, where: Mapping[str, tuple[str, ...]]) -> Group:
        return [
            n
            for n, one in enumerate(self.raw)
            if all(one.get(name) in values for name, values in where.items())
        ]

    def groups(self) -> Iterator[tuple[str, Group]]:
        some = [c for size in (1, 2, 4) for c in itertools.combinations(AGES, size)]
        for period, ages in itertools.product(PERIODS, some):
            base = {f"in@{period}": ("yes",), f"age@{period}": ages}
            for new in (("yes",), ("no",), ("yes", "no")):
                group = self.inside(base | {f"new@{period}": new})
                yield f"{period} {ages} new {new}", group
                for other in PERIODS:
                    if other != period:
                        there = set(self.inside({f"in@{other}": ("yes",)}))
                        named = f"{period} {ages} {new}"
                        yield f"{named} not {other}", [n for n in group if n not in there]
                        yield f"{named} and {other}", [n for n in group if n in there]

    def proved(self) -> tuple[int, list[str]]:
        """Return how many groups of a few were looked at, and which can be proved."""
        small = {
            name: group
            for name, group in self.groups()
            if 0 < sum(self.counts[n] for n in group) < K
        }
        return len(small), [
            name
            for name, group in small.items()
            if self.knows.tells(group, K) and self.knows.furthest(group, 1) >= 1
        ]


def released(
    draw: random.Random, residents: list[Class], period: str, earlier: list[Mapping[str, Any]]
) -> dict[str, int | None] | None:
    who = People(
        {
            str(n): {name: value for name, value in one.items() if name.endswith(f"@{period}")}
            for n, one in enumerate(map(seen, residents))
            if f"in@{period}" in one
        },
        bound=frozenset(("new",)),
    )
    cuts = (0, *sorted(draw.sample((1, 2, 3), draw.randint(1, 3))), 4)
    bands = [AGES[a:b] for a, b in itertools.pairwise(cuts)]
    base = {f"in@{period}": ("yes",)}
    new = {**base, f"new@{period}": ("yes",)}
    tables = [
        one_way(who, f"age@{period}", bands, base, "served"),
        replace(one_way(who, f"age@{period}", bands, new, "admitted"), population="admitted"),
    ]
    found = protect(request(who, tables, base, period=period, k=K), earlier=earlier)
    if not isinstance(found, SafeRelease):
        return None
    earlier.append(found.known)
    return figures(found)


def series(seed: int) -> tuple[int, int, list[str]]:
    """Return how many releases went out, the groups looked at, and what could be proved."""
    draw = random.Random(f"new and known {seed}")
    residents = house(draw)
    reader, out = Reader(residents), 0
    earlier: list[Mapping[str, Any]] = []
    for period in draw.sample(PERIODS, draw.randint(2, 3)):
        shown = released(draw, residents, period, earlier)
        if shown is None:
            continue
        out += 1
        for name, value in shown.items():
            table, row, _ = name.split("/")
            ages = AGES if row == "total" else tuple(row.split("-"))
            where = {f"in@{period}": ("yes",), f"age@{period}": ages}
            if table == "admitted":
                where[f"new@{period}"] = ("yes",)
            reader.knows.knows(
                reader.inside(where), 1 if value is None else value, None if value is None else 0
            )
    asked, found = reader.proved()
    return out, asked, [f"{seed}: {name}" for name in found]


def _nothing_is_proved(seeds: range) -> tuple[int, int]:
    looked = asked = 0
    found = []
    for seed in seeds:
        out, groups, proved = series(seed)
        looked, asked = looked + (out > 1), asked + groups
        found += proved
    sys.stdout.write(f"{looked} series of two or more, {asked} small groups\n")
    assert found == []
    return looked, asked


def test_no_series_that_counts_the_new_lets_a_reader_prove_a_few() -> None:
    looked, asked = _nothing_is_proved(range(5))
    assert looked >= 3
    assert asked > 50


@pytest.mark.slow
def test_no_series_out_of_hundreds_that_counts_the_new_lets_a_reader_prove_a_few() -> None:
    looked, asked = _nothing_is_proved(range(600))
    assert looked > 200
    assert asked > 3_000

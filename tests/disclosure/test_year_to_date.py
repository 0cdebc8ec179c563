"""Month after month the year so far, in the hands of somebody who keeps every file."""

from __future__ import annotations

import itertools
import sys
from datetime import UTC, datetime

import pytest

from shelter_desk.disclosure import People, ReleaseRequest, SafeRelease, protect
from shelter_desk.disclosure.any_group import isolated_group
from shelter_desk.disclosure.model import Figure, Problem, Settings
from shelter_desk.reports.summary_files import summary_files
from tests.disclosure.raw_people import drawn, figures, people, request, two_way
from tests.disclosure.union_attacker import Union

MADE_AT = datetime(2026, 12, 31, 14, 5, tzinfo=UTC)
AGES = [("12-14", 20), ("15", 30), ("16", 30), ("17", 20)]
WAYS = [("home", 40), ("kin", 25), ("foster", 20), ("own", 8), ("hospital", 4), ("away", 3)]
K = 5


class Shelter:
    """Residents who left, by age, way and month; one table of the year so far each month."""

    def __init__(self, size: int, months: int, ways: int, seed: int) -> None:
        self.months = [str(n) for n in range(months)]
        shares = {"age": AGES, "way": WAYS[:ways], "month": [(m, 1) for m in self.months]}
        self.people: People = people(drawn(f"so far {seed}", size, shares))
        self.ages = [a for a, _ in AGES]
        self.ways = [w for w, _ in WAYS[:ways]]
        self.classes = list(itertools.product(self.ages, self.ways, self.months))

    def so_far(self, month: int) -> ReleaseRequest:
        base = {"month": tuple(self.months[: month + 1])}
        table = two_way(
            self.people, ("age", [(a,) for a in self.ages]), ("way", [(w,) for w in self.ways]),
            base,
        )  # fmt: skip
        return request(self.people, [table], base, period=f"2026 to {month}", k=K)

    def inside(self, row: str, column: str, months: list[str]) -> list[tuple[str, str, str]]:
        return [
            (a, w, m)
            for a, w, m in self.classes
            if row in (a, "total") and column in (w, "total") and m in months
        ]

    def count(self, inside: list[tuple[str, str, str]]) -> int:
        raw = self.people.raw.values()
        wanted = set(inside)
        return sum((one["age"], one["way"], one["month"]) in wanted for one in raw)

    def small(self) -> list[list[tuple[str, str, str]]]:
        """Every group of 1 to k - 1: any cell or margin, any run of months."""
        months = range(len(self.months))
        spans = [self.months[a : b + 1] for a in months for b in months if a <= b]
        lines = itertools.product([*self.ages, "total"], [*self.ways, "total"], spans)
        groups = [self.inside(*line) for line in lines]
        return [group for group in groups if 0 < self.count(group) < K]


def released(shelter: Shelter, *, remembers: bool) -> dict[int, SafeRelease]:
    out: dict[int, SafeRelease] = {}
    for month in range(len(shelter.months)):
        known = [one.known for one in out.values()] if remembers else []
        found = protect(shelter.so_far(month), earlier=known, two_way_from=0)
        if isinstance(found, SafeRelease):
            out[month] = found
    return out


def reader_of(shelter: Shelter, out: dict[int, SafeRelease]) -> Union:
    reader = Union(shelter.classes)
    for month, release in out.items():
        made = summary_files(release, MADE_AT, "Willow House")["summary.csv"]
        months = shelter.months[: month + 1]
        assert reader.reads(made, lambda r, c, m=months: shelter.inside(r, c, m)) > 5
    return reader


def union_problem(shelter: Shelter, out: dict[int, SafeRelease]) -> tuple[Problem, list[bool]]:
    place = {one: n for n, one in enumerate(shelter.classes)}
    made, blank = [], []
    for month, release in out.items():
        for name, value in figures(release).items():
            _, row, column = name.split("/")
            inside = shelter.inside(row, column, shelter.months[: month + 1])
            made.append(Figure(f"{month} {name}", tuple(place[c] for c in inside)))
            blank.append(value is None)
    counts = tuple(shelter.count([one]) for one in shelter.classes)
    names = tuple(map(" ".join, shelter.classes))
    return Problem(names, counts, tuple(made), Settings(K)), blank


def audited(size: int, months: int, ways: int, seed: int) -> None:
    shelter = Shelter(size, months, ways, seed)
    small = shelter.small()
    told = {}
    for remembers in (True, False):
        out = released(shelter, remembers=remembers)
        reader = reader_of(shelter, out)
        place = reader.place
        sample = small if remembers else small[:: max(1, len(small) // 40)]
        found = [reader.tells([place[c] for c in group], K) for group in sample]
        told[remembers] = {w: found.count(w) for w in ("exact", "small")}
        if remembers:
            assert len(out) > 1
            assert isolated_group(*union_problem(shelter, out)) is None
    sys.stdout.write(f"{size} residents, {months} months, {len(small)} small groups: {told}\n")
    assert told[True] == {"exact": 0, "small": 0}
    assert told[False]["exact"] > 0


def test_four_months_of_the_year_so_far_tell_nothing_that_is_small() -> None:
    audited(size=70, months=4, ways=3, seed=1)


@pytest.mark.slow  # twelve releases, each against all before it, 1,000 questions
@pytest.mark.parametrize("size", [100, 200])
def test_twelve_months_of_the_year_so_far_tell_nothing_that_is_small(size: int) -> None:
    audited(size=size, months=12, ways=6, seed=size)

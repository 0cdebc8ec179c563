"""An invented shelter's release, as large as asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest

from shelter_desk.disclosure import (
    Label,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    protect,
)

ALL = (Label("all", "All"),)
AGES = tuple(
    Label(code, code) for code in ("0-9", "10-12", "13-15", "16-17", "18-20", "21-24", "25+")
)
AGE_SHARES = (1, 4, 20, 30, 25, 14, 6)
PHASES = tuple(Label(f"P{n}", f"Phase {n}") for n in range(1, 6))
PHASE_SHARES = (20, 30, 25, 15, 10)
SERVICES = tuple(Label(f"S{n:02}", f"Service {n}") for n in range(1, 27))
TIMES = (Label("in-time", "In time"), Label("late", "Late"))


def _column(numbers: list[int]) -> tuple[tuple[int, ...], ...]:
    return tuple((n,) for n in numbers)


def _events(
    name: str,
    title: str,
    counted: str,
    rows: tuple[Label, ...],
    columns: tuple[Label, ...],
    by_cell: list[list[list[int]]],
) -> TableRequest:
    """Build an event table from the contributions of each resident to each cell."""
    grid = lambda f: tuple(tuple(f([n for n in cell if n]) for cell in row) for row in by_cell)  # noqa: E731
    return TableRequest(
        name,
        title,
        counted,
        rows,
        columns,
        grid(sum),
        grid(len),
        grid(lambda c: max(c, default=0)),
    )


def _release(
    residents: int, k: int, *, seed: int = 1, time_limit_s: float = 5.0
) -> ReleaseRequest:
    """Return a realistic quarter of a shelter with so many residents."""
    draw = random.Random(f"{seed}/{residents}")
    ages = draw.choices(range(len(AGES)), AGE_SHARES, k=residents)
    phases = draw.choices(range(len(PHASES)), PHASE_SHARES, k=residents)
    admitted = [draw.random() < 0.45 for _ in ages]
    left = [draw.random() < 0.35 for _ in ages]
    nights = [draw.randint(5, 91) for _ in ages]
    rates = [draw.betavariate(1, 1.3) for _ in SERVICES]
    took = [[draw.random() < rate for rate in rates] for _ in ages]
    entries = [[draw.randint(1, 12) if yes else 0 for yes in row] for row in took]
    in_time = [(draw.randint(3, 30), draw.randint(0, 5)) for _ in ages]

    def by_age(keep: list[bool]) -> tuple[tuple[int, ...], ...]:
        return _column(
            [
                sum(a == n and yes for a, yes in zip(ages, keep, strict=True))
                for n in range(len(AGES))
            ]
        )

    everybody = [True] * residents
    two_way = tuple(
        tuple(
            sum(p == i and a == j for p, a in zip(phases, ages, strict=True))
            for j in range(len(AGES))
        )
        for i in range(len(PHASES))
    )
    services = _column([sum(row[s] for row in took) for s in range(len(SERVICES))])
    tables = (
        TableRequest(
            "served-age",
            "Residents served by age",
            "residents",
            AGES,
            ALL,
            by_age(everybody),
            population="served",
        ),
        TableRequest(
            "phase-age",
            "Residents by phase and age",
            "residents",
            PHASES,
            AGES,
            two_way,
            population="served",
        ),
        TableRequest(
            "services",
            "Residents who had a service",
            "residents",
            SERVICES,
            ALL,
            services,
            kind="yes-no",
        ),
        TableRequest(
            "admitted-age",
            "Admitted, by age",
            "residents",
            AGES,
            ALL,
            by_age(admitted),
            population="admitted",
        ),
        TableRequest(
            "left-age", "Moved on, by age", "residents", AGES, ALL, by_age(left), population="left"
        ),
        _events(
            "nights-age",
            "Nights by age",
            "nights",
            AGES,
            ALL,
            [[[n for n, a in zip(nights, ages, strict=True) if a == j]] for j in range(len(AGES))],
        ),
        _events(
            "entries",
            "Entries by service",
            "entries",
            SERVICES,
            ALL,
            [[[row[s] for row in entries]] for s in range(len(SERVICES))],
        ),
        _events(
            "timeliness",
            "Care steps by phase",
            "items",
            PHASES,
            TIMES,
            [
                [[t[c] for t, p in zip(in_time, phases, strict=True) if p == i] for c in (0, 1)]
                for i in range(len(PHASES))
            ],
        ),
    )
    return ReleaseRequest(
        "Quarter", "2026-Q1", "public", residents, tables, Settings(k, time_limit_s=time_limit_s)
    )


def _large() -> ReleaseRequest:
    """Return a table so large that protecting it takes half a minute."""
    draw = random.Random("large")
    rows = tuple(Label(f"r{n}", f"Row {n}") for n in range(48))
    columns = tuple(Label(f"c{n}", f"Column {n}") for n in range(48))
    cells = tuple(tuple(draw.choice((0, 0, 1, 2, 3, 7, 9)) for _ in columns) for _ in rows)
    table = TableRequest("t", "T", "residents", rows, columns, cells, population="served")
    settings = Settings(5, time_limit_s=60.0)
    return ReleaseRequest("Large", "2026-Q1", "public", table.total, (table,), settings)


@pytest.fixture(scope="session")
def large_release() -> ReleaseRequest:
    """A release that takes half a minute to protect."""
    return _large()


@pytest.fixture(scope="session")
def shelter_release() -> Callable[..., ReleaseRequest]:
    """Make the release of an invented shelter: residents, k, seed=, time_limit_s=."""
    return _release


@pytest.fixture(scope="session")
def protected(shelter_release: Callable[..., ReleaseRequest]) -> Callable[[int, int], SafeRelease]:
    """Protect an invented shelter's release, once for all who only look at it: residents, k."""

    @cache
    def made(residents: int, k: int) -> SafeRelease:
        release = protect(shelter_release(residents, k))
        assert isinstance(release, SafeRelease), release
        return release

    return made

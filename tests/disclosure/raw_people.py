"""Releases of invented residents in raw values: ages in years, months, yes and no."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from shelter_desk.disclosure import (
    Definition,
    Label,
    Over,
    People,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
)

ALL = (Label("all", "All"),)
Values = Mapping[str, str]
Bands = Sequence[Sequence[str]]


def labels(bands: Bands) -> tuple[Label, ...]:
    return tuple(Label("-".join(b), " and ".join(b), tuple(b)) for b in bands)


def people(values: Iterable[Values], bound: Iterable[str] = ()) -> People:
    return People({str(n): one for n, one in enumerate(values)}, frozenset(bound))


def matching(who: People, where: Mapping[str, Sequence[str]]) -> int:
    return who.count(Definition.of(where))


def one_way(
    who: People,
    dimension: str,
    bands: Bands,
    base: Mapping[str, Sequence[str]],
    name: str = "t",
) -> TableRequest:
    rows = labels(bands)
    cells = tuple((matching(who, {**base, dimension: row.raw}),) for row in rows)
    over = Over(tuple((k, tuple(v)) for k, v in base.items()), dimension)
    return TableRequest(name, name, "residents", rows, ALL, cells, population="served", over=over)


def two_way(
    who: People,
    row_bands: tuple[str, Bands],
    column_bands: tuple[str, Bands],
    base: Mapping[str, Sequence[str]],
    name: str = "t",
) -> TableRequest:
    rows, columns = labels(row_bands[1]), labels(column_bands[1])
    cells = tuple(
        tuple(
            matching(who, {**base, row_bands[0]: r.raw, column_bands[0]: c.raw}) for c in columns
        )
        for r in rows
    )
    over = Over(tuple((k, tuple(v)) for k, v in base.items()), row_bands[0], column_bands[0])
    return TableRequest(
        name, name, "residents", rows, columns, cells, population="served", over=over
    )


def yes_no(
    who: People, names: Sequence[str], base: Mapping[str, Sequence[str]], snapshot: str = ""
) -> TableRequest:
    at = f"@{snapshot}" if snapshot else ""
    rows = tuple(Label(name, name) for name in names)
    cells = tuple((matching(who, {**base, f"{name}{at}": ("yes",)}),) for name in names)
    over = Over(tuple((k, tuple(v)) for k, v in base.items()), suffix=at)
    return TableRequest("s", "s", "residents", rows, ALL, cells, kind="yes-no", over=over)


def request(
    who: People,
    tables: Sequence[TableRequest],
    base: Mapping[str, Sequence[str]],
    *,
    period: str = "2026",
    k: int = 5,
) -> ReleaseRequest:
    return ReleaseRequest(
        "Residents",
        period,
        "public" if k > 5 else "named",
        matching(who, base),
        tuple(tables),
        Settings(k),
        people=who,
        everybody=Definition.of(base),
    )


def in_quarter_and_year(
    quarter: Mapping[str, int], later: Mapping[str, int]
) -> tuple[People, People]:
    """So many of each age were there in the quarter, and so many came after it."""
    first, whole = "2026-Q1", "2026"
    raw = {}
    for period, ages in ((first, quarter), (whole, later)):
        for age, count in ages.items():
            for number in range(count):
                there = {period, whole}
                raw[f"{period} {age} {number}"] = {
                    **{f"in@{at}": "yes" for at in there},
                    **{f"age@{at}": age for at in there},
                }
    there_first = {key: one for key, one in raw.items() if f"in@{first}" in one}
    return People(there_first), People(raw)


def figures(release: SafeRelease) -> dict[str, int | None]:
    return {f["id"]: f["value"] for f in release.certificate["figures"]}


def drawn(
    seed: str, size: int, shares: Mapping[str, Sequence[tuple[str, int]]]
) -> list[dict[str, str]]:
    draw = random.Random(seed)
    return [
        {
            name: draw.choices([v for v, _ in choice], [w for _, w in choice])[0]
            for name, choice in shares.items()
        }
        for _ in range(size)
    ]

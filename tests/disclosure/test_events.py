"""Counts of events beside counts of residents: the one never narrows what the other withholds."""

from __future__ import annotations

import dataclasses
import itertools
import random
import sys
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from shelter_desk.disclosure import (
    Label,
    ProblemError,
    Refused,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    check,
    checker,
    protect,
)

ALL = (Label("all", "All"),)
BANDS = "wxyz"
Counts = tuple[int, ...]


def labels(codes: str) -> tuple[Label, ...]:
    return tuple(Label(code, code) for code in codes)


def column(counts: Counts) -> tuple[tuple[int, ...], ...]:
    return tuple((n,) for n in counts)


def release(
    residents: Counts, nights: Counts, stayed: Counts, *, k: int = 3, most_each: int | None = None
) -> SafeRelease | Refused:
    """Residents by band, and their nights, of which `stayed` had any; nobody had most of them."""
    bands = labels(BANDS[: len(residents)])
    served = TableRequest("served", "Served", "residents", bands, ALL, column(residents))
    largest = tuple(-(-n // who) if who else 0 for n, who in zip(nights, stayed, strict=True))
    events = TableRequest(
        "nights", "Nights", "nights", bands, ALL, column(nights), column(stayed), column(largest),
        all_contributors=sum(stayed), all_largest=max(largest), behind="served",
        most_each=most_each,
    )  # fmt: skip
    return protect(
        ReleaseRequest("t", "2026-Q1", "named", sum(residents), (served, events), Settings(k))
    )


def shown(safe: SafeRelease) -> dict[str, int | None]:
    return {f["id"]: f["value"] for f in safe.certificate["figures"]}


@cache
def worlds(total: int, classes: int) -> npt.NDArray[np.int64]:
    cuts = itertools.combinations(range(total + classes - 1), classes - 1)
    edges = np.array([(-1, *cut, total + classes - 1) for cut in cuts], dtype=np.int64)
    return np.diff(edges, axis=1) - 1


def most_possible(values: dict[str, int | None], total: int, k: int, most_each: int) -> Counts:
    """The most residents each band can have, for a reader of everything shown."""
    fits = worlds(total, len(BANDS))
    for place, band in enumerate(BANDS):
        people, nights = values[f"served/{band}/all"], values[f"nights/{band}/all"]
        here = fits[:, place]
        fits = fits[here >= 1 if people is None else here == people]
        if nights:
            fits = fits[fits[:, place] >= max(k, -(-nights // most_each))]
    return tuple(int(n) for n in fits.max(axis=0))


def test_no_small_group_is_narrowed_by_the_nights_of_others() -> None:
    """Every possible world of four bands, with what the nights tell of each."""
    k, most_each = 3, 10
    protected = told = narrowed = 0
    for seed in range(150):
        draw = random.Random(f"nights {seed}")
        residents = tuple(draw.choice((0, 1, 2, 3, 4, 6)) for _ in BANDS)
        stayed = tuple(n if n >= k else 0 for n in residents)
        nights = tuple(n * draw.choice((2, 6, 9)) for n in stayed)
        safe = release(residents, nights, stayed, k=k, most_each=most_each)
        if not isinstance(safe, SafeRelease):
            continue
        assert check(safe.certificate) == []
        values = shown(safe)
        told += sum(values[f"nights/{band}/all"] not in (None, 0) for band in BANDS)
        most = most_possible(values, sum(residents), k, most_each)
        for place, count in enumerate(residents):
            if 0 < count < k:
                protected += 1
                assert most[place] >= k, f"seed {seed}: {residents} {values}"
        # The same residents protected without a thought for the nights.
        alone = release(residents, (0,) * len(BANDS), (0,) * len(BANDS), k=k)
        assert isinstance(alone, SafeRelease)
        both = shown(alone) | {f"nights/{b}/all": n for b, n in zip(BANDS, nights, strict=True)}
        most = most_possible(both, sum(residents), k, most_each)
        narrowed += any(0 < n < k and m < k for n, m in zip(residents, most, strict=True))
    sys.stdout.write(f"{protected} small groups, {told} nights shown, {narrowed} narrowed alone\n")
    assert protected > 80
    assert told > 80
    assert narrowed > 10


def test_nights_of_one_band_take_a_second_head_count_back() -> None:
    """Of nine, withheld together, six have nights: at least five, so the others are few."""
    safe = release((3, 6, 20), (0, 60, 200), (0, 6, 20), k=5)
    assert isinstance(safe, SafeRelease)
    values = shown(safe)
    assert [values[f"nights/{band}/all"] for band in "wxy"] == [0, 60, 200]
    assert values["served/w/all"] is values["served/y/all"] is None
    without = release((3, 6, 20), (0, 0, 0), (0, 0, 0), k=5)
    assert isinstance(without, SafeRelease)
    assert [shown(without)[f"served/{band}/all"] for band in "wxy"] == [None, None, 20]


def test_many_nights_prove_more_residents_than_k() -> None:
    """90 nights in a month of 30 days are at least three residents, whoever counts them."""
    safe = release((2, 9, 9), (0, 240, 90), (0, 9, 9), most_each=30)
    assert isinstance(safe, SafeRelease)
    floors = {f["id"]: f["floor"] for f in safe.certificate["figures"]}
    assert floors["served/x/all"] == 8
    assert floors["served/y/all"] == 3
    assert floors["served/w/all"] == 1


def test_where_the_nights_leave_no_safe_pattern_only_their_total_is_shown() -> None:
    safe = release((4, 6), (0, 70), (0, 6), k=5, most_each=12)
    assert isinstance(safe, SafeRelease)
    values = shown(safe)
    assert values["nights/x/all"] is None
    assert values["nights/total/total"] == 70
    assert values["served/w/all"] is values["served/x/all"] is None
    assert check(safe.certificate) == []


def test_more_residents_behind_events_than_there_are_is_refused() -> None:
    refused = release((2, 20, 20), (40, 200, 200), (5, 20, 20), k=3)
    assert isinstance(refused, Refused)
    assert "more residents" in refused.reason


def test_one_resident_may_not_contribute_more_than_there_is() -> None:
    with pytest.raises(ProblemError, match="more than can be"):
        release((5, 5), (100, 50), (5, 5), most_each=19)


def test_the_checker_works_the_bounds_out_for_itself() -> None:
    safe = release((3, 6, 20), (0, 60, 200), (0, 6, 20), k=5)
    assert isinstance(safe, SafeRelease)
    table = next(t for t in safe.certificate["tables"] if t["id"] == "nights")
    for change in ({"behind": ""}, {"behind": "nights"}, {"most_each": 1}):
        tables = [t | change if t is table else t for t in safe.certificate["tables"]]
        body = dict(safe.certificate) | {"tables": tables}
        body["sha256"] = checker.fingerprint(body)
        assert check(body), change


def test_the_total_alone_when_asked_for() -> None:
    events = TableRequest(
        "nights", "Nights", "nights", labels("xy"), ALL, column((90, 90)), column((9, 9)),
        column((10, 10)),
    )  # fmt: skip
    asked = dataclasses.replace(events, totals_only=True)
    safe = protect(ReleaseRequest("t", "2026-Q1", "named", 20, (asked,), Settings(5)))
    assert isinstance(safe, SafeRelease)
    assert safe.tables[0].cells == ((None,), (None,))
    assert safe.tables[0].total == 180

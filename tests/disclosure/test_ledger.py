"""Two releases of one period, held side by side by the same reader."""

from __future__ import annotations

import dataclasses
import itertools
import random
import sys
from collections.abc import Callable

import numpy as np

from shelter_desk.disclosure import (
    Label,
    Refused,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    protect,
)

ALL = (Label("all", "All"),)
Maker = Callable[..., ReleaseRequest]
Protected = Callable[[int, int], SafeRelease]


def safe_of(request: ReleaseRequest, *earlier: SafeRelease) -> SafeRelease:
    release = protect(request, earlier=[e.known for e in earlier])
    assert isinstance(release, SafeRelease), release
    return release


def shown(release: SafeRelease) -> dict[str, int]:
    figures = release.certificate["figures"]
    return {f["id"]: f["value"] for f in figures if f["value"] is not None}


def test_a_named_reader_gets_all_that_is_public_and_more(
    shelter_release: Maker, protected: Protected
) -> None:
    public = protected(80, 11)
    named = safe_of(shelter_release(80, 5), public)
    assert shown(public).items() <= shown(named).items()
    assert len(shown(named)) > len(shown(public))


def test_the_public_gets_nothing_that_a_named_reader_does_not_have(
    shelter_release: Maker, protected: Protected
) -> None:
    compared = 0
    for residents in (45, 80, 200):
        named = protected(residents, 5)
        alone = protected(residents, 11)
        public = safe_of(shelter_release(residents, 11), named)
        assert shown(public).items() <= shown(named).items()
        compared += not shown(alone).items() <= shown(named).items()
    sys.stdout.write(f"{compared} of 3 releases would have given more without the ledger\n")


def test_the_same_release_again_is_the_same(shelter_release: Maker, protected: Protected) -> None:
    first = protected(45, 5)
    assert shown(safe_of(shelter_release(45, 5), first)) == shown(first)


def test_changed_counts_are_not_released_beside_the_old_ones(
    shelter_release: Maker, protected: Protected
) -> None:
    first = protected(45, 5)
    refused = protect(shelter_release(45, 5, seed=2), earlier=[first.known])
    assert isinstance(refused, Refused)
    assert refused.rung == "ledger"
    assert "changed" in refused.reason


def test_a_table_that_is_out_cannot_be_forgotten(
    shelter_release: Maker, protected: Protected
) -> None:
    first = protected(80, 11)
    request = shelter_release(80, 5)
    request = dataclasses.replace(request, tables=request.tables[2:])
    refused = protect(request, earlier=[first.known])
    assert isinstance(refused, Refused)
    assert refused.rung == "ledger"


def three_times(request: ReleaseRequest, period: str) -> ReleaseRequest:
    """A longer period in which everything there was happened to three times as many residents."""

    def grid(numbers: tuple[tuple[int, ...], ...] | None) -> tuple[tuple[int, ...], ...] | None:
        return numbers and tuple(tuple(3 * n for n in row) for row in numbers)

    tables = tuple(
        dataclasses.replace(
            t, cells=grid(t.cells) or (), contributors=grid(t.contributors), largest=t.largest
        )
        for t in request.tables
    )
    return dataclasses.replace(
        request, period=period, population=3 * request.population, tables=tables
    )


def test_what_adds_up_over_quarters_is_not_shown_for_the_year_too(
    shelter_release: Maker, protected: Protected
) -> None:
    quarter = protected(80, 5)
    year = three_times(shelter_release(80, 5), "2026")
    release = safe_of(year, quarter)
    assert {d.id for d in release.dropped} == {
        "admitted-age",
        "left-age",
        "nights-age",
        "entries",
        "timeliness",
    }
    other_year = dataclasses.replace(year, period="2027")
    assert safe_of(other_year, quarter).dropped == ()


def served(period: str, residents: int, yes: int) -> ReleaseRequest:
    rows, cells = (Label("s", "Service"),), ((yes,),)
    table = TableRequest("yes", "Services", "residents", rows, ALL, cells, kind="yes-no")
    return ReleaseRequest("t", period, "named", residents, (table,), Settings(3))


def test_one_more_resident_in_the_year_than_in_the_quarter_is_not_told() -> None:
    quarter = safe_of(served("2026-Q1", 45, 20))
    refused = protect(served("2026", 46, 20), earlier=[quarter.known])
    assert isinstance(refused, Refused)
    assert "those in 2026 who were not in 2026-Q1" in refused.reason
    assert isinstance(protect(served("2026", 45, 20), earlier=[quarter.known]), SafeRelease)
    assert isinstance(protect(served("2026", 48, 20), earlier=[quarter.known]), SafeRelease)


def test_the_year_first_guards_the_quarter_too() -> None:
    year = safe_of(served("2026", 46, 20))
    assert isinstance(protect(served("2026-Q1", 45, 20), earlier=[year.known]), Refused)
    assert isinstance(protect(served("2026-Q1", 40, 20), earlier=[year.known]), SafeRelease)


def test_a_service_given_to_one_more_in_the_year_is_withheld() -> None:
    quarter = safe_of(served("2026-Q1", 30, 12))
    year = served("2026", 40, 13)
    assert shown(safe_of(year))["yes/s/all"] == 13
    assert "yes/s/all" not in shown(safe_of(year, quarter))


def test_four_quarters_tell_who_came_back_in_the_year() -> None:
    """Forty-one together and forty in the year: one was there in two quarters."""
    quarters = [safe_of(served(f"2026-Q{n}", 10 + (n == 4), 4)) for n in (1, 2, 3, 4)]
    refused = protect(served("2026", 40, 16), earlier=[q.known for q in quarters])
    assert isinstance(refused, Refused)
    assert "more than one quarter" in refused.reason
    assert isinstance(
        protect(served("2026", 41, 16), earlier=[q.known for q in quarters]), SafeRelease
    )


def test_sister_quarters_count_once_their_year_is_out() -> None:
    """A year of 40 and a quarter of 20 are out, and then 3 less: the year bounds them all."""
    year = safe_of(served("2026", 40, 20))
    first = safe_of(served("2026-Q1", 20, 10), year)
    second = safe_of(served("2026-Q2", 30, 9), year, first)
    third = safe_of(served("2026-Q3", 36, 12), year, first, second)
    assert len(third.proof["atoms"]) > len(second.proof["atoms"]) > len(first.proof["atoms"])
    labels = [name for name in third.proof["atoms"] if name.startswith("rest:")]
    assert len(labels) == 2 * 3
    out = [release.known for release in (year, first, second, third)]
    refused = protect(served("2026-Q4", 39, 9), earlier=out)
    assert isinstance(refused, Refused)
    assert "those in 2026 who were not in 2026-Q4" in refused.reason


def test_a_release_without_its_counts_cannot_be_compared() -> None:
    quarter = safe_of(served("2026-Q1", 30, 12))
    refused = protect(served("2026", 40, 20), earlier=[quarter.certificate])
    assert isinstance(refused, Refused)
    assert refused.rung == "ledger"


def test_year_and_quarter_leave_no_small_group_in_any_world() -> None:
    """Every world of twelve residents: in the quarter or not, with a service then, or later."""
    cuts = itertools.combinations(range(16), 4)
    edges = np.array([(-1, *cut, 16) for cut in cuts], dtype=np.int64)
    away, away_yes, none, later, early = (np.diff(edges, axis=1) - 1).T
    values = {
        "quarter": none + later + early,
        "quarter yes": early,
        "quarter no": none + later,
        "year": away + away_yes + none + later + early,
        "year yes": away_yes + later + early,
        "year no": away + none,
        "not in the quarter": away + away_yes,
        "yes, but not in the quarter": away_yes + later,
    }
    protected = compared = leaking = 0
    for seed in range(60):
        truth = random.Random(f"overlap {seed}").randrange(len(away))
        true = {name: int(value[truth]) for name, value in values.items()}
        first = protect(served("2026-Q1", true["quarter"], true["quarter yes"]))
        if not isinstance(first, SafeRelease):
            continue
        request = served("2026", true["year"], true["year yes"])
        for ledger in ([], [first.known]):
            second = protect(request, earlier=ledger)
            if not isinstance(second, SafeRelease):
                continue
            fits = (values["quarter"] == true["quarter"]) & (values["year"] == true["year"])
            for name, release in (("quarter", first), ("year", second)):
                known = shown(release).get("yes/s/all")
                yes = values[f"{name} yes"]
                fits &= (yes >= 1) if known is None else (yes == known)
            small = [name for name, value in true.items() if 0 < value < 3]
            small = [name for name in small if values[name][fits].max() < 3]
            if ledger:
                compared += 1
                protected += sum(0 < value < 3 for value in true.values())
                assert small == [], f"seed {seed}: {true}"
            else:
                leaking += bool(small)
    sys.stdout.write(f"{compared} years, {protected} small groups, {leaking} leak alone\n")
    assert compared > 10
    assert protected > 10
    assert leaking > 5


def test_a_quarter_says_nothing_about_another(
    shelter_release: Maker, protected: Protected
) -> None:
    first = protected(80, 5)
    second = dataclasses.replace(shelter_release(80, 5, seed=9), period="2026-Q2")
    assert shown(safe_of(second, first)) == shown(safe_of(second))

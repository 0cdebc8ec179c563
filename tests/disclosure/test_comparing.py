"""Releases with other bands, other readers, other periods and corrected records, side by side."""

from __future__ import annotations

import dataclasses
import itertools
import random
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from shelter_desk.disclosure import Definition, People, Refused, SafeRelease, protect
from shelter_desk.disclosure.told import told_entry
from tests.disclosure.raw_people import (
    Bands,
    drawn,
    figures,
    one_way,
    people,
    request,
    two_way,
    yes_no,
)

AGES = ("12", "13", "14", "15")
HERE = {"all": ("x",)}
Sets = dict[str, frozenset[str]]


def of_ages(counts: tuple[int, ...]) -> People:
    values = [
        {"age": age, "all": "x"} for age, n in zip(AGES, counts, strict=True) for _ in range(n)
    ]
    return people(values)


def by_age(who: People, bands: Bands, k: int = 3) -> object:
    return request(who, [one_way(who, "age", bands, HERE)], HERE, k=k)


def sets_of(bands: Bands) -> Sets:
    return {"-".join(b): frozenset(b) for b in bands}


def every_world(total: int) -> list[tuple[int, ...]]:
    cuts = itertools.combinations(range(total + 3), 3)
    return [tuple(b - a - 1 for a, b in itertools.pairwise((-1, *cut, total + 3))) for cut in cuts]


def fits(
    worlds: npt.NDArray[np.int64], release: SafeRelease, bands: Bands
) -> npt.NDArray[np.bool_]:
    """Tell which residents would give what is shown; a blank is not nobody."""
    shown, found = figures(release), np.ones(len(worlds), dtype=np.bool_)
    for code, ages in sets_of(bands).items():
        known = shown[f"t/{code}/all"]
        here = worlds[:, [n for n, age in enumerate(AGES) if age in ages]].sum(axis=1)
        found &= here >= 1 if known is None else here == known
    return found


FIRST, SECOND = (("12", "13"), ("14", "15")), (("12",), ("13", "14"), ("15",))


def test_other_bands_of_the_same_residents_leave_no_small_class_in_any_world() -> None:
    """Every population of 14 in four ages, against two releases with bands that overlap."""
    worlds, k, checked, leaks = every_world(14), 3, 0, 0
    every = np.array(worlds)
    for seed in range(60):
        truth = random.Random(f"bands {seed}").choice(worlds)
        first = protect(by_age(of_ages(truth), FIRST))
        if not isinstance(first, SafeRelease):
            continue
        for earlier in ((first.known,), ()):
            second = protect(by_age(of_ages(truth), SECOND), earlier=earlier)
            if not isinstance(second, SafeRelease):
                continue
            possible = every[fits(every, first, FIRST) & fits(every, second, SECOND)]
            small = [n for n, count in enumerate(truth) if 0 < count < k]
            leaking = [n for n in small if possible[:, n].max() < k]
            if earlier:
                checked += len(small)
                assert leaking == [], f"{truth}"
            else:
                leaks += bool(leaking)
    sys.stdout.write(f"{checked} small classes held, {leaks} pairs leak without the ledger\n")
    assert checked > 15
    assert leaks > 3


def test_a_figure_that_is_out_is_shown_again_under_another_name() -> None:
    who = of_ages((9, 8, 2, 7))
    first = protect(by_age(who, FIRST))
    assert isinstance(first, SafeRelease)
    again = protect(by_age(who, (("12",), ("13",), ("14", "15"))), earlier=[first.known])
    assert isinstance(again, SafeRelease)
    assert figures(first)["t/14-15/all"] == figures(again)["t/14-15/all"] == 9


def test_a_blank_stays_blank_under_another_name() -> None:
    """Nine of fifteen: alone they could be shown, but they were withheld with the four."""
    who = of_ages((9, 2, 2, 9))
    first = protect(by_age(who, (("12",), ("13",), ("14", "15")), k=5))
    assert isinstance(first, SafeRelease)
    blank = {name for name, value in figures(first).items() if value is None}
    again = protect(by_age(who, (("12",), ("13", "14", "15")), k=5), earlier=[first.known])
    if isinstance(again, SafeRelease) and "t/12/all" in blank:
        assert figures(again)["t/12/all"] is None


def test_the_public_after_a_named_reader_gets_nothing_of_theirs() -> None:
    compared = 0
    for seed in range(8):
        who = people(drawn(f"audience {seed}", 60, {
            "age": [(a, w) for a, w in zip(AGES, (5, 20, 25, 10), strict=True)],
            "ref": [("police", 3), ("self", 2), ("school", 1)],
            "all": [("x", 1)],
        }))  # fmt: skip
        columns = ("ref", (("police",), ("self",), ("school",)))
        table = two_way(who, ("age", [(a,) for a in AGES]), columns, HERE)
        named = protect(request(who, [table], HERE, k=5))
        assert isinstance(named, SafeRelease)
        public = protect(request(who, [table], HERE, k=11), earlier=[named.known])
        if not isinstance(public, SafeRelease):
            continue
        compared += 1
        told, known = figures(public), figures(named)
        shown = {name for name, value in told.items() if value is not None}
        assert all(known[name] == told[name] for name in shown)
        assert all(not 0 < (told[name] or 0) < 11 for name in shown)
    assert compared > 4


def in_two(year: int, quarter: int, yes: tuple[int, int]) -> tuple[People, People]:
    """Residents of a year, the first of whom were there in the quarter; so many had a service."""
    values: list[dict[str, str]] = []
    for n in range(year):
        one = {"in@2026": "yes", "age@2026": "14"}
        if n < quarter:
            one |= {"in@2026-Q1": "yes", "age@2026-Q1": "14" if n % 5 else "15"}
            if n < yes[0]:
                one |= {"s@2026-Q1": "yes", "s@2026": "yes"}
        elif n - quarter < yes[1]:
            one["s@2026"] = "yes"
        values.append(one)
    everybody = people(values)
    there = {k: v for k, v in everybody.raw.items() if "in@2026-Q1" in v}
    return everybody, People(there)


def of_period(who: People, period: str) -> object:
    base = {f"in@{period}": ("yes",)}
    ages = one_way(who, f"age@{period}", [("14",), ("15",)], base)
    return request(who, [ages, yes_no(who, ["s"], base, period)], base, period=period, k=3)


def test_one_more_in_the_year_than_in_the_quarter_is_not_told() -> None:
    year, quarter = in_two(46, 45, (20, 0))
    first = protect(of_period(quarter, "2026-Q1"))
    assert isinstance(first, SafeRelease)
    refused = protect(of_period(year, "2026"), earlier=[first.known])
    assert isinstance(refused, Refused)
    assert "those in 2026 who were not in 2026-Q1" in refused.reason
    year, quarter = in_two(60, 45, (20, 10))
    first = protect(of_period(quarter, "2026-Q1"))
    assert isinstance(first, SafeRelease)
    assert isinstance(protect(of_period(year, "2026"), earlier=[first.known]), SafeRelease)


def test_a_service_given_to_one_more_in_the_year_is_withheld() -> None:
    year, quarter = in_two(60, 45, (20, 1))
    first = protect(of_period(quarter, "2026-Q1"))
    assert isinstance(first, SafeRelease)
    assert figures(first)["s/s/all"] == 20
    alone = protect(of_period(year, "2026"))
    assert isinstance(alone, SafeRelease)
    assert figures(alone)["s/s/all"] == 21
    beside = protect(of_period(year, "2026"), earlier=[first.known])
    assert isinstance(beside, SafeRelease)
    assert figures(beside)["s/s/all"] is None


def corrected(who: People, changes: dict[str, dict[str, str]]) -> People:
    return People({k: {**v, **changes.get(k, {})} for k, v in who.raw.items()}, who.bound)


@pytest.mark.parametrize(("moved", "is_told"), [(1, False), (2, False), (6, True)])
def test_a_correction_is_restated_only_if_the_change_itself_passes(
    moved: int, is_told: bool
) -> None:
    """So many were thought to be 12 and were 13: the old figures and the new ones are both out."""
    who = of_ages((20, 20, 20, 20))
    first = protect(by_age(who, [(a,) for a in AGES], k=5))
    assert isinstance(first, SafeRelease)
    assert None not in figures(first).values()
    now = corrected(who, {str(n): {"age": "13"} for n in range(moved)})
    second = protect(by_age(now, [(a,) for a in AGES], k=5), earlier=[first.known])
    assert isinstance(second, SafeRelease)
    assert (figures(second)["t/12/all"] == 20 - moved) is is_told
    assert figures(second)["t/14/all"] == 20
    if not is_told:
        assert figures(second)["t/12/all"] is None


def told(who: People, ages: tuple[str, ...]) -> dict[str, object]:
    where = Definition.of({**HERE, "age": ages})
    return told_entry("told-1", "2026", {"told": where}, who)


def test_a_number_given_to_a_newspaper_is_taken_as_known() -> None:
    """Eleven aged 12 or 13, and the paper said nine are 12: then two are 13, as all can say."""
    who = of_ages((9, 2, 15, 14))
    alone = protect(by_age(who, FIRST, k=5))
    assert isinstance(alone, SafeRelease)
    assert figures(alone)["t/12-13/all"] == 11
    beside = protect(by_age(who, FIRST, k=5), earlier=[told(who, ("12",))])
    assert isinstance(beside, SafeRelease)
    assert figures(beside)["t/12-13/all"] is None


def test_a_small_number_that_is_public_does_not_end_all_reporting() -> None:
    who = of_ages((3, 12, 15, 14))
    beside = protect(by_age(who, [(a,) for a in AGES], k=5), earlier=[told(who, ("12",))])
    assert isinstance(beside, SafeRelease)
    assert figures(beside)["t/12/all"] is None
    assert figures(beside)["t/15/all"] is not None


def test_what_was_withheld_is_named_when_a_number_outside_gives_it_away() -> None:
    who = of_ages((3, 12, 15, 14))
    refused = protect(by_age(who, FIRST, k=5), earlier=[told(who, ("13", "14", "15"))])
    assert isinstance(refused, Refused)
    assert refused.rung == "search"


def test_a_release_that_does_not_say_what_it_counted_cannot_be_compared() -> None:
    who = of_ages((9, 8, 9, 7))
    first = protect(by_age(who, FIRST))
    assert isinstance(first, SafeRelease)
    known = {k: v for k, v in first.known.items() if k not in ("defined", "people")}
    refused = protect(by_age(who, SECOND), earlier=[known])
    assert isinstance(refused, Refused)
    assert refused.rung == "ledger"
    changed = {**first.known, "people": of_ages((9, 9, 8, 7)).as_json()}
    refused = protect(by_age(who, SECOND), earlier=[changed])
    assert isinstance(refused, Refused)
    assert "does not fit" in refused.reason


def test_tables_in_a_ring_are_refused_with_the_next_rung_through_a_release() -> None:
    who = people(drawn("ring", 60, {n: [("0", 1), ("1", 1)] for n in "abc"} | {"all": [("x", 1)]}))
    two = [("0",), ("1",)]
    tables = [two_way(who, (a, two), (b, two), HERE, f"{a}{b}") for a, b in ("ab", "bc", "ca")]
    refused = protect(request(who, tables, HERE))
    assert isinstance(refused, Refused)
    assert (refused.rung, "margins only" in refused.next_rung) == ("family", True)
    assert isinstance(protect(request(who, tables[:2], HERE)), SafeRelease)
    ring = protect(request(who, tables[2:], HERE), earlier=[
        protect(request(who, [t], HERE)).known for t in tables[:2]  # type: ignore[union-attr]
    ])  # fmt: skip
    assert isinstance(ring, Refused)
    assert ring.rung == "family"


def test_classes_in_which_nobody_can_be_hide_nobody_through_a_release() -> None:
    """Two blanks in a row of three; nobody can be in the third, and a reader knows it."""
    values = [("a", "1", 9), ("b", "1", 2), ("a", "2", 9), ("b", "2", 9), ("c", "2", 9)]
    who = people([{"x": x, "q": q, "all": "x"} for x, q, n in values for _ in range(n)])
    table = two_way(who, ("x", [("a",), ("b",), ("c",)]), ("q", [("1",), ("2",)]), HERE)
    asked = request(who, [table], HERE)
    free, bound = (
        protect(dataclasses.replace(asked, impossible=impossible))
        for impossible in ((), (Definition.of({"x": ("c",), "q": ("1",)}),))
    )
    assert isinstance(free, SafeRelease)
    assert isinstance(bound, SafeRelease)
    assert bound.withheld >= free.withheld


def test_an_insider_cannot_show_that_the_others_are_few() -> None:
    """Whoever knows that one of them is herself takes one away: k must be left."""
    who = of_ages((2, 4, 9, 9))
    asked = by_age(who, [(a,) for a in AGES], k=5)
    inside = dataclasses.replace(asked, settings=dataclasses.replace(asked.settings, insider=True))
    reached = []
    for request_ in (asked, inside):
        found = protect(request_)
        assert isinstance(found, SafeRelease)
        proof, most = found.proof, []
        for atom, age in enumerate(AGES[:2]):
            seen = proof["witnesses"][f"t/{age}/all"]
            most.append(max(proof["worlds"][world][atom] for world in seen))
        reached.append(min(most))
    assert reached[0] >= 5
    assert reached[1] >= 6


@pytest.mark.parametrize(
    ("home", "other", "is_left_out"), [(12, 0, True), (11, 1, True), (10, 2, False)]
)
def test_what_is_true_of_nearly_everybody_of_a_group_is_left_out(
    home: int, other: int, is_left_out: bool
) -> None:
    values = [("14", "home", home), ("14", "kin", other), ("15", "home", 9), ("15", "kin", 9)]
    who = people([{"age": a, "way": w, "all": "x"} for a, w, n in values for _ in range(n)])
    ways = ("way", [("home",), ("kin",)])
    table = two_way(who, ("age", [("14",), ("15",)]), ways, HERE)
    ages = one_way(who, "age", [("14",), ("15",)], HERE, "ages")
    asked = request(who, [ages, dataclasses.replace(table, sensitive="columns")], HERE)
    found = protect(asked, two_way_from=0)
    assert isinstance(found, SafeRelease)
    assert bool(found.dropped) is is_left_out
    assert isinstance(protect(request(who, [ages, table], HERE), two_way_from=0), SafeRelease)


def test_the_same_figures_may_be_out_any_number_of_times() -> None:
    """Twice for the same residents, and once for others who come to the same figures."""
    earlier: list[Any] = []
    for counts in ((4, 4, 4, 4), (4, 4, 4, 4), (5, 3, 4, 4), (4, 4, 4, 4)):
        found = protect(by_age(of_ages(counts), (AGES[:2], AGES[2:])), earlier=earlier)
        assert isinstance(found, SafeRelease), found
        assert figures(found)["t/12-13/all"] == 8
        earlier.append(found.known)
    assert len({one["sha256"] for one in earlier}) == 1


def test_a_release_that_does_not_say_what_it_counts_cannot_be_compared_and_nothing_leaves() -> (
    None
):
    first = protect(by_age(of_ages((4, 4, 4, 4)), (AGES[:2], AGES[2:])))
    assert isinstance(first, SafeRelease)
    silent = {name: one for name, one in first.known.items() if name not in {"defined", "people"}}
    asked = by_age(of_ages((4, 4, 4, 4)), (AGES[:1], AGES[1:]))
    refused = protect(asked, earlier=[silent])
    assert isinstance(refused, Refused)
    assert (refused.rung, "cannot be compared" in refused.reason) == ("ledger", True)
    of_other_years = {**silent, "period": "1999-Q1"}
    assert isinstance(protect(asked, earlier=[of_other_years]), SafeRelease)

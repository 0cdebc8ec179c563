"""A report of exact counts that is public beside a release of ours, in the hands of one reader."""

from __future__ import annotations

import itertools

import pytest

from shelter_desk.disclosure import (
    Definition,
    Label,
    People,
    Refused,
    ReleaseRequest,
    SafeRelease,
    TableRequest,
    protect,
)
from shelter_desk.disclosure.periods_between import birthdays_between, ways_to_be_there
from shelter_desk.disclosure.told import told_entry
from tests.disclosure.raw_people import drawn, figures, one_way, people, request
from tests.disclosure.union_attacker import Union

K = 5
AGES = ("12", "13", "14", "15")
NAMES = ("age", "new", "came")
HERE = {"all": ("x",)}
CLASSES = list(itertools.product(AGES, ("yes", "no"), ("yes", "no")))


def house(seed: int, size: int = 45) -> People:
    shares = {
        "age": [("12", 30), ("13", 12), ("14", 40), ("15", 18)],
        "new": [("yes", 45), ("no", 55)],
        "came": [("yes", 60), ("no", 40)],
    }
    return people([{**one, "all": "x"} for one in drawn(f"told {seed}", size, shares)])


def report(who: People, **more: object) -> dict[str, object]:
    """What its recipient publishes: everybody, the new ones, and those by age."""
    defined = {"all": Definition.of(HERE), "new": Definition.of({**HERE, "new": ("yes",)})}
    for age in AGES:
        defined[age] = Definition.of({**HERE, "new": ("yes",), "age": (age,)})
    return told_entry("a report", "2026", defined, who, **more)  # type: ignore[arg-type]


def summary(who: People) -> ReleaseRequest:
    bands = [(age,) for age in AGES]
    came = one_way(who, "age", bands, {**HERE, "came": ("yes",)}, "came")
    tables = [one_way(who, "age", bands, HERE, "served")]
    return request(who, [*tables, TableRequest(**{**_fields(came), "population": "came"})], HERE)


def _fields(table: TableRequest) -> dict[str, object]:
    return {name: getattr(table, name) for name in TableRequest.__slots__}


def reader_of(who: People, release: SafeRelease) -> Union:
    """Somebody who holds both papers."""
    reader = Union(CLASSES)

    def inside(**values: tuple[str, ...]) -> list[int]:
        return [
            reader.place[one]
            for one in CLASSES
            if all(one[NAMES.index(name)] in codes for name, codes in values.items())
        ]

    def count(**values: tuple[str, ...]) -> int:
        return who.count(Definition.of({**HERE, **values}))

    for where in ({}, {"new": ("yes",)}, *({"new": ("yes",), "age": (a,)} for a in AGES)):
        reader.knows(inside(**where), count(**where), 0)
    for name, value in figures(release).items():
        table, row, _ = name.split("/")
        where = {} if row == "total" else {"age": (row,)}
        where |= {"came": ("yes",)} if table == "came" else {}
        reader.knows(inside(**where), 1 if value is None else value, None if value is None else 0)
    return reader


def found_small(who: People, release: SafeRelease) -> list[str]:
    """Groups of 1 to k - 1 that one can show to be few, and the report alone does not tell."""
    reader = reader_of(who, release)
    found = []
    for ages, new, came in itertools.product(
        [(a,) for a in AGES],
        [("yes",), ("no",), ("yes", "no")],
        [("yes",), ("no",), ("yes", "no")],
    ):
        group = [n for one, n in reader.place.items() if _is_in(one, (ages, new, came))]
        size = who.count(Definition.of({**HERE, "age": ages, "new": new, "came": came}))
        known = who.count(Definition.of({**HERE, "age": ages, "new": ("yes",)}))
        told_alone = new == ("yes",) and known < K
        if 0 < size < K and not told_alone and reader.tells(group, K):
            found.append(f"{ages} new {new} came {came}: {size}")
    return found


def _is_in(one: tuple[str, ...], codes: tuple[tuple[str, ...], ...]) -> bool:
    return all(value in inside for value, inside in zip(one, codes, strict=True))


def test_with_a_public_report_in_hand_nothing_small_can_be_shown() -> None:
    """Without the report in the ledger the very same reader finds small groups."""
    before, after, made = 0, [], 0
    for seed in (0, 1, 3, 6, 7, 11):
        who = house(seed)
        careless = protect(summary(who))
        careful = protect(summary(who), earlier=[report(who)])
        if isinstance(careless, SafeRelease):
            before += bool(found_small(who, careless))
        if isinstance(careful, SafeRelease):
            made += 1
            after += found_small(who, careful)
    assert before == 5
    assert after == []
    assert made == 6


def test_what_a_public_report_tells_by_itself_stays_blank_and_ends_nothing() -> None:
    """Three are new and 12: that is out. The summary withholds its own small figures as ever."""
    values = [("12", "yes", 3), ("13", "yes", 9), ("14", "no", 20), ("15", "no", 8)]
    who = people(
        [{"age": a, "new": n, "came": "yes", "all": "x"} for a, n, c in values for _ in range(c)]
    )
    found = protect(summary(who), earlier=[report(who)])
    assert isinstance(found, SafeRelease)
    assert figures(found)["served/12/all"] is None
    assert figures(found)["served/15/all"] == 8


PERIODS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026")
Stays = list[tuple[int, str, tuple[str, ...]]]


def in_quarters(stays: Stays) -> dict[str, People]:
    """So many of an age were there in these quarters, and so in the year; of every period."""
    of: dict[str, dict[str, dict[str, str]]] = {period: {} for period in PERIODS}
    for size, age, quarters in stays:
        for _ in range(size):
            name = str(len(of["2026"]))
            for at in (*quarters, "2026"):
                of[at][name] = {f"in@{at}": "yes", f"age@{at}": age}
    return {period: People(raw) for period, raw in of.items()}


def in_the_paper(of: dict[str, People], period: str, ages: tuple[str, ...]) -> dict[str, object]:
    where = Definition.of({f"in@{period}": ("yes",), f"age@{period}": ages})
    return told_entry(f"{period} {ages}", period, {"told": where}, of[period])


def year_after(
    of: dict[str, People], known: list[dict[str, object]], k: int = 3
) -> SafeRelease | Refused:
    base = {"in@2026": ("yes",)}
    table = one_way(of["2026"], "age@2026", [(age,) for age in AGES], base)
    return protect(request(of["2026"], [table], base, k=k), earlier=known)


def worlds_of_13(shown: dict[str, int | None], first: int, second: int) -> list[int]:
    """How many aged 13 in the year were not there in the first quarter, in every world.

    A world: so many aged 13 in the first quarter alone, in the second, in both, and only later;
    11 of the year are 12 or 13, and a blank is not nobody.
    """
    found = []
    for both in range(min(first, second) + 1):
        for later in range(12):
            year = {"13": first + second - both + later}
            year["12"] = 11 - year["13"]
            fits = all(
                (value or 0) >= 1
                if shown[f"t/{age}/all"] is None
                else value == shown[f"t/{age}/all"]
                for age, value in year.items()
            )
            if year["12"] >= 0 and fits:
                found.append(second - both + later)
    return found


def test_figures_known_before_give_nobody_away_who_may_have_come_later() -> None:
    """Six and two in two quarters, eleven of 12 or 13: that all 13 came in these, nobody said."""
    of = in_quarters(
        [(6, "13", PERIODS[:1]), (2, "13", PERIODS[1:2]), (3, "12", PERIODS[:1]),
         (5, "14", PERIODS[:1]), (4, "15", PERIODS[1:2])]
    )  # fmt: skip
    known = [in_the_paper(of, period, ("13",)) for period in PERIODS[:2]]
    found = year_after(of, [*known, in_the_paper(of, "2026", ("12", "13"))])
    assert isinstance(found, SafeRelease)
    assert max(worlds_of_13(figures(found), 6, 2)) >= 3
    assert figures(found)["t/15/all"] == 4


def test_four_quarters_that_are_known_leave_a_year_that_can_be_told() -> None:
    """Nobody can have come but in one of them, so there is nobody else to protect."""
    of = in_quarters(
        [(6, "13", PERIODS[:1]), (2, "13", PERIODS[1:2]), (5, "14", PERIODS[2:4]),
         (4, "15", PERIODS[1:3]), (7, "12", PERIODS[:4]), (3, "13", PERIODS[:2])]
    )  # fmt: skip
    known = [in_the_paper(of, period, ("13",)) for period in PERIODS[:4]]
    found = year_after(of, known)
    assert isinstance(found, SafeRelease)
    assert figures(found)["t/15/all"] == 4


def test_what_figures_known_before_bound_together_ends_nothing() -> None:
    """Nine of 12 or 13 in the year, seven of 13 in a quarter: two came later at most, all know."""
    of = in_quarters(
        [(7, "13", PERIODS[:1]), (2, "13", PERIODS[1:2]), (6, "14", PERIODS[:1]),
         (8, "15", PERIODS[1:2])]
    )  # fmt: skip
    known = [in_the_paper(of, "2026-Q1", ("13",)), in_the_paper(of, "2026", ("12", "13"))]
    found = year_after(of, known, k=5)
    assert isinstance(found, SafeRelease)
    assert figures(found)["t/14/all"] == 6


def worlds_later(shown: dict[str, int | None], age: str, first: int, everybody: int) -> list[int]:
    """How many of an age in the year were not there in the first quarter, in every world.

    A world: so many of each age in the year, and of this one no fewer than in the quarter.
    """
    found = []
    for year in itertools.product(range(everybody + 1), repeat=len(AGES)):
        values = [shown[f"t/{one}/all"] for one in AGES]
        fits = all(n >= 1 if v is None else n == v for n, v in zip(year, values, strict=True))
        if fits and sum(year) == everybody and year[AGES.index(age)] >= first:
            found.append(year[AGES.index(age)] - first)
    return found


@pytest.mark.parametrize(
    ("bands", "is_given_away"),
    [
        ([("13", "14"), ("13",)], True),
        ([("12", "13", "14"), ("12", "13")], True),
        ([("14",)], True),
        ([("12", "13"), ("13",)], False),
        ([("13", "14")], False),
    ],
)
def test_bands_known_of_a_quarter_are_subtracted_before_the_year_is_shown(
    bands: list[tuple[str, ...]], *, is_given_away: bool
) -> None:
    """Six of 13 or 14 in the quarter, two of 13: of five aged 14 in the year one came later.

    One of 14 was there in the next quarter, that is known: only that nobody else came is not.
    """
    of = in_quarters(
        [(2, "13", PERIODS[:1]), (4, "14", PERIODS[:1]), (1, "14", PERIODS[1:2]),
         (4, "13", PERIODS[1:2]), (3, "12", PERIODS[1:2]), (3, "15", PERIODS[2:3])]
    )  # fmt: skip
    known = [in_the_paper(of, PERIODS[0], ages) for ages in bands]
    found = year_after(of, [*known, in_the_paper(of, PERIODS[1], ("14",))])
    assert isinstance(found, SafeRelease)
    shown = figures(found)
    assert (None in shown.values()) is is_given_away
    assert not is_given_away or max(worlds_later(shown, "14", 4, 17)) >= 3


@pytest.mark.parametrize(("later", "is_refused"), [(2, True), (3, False), (0, False)])
def test_bands_known_of_a_quarter_are_added_up_before_the_year_is_shown(
    later: int, *, is_refused: bool
) -> None:
    """Two of 12 and eight older ones in the quarter: twelve in the year are two more.

    Those of 14 in another quarter are known as well: only that nobody else came is not.
    """
    of = in_quarters(
        [(2, "12", PERIODS[1:2]), (4, "13", PERIODS[1:2]), (4, "14", PERIODS[1:2]),
         (later, "14", PERIODS[:1])]
    )  # fmt: skip
    known = [in_the_paper(of, PERIODS[1], ages) for ages in (("12",), AGES[1:])]
    found = year_after(of, [*known, in_the_paper(of, PERIODS[0], ("14",))])
    assert isinstance(found, Refused) is is_refused
    if isinstance(found, Refused):
        assert "those in 2026 who were not in 2026-Q2" in found.reason


@pytest.mark.parametrize(
    "periods", [n for r in (1, 2, 3, 5) for n in itertools.combinations(PERIODS, r)]
)
def test_the_ways_to_have_been_there_are_those_the_calendar_allows(
    periods: tuple[str, ...],
) -> None:
    quarters = PERIODS[:4]
    stays = [c for n in (1, 2, 3, 4) for c in itertools.combinations(quarters, n)]
    seen = {frozenset(periods) & {*stay, "2026"} for stay in stays} - {frozenset()}
    assert set(ways_to_be_there(periods) or ()) == seen


@pytest.mark.parametrize(
    ("periods", "known", "late"),
    [
        (("2026-Q1", "2026-Q2", "2026"), PERIODS, [{"2026-Q2"}]),
        (
            ("2026-Q1", "2026-Q2", "2026-Q4", "2026"),
            PERIODS,
            [{"2026-Q2", "2026-Q4"}, {"2026-Q4"}],
        ),
        (("2026-Q2", "2026"), PERIODS, []),
        (("2026-Q2", "2026"), ("2026-Q2", "2026"), [{"2026-Q2"}]),
        (("2026-Q1", "2026"), ("2026-Q1", "2026"), []),
        (("2026",), PERIODS, []),
        (("2025-Q4", "2026-Q2", "2025", "2026"), PERIODS, []),
    ],
)
def test_somebody_can_be_older_in_a_quarter_than_when_they_came(
    periods: tuple[str, ...], known: tuple[str, ...], late: list[set[str]]
) -> None:
    """A year goes by the age on the first day there; in the first quarter it is the same."""
    assert birthdays_between(periods, known) == late


@pytest.mark.parametrize(("again", "is_refused"), [(0, False), (4, True), (5, False)])
def test_stays_that_are_public_must_not_tell_who_came_again(again: int, is_refused: bool) -> None:
    who = house(3)
    found = protect(summary(who), earlier=[told_entry("census", "2026", {}, who, again=again)])
    assert isinstance(found, Refused) is is_refused
    if isinstance(found, Refused):
        assert "came more than once" in found.reason


@pytest.mark.parametrize(
    ("period", "about", "is_left_out"),
    [
        ("2026", "services", True),
        ("2026-Q3", "services", True),
        ("2025-Q3", "services", False),
        ("2026", "lengths", False),
    ],
)
def test_a_table_is_left_out_where_a_public_report_tells_the_same_otherwise(
    period: str, about: str, is_left_out: bool
) -> None:
    who = house(3)
    asked = summary(who)
    rows = (Label("beds", "Beds", ("12", "13", "14", "15")),)
    beds = TableRequest(
        **{
            **_fields(asked.tables[0]), "id": "beds", "title": "Beds", "about": "services",
            "rows": rows, "cells": ((asked.population,),),
        }
    )  # fmt: skip
    asked = request(who, [*asked.tables, beds], HERE)
    known = told_entry("report", period, {}, who, about=(about,))
    found = protect(asked, earlier=[known])
    assert isinstance(found, SafeRelease)
    assert ("Beds" in [one.title for one in found.dropped]) is is_left_out

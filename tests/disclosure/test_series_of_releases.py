"""Whatever goes out after each other about a small house, no count of a few can be proved."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

import pytest

from shelter_desk.disclosure import SafeRelease, protect
from tests.disclosure.raw_people import figures, in_quarter_and_year, one_way, request
from tests.disclosure.series_of_releases import (
    AGES,
    FIRST,
    YEAR,
    Paper,
    Reader,
    Series,
    bands_first,
    crossing,
    known_first,
    series,
)

WENT_WRONG = (401, 526)  # other bands in the year than in the quarter gave a few away


TOLD_TOO_MUCH = (125, 168, 497)  # beside what was known before
CROSSED = (12,)  # lines of two releases of a quarter, less each other, gave one away in the year
ADDED_UP = (107,)  # bands known of a quarter were everybody of it
Made = Callable[[int], Series]


def proved(
    seeds: Iterable[int], make: Made = series, least: int = 2
) -> tuple[int, int, list[str]]:
    """Return how many series and small groups were looked at, and what could be proved.

    Only series with so many releases at least.
    """
    looked = asked = 0
    found = []
    for seed in seeds:
        made = make(seed)
        if sum(not paper.is_told for paper in made.papers) < least:
            continue
        reader, looked = Reader(made), looked + 1
        small = reader.small()
        asked += len(small)
        found += [f"{seed}: {name}" for name, group in small.items() if reader.proves(group)]
    return looked, asked, found


def test_no_series_of_releases_lets_a_reader_prove_a_few() -> None:
    looked, asked, found = proved((*WENT_WRONG, *range(14)))
    sys.stdout.write(f"{looked} series, {asked} small groups\n")
    assert found == []
    assert looked >= 4
    assert asked > 50


@pytest.mark.slow
def test_no_series_out_of_hundreds_lets_a_reader_prove_a_few() -> None:
    looked, asked, found = proved(range(700))
    sys.stdout.write(f"{looked} series, {asked} small groups\n")
    assert found == []
    assert looked > 300


def test_nothing_more_is_proved_beside_numbers_that_were_known_before() -> None:
    looked, asked, found = proved((*TOLD_TOO_MUCH, *range(8)), known_first, 1)
    sys.stdout.write(f"{looked} series, {asked} small groups\n")
    assert found == []
    assert looked >= 6
    assert asked > 100


def test_bands_known_before_are_added_up_and_subtracted() -> None:
    looked, asked, found = proved((*ADDED_UP, 112, *range(6)), bands_first, 1)
    sys.stdout.write(f"{looked} series, {asked} small groups\n")
    assert found == []
    assert looked >= 4
    assert asked > 50


@pytest.mark.parametrize("is_told", [True, False])
def test_a_few_who_were_told_are_told_no_more_by_knowing_that_nobody_is_beside_them(
    *, is_told: bool
) -> None:
    """13 is told to be five, and 12 to 13 comes out as five: whoever is 12 or 15 is 15."""
    raw = {
        str(n): {f"in@{YEAR}": "yes", f"age@{YEAR}": age}
        for n, age in enumerate(["13"] * 5 + ["14"] * 3 + ["15"])
    }
    made = Series([raw])
    for ages, value, first in (
        (("13",), 5, True),
        (("15",), 1, is_told),
        (("12", "13"), 5, False),
        (("14", "15"), 4, False),
    ):
        made.papers.append(Paper((0, YEAR), first, {"line": (ages, "")}, {"line": value}))
    made.papers.sort(key=lambda paper: not paper.is_told)
    reader = Reader(made)
    both = reader.inside((0, YEAR), ("12", "15"))
    assert sum(reader.counts[n] for n in both) == 1
    assert reader.knows.furthest(both, -1) == 1
    assert reader.proves(both) is not is_told
    everybody = reader.inside((0, YEAR), AGES)
    assert not reader.proves(everybody)


@pytest.mark.slow
def test_no_bands_out_of_hundreds_known_before_let_a_reader_prove_a_few() -> None:
    looked, _, found = proved(range(400), bands_first, 1)
    assert found == []
    assert looked > 200


@pytest.mark.slow
def test_no_number_out_of_hundreds_known_before_lets_a_reader_prove_a_few() -> None:
    looked, _, found = proved(range(700), known_first, 1)
    assert found == []
    assert looked > 250


@pytest.mark.parametrize(("came", "is_told"), [((1, 1, 9), False), ((3, 4, 9), True)])
def test_finer_bands_of_the_year_do_not_tell_who_is_new_in_a_band_of_the_quarter(
    came: tuple[int, int, int], is_told: bool
) -> None:
    """7 of 12 or 13 in the quarter; in the year 5 of 12 and 4 of 13, together two more."""
    later = dict(zip(("12", "13", "14"), came, strict=True))
    quarter, year = in_quarter_and_year({"12": 4, "13": 3, "14": 8}, later)
    base = {f"in@{FIRST}": ("yes",)}
    coarse = one_way(quarter, f"age@{FIRST}", [("12", "13"), ("14",)], base)
    first = protect(request(quarter, [coarse], base, period=FIRST, k=3))
    assert isinstance(first, SafeRelease)
    base = {f"in@{YEAR}": ("yes",)}
    fine = one_way(year, f"age@{YEAR}", [("12",), ("13",), ("14",)], base)
    second = protect(request(year, [fine], base, period=YEAR, k=3), earlier=[first.known])
    assert isinstance(second, SafeRelease)
    shown = figures(second)
    assert (None not in (shown["t/12/all"], shown["t/13/all"])) is is_told


ONLY_12 = [("12",), ("13", "14", "15")]


@pytest.mark.parametrize(
    ("other", "bands"),
    [
        ([("12", "13", "14"), ("15",)], [("12",), ("13", "14"), ("15",)]),
        ([("12", "13"), ("14", "15")], [("12",), ("13",), ("14", "15")]),
    ],
)
@pytest.mark.parametrize(("came", "is_told"), [(1, False), (4, True)])
def test_lines_of_two_releases_of_a_quarter_do_not_tell_who_is_new_in_the_year(
    other: list[tuple[str, ...]], bands: list[tuple[str, ...]], came: int, is_told: bool
) -> None:
    """All less 12 and less 15 is 13 and 14 of the quarter: of the year there is one more."""
    quarter, year = in_quarter_and_year(
        {"12": 6, "13": 5, "14": 5, "15": 6}, {"12": 5, "13": came, "15": 5}
    )
    out = []
    for who, period, lines in (
        (quarter, FIRST, ONLY_12),
        (quarter, FIRST, other),
        (year, YEAR, bands),
    ):
        base = {f"in@{period}": ("yes",)}
        table = one_way(who, f"age@{period}", lines, base)
        made = protect(request(who, [table], base, period=period, k=3), earlier=out)
        assert isinstance(made, SafeRelease)
        out.append(made.known)
    assert (None not in figures(made).values()) is is_told


def test_no_releases_with_crossing_bands_let_a_reader_prove_a_few() -> None:
    looked, asked, found = proved((*CROSSED, *range(30)), crossing, 3)
    sys.stdout.write(f"{looked} series, {asked} small groups\n")
    assert found == []
    assert looked > 8
    assert asked > 30


@pytest.mark.slow
def test_no_crossing_bands_out_of_hundreds_let_a_reader_prove_a_few() -> None:
    looked, asked, found = proved(range(1_000), crossing, 3)
    sys.stdout.write(f"{looked} series, {asked} small groups\n")
    assert found == []
    assert looked > 600

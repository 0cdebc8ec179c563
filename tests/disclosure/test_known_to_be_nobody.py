"""A difference that readers know to be nobody asks for no proof, and no forger can use that."""

from __future__ import annotations

import copy
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from shelter_desk.disclosure import (
    Label,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    check,
    protect,
)
from shelter_desk.disclosure.asking_again import reason_for
from shelter_desk.disclosure.explain import SPARE
from shelter_desk.reports.summary_files import summary_files
from tests.disclosure.forging import changed, leaves, same_claim, sealed
from tests.disclosure.raw_people import figures
from tests.disclosure.second_attacker import read

ALL = (Label("all", "All"),)
YES_NO = (Label("yes", "Yes"), Label("no", "No"))
MADE_AT = datetime(2026, 4, 2, 14, 5, tzinfo=UTC)
PARTS = {"served": "served", "cross": "served", "services": "yes-no"}
PARTS |= {"admitted": "admitted", "left": "left"}
Body = dict[str, Any]


def house(
    served: tuple[int, ...],
    before: tuple[int, ...],
    *,
    left: tuple[int, ...] = (),
    cross: tuple[int, ...] = (),
    services: tuple[int, ...] = (),
    k: int = 5,
) -> ReleaseRequest:
    """Residents by age, and how many of each were there before the quarter.

    `left` are those who left, `cross` those of whom a thing is true, by age; `services` of all.
    """
    codes = tuple(Label(code, code) for code in "abcdefg"[: len(served)])
    new = tuple(n - old for n, old in zip(served, before, strict=True))
    tables = [_ages("served", codes, served), _ages("admitted", codes, new)]
    if left:
        tables.append(_ages("left", codes, left))
    if cross:
        cells = tuple((n, all_ - n) for n, all_ in zip(cross, served, strict=True))
        tables.append(
            TableRequest("cross", "Cross", "residents", codes, YES_NO, cells, population="served")
        )
    if services:
        rows = tuple(Label(f"s{n}", f"Service {n}") for n in range(len(services)))
        cells = tuple((n,) for n in services)
        tables.append(
            TableRequest("services", "Services", "residents", rows, ALL, cells, kind="yes-no")
        )
    return ReleaseRequest("Q", "2026-Q1", "public", sum(served), tuple(tables), Settings(k))


def _ages(name: str, codes: tuple[Label, ...], counts: tuple[int, ...]) -> TableRequest:
    cells = tuple((n,) for n in counts)
    return TableRequest(name, name.title(), "residents", codes, ALL, cells, population=name)


def drawn(seed: int) -> ReleaseRequest:
    """A small house in its first quarter, or in one in which few were there before."""
    draw = random.Random(f"first quarter {seed}")
    bands, k = draw.randint(2, 5), draw.choice((3, 5))
    served = tuple(draw.choice((0, 1, 2, 3, 5, 6, 9, 14)) for _ in range(bands))
    few = draw.choice(((0,), (0,), (0, 0, 1), (0, 0, 0, 2, 6)))
    before = tuple(min(draw.choice(few), n) for n in served)
    some = [tuple(draw.randint(0, n) for n in served) for _ in range(2)]
    services = tuple(draw.choice((0, 3, sum(served), sum(served) // 2)) for _ in range(3))
    return house(
        served,
        before,
        left=some[0] if draw.random() < 0.5 else (),
        cross=some[1] if draw.random() < 0.4 else (),
        services=services if draw.random() < 0.4 else (),
        k=k,
    )


def attacked(seeds: range) -> Iterator[tuple[int, SafeRelease, list[str], int]]:
    """Protect houses and set the second attacker on the bytes: seed, release, finds, groups."""
    for seed in seeds:
        request = drawn(seed)
        release = protect(request, two_way_from=0)
        if isinstance(release, SafeRelease):
            made = summary_files(release, MADE_AT, "Willow House")
            reader = read(made["summary.csv"], PARTS, request.settings.k)
            yield seed, release, reader.small(), len(reader.groups)


def excused(certificate: Body) -> list[str]:
    """Name the differences that are not between shown figures and have no world."""
    shown = {f["id"] for f in certificate["figures"] if f["value"] is not None}
    return [
        d["id"]
        for d in certificate["differences"]
        if not {d["whole"], d["part"]} <= shown and d["id"] not in certificate["witnesses"]
    ]


def _nothing_is_proved(seeds: range) -> tuple[int, int]:
    houses = with_excuse = groups = 0
    for seed, release, small, asked in attacked(seeds):
        assert small == [], seed
        houses, groups = houses + 1, groups + asked
        with_excuse += bool(excused(release.certificate))
    sys.stdout.write(f"{houses} houses, {with_excuse} with nobody from before, {groups} groups\n")
    return houses, with_excuse


def test_no_house_with_few_from_before_lets_a_reader_prove_a_few() -> None:
    houses, with_excuse = _nothing_is_proved(range(8))
    assert houses > 3
    assert with_excuse > 1


@pytest.mark.slow
def test_no_house_out_of_hundreds_lets_a_reader_prove_a_few() -> None:
    houses, with_excuse = _nothing_is_proved(range(1_000))
    assert houses > 500
    assert with_excuse > 200


@pytest.fixture(scope="module")
def first_quarter() -> Body:
    """A certificate that excuses some differences: everybody came in the quarter."""
    release = protect(house((3, 14, 9, 4), (0, 0, 0, 0), services=(30, 12)))
    assert isinstance(release, SafeRelease)
    return json.loads(json.dumps(release.certificate))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def two_from_before() -> Body:
    """A certificate that must not excuse any: two of one age were there before."""
    release = protect(house((3, 14, 9, 4), (0, 0, 0, 2), services=(30, 12)))
    assert isinstance(release, SafeRelease)
    return json.loads(json.dumps(release.certificate))  # type: ignore[no-any-return]


def test_in_a_first_quarter_the_number_of_new_residents_is_shown(first_quarter: Body) -> None:
    values = {f["id"]: f["value"] for f in first_quarter["figures"]}
    assert values["served/total/total"] == values["admitted/total/total"] == 30
    assert {"not:admitted/a/all", "not:admitted/d/all"} <= set(excused(first_quarter))
    assert check(first_quarter) == []


def test_who_was_there_before_may_all_be_of_ages_that_are_shown() -> None:
    """Nine of ten from before are 14 of b: that nobody else was there is no secret then."""
    release = protect(house((3, 20, 4, 3), (0, 9, 0, 0)))
    assert isinstance(release, SafeRelease)
    shown = figures(release)
    assert shown["admitted/total/total"] == 21
    assert (shown["served/b/all"], shown["admitted/b/all"]) == (20, 11)
    assert {"not:admitted/a/all", "not:admitted/c/all"} <= set(excused(release.certificate))


def test_a_blank_for_the_sake_of_the_proof_is_explained_and_not_called_the_fewest() -> None:
    """Nobody of a was there before, and readers cannot know: the proof has to hide that too."""
    request = house((3, 14, 2, 2), (0, 0, 0, 2))
    release = protect(request)
    assert isinstance(release, SafeRelease)
    assert figures(release)["served/b/all"] is None
    why = reason_for(request, (), release.certificate, "served/b/all")
    assert SPARE not in why
    assert "those not in Admitted: a" in why
    assert not release.fewest_proved
    assert not release.best_proved


def test_two_from_before_are_excused_nowhere(two_from_before: Body) -> None:
    values = {f["id"]: f["value"] for f in two_from_before["figures"]}
    assert values["admitted/total/total"] is None
    assert excused(two_from_before) == []


def test_every_change_of_a_certificate_that_excuses_is_noticed(first_quarter: Body) -> None:
    paths = [at for at in leaves(first_quarter) if at != ("sha256",)]
    missed = [
        (at, by)
        for at in paths
        for by in (1, -1)
        if not check(sealed(changed(first_quarter, at, by)))
        and not same_claim(first_quarter, at, by)
    ]
    assert missed == []
    assert len(paths) >= 200


def test_an_excused_difference_cannot_be_taken_out_to_excuse_the_others(
    first_quarter: Body,
) -> None:
    for name in excused(first_quarter):
        twin = copy.deepcopy(first_quarter)
        twin["differences"] = [d for d in twin["differences"] if d["id"] != name]
        assert check(sealed(twin)), name


def test_no_excuse_can_be_forged(two_from_before: Body) -> None:
    """Whatever a forger says a difference is, or is between, it needs its world."""
    names = [f["id"] for f in two_from_before["figures"]]
    atoms = range(two_from_before["atoms"])
    forged = 0
    for position, difference in enumerate(two_from_before["differences"]):
        if difference["id"] not in two_from_before["witnesses"]:
            continue
        # It is said to be between others, and the shown ones are said to hold its atoms.
        lies = [{"whole": name} for name in names] + [{"atoms": [atom]} for atom in atoms]
        lies += [{"part": name, "id": f"not:{name}"} for name in names]
        for lie in ({}, {"atoms": []}, *lies):
            twin = copy.deepcopy(two_from_before)
            del twin["witnesses"][difference["id"]]
            twin["differences"][position] |= lie
            assert check(sealed(twin)), (difference["id"], lie)
            forged += 1
    assert forged > 100


def test_a_difference_shown_as_nobody_does_not_excuse_by_the_atoms_it_names(
    two_from_before: Body,
) -> None:
    """Service 1 was given to all; a forger says that its rest holds everybody from before."""
    (rest,) = [d for d in two_from_before["differences"] if d["part"] == "services/s0/all"]
    for difference in two_from_before["differences"]:
        if difference["id"] in two_from_before["witnesses"]:
            twin = copy.deepcopy(two_from_before)
            del twin["witnesses"][difference["id"]]
            (told,) = [d for d in twin["differences"] if d["id"] == rest["id"]]
            told["atoms"] = sorted({*rest["atoms"], *difference["atoms"]})
            for world in twin["worlds"]:
                for atom in difference["atoms"]:
                    world[atom] = 0
            assert check(sealed(twin)), difference["id"]


def test_a_total_that_is_said_to_be_everybody_excuses_nothing(two_from_before: Body) -> None:
    """The forger shows all as new, and takes the worlds of their rests away."""
    twin = copy.deepcopy(two_from_before)
    for figure in twin["figures"]:
        if figure["id"] == "admitted/total/total":
            figure["value"] = 30
    for name in [*twin["witnesses"]]:
        if name.startswith("not:admitted") or name == "admitted/total/total":
            del twin["witnesses"][name]
    assert check(sealed(twin))

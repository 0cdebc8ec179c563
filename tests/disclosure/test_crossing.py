"""Three dimensions and hierarchies asked for as a release, against every world and an attacker."""

from __future__ import annotations

import itertools
import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from shelter_desk.disclosure import Definition, SafeRelease, definitions, protect
from shelter_desk.disclosure.crossing import crossed_tables
from shelter_desk.disclosure.families import Dimension, Family, FamilyError
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.reports.summary_files import summary_files
from tests.disclosure.raw_people import drawn, figures, people, request
from tests.disclosure.union_attacker import Union

MADE_AT = datetime(2026, 4, 2, 14, 5, tzinfo=UTC)
HERE: dict[str, tuple[str, ...]] = {}
TWO = {name: Dimension(name, ("0", "1")) for name in "abc"}
AGE = Dimension("age", ("12", "14", "16", "17"), {"under-15": ("12", "14"), "older": ("16", "17")})
WAY = Dimension("way", ("home", "kin", "own"))
SEX = Dimension("sex", ("f", "m"))
SHARES = {
    "age": [("12", 1), ("14", 4), ("16", 8), ("17", 5)],
    "way": [("home", 6), ("kin", 3), ("own", 1)],
    "sex": [("f", 3), ("m", 1)],
}


def crossed(who, *dimensions, k=3):
    family = Family(tuple(dimensions), (tuple(d.name for d in dimensions),))
    return request(who, crossed_tables(family, who, HERE, {}), HERE, k=k)


def test_every_world_of_three_dimensions_leaves_no_small_cell() -> None:
    cells = list(itertools.product("01", repeat=3))
    cuts = itertools.combinations(range(13 + 7), 7)
    edges = np.array([(-1, *cut, 20) for cut in cuts], dtype=np.int64)
    worlds = np.diff(edges, axis=1) - 1
    solved = protected = slices = 0
    for seed in range(16):
        shares = {n: [("0", 3 + seed % 3), ("1", 2)] for n in "abc"}
        who = people(drawn(f"cube {seed}", 13, shares))
        asked = crossed(who, TWO["a"], TWO["b"], TWO["c"])
        release = protect(asked, two_way_from=0)
        if not isinstance(release, SafeRelease):
            continue
        solved += 1
        slices += sum(" " in table.id for table in release.tables)
        fits = np.ones(len(worlds), dtype=np.bool_)
        known = {n: d for t in asked.tables for n, d in definitions(t).items()}
        inside = {
            name: [
                n for n, cell in enumerate(cells)
                if all(dict(zip("abc", cell, strict=True)).get(d, "x") in c for d, c in w.where)
            ]
            for name, w in known.items()
        }  # fmt: skip
        for name, value in figures(release).items():
            if name in inside:
                here = worlds[:, inside[name]].sum(axis=1)
                fits &= (here >= 1) if value is None else (here == value)
        for name, places in inside.items():
            true = who.count(known[name])
            if 0 < true < 3:
                protected += 1
                assert worlds[fits][:, places].sum(axis=1).max() >= 3, f"{seed}: {name}"
    sys.stdout.write(f"{solved} cubes, {protected} small figures protected\n")
    assert solved >= 5
    assert slices >= 5
    assert protected >= 20


def test_a_hierarchy_in_three_dimensions_is_safe_from_its_bytes() -> None:
    who = people(drawn("hierarchy", 70, SHARES))
    asked = crossed(who, AGE, WAY, SEX, k=5)
    release = protect(asked, two_way_from=0)
    assert isinstance(release, SafeRelease), release
    assert release.dropped == ()
    files = summary_files(release, MADE_AT, "Willow House")
    assert verify_summary(files).ok
    classes = list(itertools.product(AGE.codes, WAY.codes, SEX.codes))
    reader = Union(classes)
    known = {n: dict(d.where) for t in asked.tables for n, d in definitions(t).items()}

    def counts(where):
        for one in classes:
            here = dict(zip(("age", "way", "sex"), one, strict=True))
            if all(here[name] in codes for name, codes in where.items()):
                yield reader.place[one]

    for name, value in figures(release).items():
        if name in known:
            inside = list(counts(known[name]))
            reader.knows(inside, 1 if value is None else value, None if value is None else 0)
    small = [
        where for name, where in known.items()
        if 0 < who.count(Definition.of(where)) < 5
    ]  # fmt: skip
    assert len(small) > 10
    assert [w for w in small if reader.tells(counts(w), 5)] == []


def test_slices_are_tied_to_their_sum_in_the_certificate() -> None:
    """A reader adds slices up; so must every world of the certificate."""
    who = people(drawn("tied", 60, SHARES))
    release = protect(crossed(who, WAY, SEX, AGE, k=5), two_way_from=0)
    assert isinstance(release, SafeRelease)
    found = {f["id"]: f["atoms"] for f in release.certificate["figures"]}
    whole = "way-sex/kin/f"
    parts = [name for name in found if name.endswith("/kin/f") and name != whole]
    single = [p for p in parts if p.split(": ")[1].split("/")[0] in AGE.codes]
    assert len(single) == 4
    for world in release.certificate["worlds"]:
        together = sum(world[atom] for name in single for atom in found[name])
        assert sum(world[atom] for atom in found[whole]) == together


def test_four_dimensions_are_refused_with_the_next_rung() -> None:
    with pytest.raises(FamilyError, match="at most 3"):
        Family((AGE, WAY, SEX, TWO["a"]), (("age", "way", "sex", "a"),))

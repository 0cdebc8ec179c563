"""Some residents are among all: the certificate says so line by line, and the checker insists."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shelter_desk.disclosure import (
    Label,
    Over,
    Refused,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    check,
    checker,
    protect,
)
from shelter_desk.disclosure.certificate import Heading, Published, certify
from shelter_desk.disclosure.definitions import YES, Definition, People
from shelter_desk.disclosure.public import PublicFigure
from tests.disclosure.forging import sealed
from tests.disclosure.raw_people import drawn, people
from tests.disclosure.test_crossing import AGE, SEX, SHARES, WAY, crossed

Body = dict[str, Any]
ALL = (Label("all", "All"),)
AGES = tuple(Label(code, code, (code,)) for code in ("12", "14", "16"))
WAYS = tuple(Label(code, code, (code,)) for code in ("court", "self"))
# Age, way, whether new, how many.
HOUSE = (
    ("12", "court", True, 9), ("12", "self", False, 6), ("14", "court", True, 2),
    ("14", "court", False, 8), ("14", "self", True, 7), ("16", "self", True, 3),
    ("16", "court", False, 12),
)  # fmt: skip


def table(name: str, rows: tuple[Label, ...], *, new: bool, compared: bool) -> TableRequest:
    """One line of the house, of all or of those who are new."""
    at = 0 if rows is AGES else 1
    counts = [
        (sum(h[3] for h in HOUSE if h[at] == row.code and (h[2] or not new)),) for row in rows
    ]
    base = (("in", (YES,)), *((("came", (YES,)),) if new else ()))
    over = Over(base, "age" if rows is AGES else "way") if compared else None
    people = "admitted" if new else "served"
    return TableRequest(
        name, name, "residents", rows, ALL, tuple(counts), population=people, over=over
    )


def asked(*tables: TableRequest) -> ReleaseRequest:
    raw: dict[str, dict[str, str]] = {}
    for age, way, is_new, count in HOUSE:
        for _ in range(count):
            new = {"came": YES} if is_new else {}
            raw[f"r{len(raw)}"] = {"in": YES, "age": age, "way": way, **new}
    everybody = Definition.of({"in": (YES,)})
    return ReleaseRequest(
        "Quarter", "2026-Q1", "public", len(raw), tables, Settings(5),
        people=People(raw), everybody=everybody,
    )  # fmt: skip


@pytest.fixture(scope="module", params=[True, False], ids=["by what it counts", "by codes"])
def body(request: pytest.FixtureRequest) -> Body:
    known = bool(request.param)
    release = protect(
        asked(
            table("served", AGES, new=False, compared=known),
            table("admitted", AGES, new=True, compared=known),
            table("ways", WAYS, new=True, compared=known),
        )
    )
    assert isinstance(release, SafeRelease), release
    found: Body = json.loads(json.dumps(release.certificate))
    assert check(found) == []
    assert found["format"] == checker.FORMAT
    assert found["tables"][1]["along"] == (["age", ""] if known else ["", ""])
    return found


def without(body: Body, names: set[str]) -> Body:
    """Take differences out with all that hangs on them, as if nobody knew of them."""
    twin = copy.deepcopy(body)
    rests = {atom for d in body["differences"] if d["id"] in names for atom in d["atoms"]}
    twin["differences"] = [d for d in body["differences"] if d["id"] not in names]
    twin["links"] = [x for x in body["links"] if not rests & {*x["left"], *x["right"]}]
    twin["witnesses"] = {n: w for n, w in body["witnesses"].items() if n not in names}
    return sealed(twin)


def test_every_line_of_some_is_held_against_the_same_line_of_all(body: Body) -> None:
    pairs = {(d["whole"], d["part"]) for d in body["differences"]}
    ages = {(f"served/{a.code}/all", f"admitted/{a.code}/all") for a in AGES}
    assert pairs == ages | {("release/total/total", "admitted/total/total")}


def test_a_line_that_is_left_out_is_missed(
    body: Body, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {d["id"] for d in body["differences"]}
    for some in ({one} for one in names):
        assert check(without(body, some)), some
    assert check(without(body, names))
    # Only because the checker asks for it: what is left adds up, and an old certificate, which
    # does not say what its tables are along, is read as it always was.
    old = sealed(without(body, names) | {"format": checker.OLD_FORMAT})
    assert check(old) == []
    assert check(sealed(body | {"format": checker.OLD_FORMAT})) == []
    # Whoever runs the checker is told which of the two it is.
    path = tmp_path / "certificate.json"
    for one, version in ((old, "certificate/1 holds"), (body, "certificate/2 holds")):
        path.write_text(json.dumps(one), encoding="utf-8")
        assert checker.main([str(path)]) == 0
        assert version in capsys.readouterr().out


def test_a_count_that_can_be_worked_out_passed_as_long_as_nobody_asked() -> None:
    """Of 20 who were served 18 are new: 2 are not. No figure of the two tables is small."""
    counts = {"served": (20, 15), "admitted": (18, 10)}
    figures, atoms = [], 0
    for name, column in counts.items():
        cells = [(atoms + n,) for n in range(len(column))]
        figures += [
            PublicFigure(f"{name}/{code}/all", cell, n, 1)
            for code, cell, n in zip("ab", cells, column, strict=True)
        ]
        whole = tuple(atom for cell in cells for atom in cell)
        figures.append(PublicFigure(f"{name}/total/total", whole, sum(column), 1))
        atoms += len(column)
    figures.append(PublicFigure("release/total/total", (0, 1), 35, 1))
    told = {"counted": "residents", "kind": "partition", "rule": "worlds", "behind": ""}
    tables = tuple(
        {**told, "id": n, "title": n, "rows": ["a", "b"], "columns": ["all"], "most_each": None,
         "along": ["age", ""]}
        for n in counts
    )  # fmt: skip
    heading = Heading("Quarter", "2026-Q1", "public")
    published = Published(
        heading, tables, atoms, frozenset(), tuple(figures), (), (), 5, 1, "interval"
    )
    with pytest.raises(RuntimeError, match="does not say who is there beside it"):
        certify(published)


def test_what_is_added_or_turned_round_is_refused(body: Body) -> None:
    for position, difference in enumerate(body["differences"]):
        turned = copy.deepcopy(body)
        whole, part = difference["whole"], difference["part"]
        turned["differences"][position] |= {"whole": part, "part": whole, "id": f"not:{whole}"}
        assert check(sealed(turned)), difference["id"]
    for one in body["figures"]:
        name = one["id"]
        for other in ("release/total/total", "served/12/all"):
            added = copy.deepcopy(body)
            nobody = {"id": f"not:{name}", "atoms": [], "whole": other, "part": name}
            if any(d["part"] == name for d in body["differences"]):
                continue
            added["differences"].append(nobody)
            assert check(sealed(added)), (name, other)


def test_a_world_with_more_in_a_part_than_in_all_is_refused(body: Body) -> None:
    sets = {f["id"]: f["atoms"] for f in body["figures"]}
    for number, code in enumerate(("12", "14", "16")):
        twin = copy.deepcopy(body)
        (atom,) = sets[f"admitted/{code}/all"]
        (other,) = sets[f"admitted/{('14', '16', '12')[number]}/all"]
        world = twin["worlds"][0]
        moved = world[other]
        world[atom], world[other] = world[atom] + moved, 0
        assert any("World 0" in line for line in check(sealed(twin))), code


def test_what_a_table_is_along_cannot_be_changed_to_lose_a_line(body: Body) -> None:
    for position, side in ((0, 0), (1, 0)):
        twin = copy.deepcopy(body)
        twin["tables"][position]["along"][side] += "x"
        assert check(sealed(twin))


def test_slices_that_no_longer_add_up_to_all_are_missed() -> None:
    who = people(drawn("tied", 60, SHARES))
    release = protect(crossed(who, WAY, SEX, AGE, k=5), two_way_from=0)
    assert isinstance(release, SafeRelease)
    found: Body = json.loads(json.dumps(release.certificate))
    assert check(found) == []
    missed = check(sealed(found | {"links": []}))
    assert any("does not say who is there beside it" in line for line in missed)


def test_two_tables_of_all_along_the_same_agree() -> None:
    crossing = replace(
        table("both", AGES, new=False, compared=True),
        columns=WAYS,
        cells=tuple(
            tuple(sum(h[3] for h in HOUSE if h[:2] == (a.code, w.code)) for w in WAYS)
            for a in AGES
        ),
        over=Over((("in", (YES,)),), "age", "way"),
    )
    release = protect(asked(crossing, table("served", AGES, new=False, compared=True)))
    assert isinstance(release, SafeRelease)
    found: Body = json.loads(json.dumps(release.certificate))
    assert check(found) == []
    apart = copy.deepcopy(found)
    first = apart["atoms"]
    for number, figure in enumerate(f for f in apart["figures"] if f["id"].startswith("served/")):
        figure["atoms"] = [first + number] if "total" not in figure["id"] else figure["atoms"]
    apart["atoms"] += len(AGES)
    apart["worlds"] = [[*world, *([0] * len(AGES))] for world in apart["worlds"]]
    assert any("another table" in line for line in check(sealed(apart)))


def test_lines_in_a_ring_are_refused_by_their_codes_too() -> None:
    """All by age and way, the new by age and by way: what is between is in none of the three."""
    crossing = replace(
        table("both", AGES, new=False, compared=False),
        columns=WAYS,
        cells=tuple(
            tuple(sum(h[3] for h in HOUSE if h[:2] == (a.code, w.code)) for w in WAYS)
            for a in AGES
        ),
    )
    new = [table(f"new {len(r)}", r, new=True, compared=False) for r in (AGES, WAYS)]
    refused = protect(asked(crossing, *new), two_way_from=0)
    assert isinstance(refused, Refused)
    assert "ring" in refused.reason
    assert refused.next_rung

"""Whatever cannot be protected is refused: which rung refused it, and why, in a sentence."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import numpy as np
import pytest

from shelter_desk.disclosure import (
    Label,
    People,
    Refused,
    ReleaseRequest,
    SafeRelease,
    Settings,
    TableRequest,
    check,
    protect,
)
from shelter_desk.disclosure.any_group import (
    UnsureError,
    _added_up,
    changes_unseen,
    isolated_group,
)
from shelter_desk.disclosure.certificate import Heading, Published, certify
from shelter_desk.disclosure.comparing import compared
from shelter_desk.disclosure.highs import TooSlowError, feasible_whole, model, rows_of
from shelter_desk.disclosure.layout import lay_out
from shelter_desk.disclosure.ledger import LedgerError
from shelter_desk.disclosure.model import Figure, Fixed, Link, Problem, ProblemError
from shelter_desk.disclosure.planned import protect_planned
from shelter_desk.disclosure.public import PublicFigure
from shelter_desk.disclosure.repeated import repeated
from shelter_desk.disclosure.safe import _SEAL
from shelter_desk.disclosure.search import _Search, solve
from shelter_desk.disclosure.solution import NoSolution
from shelter_desk.disclosure.system import build
from shelter_desk.disclosure.worker import _held
from tests.disclosure.forging import sealed
from tests.disclosure.raw_people import drawn, one_way, people, request, two_way

AB = (Label("a", "A"), Label("b", "B"))
ALL = (Label("all", "All"),)
SETTINGS = Settings(3)
SEVEN = ((7,), (7,))
NIGHTS = {"counted": "nights", "contributors": SEVEN, "largest": SEVEN}
BASE = {"in": ("yes",)}
BANDS = [("a",), ("b",), ("c",)]


def table(**changed: Any) -> TableRequest:
    parts = {"id": "t", "title": "T", "counted": "residents", "rows": AB, "columns": ALL}
    return TableRequest(**{**parts, "cells": SEVEN, **changed})


def problem(**changed: Any) -> Problem:
    parts = {"atoms": ("x", "y"), "counts": (4, 5), "settings": SETTINGS}
    figures = (Figure("f", (0,)), Figure("g", (0, 1)))
    return Problem(**{**parts, "figures": figures, **changed})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"counted": "dogs"}, "what is counted, and how, is not known"),
        ({"kind": "circle"}, "what is counted, and how, is not known"),
        ({"kind": "yes-no", "columns": AB, "cells": ((1, 2), (3, 4))}, "has one column"),
        ({"kind": "yes-no", **NIGHTS}, "counts residents"),
        ({"counted": "nights"}, "how many residents are behind a count is missing"),
        ({"rows": (), "cells": ()}, "at least one row and one column"),
        ({"rows": (AB[0], AB[0])}, "two lines have the same code"),
        ({"rows": (AB[0], Label("total", "B"))}, "a code is empty, contains / or is total"),
        ({"rows": (AB[0], Label("", "B"))}, "a code is empty"),
        ({"rows": (AB[0], Label("b/c", "B"))}, "a code is empty, contains /"),
        ({"id": "t/u"}, "the name of the table is empty or contains /"),
        ({"id": ""}, "the name of the table is empty"),
        ({**NIGHTS, "most_each": 0}, "one resident contributes at least 1"),
        ({**NIGHTS, "most_each": 6}, "one resident contributes more than can be"),
        ({"cells": ((7,),)}, "rows and columns do not fit the numbers"),
        ({"cells": ((7, 7), (7,))}, "rows and columns do not fit the numbers"),
        ({"cells": ((7,), (-1,))}, "counts are whole numbers from 0"),
        ({"cells": ((7,), (1.5,))}, "counts are whole numbers from 0"),
        ({"cells": ((7,), (True,))}, "counts are whole numbers from 0"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_title(
    changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(ProblemError, match=f"T: .*{words}"):
        table(**changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"counts": (4,)}, "every atom needs one count and a name of its own"),
        ({"atoms": ("x", "x")}, "every atom needs one count and a name of its own"),
        ({"counts": (4, -1)}, "counts are whole numbers from 0"),
        ({"counts": (4, True)}, "counts are whole numbers from 0"),
        ({"structural_zeros": frozenset({1})}, "declared impossible has residents in it"),
        ({"figures": (Figure("f", (0,)), Figure("f", (1,)))}, "two figures have the same name"),
        ({"figures": (Figure("f", (2,)),)}, "a figure names an atom that does not exist"),
        ({"groups": ((2,),)}, "a figure names an atom that does not exist"),
        ({"figures": (Figure("f", (0, 0)),)}, "a figure counts an atom twice"),
        ({"figures": (Figure("f", (0,), -1),)}, "weights are whole numbers from 0"),
        ({"also": frozenset({"h"})}, "no figure is called h"),
        ({"least": {"f": 5}}, "f is less than readers know it to be"),
        ({"links": (Link((0,), (1,)),)}, "two tables disagree about the same people"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        problem(**changed)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"k": 1}, "the smallest group must be at least 2"),
        ({"floor": 2}, "the floor is 0 or 1"),
        ({"level": "none"}, "the level is interval or exact"),
    ],
)
def test_settings_that_protect_nothing_are_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        Settings(**{"k": 3, **changed})


def asked(*tables: TableRequest, population: int = 14, **changed: Any) -> ReleaseRequest:
    parts = {"title": "Q", "period": "2026-Q1", "audience": "named", "settings": SETTINGS}
    return ReleaseRequest(**{**parts, "population": population, "tables": tables, **changed})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"tables": (table(), table())}, "every table needs a name of its own"),
        ({"tables": (table(id="release"),)}, "every table needs a name of its own"),
        ({"audience": "press"}, "the audience is public or named"),
        ({"population": -1}, "the number of residents is a whole number from 0"),
    ],
)
def test_a_request_that_is_none_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        asked(table(), **changed)


@pytest.mark.parametrize(
    ("made", "rung", "words"),
    [
        (asked(table(cells=((2,), (2,))), population=4), "population", "Fewer than 6 residents"),
        (asked(table(), settings=Settings(3, level="exact")), "table", "at the interval level"),
        (asked(table(population="served"), population=20), "table", "every resident is counted"),
        (asked(table(kind="yes-no", cells=((15,), (7,)))), "table", "more residents than there"),
        (
            asked(
                table(population="served"),
                table(id="new", population="admitted", rows=(*AB, Label("c", "C")),
                      cells=((7,), (7,), (7,))),
            ),
            "table",
            "a part of the residents is larger than all of them",
        ),
    ],
)  # fmt: skip
def test_each_rung_says_what_it_refused(made: ReleaseRequest, rung: str, words: str) -> None:
    answer = protect(made)
    assert isinstance(answer, Refused)
    assert (answer.rung, words in answer.reason) == (rung, True), answer


def residents(*names: str) -> Any:
    shares = {name: [("a", 3), ("b", 2), ("c", 1)] for name in names}
    return people([{"in": "yes", **one} for one in drawn("refused", 60, shares)])


def test_a_table_of_too_many_dimensions_is_refused_with_what_to_ask_for() -> None:
    who = residents("v", "w", "x", "y")
    base = {**BASE, "v": ("a", "b"), "w": ("a", "b")}
    crossed = two_way(who, ("x", BANDS), ("y", BANDS), base)
    answer = protect(request(who, [crossed], base))
    assert isinstance(answer, Refused)
    assert answer.rung == "family"
    assert "dimensions can be found in reasonable time" in answer.reason
    assert answer.next_rung.startswith("Ask for tables of at most")


def test_what_is_out_must_say_what_it_counts() -> None:
    first = protect(asked(table(population="served"), period="2026-Q1"))
    assert isinstance(first, SafeRelease)
    who = residents("x")
    made = request(who, [one_way(who, "x", [("a",), ("b", "c")], BASE)], BASE)
    answer = protect(made, earlier=[first.known])
    assert isinstance(answer, Refused)
    assert (answer.rung, "cannot be compared" in answer.reason) == ("ledger", True)


def test_a_plan_whose_releases_do_not_say_what_they_count_is_refused() -> None:
    answers = protect_planned([asked(table()), asked(table(), period="2026-Q2")], earlier=())
    for one in answers:
        assert isinstance(one, Refused)
        assert (one.rung, "in raw values" in one.reason) == ("ledger", True)


def two_in_both_quarters(k_of_year: int = 3) -> list[ReleaseRequest]:
    """Two quarters and their year: ten and ten less eighteen are two."""
    there = [("2026-Q1",)] * 8 + [("2026-Q2",)] * 8 + [("2026-Q1", "2026-Q2")] * 2
    asked_for = []
    for period, k in (("2026-Q1", 3), ("2026-Q2", 3), ("2026", k_of_year)):
        inside = [n for n, quarters in enumerate(there) if period in (*quarters, "2026")]
        who = People({str(n): {f"in@{period}": "yes", f"age@{period}": "15"} for n in inside})
        base = {f"in@{period}": ("yes",)}
        table_ = one_way(who, f"age@{period}", [("15",), ("16",)], base)
        asked_for.append(request(who, [table_], base, period=period, k=k))
    return asked_for


def test_a_plan_that_has_no_safe_version_is_refused_whole() -> None:
    """Two were there in both quarters: quarters less their year tell it, whatever is left out."""
    for one in protect_planned(two_in_both_quarters()):
        assert isinstance(one, Refused)
        assert (one.rung, "more than one part" in one.reason) == ("search", True), one


def test_a_plan_with_a_blank_that_no_public_world_protects_is_refused_whole() -> None:
    """Its first release is held to three, the second to nine: two of nine can be eight at most."""
    kinds = (("a", "x"), 7), (("a", "y"), 2), (("b", "x"), 28), (("b", "y"), 12)
    asked_for = []
    for period, k in (("2026-Q1", 3), ("2026-Q2", 9)):
        here, row, column = (f"{name}@{period}" for name in ("in", "row", "column"))
        who = people({here: "yes", row: r, column: c} for (r, c), n in kinds for _ in range(n))
        base = {here: ("yes",)}
        crossed = two_way(who, (row, [("a",), ("b",)]), (column, [("x",), ("y",)]), base)
        asked_for.append(request(who, [crossed], base, period=period, k=k))
    for one in protect_planned(asked_for):
        assert isinstance(one, Refused)
        assert (one.rung, "every withheld figure" in one.reason) == ("certificate", True), one


def test_a_zero_that_was_withheld_is_refused_where_blanks_are_not_zero() -> None:
    with pytest.raises(ProblemError, match="a zero was withheld earlier"):
        solve(problem(counts=(0, 5), fixed={"f": Fixed.WITHHELD}))


def test_what_went_out_is_repeated_only_as_it_was() -> None:
    who = residents("x")
    made = request(who, [one_way(who, "x", BANDS, BASE)], BASE, k=16)
    first = protect(made)
    assert isinstance(first, SafeRelease)
    assert first.withheld
    again = repeated(made, first.certificate, first.proof)
    assert isinstance(again, SafeRelease)
    changed = copy.deepcopy(dict(first.certificate))
    changed["figures"][1]["value"] += 1
    for forged in (changed, sealed(changed)):
        assert check(forged)
        answer = repeated(made, forged, first.proof)
        assert isinstance(answer, Refused)
        assert answer.rung == "certificate"
    other = residents("x", "y")
    corrected = request(other, [one_way(other, "x", BANDS, BASE)], BASE, k=16)
    answer = repeated(corrected, first.certificate, first.proof)
    assert isinstance(answer, Refused)
    assert answer.rung == "ledger"


def test_nobody_but_the_engine_makes_a_release_or_a_table_that_is_safe() -> None:
    first = protect(asked(table(population="served")))
    assert isinstance(first, SafeRelease)
    for made in (first, first.tables[0]):
        with pytest.raises(TypeError, match=r"only disclosure\.protect"):
            dataclasses.replace(made, seal=object())


def test_a_plan_that_gives_away_what_is_out_by_its_own_smaller_group_is_refused() -> None:
    """The quarters went out at three: at five, their year is held to three with them first."""
    *quarters, year = two_in_both_quarters(k_of_year=5)
    out = [protect(one) for one in quarters]
    assert all(isinstance(one, SafeRelease) for one in out)
    (answer,) = protect_planned([year], earlier=[one.known for one in out])  # type: ignore[union-attr]
    assert isinstance(answer, Refused)
    assert (answer.rung, "more than one part" in answer.reason) == ("search", True), answer


def test_what_is_out_must_fit_the_counts_it_is_set_against() -> None:
    """A year has nobody less than its quarters, nor anybody who was in none of the four."""
    quarters = [
        protect(asked(table(population="served"), period=f"2026-Q{n}")) for n in range(1, 5)
    ]
    out = [one.known for one in quarters if isinstance(one, SafeRelease)]
    assert len(out) == len(quarters)
    changed = copy.deepcopy(dict(out[0]))
    changed["truth"][0] += 1
    fewer = table(population="served", cells=((6,), (6,)))
    more = table(population="served", cells=((40,), (40,)))
    for earlier, one, words in (
        ([changed], table(population="served"), "does not fit the counts it was made from"),
        (out[:1], fewer, "The counts have changed since a release of the same year"),
        (out, more, "The counts have changed since a release of the same year"),
    ):
        answer = protect(asked(one, population=one.total, period="2026"), earlier=earlier)
        assert isinstance(answer, Refused)
        assert (answer.rung, words in answer.reason) == ("ledger", True), answer


def test_tables_without_residents_or_what_they_count_are_not_compared() -> None:
    made = asked(table(population="served"))
    layout = lay_out(made, made.tables)
    with pytest.raises(LedgerError, match="residents behind this release are not known"):
        compared(made, made.tables, layout, [])
    counted = dataclasses.replace(made, people=People({}))
    with pytest.raises(LedgerError, match="does not say what it counts in raw values"):
        compared(counted, made.tables, layout, [])


def test_a_release_whose_certificate_does_not_add_up_is_not_taken_from_the_worker() -> None:
    first = protect(asked(table(population="served", cells=((12,), (2,)))))
    assert isinstance(first, SafeRelease)
    assert _held(first) is first
    forged = copy.deepcopy(dict(first.certificate))
    forged["worlds"][0][0] += 1
    for one in (forged, sealed(forged)):
        answer = _held(dataclasses.replace(first, certificate=one, seal=_SEAL))
        assert isinstance(answer, Refused)
        assert answer.rung == "certificate"


def test_a_certificate_that_its_own_checker_refuses_is_never_made() -> None:
    figure = PublicFigure("f", (0,), 3, 0)
    public = Published(
        Heading("T", "2026-Q1", "named"), (), 1, frozenset(), (figure, figure), (), (), 3, 1,
        "interval",
    )  # fmt: skip
    with pytest.raises(RuntimeError):
        certify(public)


def test_a_pattern_without_a_world_for_each_small_figure_is_no_solution() -> None:
    system = build(problem(counts=(2, 5)))
    found = _Search(system, lambda: 0.0).certified(system.must, 0.0, cpu_seconds=0.0)
    assert isinstance(found, NoSolution)
    assert found.reason == "The proof of safety is not complete."


def test_an_optimiser_that_does_not_answer_in_time_says_nothing() -> None:
    """Neither that there are no whole residents, nor that no group is isolated."""
    lines = [[4 * row + column for column in range(4)] for row in range(4)]
    rows = rows_of([*lines, *map(list, zip(*lines, strict=True))], [])
    sums = np.full(rows.count, 7.0)
    lp = model(rows, (sums, sums), np.full(16, 9.0), np.zeros(16))
    with pytest.raises(TooSlowError):
        feasible_whole(lp, branches=9, limit_s=0.0)
    cells = tuple(Figure(f"c{n}", (n,)) for n in range(4))
    pairs = tuple(Figure(f"l{n}", (n, (n + 1) % 4)) for n in range(4))
    ring = problem(atoms=tuple("wxyz"), counts=(1, 2, 1, 2), figures=(*cells, *pairs))
    with pytest.raises(UnsureError, match="not sure in time"):
        isolated_group(ring, [True] * 4 + [False] * 4, limit_s=0.0)


def test_a_group_that_does_not_hold_by_addition_is_not_taken_from_the_optimiser() -> None:
    """Three and four are told together: each alone can change, both are no few, nobody is none."""
    both = problem(atoms=("x", "y", "z"), counts=(3, 4, 0))
    changes = changes_unseen([{0: 1, 1: 1}, {2: 1}], range(3))
    few = dataclasses.replace(both, settings=Settings(8))
    assert _added_up(few, changes, (0, 1)) == (0, 1)
    for group in ((0,), (0, 1), (2,)):
        with pytest.raises(UnsureError, match="does not hold"):
            _added_up(both, changes, group)

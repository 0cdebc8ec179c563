"""`protect` on whole releases: what is shown, what is refused, what it costs."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shelter_desk.disclosure import (
    Label,
    Refused,
    ReleaseRequest,
    SafeRelease,
    SafeTable,
    Settings,
    TableRequest,
    check,
    check_values,
    protect,
)

Maker = Callable[..., ReleaseRequest]
Protected = Callable[[int, int], SafeRelease]
ALL = (Label("all", "All"),)
ROOT = Path(__file__).parents[2]


def labels(*codes: str) -> tuple[Label, ...]:
    return tuple(Label(code, code.title()) for code in codes)


def one_table(*counts: int, k: int = 5, population: int | None = None) -> ReleaseRequest:
    rows = labels(*"abcdefgh"[: len(counts)])
    table = TableRequest("age", "Age", "residents", rows, ALL, tuple((n,) for n in counts))
    everybody = sum(counts) if population is None else population
    return ReleaseRequest("Quarter", "2026-Q1", "public", everybody, (table,), Settings(k))


def safe_of(request: ReleaseRequest) -> SafeRelease:
    release = protect(request)
    assert isinstance(release, SafeRelease), release
    return release


def values_of(table: SafeTable) -> dict[str, int | None]:
    values: dict[str, int | None] = {}
    for row, line in zip(table.rows, table.cells, strict=True):
        for column, value in zip(table.columns, line, strict=True):
            values[f"{table.id}/{row.code}/{column.code}"] = value
    for label, value in zip(table.rows, table.row_totals or (), strict=bool(table.row_totals)):
        values[f"{table.id}/{label.code}/total"] = value
    if table.column_totals:
        for label, value in zip(table.columns, table.column_totals, strict=True):
            values[f"{table.id}/total/{label.code}"] = value
    if table.kind == "partition":
        values[f"{table.id}/total/total"] = table.total
    return values


@pytest.mark.parametrize("k", [5, 11])
@pytest.mark.parametrize("residents", [9, 25, 45, 80, 200])
def test_a_shelters_quarter_is_safe_and_quick(
    shelter_release: Maker, residents: int, k: int
) -> None:
    request = shelter_release(residents, k)
    begun = time.process_time()
    release = protect(request)
    seconds = time.process_time() - begun
    if residents < 2 * k:
        assert isinstance(release, Refused)
        assert release.rung == "population"
        sys.stdout.write(f"{residents} residents, k={k}: refused\n")
        return
    assert isinstance(release, SafeRelease), release
    sys.stdout.write(
        f"{residents} residents, k={k}: {release.shown} shown, {release.withheld} withheld, "
        f"{len(release.dropped)} tables left out, {seconds:.2f} s\n"
    )
    assert check(release.certificate) == []
    assert seconds < 6
    published = {n: v for table in release.tables for n, v in values_of(table).items()}
    assert check_values(release.certificate, published) == []
    assert len(published) == release.shown + release.withheld
    assert sum(v is None for v in published.values()) == release.withheld
    true = {t.id: t for t in request.tables}
    for table in release.tables:
        for shown, counted in zip(table.cells, true[table.id].cells, strict=True):
            for value, count in zip(shown, counted, strict=True):
                assert value is None or value == count
                assert table.counted != "residents" or not 0 < count < k or value is None
    json.dumps([release.certificate, release.proof])


def test_a_small_count_takes_the_next_with_it() -> None:
    release = safe_of(one_table(3, 9, 20, 13))
    assert [row[0] for row in release.tables[0].cells].count(None) == 2
    assert release.tables[0].cells[0] == (None,)
    assert release.tables[0].total == release.population_shown == 45
    assert release.fewest_proved
    assert release.proof["sensitive"] == ["age/a/all"]
    assert release.tables[0].row_totals is None


def test_zeros_are_shown_and_nothing_is_withheld_without_need() -> None:
    release = safe_of(one_table(0, 12, 20, 13))
    assert [row[0] for row in release.tables[0].cells] == [0, 12, 20, 13]
    assert release.withheld == 0


def test_the_certificate_depends_on_nothing_that_is_withheld() -> None:
    one, other = safe_of(one_table(3, 9, 20, 13)), safe_of(one_table(4, 8, 20, 13))
    assert one.tables == other.tables
    assert one.certificate == other.certificate
    assert one.proof["worlds"] != other.proof["worlds"]


def test_nobody_else_can_make_a_safe_table() -> None:
    table = safe_of(one_table(3, 9, 20, 13)).tables[0]
    fields = {f.name: getattr(table, f.name) for f in dataclasses.fields(table)}
    with pytest.raises(TypeError, match="only disclosure"):
        SafeTable(**fields, seal=object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(table, total=7)


def test_those_who_did_not_have_a_service_are_protected_too() -> None:
    rows, cells = (
        labels("few", "most", "half", "all-of-them", "none"),
        ((3,), (43,), (20,), (45,), (0,)),
    )
    table = TableRequest("s", "Services", "residents", rows, ALL, cells, kind="yes-no")
    release = safe_of(ReleaseRequest("q", "2026-Q1", "named", 45, (table,), Settings(5)))
    assert [row[0] for row in release.tables[0].cells] == [None, None, 20, 45, 0]
    assert release.tables[0].total == 45


def test_what_is_left_after_subtracting_a_part_is_protected() -> None:
    """43 of 45 admitted this quarter: two were there before."""
    rows = labels("a", "b")
    served = TableRequest(
        "served", "Served", "residents", rows, ALL, ((20,), (25,)), population="served"
    )
    new = TableRequest(
        "new", "Admitted", "residents", rows, ALL, ((20,), (23,)), population="admitted"
    )
    release = safe_of(ReleaseRequest("q", "2026-Q1", "public", 45, (served, new), Settings(5)))
    values = {n: v for table in release.tables for n, v in values_of(table).items()}
    assert values["new/b/all"] is None or values["served/b/all"] is None
    assert values["new/total/total"] is None


EVENT_ROWS = labels("a", "b")


def _events(contributors: tuple[int, int], largest: tuple[int, int]) -> SafeTable:
    table = TableRequest(
        "n", "Nights", "nights", EVENT_ROWS, ALL, ((400,), (300,)),
        contributors=tuple((n,) for n in contributors), largest=tuple((n,) for n in largest),
    )  # fmt: skip
    request = ReleaseRequest("q", "2026-Q1", "public", 45, (table,), Settings(5))
    return safe_of(request).tables[0]


@pytest.mark.parametrize(
    ("contributors", "largest", "cells", "total"),
    [
        ((9, 8), (90, 80), (400, 300), 700),
        ((9, 4), (90, 80), (None, None), 700),
        ((9, 8), (90, 160), (None, None), 700),
        ((4, 3), (90, 80), (None, None), None),
        ((9, 8), (390, 90), (None, None), None),
    ],
)
def test_counts_of_events_are_shown_all_or_not_at_all(
    contributors: tuple[int, int],
    largest: tuple[int, int],
    cells: tuple[int | None, int | None],
    total: int | None,
) -> None:
    table = _events(contributors, largest)
    assert tuple(row[0] for row in table.cells) == cells
    assert table.total == total


def test_two_way_tables_need_35_residents() -> None:
    def request(extra: int) -> ReleaseRequest:
        cells = ((8, 9), (7, 10 + extra))
        table = TableRequest("t", "T", "residents", labels("a", "b"), labels("x", "y"), cells)
        return ReleaseRequest("q", "2026", "public", 34 + extra, (table,), Settings(5))

    assert [d.id for d in safe_of(request(0)).dropped] == ["t"]
    assert safe_of(request(0)).tables == ()
    shown = safe_of(request(1)).tables[0]
    assert shown.row_totals == (17, 18)
    assert shown.column_totals == (15, 20)


@pytest.mark.parametrize(
    ("request_", "rung"),
    [
        (one_table(4, 5), "population"),
        (one_table(20, 20, population=30), "table"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(request_: ReleaseRequest, rung: str) -> None:
    if rung == "table":
        table = dataclasses.replace(request_.tables[0], population="served")
        request_ = dataclasses.replace(request_, tables=(table,))
    refused = protect(request_)
    assert isinstance(refused, Refused)
    assert refused.rung == rung
    assert refused.reason.endswith((".", "once"))


def test_without_time_the_first_safe_pattern_still_comes_with_its_proof(
    shelter_release: Maker, protected: Protected
) -> None:
    release = safe_of(shelter_release(45, 5, time_limit_s=0.0))
    assert check(release.certificate) == []
    assert release.withheld >= protected(45, 5).withheld


PROGRAM = """
import json, runpy, sys
make = runpy.run_path(sys.argv[1])["_release"]
from shelter_desk.disclosure import protect
release = protect(make(80, 5))
print(json.dumps([release.certificate["sha256"], release.proof["sensitive"]]))
"""


def test_the_same_counts_give_the_same_release_in_every_process(protected: Protected) -> None:
    here = protected(80, 5)
    another = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(Path(__file__).with_name("conftest.py"))],
        env={**os.environ, "PYTHONHASHSEED": another, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert json.loads(done.stdout) == [here.certificate["sha256"], here.proof["sensitive"]]

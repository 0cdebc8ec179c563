"""The exported bytes, in the hands of an attacker who shares no code with the engine."""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shelter_desk.disclosure import ReleaseRequest, SafeRelease
from shelter_desk.reports.summary_files import summary_files
from tests.disclosure.second_attacker import read
from tests.reports.summary_people import files
from tests.reports.summary_people import request as careful

Maker = Callable[..., ReleaseRequest]
Protected = Callable[[int, int], SafeRelease]
MADE_AT = datetime(2026, 4, 2, 14, 5, tzinfo=UTC)
PARTS = {
    "served-age": "served",
    "phase-age": "served",
    "services": "yes-no",
    "admitted-age": "admitted",
    "left-age": "left",
}


@pytest.mark.parametrize(("residents", "k"), [(25, 5), (45, 5), (80, 11), (120, 5)])
def test_nothing_small_can_be_shown_from_the_bytes(
    protected: Protected, residents: int, k: int
) -> None:
    made = summary_files(protected(residents, k), MADE_AT, "Willow House")
    reader = read(made["summary.csv"], PARTS, k)
    assert reader.small() == []
    sys.stdout.write(f"{residents} residents: {len(reader.groups)} groups attacked\n")
    assert len(reader.groups) > 40


def with_value(summary_csv: bytes, figure: str, value: int) -> bytes:
    """Return a summary that shows one figure more."""
    lines = list(csv.DictReader(io.StringIO(summary_csv.decode())))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(lines[0]))
    writer.writeheader()
    for line in lines:
        writer.writerow(line | {"value": str(value)} if line["figure"] == figure else line)
    return out.getvalue().encode()


def blanks_of(summary_csv: bytes) -> list[str]:
    """Name the figures of residents that a summary withholds."""
    lines = csv.DictReader(io.StringIO(summary_csv.decode()))
    return [x["figure"] for x in lines if x["value"] == "*" and x["counted"] == "residents"]


def test_the_attacker_finds_what_a_careless_summary_tells() -> None:
    """One figure more than is safe: the attacker must be able to win."""
    parts = {"age": "served", "age-referral": "served", "services": "yes-no"}
    summary_csv = files()["summary.csv"]
    assert read(summary_csv, parts, 5).small() == []
    (ages,) = [table for table in careful().tables if table.id == "age"]
    true = {f"age/{r.code}/all": n for r, (n,) in zip(ages.rows, ages.cells, strict=True)}
    tried = [name for name in blanks_of(summary_csv) if true.get(name, 0) >= 5]
    for name in tried:
        assert read(with_value(summary_csv, name, true[name]), parts, 5).small(), name
    assert tried  # which of the large ones are blank is a tie


def test_a_random_figure_filled_in_is_mostly_too_much(
    shelter_release: Maker, protected: Protected
) -> None:
    """Fewest possible means: most blanks, if shown, would give something away."""
    request = shelter_release(45, 5)
    summary_csv = summary_files(protected(45, 5), MADE_AT, "Willow House")["summary.csv"]
    true = {
        f"{t.id}/{r.code}/{c.code}": n
        for t in request.tables
        for r, line in zip(t.rows, t.cells, strict=True)
        for c, n in zip(t.columns, line, strict=True)
    }
    blanks = [name for name in blanks_of(summary_csv) if name in true]
    tried = random.Random(3).sample(blanks, 5)
    won = [
        name for name in tried if read(with_value(summary_csv, name, true[name]), PARTS, 5).small()
    ]
    assert len(won) >= 4

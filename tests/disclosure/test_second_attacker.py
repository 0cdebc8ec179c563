"""The exported bytes, in the hands of an attacker who shares no code with the engine."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shelter_desk.disclosure import ReleaseRequest, SafeRelease, protect
from shelter_desk.reports.summary_files import summary_files
from tests.disclosure.second_attacker import read
from tests.reports.summary_people import files
from tests.reports.summary_people import request as careful

Maker = Callable[..., ReleaseRequest]
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
    shelter_release: Maker, residents: int, k: int
) -> None:
    request = shelter_release(residents, k)
    release = protect(request)
    assert isinstance(release, SafeRelease)
    made = summary_files(release, MADE_AT, "Willow House")
    reader = read(made["summary.csv"], PARTS, k)
    assert reader.small() == []
    sys.stdout.write(f"{residents} residents: {len(reader.groups)} groups attacked\n")
    assert len(reader.groups) > 40


def test_the_attacker_finds_what_a_careless_summary_tells() -> None:
    """One figure more than is safe: the attacker must be able to win."""
    parts = {"age": "served", "age-referral": "served", "services": "yes-no"}
    lines = files()["summary.csv"].decode().splitlines()
    assert read("\n".join(lines).encode(), parts, 5).small() == []
    (ages,) = [table for table in careful().tables if table.id == "age"]
    true = {f"age/{r.code}/all": n for r, (n,) in zip(ages.rows, ages.cells, strict=True)}
    tried = 0
    for place, line in enumerate(lines):
        if line.endswith(",*") and true.get(line.split(",")[0], 0) >= 5:
            shown = [*lines[:place], f"{line[:-1]}{true[line.split(',')[0]]}", *lines[place + 1 :]]
            assert read("\n".join(shown).encode(), parts, 5).small(), line
            tried += 1
    assert tried  # which of the large ones are blank is a tie


def test_a_random_figure_filled_in_is_mostly_too_much(shelter_release: Maker) -> None:
    """Fewest possible means: most blanks, if shown, would give something away."""
    request = shelter_release(45, 5)
    release = protect(request)
    assert isinstance(release, SafeRelease)
    lines = summary_files(release, MADE_AT, "Willow House")["summary.csv"].decode().splitlines()
    true = {
        f"{t.id}/{r.code}/{c.code}": n
        for t in request.tables
        for r, line in zip(t.rows, t.cells, strict=True)
        for c, n in zip(t.columns, line, strict=True)
    }
    blanks = [
        n for n, line in enumerate(lines) if line.endswith(",*") and line.split(",")[0] in true
    ]
    blanks = [n for n in blanks if lines[n].split(",")[3] == "residents"]
    won = 0
    for n in random.Random(3).sample(blanks, 5):
        shown = [*lines]
        shown[n] = f"{lines[n][:-1]}{true[lines[n].split(',')[0]]}"
        won += bool(read("\n".join(shown).encode(), PARTS, 5).small())
    assert won >= 4

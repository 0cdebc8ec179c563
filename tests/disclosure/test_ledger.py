"""Two releases of one period, held side by side by the same reader."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable

from shelter_desk.disclosure import Refused, ReleaseRequest, SafeRelease, protect

Maker = Callable[..., ReleaseRequest]


def safe_of(request: ReleaseRequest, *earlier: SafeRelease) -> SafeRelease:
    release = protect(request, earlier=[e.certificate for e in earlier])
    assert isinstance(release, SafeRelease), release
    return release


def shown(release: SafeRelease) -> dict[str, int]:
    figures = release.certificate["figures"]
    return {f["id"]: f["value"] for f in figures if f["value"] is not None}


def test_a_named_reader_gets_all_that_is_public_and_more(shelter_release: Maker) -> None:
    public = safe_of(shelter_release(80, 11))
    named = safe_of(shelter_release(80, 5), public)
    assert shown(public).items() <= shown(named).items()
    assert len(shown(named)) > len(shown(public))


def test_the_public_gets_nothing_that_a_named_reader_does_not_have(shelter_release: Maker) -> None:
    compared = 0
    for residents in (45, 80, 200):
        named = safe_of(shelter_release(residents, 5))
        alone = safe_of(shelter_release(residents, 11))
        public = safe_of(shelter_release(residents, 11), named)
        assert shown(public).items() <= shown(named).items()
        compared += not shown(alone).items() <= shown(named).items()
    sys.stdout.write(f"{compared} of 3 releases would have given more without the ledger\n")


def test_the_same_release_again_is_the_same(shelter_release: Maker) -> None:
    first = safe_of(shelter_release(45, 5))
    assert shown(safe_of(shelter_release(45, 5), first)) == shown(first)


def test_changed_counts_are_not_released_beside_the_old_ones(shelter_release: Maker) -> None:
    first = safe_of(shelter_release(45, 5))
    refused = protect(shelter_release(45, 5, seed=2), earlier=[first.certificate])
    assert isinstance(refused, Refused)
    assert refused.rung == "ledger"
    assert "changed" in refused.reason


def test_a_table_that_is_out_cannot_be_forgotten(shelter_release: Maker) -> None:
    first = safe_of(shelter_release(80, 11))
    request = shelter_release(80, 5)
    request = dataclasses.replace(request, tables=request.tables[2:])
    refused = protect(request, earlier=[first.certificate])
    assert isinstance(refused, Refused)
    assert refused.rung == "ledger"


def test_what_adds_up_over_quarters_is_not_shown_for_the_year_too(shelter_release: Maker) -> None:
    quarter = safe_of(shelter_release(80, 5))
    year = dataclasses.replace(shelter_release(200, 5, seed=3), period="2026")
    release = safe_of(year, quarter)
    assert {d.id for d in release.dropped} == {
        "admitted-age",
        "left-age",
        "nights-age",
        "entries",
        "timeliness",
    }
    other_year = dataclasses.replace(year, period="2027")
    assert safe_of(other_year, quarter).dropped == ()


def test_a_quarter_says_nothing_about_another(shelter_release: Maker) -> None:
    first = safe_of(shelter_release(80, 5))
    second = dataclasses.replace(shelter_release(80, 5, seed=9), period="2026-Q2")
    assert shown(safe_of(second, first)) == shown(safe_of(second))

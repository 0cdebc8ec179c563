"""A report that becomes public after a release is out: somebody holds both, it is said before."""

from __future__ import annotations

from typing import Any

import pytest

from shelter_desk.disclosure import SafeRelease, protect
from shelter_desk.disclosure.going_public import weigh
from shelter_desk.disclosure.told import told_entry
from tests.disclosure.test_told import found_small, house, report, summary

SEEDS = range(14)


def weighed(told: dict[str, Any], *released: SafeRelease, **about: str) -> Any:
    return weigh(told, [one.known for one in released], about)


def test_it_is_never_called_harmless_where_a_reader_of_both_shows_a_small_group() -> None:
    """The reader is another program. The release could not know of the report."""
    harmful = harmless = 0
    for seed in SEEDS:
        who = house(seed)
        release = protect(summary(who))
        if not isinstance(release, SafeRelease):
            continue
        found = weighed(report(who), release)
        if found_small(who, release):
            harmful += 1
            assert found.together, f"seed {seed}"
        elif not found.together:
            harmless += 1
    assert harmful >= 5
    assert harmless >= 2


def test_beside_nothing_it_tells_no_more_than_it_says() -> None:
    assert weigh(report(house(3)), [], {}).together == ()


def test_a_release_that_knew_of_it_stays_safe_when_it_is_weighed_again() -> None:
    made = 0
    for seed in (0, 1, 3, 6):
        who = house(seed)
        release = protect(summary(who), earlier=[report(who)])
        if isinstance(release, SafeRelease):
            made += 1
            assert weighed(report(who), release).together == ()
    assert made == 4


@pytest.mark.parametrize(
    ("period", "about", "is_said"),
    [
        ("2026", "ages", True),
        ("2026-Q3", "ages", True),
        ("2025-Q3", "ages", False),
        ("2026", "lengths", False),
    ],
)
def test_what_both_tell_in_ways_of_their_own_is_said(
    period: str, about: str, *, is_said: bool
) -> None:
    who = house(3)
    release = protect(summary(who))
    told = told_entry("a report", period, {}, who, about=[about])
    found = weighed(told, release, served="ages")
    assert any("in another way" in one for one in found.together) is is_said


@pytest.mark.parametrize(("again", "is_said"), [(0, False), (4, True), (5, False)])
def test_stays_beside_residents_must_not_tell_who_came_again(again: int, *, is_said: bool) -> None:
    who = house(3)
    told = told_entry("census", "2026", {}, who, again=again)
    found = weighed(told, protect(summary(who)))
    assert any("more than once" in one for one in found.together) is is_said


def test_what_cannot_be_compared_is_not_called_harmless() -> None:
    who = house(3)
    release = protect(summary(who))
    blind = {name: value for name, value in release.known.items() if name != "defined"}
    assert weigh(report(who), [blind], {}).together

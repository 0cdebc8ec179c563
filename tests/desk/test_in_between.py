"""Who was there, less who left, is who is there next: no two papers tell of the few who came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest

from shelter_desk.desk.counts import request_of
from shelter_desk.desk.period_facts import PeriodFacts, Person
from shelter_desk.disclosure import Refused, SafeRelease, check, protect, protect_planned
from shelter_desk.disclosure.periods_between import touch
from shelter_desk.domain.periods import Period
from shelter_desk.reports.summary_check import verify_summary
from shelter_desk.reports.summary_files import summary_files

K, HERE = 5, 40
PAIRS = (
    ("2026-Q1", "2026-Q2"),
    ("2025-Q4", "2026-Q1"),
    ("2025", "2026"),
    ("2025", "2026-Q1"),
    ("2025-Q4", "2026"),
)


def requests(model, periods, *, left, came):
    """So many of forty left in the first period, so many came in the second."""
    first = {str(n): person(n, left=n < left) for n in range(HERE)}
    second = {str(n): person(n, came=n >= HERE) for n in range(left, HERE + came)}
    return [
        request_of(PeriodFacts(Period.parse(period), people), model, audience="named")
        for period, people in zip(periods, (first, second), strict=True)
    ]


def person(number, *, came=False, left=False):
    return Person(True, 15 if number % 3 else 19, 1, came, left, ["immediate"])


def value(release, figure):
    found = {f["id"]: f["value"] for f in release.certificate["figures"]}
    return found.get(figure)


def reader_finds(first, second):
    """What somebody subtracts who has both papers: how many came in between."""
    left = value(first, "left/total/total")
    there, then = (value(one, "release/total/total") for one in (first, second))
    return None if None in (left, there, then) else then - (there - left)


@pytest.mark.parametrize("periods", PAIRS)
def test_the_few_who_came_in_between_are_not_told_by_two_papers(periods, care_model):
    one, other = requests(care_model, periods, left=16, came=3)
    first, careless = protect(one), protect(other)
    assert reader_finds(first, careless) == 3
    refused = protect(other, earlier=[first.known])
    assert isinstance(refused, Refused)
    assert f"in {periods[1]} who were not in {periods[0]}" in refused.reason


@pytest.mark.parametrize("periods", PAIRS)
def test_the_few_who_left_are_not_told_when_the_later_paper_is_out_first(periods, care_model):
    one, other = requests(care_model, periods, left=3, came=16)
    later = protect(other)
    assert value(later, "admitted/total/total") == 16
    earlier = protect(one, earlier=[later.known])
    assert isinstance(earlier, Refused)
    assert "who were not in" in earlier.reason


@pytest.mark.parametrize(("left", "came"), [(16, 12), (3, 3), (12, 0)])
def test_papers_that_follow_each_other_are_made_where_nothing_small_is_told(
    left, came, care_model
):
    for periods in PAIRS[:2]:
        one, other = requests(care_model, periods, left=left, came=came)
        first = protect(one)
        second = protect(other, earlier=[first.known])
        assert isinstance(second, SafeRelease), (periods, second)
        found = reader_finds(first, second)
        assert found is None or found == 0 or found >= K


def test_decided_together_the_flow_is_left_out_and_both_papers_are_made(care_model):
    """Planned as one, the first paper need not say how many left."""
    one, other = requests(care_model, PAIRS[0], left=16, came=3)
    first, second = protect_planned((one, other))
    assert isinstance(first, SafeRelease), first
    assert isinstance(second, SafeRelease), second
    assert reader_finds(first, second) is None


@pytest.mark.parametrize(
    ("one", "other", "is_next"),
    [
        ("2025-Q4", "2026-Q1", True),
        ("2025", "2026-Q1", True),
        ("2026-Q1", "2025", True),
        ("2025", "2026", True),
        ("2026-Q1", "2026-Q2#told", True),
        ("2026-Q1", "2026-Q3", False),
        ("2025", "2026-Q2", False),
        ("2025", "2025-Q4", False),
        ("2024", "2026", False),
        ("", "2026", False),
        ("2026 to 3", "2026", False),
    ],
)
def test_periods_touch_when_one_begins_where_the_other_ends(one, other, is_next):
    assert touch(one, other) is is_next
    assert touch(other, one) is is_next


def test_a_certificate_names_the_public_papers_it_was_set_against_and_no_other(care_model):
    """Papers for somebody by name are weighed as well, and nobody else reads of them."""
    periods = ("2025-Q4", "2026-Q1")
    one, other = requests(care_model, periods, left=16, came=12)
    public = replace(one, audience="public")
    first = protect(public)
    named = protect(one, earlier=[first.known])
    second = protect(other, earlier=[first.known, named.known])
    assert isinstance(second, SafeRelease)
    seal = first.certificate["sha256"]
    beside = [{"period": "2025-Q4", "audience": "public", "sha256": seal}]
    assert second.certificate["beside"] == named.certificate["beside"] == beside
    assert first.certificate["beside"] == []
    assert check(second.certificate) == []
    for key in ("period", "audience", "sha256"):
        changed = {**second.certificate, "beside": [{**beside[0], key: "another"}]}
        assert check(changed)
    assert check({**second.certificate, "beside": []})
    made = summary_files(second, datetime(2026, 4, 2, 14, tzinfo=UTC), "Willow House")
    assert verify_summary(made).ok
    with pypdfium2.PdfDocument(made["summary.pdf"]) as paper:
        words = " ".join(page.get_textpage().get_text_bounded() for page in paper)
    assert seal[:12] in words
    assert "some of those were given to one reader only" in " ".join(words.split())

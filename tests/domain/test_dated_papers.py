"""How papers that run out stand: by hand around their last day, and on any papers at all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shelter_desk.desk.dated_papers import shipped_paper_kinds
from shelter_desk.desk.findings import finding_areas
from shelter_desk.domain.dated_papers import (
    CURRENT,
    EXPIRED,
    EXPIRING,
    HOUSE,
    MISSING,
    OF_HOUSE,
    OF_STAFF,
    SOON,
    STATES,
    PaperKind,
    PaperSeen,
    paper_rows,
    papers_standing,
    read_finding_areas,
    read_paper_kinds,
    standing,
    usual_end,
)
from shelter_desk.domain.errors import ContentError
from shelter_desk.domain.staff import ROLE_IDS

DAY = date(2026, 3, 10)


def kind(name, of=OF_STAFF, *, needed=True, roles=()):
    return PaperKind(name, name, of, needed, roles, 12, counts_hours=False, is_licence=False)


KINDS = {
    one.id: one
    for one in (
        kind("check"),
        kind("licence", roles=("nurse",)),
        kind("extra", needed=False),
        kind("fire", OF_HOUSE),
    )
}
HOLDERS = {HOUSE: (), "ada": ("nurse",), "ash": ("case-manager",)}


def seen(name, holder, issued_on, expires_on=None):
    return PaperSeen(f"{name} {issued_on}", name, holder, issued_on, expires_on, 0, "Dana")


@pytest.mark.parametrize(
    ("expires_on", "state"),
    [
        (None, CURRENT),
        (DAY - timedelta(days=1), EXPIRED),
        (DAY, EXPIRING),
        (DAY + SOON, EXPIRING),
        (DAY + SOON + timedelta(days=1), CURRENT),
    ],
)
def test_a_paper_holds_on_its_last_day_and_is_named_two_months_before(expires_on, state):
    assert standing(expires_on, DAY) == state


def test_what_is_needed_is_missing_of_whom_it_is_needed_and_of_nobody_else():
    found = papers_standing(KINDS, HOLDERS, (), DAY)
    assert {(one.kind.id, one.holder) for one in found} == {
        ("check", "ada"), ("check", "ash"), ("licence", "ada"), ("fire", HOUSE),
    }  # fmt: skip
    assert {one.state for one in found} == {MISSING}


def test_a_renewal_counts_from_the_day_it_was_issued():
    papers = (
        seen("fire", HOUSE, date(2026, 3, 1), date(2027, 3, 1)),
        seen("fire", HOUSE, date(2025, 3, 1), date(2026, 2, 28)),
    )
    for day, state in ((DAY, CURRENT), (date(2026, 2, 27), EXPIRING), (date(2025, 1, 1), MISSING)):
        (one,) = papers_standing(KINDS, {HOUSE: ()}, papers, day)
        assert one.state == state


days = some.dates(date(2024, 1, 1), date(2028, 1, 1))
papers = some.lists(
    some.builds(
        lambda name, holder, on, lasts: seen(
            name, holder, on, None if lasts is None else on + timedelta(days=lasts)
        ),
        some.sampled_from([*KINDS, "unknown"]),
        some.sampled_from([*HOLDERS, "somebody who left"]),
        days,
        some.none() | some.integers(0, 900),
    ),
    max_size=12,
)


@given(papers, days)
def test_the_grid_says_for_everybody_what_the_list_says(written, day):
    found = papers_standing(KINDS, HOLDERS, written, day)
    rows = paper_rows(found, HOLDERS, KINDS)
    cells = {
        (row.title, holder): state
        for row in rows
        for holder, state in zip(HOLDERS, row.states, strict=True)
        if state
    }
    assert cells == {(one.kind.title, one.holder): one.state for one in found}


@given(papers, days)
def test_each_kind_stands_once_for_each_holder_and_the_newest_counts(written, day):
    found = papers_standing(KINDS, HOLDERS, written, day)
    keys = [(one.kind.id, one.holder) for one in found]
    assert len(set(keys)) == len(keys)
    assert [STATES.index(one.state) for one in found] == sorted(
        STATES.index(one.state) for one in found
    )
    for one in found:
        there = [
            paper.issued_on
            for paper in written
            if (paper.kind, paper.holder) == (one.kind.id, one.holder) and paper.issued_on <= day
        ]
        assert (one.seen is None) == (not there) == (one.state == MISSING)
        assert one.seen is None or one.seen.issued_on == max(there)
        assert one.seen is not None or one.kind.needed_of(one.holder, HOLDERS[one.holder])


@given(days, some.integers(0, 240))
def test_the_usual_end_is_that_many_months_later_and_never_in_the_month_after(issued_on, months):
    ends = usual_end(replace(KINDS["check"], months=months), issued_on)
    if not months:
        assert ends is None
        return
    assert (ends.year - issued_on.year) * 12 + ends.month - issued_on.month == months
    assert ends.day == issued_on.day or (ends + timedelta(days=1)).day == 1


@given(some.none() | days, days, some.integers(0, 700))
def test_no_paper_gets_better_by_waiting(expires_on, day, later):
    after = standing(expires_on, day + timedelta(days=later))
    assert STATES.index(after) <= STATES.index(standing(expires_on, day))


def test_the_shipped_papers_name_roles_that_there_are():
    kinds = shipped_paper_kinds()
    assert {one.of for one in kinds.values()} == {OF_STAFF, OF_HOUSE}
    assert {role for one in kinds.values() for role in one.roles} <= set(ROLE_IDS)
    assert "records" in finding_areas()


def test_everything_wrong_with_the_lists_is_named_at_once():
    text = '[[papers]]\nid = "x"\ntitle = ""\nof = "dog"\nneeded = 1\nmonths = 999\nodd = 2\n'
    with pytest.raises(ContentError) as refused:
        read_paper_kinds(text)
    assert len(refused.value.problems) == 5
    with pytest.raises(ContentError):
        read_finding_areas('[[areas]]\nid = "x"\n')

"""How many staff are asked for: by the hour, by the profile, and how sure anybody is of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.profiles import chain
from shelter_desk.domain.ratio import ASLEEP, WAKING_BEGINS, WAKING_ENDS, Ratio, ratio_at
from tests.domain.stays import MODEL


def in_force(profile="default", **values):
    """Return the profiles in force, the last of them with other numbers."""
    *below, last = chain(MODEL.profiles, profile)
    settings = tuple(
        replace(one, value=values.get(one.id.replace("-", "_"), one.value))
        for one in last.settings
    )
    return (*below, replace(last, settings=settings))


def at(hour):
    return datetime(2026, 3, 10, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "is_awake"), [(5, False), (6, True), (21, True), (22, False), (0, False)]
)
def test_the_hour_says_whether_residents_are_awake(hour, is_awake):
    assert ratio_at(in_force(), at(hour)).is_awake is is_awake


def test_waking_hours_may_run_past_midnight():
    late = in_force(**{WAKING_BEGINS.replace("-", "_"): 10, WAKING_ENDS.replace("-", "_"): 2})
    found = [ratio_at(late, at(hour)).is_awake for hour in (9, 10, 23, 1, 2)]
    assert found == [False, True, True, True, False]


def test_night_and_day_may_ask_for_different_numbers():
    night = in_force(**{ASLEEP.replace("-", "_"): 8})
    assert (ratio_at(night, at(12)).residents, ratio_at(night, at(3)).residents) == (4, 8)


def test_a_rule_of_another_state_is_never_said_to_hold_here():
    assert not ratio_at(in_force("default"), at(12)).holds_here
    assert not ratio_at(in_force("texas"), at(12)).holds_here
    assert ratio_at(in_force("texas"), at(12)).where == MODEL.profiles["default"].name


def test_a_rule_that_the_state_s_own_profile_has_and_somebody_read_holds_here():
    (default, *_) = in_force("default")
    own = replace(MODEL.profiles["texas"], settings=default.settings)
    assert ratio_at((default, own), at(12)).holds_here
    unread = replace(own, settings=tuple(replace(o, verified=False) for o in own.settings))
    assert not ratio_at((default, unread), at(12)).holds_here


@given(residents=st.integers(0, 500), each=st.integers(1, 40))
def test_as_many_are_needed_as_leave_nobody_without_and_no_more(residents, each):
    needed = Ratio(each, True, "", "", False).needed(residents)
    assert needed * each >= residents
    assert needed == 0 or (needed - 1) * each < residents

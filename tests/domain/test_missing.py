"""Clocks of an absence: instants from discovery, whatever happens to clocks and zones."""

# ruff: noqa: DTZ001 - hypothesis takes bounds without a zone

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.missing import (
    duties_at_return,
    duties_at_start,
    reckoned,
    time_since,
)
from shelter_desk.domain.record_classes import access_of
from tests.domain.stays import MODEL, NEW_YORK, local

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
moments = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
minutes = st.integers(0, 60 * 24 * 30).map(lambda number: timedelta(minutes=number))


def due(recipient, since, zone=NEW_YORK, model=MODEL):
    duties = {duty.recipient: duty for duty in duties_at_start(model.items)}
    return duties[recipient].due_at(since, zone)


def test_the_clocks_are_those_of_the_profile():
    found = {duty.recipient: str(duty.span) for duty in duties_at_start(MODEL.items)}
    assert found["police"] == found["custodian"] == "1 hour"
    assert found["ncmec"] == found["licensing"] == "24 hours"
    assert found["director"] == "15 minutes"


@given(moments, zones)
def test_a_clock_in_hours_is_the_same_length_in_every_zone_and_over_every_change(since, zone):
    for duty in duties_at_start(MODEL.items):
        assert duty.due_at(since, zone) - since == duty.span.length
        assert duty.due_at(since, zone).tzinfo is UTC


@pytest.mark.parametrize(
    ("found_missing", "police_by", "ncmec_by"),
    [
        ((2026, 3, 8, 1, 30), (2026, 3, 8, 3, 30), (2026, 3, 9, 2, 30)),  # clocks go forward
        ((2026, 10, 31, 23, 30), (2026, 11, 1, 0, 30), (2026, 11, 1, 22, 30)),  # they go back
        ((2026, 5, 4, 23, 40), (2026, 5, 5, 0, 40), (2026, 5, 5, 23, 40)),  # over midnight
    ],
)
def test_wall_clock_times_around_daylight_saving_and_midnight(found_missing, police_by, ncmec_by):
    since = local(*found_missing)
    assert due("police", since) == local(*police_by)
    assert due("ncmec", since) == local(*ncmec_by)


def test_in_the_hour_that_comes_twice_an_hour_is_still_an_hour():
    first = datetime(2026, 11, 1, 1, 30, fold=0, tzinfo=NEW_YORK).astimezone(UTC)
    again = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK).astimezone(UTC)
    assert due("police", first) == again


@given(moments, minutes, minutes)
def test_a_clock_set_back_never_gives_more_time(truly, since_then, set_back):
    written = truly + since_then
    seen = reckoned(written - set_back, newest=written)
    assert seen.at == written
    assert seen.set_back is (set_back > timedelta(0))


@given(moments, minutes)
def test_a_clock_that_runs_on_is_believed(newest, later):
    seen = reckoned(newest + later, newest=newest)
    assert (seen.at, seen.set_back) == (newest + later, False)


@given(moments, moments)
def test_time_since_is_never_less_than_nothing(then, at):
    found = time_since(then, at)
    assert found >= timedelta(0)
    assert found.total_seconds() % 60 == 0
    if at >= then:
        assert timedelta(0) <= (at - then) - found < timedelta(minutes=1)


def test_whoever_was_told_is_told_again_and_nobody_else():
    duties = duties_at_return(MODEL.items, ["police", "ncmec"])
    assert [duty.recipient for duty in duties] == ["police", "ncmec"]
    assert {str(duty.span) for duty in duties} == {"1 hour"}


ROLES = sorted(MODEL.roles)
SERVICE = "missing_response"


def may_open(name, roles, *, is_open):
    return access_of(MODEL, roles).may_open_case(name, SERVICE, is_open=is_open)


@given(st.sampled_from(sorted(MODEL.record_classes)), st.sets(st.sampled_from(ROLES)))
def test_a_closed_episode_is_open_to_the_readers_of_its_class_only(name, roles):
    readers = set(MODEL.record_classes[name].readers)
    closed = may_open(name, roles, is_open=False)
    assert closed is bool(readers & roles)
    if closed:
        assert may_open(name, roles, is_open=True)


def test_the_shift_sees_the_last_seen_card_only_while_somebody_is_missing():
    assert may_open("location", ["residential-staff"], is_open=True)
    assert not may_open("location", ["residential-staff"], is_open=False)
    assert not may_open("location", ["education-liaison"], is_open=True)

"""Shifts end on the wall clock of the house, on every day of the year."""

# ruff: noqa: DTZ001 - wall-clock times without a zone are what is compared

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.shifts import Shifts

NEW_YORK = ZoneInfo("America/New_York")
THREE = Shifts((time(7), time(15), time(23)), NEW_YORK)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
calendars = st.builds(
    Shifts,
    st.lists(st.times(), min_size=1, max_size=4).map(tuple),
    st.sampled_from([NEW_YORK, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")]),
)


def at(*parts):
    return datetime(*parts, tzinfo=NEW_YORK)


def test_a_shift_ends_where_the_next_begins():
    assert THREE.end_of(at(2026, 5, 4, 8)) == at(2026, 5, 4, 15)
    assert THREE.end_of(at(2026, 5, 4, 23, 30)) == at(2026, 5, 5, 7)
    assert THREE.end_of(at(2026, 5, 5, 0)) == at(2026, 5, 5, 7)


def test_the_moment_of_the_change_belongs_to_the_new_shift():
    assert THREE.end_of(at(2026, 5, 4, 15)) == at(2026, 5, 4, 23)
    assert THREE.end_of(at(2026, 5, 4, 14, 59, 59)) == at(2026, 5, 4, 15)


def test_the_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn():
    spring, autumn = at(2026, 3, 7, 23), at(2026, 10, 31, 23)
    assert THREE.end_of(spring) - spring.astimezone(UTC) == timedelta(hours=7)
    assert THREE.end_of(autumn) - autumn.astimezone(UTC) == timedelta(hours=9)


def test_a_shift_that_starts_in_the_hour_that_never_happens_starts_at_the_change():
    shifts = Shifts((time(2, 30), time(14)), NEW_YORK)
    assert shifts.end_of(at(2026, 3, 8, 1)) == at(2026, 3, 8, 3)


def test_without_a_calendar_a_shift_has_twelve_hours():
    shifts = Shifts((), NEW_YORK)
    assert shifts.end_of(at(2026, 5, 4, 8)) == at(2026, 5, 4, 20)
    assert shifts.end_of_next(at(2026, 5, 4, 8)) == at(2026, 5, 5, 8)


def test_the_order_of_the_starts_does_not_matter():
    shuffled = Shifts((time(23), time(7), time(15)), NEW_YORK)
    assert shuffled.end_of(at(2026, 5, 4, 8)) == THREE.end_of(at(2026, 5, 4, 8))


@given(calendars, moments)
def test_an_end_lies_ahead_and_within_a_day_and_its_change(shifts, moment):
    assert moment < shifts.end_of(moment) <= moment + timedelta(hours=25)
    assert shifts.end_of(moment) < shifts.end_of_next(moment)


@given(calendars, moments, st.integers(0, 10**6))
def test_a_later_moment_never_has_an_earlier_end(shifts, moment, seconds):
    later = moment + timedelta(seconds=seconds)
    assert shifts.end_of(moment) <= shifts.end_of(later)


@given(calendars, moments)
def test_every_moment_before_the_end_has_the_same_end(shifts, moment):
    end = shifts.end_of(moment)
    assert shifts.end_of(end - timedelta(microseconds=1)) == end


@given(moments, calendars)
def test_a_shift_begins_at_or_before_a_moment_and_ends_after_it(moment, shifts):
    begins = shifts.start_of(moment)
    assert begins <= moment < shifts.end_of(moment)
    assert shifts.end_of(begins) == shifts.end_of(moment)
    assert shifts.start_of(begins) == begins

"""Periods lie on one grid without gaps, and nights of care add up over it."""

# ruff: noqa: DTZ001 - wall-clock times without a zone are what is compared

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.periods import Period, day_starts_at, nights_of_care

NEW_YORK = ZoneInfo("America/New_York")
periods = st.builds(Period, st.integers(1990, 2050), st.integers(0, 4))
zones = st.sampled_from(
    [NEW_YORK, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Beirut")]
)
moments = st.datetimes(datetime(2019, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("text", "label", "first", "last"),
    [
        ("2026-Q1", "January to March 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q2", "April to June 2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q3", "July to September 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", "October to December 2026", date(2026, 10, 1), date(2026, 12, 31)),
        ("2028-Q1", "January to March 2028", date(2028, 1, 1), date(2028, 3, 31)),
        ("2026", "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2999-Q4", "October to December 2999", date(2999, 10, 1), date(2999, 12, 31)),
    ],
)
def test_a_period_knows_its_days_and_its_words(text, label, first, last):
    period = Period.parse(text)
    assert (period.id, period.label) == (text, label)
    assert (period.starts_on, period.ends_on) == (first, last)


def test_reading_is_patient_with_spaces_and_small_letters():
    assert Period.parse(" 2026-q3 ") == Period(2026, 3)


@pytest.mark.parametrize(
    "text",
    ["", "26", "2026-Q5", "2026-Q0", "2026Q1", "Q1-2026", "2026-01", "1899", "3000", "٢٠٢٦"],
)
def test_anything_off_the_grid_is_refused_in_plain_words(text):
    with pytest.raises(InvalidError) as caught:
        Period.parse(text)
    (problem,) = caught.value.problems
    assert problem.field == "period"
    assert "like 2026-Q1" in problem.message


@pytest.mark.parametrize(("year", "quarter"), [(2026, 5), (2026, -1), (1800, 1), (9999, 1)])
def test_no_period_off_the_grid_can_be_made(year, quarter):
    with pytest.raises(ValueError, match="no period"):
        Period(year, quarter)


@given(periods)
def test_periods_follow_each_other_without_gap(period):
    assert period.next.starts_on - period.ends_on == timedelta(days=1)
    assert period.next.previous == period
    assert period.previous.next == period
    assert Period.parse(period.id) == period


@given(periods)
def test_the_quarters_make_the_year(period):
    quarters = period.quarters
    assert quarters[0].starts_on == period.starts_on
    assert quarters[-1].ends_on == period.ends_on
    assert len(quarters) == (1 if period.quarter else 4)


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)))
def test_every_day_lies_in_exactly_one_quarter(day):
    own = Period.quarter_of(day)
    assert [q for q in Period(day.year).quarters if q.contains(day)] == [own]


@given(periods, zones, moments)
def test_days_and_instants_agree(period, zone, moment):
    start, end = period.instants(zone)
    assert period.contains_instant(moment, zone) == (start <= moment < end)


def test_the_new_year_turns_at_the_house_and_not_in_greenwich():
    half_past_ten_in_new_york = datetime(2027, 1, 1, 3, 30, tzinfo=UTC)
    assert Period(2026, 4).contains_instant(half_past_ten_in_new_york, NEW_YORK)
    assert Period(2026).instants(NEW_YORK)[1] == datetime(2027, 1, 1, 5, tzinfo=UTC)


def test_a_day_begins_even_where_midnight_is_skipped():
    beirut = ZoneInfo("Asia/Beirut")
    start = day_starts_at(date(2026, 3, 29), beirut)
    assert start.astimezone(beirut).replace(tzinfo=None) == datetime(2026, 3, 29, 1)


def local(*parts):
    return datetime(*parts, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("began", "ended", "nights"),
    [
        (local(2026, 3, 1, 23, 59), local(2026, 3, 2, 0, 1), 1),
        (local(2026, 3, 1, 0, 1), local(2026, 3, 1, 23, 59), 0),
        (local(2026, 3, 1, 0, 0), local(2026, 3, 2, 0, 0), 1),
        (local(2026, 3, 1, 12), local(2026, 3, 1, 12), 0),
        (local(2026, 3, 7, 22), local(2026, 3, 9, 6), 2),  # the night of 23 hours
        (local(2026, 10, 31, 22), local(2026, 11, 2, 6), 2),  # the night of 25 hours
        (local(2028, 2, 28, 20), local(2028, 3, 1, 8), 2),  # a leap day between
        (local(2026, 3, 2, 12), local(2026, 3, 1, 12), 0),  # a wrong date gives no negative nights
    ],
)
def test_nights_are_local_midnights_crossed(began, ended, nights):
    assert nights_of_care(began, ended, now=local(2030, 1, 1), zone=NEW_YORK) == nights


def test_new_years_eve_belongs_to_the_old_year():
    stay = {"now": local(2027, 6, 1), "zone": NEW_YORK}
    began, ended = local(2026, 12, 31, 15), local(2027, 1, 1, 9)
    assert nights_of_care(began, ended, period=Period(2026), **stay) == 1
    assert nights_of_care(began, ended, period=Period(2027), **stay) == 0


def test_an_open_stay_counts_up_to_now():
    began, now = local(2026, 5, 1, 15), local(2026, 5, 4, 9)
    assert nights_of_care(began, None, now=now, zone=NEW_YORK) == 3
    assert nights_of_care(began, local(2026, 5, 20), now=now, zone=NEW_YORK) == 3


@given(zones, moments, st.integers(0, 1500), st.integers(2019, 2032))
def test_the_nights_of_the_quarters_add_up_to_the_year_and_the_years_to_the_stay(
    zone, began, hours, year
):
    stay = {"ended_at": began + timedelta(hours=hours * 7), "now": began, "zone": zone}
    stay["now"] = stay["ended_at"]

    def nights(period):
        return nights_of_care(began, period=period, **stay)

    whole = Period(year)
    assert sum(nights(quarter) for quarter in whole.quarters) == nights(whole)
    assert sum(nights(Period(y)) for y in range(2018, 2034)) == nights(None)
    assert 0 <= nights(whole) <= 366


@given(zones, moments, st.integers(0, 2000), st.integers(0, 2000))
def test_two_stays_in_a_row_have_the_nights_of_one(zone, began, first, second):
    middle = began + timedelta(hours=first)
    ended = middle + timedelta(hours=second)
    total = nights_of_care(began, ended, now=ended, zone=zone)
    parts = nights_of_care(began, middle, now=ended, zone=zone)
    assert total == parts + nights_of_care(middle, ended, now=ended, zone=zone)

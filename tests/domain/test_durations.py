"""Calendar days keep the wall clock, hours do not; where clocks change, one answer, always."""

# ruff: noqa: DTZ001 - wall-clock times without a zone are what is compared

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.durations import Span, instant, parse_span

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = (NEW_YORK, BERLIN, LORD_HOWE, ZoneInfo("UTC"), ZoneInfo("America/Sao_Paulo"))

zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))


def local(zone, *parts, fold=0):
    return datetime(*parts, tzinfo=zone, fold=fold)


@pytest.mark.parametrize(
    ("text", "days", "clock"),
    [
        ("P30D", 30, timedelta(0)),
        ("PT72H", 0, timedelta(hours=72)),
        ("PT15M", 0, timedelta(minutes=15)),
        ("-P7D", -7, timedelta(0)),
        ("P1DT2H", 1, timedelta(hours=2)),
        ("-P1DT30S", -1, timedelta(seconds=-30)),
        ("P0D", 0, timedelta(0)),
        ("PT0S", 0, timedelta(0)),
    ],
)
def test_durations_of_the_content_are_read(text, days, clock):
    assert parse_span(text) == Span(days, clock)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1",
        "1D",
        "P1W",
        "P1M",
        "P1Y",
        "P1DT",
        "PT1D",
        "+P1D",
        "P-1D",
        "P1.5D",
        "p1d",
        "P1D ",
        "P1D\n",
        "PT1M1H",
        "P١D",
        "P99999999D",
        "PT99999999999999999999H",
    ],
)
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"is not a duration|hundred years"):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PT72H", "72 hours"),
        ("P1D", "1 day"),
        ("-P7D", "7 days"),
        ("PT15M", "15 minutes"),
        ("P1DT1H", "1 day 1 hour"),
        ("P0D", "no time"),
    ],
)
def test_words(text, words):
    assert str(parse_span(text)) == words


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        # Spring forward: a calendar day has 23 hours, 24 hours end an hour later on the wall.
        (local(NEW_YORK, 2026, 3, 7, 18), "P1D", local(NEW_YORK, 2026, 3, 8, 18)),
        (local(NEW_YORK, 2026, 3, 7, 18), "PT24H", local(NEW_YORK, 2026, 3, 8, 19)),
        (local(BERLIN, 2026, 3, 28, 18), "P1D", local(BERLIN, 2026, 3, 29, 18)),
        (local(BERLIN, 2026, 3, 28, 18), "PT24H", local(BERLIN, 2026, 3, 29, 19)),
        (local(LORD_HOWE, 2026, 10, 3, 18), "PT24H", local(LORD_HOWE, 2026, 10, 4, 18, 30)),
        # Fall back: 25 hours.
        (local(NEW_YORK, 2026, 10, 31, 18), "P1D", local(NEW_YORK, 2026, 11, 1, 18)),
        (local(NEW_YORK, 2026, 10, 31, 18), "PT24H", local(NEW_YORK, 2026, 11, 1, 17)),
        (local(BERLIN, 2026, 10, 24, 18), "PT24H", local(BERLIN, 2026, 10, 25, 17)),
        (local(LORD_HOWE, 2026, 4, 4, 18), "PT24H", local(LORD_HOWE, 2026, 4, 5, 17, 30)),
        (local(LORD_HOWE, 2026, 4, 4, 18), "P1D", local(LORD_HOWE, 2026, 4, 5, 18)),
        # Backwards over the change.
        (local(NEW_YORK, 2026, 3, 9, 9), "-P1D", local(NEW_YORK, 2026, 3, 8, 9)),
        (local(NEW_YORK, 2026, 3, 12, 9), "-P7D", local(NEW_YORK, 2026, 3, 5, 9)),
        # Midnight, month ends, leap days, the turn of the year.
        (local(BERLIN, 2026, 1, 31), "P1D", local(BERLIN, 2026, 2, 1)),
        (local(BERLIN, 2026, 1, 31, 23, 59), "P30D", local(BERLIN, 2026, 3, 2, 23, 59)),
        (local(BERLIN, 2028, 2, 28, 12), "P1D", local(BERLIN, 2028, 2, 29, 12)),
        (local(BERLIN, 2027, 2, 28, 12), "P1D", local(BERLIN, 2027, 3, 1, 12)),
        (local(BERLIN, 2028, 2, 29, 12), "P365D", local(BERLIN, 2029, 2, 28, 12)),
        (local(BERLIN, 2026, 12, 31, 23), "P1D", local(BERLIN, 2027, 1, 1, 23)),
    ],
)
def test_days_keep_the_wall_clock_and_hours_pass(start, span, end):
    assert parse_span(span).after(start.astimezone(UTC), start.tzinfo) == end


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        # Never happens: the moment of the change.
        (NEW_YORK, datetime(2026, 3, 8, 2, 30), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 3, 8, 2, 0), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        (BERLIN, datetime(2026, 3, 29, 2, 59, 59), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (LORD_HOWE, datetime(2026, 10, 4, 2, 15), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        # Midnight itself is skipped (Brazil, 2018).
        (ZONES[4], datetime(2018, 11, 4, 0, 0), datetime(2018, 11, 4, 3, 0, tzinfo=UTC)),
        # Happens twice: the first of the two.
        (NEW_YORK, datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        (BERLIN, datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (LORD_HOWE, datetime(2026, 4, 5, 1, 45), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        # A whole day is skipped (Samoa, 2011).
        (
            ZoneInfo("Pacific/Apia"),
            datetime(2011, 12, 30, 12, 0),
            datetime(2011, 12, 30, 10, 0, tzinfo=UTC),
        ),
    ],
)
def test_times_that_never_or_twice_happen(zone, wall, expected):
    assert instant(wall, zone) == expected


@given(zones, st.datetimes(datetime(2001, 1, 1), datetime(2034, 1, 1)))
def test_a_wall_clock_time_is_kept_unless_it_never_happens(zone, wall):
    back = instant(wall, zone).astimezone(zone).replace(tzinfo=None)
    assert back == wall or wall < back <= wall + timedelta(hours=1)


@given(zones, st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), min_size=2))
def test_a_later_wall_clock_time_is_never_an_earlier_instant_of_a_gap(zone, walls):
    """The order of wall-clock times is kept, except inside an hour that happens twice."""
    walls.sort()
    found = [instant(wall, zone) for wall in walls]
    assert found == sorted(found)


@given(zones, moments, st.integers(-400, 400), st.integers(1, 400))
def test_more_days_are_later(zone, moment, days, more):
    assert Span(days).after(moment, zone) < Span(days + more).after(moment, zone)


@given(zones, moments, st.integers(-(10**6), 10**6))
def test_hours_and_minutes_are_absolute(zone, moment, seconds):
    clock = timedelta(seconds=seconds)
    assert Span(0, clock).after(moment, zone) == moment + clock


@given(zones, moments, st.integers(-400, 400))
def test_days_differ_from_24_hours_by_at_most_the_clock_change(zone, moment, days):
    drift = Span(days).after(moment, zone) - (moment + timedelta(days=days))
    assert abs(drift) <= timedelta(hours=1)


@given(st.integers(0, 3000), st.integers(0, 80), st.integers(0, 59), st.booleans())
def test_what_is_written_is_read(days, hours, minutes, before):
    text = f"{'-' if before else ''}P{days}DT{hours}H{minutes}M"
    sign = -1 if before else 1
    assert parse_span(text) == Span(sign * days, sign * timedelta(hours=hours, minutes=minutes))

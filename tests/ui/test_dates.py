"""Days and times are read as people type them, and shown with the month as a word."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from shelter_desk.ui.dates import (
    read_day,
    read_moment,
    read_time,
    show_day,
    show_long_day,
    show_moment,
    show_time,
)
from shelter_desk.ui.editors import MomentEditor

THURSDAY = date(2026, 3, 12)


@pytest.fixture(autouse=True)
def _english():
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 3, 12)),
        ("TOD", date(2026, 3, 12)),
        ("yest", date(2026, 3, 11)),
        ("yesterday", date(2026, 3, 11)),
        ("tomorrow", date(2026, 3, 13)),
        ("mon", date(2026, 3, 9)),
        ("thursday", date(2026, 3, 12)),
        ("fri", date(2026, 3, 6)),
        ("12 mar", date(2026, 3, 12)),
        ("12. March", date(2026, 3, 12)),
        ("march 12", date(2026, 3, 12)),
        ("Mar 12th, 2025", date(2025, 3, 12)),
        ("12mar26", date(2026, 3, 12)),
        ("31 dec", date(2025, 12, 31)),  # the nearest one is behind
        ("2 jan", date(2026, 1, 2)),
        ("12 mar 2010", date(2010, 3, 12)),
        ("4 July 98", date(1998, 7, 4)),
        ("12 de enero de 2026", date(2026, 1, 12)),
        ("2026-03-12", date(2026, 3, 12)),
        ("25/3/2026", date(2026, 3, 25)),
        ("3/25/2026", date(2026, 3, 25)),
        ("5/5/2026", date(2026, 5, 5)),
    ],
)
def test_what_people_type_is_understood(typed, day):
    assert read_day(typed, today=THURSDAY) == day


@pytest.mark.parametrize(
    "typed",
    ["", "3/12/2026", "31 feb", "soon", "12", "12 ma", "0 mar", "2026-13-01", "m 12", "5 mar 202"],
)
def test_what_could_be_two_days_or_none_is_not_guessed(typed):
    assert read_day(typed, today=THURSDAY) is None


@given(
    day=st.dates(date(1930, 1, 1), date(2100, 1, 1)),
    today=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_what_is_shown_is_read_back_as_the_same_day(day, today):
    assert read_day(show_day(day), today=today) == day
    assert read_day(day.isoformat(), today=today) == day


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("2:10 am", time(2, 10)),
        ("2:10a", time(2, 10)),
        ("0210", time(2, 10)),
        ("210", time(2, 10)),
        ("210a", time(2, 10)),
        ("1015 pm", time(22, 15)),
        ("14", time(14)),
        ("14.30", time(14, 30)),
        ("12 am", time(0)),
        ("12pm", time(12)),
        ("11:59 P.M.", time(23, 59)),
    ],
)
def test_times_are_understood(typed, clock):
    assert read_time(typed) == clock


@pytest.mark.parametrize("typed", ["", "25", "2:75", "13 pm", "0 am", "late", "2460"])
def test_impossible_times_are_not_guessed(typed):
    assert read_time(typed) is None


@given(st.times())
def test_a_time_shown_is_read_back(clock):
    zone = ZoneInfo("America/Chicago")
    moment = datetime.combine(date(2026, 7, 1), clock.replace(second=0, microsecond=0), zone)
    assert read_time(show_time(moment, zone)) == moment.time()


def test_the_month_is_a_word_and_the_time_is_the_shelters():
    zone = ZoneInfo("America/Chicago")
    late = datetime(2026, 3, 12, 3, 30, tzinfo=UTC)
    assert show_moment(late, zone) == "11 Mar 2026, 10:30 pm"
    assert show_day(THURSDAY, weekday=True) == "Thu 12 Mar 2026"
    assert show_long_day(THURSDAY) == "Thursday, 12 March"


@pytest.mark.parametrize(("hour", "name"), [(5, "EDT"), (6, "EST")])
def test_the_hour_that_a_night_has_twice_says_which_it_is(look, qtbot, hour, name):
    zone, day = ZoneInfo("America/New_York"), date(2026, 11, 1)
    moment = datetime(2026, 11, 1, hour, 22, tzinfo=UTC)
    shown = show_time(moment, zone)
    assert shown.endswith(f"1:22 am {name}")
    assert read_moment(day, shown, zone, moment).astimezone(UTC) == moment
    assert read_moment(day, "0110", zone, moment).tzname() == name, "the last one that has been"
    editor = MomentEditor("Arrived", moment, zone)
    qtbot.addWidget(editor)
    editor.put(moment)
    editor.time.editingFinished.emit()
    assert editor.read() == moment
    editor.time.setText("1:22 edt")
    editor.time.editingFinished.emit()
    assert editor.read() == moment.replace(hour=5)


def test_no_other_hour_names_its_zone():
    zone = ZoneInfo("America/New_York")
    for moment in (
        datetime(2026, 11, 1, 7, 22, tzinfo=UTC),
        datetime(2026, 3, 8, 7, 30, tzinfo=UTC),
    ):
        assert show_time(moment, zone)[-2:] == "am"
    left_out = read_moment(date(2026, 3, 8), "0230", zone, datetime(2026, 3, 9, tzinfo=UTC))
    assert show_time(left_out.astimezone(UTC), zone) == "3:30 am"

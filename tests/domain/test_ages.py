"""Ages around birthdays and leap days, and the bands of the shipped list."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.ages import AgeEstimate, age_band, age_on, turns_on
from shelter_desk.domain.care_model import read_care_model
from shelter_desk.paths import content_files

BANDS = read_care_model(content_files()).values("age-bands")
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2010, 6, 15), date(2026, 6, 14), 15),
        (date(2010, 6, 15), date(2026, 6, 15), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2010, 12, 31), date(2027, 1, 1), 16),
        (date(2026, 5, 1), date(2026, 5, 1), 0),
    ],
)
def test_a_birthday_makes_someone_older(born_on, day, age):
    assert age_on(day, born_on=born_on) == age


def test_the_18th_birthday_of_a_leap_day_is_the_first_of_march():
    assert turns_on(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert turns_on(date(2008, 2, 29), 20) == date(2028, 2, 29)


def test_nothing_known_gives_no_age():
    assert age_on(date(2026, 1, 1), born_on=None) is None
    assert age_on(date(2026, 1, 1), born_on=date(2026, 1, 2)) is None


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 3, 1), 15),
        (date(2027, 2, 28), 15),
        (date(2027, 3, 1), 16),
        (date(2025, 12, 1), 15),
        (date(2025, 3, 1), 14),
        (date(2000, 1, 1), None),
    ],
)
def test_an_estimate_grows_with_the_years(day, age):
    assert age_on(day, born_on=None, estimate=AgeEstimate(15, date(2026, 3, 1))) == age


def test_the_birth_date_comes_before_the_estimate():
    estimate = AgeEstimate(17, date(2026, 1, 1))
    assert age_on(date(2026, 1, 1), born_on=date(2012, 1, 1), estimate=estimate) == 14


@given(days, days, st.integers(0, 400))
def test_nobody_grows_younger(born_on, day, more):
    age = age_on(day, born_on=born_on)
    later = age_on(day + timedelta(days=more), born_on=born_on)
    assert age is None or (later is not None and later >= age)


@given(days, st.integers(0, 100))
def test_someone_has_an_age_from_that_birthday_on(born_on, years):
    birthday = turns_on(born_on, years)
    assert age_on(birthday, born_on=born_on) == years
    before = age_on(birthday - timedelta(days=1), born_on=born_on)
    assert before == (years - 1 if years else None)


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (0, "age-0-12"),
        (12, "age-0-12"),
        (13, "age-13-17"),
        (17, "age-13-17"),
        (18, "age-18-24"),
        (24, "age-18-24"),
        (25, "age-25-59"),
        (60, "age-60-up"),
        (125, "age-60-up"),
        (None, "age-not-reported"),
    ],
)
def test_bands_of_the_shipped_list(age, code):
    assert age_band(age, BANDS) == code


def test_a_negative_age_is_a_mistake():
    with pytest.raises(ValueError, match="-1"):
        age_band(-1, BANDS)

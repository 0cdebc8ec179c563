"""How long a record is kept: the latest rule governs, and the day is never too early."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.retention import (
    AFTER_LEAVING,
    AFTER_REPORT,
    UNTIL_AGE,
    Kept,
    kept_until,
)

BOTH = {AFTER_LEAVING: 5, AFTER_REPORT: 3}
days = st.dates(date(2000, 1, 1), date(2060, 1, 1))


@pytest.mark.parametrize(
    ("years", "left_on", "born_on", "until", "rule"),
    [
        (BOTH, date(2026, 3, 10), None, date(2031, 3, 10), AFTER_LEAVING),
        ({**BOTH, AFTER_LEAVING: 3}, date(2026, 10, 1), None, date(2031, 1, 28), AFTER_REPORT),
        (
            {**BOTH, UNTIL_AGE: 30},
            date(2026, 3, 10),
            date(2011, 5, 6),
            date(2041, 5, 6),
            UNTIL_AGE,
        ),
        ({**BOTH, UNTIL_AGE: 30}, date(2026, 3, 10), None, date(2056, 3, 10), UNTIL_AGE),
        ({AFTER_LEAVING: 5}, date(2024, 2, 29), None, date(2029, 3, 1), AFTER_LEAVING),
    ],
)
def test_the_latest_rule_governs(years, left_on, born_on, until, rule):
    assert kept_until(years, left_on, born_on) == Kept(until, rule)


@given(days, st.none() | days, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_no_rule_ends_later_than_the_one_that_governs(left_on, born_on, leaving, report, age):
    years = {AFTER_LEAVING: leaving, AFTER_REPORT: report, UNTIL_AGE: age}
    found = kept_until(years, left_on, born_on)
    assert found.until == max(
        kept_until({name: years[name]}, left_on, born_on).until for name in years
    )
    assert found.until >= left_on

"""Due dates at the edges of shifts, days, months and clock changes; deferrals; speed."""

# ruff: noqa: DTZ001 - wall-clock times without a zone are what is compared

from datetime import datetime, time, timedelta

import pytest

from shelter_desk.domain.due import Answer, Occurrence
from tests.domain.stays import (
    BERLIN,
    LORD_HOWE,
    NEW_YORK,
    done,
    due,
    local,
    occurrences,
    stay,
)

# Shifts


def test_the_first_shift_check_is_due_by_its_own_clock_or_the_end_of_the_shift():
    assert due("crisis_safety.05") == {"next:0": datetime(2026, 5, 4, 6, 10)}
    late = stay(local(2026, 5, 4, 5, 30))
    assert due("crisis_safety.05", late) == {"next:0": datetime(2026, 5, 4, 7)}


def test_the_next_check_is_due_at_the_end_of_the_following_shift():
    answers = [done("next:0", 2026, 5, 4, 6, 55)]
    assert due("crisis_safety.05", answers=answers) == {"next:1": datetime(2026, 5, 4, 15)}
    answers = [done("next:0", 2026, 5, 4, 7, 0)]
    assert due("crisis_safety.05", answers=answers) == {"next:1": datetime(2026, 5, 4, 23)}


def test_a_missed_night_leaves_one_check_open_and_not_three():
    answers = [done("next:0", 2026, 5, 4, 6), done("next:1", 2026, 5, 6, 10)]
    assert due("residential_care.03", answers=answers) == {"next:2": datetime(2026, 5, 6, 23)}


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (NEW_YORK, (2026, 3, 7), 7), (NEW_YORK, (2026, 10, 31), 9),
        (BERLIN, (2026, 3, 28), 7), (BERLIN, (2026, 10, 24), 9),
        (LORD_HOWE, (2026, 10, 3), 7.5), (LORD_HOWE, (2026, 4, 4), 8.5),
    ],
)  # fmt: skip
def test_the_night_shift_ends_at_seven_also_when_clocks_change(zone, day, hours):
    evening = local(*day, 22, 30, zone=zone)
    facts = stay(local(*day, 20, zone=zone))
    answers = [Answer("next:0", "done", evening)]
    (found,) = occurrences("crisis_safety.05", facts, answers, zone=zone)
    assert found.due_at - local(*day, 23, zone=zone) == timedelta(hours=hours)
    assert found.due_at.astimezone(zone).time() == time(7)


# Days and hours around clock changes and month ends


@pytest.mark.parametrize(
    ("zone", "arrived", "expected"),
    [
        (NEW_YORK, (2026, 3, 7, 18), (2026, 3, 8, 19)),
        (NEW_YORK, (2026, 10, 31, 18), (2026, 11, 1, 17)),
        (BERLIN, (2026, 3, 28, 18), (2026, 3, 29, 19)),
        (LORD_HOWE, (2026, 10, 3, 18), (2026, 10, 4, 18, 30)),
    ],
)
def test_24_hours_after_arrival_are_24_hours(zone, arrived, expected):
    facts = stay(local(*arrived, zone=zone))
    assert due("crisis_safety.08", facts, zone=zone) == {"once": datetime(*expected)}


@pytest.mark.parametrize(
    ("done_on", "expected"),
    [
        ((2026, 3, 7, 2, 30), (2026, 3, 8, 3, 0)),  # half past two never happens: at the change
        ((2026, 10, 31, 1, 30), (2026, 11, 1, 1, 30)),
        ((2026, 2, 28, 23, 59), (2026, 3, 1, 23, 59)),
        ((2028, 2, 28, 0, 0), (2028, 2, 29, 0, 0)),
        ((2026, 12, 31, 0, 0), (2027, 1, 1, 0, 0)),
    ],
)
def test_a_daily_round_keeps_its_wall_clock_time(done_on, expected):
    facts = stay(local(2026, 1, 1, 9))
    answers = [done("next:0", *done_on)]
    assert due("case_management.09", facts, answers) == {"next:1": datetime(*expected)}


def test_thirty_days_from_the_end_of_january():
    answers = [done("next:0", 2027, 1, 31, 9)]
    assert due("crisis_safety.04", answers=answers) == {"next:1": datetime(2027, 3, 2, 9)}
    answers = [done("next:0", 2028, 1, 31, 9)]
    assert due("crisis_safety.04", answers=answers) == {"next:1": datetime(2028, 3, 1, 9)}


# Deferred and blocked


def test_a_deferral_moves_the_due_date_and_keeps_the_key():
    until = local(2026, 5, 9, 9)
    (found,) = occurrences(
        "crisis_safety.01", stay(), [done("once", 2026, 5, 4, 3, outcome="deferred", until=until)]
    )
    assert found == Occurrence("once", until, until)


def test_the_newest_deferral_holds_whatever_order_answers_come_in():
    first = done("once", 2026, 5, 4, 3, outcome="deferred", until=local(2026, 5, 9, 9))
    second = done("once", 2026, 5, 8, 3, outcome="deferred", until=local(2026, 5, 12, 9))
    for answers in ([first, second], [second, first]):
        assert due("crisis_safety.01", answers=answers) == {"once": datetime(2026, 5, 12, 9)}


def test_blocked_stays_open_at_its_due_date_and_says_so():
    (found,) = occurrences(
        "crisis_safety.01", stay(), [done("once", 2026, 5, 4, 3, outcome="blocked")]
    )
    assert found == Occurrence("once", local(2026, 5, 4, 3, 10), blocked=True)


def test_a_deferral_lifts_a_block_and_a_block_keeps_a_deferral():
    until = local(2026, 5, 9, 9)
    deferred = done("once", 2026, 5, 5, 9, outcome="deferred", until=until)
    before = done("once", 2026, 5, 4, 9, outcome="blocked")
    after = done("once", 2026, 5, 6, 9, outcome="blocked")
    assert occurrences("crisis_safety.01", stay(), [before, deferred])[0].blocked is False
    (found,) = occurrences("crisis_safety.01", stay(), [deferred, after])
    assert (found.blocked, found.due_at) == (True, until)


def test_a_deferred_round_is_one_round():
    until = local(2026, 6, 20, 9)
    answers = [
        done("next:0", 2026, 5, 4, 9),
        done("next:1", 2026, 6, 2, 9, outcome="deferred", until=until),
    ]
    assert due("crisis_safety.04", answers=answers) == {"next:1": datetime(2026, 6, 20, 9)}
    answers.append(done("next:1", 2026, 6, 19, 9))
    assert due("crisis_safety.04", answers=answers) == {"next:2": datetime(2026, 7, 19, 9)}

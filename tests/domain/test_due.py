"""Due dates by example: arrival, rounds, events and court dates."""

# ruff: noqa: DTZ001 - wall-clock times without a zone are what is compared

from datetime import datetime

import pytest

from tests.domain.stays import done, due, event, hearing, local, stay

# Counting from arrival


def test_an_hour_after_arrival_at_night():
    assert due("crisis_safety.01") == {"once": datetime(2026, 5, 4, 3, 10)}


def test_what_is_done_once_stays_done():
    assert due("crisis_safety.01", answers=[done("once", 2026, 5, 4, 2, 30)]) == {}


@pytest.mark.parametrize("outcome", ["done", "declined", "not-applicable"])
def test_offered_and_declined_is_a_complete_answer(outcome):
    answers = [done("once", 2026, 5, 4, 2, 30, outcome=outcome)]
    assert due("crisis_safety.01", answers=answers) == {}


def test_each_event_opens_the_item_again_beside_the_arrival():
    facts = stay(
        events=(event("returned", 2026, 6, 1, 22), event("new-device", 2026, 6, 3, 9, key="e2"))
    )
    assert due("crisis_safety.02", facts) == {
        "admission": datetime(2026, 5, 4, 3, 10),
        "event:e1": datetime(2026, 6, 1, 23),
        "event:e2": datetime(2026, 6, 3, 10),
    }
    answers = [done("admission", 2026, 5, 4, 3), done("event:e1", 2026, 6, 1, 23)]
    assert list(due("crisis_safety.02", facts, answers)) == ["event:e2"]


def test_an_event_that_starts_other_items_starts_nothing_here():
    facts = stay(events=(event("outing", 2026, 6, 1, 22),))
    assert list(due("crisis_safety.02", facts)) == ["admission"]


def test_a_periodic_item_counts_from_arrival_and_then_from_the_last_time():
    assert due("crisis_safety.04") == {"next:0": datetime(2026, 5, 4, 6, 10)}
    answers = [done("next:0", 2026, 5, 4, 9)]
    assert due("crisis_safety.04", answers=answers) == {"next:1": datetime(2026, 6, 3, 9)}
    answers.append(done("next:1", 2026, 7, 20, 16))
    assert due("crisis_safety.04", answers=answers) == {"next:2": datetime(2026, 8, 19, 16)}


def test_a_withdrawn_answer_opens_its_round_again_and_no_closed_key_comes_back():
    assert list(due("crisis_safety.04", answers=[done("next:1", 2026, 6, 1, 9)])) == ["next:2"]
    assert list(due("crisis_safety.04", answers=[done("next:0", 2026, 5, 4, 9)])) == ["next:1"]


# Counting from the previous time


def test_the_first_round_counts_from_the_day_the_service_opened():
    facts = stay(service_opened_at=local(2026, 5, 10, 12))
    assert due("residential_care.11", facts) == {"next:0": datetime(2026, 5, 17, 12)}


def test_missed_rounds_do_not_pile_up():
    answers = [done("next:0", 2026, 5, 12, 12)]
    assert due("case_management.09", answers=answers) == {"next:1": datetime(2026, 5, 13, 12)}


def test_a_round_that_lapsed_while_the_service_was_closed_counts_from_its_reopening():
    answers = [done("next:0", 2026, 5, 10, 12)]
    reopened = stay(service_opened_at=local(2026, 8, 1, 9))
    assert due("residential_care.11", reopened, answers) == {"next:1": datetime(2026, 8, 8, 9)}
    soon = stay(service_opened_at=local(2026, 5, 12, 9))
    assert due("residential_care.11", soon, answers) == {"next:1": datetime(2026, 5, 17, 12)}


# Events


def test_an_item_of_an_event_waits_for_it():
    assert due("missing_response.03") == {}
    facts = stay(events=(event("missing-start", 2026, 6, 1, 22),))
    assert due("missing_response.03", facts) == {"event:e1": datetime(2026, 6, 1, 23)}


def test_at_once_means_at_the_moment_of_the_event():
    facts = stay(events=(event("credible-threat", 2026, 6, 1, 22),))
    assert due("crisis_safety.11", facts) == {"event:e1": datetime(2026, 6, 1, 22)}


def test_a_series_of_an_event_starts_with_it_and_goes_on():
    facts = stay(events=(event("missing-start", 2026, 6, 1, 22),))
    assert due("missing_response.08", stay()) == {}
    assert due("missing_response.08", facts) == {"next:0": datetime(2026, 6, 2, 2)}
    answers = [done("next:0", 2026, 6, 2, 1)]
    assert due("missing_response.08", facts, answers) == {"next:1": datetime(2026, 6, 3, 1)}


def test_a_new_event_brings_the_next_round_forward():
    events = (event("psychotropic-ordered", 2026, 6, 1, 9),)
    answers = [done("next:0", 2026, 6, 1, 10)]
    assert due("medication.02", stay(events=events), answers) == {
        "next:1": datetime(2026, 8, 30, 10)
    }
    events += (event("psychotropic-ordered", 2026, 7, 1, 9, key="e2"),)
    assert due("medication.02", stay(events=events), answers) == {
        "next:1": datetime(2026, 7, 1, 9)
    }
    answers.append(done("next:1", 2026, 7, 1, 11))
    assert due("medication.02", stay(events=events), answers) == {
        "next:2": datetime(2026, 9, 29, 11)
    }


def test_a_second_missing_episode_starts_its_own_clock():
    events = (
        event("missing-start", 2026, 6, 1, 22),
        event("missing-start", 2026, 8, 1, 20, key="e2"),
    )
    facts = stay(events=events, service_opened_at=local(2026, 8, 1, 20, 5))
    answers = [done("next:0", 2026, 6, 2, 1)]
    assert due("missing_response.08", facts, answers) == {"next:1": datetime(2026, 8, 2, 0)}


def test_a_series_slows_down_in_steps():
    events = (event("missing-start", 2026, 6, 1, 12),)
    facts = stay(events=events, service_opened_at=local(2026, 6, 1, 12))

    def after(*parts):
        (found,) = due("missing_response.09", facts, [done("next:0", *parts)]).values()
        return found

    assert due("missing_response.09", facts) == {"next:0": datetime(2026, 6, 2, 12)}
    assert after(2026, 6, 3, 12) == datetime(2026, 6, 4, 12)
    assert after(2026, 6, 8, 11, 59) == datetime(2026, 6, 9, 11, 59)
    assert after(2026, 6, 8, 12) == datetime(2026, 6, 15, 12)
    assert after(2026, 6, 30, 12) == datetime(2026, 7, 7, 12)
    assert after(2026, 7, 1, 12) == datetime(2026, 7, 31, 12)


def test_a_new_episode_starts_the_steps_again():
    events = (
        event("missing-start", 2026, 6, 1, 12),
        event("missing-start", 2026, 9, 1, 12, key="e2"),
    )
    answers = [done("next:0", 2026, 9, 2, 12)]
    assert due("missing_response.09", stay(events=events), answers) == {
        "next:1": datetime(2026, 9, 3, 12)
    }


def test_a_round_done_at_the_very_start_of_an_episode_belongs_to_it():
    events = (event("missing-start", 2026, 9, 1, 12, key="e2"),)
    answers = [done("next:0", 2026, 9, 1, 12)]
    assert due("missing_response.09", stay(events=events), answers) == {
        "next:1": datetime(2026, 9, 2, 12)
    }


def test_a_contact_schedule_asks_for_each_contact():
    facts = stay(events=(event("moved-home", 2026, 6, 1, 12),))
    assert due("family_reunification.12", facts) == {
        "event:e1": datetime(2026, 6, 4, 12),
        "event:e1/2": datetime(2026, 6, 8, 12),
        "event:e1/3": datetime(2026, 7, 1, 12),
        "event:e1/4": datetime(2026, 8, 30, 12),
        "event:e1/5": datetime(2026, 11, 28, 12),  # noon stays noon after summer time
    }
    answers = [done("event:e1/2", 2026, 6, 8, 9)]
    assert list(due("family_reunification.12", facts, answers)) == [
        "event:e1", "event:e1/3", "event:e1/4", "event:e1/5"
    ]  # fmt: skip


def test_before_the_18th_birthday():
    facts = stay(events=(event("turns-18", 2026, 12, 24, 0),))
    assert due("long_term_housing.04", facts) == {"once": datetime(2026, 9, 25, 0)}


def test_once_counts_from_the_first_event_also_when_it_comes_again():
    first, second = event("move-in", 2026, 6, 1, 9), event("move-in", 2026, 7, 1, 9, key="e2")
    facts = stay(events=(second, first))
    assert due("long_term_housing.11", facts) == {"once": datetime(2026, 6, 8, 9)}


# Court


def test_each_court_date_has_its_preparation_before_and_its_check_in_after():
    facts = stay(court_dates=(hearing(2026, 6, 10, 9, 30), hearing(2026, 7, 8, 14, key="c2")))
    assert due("legal_advocacy.02", facts) == {
        "court:c1": datetime(2026, 6, 3, 9, 30),
        "court:c2": datetime(2026, 7, 1, 14),
    }
    assert due("legal_advocacy.04", facts)["court:c1"] == datetime(2026, 6, 11, 9, 30)
    assert due("safety_planning.08", facts)["court:c2"] == datetime(2026, 7, 7, 14)


def test_the_day_before_court_keeps_the_wall_clock_over_the_clock_change():
    facts = stay(court_dates=(hearing(2026, 11, 1, 9),))
    assert due("safety_planning.08", facts) == {"court:c1": datetime(2026, 10, 31, 9)}


def test_a_medical_trip_needs_the_same_safety_plan_as_a_court_date():
    facts = stay(events=(event("medical-trip", 2026, 6, 1, 9),))
    assert due("safety_planning.08", facts) == {"event:e1": datetime(2026, 5, 31, 9)}


def test_a_hearing_kept_as_event_and_as_court_date_counts_once():
    both = hearing(2026, 6, 10, 9)
    facts = stay(court_dates=(both,), events=(both,))
    assert list(due("legal_advocacy.02", facts)) == ["court:c1"]
    assert list(due("legal_advocacy.05", facts)) == ["court:c1"]


def test_a_hearing_kept_only_as_event_is_not_lost():
    facts = stay(events=(hearing(2026, 6, 10, 9),))
    assert list(due("legal_advocacy.02", facts)) == ["event:c1"]

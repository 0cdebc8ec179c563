"""Due dates around leaving, and under phases and profiles."""

# ruff: noqa: DTZ001 - wall-clock times without a zone are what is compared

from dataclasses import replace
from datetime import datetime

from shelter_desk.domain.care_model import read_care_model
from shelter_desk.domain.content import Due
from shelter_desk.domain.due import Occurrence, Shifts, answered_due, open_occurrences
from shelter_desk.domain.durations import Span
from shelter_desk.paths import content_files
from tests.domain.stays import MODEL, NEW_YORK, STARTS, done, due, event, hearing, local, stay

# Leaving


def test_nothing_about_leaving_is_due_while_no_exit_is_planned():
    leaving = [i.id for i in MODEL.items.values() if i.due.after == "discharge"]
    assert len(leaving) == 33
    assert [item_id for item_id in leaving if due(item_id)] == []


def test_a_planned_exit_opens_what_comes_before_it_and_at_it_but_not_after_it():
    facts = stay(planned_exit_at=local(2026, 9, 1, 10))
    assert due("family_reunification.02", facts) == {"once": datetime(2026, 8, 2, 10)}
    assert due("medication.13", facts) == {"once": datetime(2026, 9, 1, 10)}
    assert due("discharge_aftercare.08", facts) == {}


def test_a_moved_exit_moves_what_comes_before_it():
    facts = stay(planned_exit_at=local(2026, 10, 1, 10))
    assert due("family_reunification.02", facts) == {"once": datetime(2026, 9, 1, 10)}


def test_the_exit_starts_aftercare_and_ends_what_can_no_longer_be_done():
    facts = stay(planned_exit_at=local(2026, 9, 1, 10), ended_at=local(2026, 8, 30, 16))
    assert due("family_reunification.02", facts) == {}
    assert due("medication.13", facts) == {"once": datetime(2026, 8, 30, 16)}
    assert due("discharge_aftercare.02", facts) == {"once": datetime(2026, 8, 31, 16)}
    assert due("discharge_aftercare.08", facts) == {"once": datetime(2026, 9, 29, 16)}
    assert due("discharge_aftercare.07", facts) == {
        "discharge": datetime(2026, 9, 2, 16),
        "discharge/2": datetime(2026, 9, 6, 16),
    }


def test_the_exit_stops_arrival_items_and_rounds():
    facts = stay(ended_at=local(2026, 8, 30, 16))
    stopped = ["crisis_safety.01", "crisis_safety.04", "crisis_safety.05", "residential_care.03"]
    assert [due(item_id, facts) for item_id in stopped] == [{}, {}, {}, {}]


def test_a_write_up_that_an_event_just_before_the_exit_asks_for_is_still_due_after_it():
    facts = stay(
        ended_at=local(2026, 8, 30, 16),
        events=(event("incident", 2026, 8, 30, 14), event("incident", 2026, 6, 1, 9, key="e2")),
    )
    assert due("residential_care.06", facts) == {"event:e1": datetime(2026, 8, 30, 18)}


def test_moving_home_at_the_exit_starts_its_contacts():
    exit_at = (2026, 8, 30, 16)
    facts = stay(ended_at=local(*exit_at), events=(event("moved-home", *exit_at),))
    assert len(due("family_reunification.12", facts)) == 5


def test_what_happens_at_or_after_the_exit_is_never_dropped():
    exit_at = (2026, 8, 30, 16)
    at_once = stay(ended_at=local(*exit_at), events=(event("credible-threat", *exit_at),))
    assert due("crisis_safety.11", at_once) == {"event:e1": datetime(*exit_at)}
    court = stay(ended_at=local(*exit_at), court_dates=(hearing(2026, 9, 2, 9),))
    assert due("legal_advocacy.02", court) == {"court:c1": datetime(2026, 8, 26, 9)}


def test_rounds_before_leaving_end_at_the_planned_exit():
    facts = stay(planned_exit_at=local(2026, 9, 1, 10))
    assert due("long_term_housing.03", facts) == {"next:0": datetime(2026, 7, 3, 10)}
    once = [done("next:0", 2026, 7, 3, 10)]
    assert due("long_term_housing.03", facts, once) == {"next:1": datetime(2026, 8, 2, 10)}
    twice = [*once, done("next:1", 2026, 8, 5, 10)]
    assert due("long_term_housing.03", facts, twice) == {}
    later = stay(planned_exit_at=local(2026, 10, 1, 10))
    assert due("long_term_housing.03", later, twice) == {"next:2": datetime(2026, 9, 4, 10)}


# How much was done in time


def in_time(item_id, facts, answers):
    found = answered_due(
        MODEL.items[item_id],
        facts,
        answers,
        shifts=Shifts(STARTS, NEW_YORK),
        starts=MODEL.starts,
    )
    return {key: at.astimezone(NEW_YORK).replace(tzinfo=None) for key, at in found.items()}


def test_answers_know_when_they_had_been_due():
    facts = stay(events=(event("returned", 2026, 6, 1, 22),))
    answers = [done("admission", 2026, 5, 4, 9)]
    assert in_time("crisis_safety.02", facts, answers) == {
        "admission": datetime(2026, 5, 4, 3, 10)
    }


def test_each_answered_round_knows_when_it_had_been_due():
    answers = [
        done("next:1", 2026, 7, 20, 16),
        done("next:0", 2026, 5, 4, 9),
        done("next:2", 2026, 7, 30, 9, outcome="blocked"),
    ]
    assert in_time("crisis_safety.04", stay(), answers) == {
        "next:0": datetime(2026, 5, 4, 6, 10),
        "next:1": datetime(2026, 6, 3, 9),
    }


def test_the_exit_does_not_take_away_when_something_had_been_due():
    facts = stay(ended_at=local(2026, 8, 30, 16), planned_exit_at=local(2026, 9, 1, 10))
    answers = [done("once", 2026, 5, 4, 9)]
    assert in_time("crisis_safety.01", facts, answers) == {"once": datetime(2026, 5, 4, 3, 10)}
    assert in_time("family_reunification.02", facts, answers) == {"once": datetime(2026, 8, 2, 10)}
    assert in_time("medication.13", facts, answers) == {"once": datetime(2026, 8, 30, 16)}


def test_a_deferral_does_not_make_an_answer_punctual():
    later = local(2026, 5, 9, 9)
    answers = [
        done("once", 2026, 5, 4, 3, outcome="deferred", until=later),
        done("once", 2026, 5, 9, 8),
    ]
    assert in_time("crisis_safety.01", stay(), answers) == {"once": datetime(2026, 5, 4, 3, 10)}


def test_an_answer_to_a_withdrawn_event_is_left_out():
    assert in_time("crisis_safety.02", stay(), [done("event:gone", 2026, 5, 4, 9)]) == {}


# Phases and profiles


def test_an_item_may_count_from_the_start_of_a_phase():
    item = replace(MODEL.items["crisis_safety.01"], due=Due("phase-start", Span(days=7)))
    shifts = Shifts(STARTS, NEW_YORK)

    def opened(**phases):
        facts = stay(phase_started_at=phases)
        return open_occurrences(item, facts, (), shifts=shifts, starts={})

    assert opened() == ()
    assert opened(ongoing=local(2026, 6, 1, 9)) == ()
    expected = (Occurrence("once", local(2026, 6, 8, 9)),)
    assert opened(immediate=local(2026, 6, 1, 9)) == expected
    item = replace(item, phases=("immediate", "ongoing"))
    assert opened(immediate=local(2026, 6, 1, 9), ongoing=local(2026, 7, 1, 9)) == expected


def test_a_profile_moves_due_dates():
    files = content_files()
    text = files["profiles/texas.toml"].replace('value = "PT72H"', 'value = "PT48H"', 1)
    texas = read_care_model({**files, "profiles/texas.toml": text}).under("texas")
    assert due("emergency_medical.09")["admission"] == datetime(2026, 5, 7, 2, 10)
    assert due("emergency_medical.09", model=texas)["admission"] == datetime(2026, 5, 6, 2, 10)

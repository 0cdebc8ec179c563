"""Incidents: whom the law wants told, and the eleven elements of a report."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.incidents import (
    ELEMENTS,
    LEFT,
    MAY_BE_NOBODY,
    Parts,
    Report,
    events_of,
    incident_duties,
    open_elements,
    serious_types,
)
from tests.domain.stays import MODEL

TEXAS = MODEL.under("texas")
TYPES = [value.code for value in MODEL.values("incident-types")]
some_types = st.sets(st.sampled_from(TYPES), min_size=1)
WHOLE = Report(("meal",), ("stayed",), "none-needed", "calm", "not-left", MAY_BE_NOBODY)


def told(types, model=MODEL, **more):
    more.setdefault("has_resident", True)
    return {duty.recipient: str(duty.span) for duty in incident_duties(types, model, **more)}


def test_the_eleven_elements_are_those_the_profile_names():
    assert TEXAS.requirement("incident-report") == ELEMENTS
    assert len(ELEMENTS) == 11


def test_the_serious_types_are_the_profile_s_and_else_those_of_the_law_that_was_read():
    assert serious_types(TEXAS) == serious_types(MODEL)
    assert "arrest" in serious_types(MODEL)
    assert "property-damage" not in serious_types(MODEL)


def test_who_is_told_by_when():
    assert told({"property-damage"}, has_resident=False) == {
        "write-up": "4 hours",
        "director": "1 hour",
    }
    assert told({"arrest"}) == {
        "write-up": "4 hours",
        "director": "1 hour",
        "custodian": "24 hours",
        "licensing": "24 hours",
    }
    assert told({"abuse"})["abuse-line"] == "no time"  # at once


def test_a_state_may_give_another_time_to_write_up_a_short_absence():
    assert told({LEFT}, TEXAS)["write-up"] == "24 hours"
    assert told({LEFT, "injury"}, TEXAS)["write-up"] == "4 hours"
    assert told({LEFT})["write-up"] == "4 hours"


@given(some_types, st.booleans())
def test_whatever_it_is_it_is_written_and_a_serious_one_reaches_licensing(types, has_resident):
    found = told(types, has_resident=has_resident)
    assert "write-up" in found
    assert "director" in found
    assert ("licensing" in found) is bool(types & serious_types(MODEL))
    assert ("custodian" in found) is has_resident
    assert set(told(types, is_told_apart=True)) == {"write-up"}


@given(some_types)
def test_every_recipient_and_every_event_is_known_to_the_content(types):
    recipients = {value.code for value in MODEL.values("notice-recipients")}
    assert set(told(types)) <= recipients
    assert set(events_of(types)) <= set(MODEL.triggers)


def test_an_empty_report_lacks_what_only_people_can_say():
    assert open_elements({"injury"}, Report(), Parts()) == (
        "child", "adults and roles", "witnesses", "circumstances", "interventions",
        "treating professional", "resolution",
    )  # fmt: skip


def test_nobody_is_an_answer_and_a_person_is_one():
    assert open_elements({"injury"}, WHOLE, Parts()) == ()
    nobody_said = replace(WHOLE, nobody=())
    assert open_elements({"injury"}, nobody_said, Parts(1, 1, 1)) == ()
    assert open_elements({"injury"}, nobody_said, Parts(1, 1, 0)) == ("witnesses",)


def test_who_left_needs_a_return_update():
    assert open_elements({LEFT}, replace(WHOLE, return_update=""), Parts()) == ("return update",)
    assert open_elements({"injury"}, replace(WHOLE, return_update=""), Parts()) == ()


@given(some_types, st.sampled_from([field.name for field in fields(Report)]))
def test_taking_an_answer_away_never_closes_an_element(types, name):
    empty = replace(WHOLE, **{name: type(getattr(WHOLE, name))()})
    before = set(open_elements(types, WHOLE, Parts()))
    assert before <= set(open_elements(types, empty, Parts()))
    assert before == set()

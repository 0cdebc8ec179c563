"""Due rules in words, the groups of the board, and the card of the first hours."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shelter_desk.domain.content import Due
from shelter_desk.domain.due import Bucket, bucket, describe_due, first_hours
from shelter_desk.domain.durations import Span
from tests.domain.stays import LORD_HOWE, MODEL, NEW_YORK, local


@pytest.mark.parametrize(
    ("item_id", "words"),
    [
        ("crisis_safety.01", "within 1 hour of arrival"),
        ("crisis_safety.02", "within 1 hour of arrival, and again each time it is needed"),
        ("crisis_safety.04", "within 4 hours of arrival, then every 30 days"),
        ("crisis_safety.05", "within 4 hours of arrival, then every shift"),
        ("crisis_safety.11", "at once, each time"),
        ("case_management.07", "every 90 days"),
        ("case_management.09", "every day"),
        ("residential_care.01", "every shift"),
        ("missing_response.03", "within 1 hour after it happens, each time"),
        ("missing_response.09", "every day, later every 7 days, then every 30 days"),
        ("medication.13", "by the time of leaving"),
        ("family_reunification.02", "at least 30 days before a planned move"),
        ("discharge_aftercare.08", "within 30 days after leaving"),
        ("discharge_aftercare.07", "72 hours and 7 days after leaving"),
        ("legal_advocacy.02", "at least 7 days before each court date"),
        ("legal_advocacy.04", "within 24 hours after each court date"),
        ("long_term_housing.04", "at least 90 days before it happens"),
        ("medication.02", "at once, then every 90 days"),
        (
            "family_reunification.12",
            "72 hours, 7 days, 30 days, 90 days and 180 days after it happens, each time",
        ),
    ],
)
def test_a_due_rule_reads_as_a_person_would_say_it(item_id, words):
    assert describe_due(MODEL.items[item_id]) == words


@pytest.mark.parametrize(
    ("item_id", "words"),
    [
        ("crisis_safety.11", "at once, each time (Credible threat)"),
        ("long_term_housing.04", "at least 90 days before it happens (18th birthday)"),
    ],
)
def test_the_starting_events_can_be_named(item_id, words):
    assert describe_due(MODEL.items[item_id], MODEL.triggers) == words


def test_a_court_date_is_not_named_as_its_own_event():
    words = describe_due(MODEL.items["safety_planning.08"], MODEL.triggers)
    assert words.startswith("at least 1 day before each court date, and again each time")
    assert words.endswith("(Medical trip)")


def test_every_item_can_be_described():
    texts = {describe_due(item, MODEL.triggers) for item in MODEL.items.values()}
    assert len(texts) > 60
    assert [text for text in texts if "no time" in text or "None" in text or "  " in text] == []


def test_the_start_of_a_phase_has_words_too():
    item = replace(MODEL.items["crisis_safety.01"], due=Due("phase-start", Span(days=7)))
    assert describe_due(item) == "within 7 days of the start of the phase"


NOW = local(2026, 5, 4, 14, 30)


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (NOW - timedelta(seconds=1), Bucket.OVERDUE),
        (NOW, Bucket.TODAY),
        (local(2026, 5, 4, 23, 59, 59), Bucket.TODAY),
        (local(2026, 5, 5, 0, 0), Bucket.NEXT),
        (local(2026, 5, 3, 23, 59), Bucket.OVERDUE),
    ],
)
def test_today_ends_at_the_midnight_of_the_house(due_at, expected):
    assert bucket(due_at, now=NOW, zone=NEW_YORK) is expected


def test_the_same_moment_may_be_today_here_and_tomorrow_elsewhere():
    evening = local(2026, 5, 4, 20)
    assert bucket(evening, now=NOW, zone=NEW_YORK) is Bucket.TODAY
    late_there = local(2026, 5, 5, 13, zone=LORD_HOWE)
    assert bucket(local(2026, 5, 5, 1, zone=LORD_HOWE), now=late_there, zone=LORD_HOWE) is (
        Bucket.OVERDUE
    )


def test_the_card_of_the_first_hours():
    groups = first_hours(
        item
        for service in MODEL.services.values()
        if service.default_need == "needed"
        for item in service.items
    )
    assert [(g.id, g.title, len(g.items)) for g in groups] == [
        ("first-hour", "First hour", 13),
        ("first-night", "First night", 15),
        ("first-three-days", "First three days", 33),
    ]
    for group in groups:
        order = [(not i.safety_critical, i.due.within, _place(i)) for i in group.items]
        assert order == sorted(order)
        assert all(i.due.after == "admission" and not i.is_house for i in group.items)
    assert max(i.due.within for i in groups[0].items) == timedelta(hours=1)
    assert max(i.due.within for i in groups[1].items) == timedelta(hours=4)
    assert max(i.due.within for i in groups[2].items) == timedelta(hours=72)


def _place(item):
    return MODEL.services[item.service_id].number, item.number


def test_the_card_keeps_its_groups_when_nothing_is_in_them():
    assert [len(group.items) for group in first_hours(())] == [0, 0, 0]

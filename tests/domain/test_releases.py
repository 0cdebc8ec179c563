"""A release of information: every missing part makes it none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shelter_desk.domain.releases import MOST_DAYS, Terms, problems_of

DAY = date(2026, 3, 10)
YOUTH, GUARDIAN, AGENCY = "young-person", "parent-or-guardian", "custodial-agency"
WHOLE = Terms(
    "custodian", "Invented County Office", "review", ("04_timeliness_by_record",),
    DAY, DAY + timedelta(days=30), (YOUTH, AGENCY), told=True, is_safe=True,
)  # fmt: skip


def fields(terms, age=15):
    return {problem.field for problem in problems_of(terms, age=age)}


def test_with_everything_it_is_a_release():
    assert fields(WHOLE) == set()


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"agency": ""}, "agency"),
        ({"agency": "  "}, "agency"),
        ({"agency": "a" * 201}, "agency"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"parts": ()}, "parts"),
        ({"until_on": DAY - timedelta(days=1)}, "until_on"),
        ({"until_on": DAY + timedelta(days=MOST_DAYS + 1)}, "until_on"),
        ({"signers": (AGENCY,)}, "signers"),
        ({"signers": ()}, "signers"),
        ({"signers": (YOUTH, "neighbour")}, "signers"),
        ({"told": False}, "told"),
        ({"is_safe": False}, "is_safe"),
        ({"longer": "we forgot", "until_on": date(2027, 3, 10)}, "until_on"),
    ],
)
def test_each_missing_part_is_named(missing, field):
    assert field in fields(replace(WHOLE, **missing))


def test_ninety_days_are_enough_unless_somebody_says_why_not():
    assert fields(replace(WHOLE, until_on=DAY + timedelta(days=MOST_DAYS))) == set()
    longer = replace(WHOLE, until_on=date(2026, 12, 1), longer="court-order")
    assert fields(longer) == set()


# Rule 6: (age, signers, why alone, the adult is safe) -> whether it is a release.
@pytest.mark.parametrize(
    ("age", "signers", "alone", "is_safe", "holds"),
    [
        (15, (YOUTH,), "", False, False),
        (15, (YOUTH, GUARDIAN), "", True, True),
        (15, (YOUTH, GUARDIAN), "", False, False),
        (15, (YOUTH, AGENCY), "", True, True),
        (15, (GUARDIAN,), "", True, False),
        (15, (YOUTH,), "may-receive-the-service-alone", False, True),
        (16, (YOUTH,), "emancipated", False, True),
        (15, (YOUTH,), "in a hurry", False, False),
        (18, (YOUTH,), "", False, True),
        (18, (GUARDIAN,), "", True, False),
        (18, (YOUTH, GUARDIAN), "", False, False),
        (None, (YOUTH,), "", False, False),
        (None, (YOUTH, GUARDIAN), "", True, True),
    ],
)
def test_who_has_to_sign(age, signers, alone, is_safe, holds):
    terms = replace(WHOLE, signers=signers, alone=alone, is_safe=is_safe)
    assert (fields(terms, age) == set()) == holds

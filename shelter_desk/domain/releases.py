"""What makes a release of information valid; whatever is missing makes it none.

Source: 34 USC 12291(b)(2)(B): informed, written, reasonably limited in time, and for a minor who
is not emancipated signed by the minor and a parent or guardian, never by one who harmed them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shelter_desk.domain.errors import Problem

MOST_DAYS = 90
LONGEST_AGENCY = 200
"""Letters: as many as an export takes of whom it goes to."""
ADULT = 18
PURPOSES = ("review", "placement", "court", "payment")
SIGNERS = ("young-person", "parent-or-guardian", "custodial-agency")
ALONE = ("emancipated", "may-receive-the-service-alone")
LONGER = ("court-order", "asked-by-the-young-person")
HOW = ("spoken", "written")
YOUNG_PERSON = SIGNERS[0]


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed. `recipient` is the profile of a pack, `agency` who reads it, by its name.

    `told` says they heard that declining changes nothing about their care, `is_safe` that the
    adult who signed did not harm them; `alone` and `longer` are codes, or "".
    """

    recipient: str
    agency: str
    purpose: str
    parts: tuple[str, ...]
    from_on: date
    until_on: date
    signers: tuple[str, ...]
    told: bool
    is_safe: bool = False
    alone: str = ""
    longer: str = ""


def problems_of(terms: Terms, *, age: int | None) -> Iterator[Problem]:
    """Yield everything that keeps terms from being a release; an unknown age is a minor's."""
    if not 0 < len(terms.agency.strip()) <= LONGEST_AGENCY:
        words = f"Name the one agency it is for, in 1 to {LONGEST_AGENCY} characters."
        yield Problem("agency", words)
    if terms.purpose not in PURPOSES:
        yield Problem("purpose", "Say what it is for.")
    if not terms.parts:
        yield Problem("parts", "Name what may be shared. A release of everything is none.")
    yield from _time_problems(terms)
    yield from _signature_problems(terms, is_minor=age is None or age < ADULT)
    if not terms.told:
        words = "Tell them first that declining changes nothing about their care."
        yield Problem("told", words)


def _time_problems(terms: Terms) -> Iterator[Problem]:
    if terms.until_on < terms.from_on:
        yield Problem("until_on", "It ends before it begins.")
    elif terms.until_on > terms.from_on + timedelta(days=MOST_DAYS) and terms.longer not in LONGER:
        yield Problem("until_on", f"Choose at most {MOST_DAYS} days, or say why it is longer.")


def _signature_problems(terms: Terms, *, is_minor: bool) -> Iterator[Problem]:
    if set(terms.signers) - set(SIGNERS):
        yield Problem("signers", "One of those who signed is not known.")
    if YOUNG_PERSON not in terms.signers:
        yield Problem("signers", "The young person signs. Nobody can sign in their place.")
    adults = set(terms.signers) - {YOUNG_PERSON}
    if is_minor and not adults and terms.alone not in ALONE:
        words = "For a minor, a parent, guardian or agency signs as well, or say why not."
        yield Problem("signers", words)
    if adults and not terms.is_safe:
        yield Problem("is_safe", "An adult who harmed them may not sign.")

"""How long a record is kept after somebody left, and by which rule; why it may go or must stay.

The latest of all rules of the jurisdiction profile governs. A state counts from the day they left;
some count to an age; a funder counts from its final report. A legal hold stops everything.

Source: 65C-46.010 F.A.C. and the funder's rule as named in the profile; 2 CFR 200.344: the final
report is due 120 days after a federal year, which ends on September 30.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

AFTER_LEAVING, AFTER_REPORT, UNTIL_AGE = (
    "record-retention",
    "funder-retention",
    "record-until-age",
)
"""Settings of a jurisdiction profile, in years; the last one need not be there."""
BIN_DAYS = 30
"""For how long at least what was taken away can be put back."""
RETENTION_ENDED = "retention-ended"
ENTERED_TWICE = "entered-twice"
REMOVAL_REASONS: Mapping[str, str] = {
    RETENTION_ENDED: "The time it must be kept is over",
    ENTERED_TWICE: "It was made by mistake",
    "court-order": "A court ordered it",
}
HOLD_REASONS: Mapping[str, str] = {
    "court": "A court, or a case that is to be expected",
    "investigation": "The police or a prosecutor asked",
    "licensing": "Licensing or the custodial agency asked",
    "claim": "A claim of the young person, or against the house",
}
_REPORT_DAYS = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """Until which day a record is kept, and the rule that says so (the id of a setting)."""

    until: date
    rule: str


def kept_until(years: Mapping[str, int], left_on: date, born_on: date | None) -> Kept:
    """Return the latest day of all rules.

    Where an age counts and the birthday is not known, somebody counts as born the day they left:
    too long is put right later, too short is not.
    """
    ends = [Kept(_years_after(left_on, years.get(AFTER_LEAVING, 0)), AFTER_LEAVING)]
    if AFTER_REPORT in years:
        year_end = date(left_on.year + (left_on.month > 9), 9, 30)
        reported = year_end + timedelta(days=_REPORT_DAYS)
        ends.append(Kept(_years_after(reported, years[AFTER_REPORT]), AFTER_REPORT))
    if UNTIL_AGE in years:
        ends.append(Kept(_years_after(born_on or left_on, years[UNTIL_AGE]), UNTIL_AGE))
    return max(ends, key=lambda one: one.until)


def kept_longest(years: Mapping[str, int], left_on: date, born: Iterable[date | None]) -> Kept:
    """Return the same for a person of several records: the latest of what each says."""
    ends = [kept_until(years, left_on, day) for day in born]
    return max(ends, key=lambda one: one.until)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return date(day.year + years, 3, 1)

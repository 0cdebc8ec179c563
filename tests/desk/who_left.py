"""Somebody who left, years later, as the page of kept records has them."""

from shelter_desk.desk import residents
from shelter_desk.desk.kept_records import kept_records

ADA = "a" * 20
"""The second director, who signs."""


def gone(opened, stay_id, years=6):
    """Let them leave, and let the years of the schedule go by."""
    opened.desk.do(residents.RecordExit(stay_id, opened.clock(), "kin", "422"))
    opened.clock.forward(days=366 * years)


def records(opened):
    return opened.desk.ask(kept_records, now=opened.clock())

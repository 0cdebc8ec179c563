"""A neighbour saw on which day somebody came, and looks for their record among lines of a pack."""

import csv
import io
from datetime import date, timedelta

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.periods import Period

FILE = "data/04_timeliness_by_record.csv"
_MOST = 400  # days before the period on which somebody may have come
_NO_END = 10_000
_FOR_EVERYBODY = {("admission", "once"), ("admission", "period")}


def first_due_days(model: CareModel) -> dict[str, int]:
    """Text of an item -> the day of stay on which it is due first: the form is public."""
    return {
        item.text: 1 + item.due.within // timedelta(days=1)
        for item in model.items.values()
        if (item.due.after, item.repeat) in _FOR_EVERYBODY and not item.is_house
    }


def lines_of(files):
    """Label -> lines of one record."""
    found = {}
    for row in csv.DictReader(io.StringIO(files[FILE].decode())):
        found.setdefault(row["Record"], []).append(row)
    return found


def span(shown):
    first, dash, last = shown.rstrip("+").partition("-")
    if not first:
        return None
    return int(first), _NO_END if shown.endswith("+") else int(last if dash else first)


def could_have_come(lines, period: Period, due_days, *, still_here=True) -> set[date]:
    """Every day of arrival that the lines of a record leave open."""
    since, until = period.starts_on, period.ends_on
    spans = [
        [one for one in (span(row["Due, day of stay"]), span(row["Done, day of stay"])) if one]
        for row in lines
    ]
    there = {row["Item"] for row in lines}
    fell_due = [
        due_days[row["Item"]]
        for row in lines
        if row["Item"] in due_days and not row["Done, day of stay"]
    ]
    last = max(end for row in spans for _, end in row)
    found = set()
    for back in range((until - since).days + 1 + _MOST):
        came = until - timedelta(days=back)
        if any(came + timedelta(days=low - 1) > until for row in spans for low, _ in row):
            continue  # a day after the end of the period
        if any(all(came + timedelta(days=high - 1) < since for _, high in row) for row in spans):
            continue  # a day before its beginning
        if still_here and came + timedelta(days=last - 1) < until - timedelta(days=1):
            continue  # something is due every day
        if any(came + timedelta(days=day - 1) > until for day in fell_due):
            continue  # it stands there as owed, and its day is public
        owed = {
            text
            for text, day in due_days.items()
            if since <= came + timedelta(days=day - 1) <= until - timedelta(days=1)
        }
        if still_here and not owed <= there:
            continue  # it would stand there, done or not
        found.add(came)
    return found


def candidates(files, period, came, due_days, around=1):
    """How many records could be that of somebody who came on this day, or a day beside it."""
    days = {came + timedelta(days=one) for one in range(-around, around + 1)}
    return sum(
        bool(days & could_have_come(lines, period, due_days)) for lines in lines_of(files).values()
    )

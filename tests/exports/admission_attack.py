"""A neighbour saw on which day somebody came, and looks for their record among lines of a pack.

What they hold beside the pack is the checklist, which is public. They keep each record that could
be that of somebody who came on a day; whether a line is missing tells them something only where
they take it (`absence`) for a sign that nothing was due: a pack says that lines are left out.
"""

import csv
import io
from datetime import date, timedelta

from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.periods import Period

FILE = "data/04_timeliness_by_record.csv"
DOCUMENTS = "data/03_completeness_by_record.csv"
_DAYS = ("Due, day of stay", "Done, day of stay")
_FOR_EVERYBODY = {("admission", "once"), ("admission", "period")}
_LATE = {"up to 1 day": 0, "up to 3 days": 1, "up to 14 days": 3, "over 14 days": 14}


def first_due_days(model: CareModel) -> dict[str, int]:
    """Text of an item -> the day of stay on which it is due first: the form is public."""
    return {
        item.text: max(1, 1 + item.due.within // timedelta(days=1))
        for item in model.items.values()
        if (item.due.after, item.repeat) in _FOR_EVERYBODY
        and not item.is_house
        and model.services[item.service_id].default_need == "needed"
    }


def lines_of(files, name=FILE):
    """Label -> lines of one record."""
    found = {}
    for row in csv.DictReader(io.StringIO(files[name].decode())):
        found.setdefault(row["Record"], []).append(row)
    return found


def span(shown):
    first, dash, last = shown.rstrip("+").partition("-")
    if not first:
        return None
    return int(first), 10_000 if shown.endswith("+") else int(last if dash else first)


def could_have_come(lines, states, period: Period, known, came: date, *, absence=True) -> bool:
    """Whether the lines and documents of a record leave it open that they came on a day.

    `known` is (text -> first day, document -> first day of what it stands for).
    """
    since, until = period.starts_on, period.ends_on
    due_days, of_documents = known
    stayed = (until - came).days + 1
    found = {row["Document"]: row["State"] for row in states if row["Document"] in of_documents}
    at_least = [  # it stands there as owed, or as done so long after its day
        due_days[row["Item"]] + _LATE.get(row["Late by"], 0)
        for row in lines
        if row["Item"] in due_days and (row["Status"] == "overdue" or row["Late by"] in _LATE)
    ]
    for document, state in found.items():
        if state in ("missing", "present late"):
            at_least.append(of_documents[document])
        if state == "not due yet" and of_documents[document] < stayed:
            return False
    for row in lines:
        told = [one for one in (span(row[name]) for name in _DAYS) if one]
        at_least += [low for low, _ in told]
        if told and came + timedelta(days=max(high for _, high in told) - 1) < since:
            return False  # a day before its beginning
    if max(at_least, default=1) > stayed:
        return False
    there = {row["Item"] for row in lines} if absence else due_days.keys()
    last = until - timedelta(days=1)
    return all(
        text in there or not since <= came + timedelta(days=day - 1) <= last
        for text, day in due_days.items()
    )


def fitting(files, period, came, known, *, absence=True, around=1):
    """The labels of the records that could be of who came on this day, or one beside it."""
    states = lines_of(files, DOCUMENTS)
    lines = lines_of(files)
    days = [came + timedelta(days=one) for one in range(-around, around + 1)]
    return {
        label
        for label, state in states.items()
        if any(
            could_have_come(lines.get(label, ()), state, period, known, day, absence=absence)
            for day in days
        )
    }

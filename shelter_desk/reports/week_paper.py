"""The week or a day of the house on paper, by day and hour, residents by case code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from shelter_desk.desk.appointments import CANCELLED, AppointmentLine
from shelter_desk.desk.dated import STATE_WORDS, Dated
from shelter_desk.desk.listed import ListedItem
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Table,
    Text,
    Tone,
)
from shelter_desk.reports.wording import counted_things, plain_date

_TITLE, _DAY_TITLE = "Week of the house", "Day of the house"
_NOTICE = (
    "For staff of the house only; case codes and no places. Keep it locked, shred it when the "
    "week is over."
)
_COLUMNS = ("When", "Resident", "What", "Who goes along", "To settle")
_DAY_COLUMNS = ("When", "Resident", "What", "Who", "State")
_DAY_NOTICE = (
    "For staff of the house only; case codes and no places. Keep it locked, shred it when the "
    "day is over."
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LACKS = {
    "left": "they have left the house",
    "company": "nobody goes along yet",
    "transport": "no ride yet",
}


def week_pdf(lines: Iterable[AppointmentLine], *, first: date, zone: ZoneInfo) -> bytes:
    """Return the week that begins on a day as a PDF, made in memory for the printer."""
    return pdf.make_pdf(week_paper(tuple(lines), first=first, zone=zone))


def week_paper(lines: Sequence[AppointmentLine], *, first: date, zone: ZoneInfo) -> Paper:
    """Return the week as a paper: a table for each day. What was cancelled is left out."""
    planned = [line for line in lines if line.state != CANCELLED]
    blocks: list[Block] = [
        Heading(_TITLE),
        Text(f"{plain_date(first)} to {plain_date(first + timedelta(days=6))}", Tone.MUTED),
        Text(counted_things(len(planned), "appointment", "appointments"), Tone.LEAD),
    ]
    for number in range(7):
        day = first + timedelta(days=number)
        rows = tuple(_row(line, zone) for line in planned if _touches(line, day, zone))
        title = f"{_DAYS[day.weekday()]}, {plain_date(day)}"
        blocks.append(Table(title, _COLUMNS, rows) if rows else Text(f"{title}: nothing planned"))
    return Paper(
        furniture=Furniture(title=_TITLE, owner="", notice=_NOTICE),
        blocks=tuple(blocks),
        size=PageSize.LETTER,
    )


def _touches(line: AppointmentLine, day: date, zone: ZoneInfo) -> bool:
    begins = line.starts_at.astimezone(zone).date()
    ends = (line.ends_at - timedelta(minutes=1)).astimezone(zone).date()
    return begins <= day <= ends


def _row(line: AppointmentLine, zone: ZoneInfo) -> tuple[str, ...]:
    begins, ends = line.starts_at.astimezone(zone), line.ends_at.astimezone(zone)
    until = f"{ends:%H:%M}"
    if ends.date() != begins.date():
        until = f"{plain_date(ends.date())}, {until}"
    settle = [_LACKS[part] for part in line.lacks]
    if line.clash:
        settle.append("somebody is needed twice then")
    along = line.escort or line.company_name
    return f"{begins:%H:%M} to {until}", line.case_code, line.kind_name, along, "; ".join(settle)


def day_pdf(lines: Iterable[Dated], *, day: date, zone: ZoneInfo) -> bytes:
    """Return a day as a PDF, made in memory for the printer."""
    return pdf.make_pdf(day_paper(tuple(lines), day=day, zone=zone))


def day_paper(lines: Sequence[Dated], *, day: date, zone: ZoneInfo) -> Paper:
    """Return all that is dated on a day as a paper.

    What was cancelled is left out.
    """
    rows = tuple(
        _dated_row(line, day, zone)
        for line in lines
        if not (isinstance(line.what, AppointmentLine) and line.what.state == CANCELLED)
    )
    title = f"{_DAYS[day.weekday()]}, {plain_date(day)}"
    return Paper(
        furniture=Furniture(title=_DAY_TITLE, owner="", notice=_DAY_NOTICE),
        blocks=(
            Heading(_DAY_TITLE),
            Text(counted_things(len(rows), "line", "lines"), Tone.LEAD),
            Table(title, _DAY_COLUMNS, rows) if rows else Text("Nothing is dated on this day."),
        ),
        size=PageSize.LETTER,
    )


def _dated_row(line: Dated, day: date, zone: ZoneInfo) -> tuple[str, ...]:
    if isinstance(line.what, AppointmentLine):
        return _row(line.what, zone)
    at = line.at.astimezone(zone)
    when = f"{at:%H:%M}" if at.date() == day else f"{plain_date(at.date())}, {at:%H:%M}"
    code = line.case_code or "The house"
    if isinstance(line.what, ListedItem):
        what, who = line.what.item.text, line.what.role_short
    else:
        what, who = f"Tell: {line.what.recipient_name}", ""
    return when, code, what, who, STATE_WORDS[line.state]

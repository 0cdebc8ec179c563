"""The go-bag on paper: heads to count, what a shift must know, what has a time, lines to write on.

It is what the house works from while the desk is down, so every character that it needs is on it,
and what is written on it by hand is entered later, as a late entry.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shelter_desk.desk.appointments import AppointmentLine
from shelter_desk.desk.dated import Dated
from shelter_desk.desk.go_bag import BagLine, GoBag
from shelter_desk.desk.listed import ListedItem
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Figures,
    Furniture,
    Heading,
    NewPage,
    Notice,
    PageSize,
    Paper,
    Table,
    Text,
    Tone,
)
from shelter_desk.reports.wording import plain_date, plain_moment

_TITLE = "Go-bag"
_NOTICE = (
    "For staff of the house only; initials, case codes and no places. It never leaves your hands; "
    "shred it when the next one is printed."
)
_HOW = (
    "Count heads when you leave, when you arrive and at every change. Write below what is done; "
    "whoever has the desk again enters it, with the time at which it was done."
)
_HEADS = ("Bed", "Who", "Code", "Good to know", "Left", "There")
_AHEAD = ("When", "Resident", "What", "Who")
_WRITE = ("Time", "Code", "What was done or seen", "By")
_LINES_TO_WRITE = 18


def go_bag_pdf(found: GoBag, *, zone: ZoneInfo) -> bytes:
    """Return the go-bag as a PDF, made in memory for the printer."""
    return pdf.make_pdf(go_bag_paper(found, zone=zone))


def go_bag_paper(found: GoBag, *, zone: ZoneInfo) -> Paper:
    """Return the go-bag as a paper: two tables, and a page to write on."""
    away = len(found.lines) - found.in_house
    figures = ((str(found.in_house), "heads to count"), (str(away), "missing from care"))
    heads = tuple(_head(line) for line in found.lines)
    ahead = tuple(_ahead(one, zone) for one in found.ahead)
    empty = (("", "", "", ""),) * _LINES_TO_WRITE
    return Paper(
        furniture=Furniture(title=_TITLE, owner="", notice=_NOTICE),
        blocks=(
            Heading(_TITLE),
            Text(plain_moment(found.at.astimezone(zone)), Tone.MUTED),
            Figures(figures),
            Notice("How to work from this", _HOW),
            Table("Heads", _HEADS, heads) if heads else Text("Nobody is in the house."),
            Table("What cannot wait, until this time tomorrow", _AHEAD, ahead)
            if ahead
            else Text("Nothing has a time until this time tomorrow."),
            NewPage(),
            Table("To write on", _WRITE, empty),
        ),
        size=PageSize.LETTER,
    )


def _head(line: BagLine) -> tuple[str, ...]:
    who = f"{line.initials}, away" if line.is_away else line.initials
    box = "" if line.is_away else "[   ]"
    return line.bed or "no bed", who, line.case_code, line.good_to_know, box, box


def _ahead(one: Dated, zone: ZoneInfo) -> tuple[str, ...]:
    at = one.at.astimezone(zone)
    when = f"{plain_date(at.date())}, {at:%H:%M}"
    if one.is_overdue:
        when = f"{when}, overdue"
    code = one.case_code or "The house"
    if isinstance(one.what, AppointmentLine):
        return when, code, one.what.kind_name, one.what.escort or one.what.company_name
    if isinstance(one.what, ListedItem):
        return when, code, one.what.item.text, one.what.role_short
    return when, code, f"Tell: {one.what.recipient_name}", ""

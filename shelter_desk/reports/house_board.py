"""The house board and the census on paper: initials, or case codes; never a name."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.beds import AWAY, FREE, HELD, BedBoard, BoardBed, Census, Sleeper
from shelter_desk.desk.staffing import Staffing
from shelter_desk.domain.people import board_initials
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Figures,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Table,
    Text,
    Tone,
)
from shelter_desk.reports.staffing import staffing_sentence
from shelter_desk.reports.wording import plain_date

_NOTICE = "For staff of the house only; initials only. Take it down and shred it when it is old."
_COUNTED = "For staff of the house only; case codes only. Keep it locked, then shred it."


def house_board_pdf(board: BedBoard, staffing: Staffing, *, at: datetime, zone: ZoneInfo) -> bytes:
    """Return the board as a PDF, made in memory for the printer."""
    return pdf.make_pdf(house_board(board, staffing, at=at, zone=zone))


def house_board(board: BedBoard, staffing: Staffing, *, at: datetime, zone: ZoneInfo) -> Paper:
    """Return the board: each bed with the initials of who sleeps there, and nothing more."""
    rows = [_bed_row(bed, zone) for bed in board.beds]
    rows += [("no bed", board_initials(one.called), _away(one), "") for one in board.without_bed]
    figures = (
        (str(board.in_house), "in the house"),
        (str(len(board.beds)), "beds"),
        (str(board.count(FREE)), "free"),
        (str(board.count(HELD)), "held"),
    )
    return Paper(
        furniture=Furniture(title="House board", owner="", notice=_NOTICE),
        blocks=(
            Heading("House board"),
            Text(_moment(at, zone), Tone.MUTED),
            Figures(figures),
            Text(staffing_sentence(staffing)),
            Table("Beds", ("Bed", "Who", "Now", "Until"), tuple(rows)),
        ),
        size=PageSize.LETTER,
    )


def census_pdf(found: Census, *, zone: ZoneInfo) -> bytes:
    """Return a census as a PDF, made in memory for the printer."""
    return pdf.make_pdf(census_paper(found, zone=zone))


def census_paper(found: Census, *, zone: ZoneInfo) -> Paper:
    """Return who stayed here at a moment: by bed and case code."""
    rows = tuple(
        (one.bed or "no bed", one.case_code, _moment(one.since, zone), _away(one))
        for one in found.sleepers
    )
    return Paper(
        furniture=Furniture(title="Census", owner="", notice=_COUNTED),
        blocks=(
            Heading("Census"),
            Text(f"{_moment(found.at, zone)}: {len(rows)} residents", Tone.LEAD),
            Table("By bed", ("Bed", "Resident", "Here since", "Away"), rows),
        ),
        size=PageSize.LETTER,
    )


def _bed_row(bed: BoardBed, zone: ZoneInfo) -> tuple[str, str, str, str]:
    if bed.sleeper is None:
        until = _moment(bed.until, zone) if bed.until else ""
        return bed.name, "", "held" if bed.state == HELD else "free", until
    leaves = bed.sleeper.planned_exit_at
    now = "away" if bed.state == AWAY else ""
    return (
        bed.name,
        board_initials(bed.sleeper.called),
        now,
        _moment(leaves, zone) if leaves else "",
    )


def _away(one: Sleeper) -> str:
    return "away" if one.away_since is not None else ""


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{plain_date(local.date())}, {local:%H:%M}"

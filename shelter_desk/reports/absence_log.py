"""The absences of a year on paper, one line each: case codes, no names, no reasons.

The columns follow what licensors ask for in a yearly log of absences (26 Texas Administrative Code
chapter 748, near rule 451). The exact columns of a state must be checked before it is handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.missing_record import Episode, NoticeLine
from shelter_desk.domain.care_model import CareModel
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import Furniture, Heading, PageSize, Paper, Table, Text, Tone
from shelter_desk.reports.wording import plain_date

_NOTICE = "Confidential. For the person named in the basis only; keep it locked, then destroy it."
_COLUMNS = (
    "Resident",
    "Found missing, by whom",
    "Police told, number",
    "Agency told",
    "Licensing told",
    "Back, how, after",
)


def absence_log_pdf(
    year: int, found: Sequence[Episode], *, basis: str, model: CareModel, zone: ZoneInfo
) -> bytes:
    """Return the log as a PDF, made in memory for the printer."""
    return pdf.make_pdf(absence_log(year, found, basis=basis, model=model, zone=zone))


def absence_log(
    year: int, found: Sequence[Episode], *, basis: str, model: CareModel, zone: ZoneInfo
) -> Paper:
    """Return the log as a paper, oldest absence first."""
    rows = tuple(_row(one, model, zone) for one in found)
    title = f"Absences of {year}"
    return Paper(
        furniture=Furniture(title=title, owner="", notice=_NOTICE),
        blocks=(
            Heading(title),
            Text(f"Basis: {basis}", Tone.MUTED),
            Table(title=f"{len(rows)} absences", columns=_COLUMNS, rows=rows),
        ),
        size=PageSize.LETTER,
    )


def _row(one: Episode, model: CareModel, zone: ZoneInfo) -> tuple[str, ...]:
    line = one.line
    told = {notice.recipient: notice for notice in one.notices if notice.stage == "start"}
    back = "not back"
    if line.returned_at is not None:
        hours = (line.returned_at - line.discovered_at).total_seconds() / 3600
        way = model.label("return-ways", line.return_way)
        back = f"{_moment(line.returned_at, zone)}; {way}; {hours:.1f} h"
    return (
        line.case_code,
        f"{_moment(line.discovered_at, zone)}; {line.found_by}",
        _told(told.get("police"), model, zone),
        _told(told.get("custodian"), model, zone),
        _told(told.get("licensing"), model, zone),
        back,
    )


def _told(notice: NoticeLine | None, model: CareModel, zone: ZoneInfo) -> str:
    if notice is None:
        return ""
    if notice.told_at is not None:
        parts = (_moment(notice.told_at, zone), notice.reference or "")
        return "; ".join(part for part in parts if part)
    return model.label("notice-reasons", notice.reason) if notice.reason else "not yet"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{plain_date(local.date())}, {local:%H:%M} ({local:%Z})"

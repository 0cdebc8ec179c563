"""The shift log of one resident on paper: every line whole, nobody else in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.shift_paper import PaperLine, ShiftPaper
from shelter_desk.domain.care_model import CareModel
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Table,
    Text,
    Tone,
)
from shelter_desk.reports.wording import plain_date

_NOTICE = "Confidential. For the person named in the basis only; keep it locked, then destroy it."
_LEFT_OUT = "Other residents who are named in a line are left out of this copy."


def shift_log_pdf(found: ShiftPaper, *, basis: str, model: CareModel, zone: ZoneInfo) -> bytes:
    """Return the log as a PDF, made in memory for the printer."""
    return pdf.make_pdf(shift_log(found, basis=basis, model=model, zone=zone))


def shift_log(
    found: ShiftPaper,
    *,
    basis: str,
    model: CareModel,
    zone: ZoneInfo,
    size: PageSize = PageSize.LETTER,
) -> Paper:
    """Return the log as a paper, not yet set. The furniture names nobody."""
    return Paper(
        furniture=Furniture(title="Shift log", owner="", notice=_NOTICE),
        blocks=tuple(_blocks(found, basis, model, zone)),
        size=size,
    )


def _blocks(found: ShiftPaper, basis: str, model: CareModel, zone: ZoneInfo) -> Iterator[Block]:
    yield Heading("Shift log of one resident")
    yield Text(f"Basis: {basis}", Tone.MUTED)
    if found.left_out:
        yield Text(_LEFT_OUT, Tone.STRONG)
    since, until = _day(found.since, zone), _day(found.until, zone)
    yield Facts(
        (("Resident", f"{found.called}, {found.case_code}"), ("From", since), ("To", until))
    )
    rows = tuple(
        (_moment(line.happened_at, zone), _what(line, model, zone), line.who)
        for line in found.lines
    )
    yield Table(title=f"{len(rows)} lines", columns=("When", "What", "Written by"), rows=rows)


def _what(line: PaperLine, model: CareModel, zone: ZoneInfo) -> str:
    remarks = []
    if line.is_withdrawn:
        remarks.append("Taken back.")
    if line.with_others:
        remarks.append("With another resident.")
    if line.is_late_entry:
        remarks.append(f"Late entry, written down {_moment(line.entered_at, zone)}.")
    for former in line.former:
        written = _moment(former.entered_at, zone)
        remarks.append(f"Before the correction ({written}, {former.who}): {_words(former, model)}")
    return "\n".join((_words(line, model), *remarks))


def _words(line: PaperLine, model: CareModel) -> str:
    chips = ", ".join(model.label("shift-chips", code) for code in line.chips)
    return ". ".join(part for part in (chips, line.text) if part)


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return plain_date(moment.astimezone(zone).date())


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{plain_date(local.date())}, {local:%H:%M} ({local:%Z})"

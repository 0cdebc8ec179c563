"""The facts sheet for the police: one page to read out or to hand over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from shelter_desk.desk.police_sheet import SheetFacts
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Points,
    Text,
    Tone,
    WriteOn,
)
from shelter_desk.reports.wording import plain_date

_NOTICE = (
    "For the search only. Confidential: do not publish, and do not pass on beyond what the search "
    "needs. Do not name the place of care."
)
_LABELS = {
    "seen_at": "Last seen, when",
    "place": "Last seen, where",
    "wearing": "Wearing",
    "looks": "Height, hair, build",
    "company": "With whom",
    "carries": "Phone, money, medicines with them",
    "likely": "Where they may have gone",
}
_POLICE = ("Officer, badge", "Report number", "NCIC number", "Time of the report")


def police_sheet_pdf(facts: SheetFacts, *, basis: str, zone: ZoneInfo) -> bytes:
    """Return the sheet as a PDF. It is made in memory, for the printer; never save it."""
    return pdf.make_pdf(police_sheet(facts, basis=basis, zone=zone))


def police_sheet(
    facts: SheetFacts, *, basis: str, zone: ZoneInfo, size: PageSize = PageSize.LETTER
) -> Paper:
    """Return the sheet as a paper, not yet set. The furniture names nobody and no place."""
    return Paper(
        furniture=Furniture(title="Facts for a missing-child report", owner="", notice=_NOTICE),
        blocks=tuple(_blocks(facts, basis, zone)),
        size=size,
    )


def _blocks(facts: SheetFacts, basis: str, zone: ZoneInfo) -> Iterator[Block]:
    yield Heading("Facts for a missing-child report")
    yield Text(f"Basis: {basis}", Tone.MUTED)
    yield Facts(tuple(_person(facts, zone)))
    yield Heading("Last seen", level=2)
    yield Facts(tuple((_LABELS[name], text or "not known") for name, text in facts.seen))
    yield Heading("What makes it urgent", level=2)
    yield Points(facts.risks or ("Nothing known",))
    yield Heading("To write down on the phone", level=2)
    lines = [] if facts.legal_name else ["Legal name (ask the director)"]
    lines += [] if facts.born_on else ["Date of birth (ask the director)"]
    yield WriteOn((*lines, "Custodial agency, worker, number", "Who to call back", *_POLICE))


def _person(facts: SheetFacts, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    # One line each, however much is known: the sheet stays on one page.
    yield "Called", ", also known as ".join((facts.called, *facts.also))
    if facts.legal_name:
        yield "Legal name", facts.legal_name
    if facts.born_on:
        yield "Date of birth", plain_date(facts.born_on)
    yield "Age", "not known" if facts.age is None else str(facts.age)
    speaks = [("Pronouns", facts.pronouns), ("Language", facts.language)]
    said = [one for one in speaks if one[1]]
    if said:
        yield ", ".join(label for label, _ in said), "; ".join(text for _, text in said)
    yield "Found missing", _moment(facts.discovered_at, zone)


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{plain_date(local.date())}, {local:%H:%M} ({local:%Z})"

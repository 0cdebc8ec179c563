"""The certificate of a destruction: what went, when, by which rule, by whom; never about whom."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shelter_desk.desk.kept_records import Destruction
from shelter_desk.domain.retention import REMOVAL_REASONS
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Points,
    Text,
    Tone,
)
from shelter_desk.reports.wording import counted_things, digest_lines, plain_date, plain_moment

_TITLE = "Certificate of destruction"
_NOTICE = "Keep this with the shelter's own papers. It names nobody whose record it was."
_GONE = (
    "The keys that opened this record. Nobody can read any more what was sealed with them.",
    "Names and words that lists and search had kept, and typing that was not saved.",
    "What was said of incidents they had a part in.",
    "Their names in the shift log, handoffs and notes about the house.",
)
_STAYS = (
    "Codes, days and counts, without a name: totals stay what they were.",
    (
        "What released totals were counted from, without a name. What said which part of it was "
        "about this record is gone; later totals are kept safe with it."
    ),
    "The audit trail, whole: it shows that this was done, and its details stay sealed.",
    "Older backups, until the next one to the same place. Destroy a stick that is not used again.",
)


def destruction_pdf(
    told: Destruction, zone: ZoneInfo, *, size: PageSize = PageSize.LETTER
) -> bytes:
    """Return the certificate as a PDF of one page."""
    return pdf.make_pdf(destruction_paper(told, zone, size=size))


def destruction_paper(
    told: Destruction, zone: ZoneInfo, *, size: PageSize = PageSize.LETTER
) -> Paper:
    """Return the certificate as a paper, not yet set."""
    facts = (
        ("Number", "\n".join(told.numbers)),
        ("Records", _records(len(told.numbers))),
        ("Why", REMOVAL_REASONS.get(told.reason, told.reason)),
        ("Kept until", f"{plain_date(told.kept_until)}\n{told.rule}\n{told.source}"),
        ("Taken away", plain_moment(told.taken_at.astimezone(zone))),
        ("Destroyed", plain_moment(told.destroyed_at.astimezone(zone))),
        ("By", f"{told.by} and {told.second}, each with their own passphrase"),
        ("Keys destroyed", counted_things(told.keys, "key", "keys")),
        ("In the audit trail", f"entry {told.event}\n{digest_lines(told.head)}"),
    )
    return Paper(
        furniture=Furniture(title=_TITLE, owner=told.shelter, notice=_NOTICE),
        blocks=(
            Heading(_TITLE),
            Text(told.shelter, Tone.MUTED),
            Facts(facts),
            Heading("What is gone", 2),
            Points(_GONE),
            Heading("What stays", 2),
            Points(_STAYS),
        ),
        size=size,
    )


def _records(count: int) -> str:
    whole = "1 record" if count == 1 else f"{count} records of one person, which were joined"
    return f"{whole}, destroyed in one act"

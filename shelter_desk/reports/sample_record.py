"""One record of a reviewer's sample, redacted; every page says that it is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shelter_desk.domain.pack_rules import RULES_VERSION, PackRules
from shelter_desk.domain.record_lines import ItemLine, RecordShown, shown_late
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

MARK = f"SAMPLE – redacted by rule set {RULES_VERSION}"
"""Stands at the head of every page."""

_NOTICE = (
    f"{MARK}. Drawn by the reviewer’s dice. For the recipient and the purpose named in the "
    "manifest only; not to be copied, passed on or joined with other records."
)
_REDACTED = (
    "Left out by the rules: names, dates, places, every word that somebody wrote, and the record "
    "classes named below. Days are counted from admission, and are bands but for what is due once "
    "in a first month that lies within the period. What repeats stands in one line."
)


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """One record as drawn. `closed` are the names of the record classes that were left out."""

    label: str
    place: int
    record: RecordShown
    period_label: str
    basis: str
    closed: tuple[str, ...]


def sample_record_pdf(
    found: SampleRecord, rules: PackRules, *, size: PageSize = PageSize.LETTER
) -> bytes:
    """Return the record as a PDF; each of its pages carries `MARK`."""
    blocks = _blocks(found, rules)
    return marked_pdf(f"Record {found.label}", found.period_label, blocks, size=size)


def marked_pdf(
    title: str, period_label: str, blocks: Iterable[Block], *, size: PageSize = PageSize.LETTER
) -> bytes:
    """Return a paper of a sample as a PDF; each of its pages carries `MARK`."""
    return pdf.make_pdf(
        Paper(
            furniture=Furniture(
                title=title, owner=MARK, notice=_NOTICE, subject=f"Sample record, {period_label}"
            ),
            blocks=tuple(blocks),
            size=size,
        )
    )


def _blocks(found: SampleRecord, rules: PackRules) -> Iterator[Block]:
    yield Heading(f"Record {found.label}")
    yield Text(_REDACTED, Tone.MUTED)
    stay = "the stay has ended" if found.record.has_ended else "the stay is open at its end"
    yield Facts(
        (
            ("Place in the list", f"{found.place:,}"),
            ("Period", f"{found.period_label}; {stay}"),
            ("Ground", found.basis),
            ("Left out", ", ".join(found.closed) or "nothing"),
        )
    )
    yield Table("Documents", ("Document", "State", "Reason"), tuple(_documents(found, rules)))
    yield Table(
        "Checklist items due or done in the period",
        ("Item", "Due, day", "Done, day", "Late by", "Role", "Status", "Signatures", "Times"),
        tuple(_items(found)),
        "" if any(line.in_period for line in found.record.items) else "None.",
    )
    yield Table(
        "Incidents in the period",
        ("Type", "Quarter", "Day of stay", "Shift", "Notices in time", "Report", "Closed"),
        tuple(_incidents(found)),
        "" if found.record.incidents else "None.",
    )


def _documents(found: SampleRecord, rules: PackRules) -> Iterator[tuple[str, ...]]:
    for group in rules.documents:
        yield group.title, *found.record.state_of(group.items)


def _items(found: SampleRecord) -> Iterator[tuple[str, ...]]:
    rows = (
        (line.text, *days, shown_late(line.late), line.role, line.status, _signed(line))
        for line, days in found.record.lines()
    )
    yield from found.record.told_once(rows)


def _signed(line: ItemLine) -> str:
    return f"{len(line.signer_roles)} of {line.signatures}" if line.signatures else ""


def _incidents(found: SampleRecord) -> Iterator[tuple[str, ...]]:
    for shown in found.record.incidents:
        timely = sum(in_time for _, in_time in shown.told)
        yield (
            ", ".join(shown.types),
            shown.quarter,
            found.record.day_of(shown),
            shown.shift,
            f"{timely} of {len(shown.told)}",
            "filed" if shown.is_filed else "open",
            "yes" if shown.is_closed else "no",
        )

"""One record of a reviewer's sample, redacted; every page says that it is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shelter_desk.domain.pack_rules import RULES_VERSION, PackRules
from shelter_desk.domain.reader_lines import RecordForReader
from shelter_desk.domain.record_lines import ItemLine
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
    "Left out by the rules: names, dates, places, every word that somebody wrote, the record "
    "classes named below, and what would tell when somebody came or left: it is shown only where "
    "it is the same for several residents of the house. Days are counted from admission. What "
    "repeats stands in one line."
)
_NOT_SHOWN = (
    "The dice drew this record, and it is not shown. Too few residents were in the house for as "
    "long as this one, so what was due of it would tell whose it is; or the record has been "
    "destroyed since, as its rules say. It is counted in the totals of the period. Where it is "
    "still there, the shelter shows it on its own screen, at the house."
)


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """One record as drawn; `record` is None where too few are like it for it to be shown.

    `closed` are the names of the record classes that were left out.
    """

    label: str
    place: int
    record: RecordForReader | None
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


_STAYS = {True: "; the stay has ended", False: "; the stay is open at its end", None: ""}


def _blocks(found: SampleRecord, rules: PackRules) -> Iterator[Block]:
    record = found.record
    yield Heading(f"Record {found.label}")
    yield Text(_NOT_SHOWN if record is None else _REDACTED, Tone.MUTED)
    stay = _STAYS[record.ended if record else None]
    yield Facts(
        (
            ("Place in the list", f"{found.place:,}"),
            ("Period", f"{found.period_label}{stay}"),
            ("Ground", found.basis),
            ("Left out", ", ".join(found.closed) or "nothing"),
        )
    )
    if record is None:
        return
    yield Table("Documents", ("Document", "State", "Reason"), tuple(_documents(record, rules)))
    items = tuple(_items(record))
    yield Table(
        "Checklist items due or done in the period",
        ("Item", "Due, day", "Done, day", "Late by", "Role", "Status", "Signatures", "Times"),
        items,
        "" if items else "None that may be shown.",
    )
    yield Table(
        "Incidents in the period",
        ("Type", "Quarter", "Shift", "Notices in time", "Report", "Closed"),
        tuple(_incidents(record)),
        "" if record.incidents else "None.",
    )


def _documents(record: RecordForReader, rules: PackRules) -> Iterator[tuple[str, ...]]:
    for group in rules.documents:
        yield group.title, *record.state_of(group.items)


def _items(record: RecordForReader) -> Iterator[tuple[str, ...]]:
    rows = (
        (
            shown.line.text,
            shown.due,
            shown.done,
            shown.late,
            shown.line.role,
            shown.line.status,
            _signed(shown.line),
        )
        for shown in record.lines()
    )
    yield from record.told_once(rows)


def _signed(line: ItemLine) -> str:
    return f"{len(line.signer_roles)} of {line.signatures}" if line.signatures else ""


def _incidents(record: RecordForReader) -> Iterator[tuple[str, ...]]:
    for shown in record.incidents:
        timely = sum(in_time for _, in_time in shown.told)
        yield (
            ", ".join(shown.types),
            record.when(shown)[0],
            shown.shift,
            f"{timely} of {len(shown.told)}",
            "filed" if shown.is_filed else "open",
            "yes" if shown.is_closed else "no",
        )

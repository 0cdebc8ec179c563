"""The process evidence of an audit pack: one PDF to read, one CSV for each table."""

from __future__ import annotations

from collections.abc import Iterator

from shelter_desk.domain.evidence import EvidenceReport, EvidenceTable
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
from shelter_desk.reports.comma_table import csv_bytes
from shelter_desk.reports.wording import counted_things, plain_moment

_NOTICE = (
    "Confidential. For the recipient and the purpose named here only. It may not be passed on, "
    "published or joined with other records about the people served."
)


def evidence_pdf(report: EvidenceReport, *, size: PageSize = PageSize.LETTER) -> bytes:
    """Return the report as a PDF with a bookmark for each table."""
    return pdf.make_pdf(evidence_paper(report, size=size))


def evidence_csv(table: EvidenceTable) -> bytes:
    """Return one table as CSV: the column names, then the rows in their order."""
    return csv_bytes((table.columns, *table.rows))


def evidence_paper(report: EvidenceReport, *, size: PageSize = PageSize.LETTER) -> Paper:
    """Return the report as a paper, not yet set."""
    return Paper(
        furniture=Furniture(
            title=report.profile_title,
            owner=report.shelter_label,
            notice=_NOTICE,
            log_short_form=_log(report),
            subject=f"Process evidence, {report.period_label}",
        ),
        blocks=(*_opening(report), *(_table(table) for table in report.tables)),
        size=size,
    )


def _opening(report: EvidenceReport) -> Iterator[Block]:
    yield Heading(report.profile_title)
    yield Text(f"{report.shelter_label} · {report.period_label}", Tone.MUTED)
    yield Text(
        "How care was run in this period, from the shelter’s own records. Every entry behind "
        "these tables is part of an audit log that shows later changes."
    )
    yield Facts(
        (
            ("Period", report.period_label),
            ("Made", plain_moment(report.made_at)),
            ("Made with", f"Shelter Desk {report.program_version}"),
            (
                "Audit log: entries and root",
                report.checkpoint_short_form or "as on the paper cover sheet",
            ),
            ("Contents", counted_things(len(report.tables), "table", "tables")),
        )
    )


def _log(report: EvidenceReport) -> str:
    return f"Log {report.checkpoint_short_form}" if report.checkpoint_short_form else ""


def _table(table: EvidenceTable) -> Table:
    return Table(
        title=table.title,
        columns=table.columns,
        rows=table.rows,
        note=table.note,
        numeric=_numeric(table),
    )


def _numeric(table: EvidenceTable) -> frozenset[int]:
    """Return the columns in which every cell is a figure: they stand at the right edge."""
    return frozenset(
        at
        for at in range(1, len(table.columns))
        if table.rows and all(_is_figure(row[at]) for row in table.rows)
    )


def _is_figure(text: str) -> bool:
    bare = text.strip().rstrip("%").rstrip().replace(",", "").replace(".", "", 1)
    return text in {"*", "–", ""} or (bare.isascii() and bare.isdigit())

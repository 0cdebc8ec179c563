"""The process evidence of an audit pack: one PDF to read, one CSV for each table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shelter_desk.domain.evidence import AS_BEFORE, HOW, WHY, EvidenceReport, EvidenceTable
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
from shelter_desk.reports.wording import plain_moment

_NOTICE = (
    "Confidential. For the recipient and the purpose named on page 1 only. It may not be passed "
    "on, published or joined with other records about the people served."
)

_LONG = 60
"""More letters than this of how a line was counted stand under the table."""

_BESIDE = 6
"""Beside so many columns a list has no room: a word a line, and three people to the page."""


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
        blocks=(*_opening(report), *(one for table in report.tables for one in _blocks(table))),
        size=size,
    )


def _opening(report: EvidenceReport) -> Iterator[Block]:
    made = f"{plain_moment(report.made_at)}, with Shelter Desk {report.program_version}"
    yield Heading(report.profile_title)
    yield Text(f"{report.shelter_label} · {report.period_label}", Tone.MUTED)
    yield Text(
        "How care was run in this period, from the shelter’s own records. Every entry behind "
        "these tables is part of an audit log that shows later changes."
    )
    yield Facts(
        (
            ("For, and purpose", f"{report.recipient} · {report.purpose}"),
            ("Made", made),
            (
                "Audit log: entries and root",
                report.checkpoint_short_form or "as on the paper cover sheet",
            ),
        )
    )


def _log(report: EvidenceReport) -> str:
    return f"Log {report.checkpoint_short_form}" if report.checkpoint_short_form else ""


def _blocks(table: EvidenceTable) -> Iterator[Table]:
    """Yield a table; each reason, and how lines were counted, stand once below it.

    Beside every line the same sentences would make a dozen pages of what a reader needs once.
    """
    below: EvidenceTable | None = None
    if WHY in table.columns:
        texts = _known(table, WHY)
        table = _numbered(table, WHY, "Why")
        numbers = enumerate(texts, 1) if len(texts) > 1 else ()
        said = " ".join(f"{at}: {text}." for at, text in numbers) or f"{''.join(texts)}."
        if texts:
            table = replace(table, note=f"{WHY}: {said} {table.note}".strip())
    if HOW in table.columns and any(len(text) > _LONG for text in _texts(table, HOW)):
        rows = tuple((str(at), text) for at, text in enumerate(_known(table, HOW), 1))
        title = f"{table.title}: how they were counted"
        below = EvidenceTable(f"{table.id}-how", title, (HOW, "What it means"), rows)
        table = _numbered(table, HOW, HOW)
    for part in _parts(table):
        yield _table(part)
    if below is not None:
        yield _table(below)


def _parts(table: EvidenceTable) -> Iterator[EvidenceTable]:
    """Yield a table; from the first column of lists on in two where many columns stand before."""
    lists = [at for at in range(len(table.columns)) if any("; " in row[at] for row in table.rows)]
    first = min(lists, default=0)
    if first < _BESIDE:
        yield table
        return

    def of(cells: tuple[str, ...]) -> tuple[str, ...]:
        return (cells[0], *cells[first:])

    rows = tuple(row[:first] for row in table.rows)
    yield replace(table, columns=table.columns[:first], rows=rows)
    title = f"{table.title}: {', '.join(table.columns[first:]).lower()}"
    listed = tuple(of(row) for row in table.rows)
    yield EvidenceTable(f"{table.id}-lists", title, of(table.columns), listed)


def _table(table: EvidenceTable) -> Table:
    return Table(
        title=table.title,
        columns=table.columns,
        rows=table.rows,
        note=table.note,
        numeric=_numeric(table),
    )


def _numbered(table: EvidenceTable, column: str, short: str) -> EvidenceTable:
    """Put the numbers of its texts into a column; one text alone needs none, and no column."""
    place, known = table.columns.index(column), _known(table, column)
    marks = {"": "", **{text: str(at) for at, text in enumerate(known, 1)}}

    def cells(line: tuple[str, ...], mark: str) -> tuple[str, ...]:
        return (*line[:place], *((mark,) if len(known) > 1 else ()), *line[place + 1 :])

    texts = _texts(table, column)
    rows = tuple(cells(row, marks[text]) for row, text in zip(table.rows, texts, strict=True))
    return replace(table, columns=cells(table.columns, short), rows=rows)


def _known(table: EvidenceTable, column: str) -> list[str]:
    """Return each text of a column once, in the order of the lines."""
    return list(dict.fromkeys(text for text in _texts(table, column) if text))


def _texts(table: EvidenceTable, column: str) -> list[str]:
    """Return the texts of a column, line by line, "as the line before" as that one."""
    found: list[str] = []
    for row in table.rows:
        text = row[table.columns.index(column)]
        found.append(found[-1] if text == AS_BEFORE and found else text)
    return found


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

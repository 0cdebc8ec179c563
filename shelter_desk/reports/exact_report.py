"""A report of exact counts on paper, as a list, as a workbook: for one recipient, not to publish.

Its files hold counts and the words of lists. They have no chart: bars are drawn from protected
tables only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shelter_desk.domain.report_kinds import report_named
from shelter_desk.domain.report_values import Change, Report, ReportTable, Value
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    Notice,
    PageSize,
    Paper,
    Points,
    Table,
    Text,
    Tone,
)
from shelter_desk.reports.comma_table import csv_bytes
from shelter_desk.reports.summary_sheets import Cells, sheet_name, workbook_bytes
from shelter_desk.reports.wording import figure, plain_moment, plain_period

PDF, CSV, XLSX = "report.pdf", "report.csv", "report.xlsx"
COLUMNS = (
    "status", "report", "period", "table", "row_code", "row", "column_code", "column", "value",
    "told_before", "note",
)  # fmt: skip
_NOTICE = (
    "Exact counts for the recipient named here, who may not pass them on: a small count can tell "
    "who somebody is."
)
_CHANGED = "What was told before, and is amended"


@dataclass(frozen=True, slots=True)
class Handing:
    """How a report leaves. `handed_at` carries its zone; `number` 1 is the first, 2 an amendment.

    `changed` are the figures that were told otherwise before, `reason` is why.
    """

    shelter_label: str
    recipient: str
    basis: str
    handed_at: datetime
    number: int = 1
    reason: str = ""
    changed: tuple[Change, ...] = ()

    @property
    def version(self) -> str:
        """Return the first submission, or which amendment of it."""
        return "First submission" if self.number == 1 else f"Amendment {self.number - 1}"


def exact_files(report: Report, handing: Handing) -> dict[str, bytes]:
    """Return name -> bytes of PDF, CSV and workbook. The same values give the same bytes."""
    return {
        PDF: pdf.make_pdf(exact_paper(report, handing)),
        CSV: exact_csv(report, handing),
        XLSX: workbook_bytes(exact_sheets(report, handing), handing.handed_at),
    }


def exact_paper(report: Report, handing: Handing, *, size: PageSize = PageSize.LETTER) -> Paper:
    """Return the report as a paper, not yet set."""
    return Paper(
        furniture=Furniture(
            title=f"{report.title}, {plain_period(report.period)}",
            owner=handing.shelter_label,
            notice=f"{_label(report)}. {_NOTICE}",
            subject=_label(report),
        ),
        blocks=(
            *_opening(report, handing),
            *(_table(table) for table in report.tables),
            Heading("How it was counted", level=2),
            Points(report.rules),
        ),
        size=size,
    )


def exact_csv(report: Report, handing: Handing) -> bytes:
    """Return one line for each figure; `told_before` is filled where it is amended."""
    before = {change.figure: change.before for change in handing.changed}
    lines = [
        (
            _label(report), report.kind_id, report.period, table.title, row.code, row.label, code,
            words, str(value), str(before.get(f"{table.id}/{row.code}/{code}", "")), table.note,
        )
        for table in report.tables
        for row in table.rows
        for (code, words), value in zip(table.columns, row.values, strict=True)
    ]  # fmt: skip
    return csv_bytes((COLUMNS, *lines))


def exact_sheets(report: Report, handing: Handing) -> list[tuple[str, Cells]]:
    """Return name and cells of every sheet: what this is, amendments, then a sheet a table."""
    about: Cells = (
        (report.title,),
        (_label(report),),
        *((label, words) for label, words in _facts(report, handing)),
        ("How it was counted",),
        *((rule,) for rule in report.rules),
    )
    found = [("About", about)]
    if handing.changed:
        rows = tuple((one.words, one.before, one.now) for one in handing.changed)
        head: Cells = ((_CHANGED,), (), ("Figure", "Told before", "Now"))
        found.append(("Amended", (*head, *rows)))
    for number, table in enumerate(report.tables, start=1):
        columns = (table.first, *(words for _, words in table.columns))
        body: Cells = tuple((row.label, *row.values) for row in table.rows)
        top: Cells = ((table.title,), (table.note,), columns)
        found.append((sheet_name(number, table.title), (*top, *body)))
    return found


def _opening(report: Report, handing: Handing) -> Iterator[Block]:
    yield Heading(report.title)
    yield Text(f"{handing.shelter_label} · {plain_period(report.period)}", Tone.MUTED)
    yield Notice(
        "Not for publication",
        f"These are exact counts for {handing.recipient} only. They name nobody, but a small "
        "count can tell who somebody is. A version that may be published is made apart.",
    )
    yield Facts(_facts(report, handing))
    if handing.changed:
        yield Table(
            title=_CHANGED,
            columns=("Figure", "Told before", "Now"),
            rows=tuple((c.words, _shown(c.before), _shown(c.now)) for c in handing.changed),
            numeric=frozenset((1, 2)),
        )


def _facts(report: Report, handing: Handing) -> tuple[tuple[str, str], ...]:
    facts = (
        ("Period", plain_period(report.period)),
        ("For", handing.recipient),
        ("Basis", handing.basis),
        ("Handed over", plain_moment(handing.handed_at)),
        ("Version", handing.version),
    )
    return (*facts, ("Why it is amended", handing.reason)) if handing.reason else facts


def _table(table: ReportTable) -> Table:
    last = len(table.rows) - 1
    return Table(
        title=table.title,
        columns=(table.first, *(words for _, words in table.columns)),
        rows=tuple((row.label, *map(_shown, row.values)) for row in table.rows),
        note=table.note,
        numeric=frozenset(range(1, len(table.columns) + 1)),
        strong_rows=frozenset({last} if table.rows and table.rows[last].code == "all" else ()),
    )


def _label(report: Report) -> str:
    return report_named(report.kind_id).label


def _shown(value: Value) -> str:
    return figure(value) if isinstance(value, int) else value

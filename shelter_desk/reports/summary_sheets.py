"""The summary as a comma-separated list of figures, and as a workbook with a sheet a table."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from shelter_desk.reports.comma_table import csv_bytes
from shelter_desk.reports.summary_tables import Cell, Tabular, figures_of, grid
from shelter_desk.reports.wording import WITHHELD, WITHHELD_NOTE, plain_period

if TYPE_CHECKING:
    from shelter_desk.disclosure import SafeRelease

COLUMNS = (
    "figure", "period", "table", "counted", "row_code", "row", "column_code", "column", "value",
    "means",
)  # fmt: skip
ABOUT = "About"
Cells = tuple[tuple[Cell, ...], ...]
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")


def summary_csv(release: SafeRelease) -> bytes:
    """Return one line for each figure, totals included; a withheld value is `*`.

    What the table means stands in each line: lines are sorted and cut out by those who use them.
    """
    return csv_bytes((COLUMNS, *csv_rows(release.tables, release.period)))


def csv_rows(tables: Iterable[Tabular], period: str) -> list[tuple[str, ...]]:
    """Return the lines of the CSV, without the names of the columns."""
    return [
        (
            figure.id, period, table.title, table.counted, *figure.row, *figure.column,
            WITHHELD if figure.value is None else str(figure.value), table.means,
        )
        for table in tables
        for figure in figures_of(table)
    ]  # fmt: skip


def summary_xlsx(
    release: SafeRelease, made_at: datetime, shelter_label: str, seal: str = ""
) -> bytes:
    """Return the workbook: figures as numbers, no formulas, no hidden sheets, no author.

    `seal` is the digest of the figures and their certificate, printed on the first sheet.
    """
    return workbook_bytes(sheets(release.tables, about(release, shelter_label, seal)), made_at)


def workbook_bytes(pages: Iterable[tuple[str, Cells]], made_at: datetime) -> bytes:
    """Return a workbook of (name, cells) sheets: plain figures and words, and nothing else."""
    # heavy: only needed when a workbook is wanted
    import xlsxwriter  # noqa: PLC0415 - start-up time

    into = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(into, options)
    # Workbooks carry a date of making; without one given, two runs would differ.
    book.set_properties({"created": made_at.replace(tzinfo=None, microsecond=0)})
    strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    number = book.add_format({"num_format": "#,##0", "align": "right", "valign": "top"})
    for name, rows in pages:
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 30, 16)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(at, place, cell, number)
                elif cell:
                    head = at in (0, 2) or place == 0 == at
                    style = number if cell == WITHHELD else strong if head else plain
                    sheet.write_string(at, place, cell, style)
    book.close()
    return into.getvalue()


def about(release: SafeRelease, shelter_label: str, seal: str) -> tuple[tuple[Cell, ...], ...]:
    """Return the first sheet: what this is, and how to read a withheld figure."""
    return about_rows(release.title, release.period, shelter_label, seal)


def about_rows(
    title: str, period: str, shelter_label: str, seal: str
) -> tuple[tuple[Cell, ...], ...]:
    """Return the cells of the first sheet."""
    return (
        (title,),
        (shelter_label,),
        (plain_period(period),),
        (WITHHELD_NOTE,),
        ("Seal of the figures and their certificate (SHA-256)",),
        (seal,),
    )


def sheets(
    tables: Iterable[Tabular], first: tuple[tuple[Cell, ...], ...]
) -> list[tuple[str, tuple[tuple[Cell, ...], ...]]]:
    """Return name and cells of every sheet, in order: title, what it means, then the table."""
    found = [(ABOUT, first)]
    for number, table in enumerate(tables, start=1):
        laid_out = grid(table)
        found.append(
            (
                sheet_name(number, table.title),
                ((laid_out.title,), (table.means,), laid_out.head, *laid_out.rows),
            )
        )
    return found


def sheet_name(number: int, title: str) -> str:
    """Return the name of a sheet: numbered, and as long as a workbook allows."""
    return _NOT_IN_A_SHEET_NAME.sub(" ", f"{number} {title}")[:31].strip()

"""The tables of a summary as every file shows them: one list of figures, one grid of cells.

PDF, CSV and XLSX are made from these, and checked against these when the files come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shelter_desk.reports.wording import WITHHELD

TOTAL = "total"
RELEASE = "release"  # in the place of a table's name: the residents that yes-no rows split
EVERYBODY = f"{RELEASE}/{TOTAL}/{TOTAL}"
TOTAL_LABEL = "Total"
Line = tuple[int | None, ...]
Cell = int | str


class Labelled(Protocol):
    """A row or a column: a code, and the words on the page."""

    @property
    def code(self) -> str:
        """Return the code, unique in its table."""

    @property
    def label(self) -> str:
        """Return the words."""


class Tabular(Protocol):
    """The shape of `SafeTable`, shared with a table read back from a file; None is withheld."""

    @property
    def id(self) -> str:
        """Return the name of the table in figure ids."""

    @property
    def title(self) -> str:
        """Return the heading."""

    @property
    def counted(self) -> str:
        """Return what is counted: "residents", "nights", "entries" or "items"."""

    @property
    def kind(self) -> str:
        """Return "partition" or "yes-no"."""

    @property
    def rows(self) -> Sequence[Labelled]:
        """Return the rows."""

    @property
    def columns(self) -> Sequence[Labelled]:
        """Return the columns; a one-way table has one."""

    @property
    def cells(self) -> Sequence[Line]:
        """Return a line for each row."""

    @property
    def row_totals(self) -> Line | None:
        """Return a total for each row, None for a one-way table."""

    @property
    def column_totals(self) -> Line | None:
        """Return a total for each column, None for a one-way table."""

    @property
    def total(self) -> int | None:
        """Return the grand total; of a yes-no table, the residents each row splits."""

    @property
    def means(self) -> str:
        """Return what is counted and of whom, in words for readers, or ""."""


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """A label read back from a file."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table read back from a file. It is nobody's promise: no report is made from it."""

    id: str
    title: str
    counted: str
    kind: str
    rows: tuple[ReadLabel, ...]
    columns: tuple[ReadLabel, ...]
    cells: tuple[Line, ...]
    row_totals: Line | None
    column_totals: Line | None
    total: int | None
    means: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One published count; `row` and `column` are (code, words), "total" for a margin."""

    table_id: str
    row: tuple[str, str]
    column: tuple[str, str]
    value: int | None

    @property
    def id(self) -> str:
        """Return the name of the figure in certificates."""
        return f"{self.table_id}/{self.row[0]}/{self.column[0]}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as laid out on a page or a sheet; a withheld figure is `*`.

    `total_row` is the place of the row of totals, the last one.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total_row: int


def figures_of(table: Tabular) -> Iterator[Figure]:
    """Yield every figure of a table: row by row, each with its total, then the last line."""
    total = (TOTAL, TOTAL_LABEL)
    columns = [(column.code, column.label) for column in table.columns]
    for at, (label, line) in enumerate(zip(table.rows, table.cells, strict=True)):
        row = (label.code, label.label)
        for column, value in zip(columns, line, strict=True):
            yield Figure(table.id, row, column, value)
        if table.row_totals is not None:
            yield Figure(table.id, row, total, table.row_totals[at])
    if table.column_totals is not None:
        for column, value in zip(columns, table.column_totals, strict=True):
            yield Figure(table.id, total, column, value)
    yield Figure(RELEASE if table.kind == "yes-no" else table.id, total, total, table.total)


def bars_of(table: Tabular) -> tuple[tuple[str, int | None], ...]:
    """Return (label, figure or None where withheld) for each bar: the only column, or totals."""
    totals = table.row_totals
    values = tuple(line[0] for line in table.cells) if totals is None else totals
    return tuple((label.label, value) for label, value in zip(table.rows, values, strict=True))


def bars_tell(table: Tabular) -> bool:
    """Whether bars are drawn: of one column, where at least two have a length to compare.

    One bar alone says no more than its figure, and takes a third of a page.
    """
    lengths = [value for _, value in bars_of(table) if value]
    return table.row_totals is None and len(lengths) > 1


def grid(table: Tabular) -> Grid:
    """Return the table laid out: labels at the left, totals at the right and at the bottom."""
    two_way = table.row_totals is not None
    counted = table.counted.capitalize()
    columns = [column.label for column in table.columns] if two_way else [counted]
    head = ("", *columns, *([TOTAL_LABEL] if two_way else []))
    rows = [
        (
            label.label,
            *map(_cell, line),
            *([_cell(table.row_totals[at])] if table.row_totals else []),
        )
        for at, (label, line) in enumerate(zip(table.rows, table.cells, strict=True))
    ]
    last = table.column_totals or ()
    rows.append((_total_label(table), *map(_cell, last), _cell(table.total)))
    return Grid(table.title, head, tuple(rows), len(rows) - 1)


def _total_label(table: Tabular) -> str:
    # The rows of a yes-no table do not add up: one resident may be in several.
    return f"All {table.counted} (rows may overlap)" if table.kind == "yes-no" else TOTAL_LABEL


def _cell(value: int | None) -> Cell:
    return WITHHELD if value is None else value


def as_json(table: Tabular) -> dict[str, Any]:
    """Return the table as a JSON value; `from_json` is the way back."""
    return {
        "id": table.id,
        "title": table.title,
        "counted": table.counted,
        "kind": table.kind,
        "rows": [[label.code, label.label] for label in table.rows],
        "columns": [[label.code, label.label] for label in table.columns],
        "cells": [list(line) for line in table.cells],
        "row_totals": None if table.row_totals is None else list(table.row_totals),
        "column_totals": None if table.column_totals is None else list(table.column_totals),
        "total": table.total,
        "means": table.means,
    }


def from_json(untrusted: Mapping[str, Any]) -> ReadTable:
    """Read a table back.

    Raises:
        ValueError: it has not the shape that `as_json` writes.
    """
    try:
        table = ReadTable(
            id=_text(untrusted["id"]),
            title=_text(untrusted["title"]),
            counted=_text(untrusted["counted"]),
            kind=_text(untrusted["kind"]),
            rows=tuple(ReadLabel(_text(c), _text(t)) for c, t in untrusted["rows"]),
            columns=tuple(ReadLabel(_text(c), _text(t)) for c, t in untrusted["columns"]),
            cells=tuple(_line(line) for line in untrusted["cells"]),
            row_totals=_line_or_none(untrusted["row_totals"]),
            column_totals=_line_or_none(untrusted["column_totals"]),
            total=_count(untrusted["total"]),
            means=_text(untrusted["means"]),
        )
    except (KeyError, TypeError) as problem:
        raise ValueError("a table of the certificate cannot be read") from problem
    lines = [*table.cells, *([table.column_totals] if table.column_totals is not None else [])]
    if len(table.cells) != len(table.rows) or any(len(ln) != len(table.columns) for ln in lines):
        raise ValueError("a table of the certificate is ragged")
    if table.row_totals is not None and len(table.row_totals) != len(table.rows):
        raise ValueError("a table of the certificate is ragged")
    return table


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _line(values: object) -> Line:
    if not isinstance(values, list):
        raise TypeError("not a line of counts")
    return tuple(_count(value) for value in values)


def _line_or_none(values: object) -> Line | None:
    return None if values is None else _line(values)


def _count(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError("not a count")
    return value

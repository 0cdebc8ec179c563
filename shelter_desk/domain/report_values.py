"""A report of exact counts as frozen values: what is seen before, and what the files hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from shelter_desk.domain.audit import canonical_json

Value = int | str
"""A whole number; words such as "3.4" where a figure is no count; "–" where there is none."""
NOT_GIVEN = "–"
MEAN_FROM = 10
"""A mean is told from this many people on. Source: specification of the domain, 3.5, rule 6."""
MIDDLE_FROM = 5
"""A median, a least or a most is told from this many people on. Source: as above."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of a table: a code, the words, one value per column."""

    code: str
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table. `columns` are (code, words) of the values; `first` stands over the rows."""

    id: str
    title: str
    first: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ReportRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All of one report for one period. `rules` say in plain words how it was counted."""

    kind_id: str
    title: str
    period: str
    tables: tuple[ReportTable, ...]
    rules: tuple[str, ...]

    def figures(self) -> dict[str, Value]:
        """Return "table/row/column" -> value of every figure, in order."""
        return {name: value for name, value, _ in self.named_figures()}

    def named_figures(self) -> Iterator[tuple[str, Value, str]]:
        """Yield every figure with its id, its value, and its words: table, row, column."""
        for table in self.tables:
            for row in table.rows:
                for (code, words), value in zip(table.columns, row.values, strict=True):
                    spoken = f"{table.title}: {row.label}, {words}"
                    yield figure_id(table.id, row.code, code), value, spoken


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is no longer what was handed over. `words` name it."""

    figure: str
    words: str
    before: Value
    now: Value


def figure_id(table: str, row: str, column: str) -> str:
    """Return the id of one figure."""
    return f"{table}/{row}/{column}"


def changes(report: Report, handed_over: Report) -> tuple[Change, ...]:
    """Return what differs from what was handed over, in the order of the report.

    A figure that one of the two does not have counts as not given there.
    """
    before = handed_over.figures()
    now = report.figures()
    found = [
        Change(name, words, before.get(name, NOT_GIVEN), value)
        for name, value, words in report.named_figures()
        if before.get(name, NOT_GIVEN) != value
    ]
    found += [
        Change(name, words, value, NOT_GIVEN)
        for name, value, words in handed_over.named_figures()
        if name not in now
    ]
    return tuple(found)


def report_text(report: Report) -> str:
    """Return a report as canonical JSON: what is frozen when it is handed over."""
    return canonical_json(asdict(report))


def report_from(text: str) -> Report:
    """Return a report from its text."""
    read = json.loads(text)
    tables = tuple(
        ReportTable(
            table["id"],
            table["title"],
            table["first"],
            tuple((code, words) for code, words in table["columns"]),
            tuple(
                ReportRow(row["code"], row["label"], tuple(row["values"])) for row in table["rows"]
            ),
            table["note"],
        )
        for table in read["tables"]
    )
    return Report(read["kind_id"], read["title"], read["period"], tables, tuple(read["rules"]))


def mean(values: list[int] | list[float]) -> str:
    """Return the mean to one place, or "–" when too few are behind it."""
    if len(values) < MEAN_FROM:
        return NOT_GIVEN
    return f"{sum(values) / len(values):.1f}"


def median(values: list[int] | list[float]) -> str:
    """Return the median to one place at most, or "–" when too few are behind it."""
    if len(values) < MIDDLE_FROM:
        return NOT_GIVEN
    ordered = sorted(values)
    half = len(ordered) // 2
    middle = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return f"{middle:.1f}".removesuffix(".0")

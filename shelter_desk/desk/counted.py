"""Figures with the records behind them: a count can never disagree with its own explanation.

A report is built from `Figure`s. What it shows is the sum of what is behind each of them; what
"explain this number" shows are those very records. Nothing here leaves the desk: a report holds
values only, and the records are shown on screen, as far as the roles of the person asking read
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shelter_desk.desk.base import Read, milliseconds
from shelter_desk.domain.periods import Period
from shelter_desk.domain.record_classes import GENERAL
from shelter_desk.domain.report_values import Report, ReportRow, ReportTable, Value, figure_id

RESIDENT, STAY, ENTRY, ANSWER = "resident", "stay", "entry", "answer"
EPISODE, INCIDENT, NOTICE = "episode", "incident", "notice"
KINDS = (RESIDENT, STAY, ENTRY, ANSWER, EPISODE, INCIDENT, NOTICE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `behind` is the key of a record of `kind` -> what it adds.

    `shown` replaces the sum where the figure is none, such as a mean. `record_class` is what
    being counted here tells of somebody.
    """

    kind: str
    behind: Mapping[int, int] = field(default_factory=dict)
    shown: Value | None = None
    record_class: str = GENERAL

    @property
    def value(self) -> Value:
        """Return what the report shows."""
        return sum(self.behind.values()) if self.shown is None else self.shown


def each(kind: str, keys: Iterable[int], record_class: str = GENERAL) -> Figure:
    """Return a figure that counts every record once."""
    return Figure(kind, dict.fromkeys(keys, 1), record_class=record_class)


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row: code, words, one figure per column."""

    code: str
    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class CountedTable:
    """One table of figures; see `ReportTable`."""

    id: str
    title: str
    first: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[CountedRow, ...]
    note: str = ""

    def shown(self) -> ReportTable:
        """Return the table as values."""
        rows = tuple(
            ReportRow(row.code, row.label, tuple(one.value for one in row.figures))
            for row in self.rows
        )
        return ReportTable(self.id, self.title, self.first, self.columns, rows, self.note)


@dataclass(frozen=True, slots=True)
class Counted:
    """A whole report with the records behind every figure."""

    kind_id: str
    title: str
    period: str
    tables: tuple[CountedTable, ...]
    rules: tuple[str, ...]

    def shown(self) -> Report:
        """Return the report as values."""
        tables = tuple(table.shown() for table in self.tables)
        return Report(self.kind_id, self.title, self.period, tables, self.rules)

    def figure(self, wanted: str) -> Figure | None:
        """Return a figure by its id, or None."""
        for table in self.tables:
            for row in table.rows:
                for (code, _), one in zip(table.columns, row.figures, strict=True):
                    if figure_id(table.id, row.code, code) == wanted:
                        return one
        return None


@dataclass(frozen=True, slots=True)
class Span:
    """The days a report is about: `since` is their first instant, `until` the first after them."""

    period: Period
    since: int
    until: int

    @property
    def bounds(self) -> dict[str, int]:
        """Return the bounds by name, for statements."""
        return {"since": self.since, "until": self.until}

    def holds(self, at: int | None) -> bool:
        """Tell whether a stored instant lies in the days."""
        return at is not None and self.since <= at < self.until


def span_of(read: Read, period: Period) -> Span:
    """Return the instants of a period on the shelter's calendar."""
    since, until = period.instants(read.house.zone)
    return Span(period, milliseconds(since), milliseconds(until))


def is_over(read: Read, period: Period, now: datetime) -> bool:
    """Tell whether a period has ended."""
    return period.instants(read.house.zone)[1] <= now

"""Counts on their way to the safe-table gate: each figure with the residents behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shelter_desk.desk.base import Read
from shelter_desk.disclosure import Label, TableRequest

Bounds = Mapping[str, int]
TIMELY: Mapping[str, str] = {"in-time": "In time", "late": "Late"}


@dataclass
class Counts:
    """A table on its way: (row, column) -> resident -> count. Rows: code -> words."""

    rows: Mapping[str, str]
    cells: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    def add(self, row: str, column: str, resident: int, count: int) -> None:
        """Add what one resident contributes to a figure."""
        if count:
            cell = self.cells.setdefault((row, column), {})
            cell[resident] = cell.get(resident, 0) + count

    def add_timely(self, row: str, resident: int, count: int, in_time: int) -> None:
        """Add what one resident contributes to a row of `TIMELY`."""
        self.add(row, "in-time", resident, in_time)
        self.add(row, "late", resident, count - in_time)

    def together(self, columns: tuple[str, ...]) -> dict[int, int]:
        """Return resident -> count over all rows of some columns."""
        found: dict[int, int] = {}
        for (_, column), cell in self.cells.items():
            for resident, count in cell.items() if column in columns else ():
                found[resident] = found.get(resident, 0) + count
        return found

    def grid(
        self, columns: tuple[str, ...], of: Callable[[dict[int, int]], int]
    ) -> tuple[tuple[int, ...], ...]:
        """Return one number per row and column."""
        return tuple(
            tuple(of(self.cells.get((row, column), {})) for column in columns) for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """One table: its heading, and the words over rows and row totals.

    `columns` is code -> words; `every` stands over the row totals of a table with several; `along`
    is that of `TableRequest`.
    """

    title: str
    first: str
    every: str
    counted: str
    columns: Mapping[str, str]
    along: tuple[str, str] = ("", "")

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the words over the columns as laid out, the first one included."""
        names = tuple(self.columns.values())
        return (self.first, self.every, *names) if len(names) > 1 else (self.first, *names)


@dataclass(frozen=True, slots=True)
class Kind:
    """A shape, and what fills it from the records of a period."""

    shape: Shape
    fill: Callable[[Read, Bounds], Counts]


def table_of(table_id: str, shape: Shape, counts: Counts) -> TableRequest:
    """Return the table with its true counts, for the safe-table engine only."""
    columns = tuple(shape.columns)
    whole = counts.together(columns)
    by_column = [counts.together((column,)) for column in columns]
    return TableRequest(
        id=table_id,
        title=shape.title,
        counted=shape.counted,
        rows=tuple(Label(code, words) for code, words in counts.rows.items()),
        columns=tuple(Label(code, words) for code, words in shape.columns.items()),
        cells=counts.grid(columns, lambda cell: sum(cell.values())),
        contributors=counts.grid(columns, len),
        largest=counts.grid(columns, lambda cell: max(cell.values(), default=0)),
        all_contributors=len(whole),
        all_largest=max(whole.values(), default=0),
        column_contributors=tuple(map(len, by_column)),
        column_largest=tuple(max(cell.values(), default=0) for cell in by_column),
        along=shape.along,
    )

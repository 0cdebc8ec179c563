"""The grid an auditor fills in: documents down, records across, and how many were found.

Source: Virginia's children's residential record form (specification 7.1): one row for each
requirement, one column for each record (R1 to R7), counts of current and former records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shelter_desk.domain.record_lines import (
    MISSING,
    PRESENT,
    PRESENT_LATE,
    WAITING,
    RecordShown,
)

_HERE = (PRESENT, PRESENT_LATE)
_OWED = (*_HERE, MISSING, WAITING)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document: the state in each record, in the order of the labels."""

    title: str
    states: tuple[str, ...]

    @property
    def counts(self) -> Counter[str]:
        """Return state -> number of records."""
        return Counter(self.states)

    @property
    def percent(self) -> int | None:
        """Return how much of what is owed is here, rounded down; None where nothing is owed."""
        owed = sum(self.counts[state] for state in _OWED)
        return sum(self.counts[state] for state in _HERE) * 100 // owed if owed else None


@dataclass(frozen=True, slots=True)
class CompletenessGrid:
    """All rows; `labels` stand for records and are kept nowhere."""

    labels: tuple[str, ...]
    rows: tuple[DocumentRow, ...]
    current: int
    former: int

    def part(self, first: int, most: int) -> CompletenessGrid:
        """Return the columns from `first` on, at most `most`; counts stay those of the whole."""
        rows = tuple(DocumentRow(row.title, row.states[first : first + most]) for row in self.rows)
        return CompletenessGrid(self.labels[first : first + most], rows, self.current, self.former)


def completeness_grid(
    documents: Iterable[tuple[str, Sequence[str]]],
    records: Sequence[RecordShown],
    labels: Sequence[str],
) -> CompletenessGrid:
    """Return the grid of documents (title, ids of the items that stand for it) over records."""
    rows = tuple(
        DocumentRow(
            title,
            tuple(record.state_of(items)[0] for record in records),
        )
        for title, items in documents
    )
    former = sum(record.has_ended for record in records)
    return CompletenessGrid(tuple(labels), rows, len(records) - former, former)

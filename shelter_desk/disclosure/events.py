"""Counts of nights, entries and items: shown all or not at all, and what they tell of residents.

A count of events is safe only if enough different residents are behind it and none of them makes
up most of it. Withholding single cells of such a table could be undone with the margins, so the
lines are shown only when every cell passes, else only totals, else nothing.

What is shown tells something of the residents: at least k of them are behind it, and no fewer
than it takes when each contributes the most that can be. Where the same residents are counted in
a table of their own, that is a lower bound of its figures (withheld ones too), and the pattern of
that table is chosen so that it stays safe against readers who know it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from shelter_desk.disclosure.model import ProblemError
from shelter_desk.disclosure.request import TOTAL, TableRequest

# One resident may be behind at most 1/DOMINANCE of a count.
DOMINANCE = 2
EVERYTHING = f"{TOTAL}/{TOTAL}"


def has_lines(table: TableRequest, k: int) -> bool:
    """Tell whether a table of events may show every figure, not only totals."""
    behind, largest = table.contributors or (), table.largest or ()
    cells = [
        (count, behind[r][c], largest[r][c])
        for r, row in enumerate(table.cells)
        for c, count in enumerate(row)
    ]
    return not table.totals_only and all(enough_behind(*cell, k) for cell in cells)


def shown_parts(table: TableRequest, k: int) -> frozenset[str]:
    """Say which figures of a table of events may be shown, as "row/column".

    All of them; else the totals of columns and the total; else the total; else none. A column
    without any event is shown with its lines, which are zero as well.
    """
    every = counts_in(table)
    if has_lines(table, k) or not table.total:  # of nothing, every line is nothing
        return frozenset(every)
    shown = {EVERYTHING} if _total_passes(table, k) else set()
    if table.two_way and _columns_pass(table, k):
        shown |= {f"{TOTAL}/{column.code}" for column in table.columns} | {EVERYTHING}
        empty = {c.code for c in table.columns if not every[f"{TOTAL}/{c.code}"]}
        shown |= {f"{row.code}/{code}" for row in table.rows for code in empty}
    return frozenset(shown)


def known_least(tables: Sequence[TableRequest], k: int) -> dict[str, int]:
    """Say how many residents readers know to be behind a figure, from what tables of events show.

    Returns:
        Figure id of a table of residents -> that many at least.

    Raises:
        ProblemError: a table of residents counts fewer than are behind a count of events.
    """
    residents = {t.id: t for t in tables if t.counted == "residents"}
    least: dict[str, int] = {}
    for table in tables:
        counted = residents.get(table.behind)
        if table.counted == "residents" or counted is None:
            continue
        shown, people = shown_parts(table, k), counts_in(counted)
        for at, count in counts_in(table).items():
            if count and at in shown and at in people:
                bound = least_behind(count, k, table.most_each)
                if people[at] < bound:
                    raise ProblemError(f"{table.title}: more residents than {counted.title} has")
                name = f"{counted.id}/{at}"
                least[name] = max(bound, least.get(name, 0))
    return least


def apart(
    tables: Sequence[TableRequest], k: int, out: Collection[tuple[str, str]]
) -> tuple[TableRequest, ...]:
    """Leave the rows to one table where several count the same events along different rows.

    Subtracting one from the other could tell of events of a few residents. What is out already
    keeps its rows, then the first table does.

    Args:
        tables: those of one release.
        k: smallest group.
        out: `along` of tables of the same period that are out with their rows.
    """
    rows_of = {events: rows for events, rows in out if events}
    kept = []
    for table in tables:
        events, rows = table.along
        if events and rows_of.get(events, rows) != rows:
            kept.append(replace(table, totals_only=True))
            continue
        if events and has_lines(table, k):
            rows_of[events] = rows
        kept.append(table)
    return tuple(kept)


def least_behind(count: int, k: int, most_each: int | None) -> int:
    """Return how many residents a shown count of events proves: k, or more where it is large."""
    return max(k, -(-count // most_each)) if most_each else k


def counts_in(table: TableRequest) -> dict[str, int]:
    """Return "row/column" -> count, totals included (a yes-no table has none)."""
    found = {
        f"{row.code}/{column.code}": count
        for row, line in zip(table.rows, table.cells, strict=True)
        for column, count in zip(table.columns, line, strict=True)
    }
    if table.kind == "yes-no":
        return found
    if table.two_way:
        found |= {
            f"{r.code}/{TOTAL}": sum(c) for r, c in zip(table.rows, table.cells, strict=True)
        }
        sums = [sum(column) for column in zip(*table.cells, strict=True)]
        found |= {f"{TOTAL}/{c.code}": n for c, n in zip(table.columns, sums, strict=True)}
    return found | {EVERYTHING: table.total}


def _total_passes(table: TableRequest, k: int) -> bool:
    """Judge the total; where its residents are not given, by the least favourable reading.

    No more residents than behind the fullest cell, and one behind all the largest shares.
    """
    people, share = table.all_contributors, table.all_largest
    if people is None:
        people = max(n for row in table.contributors or () for n in row)
    if share is None:
        share = sum(top for row in table.largest or () for top in row)
    return enough_behind(table.total, people, share, k)


def _columns_pass(table: TableRequest, k: int) -> bool:
    if table.column_contributors is None or table.column_largest is None:
        return False
    sums = [sum(column) for column in zip(*table.cells, strict=True)]
    behind = zip(sums, table.column_contributors, table.column_largest, strict=True)
    return all(enough_behind(*column, k) for column in behind)


def enough_behind(count: int, contributors: int, largest: int, k: int) -> bool:
    """Tell whether a count of events has enough residents behind it, and none most of it."""
    if count == 0:
        return True
    enough = min(contributors, count) >= k
    return enough and largest * DOMINANCE <= count

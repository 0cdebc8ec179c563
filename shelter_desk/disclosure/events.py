"""Counts of nights, entries and items: shown all or not at all, and what they tell of residents.

A count of events is safe only if enough different residents are behind it and none of them makes
up most of it. Withholding single cells of such a table could be undone with the margins, so the
body is shown only when every cell passes, else only the total, else nothing.

What is shown tells something of the residents: at least k of them are behind it, and no fewer
than it takes when each contributes the most that can be. Where the same residents are counted in
a table of their own, that is a lower bound of its figures (withheld ones too), and the pattern of
that table is chosen so that it stays safe against readers who know it.
"""

from __future__ import annotations

from collections.abc import Sequence

from shelter_desk.disclosure.model import ProblemError
from shelter_desk.disclosure.request import TOTAL, TableRequest

ALL, ONLY_TOTAL, NOTHING = "all", "total", "nothing"
# One resident may be behind at most 1/DOMINANCE of a count.
DOMINANCE = 2
EVERYTHING = f"{TOTAL}/{TOTAL}"


def what_passes(table: TableRequest, k: int) -> str:
    """Say how much of an event table may be shown: ALL, ONLY_TOTAL or NOTHING.

    Where the table does not say who is behind its total, the least favourable reading is taken:
    no more residents than behind its fullest cell, and one resident behind all largest shares.
    """
    behind, largest = table.contributors or (), table.largest or ()
    cells = [
        (count, behind[r][c], largest[r][c])
        for r, row in enumerate(table.cells)
        for c, count in enumerate(row)
    ]
    if all(_passes(*cell, k) for cell in cells) and not table.total_only:
        return ALL
    people, share = table.all_contributors, table.all_largest
    if people is None:
        people = max(n for _, n, _ in cells)
    if share is None:
        share = sum(top for _, _, top in cells)
    return ONLY_TOTAL if _passes(table.total, people, share, k) else NOTHING


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
        shown = what_passes(table, k)
        for name, count, people in _lines(table, counted):
            if count and (shown == ALL or (shown == ONLY_TOTAL and name.endswith(EVERYTHING))):
                bound = least_behind(count, k, table.most_each)
                if people < bound:
                    raise ProblemError(f"{table.title}: more residents than {counted.title} has")
                least[name] = max(bound, least.get(name, 0))
    return least


def least_behind(count: int, k: int, most_each: int | None) -> int:
    """Return how many residents a shown count of events proves: k, or more where it is large."""
    return max(k, -(-count // most_each)) if most_each else k


def _lines(table: TableRequest, counted: TableRequest) -> list[tuple[str, int, int]]:
    """List (figure id of the table of residents, count of events, residents) for common cells."""
    events, people = _cells(table), _cells(counted)
    return [(f"{counted.id}/{at}", n, people[at]) for at, n in events.items() if at in people]


def _cells(table: TableRequest) -> dict[str, int]:
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


def _passes(count: int, contributors: int, largest: int, k: int) -> bool:
    if count == 0:
        return True
    enough = min(contributors, count) >= k
    return enough and largest * DOMINANCE <= count

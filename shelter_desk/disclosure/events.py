"""Counts of nights, entries and items: shown all or not at all.

A count of events is safe only if enough different residents are behind it and none of them makes
up most of it. Withholding single cells of such a table could be undone with the margins, so the
body is shown only when every cell passes, else only the total, else nothing.
"""

from __future__ import annotations

from shelter_desk.disclosure.request import TableRequest

ALL, ONLY_TOTAL, NOTHING = "all", "total", "nothing"
# One resident may be behind at most 1/DOMINANCE of a count.
DOMINANCE = 2


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
    if all(_passes(*cell, k) for cell in cells):
        return ALL
    people, share = table.all_contributors, table.all_largest
    if people is None:
        people = max(n for _, n, _ in cells)
    if share is None:
        share = sum(top for _, _, top in cells)
    return ONLY_TOTAL if _passes(table.total, people, share, k) else NOTHING


def _passes(count: int, contributors: int, largest: int, k: int) -> bool:
    if count == 0:
        return True
    enough = min(contributors, count) >= k
    return enough and largest * DOMINANCE <= count

"""How a protected figure stands in a file of a pack: a number, or a * where it is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shelter_desk.desk.care_counts import HIDDEN
from shelter_desk.disclosure import SafeRelease, SafeTable

NO_VERSION = "no version that protects every resident could be made"
TOO_FEW = "too few residents behind it, or behind a figure that could be told with its help"
TOO_FEW_ITEMS = "too few residents behind a line of this file, or behind late or in time"
NONE_TO_DIVIDE_BY = "there was none to divide by"
NO_SUMMARY = "counts of residents stayed out: see file 17"


def tables_of(release: SafeRelease | None) -> Mapping[str, SafeTable]:
    """Return id -> table; nothing where no release may leave."""
    return {table.id: table for table in release.tables} if release else {}


def total(table: SafeTable | None) -> int | None:
    """Return the total, or None where it is withheld or there is no table."""
    return table.total if table else None


def line_of(table: SafeTable | None, code: str) -> tuple[int | None, ...] | None:
    """Return the figures of a line by its code, the total first where there are several."""
    if table is None:
        return None
    for at, row in enumerate(table.rows):
        if row.code == code:
            every = (table.row_totals[at],) if table.row_totals else ()
            return (*every, *table.cells[at])
    return None


def cell(table: SafeTable | None, code: str) -> int | None:
    """Return the first figure of a line, or None."""
    line = line_of(table, code)
    return line[0] if line else None


def figure(value: int | None) -> str:
    """Return a number with its thousands set apart, or the sign for withheld."""
    return HIDDEN if value is None else f"{value:,}"


def ratio(part: int | None, whole: int | None) -> str:
    """Return a part of a whole with one decimal; withheld where either is, or the whole is 0."""
    if part is None or not whole:
        return HIDDEN
    return f"{part / whole:.1f}"


def share(part: int | None, whole: int | None) -> str:
    """Return a part of a whole in percent; blank where either is withheld, or the whole is 0."""
    return "" if part is None or not whole else f"{100 * part / whole:.0f}"


def why_withheld(shown: Iterable[str], whole: int | None = None) -> str:
    """Return why a * stands among the figures of a line, or "" where none does.

    `whole` is what its share is of, where it has one: of 0 there is no share.
    """
    if HIDDEN not in shown:
        return ""
    return NONE_TO_DIVIDE_BY if whole == 0 else TOO_FEW

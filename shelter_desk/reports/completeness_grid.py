"""The completeness grid on paper: documents down, seven records across, row labels only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shelter_desk.domain import dated_papers as papers
from shelter_desk.domain.completeness import CompletenessGrid
from shelter_desk.domain.record_lines import (
    DECLINED,
    LEFT_OUT,
    MISSING,
    NOT_APPLICABLE,
    NOT_DUE,
    NOT_NEEDED,
    NOT_REACHED,
    PRESENT,
    PRESENT_LATE,
    WAITING,
)
from shelter_desk.reports import pdf
from shelter_desk.reports.blocks import (
    Block,
    Facts,
    Furniture,
    Heading,
    PageSize,
    Paper,
    Points,
    Table,
    Text,
    Tone,
)
from shelter_desk.reports.wording import plain_date

ACROSS = 7
_CELLS = {
    PRESENT: "here",
    PRESENT_LATE: "late",
    WAITING: "waits",
    MISSING: "MISSING",
    NOT_DUE: "not yet",
    DECLINED: "declined",
    NOT_APPLICABLE: "n/a",
    NOT_NEEDED: "no need",
    NOT_REACHED: "never",
    LEFT_OUT: "closed",
}
_NOT_OWED = (NOT_DUE, DECLINED, NOT_APPLICABLE, NOT_NEEDED, NOT_REACHED, LEFT_OUT)
_PAPER_CELLS = {
    papers.CURRENT: "here",
    papers.EXPIRING: "soon",
    papers.EXPIRED: "RAN OUT",
    papers.MISSING: "MISSING",
    "": "n/a",
}
_OF_PAPERS = (
    "here: it holds; soon: its last day is within 60 days; RAN OUT: that "
    "day has passed; MISSING: needed and not on file; n/a: not needed of this person."
)
_MEANINGS = (
    "here: done by its day; late: done, after its day; MISSING: its day passed, or they left.",
    "waits: deferred, blocked, or a signature is still to be given.",
    "not yet: its day is still to come; never: not due before they left; declined: not wanted.",
    "n/a: does not apply; no need: its service is not needed; closed: not open to whoever prints.",
    "Percent: here and late, of here, late, MISSING and waits.",
)
_NOTICE = (
    "The labels were drawn for this paper alone and stand for nobody anywhere else. For the visit "
    "named here only."
)


@dataclass(frozen=True, slots=True)
class GridSheet:
    """What is printed: for whom, about which time, made when, and the grids.

    `house` and `staff` are papers that run out, as they stand when it is made; `people` are the
    labels of staff, drawn for this paper alone.
    """

    shelter_label: str
    agency: str
    since_on: date
    until_on: date
    made_on: date
    grid: CompletenessGrid
    house: tuple[papers.PaperRow, ...] = ()
    staff: tuple[papers.PaperRow, ...] = ()
    people: tuple[str, ...] = ()


def grid_pdf(sheet: GridSheet, *, size: PageSize = PageSize.LETTER) -> bytes:
    """Return the grid as a PDF: sums first, then seven records to a table."""
    return pdf.make_pdf(grid_paper(sheet, size=size))


def grid_paper(sheet: GridSheet, *, size: PageSize = PageSize.LETTER) -> Paper:
    """Return the grid as a paper, not yet set."""
    return Paper(
        furniture=Furniture(
            title="Completeness of records",
            owner=sheet.shelter_label,
            notice=_NOTICE,
            subject=f"Completeness of records, {sheet.agency}",
        ),
        blocks=tuple(_blocks(sheet)),
        size=size,
    )


def _blocks(sheet: GridSheet) -> Iterator[Block]:
    grid = sheet.grid
    looked_at = f"{plain_date(sheet.since_on)} to {plain_date(sheet.until_on)}"
    yield Heading("Completeness of records")
    yield Text(f"{sheet.shelter_label} · for {sheet.agency}", Tone.MUTED)
    yield Facts(
        (
            ("Time looked at", f"{looked_at}, as of {plain_date(sheet.made_on)}"),
            ("Records", f"{grid.current} current, {grid.former} former"),
        )
    )
    yield Points(_MEANINGS)
    yield _sums(grid)
    for first in range(0, len(grid.labels), ACROSS):
        yield _records(grid, first)
    if sheet.house:
        yield _papers("Papers of the house", sheet.house, ("House",), 0)
    for first in range(0, len(sheet.people), ACROSS):
        last = min(first + ACROSS, len(sheet.people))
        title = f"Staff files {first + 1} to {last} of {len(sheet.people)}"
        yield _papers(title, sheet.staff, sheet.people, first)


def _papers(
    title: str, rows: tuple[papers.PaperRow, ...], labels: tuple[str, ...], first: int
) -> Table:
    last = first + ACROSS
    return Table(
        title,
        ("Paper", *labels[first:last]),
        tuple((row.title, *(_PAPER_CELLS[one] for one in row.states[first:last])) for row in rows),
        note=_OF_PAPERS if first == 0 else "",
    )


def _sums(grid: CompletenessGrid) -> Table:
    columns = ("Document", "Here", "Late", "Waits", "Missing", "Not owed", "Percent")
    rows = []
    for row in grid.rows:
        counts = row.counts
        not_owed = sum(counts[state] for state in _NOT_OWED)
        shown = (counts[PRESENT], counts[PRESENT_LATE], counts[WAITING], counts[MISSING], not_owed)
        percent = "" if row.percent is None else f"{row.percent} %"
        rows.append((row.title, *(str(count) for count in shown), percent))
    numeric = frozenset(range(1, len(columns)))
    return Table("All records together", columns, tuple(rows), numeric=numeric)


def _records(grid: CompletenessGrid, first: int) -> Table:
    part = grid.part(first, ACROSS)
    last = first + len(part.labels)
    return Table(
        f"Records {first + 1} to {last} of {len(grid.labels)}",
        ("Document", *part.labels),
        tuple((row.title, *(_CELLS[state] for state in row.states)) for row in part.rows),
    )

"""What may leave: safe tables, which only `protect` can build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from typing import Any

from shelter_desk.disclosure.layout import POPULATION_ID
from shelter_desk.disclosure.request import TOTAL, Label, TableRequest

_SEAL = object()

Line = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A table in which None stands for a withheld figure, whatever the reason.

    Args:
        row_totals: one per row, None for a one-way table.
        column_totals: one per column, None for a one-way table.
        total: sum of the cells; of a yes-no table, the residents each row splits. None: withheld.
        means: what is counted and of whom, in words for readers, or "".
        seal: proof that `protect` is the maker.
    """

    id: str
    title: str
    counted: str
    kind: str
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: tuple[Line, ...]
    row_totals: Line | None
    column_totals: Line | None
    total: int | None
    means: str
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only disclosure.protect() makes a SafeTable")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A table left out altogether, and why, in words for staff."""

    id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class SafeRelease:
    """Tables that leave together.

    Args:
        population_shown: residents in scope; at least 2k, so always shown.
        certificate: shareable; a function of what is published. JSON-able.
        proof: names the figures that had to be protected; stays in the store. JSON-able.
        shown: figures shown in the tables, totals included. withheld: figures withheld.
        fewest_proved: no safe pattern withholds fewer distinct figures.
        best_proved: no safe pattern withholds less, when a margin counts as three cells and the
            number of residents as a hundred (so that totals stay before details).
        dropped: tables left out because too few residents are behind them.
    """

    title: str
    period: str
    audience: str
    population_shown: int
    tables: tuple[SafeTable, ...]
    certificate: Mapping[str, Any]
    proof: Mapping[str, Any]
    shown: int
    withheld: int
    fewest_proved: bool
    best_proved: bool
    dropped: tuple[Dropped, ...]
    seal: InitVar[object]

    @property
    def known(self) -> dict[str, Any]:
        """Return what the next release must be protected against. It never leaves the store."""
        return known_of(self.certificate, self.proof)

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only disclosure.protect() makes a SafeRelease")


# The next rung of the ladder where no safe version was found, and nothing better is known.
COARSER = "Ask for a coarser version: fewer lines, a longer period, or the margins only."


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing leaves.

    Args:
        reason: a sentence for staff.
        rung: the step that refused: "population", "table", "family", "ledger", "search" or
            "certificate".
        next_rung: what to ask for instead, a sentence, or "".
    """

    reason: str
    rung: str
    next_rung: str = ""


def known_of(certificate: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """Put certificate and proof of a release together for the ledger of the next.

    Where figures are defined in raw values, the residents they were counted from stand beside
    them; `words` names the figures for staff.
    """
    known = {**certificate, "truth": proof["truth"], "tag": certificate["sha256"][:12]}
    known["words"] = proof.get("words", {})
    if "defined" in proof:
        known |= {"defined": proof["defined"], "people": proof["people"]}
    return known


def safe_table(table: TableRequest, values: Mapping[str, int | None]) -> SafeTable:
    """Lay published values out as the table they belong to; for `protect` alone."""

    def line(row: str) -> Line:
        return tuple(values[f"{table.id}/{row}/{column.code}"] for column in table.columns)

    row_totals: Line | None = None
    if table.two_way:
        row_totals = tuple(values[f"{table.id}/{row.code}/{TOTAL}"] for row in table.rows)
    total_id = POPULATION_ID if table.kind == "yes-no" else f"{table.id}/{TOTAL}/{TOTAL}"
    return SafeTable(
        id=table.id,
        title=table.title,
        counted=table.counted,
        kind=table.kind,
        rows=table.rows,
        columns=table.columns,
        cells=tuple(line(row.code) for row in table.rows),
        row_totals=row_totals,
        column_totals=line(TOTAL) if table.two_way else None,
        total=values[total_id],
        means=table.means,
        seal=_SEAL,
    )

"""From a pattern to what readers see of it: the last place where a true count can stand."""

from __future__ import annotations

from typing import Any

from shelter_desk.disclosure.certificate import Heading, Published
from shelter_desk.disclosure.events import EVERYTHING, counts_in, shown_parts
from shelter_desk.disclosure.layout import Layout
from shelter_desk.disclosure.public import PublicFigure
from shelter_desk.disclosure.request import TOTAL, ReleaseRequest, TableRequest
from shelter_desk.disclosure.solution import Solution


def publish(
    request: ReleaseRequest,
    tables: tuple[TableRequest, ...],
    layout: Layout,
    solution: Solution,
) -> Published:
    """Put together what readers will see; the true counts of blanks stop here.

    Args:
        request: the release.
        tables: those that leave.
        layout: the joint problem of the tables that count residents.
        solution: which of its figures are blank.
    """
    problem, settings = layout.problem, request.settings
    figures = []
    # After the figures of this release stand those of others that are out: not ours to show.
    for figure, blank in zip(problem.figures, solution.withheld, strict=False):
        if figure.offered:
            value = sum(problem.counts[atom] for atom in figure.atoms)
            shown = None if blank else value
            floor = max(settings.floor, problem.least.get(figure.id, 0))
            figures.append(PublicFigure(figure.id, figure.atoms, shown, floor))
    atoms = len(problem.atoms)
    for table in tables:
        if table.counted != "residents":
            figures += event_figures(table, atoms, settings.k)
            atoms += len(table.rows) * len(table.columns)
    return Published(
        heading=Heading(request.title, request.period, request.audience, request.beside),
        tables=tuple(_describe(table) for table in tables),
        atoms=atoms,
        impossible=frozenset(),
        figures=tuple(figures),
        differences=layout.differences,
        links=tuple((link.left, link.right) for link in problem.links),
        k=settings.k,
        floor=settings.floor,
        level=settings.level,
    )


def _describe(table: TableRequest) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "counted": table.counted,
        "kind": table.kind,
        "rule": "worlds" if table.counted == "residents" else "contributors",
        "rows": [label.code for label in table.rows],
        "columns": [label.code for label in table.columns],
        "behind": table.behind,
        "most_each": table.most_each,
        "along": list(_along(table)),
    }


def _along(table: TableRequest) -> tuple[str, str]:
    """Tell lines of one table from those of another that have the same codes."""
    if table.counted != "residents":
        return table.along
    if table.over is None or table.kind != "partition":
        return ("", "")
    if table.once:  # what it asked stays nowhere
        return (table.id, "")
    return (table.over.rows, table.over.columns)


def event_figures(table: TableRequest, first: int, k: int) -> list[PublicFigure]:
    """Lay out an event table from atom `first` on; what is blank there may be zero."""
    shown, width = shown_parts(table, k), len(table.columns)
    lines = [[first + r * width + c for c in range(width)] for r in range(len(table.rows))]
    parts: dict[str, tuple[int, ...]] = {}
    for row, line in zip(table.rows, lines, strict=True):
        parts |= {f"{row.code}/{c.code}": (a,) for c, a in zip(table.columns, line, strict=True)}
        if table.two_way:
            parts[f"{row.code}/{TOTAL}"] = tuple(line)
    for c, column in enumerate(table.columns if table.two_way else ()):
        parts[f"{TOTAL}/{column.code}"] = tuple(line[c] for line in lines)
    parts[EVERYTHING] = tuple(atom for line in lines for atom in line)
    counts = counts_in(table)
    return [
        PublicFigure(f"{table.id}/{at}", atoms, counts[at] if at in shown else None, 0)
        for at, atoms in parts.items()
    ]

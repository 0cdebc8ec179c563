"""The reader's model in parts: tables of other dimensions that share nothing but some margins.

A question about one table is answered from that table and the margins it shares with others,
where that is the whole answer: a model of 80 classes instead of 450.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.highs import Rows, load, rows_of
from shelter_desk.disclosure.model import FloatVector, IntVector
from shelter_desk.disclosure.reader import Reader
from shelter_desk.disclosure.system import System


@dataclass(frozen=True, slots=True)
class Part:
    """Some atoms, and the rows that say something about them alone.

    Args:
        atoms: positions in the problem.
        sources: per row, the figure whose bounds it has; a margin shared with another part stands
            in both. Links, which come after them, have none.
        shared: rows whose sum another part must have as well.
        place: figure -> its row.
        rows: the matrix over these atoms.
        reader: the model to ask.
    """

    atoms: IntVector
    sources: IntVector
    shared: IntVector
    place: dict[int, int]
    rows: Rows
    reader: Reader


def whole_of(system: System, effort: Effort) -> Part:
    """Return everything as one part, with its links; `effort` is told of every question."""
    links = [(link.left, link.right) for link in system.problem.links]
    everything = np.arange(len(system.open_atoms))
    rows = rows_of([row.tolist() for row in system.rows], links)
    sources = np.arange(system.size)
    none = np.zeros(0, dtype=np.int64)
    place = {figure: figure for figure in range(system.size)}
    reader = _reader(system, everything, (sources, rows), effort)
    return Part(everything, sources, none, place, rows, reader)


def parts_of(system: System, effort: Effort) -> list[Part]:
    """Take apart what only links hold together; one part alone is none."""
    if not system.problem.links:
        return []
    links = ((link.left, link.right) for link in system.problem.links)
    sides = [np.array(side, dtype=np.int64) for side in itertools.chain(*links)]
    classes = _classes(len(system.open_atoms), [*system.rows, *sides])
    names = np.unique(classes)
    if len(names) == 1:
        return []
    margins = _margins(system)
    return [_part(system, np.flatnonzero(classes == name), margins, effort) for name in names]


def _classes(atoms: int, rows: Iterable[IntVector]) -> IntVector:
    """Give atoms that one sum covers the same number."""
    classes = np.arange(atoms)
    for row in rows:
        if len(row):
            touched = np.unique(classes[row])
            if len(touched) > 1:
                classes[np.isin(classes, touched)] = touched[0]
    return classes


def _margins(system: System) -> list[tuple[IntVector, int]]:
    """List sums of atoms that are equal to a figure over other atoms, with that figure."""
    impossible = system.problem.structural_zeros
    figures = {frozenset(row.tolist()): index for index, row in enumerate(system.rows)}
    found = []
    for link in system.problem.links:
        for one, other in ((link.left, link.right), (link.right, link.left)):
            figure = figures.get(frozenset(other) - impossible)
            inside = np.array(sorted(set(one) - impossible), dtype=np.int64)
            if figure is not None and len(inside):
                found.append((inside, figure))
    return found


def _part(
    system: System, atoms: IntVector, margins: list[tuple[IntVector, int]], effort: Effort
) -> Part:
    inside = set(atoms.tolist())
    own = [i for i, row in enumerate(system.rows) if len(row) and int(row[0]) in inside]
    copies = [(row, figure) for row, figure in margins if set(row.tolist()) <= inside]
    local = np.zeros(len(system.open_atoms), dtype=np.int64)
    local[atoms] = np.arange(len(atoms))
    sums = [system.rows[i] for i in own] + [row for row, _ in copies]
    rows = rows_of([local[row].tolist() for row in sums], [])
    sources = np.array([*own, *(figure for _, figure in copies)], dtype=np.int64)
    sides = itertools.chain(*((link.left, link.right) for link in system.problem.links))
    hinges = {frozenset(side) - system.problem.structural_zeros for side in sides}
    shared = [n for n, row in enumerate(sums) if frozenset(row.tolist()) in hinges]
    place = {figure: n for n, figure in enumerate(own)}
    reader = _reader(system, atoms, (sources, rows), effort)
    return Part(atoms, sources, np.array(shared, dtype=np.int64), place, rows, reader)


def _reader(
    system: System, atoms: IntVector, known: tuple[IntVector, Rows], effort: Effort
) -> Reader:
    sources, rows = known
    exact = np.zeros(rows.count)
    exact[: len(sources)] = system.values[sources]
    upper: FloatVector = np.where(system.open_atoms[atoms], float(load().kHighsInf), 0.0)
    return Reader(rows, (exact, exact), upper, effort)

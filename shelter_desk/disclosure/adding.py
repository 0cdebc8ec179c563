"""What follows from rows by adding and subtracting them, exactly: worked out in fractions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

import numpy as np

from shelter_desk.disclosure.model import BoolVector, FloatVector

NEAR = 1e-7
Row = dict[int, Fraction]


class Sums:
    """Rows over atoms, each of which counts an atom once or not at all."""

    def __init__(self, inside: BoolVector) -> None:
        """Take the rows; one line of `inside` each."""
        self._inside, self._basis = inside, sums_of(inside)
        self._solved: dict[int, Row] | None = None

    def tell(self, atoms: Collection[int]) -> bool:
        """Tell whether the number in these atoms follows from the rows.

        Floating point says quickly where it does not, and is believed there: that costs a figure
        at most. That it does excuses a group from its proof, so it is worked out in fractions.
        """
        wanted = np.zeros(self._inside.shape[1])
        wanted[list(atoms)] = 1.0
        if np.abs(wanted - self._basis @ (self._basis.T @ wanted)).max(initial=0.0) >= NEAR:
            return False
        if self._solved is None:
            rows = [dict.fromkeys(np.flatnonzero(row).tolist(), 1) for row in self._inside]
            self._solved = reduced(rows, range(self._inside.shape[1]))
        return not rest_of(dict.fromkeys(map(int, atoms), 1), self._solved)


def sums_of(inside: BoolVector | FloatVector) -> FloatVector:
    """Return an orthonormal basis of all sums of some rows, as columns, in floating point."""
    if not len(inside):
        return np.zeros((inside.shape[1], 0))
    left, sizes, _ = np.linalg.svd(inside.T.astype(np.float64), full_matrices=False)
    basis: FloatVector = left[:, sizes > NEAR]
    return basis


def reduced(rows: Sequence[Mapping[int, int]], places: Collection[int]) -> dict[int, Row]:
    """Solve rows for one atom each: pivot -> row in which no other pivot stands.

    Args:
        rows: atom -> coefficient.
        places: the atoms that count.
    """
    solved: dict[int, Row] = {}
    for values in rows:
        row = rest_of({place: v for place, v in values.items() if place in places}, solved)
        if not row:
            continue
        pivot = min(row)
        first = row[pivot]
        row = {place: value / first for place, value in row.items()}
        for other in solved.values():
            if other.get(pivot):
                _take_away(other, row, other[pivot])
        solved[pivot] = row
    return solved


def rest_of(values: Mapping[int, int], solved: Mapping[int, Row]) -> Row:
    """Return what is left of a row when solved ones are taken off; nothing where they tell it."""
    row: Row = {place: Fraction(value) for place, value in values.items()}
    for pivot in [place for place in row if place in solved]:
        _take_away(row, solved[pivot], row[pivot])
    return row


def _take_away(row: Row, other: Row, times: Fraction) -> None:
    for place, value in other.items():
        left = row.get(place, Fraction(0)) - times * value
        if left:
            row[place] = left
        else:
            row.pop(place, None)

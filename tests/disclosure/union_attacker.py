"""The second attacker with every file the shelter ever released on the table at once.

It shares no code with the engine: scipy, the bytes of the CSV files, and what the words on them
mean in raw values. Classes are the finest cells the files tell apart between them; a shown figure
is an equation, a blank is at least 1. Any group of classes can be asked about.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

Class = tuple[str, ...]
Counts = Callable[[str, str], Iterable[Class]]


class Union:
    """What one reader of all the files knows about residents of these classes."""

    def __init__(self, classes: Iterable[Class]) -> None:
        self.place = {one: n for n, one in enumerate(classes)}
        self._rows: list[list[int]] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._matrix: csr_array | None = None
        # Residents that fit all that is known, each added up: they answer for other groups too.
        self._ways: list[npt.NDArray[np.float64]] = []

    def reads(self, summary_csv: bytes, counts: Counts) -> int:
        """Take in a file; `counts` says which classes (row code, column code) is about."""
        taken = 0
        for line in csv.DictReader(io.StringIO(summary_csv.decode("utf-8"))):
            if line["counted"] != "residents":
                continue
            inside = sorted({self.place[c] for c in counts(line["row_code"], line["column_code"])})
            blank = line["value"] == "*"
            self.knows(inside, 1 if blank else int(line["value"]), None if blank else 0)
            taken += 1
        return taken

    def knows(self, inside: list[int], least: int, above: int | None) -> None:
        """So many in these classes: at least `least`, and at most `above` more (None: any)."""
        self._rows.append(inside)
        self._low.append(least)
        self._high.append(np.inf if above is None else least + above)
        self._matrix, self._ways = None, []

    def furthest(self, group: Iterable[int], sign: int) -> float:
        """Return the least (1) or greatest (-1) number of residents there can be in a group."""
        cost = np.zeros(len(self.place))
        cost[list(group)] = sign
        matrix = self._matrix if self._matrix is not None else self._known()
        found = milp(
            cost, constraints=LinearConstraint(matrix, self._low, self._high),
            integrality=np.ones(len(cost)), options={"time_limit": 20},
        )  # fmt: skip
        if found.x is None:
            return np.inf
        way = np.rint(found.x)
        sums = matrix @ way
        if (way >= 0).all() and (sums >= self._low).all() and (sums <= self._high).all():
            self._ways.append(way)
        return float(way[list(group)].sum())

    def _known(self) -> csr_array:
        starts = np.cumsum([0, *map(len, self._rows)])
        flat = [n for row in self._rows for n in row]
        shape = (len(self._rows), len(self.place))
        self._matrix = csr_array((np.ones(len(flat)), flat, starts), shape=shape)
        return self._matrix

    def tells(self, group: Iterable[int], k: int) -> str:
        """Return "exact", "small" or "" for what can be shown of a group that is not empty."""
        group = list(group)
        if any(way[group].sum() >= k for way in self._ways):
            return ""
        most = self.furthest(group, -1)
        if most >= k:
            return ""
        return "exact" if self.furthest(group, 1) == most else "small"

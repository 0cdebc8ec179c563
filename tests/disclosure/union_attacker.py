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

    def furthest(self, group: Iterable[int], sign: int) -> float:
        """Return the least (1) or greatest (-1) number of residents there can be in a group."""
        cost = np.zeros(len(self.place))
        cost[list(group)] = sign
        starts = np.cumsum([0, *map(len, self._rows)])
        flat = [n for row in self._rows for n in row]
        matrix = csr_array((np.ones(len(flat)), flat, starts), shape=(len(self._rows), len(cost)))
        found = milp(
            cost, constraints=LinearConstraint(matrix, self._low, self._high),
            integrality=np.ones(len(cost)), options={"time_limit": 20},
        )  # fmt: skip
        return np.inf if found.x is None else float(np.rint(found.x)[list(group)].sum())

    def tells(self, group: Iterable[int], k: int) -> str:
        """Return "exact", "small" or "" for what can be shown of a group that is not empty."""
        group = list(group)
        most = self.furthest(group, -1)
        if most >= k:
            return ""
        return "exact" if self.furthest(group, 1) == most else "small"

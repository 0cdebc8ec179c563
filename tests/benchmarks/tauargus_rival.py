"""The same table through tau-ARGUS (`pytauargus`, installed apart: only this benchmark uses it).

Rule and cost are set as ours: a cell of fewer than k residents is unsafe, every blank costs the
same. It protects one table without unions of codes; linked and deep tables are left out.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shelter_desk.disclosure.families import EVERY, Family, Person
from shelter_desk.disclosure.model import Problem

# Protection range in percent: the wider one asks for more around every small cell.
RANGES = (30, 100)
UNITY = "-2"
TOTAL = "Total"
ONE = "one"

Audit = Callable[[Problem, set[str]], tuple[int, int]]


@dataclass(frozen=True)
class Pattern:
    """What it withholds with one protection range, and what an audit finds in that."""

    withheld: int
    exact: int
    small: int
    cpu_s: float

    def __str__(self) -> str:
        """As the print has it."""
        return f"{self.withheld} ({self.exact} exact, {self.small} small, {self.cpu_s:.2f} s)"


def patterns(
    family: Family, people: Sequence[Person], problem: Problem, audit: Audit
) -> list[Pattern]:
    """Return its pattern for each range; none of a table that it is not asked for."""
    (names, *others) = family.tables
    if others or any(dimension.unions for dimension in family.dimensions):
        return []
    columns: dict[str, list[object]] = {
        name.replace(" ", "_"): [person[name] for person in people] for name in names
    }
    columns[ONE] = [1.0] * len(people)
    found = []
    for percent in RANGES:
        begun = time.process_time()
        blank = _blank(columns, names, f"FREQ({problem.settings.k},{percent})")
        seconds = time.process_time() - begun
        exact, small = audit(problem, blank)
        found.append(Pattern(len(blank), exact, small, seconds))
    return found


def _blank(columns: dict[str, list[object]], names: Sequence[str], rule: str) -> set[str]:
    """Return the names of the figures that tau-ARGUS withholds."""
    from pytauargus import protect  # noqa: PLC0415 - only there when installed

    plain = [name.replace(" ", "_") for name in names]
    with tempfile.TemporaryDirectory() as place, open(os.devnull, "w") as nothing:
        # It leaves files where it is started, whatever folder it is given for its work.
        with contextlib.redirect_stdout(nothing), contextlib.chdir(place):
            result = protect(
                columns, plain, response=ONE, safety_rules=rule, suppress="OPT(1)",
                cost_var=UNITY, workdir=place,
            )  # fmt: skip
        table = result.tables[0]
        rows = table.dataframe()
        rows = rows if isinstance(rows, list) else rows.to_dict("records")
        safe = table.safe()
    blank = set()
    for row, value in zip(rows, safe, strict=True):
        if value == "x":
            codes = [str(row[name]).strip() for name in plain]
            named = sorted(f"{n}={c}" for n, c in zip(names, codes, strict=True) if c != TOTAL)
            blank.add(", ".join(named) or EVERY)
    return blank

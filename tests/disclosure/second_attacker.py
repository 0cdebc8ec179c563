"""A second attacker, written apart from the engine: scipy, and the bytes of a summary alone.

It reads `summary.csv` as anybody would and knows what the words mean: totals are sums, a blank is
not zero, every resident is in one age band, those admitted are some of those served, and a row of
services splits the residents in two. For every count of residents that is blank, and for every
rest it can name, it looks for the greatest value that fits.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array, vstack

TOTAL = "total"


@dataclass
class Reader:
    """What one reader knows: variables for cells, and equations over them."""

    k: int
    names: dict[str, int] = field(default_factory=dict)
    equations: list[tuple[dict[str, int], float, float]] = field(default_factory=list)
    groups: dict[str, dict[str, int]] = field(default_factory=dict)
    # What is known as a matrix, and ways it can all be true, each added up: they answer for every
    # group, not only for the one they were looked for.
    _matrix: csr_array | None = None
    _ways: list[np.ndarray] = field(default_factory=list)

    def variable(self, name: str) -> str:
        self.names.setdefault(name, len(self.names))
        return name

    def knows(self, terms: Mapping[str, int], least: float, most: float) -> None:
        for name in terms:
            self.variable(name)
        self._matrix, self._ways = None, []
        self.equations.append((dict(terms), least, most))

    def rest(self, name: str, whole: Mapping[str, int], part: Mapping[str, int]) -> None:
        """Those in `whole` who are not in `part`: never fewer than nobody, and a group."""
        terms = dict(whole)
        for cell, sign in part.items():
            terms[cell] = terms.get(cell, 0) - sign
        self.knows(terms, 0, np.inf)
        self.groups[name] = terms

    def fits(self, terms: Mapping[str, int], least: int) -> bool:
        """Tell whether a group can have at least so many, by everything known."""
        if self._matrix is None:
            self._matrix = _rows([known for known, _, _ in self.equations], self.names)
        group = _rows([terms], self.names)
        if any((group @ way)[0] >= least for way in self._ways):
            return True
        matrix = vstack([self._matrix, group], format="csr")
        low = [*(e[1] for e in self.equations), least]
        high = [*(e[2] for e in self.equations), np.inf]
        size = len(self.names)
        found = milp(
            np.zeros(size), constraints=LinearConstraint(matrix, low, high),
            integrality=np.ones(size),
        )  # fmt: skip
        if found.x is None:
            return False
        way = np.rint(found.x)
        values = matrix @ way
        if not ((values >= low).all() and (values <= high).all() and (way >= 0).all()):
            return False
        self._ways.append(way)
        return True

    def small(self) -> list[str]:
        """The groups that can be shown to cover somebody, and fewer than k; nobody is no group."""
        return [
            name
            for name, terms in self.groups.items()
            if not self.fits(terms, self.k) and self.fits(terms, 1)
        ]


def _rows(rows: list[dict[str, int]], names: Mapping[str, int]) -> csr_array:
    columns = [names[name] for row in rows for name in row]
    values = [sign for row in rows for sign in row.values()]
    starts = np.cumsum([0, *map(len, rows)])
    return csr_array((values, columns, starts), shape=(len(rows), len(names)))


def read(summary_csv: bytes, parts: Mapping[str, str], k: int) -> Reader:
    """Take everything in that a summary tells of residents.

    Args:
        summary_csv: the file. k: smallest group that may be known.
        parts: table -> which residents it counts ("served": all; "yes-no": a row splits all).
    """
    reader, tables = Reader(k), {}
    for line in csv.DictReader(io.StringIO(summary_csv.decode("utf-8"))):
        if line["counted"] == "residents":
            table = line["figure"].split("/")[0]
            value = None if line["value"] == "*" else int(line["value"])
            tables.setdefault(table, {})[line["row_code"], line["column_code"]] = value
    everybody: dict[str, int] = {}
    population = tables.pop("release", {}).get((TOTAL, TOTAL))
    for table, cells in tables.items():
        _take(reader, table, cells, is_split=parts[table] == "yes-no")
        if parts[table] == "served" and not everybody:
            everybody = {f"{table}/{r}/{c}": 1 for r, c in cells if TOTAL not in (r, c)}
    if population is not None:
        reader.knows(everybody, population, population)
    for table, cells in tables.items():
        _compare(reader, tables, parts, table, cells, everybody)
    return reader


def _take(
    reader: Reader, table: str, cells: Mapping[tuple[str, str], int | None], *, is_split: bool
) -> None:
    body = [cell for cell in cells if TOTAL not in cell]
    for (row, column), value in cells.items():
        inside = [c for c in body if row in (c[0], TOTAL) and column in (c[1], TOTAL)]
        if is_split:
            inside = [(row, column)]
        terms = {f"{table}/{r}/{c}": 1 for r, c in inside}
        reader.knows(terms, 1 if value is None else value, np.inf if value is None else value)
        reader.groups[f"{table}/{row}/{column}"] = terms


def _compare(
    reader: Reader,
    tables: Mapping[str, Mapping[tuple[str, str], int | None]],
    parts: Mapping[str, str],
    table: str,
    cells: Mapping[tuple[str, str], int | None],
    everybody: Mapping[str, int],
) -> None:
    first = next(name for name, part in parts.items() if part == "served" and name in tables)
    rows = {row for row, _ in tables[first]} - {TOTAL}
    if parts[table] == "yes-no":
        for row, column in cells:
            name = f"{table}/{row}/{column}"
            reader.rest(f"not {name}", everybody, {name: 1})
        return
    if parts[table] != "served":
        inside = {f"{table}/{r}/{c}": 1 for r, c in cells if TOTAL not in (r, c)}
        reader.rest(f"not {table}", everybody, inside)
    along = 0 if rows == {row for row, _ in cells} - {TOTAL} else 1
    for code in rows:
        here = {
            f"{table}/{r}/{c}": 1
            for r, c in cells
            if TOTAL not in (r, c) and code == (r, c)[along]
        }
        there = {f"{first}/{r}/{c}": 1 for r, c in tables[first] if r == code and c != TOTAL}
        if not here or here == there:
            continue
        if parts[table] == "served":
            difference = dict(here)
            for name, sign in there.items():
                difference[name] = difference.get(name, 0) - sign
            reader.knows(difference, 0, 0)
        else:
            reader.rest(f"not {table}, {code}", there, here)

"""From the tables of one release to one joint problem.

Every table gets atoms of its own, one per cell. What readers know to be equal is made equal: a
margin that two tables share is one figure over the atoms of the first table, and a link ties the
second table's cells to it. Tables share a margin when they count the same residents, have the same
codes and the same values; linking too much only leaves fewer worlds to prove safety with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shelter_desk.disclosure.clusters import tree_of
from shelter_desk.disclosure.model import Figure, Fixed, Link, Problem, ProblemError
from shelter_desk.disclosure.request import (
    RELEASE,
    SERVED,
    SLICE,
    TOTAL,
    ReleaseRequest,
    TableRequest,
    population_of,
)
from shelter_desk.disclosure.sums import sums_between

CELL_WEIGHT, MARGIN_WEIGHT, TOTAL_WEIGHT = 1, 3, 100
POPULATION_ID = f"{RELEASE}/{TOTAL}/{TOTAL}"

Atoms = tuple[int, ...]
# Which residents, along which set of codes, with which code ("" for all of them).
Key = tuple[str, frozenset[str], str]
YES_NO = ("yes", "no")
NO_CODES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """What a reader gets by subtracting one figure from another: a group of residents as well."""

    id: str
    atoms: Atoms
    whole: str
    part: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The joint problem and the differences behind its figures that are never offered."""

    problem: Problem
    differences: tuple[Difference, ...]


def lay_out(request: ReleaseRequest, tables: tuple[TableRequest, ...]) -> Layout:
    """Build the joint problem of the tables that count residents.

    Raises:
        ProblemError: tables contradict each other or the population.
        FamilyError: tables share lines in a ring.
    """
    if not request.is_compared:  # else what the figures count is looked at, see `comparing`
        tree_of([_crossed(request, table) for table in tables if table.kind == "partition"])
    builder = _Builder(request)
    for table in tables:
        if table.kind == "partition":
            builder.partition(table)
    if any(table.counted == "residents" for table in request.tables):
        builder.population()
    for table in tables:
        if table.kind == "yes-no":
            builder.yes_no(table)
    sums = sums_between(tables, builder.figures) if request.is_compared else []
    builder.parts(sums)
    builder.links += sums
    return Layout(builder.problem(), tuple(builder.differences))


class _Builder:
    def __init__(self, request: ReleaseRequest) -> None:
        self._request = request
        self._atoms: list[str] = []
        self._counts: list[int] = []
        self.figures: list[Figure] = []
        self.links: list[Link] = []
        self._known: dict[Key, tuple[Atoms, str]] = {}
        self.differences: list[Difference] = []
        self._also: set[str] = set()
        self._totals_of_once: set[str] = set()

    def problem(self) -> Problem:
        shown = {POPULATION_ID, *self._request.keep_shown, *self._totals_of_once}
        return Problem(
            atoms=tuple(self._atoms),
            counts=tuple(self._counts),
            figures=tuple(self.figures),
            settings=self._request.settings,
            links=tuple(self.links),
            # At least 2k residents, and neighbours may know how many: shown in any case.
            fixed={f.id: Fixed.PUBLISHED for f in self.figures if f.id in shown},
            also=frozenset(self._also),
        )

    def partition(self, table: TableRequest) -> None:
        """Add a table in which every resident of its population is in one cell."""
        people = population_of(self._request, table)
        if people == SERVED and table.total != self._request.population:
            raise ProblemError(f"{table.title}: not every resident is counted once")
        codes = _row_codes(table)
        keys = [(people, frozenset(codes), code) for code in codes]
        if table.two_way:
            row_sets, column_sets = self._cells(table, people)
            codes = _column_codes(table)
            column_keys = [(people, frozenset(codes), code) for code in codes]
            row_ids = [f"{table.id}/{label.code}/{TOTAL}" for label in table.rows]
            column_ids = [f"{table.id}/{TOTAL}/{label.code}" for label in table.columns]
            self._line(table, keys, row_sets, row_ids, MARGIN_WEIGHT)
            self._line(table, column_keys, column_sets, column_ids, MARGIN_WEIGHT)
        else:
            ids = [f"{table.id}/{label.code}/{table.columns[0].code}" for label in table.rows]
            counts = [row[0] for row in table.cells]
            row_sets = self._line(table, keys, self._alone(keys, ids, counts), ids, CELL_WEIGHT)
        everybody = tuple(atom for row in row_sets for atom in row)
        total_id = f"{table.id}/{TOTAL}/{TOTAL}"
        self._line(table, [(people, NO_CODES, "")], [everybody], [total_id], TOTAL_WEIGHT)
        if table.once:
            self._totals_of_once.add(total_id)

    def population(self) -> None:
        """Add the number of residents in scope, which yes-no rows split."""
        key = (SERVED, NO_CODES, "")
        if key not in self._known:
            atom = self._atom(POPULATION_ID, self._request.population)
            self._known[key] = ((atom,), POPULATION_ID)
        atoms, _ = self._known[key]
        self.figures.append(
            Figure(POPULATION_ID, atoms, TOTAL_WEIGHT, label="the number of residents")
        )

    def yes_no(self, table: TableRequest) -> None:
        """Add a table in which each row splits the population; the rest is protected too."""
        everybody, whole = self._known[(SERVED, NO_CODES, "")][0], POPULATION_ID
        for label, (count,) in zip(table.rows, table.cells, strict=True):
            if count > self._request.population:
                raise ProblemError(f"{table.title}: more residents than there are")
            part = f"{table.id}/{label.code}/{table.columns[0].code}"
            words = f"{table.title}: {label.label}"
            split = self._split(label.code, count)
            atoms = split[0] if split else (self._atom(part, count),)
            self.figures.append(Figure(part, atoms, CELL_WEIGHT, label=words))
            if table.sensitive and not label.is_harmless and count == self._request.population:
                self._also |= {part, f"not:{part}"}  # everybody: nobody may be able to say it
            if split:
                self._differ(f"not:{part}", split[1], whole, part)
            else:
                self._rest(atoms, everybody, whole, part, self._request.population - count)

    def _split(self, code: str, count: int) -> tuple[Atoms, Atoms] | None:
        """Find the two-way table that shows the same yes and no, see `TableRequest.id`."""
        codes = [f"{code}?{answer}" for answer in YES_NO]
        keys = [(SERVED, frozenset(codes), one) for one in codes]
        if any(key not in self._known for key in keys) or self._sum(keys[0]) != count:
            return None
        return self._known[keys[0]][0], self._known[keys[1]][0]

    def parts(self, sums: Sequence[Link]) -> None:
        """Tie every part of the residents (those admitted ...) to all of them, code by code.

        What is not in one slice is in the others; where these are shown they add up, see `sums`.
        """
        added_up = [set(side) for link in sums for side in (link.left, link.right)]
        for people in dict.fromkeys(key[0] for key in self._known):
            everybody = set(self._known[(people, NO_CODES, "")][0])
            is_slice = people.startswith(SLICE) and any(everybody <= side for side in added_up)
            if people == SERVED or is_slice:
                continue
            shared = [c for c in self._codes(people) if c and self._fits(people, c)]
            for codes in shared:
                for code in sorted(codes):
                    self._part((people, codes, code))
            if not shared:
                self._part((people, NO_CODES, ""))
            else:
                self._rest_total(people, shared[0])

    def _codes(self, people: str) -> list[frozenset[str]]:
        return list(dict.fromkeys(key[1] for key in self._known if key[0] == people))

    def _fits(self, people: str, codes: frozenset[str]) -> bool:
        """Tell whether all residents are shown along the same codes, and cover the part."""
        pairs = [((people, codes, c), (SERVED, codes, c)) for c in codes]
        return all(w in self._known and self._sum(p) <= self._sum(w) for p, w in pairs)

    def _part(self, key: Key) -> None:
        (part_atoms, part), (atoms, whole) = self._known[key], self._known[(SERVED, *key[1:])]
        rest = self._sum((SERVED, *key[1:])) - self._sum(key)
        if rest < 0:
            raise ProblemError("a part of the residents is larger than all of them")
        self._rest(part_atoms, atoms, whole, part, rest)

    def _rest_total(self, people: str, codes: frozenset[str]) -> None:
        part = self._known[(people, NO_CODES, "")][1]
        names = {f"not:{self._known[(people, codes, code)][1]}" for code in codes}
        atoms = tuple(a for d in self.differences if d.id in names for a in d.atoms)
        self._differ(f"not:{part}", atoms, POPULATION_ID, part)

    def _rest(self, part_atoms: Atoms, atoms: Atoms, whole: str, part: str, count: int) -> None:
        rest = self._atom(f"not:{part}", count)
        self.links.append(Link((*part_atoms, rest), atoms))
        self._differ(f"not:{part}", (rest,), whole, part)

    def _differ(self, name: str, atoms: Atoms, whole: str, part: str) -> None:
        words = next((one.label for one in self.figures if one.id == part and one.label), part)
        self.figures.append(Figure(name, atoms, 0, offered=False, label=f"those not in {words}"))
        self.differences.append(Difference(name, atoms, whole, part))

    def _cells(self, table: TableRequest, people: str) -> tuple[list[Atoms], list[Atoms]]:
        """Add the cells of a two-way table; return their atoms by row and by column."""
        columns = _column_codes(table)
        named = [(row, column) for row in _row_codes(table) for column in columns]
        codes = [_pair(pair, named) for pair in named]
        keys = [(people, frozenset(codes), code) for code in codes]
        counts = [count for row in table.cells for count in row]
        ids = [f"{table.id}/{r.code}/{c.code}" for r in table.rows for c in table.columns]
        cells = self._line(table, keys, self._alone(keys, ids, counts), ids, CELL_WEIGHT)
        width = len(table.columns)
        lines = [cells[start : start + width] for start in range(0, len(cells), width)]
        rows = [tuple(a for cell in line for a in cell) for line in lines]
        return rows, [tuple(a for line in lines for a in line[c]) for c in range(width)]

    def _alone(self, keys: list[Key], ids: list[str], counts: list[int]) -> list[Atoms]:
        """Return atoms for cells: those another table has for the same people, or new ones."""
        if all(k in self._known for k in keys) and [self._sum(k) for k in keys] == counts:
            return [self._known[key][0] for key in keys]
        return [(self._atom(name, count),) for name, count in zip(ids, counts, strict=True)]

    def _line(
        self, table: TableRequest, keys: list[Key], sets: list[Atoms], ids: list[str], weight: int
    ) -> list[Atoms]:
        """Add a line of figures that other tables may share; return the atoms they stand on."""
        sums = [sum(self._counts[a] for a in atoms) for atoms in sets]
        known = all(k in self._known for k in keys) and [self._sum(k) for k in keys] == sums
        found = []
        for key, atoms, name in zip(keys, sets, ids, strict=True):
            stands_on = self._known[key][0] if known else atoms
            if set(stands_on) != set(atoms):
                self.links.append(Link(atoms, stands_on))
            self._known.setdefault(key, (stands_on, name))
            words = f"{table.title}: {_spoken(table, name)}"
            self.figures.append(Figure(name, stands_on, weight, label=words))
            found.append(stands_on)
        return found

    def _sum(self, key: Key) -> int:
        return sum(self._counts[atom] for atom in self._known[key][0])

    def _atom(self, name: str, count: int) -> int:
        self._atoms.append(name)
        self._counts.append(count)
        return len(self._atoms) - 1


def _spoken(table: TableRequest, name: str) -> str:
    """Name a figure by the labels of its row and column."""
    _, row, column = name.split("/")
    rows = {label.code: label.label for label in table.rows}
    columns = {label.code: label.label for label in table.columns} if table.two_way else {}
    parts = [rows.get(row, ""), columns.get(column, "")]
    return ", ".join(part for part in parts if part) or "total"


def _crossed(request: ReleaseRequest, table: TableRequest) -> frozenset[str]:
    """Name what a table crosses: the codes of its lines, and whose residents it counts."""
    people = population_of(request, table)
    lines = [_row_codes(table), *([_column_codes(table)] if table.two_way else [])]
    whose = set() if people == SERVED else {people}
    return frozenset(whose | {" ".join(sorted(codes)) for codes in lines})


def _row_codes(table: TableRequest) -> list[str]:
    """Give the codes of the rows, with the dimension where it is known."""
    dimension = f"{table.over.rows}=" if table.over is not None else ""
    return [f"{dimension}{label.code}" for label in table.rows]


def _column_codes(table: TableRequest) -> list[str]:
    """Give the codes of the columns; yes and no mean something else in every table."""
    codes = [label.code for label in table.columns]
    if set(codes) == set(YES_NO):
        return [f"{table.id}?{code}" for code in codes]
    dimension = f"{table.over.columns}=" if table.over is not None else ""
    return [f"{dimension}{code}" for code in codes]


def _pair(pair: tuple[str, str], pairs: list[tuple[str, str]]) -> str:
    """Name a cell alike in a table and in its transpose, unless rows and columns share codes."""
    mixed = {row for row, _ in pairs} & {column for _, column in pairs}
    return "/".join(pair if mixed else sorted(pair))

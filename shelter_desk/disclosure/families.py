"""Families of tables over the same residents, as one problem.

A table crosses up to three dimensions, each with its codes, named unions of codes (a hierarchy)
and a total. Several tables are linked around a centre: every two of them share the same dimensions
and no other. Then tables that agree on what they share always fit together to one set of
residents, in whole numbers too, so atoms per table and equal shared margins say exactly what a
reader knows. Tables that share dimensions in a ring (AB, BC, AC) do not have this property; to
treat them apart would think too little of the reader, so they are refused.

Source: Vorob'ev, Theory of Probability and its Applications 7 (1962), on consistent margins of
decomposable families; Lauritzen, Graphical Models (1996).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shelter_desk.disclosure.model import Figure, Link, Problem, ProblemError, Settings

MOST_DIMENSIONS = 3
EVERY = "*"

Person = Mapping[str, str]
Sets = dict[tuple[str, ...], frozenset[tuple[str, ...]]]


class FamilyError(ProblemError):
    """Tables that cannot be protected together; `next_rung` is what to ask for instead."""

    def __init__(self, reason: str, next_rung: str) -> None:
        super().__init__(f"{reason} {next_rung}")
        self.reason, self.next_rung = reason, next_rung


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way of telling residents apart.

    Args:
        name: of the dimension. codes: the finest classes; everybody is in one of them.
        unions: name -> codes that are shown together as well.
    """

    name: str
    codes: tuple[str, ...]
    unions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def nodes(self) -> dict[str, frozenset[str]]:
        """Return what a table shows along this dimension: codes, unions and everybody."""
        nodes = {code: frozenset((code,)) for code in self.codes}
        nodes |= {name: frozenset(codes) for name, codes in self.unions.items()}
        return nodes | {EVERY: frozenset(self.codes)}


@dataclass(frozen=True, slots=True)
class Family:
    """Tables to protect together.

    Args:
        dimensions: all that are used. tables: the names of the dimensions each table crosses.
        impossible: tells classes in which nobody can be, by dimension -> code.
    """

    dimensions: tuple[Dimension, ...]
    tables: tuple[tuple[str, ...], ...]
    impossible: Callable[[Person], bool] | None = None

    def __post_init__(self) -> None:
        """Refuse what the method does not cover.

        Raises:
            FamilyError: four-way tables, and tables that share dimensions in a ring.
        """
        known = {dimension.name for dimension in self.dimensions}
        for table in self.tables:
            if len(set(table)) != len(table) or not set(table) <= known:
                raise ProblemError(f"{' × '.join(table)}: a dimension is not known, or is twice")
            if len(table) > MOST_DIMENSIONS:
                raise FamilyError(
                    f"{' × '.join(table)}: no safe version of a table of {len(table)} dimensions "
                    "can be found in reasonable time.",
                    f"Ask for tables of at most {MOST_DIMENSIONS} of them.",
                )
        pairs = itertools.combinations(self.tables, 2)
        if len({frozenset(one) & frozenset(other) for one, other in pairs}) > 1:
            raise FamilyError(
                "These tables share dimensions in a ring, and a reader knows more from them "
                "together than from any two.",
                "Ask for tables that all share one dimension, or for their margins only.",
            )


def problem_of(family: Family, people: Sequence[Person], settings: Settings) -> Problem:
    """Count people into the tables of a family.

    Args:
        family: the tables.
        people: dimension -> code, for every resident. No names.
        settings: how strictly to protect.

    Raises:
        ProblemError: a code is not known, or somebody is where nobody can be.
    """
    builder = _Builder(family, people)
    for table in family.tables:
        builder.add(table)
    return builder.problem(settings)


class _Builder:
    def __init__(self, family: Family, people: Sequence[Person]) -> None:
        self._family, self._people = family, people
        self._dimensions = {dimension.name: dimension for dimension in family.dimensions}
        self._atoms: list[str] = []
        self._counts: list[int] = []
        self._zeros: set[int] = set()
        self._figures: dict[str, Figure] = {}
        self._links: list[Link] = []

    def problem(self, settings: Settings) -> Problem:
        return Problem(
            atoms=tuple(self._atoms),
            counts=tuple(self._counts),
            figures=tuple(self._figures.values()),
            settings=settings,
            links=tuple(self._links),
            structural_zeros=frozenset(self._zeros),
        )

    def add(self, table: tuple[str, ...]) -> None:
        """Add a table: its finest cells as atoms, and a figure for every shown combination."""
        place = self._cells(table)
        nodes = [self._dimensions[name].nodes() for name in table]
        for combination in itertools.product(*nodes):
            sets = [node[code] for node, code in zip(nodes, combination, strict=True)]
            atoms = tuple(
                place[cell] for cell in itertools.product(*map(sorted, sets)) if cell in place
            )
            named = zip(table, combination, strict=True)
            name = ", ".join(sorted(f"{d}={c}" for d, c in named if c != EVERY)) or EVERY
            known = self._figures.get(name)
            if known is None:
                self._figures[name] = Figure(name, atoms, label=name)
            elif set(known.atoms) != set(atoms):  # a margin that another table has as well
                self._links.append(Link(atoms, known.atoms))

    def _cells(self, table: tuple[str, ...]) -> dict[tuple[str, ...], int]:
        """Add the atoms of a table; return cell -> atom."""
        counted = Counter(tuple(person[name] for name in table) for person in self._people)
        place: dict[tuple[str, ...], int] = {}
        for cell in itertools.product(*(self._dimensions[name].codes for name in table)):
            place[cell] = len(self._atoms)
            self._atoms.append(" × ".join(f"{d}={c}" for d, c in zip(table, cell, strict=True)))
            self._counts.append(counted.pop(cell, 0))
            person = dict(zip(table, cell, strict=True))
            if self._family.impossible is not None and self._family.impossible(person):
                self._zeros.add(place[cell])
        if counted:
            raise ProblemError(f"{next(iter(counted))}: somebody has a code that is not known")
        return place


def unduplicated(
    dimension: Dimension,
    spans: Mapping[str, tuple[int, int]],
    stays: Sequence[tuple[str, int, int]],
    settings: Settings,
) -> Problem:
    """Count who was there in each span of months, once per span, by one dimension.

    Such counts do not add up over spans: somebody who stayed from January to March is in three
    months, in one quarter and once in the year. Atoms are the code crossed with the first and the
    last month of a stay; every interval that could be is one.

    Args:
        dimension: by which the residents are told apart.
        spans: name -> first and last month, counted from 0 ("2026-Q2": (3, 5)).
        stays: code, first and last month of every resident.
        settings: how strictly to protect.
    """
    months = 1 + max(last for _, last in spans.values())
    intervals = [(i, j) for i in range(months) for j in range(i, months)]
    counted = Counter(stays)
    cells = [(code, i, j) for code in dimension.codes for i, j in intervals]
    if set(counted) - set(cells):
        raise ProblemError(f"{sorted(set(counted) - set(cells))[0]}: this stay cannot be")
    place = {cell: n for n, cell in enumerate(cells)}
    figures = [
        Figure(
            f"{span}, {dimension.name}={node}",
            tuple(
                place[code, i, j]
                for code in sorted(codes)
                for i, j in intervals
                if i <= last and j >= first
            ),
        )
        for span, (first, last) in spans.items()
        for node, codes in dimension.nodes().items()
    ]
    return Problem(
        atoms=tuple(f"{code} from {i} to {j}" for code, i, j in cells),
        counts=tuple(counted[cell] for cell in cells),
        figures=tuple(figures),
        settings=settings,
    )

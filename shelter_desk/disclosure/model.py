"""What a table problem is: atoms, figures over them, what is fixed, and what must be protected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

IntVector = npt.NDArray[np.int64]
FloatVector = npt.NDArray[np.float64]
BoolVector = npt.NDArray[np.bool_]

LEVELS = ("interval", "exact")


class ProblemError(ValueError):
    """The table as asked for contradicts itself; the message says where."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How strictly to protect.

    Args:
        k: smallest count that may be shown; at least 2.
        floor: 1 when every zero is printed, so that a reader knows a blank is not zero ("strict");
            0 when zeros may be withheld too.
        level: "interval": nobody can show that a withheld small count is small; "exact": nobody
            can work it out exactly.
        time_limit_s: how much to do for fewer blanks, in seconds of a usual processor. It is
            counted, not timed (see `effort`), and soft until the first safe pattern.
        insider: a resident knows that she is counted herself; nobody of a small group can then
            show that the others in it are fewer than k either.
    """

    k: int
    floor: int = 1
    level: str = "interval"
    time_limit_s: float = 5.0
    insider: bool = False

    def __post_init__(self) -> None:
        if self.k < 2:
            raise ProblemError("the smallest group must be at least 2")
        if self.floor not in (0, 1):
            raise ProblemError("the floor is 0 or 1")
        if self.level not in LEVELS:
            raise ProblemError("the level is interval or exact")


class Fixed(StrEnum):
    """What an earlier release has already settled about a figure."""

    PUBLISHED = "published"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Figure:
    """One count: the sum of some atoms.

    Args:
        id: name in requests, answers and certificates.
        atoms: positions in the problem's atoms.
        weight: cost of withholding it, a whole number; 0 for figures nobody misses.
        offered: False for a figure no table shows but a reader could mean (the complement of a
            yes/no answer): it never appears, it must be protected all the same.
        label: words for the explanation staff see; the id where empty.
    """

    id: str
    atoms: tuple[int, ...]
    weight: int = 1
    offered: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two atom sums that count the same people, so they are equal in every possible world."""

    left: tuple[int, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that will be published together, with the true counts.

    Args:
        atoms: ids of the finest classes any figure tells apart.
        counts: residents in each atom.
        figures: what may be shown, and what must be protected though never shown.
        settings: how strictly.
        links: equalities readers know from the meaning of the tables.
        structural_zeros: positions of atoms in which nobody can be.
        fixed: figure id -> what an earlier release settled.
        sensitive: figure ids to protect instead of those found by the k-rule, or None.
        zeros_sensitive: zeros are withheld as well; blanks then have no floor.
        groups: sets of atoms whose sum nobody may work out (a coalition behind two small cells).
        also: figure ids to protect like small ones, whatever their value.
        least: figure id -> what readers know from elsewhere that it is at least.
        smallest: figure id -> its own smallest group where it is not that of the settings: what is
            out was judged by the rule of its release.
    """

    atoms: tuple[str, ...]
    counts: tuple[int, ...]
    figures: tuple[Figure, ...]
    settings: Settings
    links: tuple[Link, ...] = ()
    structural_zeros: frozenset[int] = frozenset()
    fixed: Mapping[str, Fixed] = field(default_factory=dict)
    sensitive: frozenset[str] | None = None
    zeros_sensitive: bool = False
    groups: tuple[tuple[int, ...], ...] = ()
    also: frozenset[str] = frozenset()
    least: Mapping[str, int] = field(default_factory=dict)
    smallest: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_atoms(self)
        _check_figures(self)
        for link in self.links:
            if _total(self.counts, link.left) != _total(self.counts, link.right):
                raise ProblemError("two tables disagree about the same people")

    @property
    def floor(self) -> int:
        """Least value a reader may assume behind a blank: 0 as soon as zeros can be blank."""
        return 0 if self.zeros_sensitive else self.settings.floor


def _total(counts: Sequence[int], atoms: Sequence[int]) -> int:
    return sum(counts[atom] for atom in atoms)


def _check_atoms(problem: Problem) -> None:
    if len(problem.atoms) != len(problem.counts) or len(set(problem.atoms)) != len(problem.atoms):
        raise ProblemError("every atom needs one count and a name of its own")
    if any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in problem.counts):
        raise ProblemError("counts are whole numbers from 0")
    if any(problem.counts[atom] for atom in problem.structural_zeros):
        raise ProblemError("a class declared impossible has residents in it")


def _check_figures(problem: Problem) -> None:
    ids = [figure.id for figure in problem.figures]
    if len(set(ids)) != len(ids):
        raise ProblemError("two figures have the same name")
    used = [a for figure in problem.figures for a in figure.atoms]
    used += [a for group in problem.groups for a in group]
    used += [a for link in problem.links for a in (*link.left, *link.right)]
    if any(not 0 <= atom < len(problem.atoms) for atom in used):
        raise ProblemError("a figure names an atom that does not exist")
    if any(len(set(figure.atoms)) != len(figure.atoms) for figure in problem.figures):
        raise ProblemError("a figure counts an atom twice")
    if any(figure.weight < 0 for figure in problem.figures):
        raise ProblemError("weights are whole numbers from 0")
    named = set(problem.fixed) | set(problem.sensitive or ()) | problem.also | set(problem.least)
    unknown = named - set(ids)
    if unknown:
        raise ProblemError(f"no figure is called {sorted(unknown)[0]}")
    for figure in problem.figures:
        if _total(problem.counts, figure.atoms) < problem.least.get(figure.id, 0):
            raise ProblemError(f"{figure.id} is less than readers know it to be")

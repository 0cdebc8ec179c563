"""What figures known from elsewhere give away by themselves; no release can protect that any more.

Sums and differences of them are known as well as they are, and of every group how many there can
be in it by all of them together. A release may tell no more than that.

Both must follow from what the figures count, not from whom the shelter happened to have: that
nobody came after the second quarter, nobody who reads it knows. So a known figure bounds a group
only where whoever is in the group was there then by the calendar, and figures are added up only
over periods for which every way of having been there is an atom of the space.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from shelter_desk.disclosure.adding import Sums
from shelter_desk.disclosure.asked import Asked
from shelter_desk.disclosure.definitions import Definition, snapshot_of
from shelter_desk.disclosure.known_alone import KnownAlone
from shelter_desk.disclosure.periods_between import lies_in
from shelter_desk.disclosure.space import Space

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """Residents that somebody could mean.

    Args:
        atoms: of the space, in which they are.
        inside: snapshots in which they were there, by what is meant with them.
        away: snapshots in which they were not, or not in the same figure.
    """

    atoms: tuple[int, ...]
    inside: frozenset[str]
    away: frozenset[str] = NOBODY


def group_of(one: Asked, atoms: Collection[int]) -> Group:
    """Return the residents of a figure."""
    away = snapshots_of(one.less) if one.less is not None else NOBODY
    return Group(tuple(atoms), snapshots_of(one.where), away)


def snapshots_of(where: Definition) -> frozenset[str]:
    """Return the snapshots somebody must have been there in to be counted."""
    return frozenset(snapshot_of(name) for name, _ in where.where) - {""}


class GivenAway:
    """Figures that are known from elsewhere, over the atoms of a space."""

    def __init__(self, space: Space, known: Sequence[Asked]) -> None:
        self._space = space
        rows = {
            (space.atoms_in(number, one.where), snapshots_of(one.where))
            for one in known
            if one.told
            for number, cluster in enumerate(space.clusters)
            if one.where.attributes <= cluster
        }
        self._inside = np.zeros((len(rows), len(space.counts)), dtype=np.bool_)
        ordered = sorted(rows, key=lambda row: (row[0], sorted(row[1])))
        for place, (atoms, _) in enumerate(ordered):
            self._inside[place, list(atoms)] = True
        self._snapshots = [snapshots for _, snapshots in ordered]
        self._totals = self._inside @ np.array(space.counts, dtype=np.int64)
        self._sums_of: dict[frozenset[str], Sums | None] = {}
        self._known_alone: KnownAlone | None = None

    def adds_up_to(self, group: Group) -> bool:
        """Tell whether the number in a group follows from known ones by adding."""
        if not len(self._totals):
            return False
        here = group.inside | group.away
        every = here.union(*self._snapshots)
        around = here | {one for one in every if any(_overlap(one, other) for other in here)}
        for snapshots in dict.fromkeys((every, around, here)):
            sums = self._sums(snapshots)
            if sums is not None and sums.tell(group.atoms):
                return True
        return False

    def most(self, group: Group, above: int) -> int:
        """Return how many there can be in a group at most, `above` where nothing tells."""
        if not len(self._totals) or not group.atoms:
            return above
        around = self._inside[:, list(group.atoms)].all(axis=1)
        sure = [_implied(snapshots, group.inside) for snapshots in self._snapshots]
        found = min([above, *map(int, self._totals[around & np.array(sure)])])
        every = (group.inside | group.away).union(*self._snapshots)
        if self._space.total(group.atoms) < found and self._sums(every) is not None:
            return self._together().most(group.atoms, found)
        return found

    def _together(self) -> KnownAlone:
        """Return all that is known, to be asked how many there can be in a group."""
        if self._known_alone is None:
            counts = np.array(self._space.counts, dtype=np.int64)
            figures = [np.flatnonzero(row).tolist() for row in self._inside]
            self._known_alone = KnownAlone(figures, self._space.links, counts)
        return self._known_alone

    def _sums(self, snapshots: frozenset[str]) -> Sums | None:
        """Return what the figures of some snapshots add up to.

        None where somebody may have been there in a way that is no atom: sums would seem right
        that are not.
        """
        if snapshots not in self._sums_of:
            mine = [one <= snapshots for one in self._snapshots]
            is_whole = self._space.holds_every_way(snapshots)
            self._sums_of[snapshots] = Sums(self._inside[mine]) if is_whole else None
        return self._sums_of[snapshots]


def _implied(snapshots: Collection[str], inside: Collection[str]) -> bool:
    """Tell whether who was there in some snapshots was there in all of others, by the calendar."""
    return all(any(lies_in(one, other) for one in inside) for other in snapshots)


def _overlap(one: str, other: str) -> bool:
    return lies_in(one, other) or lies_in(other, one)

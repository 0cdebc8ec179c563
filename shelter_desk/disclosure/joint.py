"""One problem from a new release and all that readers may set against it.

Parts come with residents of their own: those of the moment their counts were taken. Where a
resident's values have been corrected since, the old and the new value are two attributes of the
same resident, so that the correction itself is a group that must be protected; where nothing
has changed, they are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shelter_desk.disclosure.asked import Asked, Part
from shelter_desk.disclosure.definitions import (
    IN,
    YES,
    Definition,
    People,
    at,
    attribute_of,
    snapshot_of,
)
from shelter_desk.disclosure.given_away import GivenAway, group_of
from shelter_desk.disclosure.model import Figure, Fixed, Link, Problem, Settings
from shelter_desk.disclosure.space import Space
from shelter_desk.disclosure.unoffered import unoffered_groups

Atoms = tuple[int, ...]


def joint_problem(
    parts: Sequence[Part], settings: Settings, impossible: Sequence[Definition] = ()
) -> Problem:
    """Lay parts out together; the figures of the first part stand first, in their order.

    Args:
        parts: the new release first, then what is out, newest first.
        settings: of the new release.
        impossible: classes in which nobody can be.

    Raises:
        FamilyError: figures cross too many attributes, or attributes in a ring.
        ProblemError: the figures contradict each other.
    """
    people, parts = _told_apart(parts)
    known = [one for part in parts for one in part.figures]
    definitions = [d for one in known for d in _together(one)]
    space = Space(people, definitions, impossible, every_way=any(one.told for one in known))
    placed = [_atoms(space, one) for one in known]
    figures, links, counts = [], [*space.links], [*space.counts]
    for one, atoms in zip(known, placed, strict=True):
        if one.told:
            # An atom of its own, so that a figure of ours with the same residents can be blank.
            links.append(Link(atoms, (len(counts),)))
            atoms = (len(counts),)  # noqa: PLW2901 - the figure stands on the new atom
            counts.append(space.total(links[-1].left))
        figures.append(Figure(one.id, atoms, one.weight, one.offered, one.label or one.id))
    given = GivenAway(space, known)
    groups = unoffered_groups(space, known, settings.k, given)
    fixed, smallest = _settled(known, placed, settings.k, given)
    problem = Problem(
        atoms=tuple(f"atom {n}" for n in range(len(counts))),
        counts=tuple(counts),
        figures=(*figures, *(figure for figure, _ in groups)),
        settings=settings,
        links=tuple(links),
        fixed=fixed,
        also=frozenset(one.id for one in known if one.also),
        least={one.id: one.least for one in known if one.least},
        smallest=smallest | {figure.id: k for figure, k in groups},
    )
    return _blank_here(problem, known, placed, given)


def _settled(
    known: Sequence[Asked], placed: Sequence[Atoms], k: int, given: GivenAway
) -> tuple[dict[str, Fixed], dict[str, int]]:
    """Say what is out already, and the rule each of those figures is judged by.

    A blank stays blank, unless it was one for larger groups only. What is known from elsewhere
    cannot be protected further than it is, and is blank here where it is small.
    """
    sets = [frozenset(atoms) for atoms in placed]
    asked = {s for s, one in zip(sets, known, strict=True) if one.k is None and not one.told}
    fixed: dict[str, Fixed] = {}
    smallest: dict[str, int] = {}
    for one, atoms in zip(known, sets, strict=True):
        may_be_shown_now = one.k is not None and one.k > k and atoms in asked
        if one.fixed is not None and (one.fixed is Fixed.PUBLISHED or not may_be_shown_now):
            fixed[one.id] = one.fixed
        if one.k is not None:
            smallest[one.id] = min(one.k, k)
        rule = smallest.get(one.id, k)
        group = group_of(one, atoms)
        most = 1 if one.told or given.adds_up_to(group) else given.most(group, rule)
        if most < rule:
            smallest[one.id] = most
    return fixed, smallest


def _blank_here(
    problem: Problem, known: Sequence[Asked], placed: Sequence[Atoms], given: GivenAway
) -> Problem:
    """Keep blank what is small, and known from elsewhere all the same."""
    k = problem.settings.k
    small = {
        one.id: Fixed.WITHHELD
        for one, group in ((a, group_of(a, atoms)) for a, atoms in zip(known, placed, strict=True))
        if one.k is None and not one.told and one.fixed is None
        if 0 < sum(problem.counts[atom] for atom in group.atoms) < k
        if given.adds_up_to(group) or given.most(group, k) < k
    }
    return replace(problem, fixed={**problem.fixed, **small})


def _together(one: Asked) -> tuple[Definition, ...]:
    """Return definitions that make the space tell a figure apart."""
    if one.less is None:
        return (one.where,)
    both = Definition.of({**dict(one.where.where), **dict(one.less.where)})
    return (one.where, one.less, both)


def _atoms(space: Space, one: Asked) -> Atoms:
    if one.less is None:
        return space.atoms(one.where)
    number = space.cluster_of(one.where.attributes | one.less.attributes)
    taken = set(space.atoms_in(number, one.less))
    return tuple(a for a in space.atoms_in(number, one.where) if a not in taken)


# Snapshots


def _told_apart(parts: Sequence[Part]) -> tuple[People, list[Part]]:
    """Put the residents of all parts together; what was corrected since gets a name of its own."""
    raw: dict[str, dict[str, str]] = {}
    owner: dict[str, People] = {}
    bound: frozenset[str] = frozenset()
    changed = []
    for part in parts:
        used = sorted({n for one in part.figures for d in _together(one) for n, _ in d.where})
        names: dict[str, str] = {}
        differing = {
            snapshot_of(name)
            for name in used
            if name in owner and not _same(owner[name], part.people, name)
        }
        for name in used:
            if snapshot_of(name) in differing:
                names[name] = at(attribute_of(name), f"{snapshot_of(name)}#{part.tag}")
            owner.setdefault(names.get(name, name), part.people)
            _write(raw, part.people, name, names.get(name, name))
        _write_presence(raw, part, {snapshot_of(name) for name in used}, differing)
        figures = tuple(_renamed(one, names) for one in part.figures)
        changed.append(replace(part, figures=figures))
        bound |= part.people.bound
    return People(raw, bound), changed


def _same(one: People, other: People, name: str) -> bool:
    keys = one.raw.keys() | other.raw.keys()
    there = at(IN, snapshot_of(name)) if snapshot_of(name) else name
    return all(one.value(k, n) == other.value(k, n) for k in keys for n in (name, there))


def _write(raw: dict[str, dict[str, str]], people: People, name: str, called: str) -> None:
    for key in people.raw:
        value = people.value(key, name)
        if value:
            raw.setdefault(key, {})[called] = value


def _write_presence(
    raw: dict[str, dict[str, str]], part: Part, snapshots: set[str], differing: set[str]
) -> None:
    for snapshot in snapshots:
        called = at(IN, f"{snapshot}#{part.tag}" if snapshot in differing else snapshot)
        if snapshot:
            _write(raw, part.people, at(IN, snapshot), called)
        elif snapshot in differing:
            for key in part.people.raw:
                raw.setdefault(key, {})[called] = YES


def _renamed(one: Asked, names: Mapping[str, str]) -> Asked:
    less = one.less.renamed(names) if one.less is not None else None
    return replace(one, where=one.where.renamed(names), less=less)

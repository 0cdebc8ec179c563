"""Groups that no release offers but a reader could mean; they are protected in every run.

The finest classes that figures of one snapshot tell apart, those in a figure of a period who are
not in the same one of a part of it, or in the same ones together where the bands are others, and
those who are in more than one part. Figures known from
elsewhere were counted by somebody else's rules: beside them the classes of all snapshots matter,
and what several of them add up to.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from shelter_desk.disclosure.asked import Asked
from shelter_desk.disclosure.definitions import attribute_of, snapshot_of
from shelter_desk.disclosure.given_away import (
    GivenAway,
    Group,
    snapshots_of,
)
from shelter_desk.disclosure.model import BoolVector, Figure
from shelter_desk.disclosure.periods_between import touch
from shelter_desk.disclosure.space import Space
from shelter_desk.disclosure.taken_together import Together

Shape = tuple[tuple[str, frozenset[str]], ...]
Meant = tuple[Group, str, int]
"""Somebody's words for it, and the rule it is judged by."""


def unoffered_groups(
    space: Space, known: Sequence[Asked], k: int, given: GivenAway
) -> list[tuple[Figure, int]]:
    """Return small groups that a reader could mean, each with the rule it is judged by.

    Without those that are given away. Where two groups happen to be the same residents, readers
    know what is known of both only if it is known of each.
    """
    found: dict[frozenset[int], tuple[str, int, int]] = {}
    plain = [one for one in known if one.less is None]
    for group, words, group_k in (
        *_finest(space, plain, k),
        *_differences(space, plain, k),
        *_other_bands(space, plain, k),
        *_again(space, plain, k),
        *_beside_told(space, plain, k),
        *_not_in_a_part(space, plain, k, given),
        *_in_between(space, plain, k),
    ):
        key = frozenset(group.atoms)
        if 0 < space.total(group.atoms) < group_k and not given.adds_up_to(group):
            before = found.get(key, (words, group_k, 0))
            most = max(before[2], given.most(group, group_k))
            found[key] = (before[0], min(before[1], group_k), most)
    return [
        (Figure(f"group:{n}", tuple(sorted(key)), 0, offered=False, label=words), min(rule, most))
        for n, (key, (words, rule, most)) in enumerate(found.items())
    ]


def _finest(space: Space, known: Sequence[Asked], k: int) -> list[Meant]:
    """Return the classes that the figures of one snapshot and one cluster tell apart."""
    by: dict[tuple[int, str], list[Asked]] = {}
    for one in known:
        snapshots = {snapshot_of(name) for name, _ in one.where.where}
        if len(snapshots) == 1:
            place = (space.cluster_of(one.where.attributes), snapshots.pop())
            by.setdefault(place, []).append(one)
    return [one for (number, _), held in by.items() for one in _classes(space, number, held, k)]


def _beside_told(space: Space, known: Sequence[Asked], k: int) -> list[Meant]:
    """Return the classes that figures tell apart together with those known from elsewhere."""
    numbers = {space.cluster_of(one.where.attributes) for one in known if one.told}
    return [
        one
        for number in sorted(numbers)
        for one in _classes(
            space, number, [a for a in known if a.where.attributes <= space.clusters[number]], k
        )
    ]


def _classes(space: Space, number: int, figures: Sequence[Asked], k: int) -> list[Meant]:
    """Return the finest classes that some figures tell apart in one cluster."""
    sets = [set(space.atoms_in(number, one.where)) for one in figures]
    every = frozenset(s for one in figures for s in snapshots_of(one.where))
    cells: dict[tuple[int, ...], list[int]] = {}
    for atom in sorted(set().union(*sets)):
        inside = tuple(n for n, one in enumerate(sets) if atom in one)
        cells.setdefault(inside, []).append(atom)
    found = []
    for inside, atoms in cells.items():
        words = " and ".join(dict.fromkeys(figures[n].label for n in inside[-2:]))
        here = frozenset(s for n in inside for s in snapshots_of(figures[n].where))
        group = Group(tuple(atoms), here, every - here)
        found.append((group, words, _rule([figures[n] for n in inside], k)))
    return found


def _not_in_a_part(space: Space, known: Sequence[Asked], k: int, given: GivenAway) -> list[Meant]:
    """Return those of a period who were not in a part of it, in any classes that add up.

    Lines add up and are subtracted whatever their bands, and from whatever paper they are. So any
    classes of the whole are taken together, where the lines of both would give the rest by adding.

    Raises:
        FamilyError: there are too many ways of taking them together.
    """
    found: list[Meant] = []
    pairs = sorted((part, whole) for part, whole in _snapshots_inside(space) if part and whole)
    for attributes in sorted({one.where.attributes for one in known}, key=sorted):
        lines = [one for one in known if one.where.attributes <= attributes]
        for part, whole in pairs:
            both = [one for one in lines if _snapshot(one) in (part, whole)]
            if {_snapshot(one) for one in both} == {part, whole}:
                found += _rests(space, space.cluster_of(attributes), both, (part, whole), k, given)
    return found


def _rests(
    space: Space,
    number: int,
    both: Sequence[Asked],
    pair: tuple[str, str],
    k: int,
    given: GivenAway,
) -> Iterator[Meant]:
    """Yield the sets of classes of one period and one part of it; without those that follow.

    Who is in one of several classes is in them together: where one that can be added up cannot be
    shown to be small, no set with it can. Those that nobody is in add nothing to a set, unless
    what is known from elsewhere says of them that there are few.
    """
    part, whole = pair
    lines = [one for one in both if _snapshot(one) == whole]
    there, rule = set(space.present(number, part)), _rule(both, k)
    classes = [(line, sorted(atoms - there)) for line, atoms in _told_apart(space, number, lines)]
    counts = [space.total(tuple(rest)) for _, rest in classes]
    if not any(0 < count < rule for count in counts):
        return
    known = np.array([_marked(space, space.atoms_in(number, one.where)) for one in both])
    together = Together(known, np.array([_marked(space, rest) for _, rest in classes]))
    groups = [_apart(rest, whole, part) for _, rest in classes]
    alone, finest = (
        together.alone(),
        frozenset[str]().union(*(one.where.attributes for one in both)),
    )
    is_told = any(one.told and one.where.attributes == finest for one in both)
    words = f"those in {whole} who were not in {part}"
    left = [n for n, count in enumerate(counts) if count < rule]
    for n in [n for n in left if alone[n] and (counts[n] or not is_told)]:
        yield groups[n], f"{classes[n][0].label}: {words}", rule
        weak = given.adds_up_to(groups[n]) or given.most(groups[n], rule) < rule
        if not weak or not counts[n]:
            left.remove(n)
    for chosen in together.sets(left) if any(counts[n] for n in left) else ():
        rest = [atom for n in chosen for atom in classes[n][1]]
        if 0 < space.total(tuple(rest)) < rule:
            yield (
                _apart(sorted(rest), whole, part),
                f"{classes[chosen[0]][0].label}: {words}",
                rule,
            )


def _marked(space: Space, atoms: Sequence[int]) -> BoolVector:
    inside = np.zeros(len(space.counts), dtype=np.bool_)
    inside[list(atoms)] = True
    return inside


def _told_apart(
    space: Space, number: int, lines: Sequence[Asked]
) -> Iterator[tuple[Asked, set[int]]]:
    """Yield the finest classes that lines tell apart, each with a line it is part of.

    Without those of a line that counts nobody: that is shown, and bounds nobody else.
    """
    sets = [set(space.atoms_in(number, one.where)) for one in lines]
    nobody = set().union(*(atoms for atoms in sets if not space.total(tuple(atoms))))
    cells: dict[tuple[int, ...], set[int]] = {}
    for atom in sorted(set().union(*sets) - nobody):
        cells.setdefault(tuple(n for n, one in enumerate(sets) if atom in one), set()).add(atom)
    for inside in sorted(cells):
        yield lines[inside[-1]], cells[inside]


def _rule(figures: Sequence[Asked], k: int) -> int:
    """The smallest group of those the figures were judged by."""
    return min((one.k or k for one in figures), default=k) if figures else k


def _differences(space: Space, known: Sequence[Asked], k: int) -> list[Meant]:
    """Return those in a figure of one snapshot who are not in the same one of another."""
    inside = _snapshots_inside(space)
    by: dict[tuple[str, ...], list[Asked]] = {}
    for one in known:
        by.setdefault(tuple(sorted(one.where.attributes)), []).append(one)
    found = []
    for figures in by.values():
        held = [(one, _snapshot(one), _shape(one)) for one in figures]
        for (a, of_a, shape_a), (b, of_b, shape_b) in itertools.permutations(held, 2):
            if (of_b, of_a) in inside and _covers(shape_a, shape_b):
                number = space.cluster_of(a.where.attributes)
                taken = set(space.atoms_in(number, b.where))
                whole = space.atoms_in(number, a.where)
                atoms = tuple(atom for atom in whole if atom not in taken)
                words = f"{a.label}: those in {of_a} who were not in {of_b}"
                found.append((_apart(atoms, of_a, of_b), words, _rule((a, b), k)))
    return found


def _other_bands(space: Space, known: Sequence[Asked], k: int) -> list[Meant]:
    """Return those in a few lines of a period who are not in those of another with other bands.

    Lines that overlap are taken together until both sides are whole: 12 and 13 of the year less
    12 to 13 of the quarter. No single line of one table covers a line of the other there.
    """
    inside = _snapshots_inside(space)
    tables: dict[tuple[str, str, tuple[str, ...]], list[Asked]] = {}
    for one in known:
        place = (one.id.partition("/")[0], _snapshot(one), tuple(sorted(one.where.attributes)))
        tables.setdefault(place, []).append(one)
    found = []
    for a, b in itertools.permutations(tables, 2):
        if a[2] != b[2] or not a[2] or (b[1], a[1]) not in inside:
            continue
        for whole, part in _overlapping(tables[a], tables[b]):
            if len(whole) + len(part) > 2 and _codes(part) <= _codes(whole):
                number = space.cluster_of(whole[0].where.attributes)
                taken = {n for one in part for n in space.atoms_in(number, one.where)}
                atoms = {n for one in whole for n in space.atoms_in(number, one.where)} - taken
                words = f"{whole[0].label}: those in {a[1]} who were not in {b[1]}"
                group = _apart(sorted(atoms), a[1], b[1])
                found.append((group, words, _rule((*whole, *part), k)))
    return found


def _overlapping(
    whole: Sequence[Asked], part: Sequence[Asked]
) -> Iterator[tuple[list[Asked], list[Asked]]]:
    """Yield lines of both tables that hang together by what they count."""
    left = list(whole)
    while left:
        held: tuple[list[Asked], list[Asked]] = ([left.pop()], [])
        grows = True
        while grows:
            sizes = [len(one) for one in held]
            codes = [_codes([one]) for one in held[0]]
            held[1][:] = [one for one in part if any(_codes([one]) & mine for mine in codes)]
            codes = [_codes([one]) for one in held[1]]
            joined = [one for one in left if any(_codes([one]) & theirs for theirs in codes)]
            held[0].extend(joined)
            left = [one for one in left if one not in joined]
            grows = sizes != [len(one) for one in held]
        yield held


def _codes(lines: Sequence[Asked]) -> set[tuple[str, ...]]:
    """Return the raw values that lines count, each as one value for every attribute."""
    return {
        values
        for one in lines
        for values in itertools.product(*(sorted(codes) for _, codes in _shape(one)))
    }


def _again(space: Space, known: Sequence[Asked], k: int) -> list[Meant]:
    """Return who is in the same figure of more than one part of a period that is known."""
    inside = _snapshots_inside(space)
    wholes = {whole for part, whole in inside if whole.partition("#")[0] != part.partition("#")[0]}
    by: dict[tuple[str, Shape], list[Asked]] = {}
    for one in known:
        for whole in sorted(wholes):
            if (_snapshot(one), whole) in inside and _snapshot(one) != whole:
                by.setdefault((whole, _shape(one)), []).append(one)
    found = []
    for (whole, _), figures in by.items():
        number = space.cluster_of(figures[0].where.attributes)
        every = [a for one in {f.where: f for f in figures}.values()
                 for a in space.atoms_in(number, one.where)]  # fmt: skip
        atoms, times = np.unique(np.array(every, dtype=np.int64), return_counts=True)
        words = f"{figures[0].label}: those who were in more than one part of it"
        parts = frozenset(_snapshot(one) for one in figures) - {""}
        sure = (parts if len(parts) <= 2 else frozenset()) | ({whole} - {""})
        group = Group(tuple(map(int, atoms[times > 1])), sure, parts - sure)
        found.append((group, words, _rule(figures, k)))
    return found


def _in_between(space: Space, known: Sequence[Asked], k: int) -> list[Meant]:
    """Return those in a period who were not in the one before or after it.

    Who was there, less who left, is who is there when the next period begins: so a reader finds
    who came in between from periods that touch each other, by whatever the flows are told by.
    """
    told_by = {
        one.where.attributes - space.bound for one in known if one.where.attributes & space.bound
    }
    snapshots = {_snapshot(one) for one in known}
    found = []
    for one in known:
        here = _snapshot(one)
        if not here or not any(one.where.attributes <= attributes for attributes in told_by):
            continue
        number = space.cluster_of(one.where.attributes)
        for there in sorted(other for other in snapshots if touch(here, other)):
            away = set(space.atoms_in(number, one.where)) - set(space.present(number, there))
            words = f"{one.label}: those in {here} who were not in {there}"
            found.append((_apart(sorted(away), here, there), words, one.k or k))
    return found


def _apart(atoms: Iterable[int], inside: str, away: str) -> Group:
    """Those of one snapshot who were not in another; "" is none."""
    return Group(tuple(atoms), frozenset({inside}) - {""}, frozenset({away}) - {""})


def _snapshot(one: Asked) -> str:
    return next((snapshot_of(name) for name, _ in one.where.where if snapshot_of(name)), "")


def _shape(one: Asked) -> Shape:
    """What a figure counts, whenever it was."""
    return tuple(sorted((attribute_of(name), codes) for name, codes in one.where.where))


def _covers(one: Shape, other: Shape) -> bool:
    """Tell whether the second counts nothing that the first does not, along the same lines."""
    return len(one) == len(other) and all(
        a == b and here <= codes for (a, codes), (b, here) in zip(one, other, strict=True)
    )


def _snapshots_inside(space: Space) -> set[tuple[str, str]]:
    """Return (part, whole): whoever was there in the part was there in the whole."""
    there = space.presences
    found = set()
    for part, whole in itertools.permutations(there, 2):
        pairs = list(zip(there[part], there[whole], strict=True))
        restated = part.partition("#")[0] == whole.partition("#")[0]
        if restated or all(w >= p for p, w in pairs):
            found.add((part, whole))
    return found

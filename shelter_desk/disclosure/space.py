"""The residents that could be: atoms over raw values, for all releases together.

Raw values that no figure tells apart are one class. Attributes that some figure crosses stand in
one cluster, and everybody's presence in every snapshot stands in all of them. Atoms are patterns
of classes over all snapshots at once (who was 14 in the quarter is 14 or 15 in the next): those
that occur, and those of a resident whose value never changed. Listing fewer patterns than could
be only leaves fewer worlds to prove safety with, never fewer to the reader.

Beside figures known from elsewhere, the ways to have been there that nobody happened to take are
listed too, as long as there is room: a quarter and its year, or the year alone; and a birthday
between two quarters.

Clusters that share attributes form a tree; what two of them share is equal in both. Then worlds of
the clusters always fit together to one set of residents, in whole numbers too.

Source: Vorob'ev, Theory of Probability and its Applications 7 (1962).
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from shelter_desk.disclosure.clusters import Cluster, tree
from shelter_desk.disclosure.definitions import (
    AWAY,
    IN,
    NO,
    YES,
    Definition,
    People,
    attribute_of,
    snapshot_of,
)
from shelter_desk.disclosure.model import BoolVector, IntVector, Link
from shelter_desk.disclosure.periods_between import (
    YEAR_LENGTH,
    birthdays_between,
    quarters_of,
    ways_to_be_there,
)

# More atoms than this in one cluster: only patterns that occur, and those one change away.
MOST_ATOMS = 2_500
AGE = "age"

Pattern = tuple[int, ...]
# Presence, then one pattern per attribute of the cluster in the order of their names.
Key = tuple[Pattern, ...]


class Space:
    """Atoms, counts and links over which every figure of some releases can be laid out.

    Args:
        people: everybody in any of the releases.
        definitions: of all figures.
        impossible: classes in which nobody can be.
        every_way: list ways to have been there that do not occur.

    Raises:
        FamilyError: figures cross too many attributes, or attributes in a ring.
    """

    def __init__(
        self,
        people: People,
        definitions: Sequence[Definition],
        impossible: Sequence[Definition] = (),
        *,
        every_way: bool = False,
    ) -> None:
        self._people = people
        used = {name for one in definitions for name, _ in one.where}
        used |= {f"{IN}@{snapshot_of(name)}" for name in used if snapshot_of(name)}
        self._dimensions: dict[str, list[str]] = {IN: []}
        for name in sorted(used):
            self._dimensions.setdefault(attribute_of(name), []).append(name)
        known = [*definitions, *impossible]
        self._classes = {
            name: _Classes([codes for one in known for n, codes in one.where if n == name])
            for name in used
        }
        self._impossible = [d for d in impossible if {n for n, _ in d.where} <= used]
        self._persons = [self._patterns_of(key) for key in sorted(people.raw)]
        self._values = self._raw_values(known)
        self._occurring = sorted({person[IN] for person in self._persons})
        self._every_way = every_way
        self._also_there = self._other_ways() if every_way else []
        self._cut_short: set[Pattern] = set()
        self.counts: list[int] = []
        self.links: list[Link] = []
        self.clusters, self._parents = tree(definitions)
        self._keys: list[list[Key]] = []
        self._first: list[int] = []
        self._columns: dict[tuple[int, str], IntVector] = {}
        self._placed: dict[tuple[int, Definition], tuple[int, ...]] = {}
        for cluster in self.clusters:
            self._add(cluster)
        for number, parent in enumerate(self._parents):
            if parent is not None:
                self._tie(number, parent)

    @property
    def presences(self) -> dict[str, list[int]]:
        """Snapshot -> for every pattern of presence that is listed, 1 for there and 0 for not.

        "" stands for what holds at all times.
        """
        patterns = [*self._occurring, *self._also_there]
        always = {"": [1] * len(patterns)}
        return always | {
            snapshot_of(name): [int(p[place] != 0) for p in patterns]
            for place, name in enumerate(self._dimensions[IN])
        }

    def holds_every_way(self, snapshots: Collection[str]) -> bool:
        """Tell whether every way of having been there in some snapshots has all its atoms."""
        named = [snapshot_of(name) for name in self._dimensions[IN]]
        ways = ways_to_be_there(snapshots)
        listed = {*self._occurring, *self._also_there} - self._cut_short
        held = {frozenset(itertools.compress(named, pattern)) & {*snapshots} for pattern in listed}
        return ways is not None and held.issuperset(ways)

    @property
    def bound(self) -> frozenset[str]:
        """Attributes that follow from presence: who came, who left."""
        return self._people.bound

    def present(self, number: int, snapshot: str) -> tuple[int, ...]:
        """Return the atoms of a cluster in which somebody was there in a snapshot."""
        there = self._column(number, f"{IN}@{snapshot}") != 0
        return tuple((np.flatnonzero(there) + self._first[number]).tolist())

    def atoms(self, definition: Definition) -> tuple[int, ...]:
        """Return the atoms a definition counts, in the first cluster that tells them apart."""
        return self.atoms_in(self.cluster_of(definition.attributes), definition)

    def cluster_of(self, attributes: frozenset[str]) -> int:
        """Return the first cluster in which all these attributes stand."""
        return next(n for n, cluster in enumerate(self.clusters) if attributes <= cluster)

    def atoms_in(self, number: int, definition: Definition) -> tuple[int, ...]:
        """Return the atoms a definition counts, in one cluster."""
        found = self._placed.get((number, definition))
        if found is None:
            inside = np.ones(len(self._keys[number]), dtype=np.bool_)
            for name, codes in definition.where:
                inside &= self._holds(number, name, codes)
            found = tuple((np.flatnonzero(inside) + self._first[number]).tolist())
            self._placed[number, definition] = found
        return found

    def total(self, atoms: Sequence[int]) -> int:
        """Count the residents in some atoms."""
        return sum(self.counts[atom] for atom in atoms)

    def _holds(self, number: int, name: str, codes: frozenset[str]) -> BoolVector:
        wanted = [c for c, has in self._classes[name].signatures(codes) if has]
        return np.isin(self._column(number, name), wanted)

    def _column(self, number: int, name: str) -> IntVector:
        found = self._columns.get((number, name))
        if found is None:
            attribute = attribute_of(name)
            place = self._dimensions[attribute].index(name)
            part = [IN, *sorted(self.clusters[number])].index(attribute)
            found = np.array([key[part][place] for key in self._keys[number]], dtype=np.int64)
            self._columns[number, name] = found
        return found

    def _patterns_of(self, key: str) -> dict[str, Pattern]:
        return {
            attribute: tuple(self._classes[n].of(self._people.value(key, n)) for n in names)
            for attribute, names in self._dimensions.items()
        }

    def _raw_values(self, known: Sequence[Definition]) -> dict[str, set[str]]:
        """Attribute -> every raw value that somebody has or a figure names."""
        values: dict[str, set[str]] = {attribute: set() for attribute in self._dimensions}
        for one in known:
            for name, codes in one.where:
                values.setdefault(attribute_of(name), set()).update(codes)
        for attribute, names in self._dimensions.items():
            for key in self._people.raw:
                values[attribute].update(self._people.value(key, name) for name in names)
            values[attribute].discard(AWAY)
            if values[attribute] == {YES}:
                values[attribute].add(NO)
        return values

    def _add(self, cluster: Cluster) -> None:
        attributes = sorted(cluster)
        counted: dict[Key, int] = {}
        for person in self._persons:
            key = (person[IN], *(person[a] for a in attributes))
            counted[key] = counted.get(key, 0) + 1
        keys = sorted({*counted, *self._imagined(attributes, counted)})
        keys = [key for key in keys if key in counted or not self._cannot_be(attributes, key)]
        self._first.append(len(self.counts))
        self._keys.append(keys)
        self.counts += [counted.get(key, 0) for key in keys]

    def _imagined(self, attributes: Sequence[str], occurring: Mapping[Key, int]) -> set[Key]:
        """List patterns of residents that could be."""
        options = {a: self._options(a) for a in attributes}
        found: set[Key] = set()
        for presence in (*self._occurring, *self._also_there):
            choices = [options[a].get(presence, []) for a in attributes]
            size = int(np.prod([len(c) for c in choices], dtype=np.int64)) if choices else 1
            if size + len(found) <= MOST_ATOMS:
                found |= {(presence, *chosen) for chosen in itertools.product(*choices)}
                continue
            self._cut_short.add(presence)
            for key in [k for k in occurring if k[0] == presence]:
                for place, choice in enumerate(choices, start=1):
                    found |= {(*key[:place], other, *key[place + 1 :]) for other in choice}
        return found

    def _options(self, attribute: str) -> dict[Pattern, list[Pattern]]:
        """Presence -> the patterns an attribute can have."""
        names = self._dimensions[attribute]
        found: dict[Pattern, set[Pattern]] = {}
        twins = [attribute]
        if attribute not in self._people.bound:
            twins = [other for other in self._dimensions if self._alike(attribute, other)]
        for person in self._persons:
            known = found.setdefault(person[IN], set())
            known |= {person[twin] for twin in twins}
        for presence in self._also_there:
            found[presence] = set()
        for presence, known in found.items():
            there = self._there(presence)
            values = self._values[attribute]
            if attribute in self._people.bound and not known:
                values = {YES}  # came and left each time
            elif attribute in self._people.bound and not all(there.values()):
                continue  # who was not there later has left, and so on: only what occurs
            for value in values:
                seen = [value if there.get(snapshot_of(n), True) else AWAY for n in names]
                known.update(self._could_be(attribute, seen, there))
        return {presence: sorted(known) for presence, known in found.items()}

    def _could_be(
        self, attribute: str, seen: Sequence[str], there: Mapping[str, bool]
    ) -> set[Pattern]:
        """Return what is seen as classes; beside known figures, with a birthday in between too."""
        names, held = self._dimensions[attribute], [seen]
        ages = [value for value in seen if value != AWAY]
        older = str(int(ages[0]) + 1) if ages and ages[0].isdecimal() else AWAY
        if self._every_way and attribute == AGE and older in self._values[AGE]:
            for late in birthdays_between([p for p, is_there in there.items() if is_there], there):
                pairs = list(zip(names, seen, strict=True))
                held.append([older if v and snapshot_of(n) in late else v for n, v in pairs])
        return {tuple(map(lambda n, v: self._classes[n].of(v), names, one)) for one in held}

    def _other_ways(self) -> list[Pattern]:
        """List ways of having been there in one year that nobody took."""
        names = self._dimensions[IN]
        years: dict[str, set[str]] = {}
        for snapshot in map(snapshot_of, names):
            if quarters_of(snapshot) is None:
                return []
            years.setdefault(snapshot[:YEAR_LENGTH], set()).add(snapshot)
        ways = [way for year in years.values() for way in ways_to_be_there(year) or ()]
        there = {name: self._classes[name].of(YES) for name in names}
        found = {tuple(there[n] if snapshot_of(n) in way else 0 for n in names) for way in ways}
        return sorted(found.difference(self._occurring))

    def _there(self, presence: Pattern) -> dict[str, bool]:
        names = self._dimensions[IN]
        return {snapshot_of(n): bool(p) for n, p in zip(names, presence, strict=True)}

    def _alike(self, one: str, other: str) -> bool:
        """Tell whether two attributes have the same classes in the same snapshots."""
        if other == IN or other in self._people.bound:
            return False
        mine, others = self._dimensions[one], self._dimensions[other]
        if [snapshot_of(n) for n in mine] != [snapshot_of(n) for n in others]:
            return False
        pairs = zip(mine, others, strict=True)
        return all(self._classes[a].known == self._classes[b].known for a, b in pairs)

    def _cannot_be(self, attributes: Sequence[str], key: Key) -> bool:
        patterns = dict(zip((IN, *attributes), key, strict=True))
        for one in self._impossible:
            if one.attributes <= set(attributes) and all(
                self._in_class(patterns, name, codes) for name, codes in one.where
            ):
                return True
        return False

    def _in_class(self, patterns: Mapping[str, Pattern], name: str, codes: frozenset[str]) -> bool:
        attribute = attribute_of(name)
        held = patterns[attribute][self._dimensions[attribute].index(name)]
        return any(c == held for c, has in self._classes[name].signatures(codes) if has)

    def _tie(self, number: int, parent: int) -> None:
        shared = sorted(self.clusters[number] & self.clusters[parent])
        here, there = self._by(number, shared), self._by(parent, shared)
        for key in sorted(here.keys() | there.keys()):
            self.links.append(Link(tuple(here.get(key, ())), tuple(there.get(key, ()))))

    def _by(self, number: int, shared: Sequence[str]) -> dict[Key, list[int]]:
        order = [IN, *sorted(self.clusters[number])]
        places = [order.index(a) for a in (IN, *shared)]
        found: dict[Key, list[int]] = {}
        for atom, key in enumerate(self._keys[number], start=self._first[number]):
            found.setdefault(tuple(key[place] for place in places), []).append(atom)
        return found


class _Classes:
    """Raw values of one dimension that no figure tells apart; 0 is "not there"."""

    def __init__(self, sets: Sequence[frozenset[str]]) -> None:
        self.known = tuple(dict.fromkeys(sets))
        self._numbers: dict[tuple[bool, ...], int] = {}
        for value in sorted({code for codes in self.known for code in codes} - {AWAY}):
            self.of(value)

    def of(self, value: str) -> int:
        """Return the class of a raw value."""
        if value == AWAY:
            return 0
        signature = tuple(value in codes for codes in self.known)
        return self._numbers.setdefault(signature, len(self._numbers) + 1)

    def signatures(self, codes: frozenset[str]) -> list[tuple[int, bool]]:
        """Say of every class whether a known set of codes contains it."""
        place = self.known.index(codes)
        inside = [(number, signature[place]) for signature, number in self._numbers.items()]
        return [(0, AWAY in codes), *inside]

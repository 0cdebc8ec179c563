"""A random series of releases about one small house, and one reader who holds all of them.

Quarters and the year, other bands each time, records corrected in between, a figure in a
newspaper. The reader knows besides that a quarter lies in its year, and that ages of the year are
those of the first day there.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from shelter_desk.disclosure import Definition, People, SafeRelease, protect
from shelter_desk.disclosure.told import told_entry
from tests.disclosure.raw_people import figures, one_way, request, yes_no
from tests.disclosure.union_attacker import Union

K = 3
AGES = ("12", "13", "14", "15")
FIRST, SECOND, YEAR = "2026-Q1", "2026-Q2", "2026"
Raw = dict[str, dict[str, str]]
Spot = tuple[int, str]
Ledger = list[Mapping[str, Any]]
Line = tuple[tuple[str, ...], str]
"""Ages, and "yes" where only those with the service are counted."""


@dataclass
class Paper:
    """What is out: of which state of the records and period, and each figure's line and value."""

    spot: Spot
    is_told: bool
    lines: dict[str, Line]
    values: dict[str, int | None]


@dataclass
class Series:
    """The states of the records, oldest first, and what went out."""

    states: list[Raw]
    papers: list[Paper] = field(default_factory=list)


def house(
    draw: random.Random,
    weights: tuple[int, int, int] = (3, 3, 4),
    sizes: tuple[int, int] = (6, 14),
) -> Raw:
    """Some were there in the first quarter, some in the second, some in both: by these weights."""
    raw = {}
    for number in range(draw.randint(*sizes)):
        there = draw.choices(((FIRST,), (SECOND,), (FIRST, SECOND)), weights)[0]
        age = draw.choices(range(4), (2, 4, 4, 2))[0]
        one = {f"in@{YEAR}": "yes", f"age@{YEAR}": AGES[age]}
        for period in there:
            if period == SECOND and len(there) == 2 and age < 3 and draw.random() < 0.2:
                age += 1
            one |= {f"in@{period}": "yes", f"age@{period}": AGES[age]}
            if draw.random() < 0.5:
                one |= {f"s@{period}": "yes", f"s@{YEAR}": "yes"}
        raw[str(number)] = one
    return raw


def corrected(draw: random.Random, raw: Raw) -> Raw:
    """One or two had another age all along."""
    now = {key: dict(one) for key, one in raw.items()}
    for key in draw.sample(sorted(now), draw.choice((1, 1, 2))):
        age = draw.choice(AGES)
        now[key] |= dict.fromkeys((name for name in now[key] if name.startswith("age@")), age)
    return now


def known_of(raw: Raw, period: str) -> People:
    return People(
        {
            key: {name: value for name, value in one.items() if name.endswith(f"@{period}")}
            for key, one in raw.items()
            if f"in@{period}" in one
        }
    )


def released(draw: random.Random, who: People, spot: Spot, earlier: Ledger) -> Paper | None:
    """Ask for a release with bands of its own; None where it is refused."""
    period, base = spot[1], {f"in@{spot[1]}": ("yes",)}
    cuts = (0, *sorted(draw.sample((1, 2, 3), draw.randint(1, 3))), 4)
    bands = [AGES[a:b] for a, b in itertools.pairwise(cuts)]
    tables = [one_way(who, f"age@{period}", bands, base)]
    lines = {f"t/{'-'.join(band)}/all": (band, "") for band in bands}
    lines |= dict.fromkeys(("t/total/total", "release/total/total"), (AGES, ""))
    if draw.random() < 0.4:
        tables.append(yes_no(who, ["s"], base, period))
        lines["s/s/all"] = (AGES, "yes")
    found = protect(request(who, tables, base, period=period, k=K), earlier=earlier)
    if not isinstance(found, SafeRelease):
        return None
    earlier.append(found.known)
    return Paper(spot, is_told=False, lines=lines, values=figures(found))


def told(draw: random.Random, who: People, spot: Spot, earlier: Ledger) -> Paper:
    """Somebody reads a number in a newspaper."""
    ages = tuple(sorted(draw.sample(AGES, draw.randint(1, 3))))
    return in_the_paper(who, spot, ages, earlier)


def in_the_paper(who: People, spot: Spot, ages: tuple[str, ...], earlier: Ledger) -> Paper:
    """So many of these ages are in a newspaper."""
    where = Definition.of({f"in@{spot[1]}": ("yes",), f"age@{spot[1]}": ages})
    earlier.append(told_entry(f"told-{len(earlier)}", spot[1], {"told": where}, who))
    return Paper(spot, is_told=True, lines={"told": (ages, "")}, values={"told": who.count(where)})


def series(seed: int) -> Series:
    draw = random.Random(f"series {seed}")
    made = Series([house(draw)])
    earlier: Ledger = []
    for step in range(draw.randint(2, 4)):
        if step and draw.random() < 0.3:
            made.states.append(corrected(draw, made.states[-1]))
        spot = (len(made.states) - 1, draw.choice((FIRST, SECOND, YEAR, YEAR)))
        who = known_of(made.states[-1], spot[1])
        act = told if draw.random() < 0.2 else released
        paper = act(draw, who, spot, earlier)
        if paper is not None:
            made.papers.append(paper)
    while made.papers and made.papers[-1].is_told:
        made.papers.pop()  # what is told after the last release no release can help
    return made


def known_first(seed: int) -> Series:
    """Two to five numbers are in newspapers before a release, about any period and a few ages."""
    draw = random.Random(f"known first {seed}")
    weights = draw.choice(((1, 1, 0), (1, 0, 1), (0, 1, 1), (3, 3, 4)))
    made, earlier = Series([house(draw, weights, (8, 18))]), list[Mapping[str, Any]]()
    for _ in range(draw.randint(2, 5)):
        spot, start = (0, draw.choice((FIRST, SECOND, YEAR))), draw.randrange(4)
        ages = AGES[start : start + draw.choice((1, 1, 1, 2, 3))]
        made.papers.append(in_the_paper(known_of(made.states[0], spot[1]), spot, ages, earlier))
    spot = (0, draw.choice((FIRST, SECOND, YEAR, YEAR)))
    paper = released(draw, known_of(made.states[0], spot[1]), spot, earlier)
    if paper is not None:
        made.papers.append(paper)
    return made


def bands_first(seed: int) -> Series:
    """Bands of one quarter are in newspapers, and one or two of the other, before the year is."""
    draw = random.Random(f"bands first {seed}")
    weights = draw.choice(((4, 1, 0), (4, 1, 1), (1, 4, 1), (3, 3, 4)))
    made, earlier = Series([house(draw, weights, (8, 18))]), list[Mapping[str, Any]]()
    bands = [AGES[a:b] for a, b in itertools.combinations(range(5), 2) if b - a < 4]
    much, little = draw.sample((FIRST, SECOND), 2)
    for period, number in ((much, draw.choice((2, 3))), (little, draw.choice((1, 2)))):
        for ages in draw.sample(bands, number):
            who = known_of(made.states[0], period)
            made.papers.append(in_the_paper(who, (0, period), ages, earlier))
    paper = released(draw, known_of(made.states[0], YEAR), (0, YEAR), earlier)
    if paper is not None:
        made.papers.append(paper)
    return made


def crossing(seed: int) -> Series:
    """Some releases of one period, each with other bands, and one or two of the other.

    Many are alike in both, and few of each age are in one only: what lines of several releases
    give by adding and subtracting is what matters.
    """
    draw = random.Random(f"crossing {seed}")
    part, other = draw.sample((FIRST, SECOND), 2)
    raw: Raw = {}
    for age in AGES:
        for there, sizes in (((part,), (3, 4, 5, 6)), ((other,), (0, 0, 1, 2, 5, 6))):
            for _ in range(draw.choice(sizes)):
                periods = (
                    draw.choice((there, there, (FIRST, SECOND))) if there == (part,) else there
                )
                raw[str(len(raw))] = {
                    name: value
                    for period in (*periods, YEAR)
                    for name, value in ((f"in@{period}", "yes"), (f"age@{period}", age))
                }
    made, earlier = Series([raw]), list[Mapping[str, Any]]()
    many, few = draw.choice(((part, YEAR), (part, YEAR), (YEAR, part)))
    order = [many] * draw.choice((2, 2, 3)) + [few] * draw.choice((1, 1, 2))
    if draw.random() < 0.3:
        draw.shuffle(order)
    for period in order:
        paper = released(draw, known_of(raw, period), (0, period), earlier)
        if paper is not None:
            made.papers.append(paper)
    return made


class Reader:
    """Everything that is out on one table; a class is an age and a service in each paper."""

    def __init__(self, made: Series) -> None:
        self.made = made
        self.spots = sorted({paper.spot for paper in made.papers})
        served = {p.spot for p in made.papers for _, yes in p.lines.values() if yes}
        self.served = [spot in served for spot in self.spots]
        classes = sorted(set(self._classes()))
        self.knows, self.was_told = Union(classes), Union(classes)
        last = max((n for n, one in enumerate(made.papers) if one.is_told), default=-1)
        for number, paper in enumerate(made.papers):
            for name, (ages, yes) in paper.lines.items():
                if name in paper.values:
                    value = paper.values[name]
                    group = self.inside(paper.spot, ages, yes)
                    least, above = (1, None) if value is None else (value, 0)
                    self.knows.knows(group, least, above)
                    if number <= last or value == 0:
                        self.was_told.knows(group, least, above)
        self.counts = [0] * len(classes)
        for key in made.states[0]:
            one = tuple(self._seen(key))
            if any(age for age, _ in one):
                self.counts[self.knows.place[one]] += 1

    def _seen(self, key: str) -> Iterator[tuple[str, str]]:
        for (state, period), is_served in zip(self.spots, self.served, strict=True):
            one = self.made.states[state][key]
            age = one.get(f"age@{period}", "")
            yield age, one.get(f"s@{period}", "no") if age and is_served else ""

    def _classes(self) -> Iterator[tuple[tuple[str, str], ...]]:
        """Yield everything that could be true of a resident."""
        states = sorted({state for state, _ in self.spots})
        ages = [(a, later) for a in range(4) for later in (a, a + 1) if later < 4]
        for there in ((FIRST,), (SECOND,), (FIRST, SECOND), (YEAR,)):
            for of_states in itertools.product(ages, repeat=len(states)):
                if len(there) == 1 and any(a != later for a, later in of_states):
                    continue
                by_state = dict(zip(states, of_states, strict=True))
                for given in itertools.product(("yes", "no"), repeat=len(there)):
                    yes = dict(zip(there, given, strict=True))
                    yes[YEAR] = "yes" if "yes" in given else "no"
                    found = tuple(self._one(by_state, yes))
                    if any(age for age, _ in found):
                        yield found

    def _one(
        self, by_state: dict[int, tuple[int, int]], yes: dict[str, str]
    ) -> Iterator[tuple[str, str]]:
        for (state, period), is_served in zip(self.spots, self.served, strict=True):
            if period not in yes:
                yield "", ""
                continue
            age = AGES[by_state[state][period == SECOND and FIRST in yes]]
            yield age, yes[period] if is_served else ""

    def inside(self, spot: Spot, ages: tuple[str, ...], yes: str = "") -> list[int]:
        at = self.spots.index(spot)
        return [
            number
            for one, number in self.knows.place.items()
            if one[at][0] in ages and yes in ("", one[at][1])
        ]

    def groups(self) -> Iterator[tuple[str, list[int]]]:
        """Yield the groups that a reader may mean."""
        some = [c for size in (1, 2, 3, 4) for c in itertools.combinations(AGES, size)]
        for spot in self.spots:
            for ages in some:
                yield f"{spot} {ages}", self.inside(spot, ages)
                for yes in ("yes", "no") if len(ages) in (1, 4) else ():
                    yield f"{spot} {ages} {yes}", self.inside(spot, ages, yes)
            for other in self.spots:
                away = set(self.inside(other, AGES)) if other != spot else set()
                for ages in some if away else ():
                    left = [n for n in self.inside(spot, ages) if n not in away]
                    yield f"{spot} {ages} not in {other}", left
                for age in AGES if spot[1] == other[1] and spot[0] < other[0] else ():
                    same = set(self.inside(other, (age,)))
                    moved = [n for n in self.inside(spot, (age,)) if n not in same]
                    yield f"{spot} no more {age} in {other}", moved

    def small(self) -> dict[str, list[int]]:
        """Return the groups of 1 to k - 1."""
        return {
            name: group
            for name, group in self.groups()
            if 0 < sum(self.counts[n] for n in group) < K
        }

    def proves(self, group: list[int]) -> bool:
        """Tell whether it can be shown that these are 1 to k - 1, and was not told before.

        What was told of some stays told of them with classes beside in which nobody can be: 15 was
        told to be one, and now 12 turns out to be nobody, so "12 or 15" is one. Whoever is meant
        was meant before, by a number that was told; what is new is that nobody else is there, and
        that is a zero, which every release shows. It is no more than that only where each class
        left out is empty by itself, and where those that are left were told to be few by
        themselves: both are asked here.
        """
        if not self.knows.tells(group, K) or self.knows.furthest(group, 1) < 1:
            return False
        somebody = [n for n in group if self.knows.furthest([n], -1) >= 1]
        return not self.was_told.tells(somebody, K)

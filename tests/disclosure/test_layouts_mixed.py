"""Answers laid out finer or coarser as a house has beds: a series of releases proves no few.

The reader holds every release of two quarters and their year, in two states of the records, and
knows which group lies in which file and service. A figure shown is an equation; a blank is any
number. What two states differ in is a correction, and that is a few answers more or less.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from shelter_desk.desk.counting import TIMELY, Counts, Shape, table_of
from shelter_desk.desk.counts import BY_SERVICE
from shelter_desk.desk.item_groups import laid_out, stands_first
from shelter_desk.disclosure import ReleaseRequest, SafeRelease, Settings, protect
from shelter_desk.domain.pack_groups import ItemGroup
from shelter_desk.domain.pack_rules import DOCUMENTS
from tests.disclosure.union_attacker import Union

K = 3
MEDICINES, OTHER = "10_medication_audit", "other-items"
GROUPS = (
    ItemGroup("sheet", "Face sheet", DOCUMENTS, ("a.1",)),
    ItemGroup("plan", "Plan", DOCUMENTS, ("a.2",)),
    ItemGroup("given", "Doses given", MEDICINES, ("m.3",), ("done",)),
    ItemGroup("refused", "Doses refused", MEDICINES, ("m.3",), ("declined",)),
)
ROWS = (*(group.id for group in GROUPS), OTHER)
SERVICES = {"papers": ("sheet", "plan"), "health": ("given", "refused"), "rest": (OTHER,)}
FILES = {DOCUMENTS: ("sheet", "plan"), MEDICINES: ("given", "refused")}
QUARTERS, YEAR = ("2026-Q1", "2026-Q2"), "2026"
BEDS = (4, 12, 24)
CODES = {row: (row,) for row in ROWS}
Atom = tuple[str, str, str]  # quarter, group, late or in time
State = dict[tuple[Atom, int], int]  # with a resident -> answers
Shown = dict[frozenset[Atom], int]


def first_state(draw: random.Random) -> State:
    state: State = {}
    often = draw.choice(((0, 3, 4, 5), (0, 0, 0, 3, 4), (0,) * 9 + (1, 4)))
    for quarter in QUARTERS:
        for row in ROWS:
            for column, sizes in (("in-time", (0, 4, 6, 9)), ("late", often)):
                for resident in draw.sample(range(14), draw.choice(sizes)):
                    state[(quarter, row, column), resident] = draw.choice((1, 1, 2))
    return state


def corrected(draw: random.Random, state: State) -> State:
    """One answer stands elsewhere; in all there are as many."""
    now = {at: count for at, count in state.items() if count}
    late = sorted(one for one in now if one[0][2] == "late")
    (quarter, row, column), resident = draw.choice(late if late else sorted(now))
    now[(quarter, row, column), resident] -= 1
    row, column = draw.choice(ROWS), draw.choice(sorted(TIMELY))
    at = (quarter, row, column), resident
    now[at] = now.get(at, 0) + 1
    return now


def atoms(period: str, rows: Iterable[str], columns: Iterable[str]) -> frozenset[Atom]:
    quarters = QUARTERS if period == YEAR else (period,)
    return frozenset((q, r, c) for q in quarters for r in rows for c in columns)


def released(
    state: State, period: str, beds: int, earlier: list[Mapping[str, Any]]
) -> Shown | None:
    """Release a period in the order of a pack; return what is shown, None where it is refused."""
    by_group = Counts(dict.fromkeys(ROWS, ""))
    by_service = Counts(dict.fromkeys(SERVICES, ""))
    service_of = {row: service for service, rows in SERVICES.items() for row in rows}
    for ((quarter, row, column), resident), count in state.items():
        if period in (quarter, YEAR):
            by_group.add(row, column, resident, count)
            by_service.add(service_of[row], column, resident, count)
    shape = Shape("Answers", "Service", "", "items", TIMELY, BY_SERVICE)
    tables = [table_of("completeness", shape, by_service)]
    matters = laid_out(by_group, GROUPS, beds)
    tables.insert(0 if stands_first(matters) else 1, matters)
    asked = ReleaseRequest("t", period, "named", 14, tuple(tables), Settings(K))
    found = protect(asked, earlier=earlier)
    if not isinstance(found, SafeRelease):
        return None
    earlier.append(found.known)
    coarse = len(matters.rows) == 2
    files = {DOCUMENTS: FILES[DOCUMENTS], OTHER: ROWS[2:]} if coarse else FILES
    means = {**CODES, **SERVICES, **files, "total": ROWS}
    return {
        atoms(period, means[row], TIMELY if column == "total" else (column,)): value
        for figure in found.certificate["figures"]
        if (value := figure["value"]) is not None and figure["id"].count("/") == 2
        for _, row, column in [figure["id"].split("/")]
    }


def meant() -> Iterable[frozenset[Atom]]:
    """Yield what a reader may mean: groups, files and all, of a period, late, in time or both."""
    for period in (*QUARTERS, YEAR):
        for rows in (*((row,) for row in ROWS), *FILES.values(), ROWS[2:], ROWS):
            for columns in (("late",), ("in-time",), TIMELY):
                yield atoms(period, rows, columns)


def attack(seed: int, *, knows_earlier: bool = True) -> tuple[int, int, list[str]]:
    """Return how many releases there are, how many small groups, and what is proved."""
    draw, earlier = random.Random(f"layouts {seed}"), list[Mapping[str, Any]]()
    states, out = [first_state(draw)], list[tuple[int, Shown]]()
    for step in range(draw.randint(2, 4)):
        if step and draw.random() < 0.5:
            states.append(corrected(draw, states[-1]))
        before = earlier if knows_earlier else []
        shown = released(states[-1], draw.choice((*QUARTERS, YEAR)), draw.choice(BEDS), before)
        if shown is not None:
            out.append((len(states) - 1, shown))
    small, proved = 0, _moved(out)
    for number, state in enumerate(states):
        few, found = _proved(state, [shown for at, shown in out if at == number])
        small += few
        proved += found
    return len(out), small, [f"{seed}: {line}" for line in proved]


def _proved(state: State, shown: Iterable[Shown]) -> tuple[int, list[str]]:
    """Count the small groups of a state, and name those that its releases prove."""
    every = sorted(atoms(YEAR, ROWS, TIMELY))
    knows = Union(every)
    knows.knows(list(range(len(every))), 0, None)
    for one in shown:
        for inside, value in one.items():
            knows.knows([knows.place[atom] for atom in inside], value, 0)
    few = [group for group in meant() if 0 < _answers(state, group) < K]
    places = [[knows.place[atom] for atom in group] for group in few]
    proved = [group for group in places if knows.tells(group, K) and knows.furthest(group, 1) >= 1]
    return len(few), [str([every[n] for n in group]) for group in proved]


def _answers(state: State, group: frozenset[Atom]) -> int:
    return sum(count for (atom, _), count in state.items() if atom in group)


def _moved(out: list[tuple[int, Shown]]) -> list[str]:
    """Name what two releases both tell, and tell differently: that is what was corrected."""
    known = [_sums(shown) for _, shown in out]
    return [
        f"moved {sorted(group)}"
        for before, after in itertools.combinations(known, 2)
        for group in before.keys() & after.keys()
        if before[group] != after[group]
    ]


def _sums(shown: Shown) -> Shown:
    """Add what is late and what is in time, and lines that make up a file or a service."""
    found = dict(shown)
    for group in (*meant(), *(atoms(p, s, TIMELY) for p in QUARTERS for s in SERVICES.values())):
        parts = [part for part in shown if part <= group]
        for first in parts:
            rest = group - first
            if rest in shown:
                found[group] = shown[first] + shown[rest]
    return found


def attacked(seeds: Iterable[int], **how: bool) -> tuple[int, int, list[str]]:
    found = [attack(seed, **how) for seed in seeds]
    releases, small = sum(one[0] for one in found), sum(one[1] for one in found)
    sys.stdout.write(f"{releases} releases, {small} small groups\n")
    return releases, small, [line for one in found for line in one[2]]


def test_layouts_mixed_in_a_series_prove_no_few_and_would_without_the_ledger() -> None:
    releases, small, proved = attacked(range(10))
    assert proved == []
    assert releases > 15
    assert small > 20
    assert attacked(range(10), knows_earlier=False)[2]


@pytest.mark.slow
def test_layouts_mixed_in_hundreds_of_series_prove_no_few() -> None:
    releases, small, proved = attacked(range(600))
    assert proved == []
    assert releases > 600
    assert small > 1_500

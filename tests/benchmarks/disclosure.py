"""Prints what safe tables cost, beside tau-ARGUS where `pytauargus` is installed.

    python tests/benchmarks/disclosure.py                  k = 5 and 11, n = 20, 50, 100, 200
    python tests/benchmarks/disclosure.py --k 5 --n 50     less of it
    python tests/benchmarks/disclosure.py --time-limit 30  seconds of work for the search (20)
    python tests/benchmarks/disclosure.py --floor 0        zeros may be blank, as tau-ARGUS has it
    python tests/benchmarks/disclosure.py --floor 0 --level exact    its level of safety as well

Per table, k and n: figures withheld (a star: proved to be the fewest possible); how many small
figures can be worked out exactly, and how many can be shown to be small, by an audit of the
published figures alone (zeros are shown, so that a blank is not zero, but with --floor 0, where
a figure that can be shown not to be zero counts as shown to be small, as ours hide that too). At
the level "exact" only the first is promised, and a pattern of tau-ARGUS is as safe as ours where
no figure of it can be worked out. Then processor seconds to the first safe pattern and to the
end, and of the checker. All people are invented, by a fixed seed.
The last line says how often tau-ARGUS withholds fewer in a pattern as safe (then the exit code is
1), or that nothing was compared.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from shelter_desk.disclosure import Settings, check  # noqa: E402 - after the path
from shelter_desk.disclosure.attacker import Attacker  # noqa: E402 - after the path
from shelter_desk.disclosure.door import protect_problem  # noqa: E402 - after the path
from shelter_desk.disclosure.families import (  # noqa: E402 - after the path
    Dimension,
    Family,
    problem_of,
)
from shelter_desk.disclosure.highs import load  # noqa: E402 - after the path
from shelter_desk.disclosure.model import Problem  # noqa: E402 - after the path
from shelter_desk.disclosure.system import Side, build  # noqa: E402 - after the path

MONTHS = tuple(f"M{n:02}" for n in range(1, 13))
QUARTERS = {f"Q{q}": MONTHS[3 * q - 3 : 3 * q] for q in (1, 2, 3, 4)}
SHARES = {
    "age": {"12": 1, "14": 4, "16": 8, "17": 5},
    "origin": {"A": 8, "B": 9, "C": 7, "D": 1, "E": 1, "F": 3, "G": 0.3, "H": 0.3},
    "county": {"N": 8, "S": 4, "E": 3, "W": 2, "X": 1.5, "P": 2, "Q": 1.5, "R": 1},
    "referred": {"police": 6, "welfare": 7, "court": 4, "hospital": 2, "self": 1, "other": 3},
    "stay": {"1": 3, "3": 5, "6": 4, "12": 3, "more": 2},
    "left to": {"family": 5, "foster": 4, "own": 2, "program": 3, "unknown": 2, "here": 6},
    "month": dict.fromkeys(MONTHS, 1),
}
UNIONS = {
    "age": {"under 15": ("12", "14"), "15 and over": ("16", "17")},
    "county": {"in": ("N", "S", "E", "W", "X"), "out": ("P", "Q", "R")},
    "month": QUARTERS,
}
PLAIN = {name: Dimension(name, tuple(codes)) for name, codes in SHARES.items()}
DEEP = {n: Dimension(n, tuple(codes), UNIONS.get(n, {})) for n, codes in SHARES.items()}
QUARTER = Dimension("quarter", tuple(QUARTERS))
SIX = ("age", "origin", "county", "referred", "stay", "left to")
FAMILIES = {
    "age x referred": Family((PLAIN["age"], PLAIN["referred"]), (("age", "referred"),)),
    "origin x county, 2 levels": Family(
        (PLAIN["origin"], DEEP["county"]), (("origin", "county"),)
    ),
    "age x month/quarter/year": Family((DEEP["age"], DEEP["month"]), (("age", "month"),)),
    "quarter x six": Family(
        (QUARTER, *(PLAIN[n] for n in SIX)), tuple(("quarter", n) for n in SIX)
    ),
    "age x referred x left to": Family(
        tuple(PLAIN[n] for n in ("age", "referred", "left to")), (("age", "referred", "left to"),)
    ),
}

SAFE = {"interval": "nothing small can be shown", "exact": "no figure can be worked out"}


@dataclass(frozen=True)
class Measured:
    """One line of the print."""

    withheld: int
    is_fewest: bool
    exact: int
    small: int
    first_s: float
    cpu_s: float
    checker_ms: float


def invented(n: int, seed: int = 1) -> list[dict[str, str]]:
    """Return n people by all dimensions."""
    draw = random.Random(f"{seed}/{n}")
    people = [
        {name: draw.choices(tuple(s), tuple(s.values()))[0] for name, s in SHARES.items()}
        for _ in range(n)
    ]
    for person in people:
        person["quarter"] = next(q for q, months in QUARTERS.items() if person["month"] in months)
    return people


def measure(problem: Problem) -> Measured | str:
    """Protect a table and audit what is published, or return why there is none."""
    first = _first_safe(problem)
    result = protect_problem(problem)
    if result["status"] != "safe":
        return str(result["reason"])
    begun = time.perf_counter()
    assert check(result["certificate"]) == []
    checker_ms = 1000 * (time.perf_counter() - begun)
    exact, small = audit(problem, set(result["withheld"]))
    atoms = {f.id: frozenset(f.atoms) for f in problem.figures}
    withheld = len({atoms[name] for name in result["withheld"]})
    return Measured(
        withheld, result["fewest_proved"], exact, small, first, result["cpu_seconds"], checker_ms
    )


def _first_safe(problem: Problem) -> float:
    """Return the processor seconds to a first safe pattern, without looking for a better one."""
    hurried = replace(problem, settings=replace(problem.settings, time_limit_s=0.0))
    begun = time.process_time()
    protect_problem(hurried)
    return time.process_time() - begun


def audit(problem: Problem, withheld: set[str]) -> tuple[int, int]:
    """Count small figures that can be worked out exactly, and that can be shown to be small."""
    system = build(problem)
    attacker = Attacker(system)
    blank = [any(problem.figures[m].id in withheld for m in ms) for ms in system.members]
    attacker.withhold(np.array(blank))
    exact = small = 0
    has_two_sides = problem.floor == 0 and problem.settings.level == "interval"
    for index in range(system.size):
        value = int(system.values[index])
        if not 0 < value < problem.settings.k:
            continue
        if not blank[index]:
            exact, small = exact + 1, small + 1
            continue
        highest = attacker.reach(index, Side(1, problem.settings.k)).value
        lowest = attacker.reach(index, Side(-1, 0)).value
        exact += highest - lowest < 1e-6
        told = highest < problem.settings.k - 1e-6
        # Where zeros may be blank, that it is somebody at all is hidden too.
        small += told or (has_two_sides and lowest > 1e-6)
    return exact, small


class Rival:
    """tau-ARGUS on the same tables, where it is installed; says at the end what came of it."""

    def __init__(self, level: str = "interval") -> None:
        """Look whether it is there.

        Args:
            level: the level of safety that is asked of ours; its patterns count from there on.
        """
        self._level = level
        found = importlib.util.find_spec("pytauargus")
        self._module = importlib.import_module("tauargus_rival") if found else None
        self._patterns = self._as_safe = self.lost = 0

    def told(
        self, family: Family, people: list[dict[str, str]], problem: Problem, ours: Measured
    ) -> str:
        """Return what it withholds of a table, as the print has it."""
        if self._module is None:
            return "not installed"
        patterns = self._module.patterns(family, people, problem, audit)
        for one in patterns:
            self._patterns += 1
            is_as_safe = (one.small if self._level == "interval" else one.exact) == 0
            self._as_safe += is_as_safe
            self.lost += is_as_safe and one.withheld < ours.withheld
        return " | ".join(map(str, patterns)) or "one plain table only"

    def verdict(self) -> str:
        """Say in a sentence how the two compare, or that nothing was compared."""
        if self._module is None:
            return (
                "NOT COMPARED with tau-ARGUS: pytauargus is not installed; README.md beside this "
                "file says how."
            )
        return (
            f"tau-ARGUS: {self._patterns} patterns, {self._as_safe} of them as safe as ours "
            f"({SAFE[self._level]}); in {self.lost} of these it withholds fewer figures."
        )


def lines(ks: list[int], ns: list[int], usual: Settings, rival: Rival) -> Iterator[str]:
    """Yield the printed lines; `usual` says how strictly but for k."""
    load()
    yield (
        f"{'table':28}{'figures':>8}{'k':>4}{'n':>5}{'withheld':>10}{'exact':>7}{'small':>7}"
        f"{'first s':>9}{'cpu s':>8}{'check ms':>10}  tau-ARGUS"
    )
    for name, family in FAMILIES.items():
        for k in ks:
            for n in ns:
                people = invented(n)
                problem = problem_of(family, people, replace(usual, k=k))
                found = measure(problem)
                head = f"{name:28}{len(problem.figures):8}{k:4}{n:5}"
                if isinstance(found, str):
                    yield f"{head}  {found}"
                    continue
                fewest = f"{found.withheld}{'*' if found.is_fewest else ' '}"
                yield (
                    f"{head}{fewest:>10}{found.exact:7}{found.small:7}{found.first_s:9.2f}"
                    f"{found.cpu_s:8.2f}{found.checker_ms:10.1f}  "
                    f"{rival.told(family, people, problem, found)}"
                )
    yield rival.verdict()


def main(arguments: list[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--k", type=int, nargs="+", default=[5, 11])
    parser.add_argument("--n", type=int, nargs="+", default=[20, 50, 100, 200])
    parser.add_argument("--time-limit", type=float, default=20.0)
    parser.add_argument("--floor", type=int, choices=(0, 1), default=1)
    parser.add_argument("--level", choices=tuple(SAFE), default="interval")
    options = parser.parse_args(arguments)
    usual = Settings(2, options.floor, options.level, options.time_limit)
    rival = Rival(options.level)
    for line in lines(options.k, options.n, usual, rival):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 1 if rival.lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

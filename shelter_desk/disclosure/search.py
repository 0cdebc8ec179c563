"""The search for a safe pattern with the fewest blanks, and its proof.

What is sure: the pattern is safe, and where it is said to be proved, no safe pattern weighs less.
The same table gives the same pattern each time with the same HiGHS, on a busy machine too: the
limit counts work (see `effort`). Of several patterns as good,
which one is chosen depends on the way of the search, and so on the solver's version and on counts
behind blanks.

What is not covered: a reader who has this program and replays it on every table that could be true
rules out those for which fewer blanks would do ("minimality attack"; Wong and others, VLDB 2007).
Every world the published figures leave finds the pattern safe too, so safety itself rules none
out: only "the fewest" does, and how ties end. Over all 2 x 3 tables of 7, 8, 10 and 12 residents
(k = 3) such a reader knows 5, 16, 29 and 37 in 100 small figures to be small, if ties end as by
a draw that is replayed with the rest; 5, 17, 34 and 44 if the first in an order of the figures
wins, 5, 16, 27 and 34 if the last does, so a fixed order is no cure; 3, 11, 20 and 26 if a draw
the reader does not know decides. Nothing would be known, only guessed, if every safe pattern had
some chance of being chosen, at the price of a few blanks more than are needed. None of the two is
done here.
`tests/disclosure/test_replaying.py` measures it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from shelter_desk.disclosure.attacker import Attacker
from shelter_desk.disclosure.branching import EDGE
from shelter_desk.disclosure.cuts import Cut
from shelter_desk.disclosure.effort import Effort
from shelter_desk.disclosure.highs import TooSlowError
from shelter_desk.disclosure.master import Master
from shelter_desk.disclosure.model import BoolVector, IntVector, Problem
from shelter_desk.disclosure.recipes import Followers, capacity_cut, either
from shelter_desk.disclosure.solution import NoSolution, Solution
from shelter_desk.disclosure.strengthening import strengthen
from shelter_desk.disclosure.system import Need, Side, System, build, uses_weak_claim
from shelter_desk.disclosure.worlds import WorldPool

# Until the first safe pattern the limit is soft: this much more work later the search gives up.
PATIENCE_S = 120.0
# The limit counts work, so that a busy machine finds what an idle one does. Nobody waits for ever:
# by the clock a search ends after so many times its limit, and this much more.
BUSY_TIMES, BUSY_S = 10.0, 60.0
# So many cuts say what to withhold next where one figure was the answer to all of them before.
FEW = 2
Clock = Callable[[], float]


class _CannotProtect(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, figure: int) -> None:
        super().__init__(figure)
        self.figure = figure


class _OutOfTime(Exception):  # noqa: N818 - never leaves this module
    pass


def solve(
    problem: Problem,
    *,
    early: Callable[[Solution], None] | None = None,
    clock: Clock = time.perf_counter,
    cpu: Clock = time.process_time,
) -> Solution | NoSolution:
    """Find the pattern that withholds least, and whole-number worlds that prove it safe.

    Args:
        problem: what to publish together.
        early: is told the first safe pattern when the search for fewer blanks goes on.
        clock: seconds; only a machine that is hopelessly busy ends a search by them.
        cpu: seconds of processor, for the record.
    """
    begun = cpu()
    system = build(problem)
    for need in system.needs:
        if system.offered[need.figure] and not system.may[need.figure]:
            label = system.label(need.figure)
            reason = f"{label} covers a small group and is public already."
            return NoSolution(reason, label, cpu() - begun)
    search = _Search(system, clock)

    def tell(pattern: BoolVector, bound: float) -> None:
        found = search.certified(pattern, bound, cpu_seconds=cpu() - begun)
        if early is not None and isinstance(found, Solution):
            early(found)

    try:
        pattern, bound = search.run(tell if early else None)
    except _CannotProtect as failure:
        label = system.label(failure.figure)
        reason = f"{label} covers a small group that what is public already gives away."
        return NoSolution(reason, label, cpu() - begun)
    except (_OutOfTime, TooSlowError):
        return NoSolution("No safe version was found in the time given.", None, cpu() - begun)
    return search.certified(pattern, bound, cpu_seconds=cpu() - begun)


class _Search:
    def __init__(self, system: System, clock: Clock) -> None:
        self._system = system
        limit_s = system.problem.settings.time_limit_s
        self._effort = Effort(limit_s)
        self._attacker = Attacker(system, self._effort)
        self._master = Master(system, self._effort)
        self._pool = WorldPool(system)
        self._clock, self._end = clock, clock() + BUSY_TIMES * limit_s + BUSY_S
        # Some search for whole residents ended without an answer: what follows proves no bound.
        self._unsure = False
        self._best, self._bound = system.must, 0.0
        self._often = np.zeros(len(system.needs), dtype=np.int64)
        self._followers = Followers(system)
        self._settled = np.zeros(len(system.needs), dtype=np.bool_)

    def run(
        self, tell: Callable[[BoolVector, float], None] | None = None
    ) -> tuple[BoolVector, float]:
        """Return the best certified pattern and the proven lower bound of its weight.

        `tell` is given the first safe pattern and its bound, where there is something to improve.
        """
        system = self._system
        self._best = self._give_back(self._complete(system.must))
        self._bound = float(system.weights[system.must].sum())
        if tell is not None and self._is_open(self._bound) and self._left() > 0:
            spent = self._effort.spent_s
            tell(self._tidy(self._best), self._bound)
            self._effort.spent_s = spent  # telling costs the search nothing
        with suppress(TooSlowError):  # what was found before is safe
            self._improve()
        return self._tidy(self._best), self._bound

    def _improve(self) -> None:
        """Look for patterns that weigh less, until there are none or the limit is reached."""
        system, master, bound, turn = self._system, self._master, self._bound, 0
        if self._is_open(bound):
            strengthen(system, self._attacker, master, lambda: self._left() > 0)
        while self._is_open(bound) and self._left() > 0:
            choice = master.choose(self._best, bound)
            bound = max(bound, choice.bound)
            if not self._unsure:
                self._bound = bound
            if not choice.final or not self._is_open(bound):
                break
            cuts = self._violations(choice.pattern)
            if not cuts:
                self._best = choice.pattern
                continue
            if turn % 2 == 0:
                other = self._give_back(self._complete(master.hit(choice.pattern, cuts)))
                if self._weight(other) < self._weight(self._best):
                    self._best = other
            turn += 1

    def _is_open(self, bound: float) -> bool:
        """Tell whether some pattern may weigh less than the best one."""
        return bound < self._weight(self._best) - 1 + 1e-6

    def _weight(self, pattern: BoolVector) -> float:
        return float(self._system.weights[pattern].sum())

    def _left(self) -> float:
        """How much work is left to do; none where the machine is too busy for it."""
        return self._effort.left_s if self._clock() < self._end else min(0.0, self._effort.left_s)

    def _complete(self, pattern: BoolVector) -> BoolVector:
        """Withhold more until every need is met; the time limit is soft here."""
        enough = None
        while cuts := self._violations(pattern, enough=enough):
            if self._left() < -PATIENCE_S or self._clock() > self._end + PATIENCE_S:
                raise _OutOfTime
            more = self._master.hit(pattern, cuts)
            # One figure for all of them is a step on a long way: the same needs will ask for the
            # next, and need not all be heard again to name it.
            is_step = int((more & ~pattern).sum()) == 1
            enough = FEW if is_step else None
            pattern = more
        return pattern

    def _give_back(self, pattern: BoolVector) -> BoolVector:
        """Show again what need not be withheld: heaviest, then largest, then in index order."""
        system = self._system
        spare = np.flatnonzero(pattern & ~system.must)
        sizes = np.array([len(system.rows[int(i)]) for i in spare])
        for i in spare[np.lexsort((spare, -sizes, -system.weights[spare]))]:
            if self._left() <= 0:
                break
            trial = pattern.copy()
            trial[i] = False
            if not self._master.missed(trial) and not self._violations(trial, enough=1):
                pattern = trial
        return pattern

    def _violations(self, pattern: BoolVector, *, enough: int | None = None) -> list[Cut]:
        """Return a cut for every need a pattern leaves unmet; keep the worlds found on the way.

        With `enough`, stop at so many: there are none only where every need is met.
        """
        self._attacker.withhold(pattern)
        known, cuts = len(self._pool.worlds), []
        usable = self._pool.usable(pattern)
        met = self._pool.met(usable)
        self._settled[:] = False
        for number in np.argsort(-self._often, kind="stable").tolist():
            need = self._system.needs[number]
            if len(self._pool.worlds) > known:
                fresh = np.arange(known, len(self._pool.worlds))
                usable, known = np.concatenate([usable, fresh]), len(self._pool.worlds)
                met = self._pool.met(usable)
            if met[number] or self._settled[number]:
                continue
            for cut in self._separate(need, pattern, usable):
                kept = self._master.add(cut)
                if kept is None:
                    raise _CannotProtect(need.figure)
                cuts.append(kept)
                self._often[number] += 1
            if enough is not None and len(cuts) >= enough:
                break
        return cuts

    def _separate(self, need: Need, pattern: BoolVector, usable: IntVector) -> list[Cut]:
        """Look for worlds for an unmet need; where there are none, say what must change."""
        cuts = []
        for side in need.sides:
            is_one_of_all = len(need.sides) > 1 and not need.any_of
            if is_one_of_all and self._pool.witness(need.figure, side, usable) is not None:
                continue
            cut = self._look(need, side, pattern)
            if cut is None and need.any_of:
                return []
            if cut is not None:
                cuts.append(cut)
        return [either(cuts, self._system.size)] if need.any_of and len(cuts) > 1 else cuts

    def _look(self, need: Need, side: Side, pattern: BoolVector) -> Cut | None:
        reach = self._attacker.reach(need.figure, side)
        if reach.multipliers is not None and reach.falls_short(side):
            if not need.any_of:  # another side may do; then there is no cut
                least = self._attacker.least
                self._settled |= self._followers.of(need.figure, reach, least)
            return replace(capacity_cut(self._system, reach, side, pattern), need=need.figure)
        world = self._attacker.whole_world(need.figure, side, reach.point)
        if world.found is not None:
            self._pool.add(world.found)
            return None
        # Fractions reach it, whole residents do not: show at least one less. Where that is not
        # sure, none of the patterns ruled out by it is known to be unsafe.
        self._unsure = self._unsure or not world.is_none
        shown = np.flatnonzero(~pattern)
        return Cut(shown, np.ones(len(shown)), 1.0)

    def _tidy(self, pattern: BoolVector) -> BoolVector:
        """Show what can be worked out anyway, where readers are told that nothing can be."""
        if uses_weak_claim(self._system.problem):
            spare = np.flatnonzero(pattern & ~self._system.must & self._system.offered)
            for i in spare:
                sides = (
                    Side(1, int(self._system.values[i]) + 1),
                    Side(-1, int(self._system.values[i]) - 1),
                )
                self._attacker.withhold(pattern)
                need = Need(int(i), sides, any_of=True)
                usable = self._pool.usable(pattern)
                if self._pool.witnesses(need, usable) is None and self._separate(
                    need, pattern, usable
                ):
                    pattern = pattern.copy()
                    pattern[i] = False
        return pattern

    def certified(
        self, pattern: BoolVector, bound: float, *, cpu_seconds: float
    ) -> Solution | NoSolution:
        """Collect the worlds that prove a pattern safe; without every one of them, nothing."""
        system, usable = self._system, self._pool.usable(pattern)
        proofs = [(need, self._pool.witnesses(need, usable)) for need in system.needs]
        if any(found is None for _, found in proofs):
            return NoSolution("The proof of safety is not complete.", None, cpu_seconds)
        used = sorted({0, *(w for _, found in proofs for w in found or ())})
        count = int((pattern & system.offered).sum())
        fewest = math.ceil(self._fewest(bound) - EDGE)
        return Solution(
            withheld=_spread(system, pattern),
            sensitive=_names(system, [need.figure for need in system.needs]),
            worlds=tuple(tuple(int(n) for n in self._pool.worlds[w]) for w in used),
            witnesses={
                name: tuple(used.index(w) for w in found or ())
                for need, found in proofs
                for name in _names(system, [need.figure])
            },
            weight=round(self._weight(pattern)),
            lower_bound=min(math.ceil(bound - EDGE), round(self._weight(pattern))),
            proved=fewest >= count,
            fewest_bound=min(fewest, count),
            count=count,
            cpu_seconds=cpu_seconds,
            behind=self._master.behind(pattern),
        )

    def _fewest(self, bound: float) -> float:
        """Prove how few figures any safe pattern withholds, with the work that is left."""
        system = self._system
        if not system.needs:
            return 0.0
        if self._unsure:
            return bound if (system.weights == system.offered).all() else 0.0
        return self._master.fewest(bound)


def _spread(system: System, pattern: BoolVector) -> tuple[bool, ...]:
    """Give every figure of the problem the status of the distinct figure it stands for."""
    withheld = [True] * len(system.problem.figures)
    for index, members in enumerate(system.members):
        for member in members:
            offered = system.problem.figures[member].offered
            withheld[member] = bool(pattern[index]) or not offered
    return tuple(withheld)


def _names(system: System, indexes: list[int]) -> tuple[str, ...]:
    """Return the ids behind distinct figures; a group of atoms is named by them."""
    names: list[str] = []
    for index in indexes:
        ids = [system.problem.figures[m].id for m in system.members[index]]
        names += ids or ["group:" + "+".join(map(str, system.rows[index].tolist()))]
    return tuple(names)

"""Several releases decided together: a year's quarters and the year, solved as one.

Releases decided one after the other are each as good as what is out allows; decided together they
are as good as they can be together. Each is then a release of its own, with a certificate of its
own, and may leave whenever it is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shelter_desk.disclosure.any_group import UnsureError
from shelter_desk.disclosure.asked import Part
from shelter_desk.disclosure.certificate import Unproved, certify
from shelter_desk.disclosure.comparing import (
    naming_others,
    own_figures,
    part_of,
    problem_among,
    relevant,
)
from shelter_desk.disclosure.events import known_least
from shelter_desk.disclosure.families import FamilyError
from shelter_desk.disclosure.layout import Layout, lay_out
from shelter_desk.disclosure.ledger import Certificates, year_and_quarter
from shelter_desk.disclosure.model import Problem, ProblemError
from shelter_desk.disclosure.proving import ROUNDS, Proved
from shelter_desk.disclosure.published import publish
from shelter_desk.disclosure.release import (
    FEW_AGAIN,
    NO_PROOF,
    TWO_WAY_FROM,
    kept_tables,
    least_missed,
    safe_release,
    unsure,
)
from shelter_desk.disclosure.request import ReleaseRequest, TableRequest
from shelter_desk.disclosure.safe import COARSER, Dropped, Refused, SafeRelease
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import NoSolution, Solution
from shelter_desk.disclosure.told import few_again

ADDS_UP = "it adds up with the quarters of the year"
NOT_TOGETHER = "no safe version together with the other tables of the year"


@dataclass(frozen=True, slots=True)
class _One:
    """One of the releases on its way."""

    request: ReleaseRequest
    kept: tuple[TableRequest, ...]
    dropped: tuple[Dropped, ...]

    @property
    def prefix(self) -> str:
        """What stands before its figures in the joint problem."""
        return f"{self.request.period}|"

    def layout(self) -> Layout:
        """Lay out its tables of residents, with what its counts of events tell of them."""
        people = tuple(table for table in self.kept if table.counted == "residents")
        laid_out = lay_out(self.request, people)
        least = known_least(self.kept, self.request.settings.k)
        return replace(laid_out, problem=replace(laid_out.problem, least=least))

    def without(self, spare: TableRequest, reason: str) -> _One:
        """Leave one more table out."""
        kept = tuple(table for table in self.kept if table is not spare)
        left_out = Dropped(spare.id, spare.title, reason)
        return _One(self.request, kept, (*self.dropped, left_out))


def protect_planned(
    requests: Sequence[ReleaseRequest],
    *,
    earlier: Certificates = (),
    two_way_from: int = TWO_WAY_FROM,
) -> tuple[SafeRelease | Refused, ...]:
    """Withhold as few figures as possible in all these releases together.

    A release of too few residents is refused for itself; where the others have no safe version
    together, all of them are.

    Args:
        requests: for the same readers; each says in raw values what it counts.
        earlier: what is out, as `SafeRelease.known` gives it.
        two_way_from: fewest residents behind a two-way table.
    """
    try:
        return _planned(requests, earlier, two_way_from)
    except FamilyError as error:
        reason = Refused(error.reason, "family", error.next_rung)
    except UnsureError as error:
        reason = Refused(unsure(error), "certificate", COARSER)
    except (ProblemError, RuntimeError) as error:
        reason = Refused(str(error), "ledger")
    return tuple(reason for _ in requests)


def _planned(
    requests: Sequence[ReleaseRequest], earlier: Certificates, two_way_from: int
) -> tuple[SafeRelease | Refused, ...]:
    plan: dict[int, _One] = {}
    answers: dict[int, SafeRelease | Refused] = {}
    for number, request in enumerate(requests):
        if not request.is_compared:
            raise ProblemError("a release of a plan does not say what it counts in raw values")
        if request.population < 2 * request.settings.k:
            reason = f"Fewer than {2 * request.settings.k} residents: no table of them is safe."
            answers[number] = Refused(reason, "population")
            continue
        if few_again(request, earlier):
            answers[number] = Refused(FEW_AGAIN, "ledger")
            continue
        kept, dropped = kept_tables(request, earlier, two_way_from)
        named = naming_others(request, earlier)
        plan[number] = _without_sums(_One(named, kept, dropped), requests)
    while plan:
        found = _solved(plan, earlier)
        if not isinstance(found, Refused):
            answers |= found
            break
        thinner = _thinner(plan)
        if thinner is None:
            answers |= dict.fromkeys(plan, found)
            break
        plan = thinner
    return tuple(answers[number] for number in range(len(requests)))


def _without_sums(one: _One, requests: Sequence[ReleaseRequest]) -> _One:
    """Leave out of a year the events that its quarters tell already."""
    period = one.request.period
    is_year = any(
        year_and_quarter(period, other.period) and len(period) < len(other.period)
        for other in requests
    )
    for table in one.kept if is_year else ():
        if table.counted != "residents":
            one = one.without(table, ADDS_UP)
    return one


def _thinner(plan: Mapping[int, _One]) -> dict[int, _One] | None:
    """Leave one more table out, of the last release that can miss one."""
    for number in sorted(plan, reverse=True):
        one = plan[number]
        spare = least_missed(one.request, one.kept)
        if spare is not None and len(one.kept) > 1:
            return {**plan, number: one.without(spare, NOT_TOGETHER)}
    return None


def _solved(plan: Mapping[int, _One], earlier: Certificates) -> dict[int, SafeRelease] | Refused:
    ones = list(plan.values())
    layouts = [one.layout() for one in ones]
    own = [
        Part(one.request.period, one.request.people, figures)
        for one, layout in zip(ones, layouts, strict=True)
        for figures in [own_figures(one.request, one.kept, layout, one.prefix)]
        if one.request.people is not None
    ]
    out = [part_of(other) for other in relevant([one.request for one in ones], earlier)]
    problem = problem_among(own, out, ones[0].request.settings, ones[0].request.impossible)
    if isinstance(problem, NoSolution):
        return Refused(problem.reason, "search")
    return _proved(plan, layouts, problem)


def _proved(
    plan: Mapping[int, _One], layouts: Sequence[Layout], problem: Problem
) -> dict[int, SafeRelease] | Refused:
    """Search until every release has a certificate of its own."""
    ids = {figure.id for figure in problem.figures}
    for _ in range(ROUNDS):
        solution = solve(problem)
        if isinstance(solution, NoSolution):
            return Refused(solution.reason, "search")
        made, missing = _certified(plan, layouts, problem, solution)
        also = problem.also | (missing & ids)
        if not missing:
            return made
        if also == problem.also:
            break
        problem = replace(problem, also=also)
    return Refused(NO_PROOF, "certificate")


def _certified(
    plan: Mapping[int, _One], layouts: Sequence[Layout], problem: Problem, solution: Solution
) -> tuple[dict[int, SafeRelease], set[str]]:
    made: dict[int, SafeRelease] = {}
    missing: set[str] = set()
    first = 0
    for (number, one), layout in zip(plan.items(), layouts, strict=True):
        size = len(layout.problem.figures)
        own = replace(solution, withheld=solution.withheld[first : first + size])
        first += size
        certificate = certify(publish(one.request, one.kept, layout, own))
        if isinstance(certificate, Unproved):
            missing |= {f"{one.prefix}{name}" for name in certificate.missing}
            continue
        found = Proved(own, certificate, problem)
        made[number] = safe_release(one.request, one.kept, one.dropped, found)
    return made, missing

"""Search and certificate together: nothing counts as solved before both stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shelter_desk.disclosure.certificate import Published, Unproved, certify
from shelter_desk.disclosure.model import Problem
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import NoSolution, Solution

# How often figures without a public world may be added to what must be protected.
ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Proved:
    """A pattern, its shareable certificate, and the problem with all that was protected."""

    solution: Solution
    certificate: dict[str, Any]
    problem: Problem


def prove(
    problem: Problem,
    publish: Callable[[Solution], Published],
    early: Callable[[Proved], None] | None = None,
) -> Proved | NoSolution | Unproved:
    """Find a pattern whose certificate holds.

    A blank or a difference that covers nobody needs no protection by the k-rule; where readers
    cannot tell, the certificate promises it all the same, so the search is run again with it.

    Args:
        problem: what to publish together.
        publish: makes what readers see from a solution.
        early: is given the first safe pattern with its certificate while better ones are sought.

    Raises:
        RuntimeError: the checker refuses a certificate; nothing may leave.
    """
    missing: tuple[str, ...] = ()
    first: Solution | None = None
    ids = {figure.id for figure in problem.figures}
    for _ in range(ROUNDS):
        solution = solve(problem, early=_telling(problem, publish, early))
        if isinstance(solution, NoSolution):
            return solution
        first = first or solution
        certificate = certify(publish(solution))
        if not isinstance(certificate, Unproved):
            return Proved(_against(first, solution), certificate, problem)
        missing = certificate.missing
        also = problem.also | (set(missing) & ids)
        if also == problem.also:
            break
        problem = replace(problem, also=also)
    return Unproved(missing)


def _against(first: Solution, last: Solution) -> Solution:
    """Hold a pattern to the bounds found before more had to be protected: those are sure."""
    return replace(
        last,
        proved=last.count <= first.fewest_bound,
        fewest_bound=first.fewest_bound,
        lower_bound=first.lower_bound,
    )


def _telling(
    problem: Problem,
    publish: Callable[[Solution], Published],
    early: Callable[[Proved], None] | None,
) -> Callable[[Solution], None] | None:
    if early is None:
        return None

    def tell(solution: Solution) -> None:
        certificate = certify(publish(solution))
        if not isinstance(certificate, Unproved):
            early(Proved(solution, certificate, problem))

    return tell

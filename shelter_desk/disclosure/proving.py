"""Search and certificate together: nothing counts as solved before both stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shelter_desk.disclosure.certificate import Published, Unproved, certify
from shelter_desk.disclosure.model import Fixed, Problem
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


Publish = Callable[[Solution], Published]
Early = Callable[[Proved], None]


def prove(
    problem: Problem,
    publish: Publish,
    early: Early | None = None,
) -> Proved | NoSolution | Unproved:
    """Find a pattern whose certificate holds.

    A blank or a difference that covers nobody needs no protection by the k-rule; where readers
    cannot tell, the certificate promises it all the same, so the search is run again: with it
    shown where it is a zero, and with it protected; the lighter pattern counts.

    Args:
        problem: what to publish together.
        publish: makes what readers see from a solution.
        early: is given the first safe pattern with its certificate while better ones are sought.

    Raises:
        RuntimeError: the checker refuses a certificate; nothing may leave.
    """
    solution = solve(problem, early=_telling(problem, publish, early))
    if isinstance(solution, NoSolution):
        return solution
    first = solution
    certificate = certify(publish(solution))
    if not isinstance(certificate, Unproved):
        return Proved(solution, certificate, problem)
    shown = _showing(problem, publish, certificate, first)
    if shown is not None and shown.solution.proved and _is_least(shown.solution):
        return shown
    also = _protecting(problem, publish, certificate, first, early)
    if shown is None or (
        isinstance(also, Proved) and also.solution.weight <= shown.solution.weight
    ):
        return also
    return shown


def _is_least(solution: Solution) -> bool:
    return solution.lower_bound >= solution.weight


def _protecting(
    problem: Problem,
    publish: Publish,
    certificate: Unproved,
    first: Solution,
    early: Early | None,
) -> Proved | NoSolution | Unproved:
    """Withhold what the certificate could not promise, and protect it as if it were small."""
    ids = {figure.id for figure in problem.figures}
    for _ in range(ROUNDS):
        also = problem.also | (set(certificate.missing) & ids)
        if also == problem.also:
            break
        problem = replace(problem, also=also)
        solution = solve(problem, early=_telling(problem, publish, early))
        if isinstance(solution, NoSolution):
            return solution
        found = certify(publish(solution))
        if not isinstance(found, Unproved):
            return Proved(_against(first, solution), found, problem)
        certificate = found
    return certificate


def _showing(
    problem: Problem, publish: Publish, certificate: Unproved, first: Solution
) -> Proved | None:
    """Show the zeros that the certificate could not promise to be more, if nothing else has to be.

    A zero that is blank for no need of its own may as well be shown; where that helps, it costs a
    blank less than protecting it.
    """
    settled = {
        frozenset(f.atoms) - problem.structural_zeros
        for f in problem.figures
        if f.id in {*problem.fixed, *problem.also}
    }
    free = {
        f.id
        for f in problem.figures
        if f.offered and not any(problem.counts[atom] for atom in f.atoms)
        if frozenset(f.atoms) - problem.structural_zeros not in settled
    }
    zeros: dict[str, Fixed] = {}
    for _ in range(ROUNDS):
        if not free.issuperset(certificate.missing):
            return None
        zeros |= dict.fromkeys(certificate.missing, Fixed.PUBLISHED)
        solution = solve(replace(problem, fixed={**problem.fixed, **zeros}))
        if isinstance(solution, NoSolution):
            return None
        found = certify(publish(solution))
        if not isinstance(found, Unproved):
            return Proved(_against(first, solution), found, problem)
        certificate = found
    return None


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
    publish: Publish,
    early: Early | None,
) -> Callable[[Solution], None] | None:
    if early is None:
        return None

    def tell(solution: Solution) -> None:
        certificate = certify(publish(solution))
        if not isinstance(certificate, Unproved):
            early(Proved(solution, certificate, problem))

    return tell

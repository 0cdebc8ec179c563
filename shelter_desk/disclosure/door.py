"""The open door: any table of head-counts as plain JSON in, the safe version as plain JSON out."""

from __future__ import annotations

import time
from typing import Any

from shelter_desk.disclosure.certificate import Heading, Published, Unproved
from shelter_desk.disclosure.explain import explain
from shelter_desk.disclosure.highs import load
from shelter_desk.disclosure.layout import Difference
from shelter_desk.disclosure.model import Problem
from shelter_desk.disclosure.proving import Proved, prove
from shelter_desk.disclosure.public import PublicFigure
from shelter_desk.disclosure.solution import NoSolution, Solution
from shelter_desk.disclosure.system import uses_weak_claim
from shelter_desk.disclosure.table_file import read_table

Result = dict[str, Any]


def protect_json(table: object) -> Result:
    """Protect figures over atoms.

    Args:
        table: `k`, `floor` (1), `level` ("interval"), `time_limit_s` (5; counted, not timed, so
            that a busy machine answers the same); `atoms` {id: count}; `figures` [{`id`,
            `atoms` [ids], `weight` (1)}]; and if wanted `sensitive` [figure ids],
            `zeros_sensitive` (false), `structural_zeros` [atom ids], `fixed` {figure id:
            "published" | "withheld"}, `groups` [[atom ids]].

    Returns:
        See `protect_problem`.

    Raises:
        BadTableError: the table cannot be read; the message begins with the place.
    """
    return protect_problem(read_table(table))


def protect_problem(problem: Problem) -> Result:
    """Protect figures over atoms.

    Returns:
        `status` ("safe" or "refused"), `reason` (None when safe), `published` {id: value},
        `withheld` [ids], `sensitive` [ids], `fewest_proved`, `lower_bound` (distinct figures any
        safe pattern withholds), `explanations` {id: sentence}, `certificate`, `cpu_seconds`. Only
        `published`, `withheld` and `certificate` may leave.
    """
    load()  # reading the optimiser into memory is not work on this table
    begun = time.process_time()
    try:
        answer = _protected(problem)
    except RuntimeError as error:
        answer = refused(f"The proof of safety did not hold. {error}")
    return answer | {"cpu_seconds": round(time.process_time() - begun, 3)}


def refused(reason: str) -> Result:
    """Return the result that publishes nothing."""
    return {
        "status": "refused",
        "reason": reason,
        "published": {},
        "withheld": [],
        "sensitive": [],
        "fewest_proved": False,
        "lower_bound": 0,
        "explanations": {},
        "certificate": None,
        "cpu_seconds": 0.0,
    }


def _protected(problem: Problem) -> Result:
    found = prove(problem, lambda solution: _published(problem, solution))
    if isinstance(found, NoSolution):
        return refused(found.reason)
    if isinstance(found, Unproved):
        return refused("No proof of safety was found for every withheld figure.")
    return _answer(found)


def _answer(found: Proved) -> Result:
    solution, problem = found.solution, found.problem
    figures = found.certificate["figures"]
    ids = {figure.id for figure in problem.figures}
    return {
        "status": "safe",
        "reason": None,
        "published": {f["id"]: f["value"] for f in figures if f["value"] is not None},
        "withheld": [f["id"] for f in figures if f["value"] is None],
        "sensitive": [name for name in solution.sensitive if name in ids],
        "fewest_proved": solution.proved,
        "lower_bound": solution.fewest_bound,
        "explanations": explain(problem, solution),
        "certificate": found.certificate,
    }


def _published(problem: Problem, solution: Solution) -> Published:
    figures = tuple(
        PublicFigure(
            figure.id,
            figure.atoms,
            None if blank else sum(problem.counts[atom] for atom in figure.atoms),
            problem.floor,
        )
        for figure, blank in zip(problem.figures, solution.withheld, strict=True)
    )
    differences: tuple[Difference, ...] = ()
    return Published(
        heading=Heading("Table", "-", "-"),
        tables=(),
        atoms=len(problem.atoms),
        impossible=problem.structural_zeros,
        figures=figures,
        differences=differences,
        links=(),
        k=problem.settings.k,
        floor=problem.floor,
        level="exact" if uses_weak_claim(problem) else "interval",
    )

"""The open door: any table problem as plain JSON in, the safe version as plain JSON out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from shelter_desk.disclosure.certificate import Heading, Published, Unproved
from shelter_desk.disclosure.explain import explain
from shelter_desk.disclosure.layout import Difference
from shelter_desk.disclosure.model import Figure, Fixed, Problem, ProblemError, Settings
from shelter_desk.disclosure.proving import Proved, prove
from shelter_desk.disclosure.public import PublicFigure
from shelter_desk.disclosure.solution import NoSolution, Solution
from shelter_desk.disclosure.system import uses_weak_claim

KEYS = {
    "k",
    "floor",
    "level",
    "atoms",
    "figures",
    "sensitive",
    "zeros_sensitive",
    "structural_zeros",
    "fixed",
    "groups",
    "time_limit_s",
}


def protect_json(table: Mapping[str, Any]) -> dict[str, Any]:
    """Protect figures over atoms.

    Args:
        table: `k`, `floor` (1), `level` ("interval"), `time_limit_s` (5); `atoms` {id: count};
            `figures` [{`id`, `atoms` [ids], `weight` (1)}]; and if wanted `sensitive` [figure
            ids], `zeros_sensitive` (false), `structural_zeros` [atom ids], `fixed` {figure id:
            "published" | "withheld"}, `groups` [[atom ids]].

    Returns:
        `status` ("safe" or "refused"), `reason`, `published` {id: value}, `withheld` [ids],
        `sensitive` [ids], `fewest_proved`, `lower_bound` (figures any safe pattern withholds),
        `explanations` {id: sentence}, `certificate`, `cpu_seconds`. Only `published`, `withheld`
        and `certificate` may leave.
    """
    begun = time.process_time()
    try:
        answer = _protected(table)
    except (ProblemError, KeyError, TypeError, ValueError, AttributeError) as error:
        answer = _refused(f"The table cannot be read: {error}")
    except RuntimeError as error:
        answer = _refused(f"The proof of safety did not hold. {error}")
    return answer | {"cpu_seconds": round(time.process_time() - begun, 3)}


def _protected(table: Mapping[str, Any]) -> dict[str, Any]:
    problem = _problem(table)
    found = prove(problem, lambda solution: _published(problem, solution))
    if isinstance(found, NoSolution):
        return _refused(found.reason)
    if isinstance(found, Unproved):
        return _refused("No proof of safety was found for every withheld figure.")
    return _answer(found)


def _answer(found: Proved) -> dict[str, Any]:
    solution, problem = found.solution, found.problem
    figures = found.certificate["figures"]
    return {
        "status": "safe",
        "reason": "",
        "published": {f["id"]: f["value"] for f in figures if f["value"] is not None},
        "withheld": [f["id"] for f in figures if f["value"] is None],
        "sensitive": list(solution.sensitive),
        "fewest_proved": solution.proved,
        "lower_bound": solution.fewest_bound,
        "explanations": explain(problem, solution),
        "certificate": found.certificate,
    }


def _refused(reason: str) -> dict[str, Any]:
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
    }


def _problem(table: Mapping[str, Any]) -> Problem:
    unknown = set(table) - KEYS
    if unknown:
        raise ProblemError(f"{sorted(unknown)[0]} is not known here")
    names = tuple(table["atoms"])
    place = {name: position for position, name in enumerate(names)}
    sensitive = table.get("sensitive")
    return Problem(
        atoms=names,
        counts=tuple(table["atoms"].values()),
        figures=tuple(
            Figure(f["id"], tuple(place[a] for a in f["atoms"]), f.get("weight", 1))
            for f in table["figures"]
        ),
        settings=Settings(
            k=table["k"],
            floor=table.get("floor", 1),
            level=table.get("level", "interval"),
            time_limit_s=float(table.get("time_limit_s", 5.0)),
        ),
        structural_zeros=frozenset(place[a] for a in table.get("structural_zeros") or ()),
        fixed={name: Fixed(status) for name, status in (table.get("fixed") or {}).items()},
        sensitive=None if sensitive is None else frozenset(sensitive),
        zeros_sensitive=bool(table.get("zeros_sensitive", False)),
        groups=tuple(tuple(place[a] for a in group) for group in table.get("groups") or ()),
    )


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

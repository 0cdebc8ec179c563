"""What of a release stays in the store, for the releases that follow."""

from __future__ import annotations

from typing import Any

from shelter_desk.disclosure.layout import POPULATION_ID, lay_out
from shelter_desk.disclosure.proving import Proved
from shelter_desk.disclosure.request import (
    ReleaseRequest,
    TableRequest,
    definitions,
    told_once,
)
from shelter_desk.disclosure.safe import Dropped


def proof_of(
    request: ReleaseRequest,
    tables: tuple[TableRequest, ...],
    dropped: tuple[Dropped, ...],
    found: Proved,
) -> dict[str, Any]:
    """Return what stays in the store: it names the figures that had to be protected."""
    settings, solution = request.settings, found.solution
    people = tuple(table for table in tables if table.counted == "residents")
    laid_out = lay_out(request, people).problem
    return _compared_by(request, found) | {
        "settings": {"k": settings.k, "floor": settings.floor, "level": settings.level},
        "population": request.population,
        "atoms": list(found.problem.atoms),
        "sensitive": list(solution.sensitive),
        "truth": list(laid_out.counts),
        "words": {one.id: one.label for one in laid_out.figures if one.offered and one.label},
        "worlds": [list(world) for world in solution.worlds],
        "witnesses": {name: list(worlds) for name, worlds in solution.witnesses.items()},
        "weight": solution.weight,
        "lower_bound": solution.lower_bound,
        "withheld_least": solution.fewest_bound,
        "cpu_seconds": round(solution.cpu_seconds, 3),
        "dropped": [[one.id, one.title, one.reason] for one in dropped],
        "fewest": [solution.proved, solution.lower_bound >= solution.weight],
    }


def _compared_by(request: ReleaseRequest, found: Proved) -> dict[str, Any]:
    """What later releases need to be set against this one: what its figures count, and of whom.

    Not on which line somebody stands of a table that is told once; how many stand there stays.
    """
    if not request.is_compared or request.people is None or request.everybody is None:
        return {}
    known = {POPULATION_ID: request.everybody}
    for table in request.tables:
        known |= definitions(table)
    published = {f["id"] for f in found.certificate["figures"]}
    once = told_once(request.tables)
    return {
        "defined": {
            name: where.as_json()
            for name, where in known.items()
            if name in published and once.isdisjoint(dimension for dimension, _ in where.where)
        },
        "people": request.people.without(once).as_json(),
    }

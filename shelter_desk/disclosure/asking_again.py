"""Questions about a release that is ready: why a figure is blank, what ranges readers find.

Reasons name small figures: they are for the screen of staff, never for an export. Ranges are
worked out from the certificate alone, so any reader could work them out as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from shelter_desk.disclosure.checker import open_differences
from shelter_desk.disclosure.comparing import compared
from shelter_desk.disclosure.events import known_least
from shelter_desk.disclosure.explain import why_blank
from shelter_desk.disclosure.highs import fresh, load, model, rows_of
from shelter_desk.disclosure.layout import lay_out
from shelter_desk.disclosure.ledger import Certificates
from shelter_desk.disclosure.model import Fixed, Problem
from shelter_desk.disclosure.request import ReleaseRequest
from shelter_desk.disclosure.solution import NoSolution

EVENTS = "Too few residents are behind it, or one of them makes up most of it."
NEAR = 1e-6

Range = tuple[int, int | None]


def reason_for(
    request: ReleaseRequest, earlier: Certificates, certificate: Mapping[str, Any], figure: str
) -> str:
    """Say why a figure of a safe release is blank.

    Args:
        request: the tables with their true counts.
        earlier: what was out when it was made.
        certificate: of the release.
        figure: its id.
    """
    kinds = {table["id"]: table["rule"] for table in certificate["tables"]}
    if kinds.get(figure.partition("/")[0]) == "contributors":
        return EVENTS
    kept = tuple(table for table in request.tables if table.id in kinds)
    people = tuple(table for table in kept if table.counted == "residents")
    layout = lay_out(request, people)
    least = known_least(kept, request.settings.k)
    layout = replace(layout, problem=replace(layout.problem, least=least))
    problem: Problem | NoSolution = layout.problem
    if request.is_compared:
        problem = compared(request, people, layout, earlier)
    if isinstance(problem, NoSolution):
        return problem.reason
    shown = {f["id"]: f["value"] is not None for f in certificate["figures"]}
    fixed = {
        one.id: Fixed.PUBLISHED if shown[one.id] else Fixed.WITHHELD
        for one in problem.figures
        if one.id in shown
    }
    also = problem.also | _promised(certificate, figure, problem)
    return why_blank(replace(problem, fixed={**problem.fixed, **fixed}, also=also), figure)


def _promised(certificate: Mapping[str, Any], figure: str, problem: Problem) -> frozenset[str]:
    """Name the differences that the proof protects, of nobody too, were this figure shown."""
    counts = {f.id: sum(problem.counts[a] for a in f.atoms) for f in problem.figures}
    figures = [
        {**f, "value": counts[figure]} if f["id"] == figure else f for f in certificate["figures"]
    ]
    return frozenset(open_differences({**certificate, "figures": figures}).keys() & counts.keys())


def ranges_of(certificate: Mapping[str, Any]) -> dict[str, Range]:
    """Return blank figure -> (least, greatest) that fits what is shown; None: no end."""
    figures, links = certificate["figures"], certificate["links"]
    infinite = load().kHighsInf
    rows = rows_of([f["atoms"] for f in figures], [(x["left"], x["right"]) for x in links])
    low = [float(f["floor"] if f["value"] is None else f["value"]) for f in figures]
    high = [infinite if f["value"] is None else float(f["value"]) for f in figures]
    equal = [0.0] * len(links)
    upper = np.full(certificate["atoms"], infinite)
    upper[certificate["impossible"]] = 0.0
    solver = fresh()
    bounds = (np.array(low + equal), np.array(high + equal))
    solver.passModel(model(rows, bounds, upper, np.zeros(len(upper))))
    found: dict[str, Range] = {}
    for figure in figures:
        if figure["value"] is None:
            least, most = (_extreme(solver, figure["atoms"], sign) for sign in (1.0, -1.0))
            lower = 0 if least is None else math.ceil(least - NEAR)
            found[figure["id"]] = (lower, None if most is None else math.floor(most + NEAR))
    return found


def _extreme(solver: Any, atoms: list[int], sign: float) -> float | None:  # noqa: ANN401 - a Highs
    for atom in atoms:
        solver.changeColCost(atom, sign)
    solver.run()
    is_found = solver.getModelStatus() == load().HighsModelStatus.kOptimal
    value = sign * float(solver.getInfo().objective_function_value) if is_found else None
    for atom in atoms:
        solver.changeColCost(atom, 0.0)
    return value

"""A new release set against everything that is out, by what the figures count.

All readers can meet, so there is one ledger; but who reads a report for a named recipient was
trusted with smaller groups than the public. So a release is protected once for everybody who may
hold everything that is out, at the smallest group any of it was judged by, and once more for those
who hold only what went to circles as wide as its own, at its own. What is blank for one is blank
for both; withholding more never makes anything less safe. Figures known from elsewhere come last:
what is safe without them stays blank, and what they give away is withheld beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shelter_desk.disclosure.asked import Asked, Part
from shelter_desk.disclosure.definitions import Definition, People, snapshot_of
from shelter_desk.disclosure.joint import joint_problem
from shelter_desk.disclosure.layout import POPULATION_ID, Layout
from shelter_desk.disclosure.ledger import YEAR_LENGTH, Certificates, LedgerError
from shelter_desk.disclosure.model import Fixed, Problem, Settings
from shelter_desk.disclosure.periods_between import touch
from shelter_desk.disclosure.request import AUDIENCES, ReleaseRequest, TableRequest, definitions
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import NoSolution, Solution
from shelter_desk.disclosure.told import TOLD_K

PUBLIC = AUDIENCES[0]


def compared(
    request: ReleaseRequest,
    kept: Sequence[TableRequest],
    layout: Layout,
    earlier: Certificates,
) -> Problem | NoSolution:
    """Return the problem of a release among all that are out; its own figures stand first.

    Raises:
        LedgerError: what is out cannot be compared.
        FamilyError: the tables cross too many dimensions, or dimensions in a ring.
    """
    if request.people is None:
        raise LedgerError("The residents behind this release are not known.")
    own = Part("new", request.people, own_figures(request, kept, layout))
    out = [part_of(other) for other in relevant([request], earlier)]
    return problem_among([own], out, request.settings, request.impossible)


def problem_among(
    own: Sequence[Part],
    out: Sequence[Part],
    settings: Settings,
    impossible: Sequence[Definition] = (),
) -> Problem | NoSolution:
    """Return the problem of new releases among what is out; the new figures stand first.

    Raises:
        FamilyError: the tables cross too many dimensions, or dimensions in a ring.
    """
    told = [part for part in out if _is_told(part)]
    released = [part for part in out if not _is_told(part)]
    wider = [part for part in released if _rule(part) >= settings.k]
    stages: list[tuple[Sequence[Part], int]] = []
    if len(wider) < len(released):
        stages.append((out, min(map(_rule, released))))
    if told:
        stages.append((wider, settings.k))
    for parts, least in stages:
        found = solve(joint_problem([*own, *parts], replace(settings, k=least), impossible))
        if isinstance(found, NoSolution):
            return found
        own = _with_blanks(own, found)
    return joint_problem([*own, *wider, *told], settings, impossible)


def own_figures(
    request: ReleaseRequest, kept: Sequence[TableRequest], layout: Layout, prefix: str = ""
) -> tuple[Asked, ...]:
    """Return the figures of a release in the order of its layout, with what they count."""
    known = {POPULATION_ID: request.everybody}
    for table in kept:
        known |= definitions(table)
    taken = {d.id: (d.whole, d.part) for d in layout.differences}
    found = []
    for figure in layout.problem.figures:
        whole, part = taken.get(figure.id, (figure.id, ""))
        found.append(
            Asked(
                id=f"{prefix}{figure.id}",
                where=_known(known, whole),
                less=_known(known, part) if part else None,
                weight=figure.weight,
                offered=figure.offered,
                label=figure.label,
                fixed=layout.problem.fixed.get(figure.id),
                least=layout.problem.least.get(figure.id, 0),
                also=figure.id in layout.problem.also,
            )
        )
    return tuple(found)


def relevant(requests: Sequence[ReleaseRequest], earlier: Certificates) -> list[Mapping[str, Any]]:
    """Return the releases that count some of the same residents, newest first.

    Those of the same year, those of a period that touches one of these across a year's end, and
    those that tell residents apart by what holds at all times.

    The same figures of the same residents stand there once, however often they were given out.

    Raises:
        LedgerError: one of them does not say what it counts.
    """
    tables = [table for request in requests for table in request.tables]
    mine = {name for t in tables for d in definitions(t).values() for name, _ in d.where}
    years = {request.period[:YEAR_LENGTH] for request in requests}
    found: list[Mapping[str, Any]] = []
    for other in reversed(earlier):
        if not any(table["rule"] == "worlds" for table in other["tables"]):
            continue
        same_year = other["period"][:YEAR_LENGTH] in years
        if "defined" not in other:
            if same_year:
                raise LedgerError("A release of the same year is out and cannot be compared.")
            continue
        theirs = {name for where in other["defined"].values() for name in where}
        shared = {name for name in mine & theirs if not snapshot_of(name)}
        follows = any(touch(str(other["period"]), request.period) for request in requests)
        if same_year or shared or follows:
            found += _once(other, found)
    return found


def _once(other: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return a release under a tag of its own; nothing where it stands there already."""
    alike = [one for one in found if _seal(one) == _seal(other)]
    if any(one["people"] == other["people"] for one in alike):
        return []
    # After a correction other residents can come to the very same figures.
    return [{**other, "tag": f"{other['tag']}-{len(alike)}"} if alike else other]


def naming_others(request: ReleaseRequest, earlier: Certificates) -> ReleaseRequest:
    """Name in the certificate of a release the public ones it is set against.

    Not those for somebody by name: that there is such a paper is not for other readers to know.
    """
    if not request.is_compared:
        return request
    named = [
        (str(other["period"]), str(other["audience"]), str(other["sha256"]))
        for other in reversed(relevant([request], earlier))
        if not other.get("told") and other["audience"] == PUBLIC
    ]
    return replace(request, beside=tuple(named))


def _seal(other: Mapping[str, Any]) -> str:
    return str(other.get("sha256", other["tag"]))  # what was told elsewhere has no certificate


def part_of(other: Mapping[str, Any]) -> Part:
    """Read a release that is out.

    Raises:
        LedgerError: its figures do not fit the residents they were counted from.
    """
    people, k = People.from_json(other["people"]), int(other["settings"]["k"])
    tag, is_told = str(other["tag"]), bool(other.get("told"))
    words, period = other.get("words", {}), str(other["period"])
    figures = []
    for figure in other["figures"]:
        name, value = str(figure["id"]), figure["value"]
        if name not in other["defined"]:
            continue  # a count of events
        where = Definition.of(other["defined"][name])
        if value is not None and not is_told and people.count(where) != value:
            raise LedgerError("What is out does not fit the residents it was counted from.")
        figures.append(
            Asked(
                id=f"{tag}:{name}",
                where=where,
                label=f"{words.get(name, name)}, {period}",
                fixed=Fixed.WITHHELD if value is None else Fixed.PUBLISHED,
                least=int(figure["floor"]) if value is None else 0,
                k=None if is_told else k,
                told=is_told,
            )
        )
    return Part(tag, people, tuple(figures))


def _rule(part: Part) -> int:
    """The smallest group a release was judged by."""
    return next((one.k for one in part.figures if one.k is not None), TOLD_K)


def _is_told(part: Part) -> bool:
    return any(one.told for one in part.figures)


def _with_blanks(own: Sequence[Part], found: Solution) -> list[Part]:
    """Keep blank what a first search withheld; its figures stand in the order of the parts."""
    blanks, changed = iter(found.withheld), []
    for part in own:
        figures = tuple(
            replace(one, fixed=Fixed.WITHHELD) if next(blanks) and one.offered else one
            for one in part.figures
        )
        changed.append(replace(part, figures=figures))
    return changed


def _known(known: Mapping[str, Definition | None], name: str) -> Definition:
    found = known.get(name)
    if found is None:
        raise LedgerError(f"{name} does not say what it counts in raw values.")
    return found

"""A year and its quarters: who was counted in a part is counted in the whole, in every figure.

A reader who has the summary of a quarter and that of its year can subtract them: 45 residents in
the quarter and 46 in the year leave one. So a release is protected together with the releases of
overlapping periods that are out. Their figures stand as they were released, over atoms of their
own; what ties them to the new ones is that the residents of a quarter are residents of the year,
and that a year has nobody who was in none of its quarters. The residents of the year who were not
in the quarter are a group as well, never shown and always protected.

Only the protection is joint. The certificate of a release says nothing of others, because they
may have gone to other readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shelter_desk.disclosure.layout import POPULATION_ID
from shelter_desk.disclosure.ledger import Certificates, LedgerError
from shelter_desk.disclosure.model import Figure, Fixed, Link, Problem
from shelter_desk.disclosure.request import ReleaseRequest

YEAR_LENGTH = len("2026")
QUARTERS = 4

Atoms = tuple[int, ...]


@dataclass
class _Joint:
    """A problem on its way: the new release first, then what is out."""

    problem: Problem
    atoms: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    fixed: dict[str, Fixed] = field(default_factory=dict)
    least: dict[str, int] = field(default_factory=dict)
    groups_of: dict[str, int] = field(default_factory=dict)

    def atom(self, name: str, count: int) -> int:
        """Add an atom after those of the new release."""
        self.atoms.append(name)
        self.counts.append(count)
        return len(self.problem.atoms) + len(self.atoms) - 1

    def total(self, atoms: Atoms) -> int:
        """Count the residents in some atoms."""
        every = [*self.problem.counts, *self.counts]
        return sum(every[atom] for atom in atoms)

    def whole(self) -> Problem:
        """Return everything as one problem."""
        old = self.problem
        return replace(
            old,
            atoms=(*old.atoms, *self.atoms),
            counts=(*old.counts, *self.counts),
            figures=(*old.figures, *self.figures),
            links=(*old.links, *self.links),
            fixed={**old.fixed, **self.fixed},
            least={**old.least, **self.least},
            smallest={**old.smallest, **self.groups_of},
        )


def together(problem: Problem, request: ReleaseRequest, earlier: Certificates) -> Problem:
    """Return the problem of a release joined with what is out of overlapping periods.

    Args:
        problem: of the new release; its atoms and figures stay first.
        request: the new release.
        earlier: certificates of what is out, each with its true counts as "truth".

    Raises:
        LedgerError: what is out cannot be compared, or its counts have changed since.
    """
    joint = _Joint(problem)
    shared = {POPULATION_ID, *_yes_no_figures(request)}
    own = {figure.id: figure.atoms for figure in problem.figures if figure.id in shared}
    out = {
        str(other["period"]): _added(joint, other, shared)
        for other in _best_known(request, earlier)
    }
    every = {request.period: own, **out}
    year = request.period[:YEAR_LENGTH]
    for quarter in sorted(every.keys() - {year}):
        if year in every:
            _tie(joint, year, quarter, every)
    _nobody_else(joint, year, every)
    return joint.whole()


def _yes_no_figures(request: ReleaseRequest) -> list[str]:
    return [
        f"{table.id}/{row.code}/{column.code}"
        for table in request.tables
        if table.kind == "yes-no"
        for row in table.rows
        for column in table.columns
    ]


def _best_known(request: ReleaseRequest, earlier: Certificates) -> list[Mapping[str, Any]]:
    """Return, per overlapping period, the release that shows most: that of the smallest groups.

    A quarter counts as overlapping where its year does: its sisters matter as well.
    """
    found: dict[str, Mapping[str, Any]] = {}
    year = request.period[:YEAR_LENGTH]
    periods = [str(other["period"]) for other in earlier]
    year_is_in = len(request.period) == YEAR_LENGTH or year in periods
    for other in earlier:
        period = str(other["period"])
        if period == request.period or period[:YEAR_LENGTH] != year or not year_is_in:
            continue
        if not any(table["rule"] == "worlds" for table in other["tables"]):
            continue
        before = found.get(period)
        if before is None or other["settings"]["k"] <= before["settings"]["k"]:
            found[period] = other
    return list(found.values())


def _added(joint: _Joint, other: Mapping[str, Any], shared: set[str]) -> dict[str, Atoms]:
    """Add the residents' figures of a release that is out; return those that others share."""
    if "truth" not in other:
        raise LedgerError("A release of an overlapping period is out and cannot be compared.")
    period, k = str(other["period"]), int(other["settings"]["k"])
    events = {table["id"] for table in other["tables"] if table["rule"] == "contributors"}
    kept = [f for f in other["figures"] if f["id"].partition("/")[0] not in events]
    used = [*(f["atoms"] for f in (*kept, *other["differences"]))]
    used += [side for link in other["links"] for side in (link["left"], link["right"])]
    size = 1 + max((atom for atoms in used for atom in atoms), default=-1)
    first = [joint.atom(f"{period}:{n}", int(other["truth"][n])) for n in range(size)]

    def moved(atoms: Sequence[int]) -> Atoms:
        return tuple(first[atom] for atom in atoms)

    known: dict[str, Atoms] = {}
    for figure in kept:
        name, atoms = f"{period}:{figure['id']}", moved(figure["atoms"])
        joint.figures.append(Figure(name, atoms, 0, label=f"{figure['id']} of {period}"))
        is_blank = figure["value"] is None
        joint.fixed[name] = Fixed.WITHHELD if is_blank else Fixed.PUBLISHED
        joint.least[name] = int(figure["floor"]) if is_blank else 0
        joint.groups_of[name] = k
        if not is_blank and joint.total(atoms) != figure["value"]:
            raise LedgerError("What is out does not fit the counts it was made from.")
        if figure["id"] in shared:
            known[figure["id"]] = atoms
    for difference in other["differences"]:
        name = f"{period}:{difference['id']}"
        joint.figures.append(Figure(name, moved(difference["atoms"]), 0, offered=False))
        joint.groups_of[name] = k
    joint.links += [Link(moved(k["left"]), moved(k["right"])) for k in other["links"]]
    return known


def _tie(joint: _Joint, year: str, quarter: str, every: Mapping[str, Mapping[str, Atoms]]) -> None:
    """Tie the figures of a quarter to those of its year; the rest is a group to protect."""
    for name in sorted(every[year].keys() & every[quarter].keys()):
        whole, part = every[year][name], every[quarter][name]
        rest = joint.total(whole) - joint.total(part)
        if rest < 0:
            raise LedgerError("The counts have changed since a release of the same year.")
        called = f"rest:{quarter}:{name}"
        atom = joint.atom(called, rest)
        joint.links.append(Link((*part, atom), whole))
        words = f"those in {year} who were not in {quarter}"
        joint.figures.append(Figure(called, (atom,), 0, offered=False, label=words))
        # What two releases that are out have in common was judged by the smaller of their groups.
        known = [joint.groups_of.get(f"{period}:{name}") for period in (year, quarter)]
        joint.groups_of[called] = min(k or joint.problem.settings.k for k in known)


def _nobody_else(joint: _Joint, year: str, every: Mapping[str, Mapping[str, Atoms]]) -> None:
    """With all four quarters known, nobody of the year is in none of them."""
    quarters = [known for period, known in every.items() if period != year]
    if year not in every or len(quarters) != QUARTERS:
        return
    for name in sorted(set.intersection(*(set(k) for k in (every[year], *quarters)))):
        atoms = tuple(atom for known in quarters for atom in known[name])
        more = joint.total(atoms) - joint.total(every[year][name])
        if more < 0:
            raise LedgerError("The counts have changed since a release of the same year.")
        again = joint.atom(f"again:{name}", more)
        joint.links.append(Link((*every[year][name], again), atoms))
        words = "those who were in more than one quarter"
        joint.figures.append(Figure(f"again:{name}", (again,), 0, offered=False, label=words))

"""The shareable certificate: a function of what is published, and of nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shelter_desk.disclosure.any_group import isolated_group
from shelter_desk.disclosure.checker import FORMAT, SEAL, check, fingerprint, open_differences
from shelter_desk.disclosure.layout import Difference
from shelter_desk.disclosure.model import Figure, Link, Problem, Settings
from shelter_desk.disclosure.public import PublicFigure, PublicView, public_worlds


@dataclass(frozen=True, slots=True)
class Heading:
    """What a certificate says of itself, and of which releases that were out it was set against.

    `beside` are (period, audience, seal) of the public ones.
    """

    title: str
    period: str
    audience: str
    beside: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A release as readers see it; the certificate is made from this alone.

    Args:
        tables: {"id", "title", "counted", "kind", "rule", "rows", "columns", "behind",
            "most_each", "along"} per table, with codes for rows and columns; rule "worlds" or
            "contributors". Lines of two tables of residents with the same codes and the same
            `along` are about the same: some there are among all there.
        atoms: how many atoms. impossible: those in which nobody can be.
        figures: shown and blank ones. differences: what subtraction would give.
        links: equal sums of atoms. k, floor, level: the settings.
    """

    heading: Heading
    tables: tuple[dict[str, Any], ...]
    atoms: int
    impossible: frozenset[int]
    figures: tuple[PublicFigure, ...]
    differences: tuple[Difference, ...]
    links: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    k: int
    floor: int
    level: str


@dataclass(frozen=True, slots=True)
class Unproved:
    """Ids for which the published figures allow no world that protects them."""

    missing: tuple[str, ...]


def certify(published: Published) -> dict[str, Any] | Unproved:
    """Make the certificate, check it with the checker that readers have, and seal it.

    Raises:
        UnsureError: it is not sure that no few residents can be isolated; nothing may leave.
        RuntimeError: the checker refuses what was just made, or some few can be; likewise.
    """
    body = _body(published)
    found = public_worlds(
        PublicView(
            atoms=published.atoms,
            figures=published.figures,
            differences=tuple(
                (name, tuple(atoms)) for name, atoms in open_differences(body).items()
            ),
            links=published.links,
            impossible=published.impossible,
            k=published.k,
            level=published.level,
        )
    )
    if found.missing:
        return Unproved(found.missing)
    body["worlds"] = [list(world) for world in found.worlds]
    body["witnesses"] = {name: list(worlds) for name, worlds in found.witnesses.items()}
    body[SEAL] = fingerprint(body)
    wrong = check(body)
    if wrong:
        raise RuntimeError(wrong[0])
    if published.tables and published.level == "interval":
        audit_groups(published, found.worlds)
    return body


def audit_groups(published: Published, worlds: Sequence[Sequence[int]]) -> None:
    """Look for a group of a few residents, named or not, that adding and subtracting isolates.

    A group has equally many in every world, so nobody can stand in it who stands where some world
    has k: where that is everywhere, there is no such group, by addition alone. Else it is
    searched for, and what the search cannot say counts as found. Only for tables, whose cells are
    all offered; whoever hands in figures over atoms names the groups behind them.

    Args:
        published: what readers see.
        worlds: some that give exactly that.

    Raises:
        UnsureError: the search was not sure.
        RuntimeError: there is such a group.
    """
    most = [max(here) for here in zip(*worlds, strict=True)]
    if not any(0 < count < published.k for count in most):
        return
    problem = Problem(
        atoms=tuple(map(str, range(published.atoms))),
        counts=tuple(worlds[0]),
        figures=tuple(Figure(f.id, f.atoms) for f in published.figures),
        settings=Settings(published.k),
        links=tuple(Link(left, right) for left, right in published.links),
        structural_zeros=published.impossible,
    )
    if isolated_group(problem, [f.value is None for f in published.figures]) is not None:
        raise RuntimeError("Adding and subtracting what is shown would isolate a few residents.")


def _body(published: Published) -> dict[str, Any]:
    heading = published.heading
    return {
        "format": FORMAT,
        "title": heading.title,
        "period": heading.period,
        "audience": heading.audience,
        "beside": [
            {"period": period, "audience": audience, SEAL: seal}
            for period, audience, seal in heading.beside
        ],
        "settings": {"k": published.k, "floor": published.floor, "level": published.level},
        "tables": [dict(table) for table in published.tables],
        "atoms": published.atoms,
        "impossible": sorted(published.impossible),
        "figures": [
            {"id": f.id, "atoms": list(f.atoms), "value": f.value, "floor": f.floor}
            for f in published.figures
        ],
        "differences": [
            {"id": d.id, "atoms": list(d.atoms), "whole": d.whole, "part": d.part}
            for d in published.differences
        ],
        "links": [{"left": list(a), "right": list(b)} for a, b in published.links],
    }

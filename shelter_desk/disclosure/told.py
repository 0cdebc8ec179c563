"""Figures that are public without a release of ours: one in a newspaper, or a whole report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shelter_desk.disclosure.definitions import Definition, People
from shelter_desk.disclosure.ledger import Certificates, year_and_quarter
from shelter_desk.disclosure.request import ReleaseRequest, TableRequest

TOLD_K = 1
"""They are known, however small."""
_TABLE = {"id": "told", "rule": "worlds", "rows": [], "along": ["", ""]}


def told_entry(
    tag: str,
    period: str,
    defined: Mapping[str, Definition],
    people: People,
    about: Iterable[str] = (),
    again: int = 0,
) -> dict[str, Any]:
    """Return figures known from elsewhere in the shape of a release that is out.

    The true counts are taken as known: that is more than readers have where a figure was wrong.

    Args:
        tag: names them.
        period: they are about.
        defined: figure id -> what it counts.
        people: residents in raw values, as they were counted.
        about: what else is told there in another way than by counts of residents or by classes
            of theirs; see `TableRequest.about`.
        again: residents counted there once for each of several stays.
    """
    return {
        "tag": tag,
        "period": period,
        "told": True,
        "settings": {"k": TOLD_K},
        "tables": [_TABLE] if defined else [],
        "figures": [
            {"id": name, "value": people.count(where), "floor": 0}
            for name, where in defined.items()
        ],
        "defined": {name: where.as_json() for name, where in defined.items()},
        "people": people.as_json(),
        "about": sorted(about),
        "again": again,
    }


def is_told_otherwise(request: ReleaseRequest, table: TableRequest, earlier: Certificates) -> bool:
    """Tell whether a report that is public tells of the same thing for some of the same days."""
    return bool(table.about) and any(
        table.about in other["about"] for other in told_of(request.period, earlier)
    )


def few_again(request: ReleaseRequest, earlier: Certificates) -> bool:
    """Tell whether stays that are public, less residents, give a few who came more than once."""
    return any(
        0 < other["again"] < request.settings.k for other in told_of(request.period, earlier)
    )


def told_of(period: str, earlier: Certificates) -> Sequence[Mapping[str, Any]]:
    """Return what is public without a release about some of the days of a period."""
    return [
        other
        for other in earlier
        if other.get("told")
        if other["period"] == period or year_and_quarter(period, str(other["period"]))
    ]

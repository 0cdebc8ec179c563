"""What became of residents, in the files of a pack: from safe tables alone.

The outcomes are a release of their own beside the summary; where it stays out, so do its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shelter_desk.desk.protected_reports import ARRIVAL_TABLES
from shelter_desk.disclosure import SafeRelease
from shelter_desk.domain.content import Service
from shelter_desk.domain.evidence import AS_BEFORE
from shelter_desk.domain.pack_lines import GrantLine
from shelter_desk.exports.pack_figures import (
    NO_SUMMARY,
    NO_VERSION,
    TOO_FEW,
    cell,
    figure,
    line_of,
    ratio,
    tables_of,
    total,
    why_withheld,
)

Row = tuple[str, ...]
_ONCE = "each resident once, on one of these lines"
INCIDENTS_FOR_NIGHTS = "Parts in incidents for 100 nights"
_NO_SERVICE = "none of the care model counts in this line"


def outcome_rows(
    summary: SafeRelease | None,
    care: SafeRelease | None,
    outcomes: SafeRelease | None,
    *,
    is_asked: bool,
) -> Iterator[Row]:
    """Yield what needs no licensed tool: from summary and care, then each line of the outcomes.

    `is_asked`: outcomes belong into this pack; where they stayed out, a line says so.
    """
    yield from _usual(summary, care)
    known = tables_of(summary)
    for table in tables_of(outcomes).values():
        if table.id in known or table.counted != "residents":
            continue
        how = table.means or _ONCE
        if table.total == 0:  # a dozen lines of 0 of 0 would bury the others
            yield table.title, "0", "0", how, ""
            continue
        for row, cells in zip(table.rows, table.cells, strict=True):
            shown = figure(cells[0]), figure(table.total)
            yield f"{table.title}: {row.label}", *shown, how, why_withheld(shown)
            how = AS_BEFORE
    if outcomes is None and is_asked:
        yield "All other outcomes", figure(None), figure(None), _ONCE, NO_SUMMARY


def _usual(summary: SafeRelease | None, care: SafeRelease | None) -> Iterator[Row]:
    safe = tables_of(summary)
    served, nights = total(safe.get("served")), total(safe.get("nights"))
    timely, late = total(safe.get("in-time")), total(safe.get("late"))
    every = None if timely is None or late is None else timely + late
    parts = total(tables_of(care).get("incidents"))
    ongoing = cell(safe.get("phases"), "ongoing")
    out = NO_SUMMARY if summary is None else ""
    a_night = ratio(nights, served)
    why = out or why_withheld((a_night,), served)
    yield "Nights for each resident", a_night, "", "nights of care by residents", why
    share = ratio(None if timely is None else 100 * timely, every)
    yield (
        "Items dealt with in time, percent",
        share,
        figure(every),
        "items answered in the period; without a day, an item is in time",
        out or why_withheld((share, figure(every)), every),
    )
    yield (
        "Residents in the ongoing phase",
        figure(ongoing),
        figure(served),
        "on any day of the period",
        out or why_withheld((figure(ongoing), figure(served))),
    )
    hundred = ratio(None if parts is None else 100 * parts, nights)
    without_care = NO_VERSION if care is None else ""
    yield (
        INCIDENTS_FOR_NIGHTS,
        hundred,
        figure(nights),
        "parts residents had in incidents, of every type",
        out or without_care or why_withheld((hundred, figure(nights)), nights),
    )


def arrival_rows(outcomes: SafeRelease | None) -> Iterator[Row]:
    """Yield a line for each thing that is due once after somebody came."""
    safe = tables_of(outcomes)
    found = [safe[name] for name in ARRIVAL_TABLES if name in safe]
    for table in found:
        figures = (table.total, *(cell(table, code) for code in ("in-time", "late", "open")))
        title = table.title.partition(": ")[2]
        yield title, *map(figure, figures), TOO_FEW if None in figures else ""
    if not found:
        yield "All of these", *[figure(None)] * 4, NO_SUMMARY


def people_rows(summary: SafeRelease | None, services: Mapping[str, Service]) -> Iterator[Row]:
    """Yield everybody served, then each service with the lines of funders it can count in."""
    safe = tables_of(summary)
    served = figure(total(safe.get("served")))
    out = NO_SUMMARY if summary is None else ""
    yield "Every service: residents served", "", "", served, out or why_withheld((served,))
    for service in services.values():
        line = line_of(safe.get("services"), service.id)
        people = figure(line[0] if line else None)
        lines = ", ".join(service.voca), ", ".join(service.rhy)
        yield service.name, *lines, people, out or why_withheld((people,))


def line_rows(
    summary: SafeRelease | None, lines: Iterable[GrantLine], services: Mapping[str, Service]
) -> Iterator[Row]:
    """Yield each line of a grant's list, with the fewest and the most residents it can stand for.

    Both follow from what is shown of the services, so they tell nothing that is not told there.
    """
    safe = tables_of(summary)
    served, out = total(safe.get("served")), NO_SUMMARY if summary is None else ""
    for one in lines:
        names = [services[service].name for service in one.services if service in services]
        shown = [cell(safe.get("services"), service) for service in one.services]
        known = [people for people in shown if people is not None]
        fewest = max(known, default=None if shown else 0)
        most = None if len(known) < len(shown) else sum(known)
        if most is not None and served is not None:
            most = min(most, served)
        bounds = figure(fewest), figure(most)
        yield (
            one.of,
            one.title,
            "; ".join(names) or _NO_SERVICE,
            *bounds,
            why_withheld(bounds) and (out or why_withheld(bounds)),
        )

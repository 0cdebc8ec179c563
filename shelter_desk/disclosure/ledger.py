"""What earlier releases have settled, so that two releases together give nothing away.

A reader who has two versions of one table knows everything either of them shows. So a release to
a narrower circle (smaller k) shows again all that is out and is protected as a whole, and one to a
wider circle shows nothing that the narrower one withholds. Admissions, moves and events of four
quarters add up to the year: once one of them is out, the other leaves such tables out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shelter_desk.disclosure.events import counts_in
from shelter_desk.disclosure.model import Fixed, ProblemError
from shelter_desk.disclosure.request import SERVED, ReleaseRequest, TableRequest, population_of

YEAR_LENGTH = len("2026")

Certificates = Sequence[Mapping[str, Any]]


class LedgerError(ProblemError):
    """This release does not go together with one that is out."""


def adds_up_with_earlier(
    request: ReleaseRequest, table: TableRequest, earlier: Certificates
) -> bool:
    """Tell whether a table adds up over parts of a year, and one of year and part is out."""
    part = table.kind == "partition" and population_of(request, table) != SERVED
    if table.counted == "residents" and request.is_compared:
        return False  # compared by what it counts, see `comparing`
    if table.counted == "residents" and not part:
        return False
    rule = "worlds" if table.counted == "residents" else "contributors"
    return any(
        year_and_quarter(request.period, str(other["period"]))
        and any(known["rule"] == rule for known in other["tables"])
        for other in earlier
    )


def changed_since(request: ReleaseRequest, table: TableRequest, earlier: Certificates) -> bool:
    """Tell whether a table of events is out for this period with other numbers.

    A few events more than were counted then would be events of a few residents.
    """
    if table.counted == "residents" or not request.is_compared:
        return False
    counts = {f"{table.id}/{at}": count for at, count in counts_in(table).items()}
    return any(
        figure["value"] is not None
        and counts.get(figure["id"], figure["value"]) != figure["value"]
        for other in earlier
        if other["period"] == request.period
        for figure in other["figures"]
    )


def was_told_once(request: ReleaseRequest, table: TableRequest, earlier: Certificates) -> bool:
    """Tell whether a table that is told once is out already for some of the same days."""
    return table.once and any(
        known["id"] == table.id
        for other in earlier
        if other["period"] == request.period
        or year_and_quarter(request.period, str(other["period"]))
        for known in other["tables"]
    )


def lines_out(period: str, earlier: Certificates) -> set[tuple[str, str]]:
    """Return which events are out line by line for a period, and along what: see `along`."""
    found = set()
    for other in earlier:
        shown = {f["id"].rpartition("/")[0] for f in other["figures"] if f["value"]}
        for table in other["tables"] if other["period"] == period else ():
            is_told = any(f"{table['id']}/{row}" in shown for row in table["rows"])
            if is_told and table["rule"] == "contributors":
                events, rows = table["along"]
                found.add((str(events), str(rows)))
    return found


def settled(
    request: ReleaseRequest, values: Mapping[str, int], earlier: Certificates
) -> dict[str, Fixed]:
    """Say which figures must be shown again and which must stay withheld.

    Counts of events may be missing here, and to a release of such counts alone the others are of
    no matter: each of them is safe by the residents behind it.

    Args:
        request: the new release.
        values: true value of every figure it could show, by id.
        earlier: shareable certificates of the releases that are out.

    Raises:
        LedgerError: the counts have changed since, or a table that is out is missing here.
    """
    fixed: dict[str, Fixed] = {}
    counts_residents = any(table.counted == "residents" for table in request.tables)
    for other in earlier:
        if other["period"] != request.period:
            continue
        wider_first = int(other["settings"]["k"]) >= request.settings.k
        same_circle = int(other["settings"]["k"]) == request.settings.k
        events = {table["id"] for table in other["tables"] if table["rule"] == "contributors"}
        for figure in other["figures"]:
            name, value = figure["id"], figure["value"]
            if value is not None:
                needed = counts_residents and name.partition("/")[0] not in events
                _unchanged(name, value, values, is_needed=wider_first and needed)
                if wider_first:
                    fixed[name] = Fixed.PUBLISHED
            elif same_circle or not wider_first:
                fixed.setdefault(name, Fixed.WITHHELD)
    return fixed


def _unchanged(name: str, value: int, values: Mapping[str, int], *, is_needed: bool) -> None:
    if name not in values:
        if is_needed:
            raise LedgerError("A table that is out for this period is missing here.")
    elif values[name] != value:
        raise LedgerError(
            "The counts of this period have changed since they were released. "
            "Give out the released version again."
        )


def year_and_quarter(one: str, other: str) -> bool:
    """Tell whether one period is a year and the other a part of it."""
    lengths = {len(one) == YEAR_LENGTH, len(other) == YEAR_LENGTH}
    return one[:YEAR_LENGTH] == other[:YEAR_LENGTH] and len(lengths) == 2

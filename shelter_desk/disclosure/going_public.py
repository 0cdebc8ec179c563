"""A report that becomes public after releases were made without it: what the two tell together.

Every reader of a release is taken to hold the report from then on. What is out stays as it is, so
nothing can be withheld any more; it is asked whether each small group that a release withholds is
still one that readers cannot tell. What the report says by itself is no secret of a release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shelter_desk.disclosure.asked import Part
from shelter_desk.disclosure.comparing import part_of, relevant
from shelter_desk.disclosure.families import FamilyError
from shelter_desk.disclosure.joint import joint_problem
from shelter_desk.disclosure.ledger import Certificates, LedgerError, year_and_quarter
from shelter_desk.disclosure.model import ProblemError, Settings
from shelter_desk.disclosure.request import AUDIENCES, ReleaseRequest
from shelter_desk.disclosure.search import solve
from shelter_desk.disclosure.solution import NoSolution

_AGAIN = (
    "It counts stays. Beside the number of residents that is out, it tells of the few who came "
    "more than once."
)
_OTHERWISE = "What is out for some of the same days tells of the same in another way: {0}."
_ANY_RULE = Settings(k=2)  # only the period counts for what is relevant
_UNKNOWN = "It was not found out what it tells beside what is out. {0}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a report tells once it is public, beside what is out.

    Args:
        together: why it cannot be shown that nothing small is told beside what is out, one
            sentence each; none where it was shown.
    """

    together: tuple[str, ...]


def weigh(
    report: Mapping[str, Any], earlier: Certificates, about_of: Mapping[str, str]
) -> Weighed:
    """Say what a report tells once it is public, beside what is out.

    Args:
        report: as `told_entry` gives it.
        earlier: what is out, reports that are public among it.
        about_of: table of a release -> what it tells of in a way of its own.
    """
    probe = ReleaseRequest("", report["period"], AUDIENCES[0], 0, (), _ANY_RULE)
    try:
        out = relevant([probe], earlier)
        parts = [part_of(other) for other in out]
        found = _told_beside([one for one in parts if one.figures], part_of(report))
    except (LedgerError, FamilyError, ProblemError) as error:
        return Weighed((_UNKNOWN.format(error),))
    return Weighed(tuple(dict.fromkeys((*found, *_otherwise(report, out, about_of)))))


def _told_beside(out: Sequence[Part], report: Part) -> list[str]:
    """Ask for each circle of readers, the widest first: who knows all that was judged so."""
    released = [(part, _rule(part)) for part in out if _rule(part)]
    told = [part for part in (*out, report) if not _rule(part)]
    found = []
    for k in sorted({rule for _, rule in released}, reverse=True):
        held = [part for part, rule in released if rule >= k]
        answer = solve(joint_problem([*held, *told], Settings(k=k)))
        if isinstance(answer, NoSolution):
            found.append(answer.reason)
    return found


def _rule(part: Part) -> int:
    """Return the smallest group a release was judged by; 0 for what is known from elsewhere."""
    return next((one.k for one in part.figures if one.k is not None), 0)


def _otherwise(
    report: Mapping[str, Any], out: Certificates, about_of: Mapping[str, str]
) -> list[str]:
    period = str(report["period"])
    same_days = [
        other
        for other in out
        if not other.get("told")
        if other["period"] == period or year_and_quarter(period, str(other["period"]))
    ]
    titles = {
        str(table.get("title", table["id"])): None
        for other in same_days
        for table in other["tables"]
        if about_of.get(table["id"], table["id"]) in report["about"]
    }
    found = [_OTHERWISE.format("; ".join(titles))] if titles else []
    few = any(0 < report["again"] < int(other["settings"]["k"]) for other in same_days)
    return [*found, _AGAIN] if few else found

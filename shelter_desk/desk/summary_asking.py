"""What a summary of a period is made of: tables, the facts behind them, whether it is out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.counts import request_of
from shelter_desk.desk.frozen import FactsHeld, ReleasedBefore, facts_for, released_before
from shelter_desk.disclosure import ReleaseRequest
from shelter_desk.domain.staff import May


@dataclass(frozen=True, slots=True)
class Asked:
    """The tables of a summary; `before` is the same summary where it is out already."""

    request: ReleaseRequest = field(repr=False)
    facts: FactsHeld = field(repr=False)
    before: ReleasedBefore | None = field(repr=False)


def restated_title(title: str) -> str:
    """Return what figures are called that were told otherwise before."""
    return f"{title} (restated)"


@asks(May.SUMMARISE)
def summary_asked(
    read: Read,
    *,
    period: str,
    audience: str,
    now: datetime,
    detail: str = "bands",
    restated: bool = False,
) -> Asked:
    """Return the tables of a period as they are released: from the facts kept with what is out.

    With `restated` they are counted anew from the records.

    Raises:
        InvalidError: when the period is not one, or is not over yet.
    """
    facts = facts_for(read, period, now, restated=restated)
    request = request_of(facts.facts, read.care_model, audience=audience, detail=detail)
    if facts.restates:
        request = replace(request, title=restated_title(request.title))
    before = None
    if facts.facts_id:
        before = released_before(read, facts, audience=audience, detail=detail)
    return Asked(request, facts, before)

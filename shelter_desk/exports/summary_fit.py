"""Whether an answer is what was asked for; else the next rung of the ladder, never half of it."""

from __future__ import annotations

import re
from dataclasses import replace

from shelter_desk.desk.count_page import SLICES
from shelter_desk.desk.details import PLAINER, WITHOUT_INSIDER
from shelter_desk.disclosure import Refused, ReleaseRequest, SafeRelease

_OF_RELEASE = re.compile(r"#[0-9a-f]{12}\b")
"""What tells two releases of one period apart, for the engine alone."""


def fitted(request: ReleaseRequest, answer: SafeRelease | Refused) -> SafeRelease | Refused:
    """Return the answer, or refuse one that leaves out what crosses three things."""
    wants_slices = any(table.id in SLICES for table in request.tables)
    if isinstance(answer, Refused):
        answer = replace(answer, reason=_OF_RELEASE.sub(" as released", answer.reason))
        rung = PLAINER if wants_slices else WITHOUT_INSIDER if request.settings.insider else ""
        return answer if answer.next_rung else replace(answer, next_rung=rung)
    missing = [one for one in answer.dropped if one.id in SLICES]
    if not missing:
        return answer
    first = missing[0]
    reason = f"Three things crossed do not fit. {first.title}: {first.reason}."
    return Refused(reason, "family", PLAINER)

"""Staff on duty beside what is required, as one sentence on paper."""

from __future__ import annotations

from shelter_desk.desk.staffing import Staffing
from shelter_desk.reports.wording import counted_things


def staffing_sentence(found: Staffing) -> str:
    """Return such as "2 staff for 9 residents; required 1:4 awake, that is 3: 1 too few"."""
    ratio = found.ratio
    residents = counted_things(found.residents, "resident", "residents")
    state = "awake" if ratio.is_awake else "asleep"
    required = f"required 1:{ratio.residents} {state}, that is {found.needed}"
    checked = "" if ratio.holds_here else " (not checked for your state)"
    if found.on_duty is None:
        return f"{residents}; {required}{checked}; nobody has counted who is on duty in this shift"
    short = f": {found.lacking} too few" if found.lacking else ""
    return f"{found.on_duty} staff for {residents}; {required}{short}{checked}"

"""The appointments that an invented house has ahead of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.going import Going

_HALF_HOUR = 30 * 60
# Kind, in how many hours, minutes, who goes along (a number is a member of staff), how.
_AHEAD: tuple[tuple[str, int, int, str | int, str], ...] = (
    ("court", 9 * 24, 120, 1, "house-car"),
    ("school", 5, 45, "custodian", "agency-car"),
    ("counseling", 24, 60, "here", "none"),
    ("medical", 54, 60, 0, "house-car"),
    ("attorney", 50, 45, "remote", "none"),
    ("dental", 76, 60, "open", "open"),
    ("outing", 98, 90, 2, "house-car"),
    ("plan-meeting", 124, 60, "here", "none"),
    ("mentor", 148, 120, "mentor", "family-car"),
)


def planned(
    stay_ids: Sequence[str], staff: Sequence[str], until: datetime
) -> Iterator[PlanAppointment]:
    """Yield the appointments of the days after `until`, each for another of these stays."""
    start = datetime.fromtimestamp(until.timestamp() // _HALF_HOUR * _HALF_HOUR, until.tzinfo)
    for number, (kind, hours, minutes, who, transport) in enumerate(_AHEAD):
        company, escort = (who, None) if isinstance(who, str) else ("staff", staff[who])
        yield PlanAppointment(
            stay_ids[number % len(stay_ids)],
            kind,
            start + timedelta(hours=hours),
            minutes,
            Going("", company, escort, transport),
        )

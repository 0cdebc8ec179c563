"""The appointments that an invented house has ahead of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shelter_desk.desk.appointing import PlanAppointment
from shelter_desk.desk.going import Going

_HALF_HOUR = 30 * 60
_OPENS, _CLOSES = 9, 17
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
    stay_ids: Sequence[str], staff: Sequence[str], until: datetime, zone: ZoneInfo
) -> Iterator[PlanAppointment]:
    """Yield the appointments of the days after `until`, each for another of these stays.

    Offices keep hours: what would fall into the night of the house's `zone` is by day.
    """
    start = datetime.fromtimestamp(until.timestamp() // _HALF_HOUR * _HALF_HOUR, zone)
    for number, (kind, hours, minutes, who, transport) in enumerate(_AHEAD):
        company, escort = (who, None) if isinstance(who, str) else ("staff", staff[who])
        yield PlanAppointment(
            stay_ids[number % len(stay_ids)],
            kind,
            _by_day(start + timedelta(hours=hours)),
            minutes,
            Going("", company, escort, transport),
        )


def _by_day(moment: datetime) -> datetime:
    hour = min(max(moment.hour, _OPENS), _CLOSES)
    return moment.replace(hour=hour).astimezone(UTC)

"""The shift calendar of the house: when each shift ends, also on days when clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shelter_desk.domain.durations import instant

# Source: resources/content/README.md, the fallback of items that repeat each shift.
_WITHOUT_CALENDAR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Shifts:
    """Local wall-clock `starts` of the shifts, and the house's zone; a shift ends at the next."""

    starts: tuple[time, ...]
    zone: ZoneInfo

    def end_of(self, moment: datetime) -> datetime:
        """Return the UTC end of the shift that `moment` falls in.

        A moment at which a shift starts belongs to that shift. Without a calendar a shift is
        twelve hours long and starts at `moment`.
        """
        if not self.starts:
            return moment.astimezone(UTC) + _WITHOUT_CALENDAR
        return _end_of(self, moment.astimezone(UTC))

    def start_of(self, moment: datetime) -> datetime:
        """Return the UTC start of the shift that `moment` falls in.

        Without a calendar it is taken to have begun twelve hours ago.
        """
        if not self.starts:
            return moment.astimezone(UTC) - _WITHOUT_CALENDAR
        day = moment.astimezone(self.zone).date()
        while True:  # began yesterday at the earliest, two days ago where a date is skipped
            for start in sorted(self.starts, reverse=True):
                begins = instant(datetime.combine(day, start), self.zone)
                if begins <= moment:
                    return begins
            day -= timedelta(days=1)

    def end_of_next(self, moment: datetime) -> datetime:
        """Return the UTC end of the shift that follows the one `moment` falls in."""
        return self.end_of(self.end_of(moment))


@lru_cache(maxsize=128)
def _end_of(shifts: Shifts, moment: datetime) -> datetime:
    # Every check of a shift asks for the same end. In UTC: elsewhere two moments may be equal.
    day = moment.astimezone(shifts.zone).date()
    while True:  # ends on the next day at the latest, two days later where a date is skipped
        for start in sorted(shifts.starts):
            begins = instant(datetime.combine(day, start), shifts.zone)
            if begins > moment:
                return begins
        day += timedelta(days=1)

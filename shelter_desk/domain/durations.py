"""Lengths of time as the care model writes them: whole days by the calendar, hours by the clock.

``P1D`` is the same wall-clock time on the next day, also when that day has 23 or 25 hours.
``PT24H`` is 24 hours, whatever the clocks do. The two are different and stay different.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(-?)P(?=[0-9T])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
# Longer than any retention rule; keeps arithmetic far away from the last year of the calendar.
_LONGEST = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: calendar `days` and absolute `clock` time; both negative when before."""

    days: int = 0
    clock: timedelta = timedelta(0)

    @property
    def length(self) -> timedelta:
        """Return the plain length, every day counted as 24 hours. For comparing, not for dates."""
        return timedelta(days=self.days) + self.clock

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the UTC instant this long after `moment` (before it when negative).

        Days keep the wall-clock time of `zone`; then hours and minutes are added as they pass.
        """
        moment = moment.astimezone(UTC)
        return (_days_after(moment, self.days, zone) if self.days else moment) + self.clock

    def __str__(self) -> str:
        """Return plain words: "72 hours", "7 days", "1 day 2 hours"; "no time" for nothing."""
        seconds = abs(int(self.clock.total_seconds()))
        hours, rest = divmod(seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        counts = (
            (abs(self.days), "day"),
            (hours, "hour"),
            (minutes, "minute"),
            (seconds, "second"),
        )
        parts = [f"{n} {unit}" if n == 1 else f"{n} {unit}s" for n, unit in counts if n]
        return " ".join(parts) or "no time"


def parse_span(text: str) -> Span:
    """Read an ISO 8601 duration of days, hours, minutes and seconds: "P30D", "PT72H", "-P7D".

    Raises:
        ValueError: when `text` is not such a duration, or longer than a hundred years.
    """
    match = _WRITTEN.fullmatch(text) if text.isascii() else None
    if match is None:
        raise ValueError(f"{text!r} is not a duration like 'P30D', 'PT72H' or '-P7D'")
    sign = -1 if match[1] else 1
    days, hours, minutes, seconds = (int(number or 0) for number in match.groups()[1:])
    if max(days, hours, minutes, seconds) > 10**9:
        raise ValueError(f"{text!r} is longer than a hundred years")
    span = Span(sign * days, sign * timedelta(hours=hours, minutes=minutes, seconds=seconds))
    if abs(span.length) > _LONGEST:
        raise ValueError(f"{text!r} is longer than a hundred years")
    return span


@lru_cache(maxsize=512)
def _days_after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    # Most items of a stay count from one arrival. In UTC: elsewhere two moments may be equal.
    return instant(moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days), zone)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a wall-clock time without zone, also where clocks are changed.

    A time that happens twice (clocks go back) is the first of the two. A time that never happens
    (clocks go forward) is the moment the clocks change: the first instant after the gap, so that
    a deadline is never moved later than the wall clock asked for.
    """
    early = wall.replace(tzinfo=zone, fold=0)
    late = early.replace(fold=1)
    offset = early.utcoffset() or timedelta(0)
    later_offset = late.utcoffset() or timedelta(0)
    if later_offset <= offset:
        return (wall - offset).replace(tzinfo=UTC)
    return _clock_change(
        (wall - later_offset).replace(tzinfo=UTC), (wall - offset).replace(tzinfo=UTC), zone
    )


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant in (before, after] with the offset of `after`."""
    new = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == new:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)

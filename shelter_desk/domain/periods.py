"""Reporting periods on one fixed grid, and the nights of care that fall into them.

Only quarters and calendar years exist. Periods of free choice would overlap, and the difference
between two overlapping summaries can point at one person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shelter_desk.domain.durations import instant
from shelter_desk.domain.errors import InvalidError, Problem

_WRITTEN = re.compile(r"([1-9][0-9]{3})(?:-Q([1-4]))?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
_MONTHS = (
    "January to March",
    "April to June",
    "July to September",
    "October to December",
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A quarter, or a whole year when `quarter` is 0. Order: a year stands before its quarters."""

    year: int
    quarter: int = 0

    def __post_init__(self) -> None:
        """Refuse a period off the grid.

        Raises:
            ValueError: when the year or the quarter does not exist.
        """
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR or not 0 <= self.quarter <= 4:
            raise ValueError(f"There is no period {self.year}, quarter {self.quarter}.")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2026-Q1" or "2026".

        Raises:
            InvalidError: when `text` is neither, in words for the person who typed it.
        """
        match = _WRITTEN.fullmatch(text.strip().upper()) if text.isascii() else None
        if match is None or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
            message = f"Write a quarter like 2026-Q1 or a year like 2026, not {text!r}."
            raise InvalidError((Problem("period", message),))
        return cls(int(match[1]), int(match[2] or 0))

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        """Return the quarter that `day` lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def id(self) -> str:
        """Return "2026-Q1" or "2026", as `parse` reads it."""
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def label(self) -> str:
        """Return "January to March 2026" or "2026"."""
        return f"{_MONTHS[self.quarter - 1]} {self.year}" if self.quarter else str(self.year)

    @property
    def starts_on(self) -> date:
        """Return the first day."""
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def ends_on(self) -> date:
        """Return the last day, which belongs to the period."""
        return self._day_after - timedelta(days=1)

    @property
    def days(self) -> int:
        """Return how many days it has, and so the most nights one resident can stay in it."""
        return (self._day_after - self.starts_on).days

    @property
    def _day_after(self) -> date:
        month = 3 * self.quarter + 1
        return (
            date(self.year, month, 1) if self.quarter in (1, 2, 3) else date(self.year + 1, 1, 1)
        )

    @property
    def next(self) -> Period:
        """Return the period of the same length that follows."""
        if self.quarter in (0, 4):
            return Period(self.year + 1, min(self.quarter, 1))
        return Period(self.year, self.quarter + 1)

    @property
    def previous(self) -> Period:
        """Return the period of the same length before this one."""
        if self.quarter in (0, 1):
            return Period(self.year - 1, 4 * self.quarter)
        return Period(self.year, self.quarter - 1)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Return the four quarters of a year, or the quarter itself."""
        if self.quarter:
            return (self,)
        return tuple(Period(self.year, quarter) for quarter in (1, 2, 3, 4))

    def contains(self, day: date) -> bool:
        """Return whether a calendar day of the shelter lies in the period."""
        return self.starts_on <= day <= self.ends_on

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the UTC instants from which and before which something lies in the period."""
        return day_starts_at(self.starts_on, zone), day_starts_at(self._day_after, zone)

    def contains_instant(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Return whether a moment lies in the period by the calendar of the shelter's zone."""
        return self.contains(moment.astimezone(zone).date())

    def __str__(self) -> str:
        """Return the id."""
        return self.id


def day_starts_at(day: date, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which a local day begins, also where midnight is skipped."""
    return instant(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - wall clock


def nights_of_care(
    began_at: datetime,
    ended_at: datetime | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    period: Period | None = None,
) -> int:
    """Return the nights of a stay: how many times it was there when a local day turned.

    A night belongs to the day on which it begins: New Year's Eve belongs to the old year. So the
    nights of the four quarters add up to the nights of the year. An open stay counts up to `now`;
    an exit in the future counts only as far as `now`.
    """
    until = now if ended_at is None else min(ended_at, now)
    first, last = began_at.astimezone(zone).date(), until.astimezone(zone).date()
    if period is not None:
        first, last = max(first, period.starts_on), min(last, period.ends_on + timedelta(days=1))
    return max(0, (last - first).days)

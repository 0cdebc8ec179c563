"""How an invented history is told: its pace, its clock, and what is still to come."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from shelter_desk.sample.people import Outline


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was written: stays, service entries, and events of the audit trail."""

    stays: int
    entries: int
    events: int


@dataclass
class HistoryClock:
    """Tells a moment of the invented history; whoever writes it moves it along."""

    at: datetime

    def __call__(self) -> datetime:
        """Return the moment it stands at."""
        return self.at

    def reach(self, moment: datetime) -> None:
        """Move on to a moment; never back, so that the trail reads in order of time."""
        self.at = max(self.at, moment)


@dataclass(frozen=True, slots=True)
class Pace:
    """How closely the history is told. Counts are answers to items in one round of a stay.

    `past_rounds`: the days after arrival on which somebody who has left since was looked after.
    """

    since: datetime
    until: datetime
    per_round_past: int
    per_round_here: int
    days_between_rounds: float
    past_rounds: tuple[float, ...] = (1.25,)


@dataclass
class Story:
    """What is still to be told: a heap of (when, whose number, what, whether it is their last)."""

    people: tuple[Outline, ...]
    left: list[int]  # service entries of each
    ahead: list[tuple[datetime, int, str, bool]]
    before: list[datetime] = field(default_factory=list)
    done: int = 0

    def __post_init__(self) -> None:
        self.before = [one.arrived_at for one in self.people]
        heapq.heapify(self.ahead)

    def until(self, end: datetime) -> Iterator[tuple[datetime, int, str, bool]]:
        """Yield what happens before a moment, in order."""
        while self.ahead and self.ahead[0][0] < end:
            yield heapq.heappop(self.ahead)

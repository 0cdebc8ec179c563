"""Missing from care: who must be told by when, what time it really is, how far an episode is.

Clocks are instants in UTC, counted from discovery. They are worked out once and kept, so neither a
restart, nor sleep, nor daylight saving, nor another time zone moves them. Only the computer's own
clock can lie: see `reckoned`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shelter_desk.domain.content import ChecklistItem
from shelter_desk.domain.durations import Span

SERVICE = "missing_response"
STARTED, RETURNED, HARD_EVENT = "missing-start", "returned", "hard-event"
START, RETURN = "start", "return"
CONTACT_PEOPLE = ("family", "counsel", "probation")
FORBIDDEN = frozenset({"do-not-tell", "through-custodian"})

# Whom an absence is told to, and the item of the care model whose clock (that of the jurisdiction
# profile in force) says by when.
_TOLD_BY: Mapping[str, str] = {
    "director": "missing_response.02",
    "police": "missing_response.03",
    "custodian": "missing_response.04",
    "ncmec": "missing_response.05",
    "family": "missing_response.06",
    "counsel": "missing_response.06",
    "probation": "missing_response.06",
    "licensing": "missing_response.07",
}
# Whoever was told that somebody is missing is told that they are back.
_BACK_ITEM = "missing_response.11"


@dataclass(frozen=True, slots=True)
class Duty:
    """One recipient (code of notice-recipients) to be told within `span`, and the item it is.

    `item_id` is None where telling is only a part of what the item asks for.
    """

    recipient: str
    item_id: str | None
    span: Span

    def due_at(self, since: datetime, zone: ZoneInfo) -> datetime:
        """Return the instant by which they must be told, in UTC."""
        return self.span.after(since, zone)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The moment to reckon with. `set_back`: the computer's clock is behind what it wrote."""

    at: datetime
    set_back: bool


def duties_at_start(items: Mapping[str, ChecklistItem]) -> tuple[Duty, ...]:
    """Return who must be told that somebody is missing, in the order of the list.

    Args:
        items: the items of the care model, under the clocks of the jurisdiction profile.
    """
    return tuple(
        Duty(recipient, item_id, items[item_id].due.span)
        for recipient, item_id in _TOLD_BY.items()
        if item_id in items
    )


def duties_at_return(items: Mapping[str, ChecklistItem], told: Iterable[str]) -> tuple[Duty, ...]:
    """Return who must be told that they are back: everybody who was told that they were missing.

    Source: North Dakota 624-05-15-50-34 (all notices are repeated on return).
    """
    span = items[_BACK_ITEM].due.span
    return tuple(Duty(recipient, None, span) for recipient in told)


def reckoned(now: datetime, *, newest: datetime) -> Reckoned:
    """Return the moment to reckon with: never earlier than the newest entry of the trail.

    A clock that was set back would otherwise give more time than there is. A clock that was set
    forward makes a deadline come early, which harms nobody.

    Args:
        now: what the computer says.
        newest: the moment of the newest entry that this store has.
    """
    return Reckoned(max(now, newest), set_back=newest > now)


def time_since(then: datetime, at: datetime) -> timedelta:
    """Return how long ago something was, in whole minutes; never less than nothing."""
    minutes = int(max(at - then, timedelta(0)).total_seconds() // 60)
    return timedelta(minutes=minutes)

"""Due rules in plain words, and due items in the groups that screens show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from shelter_desk.domain.content import ChecklistItem, Trigger


class Bucket(Enum):
    """Where a due item stands on a screen, in the order of the screen."""

    OVERDUE = "overdue"
    TODAY = "today"
    NEXT = "next"


def bucket(due_at: datetime, *, now: datetime, zone: ZoneInfo) -> Bucket:
    """Return where something due at `due_at` stands now; "today" ends at the house's midnight."""
    if due_at < now:
        return Bucket.OVERDUE
    same_day = due_at.astimezone(zone).date() == now.astimezone(zone).date()
    return Bucket.TODAY if same_day else Bucket.NEXT


@dataclass(frozen=True, slots=True)
class FirstHours:
    """A stretch after arrival, and what is due in it: safety-critical first, then by due time."""

    id: str
    title: str
    items: tuple[ChecklistItem, ...]


_STRETCHES = (
    ("first-hour", "First hour", timedelta(hours=1)),
    ("first-night", "First night", timedelta(hours=12)),
    ("first-three-days", "First three days", timedelta(hours=72)),
)


def first_hours(items: Iterable[ChecklistItem]) -> tuple[FirstHours, ...]:
    """Group the items of one resident that count from arrival and are due within 72 hours.

    `items` come in service order, which decides between items of equal weight. House-wide items
    are left out. All three groups are returned, also when empty.
    """
    arrival = [item for item in items if item.due.after == "admission" and not item.is_house]
    groups = []
    lower: timedelta | None = None
    for group_id, title, upper in _STRETCHES:
        own = [
            i for i in arrival if (lower is None or lower < i.due.within) and i.due.within <= upper
        ]
        own.sort(key=lambda item: (not item.safety_critical, item.due.within))
        groups.append(FirstHours(group_id, title, tuple(own)))
        lower = upper
    return tuple(groups)


def describe_due(item: ChecklistItem, triggers: Mapping[str, Trigger] | None = None) -> str:
    """Return the due rule in plain words: "within 72 hours of arrival", "every 7 days".

    With `triggers` the starting events are named: "... each time: Outing".
    """
    if item.repeat == "each-shift":
        return _each_shift(item)
    if item.due.after == "previous":
        return _every(item)
    words = _times(item)
    if item.repeat == "period":
        return f"{words}, then {_every(item)}"
    if item.repeat == "each-event" and item.due.after == "event":
        return words + _events(item, triggers, "each time")
    if item.repeat == "each-event" and item.starts_on:
        return f"{words}, and again" + _events(item, triggers, "each time it is needed")
    return words


def _each_shift(item: ChecklistItem) -> str:
    if item.due.after == "previous":
        return "every shift"
    return f"{_times(item)}, then every shift"


def _every(item: ChecklistItem) -> str:
    if len(item.steps) > 1:
        first, *later = item.steps
        return f"every {_one(str(first.every))}, later " + ", then ".join(
            f"every {_one(str(step.every))}" for step in later
        )
    return f"every {_one(str(item.interval or item.due.span))}"


def _one(words: str) -> str:
    return words.removeprefix("1 ") if words.count(" ") == 1 else words


def _times(item: ChecklistItem) -> str:
    if not item.schedule:
        return _once(item, str(item.due.span))
    return _once(item, ", ".join(map(str, item.schedule[:-1])) + f" and {item.schedule[-1]}")


def _once(item: ChecklistItem, length: str) -> str:
    seconds = item.due.span.length.total_seconds()
    if seconds < 0:
        return f"at least {length} before {_BEFORE.get(item.due.after, 'it')}"
    if seconds == 0:
        return _AT_ONCE.get(item.due.after, "at once")
    if item.schedule:
        return f"{length} after {_AFTER.get(item.due.after, 'it')}"
    if item.due.after == "admission":
        return f"within {length} of arrival"
    return f"within {length} {_WITHIN.get(item.due.after, 'of it')}"


_BEFORE = {
    "court-date": "each court date",
    "discharge": "a planned move out",
    "event": "it happens",
}
_AT_ONCE = {
    "admission": "on arrival",
    "event": "at once",
    "court-date": "by each court date",
    "discharge": "by the time of leaving",
    "phase-start": "when the phase starts",
}
_AFTER = {
    "admission": "arrival",
    "court-date": "each court date",
    "discharge": "leaving",
    "event": "it happens",
}
_WITHIN = {
    "court-date": "after each court date",
    "discharge": "after leaving",
    "event": "after it happens",
    "phase-start": "of the start of the phase",
}


def _events(item: ChecklistItem, triggers: Mapping[str, Trigger] | None, otherwise: str) -> str:
    labels = (
        sorted(triggers[code].label for code in item.starts_on if code in triggers)
        if triggers
        else []
    )
    return f" {otherwise}: {', '.join(labels)}" if labels else f" {otherwise}"

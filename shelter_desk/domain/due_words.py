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

    With `triggers` the starting events are named: "at once, each time (Credible threat)".
    """
    if item.due.after == "previous":
        return "every shift" if item.repeat == "each-shift" else _every(item)
    words = _first(item)
    if item.repeat == "each-event":
        words += ", each time" if item.due.after == "event" else _again(item)
    words += _named(item, triggers)
    if item.repeat == "each-shift":
        return f"{words}, then every shift"
    return f"{words}, then {_every(item)}" if item.repeat == "period" else words


_BEFORE = {"court-date": "each court date", "discharge": "a planned move"}
_AT_ONCE = {
    "admission": "on arrival",
    "court-date": "by each court date",
    "discharge": "by the time of leaving",
    "phase-start": "when the phase starts",
}
_AFTER = {
    "admission": "of arrival",
    "court-date": "after each court date",
    "discharge": "after leaving",
    "phase-start": "of the start of the phase",
}


def _first(item: ChecklistItem) -> str:
    """Return when the item is due for the first time after its anchor."""
    after, seconds = item.due.after, item.due.span.length.total_seconds()
    if item.schedule:
        *early, last = map(str, item.schedule)
        listed = f"{', '.join(early)} and {last}" if early else last
        return f"{listed} {_AFTER.get(after, 'after it happens').replace('of ', 'after ', 1)}"
    if seconds < 0:
        return f"at least {item.due.span} before {_BEFORE.get(after, 'it happens')}"
    if seconds == 0:
        return _AT_ONCE.get(after, "at once")
    return f"within {item.due.span} {_AFTER.get(after, 'after it happens')}"


def _again(item: ChecklistItem) -> str:
    """Return words for the events that open the item again, apart from its own anchor."""
    return ", and again each time it is needed" if _others(item) else ""


def _others(item: ChecklistItem) -> frozenset[str]:
    own = {"court-hearing"} if item.due.after == "court-date" else set()
    return item.starts_on - own


def _named(item: ChecklistItem, triggers: Mapping[str, Trigger] | None) -> str:
    labels = sorted(triggers[code].label for code in _others(item)) if triggers else []
    return f" ({', '.join(labels)})" if labels else ""


def _every(item: ChecklistItem) -> str:
    spans = [step.every for step in item.steps] or [item.interval or item.due.span]
    first, *later = [f"every {_bare(str(span))}" for span in spans]
    return ", later ".join([first, ", then ".join(later)] if later else [first])


def _bare(length: str) -> str:
    """Return "day" for "1 day": every day, not every 1 day."""
    return length.removeprefix("1 ") if length.count(" ") == 1 else length

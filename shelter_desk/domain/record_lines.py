"""One stay as a reviewer may see it: no name, no date, no word of free text.

Days are counted from admission, and from day 31 on given as bands; how late something was is a
band as well. What may be in a line is decided here by what these values can hold at all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

_EXACT_DAYS = 30
_DAY_BANDS = (90, 180, 365)
_LATE_BANDS = (
    (timedelta(0), "in time"),
    (timedelta(hours=1), "up to 1 hour"),
    (timedelta(days=1), "up to 1 day"),
    (timedelta(days=3), "up to 3 days"),
    (timedelta(days=14), "up to 14 days"),
)
PRESENT, PRESENT_LATE, WAITING = "present", "present late", "waiting"
LEFT_OUT = "left out by the rules"
MISSING, NOT_DUE, DECLINED, NOT_APPLICABLE = (
    "missing",
    "not due yet",
    "declined",
    "not applicable",
)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One occurrence of a checklist item. `status` is an outcome, "open" or "overdue".

    `due_day` and `done_day` count from 1; `late` is how long after its time, None where it is not
    done or was never due; `signed_days` are whole days to the last signature.
    """

    item_id: str
    text: str
    due_day: int | None
    done_day: int | None
    late: timedelta | None
    role: str
    status: str
    reason: str
    signatures: int
    signer_roles: tuple[str, ...]
    signed_days: int | None
    in_period: bool

    @property
    def missing_signatures(self) -> int:
        """Return how many signatures are still to be given."""
        return max(0, self.signatures - len(self.signer_roles)) if self.done_day else 0


@dataclass(frozen=True, slots=True)
class IncidentShown:
    """One incident of a record. `told` is recipient -> whether in time; who is not owed is not.

    `debrief` is whether it was held; None where none is owed.
    """

    types: tuple[str, ...]
    quarter: str
    day: int
    shift: str
    told: tuple[tuple[str, bool], ...]
    was_treated: bool
    debrief: bool | None
    is_filed: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class IncidentDrawn:
    """One incident by itself, as the dice drew it: no day, and of people only about how many.

    `steps` of what follows were due by the end, `steps_done` of them were done by their day.
    """

    shown: IncidentShown
    residents: str
    steps: int
    steps_done: int


@dataclass(frozen=True, slots=True)
class RecordShown:
    """One stay. `has_ended` is all that is said of its end; items are in the model's order.

    `left_out` are the items of which nothing may be shown, whether there is anything or not.
    """

    has_ended: bool
    items: tuple[ItemLine, ...]
    incidents: tuple[IncidentShown, ...]
    left_out: frozenset[str] = frozenset()

    def state_of(self, items: Collection[str]) -> tuple[str, str]:
        """Return (state, reason) of the document that some items stand for."""
        if self.left_out.issuperset(items):
            return LEFT_OUT, ""
        return state_of(tuple(line for line in self.items if line.item_id in items))


def day_of_stay(day: date, *, began_on: date) -> int:
    """Return 1 for the day of admission; what was due before it gives 1 as well."""
    return max(1, (day - began_on).days + 1)


def shown_day(day: int | None) -> str:
    """Return a day of stay as it may leave: exact in the first month, then a band; "" for None."""
    if day is None:
        return ""
    if day <= _EXACT_DAYS:
        return str(day)
    first = _EXACT_DAYS + 1
    for last in _DAY_BANDS:
        if day <= last:
            return f"{first}-{last}"
        first = last + 1
    return f"{first}+"


def shown_late(late: timedelta | None) -> str:
    """Return the band of how late something was; "" where that cannot be said."""
    if late is None:
        return ""
    return next((words for most, words in _LATE_BANDS if late <= most), "over 14 days")


def state_of(lines: tuple[ItemLine, ...]) -> tuple[str, str]:
    """Return (state, reason) of one document from the lines of the items that stand for it.

    The worst that is still to be done counts; where nothing is, the latest that was done.
    """
    reasons = sorted({line.reason for line in lines if line.reason})
    reason = reasons[0] if len(reasons) == 1 else ""
    statuses = [line.status for line in lines]
    if not lines:
        return NOT_DUE, ""
    if "overdue" in statuses:
        return MISSING, ""
    put_off = {line.status for line in lines if line.done_day is None} - {"open", "overdue"}
    if put_off or any(line.missing_signatures for line in lines):
        return WAITING, reason
    done = [line for line in lines if line.status == "done"]
    if done:
        is_late = any(line.late is not None and line.late > timedelta(0) for line in done)
        return (PRESENT_LATE if is_late else PRESENT), ""
    if "open" in statuses:
        return NOT_DUE, ""
    return (DECLINED if "declined" in statuses else NOT_APPLICABLE), reason

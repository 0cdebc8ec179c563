"""One stay as a reviewer may see it: no name, no date, no word of free text.

Days are counted from admission. Whoever knows when somebody came must not find their record by
them: a day stands there only of what is due once, and only where the whole first month lies within
the period, so that everybody else who came within it looks the same. All other days are bands, and
what repeats stands in one line without its count. How late something was is a band as well. What
may be in a line is decided here by what these values can hold at all.

Source: specification 3.5 (3) and 7.3. Honest limit: which papers were due yet tells in which weeks
somebody came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST_MONTH = timedelta(days=30)
_EXACT_DAYS = FIRST_MONTH.days
_ONCE, _OFTEN = "once", "more than once"
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
NOT_NEEDED, NOT_REACHED = "not needed", "never due"


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
    `asks_not` is item -> state, of the items of services that ask for nothing now: not needed,
    declined, or put off. `first_month`: its first month lies within the period, whole. `is_known`:
    the reader knows whose it is, by their own release, and is shown every day.
    """

    has_ended: bool
    items: tuple[ItemLine, ...]
    incidents: tuple[IncidentShown, ...]
    left_out: frozenset[str] = frozenset()
    asks_not: Mapping[str, str] = field(default_factory=dict)
    first_month: bool = False
    is_known: bool = False

    def lines(self) -> Iterator[tuple[ItemLine, tuple[str, str]]]:
        """Yield each line of the period with the days of stay it was due and done, as shown."""
        there = [line for line in self.items if line.in_period]
        often = Counter(line.item_id for line in there)
        for line in there:
            exact = self.is_known or (self.first_month and often[line.item_id] == 1)
            shown = shown_day if exact else shown_band
            yield line, (shown(line.due_day), shown(line.done_day))

    def told_once(self, rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        """Yield each of some rows once, in order, and last in it how often it stood there."""
        for row, times in Counter(rows).items():
            yield *row, str(times) if self.is_known else _OFTEN if times > 1 else _ONCE

    def day_of(self, incident: IncidentShown) -> str:
        """Return the day of stay of an incident, as shown."""
        return (shown_day if self.is_known else shown_band)(incident.day)

    def state_of(self, items: Collection[str]) -> tuple[str, str]:
        """Return (state, reason) of the document that some items stand for."""
        if self.left_out.issuperset(items):
            return LEFT_OUT, ""
        lines = tuple(line for line in self.items if line.item_id in items)
        return state_of(lines) if lines else (self._without_lines(items), "")

    def _without_lines(self, items: Collection[str]) -> str:
        """Return why there is nothing: the service asks for nothing, or its day never came."""
        shown = [one for one in items if one not in self.left_out]
        asks_not = {self.asks_not.get(one, "") for one in shown}
        if "" not in asks_not:
            return next((one for one in (WAITING, DECLINED) if one in asks_not), NOT_NEEDED)
        return NOT_REACHED if self.has_ended else NOT_DUE


def day_of_stay(day: date, *, began_on: date) -> int:
    """Return 1 for the day of admission; what was due before it gives 1 as well."""
    return max(1, (day - began_on).days + 1)


def shown_day(day: int | None) -> str:
    """Return a day of stay: exact in the first month, then a band; "" for None."""
    return str(day) if day is not None and day <= _EXACT_DAYS else shown_band(day)


def shown_band(day: int | None) -> str:
    """Return the band of a day of stay, the first month being one; "" for None."""
    if day is None:
        return ""
    if day <= _EXACT_DAYS:
        return f"1-{_EXACT_DAYS}"
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

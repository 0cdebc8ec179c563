"""One stay as a reviewer may see it: no name, no date, no word of free text.

Days are counted from admission. What may be in a line is decided here by what these values can
hold at all; how much of it one reader is shown is decided in `reader_lines`.

Source: specification 3.5 (3) and 7.3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

FIRST_MONTH = timedelta(days=30)
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
    declined, or put off. `first_month`: its first month lies within the period, whole. `first_day`
    and `last_day` are the days of stay of the first and the last day of the period, and `quarters`
    those of its quarters that have a day of the stay. `dated` is item -> whether it comes again,
    of all items whose day follows from when somebody came or left; `unasked` are those without a
    line because nobody asked for their service.
    """

    has_ended: bool
    items: tuple[ItemLine, ...]
    incidents: tuple[IncidentShown, ...]
    left_out: frozenset[str] = frozenset()
    asks_not: Mapping[str, str] = field(default_factory=dict)
    first_month: bool = False
    first_day: int = 1
    last_day: int = 1
    quarters: frozenset[str] = frozenset()
    dated: Mapping[str, bool] = field(default_factory=dict)
    unasked: frozenset[str] = frozenset()

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


def held_once(records: Iterable[RecordShown]) -> Iterator[RecordShown]:
    """Yield records in which what is equal is one and the same, whosever it is.

    A year has ten thousands of lines and a few hundred that differ, and it is held until the whole
    pack is laid out.
    """
    lines: dict[ItemLine, ItemLine] = {}
    sets: dict[frozenset[str], frozenset[str]] = {}
    for record in records:
        yield replace(
            record,
            items=tuple(lines.setdefault(line, line) for line in record.items),
            left_out=sets.setdefault(record.left_out, record.left_out),
            unasked=sets.setdefault(record.unasked, record.unasked),
        )


def day_of_stay(day: date, *, began_on: date) -> int:
    """Return 1 for the day of admission; what was due before it gives 1 as well."""
    return max(1, (day - began_on).days + 1)


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

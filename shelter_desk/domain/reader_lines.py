"""One record as one reader is shown it: never so much that it tells when somebody came or left.

Whoever knows on which day somebody came, and the checklist, which is public, can work out what had
to be due of them. So what tells of such days is shown only where it is the same in the records of
several residents (`equivalence`); days stand only of what is due once, and only where the whole
first month of all of them lies within the period. How late something was is a band. Who knows
whose record it is, by their own release, is shown every day.

Source: specification 3.5 (3) and 7.3; a class of records that agree in what is known from outside
is the equivalence class of k-anonymity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from shelter_desk.domain.equivalence import (
    CAME_BEFORE,
    ENDED,
    MOST_TIMES,
    OPEN,
    WHOLE_MONTH,
    due_fact,
    times_fact,
)
from shelter_desk.domain.record_lines import (
    FIRST_MONTH,
    LEFT_OUT,
    NOT_DUE,
    NOT_NEEDED,
    NOT_REACHED,
    IncidentShown,
    ItemLine,
    RecordShown,
)

_MONTH = FIRST_MONTH.days
_ONCE, _OFTEN = "once", "more than once"
_DAY_BANDS = (90, 180, 365)
_LATE_BANDS = (
    (timedelta(0), "in time"),
    (timedelta(hours=1), "up to 1 hour"),
    (timedelta(days=1), "up to 1 day"),
    (timedelta(days=3), "up to 3 days"),
    (timedelta(days=14), "up to 14 days"),
)
_MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line as shown: days and lateness in words, "" where nothing is said of them."""

    line: ItemLine
    due: str
    done: str
    late: str
    signed: str


@dataclass(frozen=True, slots=True)
class RecordForReader:
    """One record; `shared` is what it has in common with others, None where it is known whose."""

    record: RecordShown
    shared: frozenset[str] | None

    @property
    def ended(self) -> bool | None:
        """Return whether the stay has ended; None where that is not said."""
        if self.shared is None:
            return self.record.has_ended
        return True if ENDED in self.shared else False if OPEN in self.shared else None

    @property
    def incidents(self) -> tuple[IncidentShown, ...]:
        """Return the incidents of the period."""
        return self.record.incidents

    def when(self, incident: IncidentShown) -> tuple[str, str]:
        """Return quarter and day of stay of an incident, as shown."""
        if self.shared is None:
            return incident.quarter, shown_day(incident.day)
        return incident.quarter if incident.quarter in self.shared else "", ""

    def lines(self) -> Iterator[LineShown]:
        """Yield the lines of the period as shown, in the order of the care model."""
        of_item: dict[str, list[ItemLine]] = {}
        for line in self.record.items:
            if line.in_period:
                of_item.setdefault(line.item_id, []).append(line)
        for item_id, lines in of_item.items():
            yield from self._of_item(item_id, lines)

    def told_once(self, rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
        """Yield each of some rows once, in order, and last in it how often it stood there."""
        for row, times in Counter(rows).items():
            often = _OFTEN if times > 1 else _ONCE
            yield *row, str(times) if self.shared is None else often

    def state_of(self, items: Collection[str]) -> tuple[str, str]:
        """Return (state, reason) of the document that some items stand for, as shown."""
        state = self.record.state_of(items)
        if self.shared is None or state[0] == LEFT_OUT:
            return state
        dated = [one for one in items if one in self.record.dated]
        if not set(dated) - self.record.left_out:
            return (NOT_DUE, "") if state[0] == NOT_REACHED else state
        if not any(due_fact(one) in self.shared for one in dated):
            return LEFT_OUT, ""
        if state[0] not in (NOT_DUE, NOT_REACHED):
            return state
        return (NOT_NEEDED if self.record.unasked.issuperset(dated) else LEFT_OUT), ""

    def _of_item(self, item_id: str, lines: list[ItemLine]) -> Iterator[LineShown]:
        shared = self.shared
        if shared is None:
            for line in lines:
                days = shown_day(line.due_day), shown_day(line.done_day)
                signed = "" if line.signed_days is None else str(line.signed_days)
                yield LineShown(line, *days, shown_late(line.late), signed)
            return
        comes_again = self.record.dated.get(item_id)
        if comes_again is None:
            for line in lines:
                yield _undated(line, is_long=CAME_BEFORE in shared)
        elif times_fact(item_id, 1) in shared:
            with_days = not comes_again and WHOLE_MONTH in shared
            if comes_again:
                lines = _worst(lines, _times_in(shared, item_id))
            for line in lines:
                yield _dated(line, with_days=with_days)


def _times_in(shared: Collection[str], item_id: str) -> int:
    """Return how often something was due at least of all that are shown beside each other."""
    return max(times for times in range(1, MOST_TIMES + 1) if times_fact(item_id, times) in shared)


def _worst(lines: list[ItemLine], most: int) -> list[ItemLine]:
    """Return at most so many lines, the worst of them, in their order.

    Of each record as many as of those it came for least often: one more, or a word that there are
    more, would tell who was here for longer.
    """
    kept = set(sorted(range(len(lines)), key=lambda at: _badness(lines[at]), reverse=True)[:most])
    return [line for at, line in enumerate(lines) if at in kept]


def _badness(line: ItemLine) -> tuple[bool, bool, timedelta]:
    return line.status == "overdue", line.done_day is None, line.late or timedelta(0)


def _dated(line: ItemLine, *, with_days: bool) -> LineShown:
    days = (line.due_day, line.done_day) if with_days else (None, None)
    due, done = ("" if day is None or day > _MONTH else str(day) for day in days)
    return LineShown(line, due, done, shown_late(line.late), _signed(line))


def _undated(line: ItemLine, *, is_long: bool) -> LineShown:
    if is_long:
        return LineShown(line, "", "", shown_late(line.late), _signed(line))
    late = shown_late(line.late)
    return LineShown(line, "", "", late if late in ("", "in time") else "late", "")


def _signed(line: ItemLine) -> str:
    if line.signed_days is None:
        return ""
    return str(line.signed_days) if line.signed_days <= _MOST_DAYS else f"over {_MOST_DAYS}"


def shown_day(day: int | None) -> str:
    """Return a day of stay for who knows whose it is: exact for a month, then a band."""
    if day is None or day <= _MONTH:
        return "" if day is None else str(day)
    first = _MONTH + 1
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

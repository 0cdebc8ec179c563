"""What is due, and when: moments in, moments out; no clock and no database.

An item opens *occurrences*. Each has a key that stays the same as long as the facts stay the
same, so that an answer given to it can be kept with the key:

===============  ==================================================================
"once"           the one occurrence of an item that is done once
"admission"      arrival, of an item that repeats with each event ("discharge", "phase" alike)
"event:<key>"    a starting event of the stay; "court:<key>" a court date
"<key>/2"        the second time on the item's contact schedule, and so on
"next:<n>"       a series (every so many days, or each shift) after n answered rounds
===============  ==================================================================

A series has at most one open occurrence: missed rounds do not pile up. Whole days are calendar
days in the shelter's zone; hours and minutes are absolute (see `durations`).

What is due before something that lies ahead leaves at least a day from when that became known
(`lead`): nobody is late with what they could not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shelter_desk.domain.content import CLOSING_OUTCOMES, ChecklistItem
from shelter_desk.domain.due_words import Bucket, FirstHours, bucket, describe_due, first_hours
from shelter_desk.domain.durations import Span
from shelter_desk.domain.occurrences import Answer, Occurred, Occurrence, StayFacts
from shelter_desk.domain.shifts import Shifts

__all__ = [
    "Answer",
    "Bucket",
    "FirstHours",
    "Occurred",
    "Occurrence",
    "Shifts",
    "StayFacts",
    "answered_due",
    "bucket",
    "describe_due",
    "first_hours",
    "lead",
    "open_occurrences",
]

_SERIES = "next:"
_LEAST_NOTICE = timedelta(hours=24)


class _Anchor(NamedTuple):
    key: str
    at: datetime
    outlives_stay: bool  # an event or a court date may ask for something after the exit
    known_at: datetime | None = None


class _Case(NamedTuple):
    item: ChecklistItem
    facts: StayFacts
    shifts: Shifts
    codes: frozenset[str]

    @property
    def zone(self) -> ZoneInfo:
        return self.shifts.zone


def open_occurrences(
    item: ChecklistItem,
    facts: StayFacts,
    answers: Sequence[Answer],
    *,
    shifts: Shifts,
    starts: Mapping[str, frozenset[str]],
) -> tuple[Occurrence, ...]:
    """Return what is open of one item of one stay, earliest first; empty when nothing is.

    Args:
        item: the item, under the clocks of the jurisdiction profile in force.
        facts: the stay.
        answers: every answer given to this item in this stay, in any order; a withdrawn answer
            is left out by the caller.
        shifts: the shift calendar and the zone of the house.
        starts: item id -> codes of the events that start it.
    """
    case = _Case(item, facts, shifts, starts.get(item.id, frozenset()))
    if item.repeat in ("once", "each-event"):
        closed = {answer.occurrence for answer in answers if answer.outcome in CLOSING_OUTCOMES}
        waiting = {key: due_at for key, due_at in _single(case) if key not in closed}
    else:
        waiting = _series(case, answers)
    found = [_occurrence(key, due_at, answers) for key, due_at in waiting.items()]
    if len(found) > 1:
        found.sort(key=attrgetter("due_at", "key"))
    return tuple(found)


def lead(span: Span, at: datetime, known_at: datetime | None, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which something is due that counts from `at`.

    What must come before it is due a day after it became known at the earliest, or by `at` itself
    where that comes first. `known_at` None: that is not kept, and the span alone counts.
    """
    due_at = span.after(at, zone)
    if known_at is None or due_at >= at:
        return due_at
    return max(due_at, min(at, known_at + _LEAST_NOTICE)).astimezone(UTC)


def answered_due(
    item: ChecklistItem,
    facts: StayFacts,
    answers: Sequence[Answer],
    *,
    shifts: Shifts,
    starts: Mapping[str, frozenset[str]],
) -> dict[str, datetime]:
    """Return when each answered occurrence had been due: key -> UTC, deferrals left aside.

    For reports on how much was done in time. What the exit ended is counted as it stood before
    the exit. An answer whose event has been withdrawn since is left out.
    """
    closed = {answer.occurrence for answer in answers if answer.outcome in CLOSING_OUTCOMES}
    found: dict[str, datetime] = {}
    for known in (replace(facts, ended_at=None), facts):
        case = _Case(item, known, shifts, starts.get(item.id, frozenset()))
        if item.repeat in ("once", "each-event"):
            found.update(_single(case))
            continue
        for number, _ in _rounds(answers):
            earlier = [a for a in answers if _is_before(a, number)]
            found |= {f"{_SERIES}{number}": at for at in _series(case, earlier).values()}
    return {key: due_at for key, due_at in found.items() if key in closed}


def _is_before(answer: Answer, number: int) -> bool:
    return any(earlier < number for earlier, _ in _rounds([answer]))


def _occurrence(key: str, due_at: datetime, answers: Sequence[Answer]) -> Occurrence:
    """Apply deferrals and blocks: the newest deferral holds, and the newest answer may block."""
    own = [answer for answer in answers if answer.occurrence == key] if answers else ()
    if not own:
        return Occurrence(key, due_at)
    own = sorted(own, key=attrgetter("done_at"))
    until: datetime | None = None
    for answer in own:
        if answer.outcome == "deferred" and answer.until is not None:
            until = answer.until.astimezone(UTC)
    blocked = own[-1].outcome == "blocked"
    return Occurrence(key, until or due_at, until, blocked)


# Anchors


def _anchors(case: _Case) -> list[_Anchor]:
    """Return every moment that the item counts from, events included."""
    return [*_own_anchor(case), *_event_anchors(case)]


def _own_anchor(case: _Case) -> Iterator[_Anchor]:
    facts = case.facts
    match case.item.due.after:
        case "admission":
            yield _Anchor("admission", facts.began_at, outlives_stay=False)
        case "previous":
            yield _Anchor("opened", facts.service_opened_at, outlives_stay=False)
        case "discharge":
            exit_at = facts.ended_at or facts.planned_exit_at
            if exit_at is not None:
                known_at = None if facts.ended_at else facts.exit_known_at
                yield _Anchor("discharge", exit_at, outlives_stay=True, known_at=known_at)
        case "phase-start":
            yield from _phase_anchor(case)
        case "court-date":
            for court in facts.court_dates:
                yield _counted_from(f"court:{court.key}", court)
        case _:
            pass  # "event": only the starting events below


def _phase_anchor(case: _Case) -> Iterator[_Anchor]:
    """Yield the start of the first phase of the item's service that has started."""
    started = case.facts.phase_started_at
    known = [started[phase] for phase in case.item.phases if phase in started]
    if known:
        yield _Anchor("phase", min(known), outlives_stay=False)


def _counted_from(key: str, what: Occurred) -> _Anchor:
    return _Anchor(key, what.at, outlives_stay=True, known_at=what.known_at)


def _event_anchors(case: _Case) -> Iterator[_Anchor]:
    """Yield starting events; a hearing kept as event and court date under one key counts once."""
    if not case.codes:
        return
    if case.item.due.after != "court-date":
        for court in case.facts.court_dates:
            if court.code in case.codes:
                yield _counted_from(f"court:{court.key}", court)
    court_keys = {court.key for court in case.facts.court_dates}
    for event in case.facts.events:
        if event.code in case.codes and event.key not in court_keys:
            yield _counted_from(f"event:{event.key}", event)


# Items done once, or once for each event


def _single(case: _Case) -> Iterator[tuple[str, datetime]]:
    """Yield (key, due) of every occurrence that the facts ask for, answered or not."""
    spans = case.item.schedule or (case.item.due.span,)
    if case.item.repeat == "once":
        own = list(_own_anchor(case)) or list(_event_anchors(case))
        anchors = own if len(own) < 2 else [min(own, key=lambda one: _due_at(case, one, spans[0]))]
    else:
        anchors = _anchors(case)
    for anchor in anchors:
        key = "once" if case.item.repeat == "once" else anchor.key
        for number, span in enumerate(spans, 1):
            due_at = _due_at(case, anchor, span)
            if _is_asked(case, anchor, span, due_at):
                yield (key if number == 1 else f"{key}/{number}"), due_at


def _due_at(case: _Case, anchor: _Anchor, span: Span) -> datetime:
    return lead(span, anchor.at, anchor.known_at, case.zone)


def _is_asked(case: _Case, anchor: _Anchor, span: Span, due_at: datetime) -> bool:
    """Return whether an occurrence is asked for now, considering the exit.

    Before the exit: what is due after leaving waits for the exit itself. After it: only what can
    still be answered stays, that is what follows the exit, and events that are due later.
    """
    ended_at = case.facts.ended_at
    before_leaving = span.length.total_seconds() < 0
    if anchor.key == "discharge":
        return not before_leaving if ended_at else span.length.total_seconds() <= 0
    if ended_at is None:
        return True
    return anchor.outlives_stay and (due_at > ended_at or anchor.at >= ended_at)


# Series: every so many days, or each shift


def _series(case: _Case, answers: Sequence[Answer]) -> dict[str, datetime]:
    """Return the one open round of a series as {key: due}, or nothing."""
    rounds = _rounds(answers)
    anchors = [anchor for anchor in _running(case) if _may_start(case, anchor)]
    if not anchors:
        return {}
    if not rounds:
        due = min([_first_round(case, anchor) for anchor in anchors])
        return {f"{_SERIES}0": due}
    number = 1 + max([number for number, _ in rounds])
    last = max([done_at for _, done_at in rounds])
    fresh = [
        _first_round(case, anchor)
        for anchor in anchors
        if anchor.at > last and anchor.key.startswith(("event:", "court:"))
    ]
    # Nothing was done since an ended series started again: it starts from the beginning.
    is_new = bool(case.item.ends_on) and len(fresh) == len(anchors)
    due = min(fresh if is_new else [_next_round(case, anchors, last), *fresh])
    if _is_past_leaving(case, due):
        return {}
    return {f"{_SERIES}{number}": due}


def _running(case: _Case) -> list[_Anchor]:
    """Return what a series counts from; one that an event ends has starts after that end only."""
    ends_on = case.item.ends_on
    if not ends_on:
        return _anchors(case)
    ended_at = max(
        (event.at for event in case.facts.events if event.code in ends_on), default=None
    )
    starts = _event_anchors(case)
    return [anchor for anchor in starts if ended_at is None or anchor.at > ended_at]


def _rounds(answers: Sequence[Answer]) -> list[tuple[int, datetime]]:
    """Return (number, done) of every answered round."""
    return [
        (int(number), answer.done_at)
        for answer in answers
        if answer.outcome in CLOSING_OUTCOMES and answer.occurrence.startswith(_SERIES)
        if (number := answer.occurrence.removeprefix(_SERIES)).isdecimal()
    ]


def _may_start(case: _Case, anchor: _Anchor) -> bool:
    ended_at = case.facts.ended_at
    if anchor.key == "discharge":
        return _is_asked(case, anchor, case.item.due.span, anchor.at)
    return ended_at is None or (anchor.outlives_stay and anchor.at >= ended_at)


def _first_round(case: _Case, anchor: _Anchor) -> datetime:
    due_at = _due_at(case, anchor, case.item.due.span)
    if case.item.repeat == "each-shift":
        return min(due_at, case.shifts.end_of(anchor.at))
    return due_at


def _next_round(case: _Case, anchors: Sequence[_Anchor], last: datetime) -> datetime:
    """Return when the round after `last` is due.

    A round that lapsed while the service was closed counts from the day it was opened again, as
    the first one did.
    """
    opened_at = case.facts.service_opened_at
    if case.item.repeat == "each-shift":
        due_at = case.shifts.end_of_next(last)
    else:
        due_at = _interval(case, anchors, last).after(last, case.zone)
    if due_at < opened_at:
        return _first_round(case, _Anchor("opened", opened_at, outlives_stay=False))
    return due_at


def _interval(case: _Case, anchors: Sequence[_Anchor], last: datetime) -> Span:
    """Return how long after `last` the next round is due; steps count from the newest start."""
    item = case.item
    if not item.steps:
        return item.interval or item.due.span
    began = max((anchor.at for anchor in anchors if anchor.at <= last), default=last)
    for step in item.steps:
        if step.until is None or step.until.after(began, case.zone) > last:
            return step.every
    return item.interval or item.due.span


def _is_past_leaving(case: _Case, due_at: datetime) -> bool:
    """Return whether a series that prepares for leaving has no further round before the exit."""
    planned = case.facts.planned_exit_at
    runs_before = (
        case.item.due.after == "discharge" and case.item.due.span.length.total_seconds() < 0
    )
    return runs_before and planned is not None and due_at > planned

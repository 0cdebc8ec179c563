"""Writes invented records through the real desk: same commands, same guards, same trail."""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from random import Random

from shelter_desk.desk import Command, Desk, Done, entry
from shelter_desk.desk.care import SetNeed, StartPhase
from shelter_desk.desk.residents import Admit, RecordExit
from shelter_desk.desk.rounds import shift_round
from shelter_desk.desk.shelter import AddAudience, beds
from shelter_desk.desk.staff import AddStaff
from shelter_desk.domain.care_model import CareModel
from shelter_desk.sample.care_given import (
    LONG_DAYS,
    Given,
    Usual,
    Whom,
    answers,
    entries,
    open_lines,
    trail_length,
)
from shelter_desk.sample.days_ahead import planned
from shelter_desk.sample.last_shift import (
    half_a_round,
    hand_over,
    handed_over_at,
    join,
    line,
    line_times,
)
from shelter_desk.sample.papers import on_file
from shelter_desk.sample.people import BEDS, STAFF, Outline, outlines
from shelter_desk.sample.story import HistoryClock, Pace, SampleReport, Story
from shelter_desk.store.keys.kit import new_kit

Progress = Callable[[int, int], None]
"""(stays done, stays in all)."""

_YEARS = 5
_DEMO_YEARS = 2
_DEMO_PAST = 70
# A page that many entries change is written once for all of them, when all fit into memory.
_BATCH = 50_000
_ROOM_KIB = 256 * 1024
_ONGOING_DAYS = 12
_LATEST = timedelta(days=7)  # how late the work of a house that is run well may be
# Services that are over when the first days are over, and those that not everybody needs.
_FIRST_DAYS = (
    "crisis_safety",
    "crisis_shelter",
    "emergency_medical",
    "emergency_substance",
    "crisis_mental",
    "crisis_legal",
    "missing_response",
)
_SOME_NEED = ("medication", "spiritual_cultural", "life_skills", "legal_advocacy")


def write_sample(  # noqa: PLR0913 - the arguments of the command line
    folder: Path,
    *,
    residents: int,
    entries: int,
    seed: int,
    passphrase: str,
    care_model: CareModel,
    until: datetime,
    progress: Progress | None = None,
) -> SampleReport:
    """Write `residents` stays over five years and `entries` service entries into a new folder.

    The recovery kit is thrown away: these are invented people, and a forgotten passphrase means
    writing them again.

    Args:
        folder: must be empty or missing.
        residents: stays; up to nine of them are open at `until`.
        entries: lines of the service log, spread evenly over the stays.
        seed: same seed, same people, dates and counts. Keys and ids are always fresh.
        passphrase: of the director, who is called Dana.
        care_model: under its default profile.
        until: the moment up to which the history is told, aware UTC.
        progress: told after each stay.
    """
    pace = Pace(until - timedelta(days=365.25 * _YEARS), until, 8, 40, 21.0)
    history = _History(folder, pace, Random(seed), passphrase, care_model)  # noqa: S311 - invented
    return history.write(residents, entries, progress)


def write_demo(
    folder: Path, passphrase: str, care_model: CareModel, until: datetime
) -> SampleReport:
    """Write a small shelter: nine residents present, seventy past stays over two years."""
    since = until - timedelta(days=365.25 * _DEMO_YEARS)
    pace = Pace(since, until, 6, 40, 20.0, past_rounds=(1.25, 14.0, 55.0))
    history = _History(folder, pace, Random(2026), passphrase, care_model)  # noqa: S311 - invented
    history.tells_shifts = True
    return history.write(_DEMO_PAST + 9, (_DEMO_PAST + 9) * 20, None)


@contextmanager
def _uncollected() -> Iterator[None]:
    # Millions of values and no circles among them: looking for some is a tenth of the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass
class _History:
    folder: Path
    pace: Pace
    random: Random
    passphrase: str
    care_model: CareModel
    clock: HistoryClock = field(init=False)
    desk: Desk = field(init=False)
    usual: Usual = field(init=False)
    staff: list[str] = field(default_factory=list)
    stay_ids: list[str] = field(default_factory=list)  # in the order of arrival, as the people are
    begun: set[tuple[str, str]] = field(default_factory=set)  # stay and phase
    second: str = ""  # the colleague who can sign in, by their public id
    tells_shifts: bool = False  # with a shift log, a handoff and half a round at its end

    def write(self, residents: int, count: int, progress: Progress | None) -> SampleReport:
        with _uncollected():
            return self._write(residents, count, progress)

    def _write(self, residents: int, count: int, progress: Progress | None) -> SampleReport:
        self.clock = HistoryClock(self.pace.since - timedelta(days=2))
        self.usual = Usual(self.care_model)
        self.desk = self._found()
        if self.tells_shifts:
            self.second = join(self.desk, self.passphrase)
        self.desk.make_room(_ROOM_KIB)
        try:
            people = outlines(
                self.random, residents=residents, since=self.pace.since, until=self.pace.until
            )
            shares = [
                count // residents + (number < count % residents) for number in range(residents)
            ]
            story = Story(people, shares, list(self._happenings(people)))
            if self.tells_shifts:
                self._tell_shift_before(story)
            self._enter(self._told(story, self.pace.until + timedelta(days=1), progress))
            self._enter(self._end(people))
            events = self.desk.ask(trail_length)
            self.desk.settle()
        finally:
            self.desk.close()
        return SampleReport(residents, count, events)

    def _found(self) -> Desk:
        founding = entry.Founding(
            "Harbor House", "America/New_York", "Dana", self.passphrase, new_kit(), beds=BEDS
        )
        desk = entry.found(self.folder, founding, self.care_model, self.clock)
        self.staff = [self.random.randbytes(10).hex() for _ in STAFF]
        desk.do_all(
            [
                *(
                    AddStaff(public_id, name, roles)
                    for public_id, (name, roles) in zip(self.staff, STAFF, strict=True)
                ),
                AddAudience("County youth board", "named"),
            ]
        )
        return desk

    def _enter(self, commands: Iterator[Command]) -> None:
        """Carry the commands out, thousands in a transaction: the disk is waited for once."""
        for first in commands:
            self.desk.do_all(chain((first,), islice(commands, _BATCH - 1)), self._done)

    def _done(self, command: Command, done: Done) -> None:
        if isinstance(command, Admit):
            self.stay_ids.append(done.subject)

    # The order of things

    def _tell_shift_before(self, story: Story) -> None:
        """Tell everything up to the last handoff, and hand over."""
        at = handed_over_at(self.desk.house.shifts, self.pace.until)
        for number, moment in enumerate(line_times(at)):
            heapq.heappush(story.ahead, (moment, number, "line", False))
        self._enter(self._told(story, at, None))
        self.clock.reach(at)
        hand_over(self.desk, self.second, self.passphrase)

    def _told(self, story: Story, until: datetime, progress: Progress | None) -> Iterator[Command]:
        """Yield the history, command by command; the clock stands where each was entered."""
        bed_ids = [line.bed_id for line in self.desk.ask(beds)]
        left, before = story.left, story.before
        for at, number, kind, last in story.until(until):
            one = story.people[number]
            if kind == "line":
                self.clock.reach(at)
                yield line(number, self._present(story.people, at))
            elif kind == "arrive":
                self.clock.reach(at + timedelta(minutes=10))
                yield _admission(one, bed_ids[one.bed])
            elif kind == "round":
                count = left[number] if last else left[number] // 2
                left[number] -= count
                yield from self._round(number, one, (before[number], at), count)
                before[number] = at
            elif kind == "leave":
                self.clock.reach(at + timedelta(minutes=5))
                yield RecordExit(self.stay_ids[number], at, one.exit_type, one.destination)
            else:
                self.clock.reach(at)
                yield from self._close(number, at)
            if progress and last:
                story.done += 1
                progress(story.done, len(story.people))

    def _end(self, people: tuple[Outline, ...]) -> Iterator[Command]:
        """Yield what is done on the last day, so that a little of it is left."""
        yield from self._house()
        yield from self._last_day(people)
        if self.tells_shifts:
            yield from half_a_round(self.desk.ask(shift_round, now=self.pace.until))

    def _present(self, people: tuple[Outline, ...], at: datetime) -> list[str]:
        """Return the stays of those who were here then, and still are."""
        here = (n for n, one in enumerate(people) if one.left_at is None and one.arrived_at < at)
        return [self.stay_ids[number] for number in here]

    def _happenings(
        self, people: tuple[Outline, ...]
    ) -> Iterator[tuple[datetime, int, str, bool]]:
        for number, one in enumerate(people):
            yield one.arrived_at, number, "arrive", False
            end = one.left_at or self.pace.until - timedelta(minutes=20)
            for at in self._rounds(one, end):
                yield at, number, "round", at == end
            if one.left_at is not None:
                yield one.left_at + timedelta(minutes=1), number, "leave", False
                closing = one.left_at + timedelta(days=self.random.uniform(3, 20))
                yield min(closing, self.pace.until - timedelta(minutes=30)), number, "close", False

    def _rounds(self, one: Outline, end: datetime) -> Iterator[datetime]:
        span = end - one.arrived_at
        if one.left_at is None:
            at = one.arrived_at + min(timedelta(hours=20), span / 2)
            while at < end - timedelta(hours=1):
                yield at
                at += timedelta(days=self.pace.days_between_rounds)
        else:
            days = (timedelta(days=count) for count in self.pace.past_rounds)
            yield from (one.arrived_at + day for day in days if span > day + timedelta(days=2))
        yield end

    # What happens

    def _round(
        self, number: int, one: Outline, between: tuple[datetime, datetime], count: int
    ) -> Iterator[Command]:
        stay_id = self.stay_ids[number]
        low, high = between[0] + timedelta(minutes=15), between[1] - timedelta(minutes=1)
        lines = self.desk.ask(open_lines, stay_id=stay_id, until=high + timedelta(hours=1))
        most = self.pace.per_round_here
        if one.left_at is not None:
            # What falls due now comes before what is late already: most is done in time.
            lines = tuple(sorted(lines, key=lambda line: line.due_at < low))
            most = self.pace.per_round_past
        given = answers(self.random, self.care_model, stay_id, lines[:most], (low, high))
        whom = Whom(stay_id, one.arrived_at)
        given += entries(self.random, self.usual, whom, self.staff, (low, high), count)
        yield from self._in_time(sorted(given, key=lambda one: one.at))
        self.clock.reach(high)
        yield from self._changes(stay_id, one, between[1])

    def _changes(self, stay_id: str, one: Outline, at: datetime) -> Iterator[Command]:
        """Yield what changes in the plan of somebody who is still here after the first days."""
        days = (at - one.arrived_at) / timedelta(days=1)
        if at == one.left_at:
            return
        if days > _ONGOING_DAYS and (stay_id, "ongoing") not in self.begun:
            self.begun.add((stay_id, "ongoing"))
            yield StartPhase(stay_id, "ongoing")
            for service_id in _FIRST_DAYS:
                yield SetNeed(stay_id, service_id, "met")
            for service_id in self.random.sample(_SOME_NEED, 2):
                yield SetNeed(stay_id, service_id, "not-needed")
            yield SetNeed(stay_id, "mental_health", "in-progress")
            yield SetNeed(stay_id, "case_management", "in-progress")
        if days > LONG_DAYS and (stay_id, "long-term") not in self.begun:
            self.begun.add((stay_id, "long-term"))
            yield StartPhase(stay_id, "long-term")
            yield SetNeed(stay_id, "long_term_housing", "in-progress")

    def _in_time(self, given: Iterable[Given]) -> Iterator[Command]:
        for one in given:
            self.clock.reach(one.at)
            yield one.command

    def _close(self, number: int, at: datetime) -> Iterator[Command]:
        """Close what is still open for somebody who left: contact has been made, or offered."""
        stay_id = self.stay_ids[number]
        far = at + timedelta(days=3_000)
        lines = self.desk.ask(open_lines, stay_id=stay_id, until=far)
        services = sorted({self.care_model.items[line.item_id].service_id for line in lines})
        for service_id in services:
            yield SetNeed(stay_id, service_id, "met")

    # The last day

    def _house(self) -> Iterator[Command]:
        """Answer what the house owes: its rounds of the last days."""
        start = self.pace.until - timedelta(hours=10)
        yield from self._answer_due(None, start)
        me = self.desk.staff
        everybody = {me.public_id: me.roles}
        everybody |= {one: roles for one, (_, roles) in zip(self.staff, STAFF, strict=True)}
        yield from on_file(everybody, (start - timedelta(days=1)).date())

    def _last_day(self, people: tuple[Outline, ...]) -> Iterator[Command]:
        """Bring those present up to today, and leave a little open, as a real day does."""
        start = self.pace.until - timedelta(hours=10)
        for number, one in enumerate(people):
            if one.left_at is not None:
                if one.left_at > self.pace.until - timedelta(days=40):
                    yield from self._answer_due(self.stay_ids[number], start)
            elif one.arrived_at < start:
                left_open = self._left_open(self.stay_ids[number])
                yield from self._answer_due(self.stay_ids[number], start, left_open)
        self.clock.reach(self.pace.until - timedelta(minutes=2))
        here = [n for n, one in enumerate(people) if one.left_at is None]
        if len(here) > 1:
            stays = [self.stay_ids[n] for n in here]
            yield from planned(stays, self.staff, self.pace.until, self.desk.house.zone)

    def _left_open(self, stay_id: str) -> frozenset[tuple[str, str]]:
        """Return what a busy shift did not get to, if anything: never what keeps someone safe."""
        until, items = self.pace.until, self.care_model.items
        recent = [
            (line.item_id, line.occurrence)
            for line in self.desk.ask(open_lines, stay_id=stay_id, until=until)
            if line.due_at > until - _LATEST and not items[line.item_id].safety_critical
        ]
        wanted = self.random.choice((0, 1, 1, 2, 2, 3))
        return frozenset(self.random.sample(recent, min(wanted, len(recent))))

    def _answer_due(
        self,
        stay_id: str | None,
        start: datetime,
        left_open: frozenset[tuple[str, str]] = frozenset(),
    ) -> Iterator[Command]:
        """Answer what is due within the day, but for what is left open."""
        until = self.pace.until
        for _ in range(3):  # a round that is answered may open the next one
            due = self.desk.ask(open_lines, stay_id=stay_id, until=until + timedelta(hours=8))
            lines = [line for line in due if (line.item_id, line.occurrence) not in left_open]
            if not lines:
                return
            between = (start, until - timedelta(minutes=15))
            given = answers(self.random, self.care_model, stay_id, lines, between)
            yield from self._in_time(given)


def _admission(one: Outline, bed_id: str) -> Admit:
    return Admit(
        one.called,
        one.arrived_at,
        bed_id=bed_id,
        age_guess=one.age,
        brought_by=one.brought_by,
        pronouns=one.pronouns,
        language=one.language,
        good_to_know=one.good_to_know,
    )

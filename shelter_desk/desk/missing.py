"""Missing from care: the clock starts, the card of when they were last seen, the search.

The way back is in `missing_return`, the questions in `missing_record`, the notices in `notices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds, moment
from shelter_desk.desk.lending import end_lending
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.missing_rows import (
    NOTICES,
    card_place,
    happened,
    matter_of,
    open_episode,
    owe,
    refuse,
    refuse_between,
    seal,
    unknown,
    withdraw_events,
)
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.sealing import LOCATION
from shelter_desk.desk.set_back import is_before
from shelter_desk.desk.upkeep import refresh_started
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.missing import START, STARTED, duties_at_start
from shelter_desk.domain.missing_cards import LONGEST_ANSWER, LastSeen
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import missing_episode, missing_line, notice
from shelter_desk.store.sql import Statement

LINE_LISTS: Mapping[str, tuple[str, str]] = {
    "search": ("search-places", "search-results"),
    "try": ("missing-tries", "missing-try-results"),
}
_stay = schema.stay
_OPEN_OF_STAY = Statement(
    select(missing_episode.c.id).where(
        missing_episode.c.stay_id == bindparam("stay_id"),
        missing_episode.c.returned_at.is_(None),
        missing_episode.c.closed_at.is_(None),
        missing_episode.c.withdrawn_at.is_(None),
    )
)


@dataclass(frozen=True)
class StartMissing(Command):
    """Somebody cannot be found: the clocks run from `discovered_at`, the moment staff saw it."""

    action: ClassVar[str] = "missing.start"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CARE | Area.DUE

    stay_id: str
    discovered_at: datetime

    def apply(self, write: Write) -> str:
        """Insert the episode with the notices that are owed, and open the items of the search."""
        stay = stay_that_goes_on(write, self.stay_id)
        write.about(stay["resident_id"])
        self._check(write, stay)
        public_id, at = write.new_public_id(), milliseconds(self.discovered_at)
        episode = write.add(
            missing_episode,
            public_id=public_id,
            stay_id=stay["id"],
            start_key=happened(write, stay["id"], STARTED, at),
            discovered_at=at,
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
        )
        owe(write, episode, START, duties_at_start(write.care_model.items), self.discovered_at)
        write.undo = WithdrawMissing(public_id)
        return public_id

    def _check(self, write: Write, stay: RowValues) -> None:
        if stay["ended_at"] is not None:
            refuse("stay_id", "This stay has ended.")
        if write.writer.value(_OPEN_OF_STAY, stay_id=stay["id"]) is not None:
            refuse("stay_id", "The clock runs already. Open it from the strip above the page.")
        if self.discovered_at > write.now:
            refuse("discovered_at", "This is still to come.")
        _not_before_stay(write, stay, self.discovered_at)
        at = milliseconds(self.discovered_at)
        refuse_between(write, {"stay_id": stay["id"]}, at, at + 1, "discovered_at")


@dataclass(frozen=True)
class CorrectDiscovery(Command):
    """Staff saw it at another time than was entered: every clock of the absence moves with it."""

    action: ClassVar[str] = "missing.discovery"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CARE | Area.DUE

    episode_id: str
    discovered_at: datetime

    def apply(self, write: Write) -> str:
        """Change the moment, the event, and the notices that count from it."""
        row = open_episode(write, self.episode_id)
        before, at = row["discovered_at"], milliseconds(self.discovered_at)
        self._check(write, row, at)
        event = find(write.writer, schema.stay_event, row["start_key"])
        write.change(schema.stay_event, event, occurred_at=at)
        refresh_started(write, row["stay_id"], STARTED)
        duties = {duty.recipient: duty for duty in duties_at_start(write.care_model.items)}
        for (notice_id,) in write.writer.rows(NOTICES, episode_id=row["id"]):
            owed = get(write.writer, notice, notice_id)
            if owed["stage"] == START and owed["recipient"] in duties:
                due = duties[owed["recipient"]].due_at(self.discovered_at, write.house.zone)
                write.change(notice, owed, due_at=milliseconds(due))
        write.change(missing_episode, row, discovered_at=at)
        write.undo = CorrectDiscovery(self.episode_id, moment(before))
        return self.episode_id

    def _check(self, write: Write, row: RowValues, at: int) -> None:
        if self.discovered_at > write.now:
            refuse("discovered_at", "This is still to come.")
        if row["returned_at"] is not None and at > row["returned_at"]:
            refuse("discovered_at", "This is after they came back.")
        _not_before_stay(write, get(write.writer, _stay, row["stay_id"]), self.discovered_at)
        until = max(row["returned_at"] or 0, at + 1)
        refuse_between(write, row, at, until, "discovered_at")


@dataclass(frozen=True)
class WithdrawMissing(Command):
    """They were here all the time: take the clock back. What was written stays readable."""

    action: ClassVar[str] = "missing.withdraw"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CARE | Area.DUE

    episode_id: str

    def apply(self, write: Write) -> str:
        """Withdraw the episode and its event; its open notices are not owed any more."""
        row = open_episode(write, self.episode_id)
        if row["returned_at"] is not None:
            refuse("episode_id", "They are recorded as back. Take the return back first.")
        withdraw_events(write, row["start_key"])
        for (notice_id,) in write.writer.rows(NOTICES, episode_id=row["id"]):
            owed = get(write.writer, notice, notice_id)
            if owed["told_at"] is None and owed["reason"] is None:
                write.change(notice, owed, reason="withdrawn", entered_at=write.now_ms)
        end_lending(write, matter_of(self.episode_id))
        write.change(missing_episode, row, withdrawn_at=write.now_ms)
        return self.episode_id


@dataclass(frozen=True)
class WriteLastSeen(Command):
    """Write down what is known of when they were last seen, in place of what was there."""

    action: ClassVar[str] = "missing.card"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING

    episode_id: str
    card: LastSeen

    def apply(self, write: Write) -> str:
        """Seal the card."""
        row = open_episode(write, self.episode_id)
        problems = [
            Problem(name, f"Use at most {LONGEST_ANSWER} characters.")
            for name, value in asdict(self.card).items()
            if isinstance(value, str) and len(value) > LONGEST_ANSWER
        ]
        problems += unknown(write, "missing-risks", "risks", self.card.risks)
        if problems:
            raise InvalidError(tuple(problems))
        place = card_place(self.episode_id)
        sealed = seal(write, self.episode_id, place, self.card.as_json(), LOCATION)
        write.change(missing_episode, row, card_sealed=sealed)
        return self.episode_id


@dataclass(frozen=True)
class AddMissingLine(Command):
    """A place looked at, or a try to reach them; `done_at` None means now."""

    action: ClassVar[str] = "missing.line"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING

    episode_id: str
    kind: str
    code: str
    result: str
    done_at: datetime | None = None
    note: str = ""

    def apply(self, write: Write) -> str:
        """Insert the line."""
        row = open_episode(write, self.episode_id)
        done_at = self.done_at or write.now
        self._check(write, done_at)
        public_id, note = write.new_public_id(), self.note.strip()
        place = f"missing_line:{public_id}:note"
        write.add(
            missing_line,
            public_id=public_id,
            episode_id=row["id"],
            kind=self.kind,
            code=self.code,
            result=self.result,
            done_at=milliseconds(done_at),
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
            note_sealed=seal(write, self.episode_id, place, note, LOCATION),
        )
        write.reason = self.kind
        write.undo = WithdrawMissingLine(public_id)
        return self.episode_id

    def _check(self, write: Write, done_at: datetime) -> None:
        if self.kind not in LINE_LISTS:
            refuse("kind", "This is a search or a try.")
        codes, results = LINE_LISTS[self.kind]
        problems = unknown(write, codes, "code", (self.code,))
        problems += unknown(write, results, "result", (self.result,))
        if done_at > write.now:
            problems.append(Problem("done_at", "This is still to come."))
        if len(self.note.strip()) > write.care_model.short_note_limit:
            limit = write.care_model.short_note_limit
            problems.append(Problem("note", f"Use at most {limit} characters."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class WithdrawMissingLine(Command):
    """Take a line back. It stays readable in the trail."""

    action: ClassVar[str] = "missing.line-withdrawn"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING

    line_id: str

    def apply(self, write: Write) -> str:
        """Mark the line withdrawn."""
        row = find(write.writer, missing_line, self.line_id)
        open_episode(write, get(write.writer, missing_episode, row["episode_id"])["public_id"])
        write.change(missing_line, row, withdrawn_at=write.now_ms)
        return self.line_id


# Shared by commands


def _not_before_stay(write: Write, stay: RowValues, discovered_at: datetime) -> None:
    if is_before(write, milliseconds(discovered_at), stay["began_at"]):
        refuse("discovered_at", "This is before the stay began.")

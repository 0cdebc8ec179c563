"""The way back: the return, the talk, the close. Every act of a time missing that ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds, moment
from shelter_desk.desk.lending import end_lending
from shelter_desk.desk.missing_rows import (
    NOTICES,
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
from shelter_desk.desk.rows import RowValues, get
from shelter_desk.desk.sealing import INVESTIGATION
from shelter_desk.desk.set_back import is_before, no_sooner
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.missing import HARD_EVENT, RETURN, RETURNED, START, duties_at_return
from shelter_desk.domain.missing_cards import ReturnTalk
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import missing_episode, notice
from shelter_desk.store.sql import Statement

_TOLD = Statement(
    select(notice.c.recipient)
    .where(
        notice.c.episode_id == bindparam("episode_id"),
        notice.c.stage == START,
        notice.c.told_at.is_not(None),
    )
    .order_by(notice.c.id)
)
_STILL_AWAY = Statement(
    select(missing_episode.c.id)
    .join(schema.stay, schema.stay.c.id == missing_episode.c.stay_id)
    .where(
        schema.stay.c.resident_id == bindparam("resident_id"),
        missing_episode.c.returned_at.is_(None),
        missing_episode.c.closed_at.is_(None),
        missing_episode.c.withdrawn_at.is_(None),
    )
    .order_by(missing_episode.c.id)
)
UNKNOWN_WAY = "unknown"
_UNANSWERED = Statement(
    select(func.count()).where(
        notice.c.episode_id == bindparam("episode_id"),
        notice.c.told_at.is_(None),
        notice.c.reason.is_(None),
    )
)
_TOLD_BACK = Statement(
    select(func.count()).where(
        notice.c.episode_id == bindparam("episode_id"),
        notice.c.stage == RETURN,
        or_(notice.c.told_at.is_not(None), notice.c.reason.is_not(None)),
    )
)


@dataclass(frozen=True)
class RecordReturn(Command):
    """They are back safe. The checks of a return open, and whoever was told is told again."""

    action: ClassVar[str] = "missing.return"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CARE | Area.DUE

    episode_id: str
    returned_at: datetime
    way: str

    def apply(self, write: Write) -> str:
        """Record the return and its events, and owe the notices of it."""
        row = open_episode(write, self.episode_id)
        if row["returned_at"] is not None:
            refuse("episode_id", "The return is recorded already.")
        self._check(write, row)
        at = no_sooner(write, milliseconds(self.returned_at), row["discovered_at"])
        refuse_between(write, row, row["discovered_at"], at, "returned_at")
        _came_back(write, row, row["stay_id"], at, self.way)
        write.undo = WithdrawReturn(self.episode_id)
        return self.episode_id

    def _check(self, write: Write, row: RowValues) -> None:
        problems = unknown(write, "return-ways", "way", (self.way,))
        if self.returned_at > write.now:
            problems.append(Problem("returned_at", "This is still to come."))
        if is_before(write, milliseconds(self.returned_at), row["discovered_at"]):
            problems.append(Problem("returned_at", "This is before they were found missing."))
        if problems:
            raise InvalidError(tuple(problems))


def found_again(write: Write, resident_id: int, stay_id: int, at: int) -> None:
    """Record that somebody who left while missing is back: they were admitted again.

    The checks of a return open in the new stay. How they came back was not asked.
    """
    for (episode_id,) in write.writer.rows(_STILL_AWAY, resident_id=resident_id):
        row = get(write.writer, missing_episode, episode_id)
        _came_back(write, row, stay_id, max(at, row["discovered_at"]), UNKNOWN_WAY)


def _came_back(write: Write, row: RowValues, stay_id: int, at: int, way: str) -> None:
    """Record a return: its events in a stay, and the notices that are owed of it."""
    keys = [happened(write, stay_id, code, at) for code in (RETURNED, HARD_EVENT)]
    told = [recipient for (recipient,) in write.writer.rows(_TOLD, episode_id=row["id"])]
    duties = duties_at_return(write.care_model.items, told)
    owe(write, row["id"], RETURN, duties, moment(at))
    write.change(missing_episode, row, returned_at=at, return_keys=" ".join(keys), return_way=way)


@dataclass(frozen=True)
class WithdrawReturn(Command):
    """They are not back after all: the search goes on, its clocks as they were."""

    action: ClassVar[str] = "missing.return-withdrawn"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.CARE | Area.DUE

    episode_id: str

    def apply(self, write: Write) -> str:
        """Take the return back, unless somebody was already told of it."""
        row = open_episode(write, self.episode_id)
        if row["returned_at"] is None:
            refuse("episode_id", "No return is recorded.")
        if write.writer.value(_TOLD_BACK, episode_id=row["id"]):
            refuse("episode_id", "Somebody was told that they are back. Start the clock again.")
        withdraw_events(write, row["return_keys"])
        for (notice_id,) in write.writer.rows(NOTICES, episode_id=row["id"]):
            owed = get(write.writer, notice, notice_id)
            if owed["stage"] == RETURN:
                # The stage is part of what makes a notice one of its kind: another return will
                # owe its own.
                stage = f"{RETURN}-withdrawn-{write.event_id}"
                write.change(notice, owed, stage=stage, reason="withdrawn")
        write.change(missing_episode, row, returned_at=None, return_keys=None, return_way=None)
        return self.episode_id


@dataclass(frozen=True)
class WriteReturnTalk(Command):
    """Keep what the resident chose in the return talk. There is no field for a story."""

    action: ClassVar[str] = "missing.talk"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING

    episode_id: str
    talk: ReturnTalk

    def apply(self, write: Write) -> str:
        """Seal the talk."""
        row = open_episode(write, self.episode_id)
        if row["returned_at"] is None:
            refuse("episode_id", "First record that they are back.")
        problems = unknown(write, "leaving-reasons", "reasons", self.talk.reasons)
        problems += unknown(write, "return-helps", "helps", self.talk.helps)
        if not self.talk.reasons:
            problems.append(Problem("reasons", "“Not asked” is an answer too."))
        if problems:
            raise InvalidError(tuple(problems))
        place = f"missing_episode:{self.episode_id}:talk"
        sealed = seal(write, self.episode_id, place, self.talk.as_json(), INVESTIGATION)
        write.change(missing_episode, row, talk_sealed=sealed, talk_at=write.now_ms)
        return self.episode_id


@dataclass(frozen=True)
class CloseMissing(Command):
    """Close an episode: they are back, or their stay has ended, and every clock has an answer."""

    action: ClassVar[str] = "missing.close"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.DUE

    episode_id: str

    def apply(self, write: Write) -> str:
        """Close it."""
        row = open_episode(write, self.episode_id)
        stay = get(write.writer, schema.stay, row["stay_id"])
        if row["returned_at"] is None and stay["ended_at"] is None:
            refuse("episode_id", "They are still missing: record the return, or end the stay.")
        if write.writer.value(_UNANSWERED, episode_id=row["id"]):
            refuse("episode_id", "Some notices have no answer yet: who was told, or why not.")
        if row["returned_at"] is not None and row["talk_at"] is None:
            refuse("episode_id", "The return talk has no answer yet; “not asked” is one.")
        end_lending(write, matter_of(self.episode_id))
        write.change(missing_episode, row, closed_at=write.now_ms)
        return self.episode_id

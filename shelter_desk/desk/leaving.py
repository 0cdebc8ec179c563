"""When a stay ends, and when what was written about its two ends was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.arriving import about_the_stay
from shelter_desk.desk.base import Area, Command, Write, milliseconds, moment
from shelter_desk.desk.bed_times import (
    FOR_EVER,
    give_bed,
    last_bed,
    taken_between,
)
from shelter_desk.desk.merge_rules import refuse_doubled, refuse_elsewhere
from shelter_desk.desk.missing_rows import lend_again
from shelter_desk.desk.rows import RowValues, get
from shelter_desk.desk.set_back import is_before, no_sooner
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import stay_bed
from shelter_desk.store.schema_missing import missing_episode
from shelter_desk.store.sql import Statement

_stay, _bed = schema.stay, schema.bed
_answer, _entry = schema.item_answer, schema.service_entry
_event, _phase, _need = schema.stay_event, schema.stay_phase, schema.service_need
_TOUCHES = Area.RESIDENTS | Area.DUE | Area.MISSING

_LAST_DONE = Statement(
    select(func.max(_answer.c.done_at)).where(
        _answer.c.stay_id == bindparam("stay_id"), _answer.c.undone_at.is_(None)
    )
)
_LAST_BED = Statement(
    select(func.max(stay_bed.c.since_at)).where(stay_bed.c.stay_id == bindparam("stay_id"))
)
_LAST_MISSING = Statement(
    select(func.max(func.coalesce(missing_episode.c.returned_at, missing_episode.c.discovered_at)))
    .where(missing_episode.c.stay_id == bindparam("stay_id"))
    .where(missing_episode.c.withdrawn_at.is_(None))
)
_CONTRADICTED_BY = (
    (_LAST_DONE, "Care was recorded after this moment."),
    (_LAST_BED, "They were given another bed after this moment."),
    (_LAST_MISSING, "They were missing, or came back, after this moment."),
)
_LAST_ABSENCE = Statement(
    select(missing_episode.c.id, missing_episode.c.closed_at, missing_episode.c.returned_at)
    .where(
        missing_episode.c.stay_id == bindparam("stay_id"),
        missing_episode.c.withdrawn_at.is_(None),
    )
    .order_by(missing_episode.c.discovered_at.desc(), missing_episode.c.id.desc())
    .limit(1)
)
_NEXT_STAY = Statement(
    select(func.min(_stay.c.began_at)).where(
        _stay.c.resident_id == bindparam("resident_id"),
        _stay.c.began_at >= bindparam("after"),
        _stay.c.id != bindparam("stay_id"),
    )
)


@dataclass(frozen=True)
class RecordExit(Command):
    """End a stay. Aftercare falls due from here; the bed is free again."""

    action: ClassVar[str] = "stay.exit"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = _TOUCHES

    stay_id: str
    left_at: datetime
    exit_type: str
    destination: str

    def apply(self, write: Write) -> str:
        """End the stay."""
        row = about_the_stay(write, self.stay_id)
        problems = _exit_problems(write, row, self)
        if row["ended_at"] is not None:
            problems.insert(0, Problem("left_at", "This stay has ended already."))
        if problems:
            raise InvalidError(tuple(problems))
        _end(write, row, self)
        write.undo = ReopenStay(self.stay_id)
        return self.stay_id


@dataclass(frozen=True)
class CorrectExit(Command):
    """They left at another time, in another way, or for another place than was written."""

    action: ClassVar[str] = "stay.correct-exit"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = _TOUCHES

    stay_id: str
    version: int
    left_at: datetime
    exit_type: str
    destination: str

    def apply(self, write: Write) -> str:
        """Change the end of the stay; nobody may be in two places, nor two in one bed."""
        row = about_the_stay(write, self.stay_id)
        row["version"] = self.version
        if row["ended_at"] is None:
            raise InvalidError((Problem("left_at", "This stay has not ended."),))
        refuse_doubled(write, row, "left_at")
        before = (moment(row["ended_at"]), row["exit_type"], row["exit_destination"])
        problems = _exit_problems(write, row, self)
        left_ms = _left_ms(write, row, self.left_at)
        problems = problems or _longer_problems(write, row, left_ms)
        if problems:
            raise InvalidError(tuple(problems))
        refuse_elsewhere(write, row, row["began_at"], left_ms, "left_at")
        _end(write, row, self)
        write.undo = CorrectExit(self.stay_id, row["version"], *before)
        return self.stay_id


@dataclass(frozen=True)
class ReopenStay(Command):
    """They did not leave after all. Their bed is theirs again, unless somebody has it now.

    Whoever was missing when the stay ended is missing again, on every page.
    """

    action: ClassVar[str] = "stay.reopen"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = _TOUCHES

    stay_id: str

    def apply(self, write: Write) -> str:
        """Take the end of the stay back."""
        row = about_the_stay(write, self.stay_id)
        ended = row["ended_at"]
        if ended is None:
            raise InvalidError((Problem("stay_id", "This stay has not ended."),))
        if _next_stay(write, row, row["began_at"]) is not None:
            words = "Another stay of theirs began after it. Correct the exit instead."
            raise InvalidError((Problem("stay_id", words),))
        refuse_doubled(write, row, "stay_id")
        refuse_elsewhere(write, row, row["began_at"], None, "stay_id")
        before = (moment(ended), row["exit_type"], row["exit_destination"])
        reopen(write, row)
        write.undo = RecordExit(self.stay_id, *before)
        return self.stay_id


# Shared by commands


def reopen(write: Write, row: RowValues) -> None:
    """Take the end of a stay back. Their bed is theirs again, unless somebody has it now."""
    ended = row["ended_at"]
    bed, _ = last_bed(write.writer, row["id"])
    is_taken = bed is not None and (
        taken_between(write.writer, bed, ended, FOR_EVER, but=row["id"])
        or not get(write.writer, _bed, bed)["is_active"]
    )
    if is_taken:
        give_bed(write, row["id"], None, ended)
        bed = None
    cleared: dict[str, Any] = {"exit_type": None, "exit_destination": None}
    write.change(_stay, row, ended_at=None, bed_id=bed, **cleared)
    last = write.writer.row(_LAST_ABSENCE, stay_id=row["id"])
    # An absence may be closed without a return only because the stay ended.
    if last is not None and last[1] is not None and last[2] is None:
        away = get(write.writer, missing_episode, last[0])
        write.change(missing_episode, away, closed_at=None)
        lend_again(write, away)
    refresh_stay(write, row["id"])


def _end(write: Write, row: RowValues, exit_: RecordExit | CorrectExit) -> None:
    write.change(
        _stay,
        row,
        ended_at=_left_ms(write, row, exit_.left_at),
        exit_type=exit_.exit_type,
        exit_destination=exit_.destination,
    )
    refresh_stay(write, row["id"])


def _exit_problems(write: Write, row: RowValues, exit_: RecordExit | CorrectExit) -> list[Problem]:
    problems, model = _moment_problems(write, row, exit_.left_at), write.care_model
    if exit_.exit_type not in {value.code for value in model.values("discharge-types")}:
        problems.append(Problem("exit_type", "Choose how the stay ended."))
    if exit_.destination not in {value.code for value in model.values("exit-destinations")}:
        problems.append(Problem("destination", "Choose where they went; unknown is an answer."))
    return problems


def _moment_problems(write: Write, row: RowValues, left_at: datetime) -> list[Problem]:
    if left_at > write.now:
        return [Problem("left_at", "This is still to come. Plan the exit instead.")]
    at = milliseconds(left_at)
    if is_before(write, at, row["began_at"]):
        return [Problem("left_at", "This is before the stay began.")]
    return [
        Problem("left_at", words)
        for last, words in _lasts(write, row)
        if is_before(write, at, last)
    ][:1]


def _lasts(write: Write, row: RowValues) -> Iterator[tuple[int, str]]:
    """Yield the newest moments in the stay, and what is said of an exit before them."""
    for statement, words in _CONTRADICTED_BY:
        last = write.writer.value(statement, stay_id=row["id"])
        # What is done after a stay is aftercare: only a stay that goes on is contradicted by it.
        is_aftercare = statement is _LAST_DONE and row["ended_at"] is not None
        if last is not None and not is_aftercare:
            yield last, words


def _left_ms(write: Write, row: RowValues, left_at: datetime) -> int:
    """Return when a stay ends, as stored: after what a clock that ran ahead left in it."""
    lasts = (last for last, _ in _lasts(write, row))
    return no_sooner(write, milliseconds(left_at), row["began_at"], *lasts)


def _longer_problems(write: Write, row: RowValues, at: int) -> list[Problem]:
    """Return what stands against a stay that lasted longer than was written."""
    following = _next_stay(write, row, row["ended_at"])
    if following is not None and following < at:
        return [Problem("left_at", "Their next stay began before this moment.")]
    bed, _ = last_bed(write.writer, row["id"])
    if bed is not None and taken_between(write.writer, bed, row["ended_at"], at, but=row["id"]):
        return [Problem("left_at", "Someone else slept in their bed before this moment.")]
    return []


def _next_stay(write: Write, row: RowValues, after: int) -> int | None:
    found: int | None = write.writer.value(
        _NEXT_STAY, resident_id=row["resident_id"], after=after, stay_id=row["id"]
    )
    return found

"""When it was wrong what was written about the beginning of a stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Table, bindparam, func, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds, moment
from shelter_desk.desk.bed_times import FOR_EVER, first_bed_row, taken_between
from shelter_desk.desk.merge_rules import refuse_doubled, refuse_elsewhere
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import appointment, stay_bed
from shelter_desk.store.schema_missing import missing_episode
from shelter_desk.store.sql import Statement

_stay = schema.stay
_answer, _entry = schema.item_answer, schema.service_entry
_event, _phase, _need = schema.stay_event, schema.stay_phase, schema.service_need

_STAY_BEFORE = Statement(
    select(func.max(func.coalesce(_stay.c.ended_at, FOR_EVER))).where(
        _stay.c.resident_id == bindparam("resident_id"),
        _stay.c.began_at <= bindparam("before"),
        _stay.c.id != bindparam("stay_id"),
    )
)


def _first(table: Table, at: Any, *valid: Any) -> Statement:  # noqa: ANN401 - SQL expressions
    """Return the statement of the first moment of a stay in a table, after its arrival."""
    chosen = select(func.min(at)).where(table.c.stay_id == bindparam("stay_id"))
    return Statement(chosen.where(at > bindparam("after"), *valid))


_FIRST_THINGS = (
    _first(_answer, _answer.c.done_at, _answer.c.undone_at.is_(None)),
    _first(_entry, _entry.c.given_at, _entry.c.withdrawn_at.is_(None)),
    _first(_event, _event.c.occurred_at, _event.c.withdrawn_at.is_(None)),
    _first(stay_bed, stay_bed.c.since_at),
    _first(appointment, appointment.c.starts_at),
    _first(
        missing_episode, missing_episode.c.discovered_at, missing_episode.c.withdrawn_at.is_(None)
    ),
)
_WITH_ARRIVAL: Mapping[str, tuple[Table, tuple[str, ...]]] = {
    "phases": (_phase, ("started_at",)),
    "needs": (_need, ("opened_at", "since")),
    "events": (_event, ("occurred_at",)),
}
_ROWS_OF = {
    name: Statement(select(table.c.id).where(table.c.stay_id == bindparam("stay_id")))
    for name, (table, _) in _WITH_ARRIVAL.items()
}


@dataclass(frozen=True)
class CorrectArrival(Command):
    """They arrived at another time than was written: the clocks of the first days follow."""

    action: ClassVar[str] = "stay.correct-arrival"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = Area.RESIDENTS | Area.DUE | Area.CARE

    stay_id: str
    version: int
    arrived_at: datetime

    def apply(self, write: Write) -> str:
        """Change the beginning of the stay, and whatever began with it."""
        row = about_the_stay(write, self.stay_id)
        row["version"] = self.version
        refuse_doubled(write, row, "arrived_at")
        before, at = row["began_at"], milliseconds(self.arrived_at)
        problems = self._problems(write, row, at)
        if problems:
            raise InvalidError(tuple(problems))
        if row["planned_exit_at"] is not None and row["planned_exit_at"] < at:
            raise InvalidError((Problem("arrived_at", "This is after the planned move."),))
        refuse_elsewhere(write, row, at, row["ended_at"], "arrived_at")
        write.change(_stay, row, began_at=at)
        slept = first_bed_row(write, row["id"])
        write.change(stay_bed, slept, since_at=at)
        _move_with_arrival(write, row["id"], before, at)
        refresh_stay(write, row["id"])
        write.undo = CorrectArrival(self.stay_id, row["version"], moment(before))
        return self.stay_id

    def _problems(self, write: Write, row: RowValues, at: int) -> list[Problem]:
        before = row["began_at"]
        if self.arrived_at > write.now:
            return [Problem("arrived_at", "This is still to come. Enter when they arrived.")]
        if row["ended_at"] is not None and at > row["ended_at"]:
            return [Problem("arrived_at", "This is after they left.")]
        ids = {"resident_id": row["resident_id"], "stay_id": row["id"]}
        ended = write.writer.value(_STAY_BEFORE, before=before, **ids)
        if ended is not None and ended > at:
            return [Problem("arrived_at", "Their last stay ended after this moment.")]
        bounds = {"stay_id": row["id"], "after": before}
        firsts = [write.writer.value(statement, **bounds) for statement in _FIRST_THINGS]
        if any(first is not None and first < at for first in firsts):
            return [Problem("arrived_at", "Something was recorded for them before this moment.")]
        bed = first_bed_row(write, row["id"])["bed_id"]
        if bed is not None and taken_between(write.writer, bed, at, before, but=row["id"]):
            return [Problem("arrived_at", "Someone else slept in their bed until later.")]
        return []


def about_the_stay(write: Write, stay_id: str) -> RowValues:
    """Return a stay, and say whom the event is about."""
    row = find(write.writer, _stay, stay_id)
    write.about(row["resident_id"])
    return row


def _move_with_arrival(write: Write, stay_id: int, before: int, at: int) -> None:
    for name, (table, columns) in _WITH_ARRIVAL.items():
        for (row_id,) in write.writer.rows(_ROWS_OF[name], stay_id=stay_id):
            row = get(write.writer, table, row_id)
            write.change(table, row, **{c: at for c in columns if row[c] == before})

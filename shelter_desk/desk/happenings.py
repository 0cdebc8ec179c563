"""Phases that begin and end, and events that start items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.merge_rules import also_written_as, stay_that_goes_on
from shelter_desk.desk.rows import find
from shelter_desk.desk.set_back import is_before
from shelter_desk.desk.starting import begin_event, is_owned, take_back_event
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.errors import InvalidError, NotPermittedError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_answer, _due, _need = schema.item_answer, schema.due_item, schema.service_need
_phase, _event, _stay = schema.stay_phase, schema.stay_event, schema.stay
_OPEN_PHASE = Statement(
    select(_phase).where(
        _phase.c.stay_id == bindparam("stay_id"),
        _phase.c.phase == bindparam("phase"),
        _phase.c.ended_at.is_(None),
    )
)


@dataclass(frozen=True)
class StartPhase(Command):
    """Open a phase. A phase is a view, not a gate: several may be open, and nothing is locked."""

    action: ClassVar[str] = "phase.start"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    stay_id: str
    phase: str

    def apply(self, write: Write) -> str:
        """Insert the phase unless it is open."""
        stay = stay_that_goes_on(write, self.stay_id)
        write.about(stay["resident_id"])
        if self.phase not in write.care_model.phases:
            raise InvalidError((Problem("phase", "Choose a phase of the care model."),))
        if write.writer.row(_OPEN_PHASE, stay_id=stay["id"], phase=self.phase) is None:
            write.add(_phase, stay_id=stay["id"], phase=self.phase, started_at=write.now_ms)
        refresh_stay(write, stay["id"])
        write.reason = self.phase
        write.undo = EndPhase(self.stay_id, self.phase)
        return self.stay_id


@dataclass(frozen=True)
class EndPhase(Command):
    """Close a phase that is open, in the second writing of the stay too."""

    action: ClassVar[str] = "phase.end"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    stay_id: str
    phase: str

    def apply(self, write: Write) -> str:
        """End the phase."""
        stay = stay_that_goes_on(write, self.stay_id)
        write.about(stay["resident_id"])
        stays = (stay["id"], *also_written_as(write.writer, stay["id"]))
        found = [write.writer.row(_OPEN_PHASE, stay_id=one, phase=self.phase) for one in stays]
        rows = [row for row in found if row is not None]
        if not rows:
            raise InvalidError((Problem("phase", "This phase is not open."),))
        for row in rows:
            known = dict(zip(_phase.c.keys(), row, strict=True))
            write.change(_phase, known, ended_at=write.now_ms)
        refresh_stay(write, stay["id"])
        write.reason = self.phase
        return self.stay_id


@dataclass(frozen=True)
class RecordEvent(Command):
    """Record that something happened that starts items: a return, a court date, a threat ..."""

    action: ClassVar[str] = "stay.event"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    stay_id: str | None
    code: str
    occurred_at: datetime

    def apply(self, write: Write) -> str:
        """Insert the event and what it starts. A court date may lie ahead, a threat may not."""
        stay = None if self.stay_id is None else stay_that_goes_on(write, self.stay_id)
        if stay is not None:
            write.about(stay["resident_id"])
        self._check(write, None if stay is None else int(stay["began_at"]))
        stay_id = None if stay is None else int(stay["id"])
        public_id = begin_event(write, stay_id, self.code, milliseconds(self.occurred_at))
        write.reason = self.code
        write.undo = WithdrawEvent(public_id)
        return self.stay_id or ""

    def _check(self, write: Write, began_at: int | None) -> None:
        trigger = write.care_model.triggers.get(self.code)
        if trigger is None:
            raise InvalidError((Problem("code", "Choose what happened from the list."),))
        if self.occurred_at > write.now and not trigger.ahead:
            raise InvalidError((Problem("occurred_at", "This is still to come."),))
        at = milliseconds(self.occurred_at)
        if began_at is not None and is_before(write, at, began_at):
            raise InvalidError((Problem("occurred_at", "This is before the stay began."),))


@dataclass(frozen=True)
class WithdrawEvent(Command):
    """Take back an event that did not happen. What it started is no longer due."""

    action: ClassVar[str] = "stay.event-withdrawn"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    event_id: str

    def apply(self, write: Write) -> str:
        """Mark the event withdrawn."""
        row = find(write.writer, _event, self.event_id)
        if not write.access.may_open_trigger(row["code"]):
            raise NotPermittedError
        about_stay(write, row["stay_id"])
        if row["withdrawn_at"] is not None:
            raise InvalidError((Problem("event_id", "This was taken back already."),))
        if is_owned(write, row["stay_id"], self.event_id):
            words = "It belongs to an appointment, an absence or an incident: take it back there."
            raise InvalidError((Problem("event_id", words),))
        take_back_event(write, row)
        return self.event_id


_RESIDENT_OF = Statement(select(_stay.c.resident_id).where(_stay.c.id == bindparam("stay_id")))


def about_stay(write: Write, stay_id: int | None) -> None:
    """Say which resident an event is about, by the key of their stay; None is the house."""
    if stay_id is not None:
        write.about(int(write.writer.value(_RESIDENT_OF, stay_id=stay_id)))

"""Incidents, as acts: begun at discovery, who had a part, what follows. See `incident_report`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.findable import PART, STEP, NotePlace, index_note
from shelter_desk.desk.incident_report import (
    file_if_whole,
    open_incident,
    refuse_closed,
)
from shelter_desk.desk.incident_words import (
    matter_of,
    new_incident_keys,
    sealed_words,
    step_place,
)
from shelter_desk.desk.lending import end_lending, lend
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.missing_rows import happened, refuse, unknown
from shelter_desk.desk.notices import WITHDRAWN
from shelter_desk.desk.rows import find, get, key_of
from shelter_desk.desk.sealing import INVESTIGATION
from shelter_desk.desk.starting import take_back_event
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.incidents import (
    INCIDENT,
    events_of,
    incident_duties,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import (
    incident,
    incident_person,
    incident_step,
    missing_episode,
    notice,
)
from shelter_desk.store.sql import Statement

_stay = schema.stay
_NOTICES = Statement(select(notice.c.id).where(notice.c.incident_id == bindparam("incident_id")))


@dataclass(frozen=True)
class StartIncident(Command):
    """Something happened that must be reported. The clocks run from when staff learned of it.

    Args:
        types: codes of incident-types.
        residents: stays of the residents who were part of it, in any number.
        episode_id: the absence it belongs to, whose notices are told there.
    """

    action: ClassVar[str] = "incident.start"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS | Area.CARE | Area.DUE

    types: tuple[str, ...]
    occurred_at: datetime
    found_at: datetime
    place: str
    residents: tuple[str, ...] = ()
    episode_id: str | None = None

    def apply(self, write: Write) -> str:
        """Insert the incident, its residents, its events and the notices that are owed."""
        self._check(write)
        found = (stay_that_goes_on(write, stay_id) for stay_id in self.residents)
        stays = list({stay["id"]: stay for stay in found}.values())
        if len(stays) == 1:
            write.about(stays[0]["resident_id"])
        public_id, at = write.new_public_id(), milliseconds(self.occurred_at)
        keys = [
            happened(write, stay["id"], code, at)
            for place, stay in enumerate(stays)
            for code in (*((INCIDENT,) if place == 0 else ()), *events_of(self.types))
        ]
        row_id = write.add(
            incident,
            public_id=public_id,
            types=" ".join(self.types),
            occurred_at=at,
            found_at=milliseconds(self.found_at),
            place=self.place,
            episode_id=self._episode(write),
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
            start_keys=" ".join(keys),
        )
        new_incident_keys(write, row_id, public_id)
        for stay in stays:
            write.add(incident_person, incident_id=row_id, stay_id=stay["id"], part="involved")
        self._owe(write, row_id)
        write.reason = ":".join(self.types)
        write.undo = WithdrawIncident(public_id)
        return public_id

    def _episode(self, write: Write) -> int | None:
        if self.episode_id is None:
            return None
        return key_of(write.writer, missing_episode, self.episode_id)

    def _owe(self, write: Write, row_id: int) -> None:
        duties = incident_duties(
            self.types,
            write.care_model,
            has_resident=bool(self.residents),
            is_told_apart=self.episode_id is not None,
        )
        for duty in duties:
            due_at = milliseconds(duty.due_at(self.found_at, write.house.zone))
            write.add(
                notice,
                incident_id=row_id,
                stage=INCIDENT,
                recipient=duty.recipient,
                due_at=due_at,
            )

    def _check(self, write: Write) -> None:
        problems = unknown(write, "incident-types", "types", self.types)
        problems += unknown(write, "incident-places", "place", (self.place,))
        if not self.types:
            problems.append(Problem("types", "Choose what it was."))
        if self.occurred_at > self.found_at:
            problems.append(Problem("occurred_at", "This is after you learned of it."))
        if self.found_at > write.now:
            problems.append(Problem("found_at", "This is still to come."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class WithdrawIncident(Command):
    """It was no incident: what it owed and started is no longer due. It stays readable."""

    action: ClassVar[str] = "incident.withdraw"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS | Area.CARE | Area.DUE

    incident_id: str

    def apply(self, write: Write) -> str:
        """Withdraw it, unless it was reported already."""
        row = open_incident(write, self.incident_id)
        if row["filed_at"] is not None:
            refuse("incident_id", "The report is written. A director closes it.")
        for key in row["start_keys"].split():
            event = find(write.writer, schema.stay_event, key)
            take_back_event(write, event)
        for (notice_id,) in write.writer.rows(_NOTICES, incident_id=row["id"]):
            owed = get(write.writer, notice, notice_id)
            if owed["told_at"] is None and owed["reason"] is None:
                write.change(notice, owed, reason=WITHDRAWN, entered_at=write.now_ms)
        end_lending(write, matter_of(row["public_id"]))
        write.change(incident, row, withdrawn_at=write.now_ms)
        return self.incident_id


@dataclass(frozen=True)
class AddPerson(Command):
    """Somebody had a part: a resident (a stay), a colleague, or an outside person by role."""

    action: ClassVar[str] = "incident.person"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS

    incident_id: str
    part: str
    stay_id: str | None = None
    staff_id: str | None = None
    role: str | None = None
    note: str = ""

    def apply(self, write: Write) -> str:
        """Insert the person."""
        row = open_incident(write, self.incident_id)
        stay = None if self.stay_id is None else stay_that_goes_on(write, self.stay_id)
        staff = None if self.staff_id is None else find(write.writer, schema.staff, self.staff_id)
        self._check(write)
        public_id, sealed = write.new_public_id(), None
        if stay is not None:
            write.about(stay["resident_id"])
            if self.note.strip():
                place = f"incident_person:{public_id}:note"
                note = self.note.strip()
                lend(write, place, note, (None, row["staff_id"]), matter_of(row["public_id"]))
                sealed = write.seal(place, note, INVESTIGATION)
        write.add(
            incident_person,
            public_id=public_id,
            incident_id=row["id"],
            stay_id=None if stay is None else stay["id"],
            staff_id=None if staff is None else staff["id"],
            role=self.role,
            part=self.part,
            note_sealed=sealed,
        )
        if stay is not None:
            part = NotePlace(PART, row["public_id"], public_id, stay["id"])
            index_note(write, part, self.note, INVESTIGATION)
        file_if_whole(write, row)
        write.undo = RemovePerson(public_id)
        return self.incident_id

    def _check(self, write: Write) -> None:
        problems = unknown(write, "incident-parts", "part", (self.part,))
        if self.role is not None:
            problems += unknown(write, "incident-people", "who", (self.role,))
        if sum(who is not None for who in (self.stay_id, self.staff_id, self.role)) != 1:
            problems.append(Problem("who", "Choose who it was."))
        if self.note.strip() and self.stay_id is None:
            problems.append(Problem("note", "A note is kept for residents only."))
        if len(self.note.strip()) > write.care_model.short_note_limit:
            limit = write.care_model.short_note_limit
            problems.append(Problem("note", f"Use at most {limit} characters."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class RemovePerson(Command):
    """They had no part in it. What was written stays in the trail."""

    action: ClassVar[str] = "incident.person-withdrawn"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS

    person_id: str

    def apply(self, write: Write) -> str:
        """Mark the person withdrawn."""
        row = find(write.writer, incident_person, self.person_id)
        refuse_closed(write, row["incident_id"])
        write.change(incident_person, row, withdrawn_at=write.now_ms)
        return self.person_id


@dataclass(frozen=True)
class AddStep(Command):
    """Something must follow, by a day: what to do, in one short line without names."""

    action: ClassVar[str] = "incident.step"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS

    incident_id: str
    text: str
    due_on: date

    def apply(self, write: Write) -> str:
        """Insert the step."""
        row, text = open_incident(write, self.incident_id), self.text.strip()
        limit = write.care_model.short_note_limit
        if not 0 < len(text) <= limit:
            refuse("text", f"Write 1 to {limit} characters.")
        public_id = write.new_public_id()
        write.add(
            incident_step,
            public_id=public_id,
            incident_id=row["id"],
            text_sealed=sealed_words(write, row, step_place(public_id), text),
            due_on=self.due_on.isoformat(),
        )
        index_note(write, NotePlace(STEP, row["public_id"], public_id), text, INVESTIGATION)
        return self.incident_id


@dataclass(frozen=True)
class StepDone(Command):
    """A step was done."""

    action: ClassVar[str] = "incident.step-done"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.INCIDENTS

    step_id: str

    def apply(self, write: Write) -> str:
        """Note who did it and when."""
        row = find(write.writer, incident_step, self.step_id)
        refuse_closed(write, row["incident_id"])
        if row["done_at"] is not None:
            refuse("step_id", "This was done already.")
        write.change(incident_step, row, done_at=write.now_ms, done_by=write.who.staff.id)
        return self.step_id

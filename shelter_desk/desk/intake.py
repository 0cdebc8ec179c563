"""Intake: admit a resident, and correct or complete what was written then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.bed_times import free_bed, give_bed
from shelter_desk.desk.due_facts import SOMEONE_ADMITTED
from shelter_desk.desk.fact_links import make_link
from shelter_desk.desk.findable import index_identity
from shelter_desk.desk.merge_rules import elsewhere, refuse_joined
from shelter_desk.desk.missing_return import found_again
from shelter_desk.desk.persons import check_person, index_person
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.desk.sealing import GENERAL, IDENTITY, resident_place
from shelter_desk.desk.set_back import is_before, no_sooner
from shelter_desk.desk.upkeep import refresh_started, refresh_stay
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.people import (
    case_code,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.keys.compartments import Compartment
from shelter_desk.store.sql import Statement

_resident, _stay, _index = schema.resident, schema.stay, schema.resident_index
_bed, _due = schema.bed, schema.due_item

IMMEDIATE = "immediate"
_SEARCH_LIMIT = 20

# Who came after that arrival found it there. One still to come was written on a clock that ran
# ahead: they are here.
_OTHER_OPEN_STAYS = Statement(
    select(_stay.c.id).where(
        _stay.c.ended_at.is_(None),
        _stay.c.id != bindparam("stay_id"),
        or_(_stay.c.began_at <= bindparam("at"), _stay.c.began_at > bindparam("now")),
    )
)
_CODE_TAKEN = Statement(select(_resident.c.id).where(_resident.c.case_code == bindparam("code")))
_OPEN_STAY_OF = Statement(
    select(_stay.c.id).where(
        _stay.c.resident_id == bindparam("resident_id"), _stay.c.ended_at.is_(None)
    )
)
_LATEST_END = Statement(
    select(func.max(_stay.c.ended_at)).where(_stay.c.resident_id == bindparam("resident_id"))
)
_INDEX_OF = Statement(
    select(_index.c.born_on, _index.c.born_is_guess).where(
        _index.c.resident_id == bindparam("resident_id")
    )
)


@dataclass(frozen=True)
class Admit(Command):
    """Intake: record a resident and open their stay.

    Only `called` and `arrived_at` are required. `events` are codes of what staff noticed at the
    door (lists/item_triggers.toml); each opens its items with their clocks.
    """

    action: ClassVar[str] = "resident.admit"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = Area.RESIDENTS | Area.DUE | Area.CARE | Area.MISSING

    called: str
    arrived_at: datetime
    bed_id: str | None = None
    age_guess: int | None = None
    born_on: date | None = None
    brought_by: str | None = None
    pronouns: str = ""
    language: str = ""
    good_to_know: str = ""
    legal_name: str = ""
    events: tuple[str, ...] = ()
    resident_id: str | None = None

    def apply(self, write: Write) -> str:
        """Insert the resident (unless they are known), the stay, and what is needed from now."""
        self._check(write)
        resident_id, arrived = self._resident(write)
        write.about(resident_id)
        public_id, bed = write.new_public_id(), self._bed(write, arrived)
        stay_id = write.add(
            _stay,
            public_id=public_id,
            resident_id=resident_id,
            bed_id=bed,
            began_at=arrived,
            brought_by=self.brought_by or None,
        )
        give_bed(write, stay_id, bed, arrived)
        self._open_care(write, stay_id, arrived)
        found_again(write, resident_id, stay_id, arrived)
        refresh_stay(write, stay_id)
        _tell_the_house(write, stay_id, arrived)
        return public_id

    def _check(self, write: Write) -> None:
        problems = check_person(self.called, self.age_guess, self.born_on, write.today)
        if self.arrived_at > write.now:
            problems.append(
                Problem("arrived_at", "This is still to come. Enter when they arrived.")
            )
        known = {value.code for value in write.care_model.values("referral-source")}
        if self.brought_by and self.brought_by not in known:
            problems.append(Problem("brought_by", "Choose who brought them from the list."))
        problems += [
            Problem("events", "Choose what you noticed from the list.")
            for code in self.events
            if code not in write.care_model.triggers
        ]
        if problems:
            raise InvalidError(tuple(problems))

    def _resident(self, write: Write) -> tuple[int, int]:
        """Return the key of the resident and when the stay begins, after any other of theirs."""
        arrived = milliseconds(self.arrived_at)
        if self.resident_id is None:
            return self._new_resident(write), arrived
        resident = find(write.writer, _resident, self.resident_id)
        if write.writer.value(_OPEN_STAY_OF, resident_id=resident["id"]) is not None:
            raise InvalidError((Problem("called", "This resident is here already."),))
        refuse_joined(write, resident["id"], "called")
        left = write.writer.value(_LATEST_END, resident_id=resident["id"])
        if left is not None and is_before(write, arrived, left):
            raise InvalidError(
                (Problem("arrived_at", "Their last stay ended after this moment."),)
            )
        arrived = no_sooner(write, arrived, left)
        if elsewhere(write, resident["id"], arrived, None):
            words = "The record that is joined with theirs says they were here at that time."
            raise InvalidError((Problem("arrived_at", words),))
        return int(resident["id"]), arrived

    def _new_resident(self, write: Write) -> int:
        public_id = write.new_public_id()
        resident_id = int(write.writer.value(_NEXT_RESIDENT) or 1)
        write.sealer.new_pairs(write.writer, resident_id, public_id, write.keep_pair)
        sealed = self._sealed(write, resident_id, public_id)
        write.add(
            _resident,
            id=resident_id,
            public_id=public_id,
            case_code=_free_case_code(write),
            **sealed,
        )
        make_link(write, resident_id)
        index_person(write, resident_id, self.called, self.born_on, self.age_guess)
        if self.legal_name.strip():
            index_identity(write, resident_id, self.legal_name)
        return resident_id

    def _sealed(self, write: Write, resident_id: int, public_id: str) -> dict[str, bytes]:
        general = {
            "called": self.called.strip(),
            "pronouns": self.pronouns.strip(),
            "language": self.language.strip(),
            "good_to_know": self.good_to_know.strip(),
        }
        identity = {
            "legal_name": self.legal_name.strip(),
            "born_on": self.born_on.isoformat() if self.born_on else "",
        }
        fields = [(name, text, GENERAL) for name, text in general.items()]
        fields += [(name, text, IDENTITY) for name, text in identity.items()]
        return {
            f"{name}_sealed": write.seal(
                resident_place(public_id, name), text, compartment, resident_id
            )
            for name, text, compartment in fields
            if text
        }

    def _bed(self, write: Write, arrived: int) -> int | None:
        return None if self.bed_id is None else free_bed(write, self.bed_id, since=arrived)

    def _open_care(self, write: Write, stay_id: int, arrived: int) -> None:
        write.add(schema.stay_phase, stay_id=stay_id, phase=IMMEDIATE, started_at=arrived)
        for service in write.care_model.services.values():
            if service.default_need == "needed":
                write.add(
                    schema.service_need,
                    stay_id=stay_id,
                    service_id=service.id,
                    status="needed",
                    opened_at=arrived,
                    since=arrived,
                )
        for code in self.events:
            event = {"code": code, "occurred_at": arrived, "known_at": write.now_ms}
            write.add(schema.stay_event, stay_id=stay_id, **event)


_NEXT_RESIDENT = Statement(select(func.coalesce(func.max(_resident.c.id), 0) + 1))


@dataclass(frozen=True)
class Correct(Command):
    """Correct or complete what was written at intake. The audit detail keeps the former values."""

    action: ClassVar[str] = "resident.correct"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = Area.RESIDENTS | Area.DUE

    resident_id: str
    version: int
    called: str
    pronouns: str = ""
    language: str = ""
    good_to_know: str = ""
    age_guess: int | None = None
    legal_name: str | None = None
    born_on: date | None = None
    also_known: str = ""

    def apply(self, write: Write) -> str:
        """Change the fields. `legal_name` None leaves the identity part as it is."""
        problems = check_person(self.called, self.age_guess, self.born_on, write.today)
        if problems:
            raise InvalidError(tuple(problems))
        row = find(write.writer, _resident, self.resident_id)
        write.about(row["id"])
        row["version"] = self.version
        general = {
            "called": self.called,
            "pronouns": self.pronouns,
            "language": self.language,
            "good_to_know": self.good_to_know,
        }
        values = {
            f"{name}_sealed": self._seal(write, row, name, text, GENERAL)
            for name, text in general.items()
        }
        if self.legal_name is not None:
            write.staff_may_open("identity")
            born = self.born_on.isoformat() if self.born_on else ""
            values["legal_name_sealed"] = self._seal(
                write, row, "legal_name", self.legal_name, IDENTITY
            )
            values["born_on_sealed"] = self._seal(write, row, "born_on", born, IDENTITY)
            values["also_known_sealed"] = self._seal(
                write, row, "also_known", self.also_known, IDENTITY
            )
            index_identity(write, row["id"], self.legal_name, self.also_known)
        write.change(_resident, row, **values)
        self._index(write, row)
        return self.resident_id

    def _index(self, write: Write, row: RowValues) -> None:
        born, guess = write.writer.row(_INDEX_OF, resident_id=row["id"]) or (None, 0)
        age, told = self.age_guess, self.born_on
        if age is None and told is None and born is not None:
            told = date.fromisoformat(born)
        index_person(write, row["id"], self.called, told, age, keep_guess=bool(guess))

    @staticmethod
    def _seal(
        write: Write, row: RowValues, name: str, text: str, compartment: Compartment
    ) -> bytes | None:
        if not text.strip():
            return None
        place = resident_place(row["public_id"], name)
        return write.seal(place, text.strip(), compartment, row["id"])


# Shared by commands


def _free_case_code(write: Write) -> str:
    while True:
        code = case_code(int.from_bytes(write.who.entropy(4), "big") % 23_000)
        if write.writer.value(_CODE_TAKEN, code=code) is None:
            return code


def _tell_the_house(write: Write, stay_id: int, at: int) -> None:
    """An arrival starts items for everybody else in the house."""
    event = {"code": SOMEONE_ADMITTED, "occurred_at": at, "known_at": write.now_ms}
    here = {"stay_id": stay_id, "at": at, "now": write.now_ms}
    for (other,) in write.writer.rows(_OTHER_OPEN_STAYS, **here):
        write.add(schema.stay_event, stay_id=other, **event)
        refresh_started(write, other, SOMEONE_ADMITTED)

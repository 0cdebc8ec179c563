"""Residents and their stays: who is here, who arrives, who leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import (
    Area,
    Command,
    Read,
    RowValues,
    Write,
    asks,
    find,
    get,
    milliseconds,
    moment,
    moment_or_none,
)
from shelter_desk.desk.sealing import GENERAL, IDENTITY
from shelter_desk.desk.upkeep import refresh_started, refresh_stay
from shelter_desk.domain.ages import age_on
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.people import (
    NAME_LIMIT,
    OLDEST,
    YOUNGEST,
    case_code,
    folded,
    guessed_birthday,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.keys.fields import Compartment
from shelter_desk.store.sql import Statement, insert_into

_resident, _stay, _index = schema.resident, schema.stay, schema.resident_index
_bed, _due = schema.bed, schema.due_item

IMMEDIATE = "immediate"
SOMEONE_ADMITTED = "resident-admitted"
_SEARCH_LIMIT = 20

# Questions


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One resident in the house. `born_is_guess` tells an age guess from a birth date."""

    resident_id: str
    stay_id: str
    called: str
    case_code: str
    began_at: datetime
    bed: str
    age: int | None
    born_is_guess: bool
    overdue: int
    open_items: int


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One resident found by name or case code. `stay_id` is the newest stay."""

    resident_id: str
    stay_id: str
    called: str
    case_code: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class ResidentRecord:
    """What the head of a resident's page shows, and the answers given at intake.

    `legal_name` and `born_on` are None where the identity part is closed to the person asking.
    """

    resident_id: str
    stay_id: str
    version: int
    stay_version: int
    called: str
    case_code: str
    pronouns: str
    language: str
    good_to_know: str
    legal_name: str | None
    born_on: date | None
    age: int | None
    born_is_guess: bool
    bed: str
    bed_id: str | None
    began_at: datetime
    ended_at: datetime | None
    planned_exit_at: datetime | None
    brought_by: str | None
    exit_type: str | None
    exit_destination: str | None


_ROSTER = Statement(
    select(
        _resident.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _stay.c.began_at,
        _bed.c.name,
        _index.c.born_on,
        _index.c.born_is_guess,
        select(func.count())
        .where(_due.c.stay_id == _stay.c.id, _due.c.due_at < bindparam("now_ms"))
        .scalar_subquery(),
        select(func.count()).where(_due.c.stay_id == _stay.c.id).scalar_subquery(),
    )
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id)
    .join(_bed, _bed.c.id == _stay.c.bed_id, isouter=True)
    .where(_stay.c.ended_at.is_(None))
    .order_by(_index.c.folded)
)
_any_stay = _stay.alias("any_stay")
_NEWEST_STAY = (
    select(func.max(_any_stay.c.id))
    .where(_any_stay.c.resident_id == _index.c.resident_id)
    .correlate(_index)
    .scalar_subquery()
)
_FOUND_COLUMNS = (
    select(
        _resident.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _stay.c.ended_at,
    )
    .join(_resident, _resident.c.id == _index.c.resident_id)
    .join(_stay, _stay.c.id == _NEWEST_STAY)
)
_BY_NAME = Statement(
    _FOUND_COLUMNS.where(_index.c.folded >= bindparam("low"), _index.c.folded < bindparam("high"))
    .order_by(_index.c.folded)
    .limit(_SEARCH_LIMIT)
)
_BY_CODE = Statement(_FOUND_COLUMNS.where(_resident.c.case_code == bindparam("code")))
_INDEX_OF = Statement(
    select(_index.c.born_on, _index.c.born_is_guess).where(
        _index.c.resident_id == bindparam("resident_id")
    )
)


@asks(May.READ_RECORDS)
def roster(read: Read, *, now: datetime) -> tuple[RosterLine, ...]:
    """Return everyone in the house, by the name they like to be called."""
    today = now.astimezone(read.house.zone).date()
    return tuple(
        RosterLine(
            resident_id=resident_id,
            stay_id=stay_id,
            called=called,
            case_code=code,
            began_at=moment(began),
            bed=bed or "",
            age=None if born is None else age_on(today, born_on=date.fromisoformat(born)),
            born_is_guess=bool(guess),
            overdue=overdue,
            open_items=open_items,
        )
        for resident_id, stay_id, called, code, began, bed, born, guess, overdue, open_items in (
            read.reader.rows(_ROSTER, now_ms=milliseconds(now))
        )
    )


@asks(May.READ_RECORDS)
def search(read: Read, *, text: str) -> tuple[FoundLine, ...]:
    """Return residents whose name begins with `text` (case and accents ignored) or by case code.

    At most 20, by name; an empty text finds nobody.
    """
    low = folded(text)
    if not low:
        return ()
    rows = read.reader.rows(_BY_CODE, code=text.strip().upper())
    rows += read.reader.rows(_BY_NAME, low=low, high=low + "\U0010ffff")
    return tuple(
        FoundLine(resident_id, stay_id, called, code, is_here=ended is None)
        for resident_id, stay_id, called, code, ended in rows
    )


@asks(May.READ_RECORDS)
def record(read: Read, *, stay_id: str, now: datetime) -> ResidentRecord:
    """Return one resident's record for the page of one stay.

    Raises:
        NotFoundError: when there is no such stay.
    """
    stay = find(read.reader, _stay, stay_id)
    resident = get(read.reader, _resident, stay["resident_id"])
    born, guess = read.reader.row(_INDEX_OF, resident_id=resident["id"]) or (None, 0)
    bed = get(read.reader, _bed, stay["bed_id"]) if stay["bed_id"] is not None else None
    identity = _identity(read, resident)
    day = (moment_or_none(stay["ended_at"]) or now).astimezone(read.house.zone).date()
    return ResidentRecord(
        resident_id=resident["public_id"],
        stay_id=stay_id,
        version=resident["version"],
        stay_version=stay["version"],
        called=_open(read, resident, "called"),
        case_code=resident["case_code"],
        pronouns=_open(read, resident, "pronouns"),
        language=_open(read, resident, "language"),
        good_to_know=_open(read, resident, "good_to_know"),
        legal_name=identity[0],
        born_on=identity[1],
        age=None if born is None else age_on(day, born_on=date.fromisoformat(born)),
        born_is_guess=bool(guess),
        bed=bed["name"] if bed else "",
        bed_id=bed["public_id"] if bed else None,
        began_at=moment(stay["began_at"]),
        ended_at=moment_or_none(stay["ended_at"]),
        planned_exit_at=moment_or_none(stay["planned_exit_at"]),
        brought_by=stay["brought_by"],
        exit_type=stay["exit_type"],
        exit_destination=stay["exit_destination"],
    )


def _open(read: Read, resident: RowValues, field: str, compartment: Compartment = GENERAL) -> str:
    return read.sealer.open(
        read.reader,
        resident["id"],
        _place(resident["public_id"], field),
        resident[f"{field}_sealed"],
        compartment,
    )


def _identity(read: Read, resident: RowValues) -> tuple[str | None, date | None]:
    readers = read.care_model.record_classes["identity"].readers
    allowed = bool(set(readers) & set(read.staff.roles))
    if not (allowed and read.sealer.may_open(IDENTITY)):
        return None, None
    born = _open(read, resident, "born_on", IDENTITY)
    return (
        _open(read, resident, "legal_name", IDENTITY),
        date.fromisoformat(born) if born else None,
    )


def _place(public_id: str, field: str) -> str:
    return f"resident:{public_id}:{field}"


# Commands

_ADD_INDEX = insert_into(_index, ("resident_id", "called", "folded", "born_on", "born_is_guess"))
_OTHER_OPEN_STAYS = Statement(
    select(_stay.c.id).where(_stay.c.ended_at.is_(None), _stay.c.id != bindparam("stay_id"))
)
_CODE_TAKEN = Statement(select(_resident.c.id).where(_resident.c.case_code == bindparam("code")))
_BED_TAKEN = Statement(
    select(_stay.c.id).where(_stay.c.bed_id == bindparam("bed_id"), _stay.c.ended_at.is_(None))
)
_OPEN_STAY_OF = Statement(
    select(_stay.c.id).where(
        _stay.c.resident_id == bindparam("resident_id"), _stay.c.ended_at.is_(None)
    )
)
_LATEST_END = Statement(
    select(func.max(_stay.c.ended_at)).where(_stay.c.resident_id == bindparam("resident_id"))
)
_DROP_INDEX = Statement(_index.delete().where(_index.c.resident_id == bindparam("resident_id")))
_LAST_DONE = Statement(
    select(func.max(schema.item_answer.c.done_at)).where(
        schema.item_answer.c.stay_id == bindparam("stay_id"),
        schema.item_answer.c.undone_at.is_(None),
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
    touches: ClassVar[Area] = Area.RESIDENTS | Area.DUE | Area.CARE

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
        resident_id = self._resident(write)
        write.about(resident_id)
        public_id = write.new_public_id()
        stay_id = write.add(
            _stay,
            public_id=public_id,
            resident_id=resident_id,
            bed_id=self._bed(write),
            began_at=milliseconds(self.arrived_at),
            brought_by=self.brought_by or None,
        )
        self._open_care(write, stay_id)
        refresh_stay(write, stay_id)
        _tell_the_house(write, stay_id, milliseconds(self.arrived_at))
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

    def _resident(self, write: Write) -> int:
        if self.resident_id is None:
            return self._new_resident(write)
        resident = find(write.writer, _resident, self.resident_id)
        if write.writer.value(_OPEN_STAY_OF, resident_id=resident["id"]) is not None:
            raise InvalidError((Problem("called", "This resident is here already."),))
        left = write.writer.value(_LATEST_END, resident_id=resident["id"])
        if left is not None and left > milliseconds(self.arrived_at):
            raise InvalidError(
                (Problem("arrived_at", "Their last stay ended after this moment."),)
            )
        return int(resident["id"])

    def _new_resident(self, write: Write) -> int:
        public_id = write.new_public_id()
        resident_id = int(write.writer.value(_NEXT_RESIDENT) or 1)
        wrapped = write.sealer.new_keys(resident_id, public_id)
        sealed = self._sealed(write, resident_id, public_id)
        write.add(
            _resident,
            id=resident_id,
            public_id=public_id,
            case_code=_free_case_code(write),
            **sealed,
        )
        for compartment, key in wrapped.items():
            write.add(
                schema.resident_key, resident_id=resident_id, compartment=compartment, sealed=key
            )
        index_person(write, resident_id, self.called, self.born_on, self.age_guess)
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
            f"{name}_sealed": write.sealer.seal(
                write.writer, resident_id, _place(public_id, name), text, compartment
            )
            for name, text, compartment in fields
            if text
        }

    def _bed(self, write: Write) -> int | None:
        return None if self.bed_id is None else free_bed(write, self.bed_id)

    def _open_care(self, write: Write, stay_id: int) -> None:
        arrived = milliseconds(self.arrived_at)
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
            write.add(schema.stay_event, stay_id=stay_id, code=code, occurred_at=arrived)


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
        place = _place(row["public_id"], name)
        return write.sealer.seal(write.writer, row["id"], place, text.strip(), compartment)


@dataclass(frozen=True)
class MoveBed(Command):
    """Give a resident another bed, or none."""

    action: ClassVar[str] = "stay.bed"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.RESIDENTS

    stay_id: str
    bed_id: str | None

    def apply(self, write: Write) -> str:
        """Change the bed."""
        row = find(write.writer, _stay, self.stay_id)
        write.about(row["resident_id"])
        bed = None if self.bed_id is None else free_bed(write, self.bed_id, for_stay=row["id"])
        write.change(_stay, row, bed_id=bed)
        return self.stay_id


@dataclass(frozen=True)
class PlanExit(Command):
    """Write down when the stay is planned to end; what must be done before it falls due."""

    action: ClassVar[str] = "stay.plan-exit"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.RESIDENTS | Area.DUE

    stay_id: str
    planned_exit_at: datetime | None

    def apply(self, write: Write) -> str:
        """Change the planned exit."""
        row = find(write.writer, _stay, self.stay_id)
        write.about(row["resident_id"])
        at = None if self.planned_exit_at is None else milliseconds(self.planned_exit_at)
        if at is not None and at < row["began_at"]:
            raise InvalidError((Problem("planned_exit_at", "This is before the stay began."),))
        write.change(_stay, row, planned_exit_at=at)
        refresh_stay(write, row["id"])
        return self.stay_id


@dataclass(frozen=True)
class RecordExit(Command):
    """End a stay. Aftercare falls due from here; the bed is free again."""

    action: ClassVar[str] = "stay.exit"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = Area.RESIDENTS | Area.DUE

    stay_id: str
    left_at: datetime
    exit_type: str
    destination: str

    def apply(self, write: Write) -> str:
        """End the stay."""
        row = find(write.writer, _stay, self.stay_id)
        write.about(row["resident_id"])
        self._check(write, row)
        write.change(
            _stay,
            row,
            ended_at=milliseconds(self.left_at),
            exit_type=self.exit_type,
            exit_destination=self.destination,
        )
        refresh_stay(write, row["id"])
        return self.stay_id

    def _check(self, write: Write, row: RowValues) -> None:
        problems = []
        if row["ended_at"] is not None:
            problems.append(Problem("left_at", "This stay has ended already."))
        if milliseconds(self.left_at) < row["began_at"]:
            problems.append(Problem("left_at", "This is before the stay began."))
        if self.left_at > write.now:
            problems.append(Problem("left_at", "This is still to come. Plan the exit instead."))
        last = write.writer.value(_LAST_DONE, stay_id=row["id"])
        if last is not None and last > milliseconds(self.left_at):
            problems.append(Problem("left_at", "Care was recorded after this moment."))
        model = write.care_model
        if self.exit_type not in {value.code for value in model.values("discharge-types")}:
            problems.append(Problem("exit_type", "Choose how the stay ended."))
        if self.destination not in {value.code for value in model.values("exit-destinations")}:
            problems.append(
                Problem("destination", "Choose where they went; unknown is an answer.")
            )
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class NoteOpened(Command):
    """Somebody opened a resident's record. Residents have a right to know who looked."""

    action: ClassVar[str] = "resident.view"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)
    allowed_under_alarm: ClassVar[bool] = False

    stay_id: str
    part: str = "record"

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        row = find(write.writer, _stay, self.stay_id)
        write.about(row["resident_id"])
        write.reason = self.part
        return self.stay_id


@dataclass(frozen=True)
class NoteSearched(Command):
    """Somebody searched for a resident by name. What was typed is not kept."""

    action: ClassVar[str] = "resident.search"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    found: int

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        write.reason = f"found-{self.found}"
        return ""


# Shared by commands


def check_person(
    called: str, age_guess: int | None, born_on: date | None, today: date
) -> list[Problem]:
    """Return what is wrong with the answers about a person, each beside its field."""
    problems = []
    if not called.strip():
        problems.append(Problem("called", "Enter the name they like to be called."))
    elif len(called.strip()) > NAME_LIMIT:
        problems.append(Problem("called", f"Use at most {NAME_LIMIT} characters."))
    if age_guess is not None and not YOUNGEST <= age_guess <= OLDEST:
        problems.append(Problem("age_guess", "Enter an age in years, or leave it empty."))
    earliest = date(today.year - OLDEST, 1, 1)
    if born_on is not None and not earliest <= born_on <= today:
        problems.append(Problem("born_on", "Check the year of birth."))
    return problems


def free_bed(write: Write, bed_id: str, *, for_stay: int | None = None) -> int:
    """Return the key of a bed nobody else sleeps in.

    Raises:
        InvalidError: when it is taken or no longer in use.
    """
    bed = find(write.writer, _bed, bed_id)
    taken_by = write.writer.value(_BED_TAKEN, bed_id=bed["id"])
    if taken_by not in (None, for_stay):
        raise InvalidError((Problem("bed_id", "Someone sleeps in this bed. Choose another."),))
    if not bed["is_active"]:
        raise InvalidError((Problem("bed_id", "This bed is not in use any more."),))
    return int(bed["id"])


def index_person(
    write: Write,
    resident_id: int,
    called: str,
    born_on: date | None,
    age_guess: int | None,
    *,
    keep_guess: bool = False,
) -> None:
    """Write the derived row that lists, search and counts read."""
    is_guess = born_on is None and age_guess is not None
    born = (
        guessed_birthday(age_guess, write.today) if is_guess and age_guess is not None else born_on
    )
    write.writer.change(_DROP_INDEX, resident_id=resident_id)
    write.writer.run(
        _ADD_INDEX,
        resident_id=resident_id,
        called=called.strip(),
        folded=folded(called),
        born_on=born.isoformat() if born else None,
        born_is_guess=int(is_guess or keep_guess),
    )


def _free_case_code(write: Write) -> str:
    while True:
        code = case_code(int.from_bytes(write.who.entropy(4), "big") % 23_000)
        if write.writer.value(_CODE_TAKEN, code=code) is None:
            return code


def _tell_the_house(write: Write, stay_id: int, at: int) -> None:
    """An arrival starts items for everybody else in the house."""
    for (other,) in write.writer.rows(_OTHER_OPEN_STAYS, stay_id=stay_id):
        write.add(schema.stay_event, stay_id=other, code=SOMEONE_ADMITTED, occurred_at=at)
        refresh_started(write, other, SOMEONE_ADMITTED)

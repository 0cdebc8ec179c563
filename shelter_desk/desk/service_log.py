"""The service log: what was given, to whom, when, by whom, for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import (
    Area,
    Command,
    Read,
    Write,
    asks,
    find,
    milliseconds,
    moment,
)
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Row, Statement, at_most

_entry, _stay, _staff = schema.service_entry, schema.stay, schema.staff
_index = schema.resident_index

MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of the service log. `minutes` is how long it took."""

    entry_id: str
    stay_id: str
    called: str
    service_id: str
    service: str
    voca_code: str | None
    given_at: datetime
    minutes: int
    who: str
    note: str
    entered_at: datetime


_COLUMNS = (
    select(
        _entry.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _entry.c.service_id,
        _entry.c.voca_code,
        _entry.c.given_at,
        _entry.c.minutes,
        _staff.c.name,
        _entry.c.note_sealed,
        _entry.c.entered_at,
        _stay.c.resident_id,
    )
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .join(_index, _index.c.resident_id == _stay.c.resident_id)
    .join(_staff, _staff.c.id == _entry.c.staff_id)
    .where(_entry.c.withdrawn_at.is_(None))
)
_OF_STAY = Statement(
    _COLUMNS.where(_entry.c.stay_id == bindparam("stay_id"))
    .order_by(_entry.c.given_at.desc())
    .limit(at_most("most"))
)
_LAST_MINE = Statement(
    _COLUMNS.where(_entry.c.staff_id == bindparam("staff_id"))
    .order_by(_entry.c.id.desc())
    .limit(1)
)
_LAST_MINE_OF_STAY = Statement(
    _COLUMNS.where(
        _entry.c.staff_id == bindparam("staff_id"), _entry.c.stay_id == bindparam("stay_id")
    )
    .order_by(_entry.c.id.desc())
    .limit(1)
)


@asks(May.READ_RECORDS)
def entries(read: Read, *, stay_id: str, limit: int = 50) -> tuple[EntryLine, ...]:
    """Return the newest entries of a stay, newest first."""
    stay = find(read.reader, _stay, stay_id)
    rows = read.reader.rows(_OF_STAY, stay_id=stay["id"], most=limit)
    return tuple(_line(read, row) for row in rows)


@asks(May.READ_RECORDS)
def last_entry(read: Read, *, stay_id: str | None = None) -> EntryLine | None:
    """Return the newest entry the asking person made (for this stay), for "same as last time"."""
    mine = read.staff.id
    if stay_id is None:
        row = read.reader.row(_LAST_MINE, staff_id=mine)
    else:
        stay = find(read.reader, _stay, stay_id)
        row = read.reader.row(_LAST_MINE_OF_STAY, staff_id=mine, stay_id=stay["id"])
    return None if row is None else _line(read, row)


def _line(read: Read, row: Row) -> EntryLine:
    entry_id, stay_id, called, service_id, voca, given, minutes, who, note, entered, resident = row
    service = read.care_model.services.get(service_id)
    place = f"service_entry:{entry_id}:note"
    return EntryLine(
        entry_id=entry_id,
        stay_id=stay_id,
        called=called,
        service_id=service_id,
        service=service.name if service else service_id,
        voca_code=voca,
        given_at=moment(given),
        minutes=minutes,
        who=who,
        note=read.sealer.open(read.reader, resident, place, note),
        entered_at=moment(entered),
    )


@dataclass(frozen=True)
class LogService(Command):
    """Write one line of the service log. `staff_id` None: the person signed in gave it."""

    action: ClassVar[str] = "service.log"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SERVICE_LOG

    stay_id: str
    service_id: str
    given_at: datetime
    minutes: int
    voca_code: str | None = None
    note: str = ""
    staff_id: str | None = None
    public_id: str | None = None

    def apply(self, write: Write) -> str:
        """Insert the entry."""
        stay = find(write.writer, _stay, self.stay_id)
        write.about(stay["resident_id"])
        self._check(write, int(stay["began_at"]))
        public_id = self.public_id or write.new_public_id()
        note = self.note.strip()
        place = f"service_entry:{public_id}:note"
        write.add(
            _entry,
            public_id=public_id,
            stay_id=stay["id"],
            service_id=self.service_id,
            voca_code=self.voca_code,
            given_at=milliseconds(self.given_at),
            minutes=self.minutes,
            staff_id=self._giver(write),
            entered_at=write.now_ms,
            note_sealed=(
                write.sealer.seal(write.writer, stay["resident_id"], place, note) if note else None
            ),
        )
        write.undo = WithdrawEntry(public_id)
        return public_id

    def _giver(self, write: Write) -> int:
        if self.staff_id is None:
            return write.who.staff.id
        return int(find(write.writer, _staff, self.staff_id)["id"])

    def _check(self, write: Write, began_at: int) -> None:
        problems = []
        model = write.care_model
        if self.service_id not in model.services:
            problems.append(Problem("service_id", "Choose the service that was given."))
        if not 0 <= self.minutes <= MOST_MINUTES:
            problems.append(Problem("minutes", "Enter minutes, at most one day."))
        if self.given_at > write.now:
            problems.append(Problem("given_at", "This is still to come."))
        if milliseconds(self.given_at) < began_at:
            problems.append(Problem("given_at", "This is before the stay began."))
        if len(self.note.strip()) > model.short_note_limit:
            problems.append(Problem("note", f"Use at most {model.short_note_limit} characters."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class WithdrawEntry(Command):
    """Take back an entry that was made by mistake. It stays in the audit trail."""

    action: ClassVar[str] = "service.withdraw"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SERVICE_LOG

    entry_id: str

    def apply(self, write: Write) -> str:
        """Mark the entry withdrawn."""
        row = find(write.writer, _entry, self.entry_id)
        if row["withdrawn_at"] is not None:
            raise InvalidError((Problem("entry_id", "This was taken back already."),))
        stay_row = write.writer.row(_RESIDENT_OF, stay_id=row["stay_id"])
        if stay_row is not None:
            write.about(stay_row[0])
        write.change(_entry, row, withdrawn_at=write.now_ms)
        return self.entry_id


_RESIDENT_OF = Statement(select(_stay.c.resident_id).where(_stay.c.id == bindparam("stay_id")))

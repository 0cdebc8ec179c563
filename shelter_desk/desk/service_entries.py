"""Entries of the service log, as acts: one, one for a group, a correction, and taking one back.

Nothing is overwritten. A correction is a row of its own that names the one it corrects; the former
row is withdrawn and stays as it was, so every sum that leaves withdrawn rows out uses the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds, moment
from shelter_desk.desk.findable import ENTRY, NotePlace, index_note
from shelter_desk.desk.lending import lend
from shelter_desk.desk.merge_rules import stay_that_goes_on, writings
from shelter_desk.desk.rows import RowValues, find, get, key_of
from shelter_desk.desk.sealing import GENERAL, Compartment
from shelter_desk.desk.set_back import is_before
from shelter_desk.domain.errors import InvalidError, NotFoundError, Problem
from shelter_desk.domain.record_classes import class_of
from shelter_desk.domain.service_rules import line_problems, never_with, usual_funder
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_entry, _stay, _staff = schema.service_entry, schema.stay, schema.staff

MOST_MINUTES = 24 * 60
UNITS = range(1, 1000)
_LINES_OF_DAY = Statement(
    select(_entry.c.voca_code, _entry.c.id).where(
        _entry.c.stay_id == bindparam("stay_id"),
        _entry.c.given_at >= bindparam("since"),
        _entry.c.given_at < bindparam("until"),
        _entry.c.withdrawn_at.is_(None),
        _entry.c.voca_code.is_not(None),
    )
)
_TO_WHOM = Statement(
    select(_stay.c.id, _stay.c.resident_id, _stay.c.began_at, _stay.c.ended_at).where(
        _stay.c.public_id == bindparam("stay_id")
    )
)
_CORRECTED_BY = Statement(select(_entry.c.id).where(_entry.c.corrects_id == bindparam("id")))
_OF_GROUP = Statement(
    select(_entry.c.id)
    .where(_entry.c.group_key == bindparam("group_key"), _entry.c.withdrawn_at.is_(None))
    .order_by(_entry.c.id)
)


@dataclass(frozen=True)
class Given:
    """What was given: the part of an entry that does not say to whom.

    `minutes` is how long it took, `units` how many times it was provided. `funder` "" means the
    usual one: that of the funder lines where a line is chosen. `staff_id` None: whoever writes.
    """

    service_id: str
    given_at: datetime
    minutes: int
    voca_code: str | None = None
    note: str = ""
    staff_id: str | None = None
    units: int = 1
    funder: str = ""

    @property
    def paid_by(self) -> str:
        """Return the code of the funder."""
        return self.funder or usual_funder(self.voca_code)


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
    units: int = 1
    funder: str = ""

    def apply(self, write: Write) -> str:
        """Insert the entry."""
        stay = _to_whom(write, self.stay_id)
        write.about(stay.resident_id)
        public_id = self.public_id or write.new_public_id()
        given = Given(
            self.service_id,
            self.given_at,
            self.minutes,
            self.voca_code,
            self.note,
            self.staff_id,
            self.units,
            self.funder,
        )
        _check(write, stay, given)
        _add(write, stay, given, public_id)
        write.undo = WithdrawEntry(public_id)
        return public_id


@dataclass(frozen=True)
class LogGroup(Command):
    """Write the same line for several residents: one for each of them, all or none."""

    action: ClassVar[str] = "service.log-group"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SERVICE_LOG

    stay_ids: Sequence[str]
    given: Given

    def apply(self, write: Write) -> str:
        """Insert the entries under one key; the event is about nobody alone."""
        found = (_to_whom(write, stay_id) for stay_id in self.stay_ids)
        stays = {stay.id: stay for stay in found}
        if len(stays) < 2:
            raise InvalidError((Problem("stay_id", "A group is two residents or more."),))
        group_key = write.new_public_id()
        for stay in stays.values():
            _check(write, stay, self.given)
            _add(write, stay, self.given, write.new_public_id(), group_key=group_key)
        write.reason = str(len(stays))
        write.undo = WithdrawGroup(group_key)
        return group_key


@dataclass(frozen=True)
class CorrectEntry(Command):
    """Correct an entry: append one with the right values. The former stays readable."""

    action: ClassVar[str] = "service.correct"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SERVICE_LOG

    entry_id: str
    version: int
    given: Given

    def apply(self, write: Write) -> str:
        """Withdraw the former row and insert the new one."""
        row = find(write.writer, _entry, self.entry_id)
        stay = _about(write, row)
        row["version"] = self.version
        if row["withdrawn_at"] is not None:
            raise InvalidError((Problem("entry_id", "This is not the newest any more."),))
        before = _given_of(write, row, _note_of(write, row))
        given = replace(self.given, staff_id=self.given.staff_id or before.staff_id)
        _check(write, stay, given, instead_of=row["id"])
        public_id = write.new_public_id()
        write.change(_entry, row, withdrawn_at=write.now_ms)
        links = {"corrects_id": row["id"], "group_key": row["group_key"]}
        _add(write, stay, given, public_id, **links)
        write.undo = CorrectEntry(public_id, 1, before)
        return public_id


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
        _about(write, row)
        if row["withdrawn_at"] is not None:
            raise InvalidError((Problem("entry_id", "This was taken back already."),))
        write.change(_entry, row, withdrawn_at=write.now_ms)
        write.undo = RestoreEntry(self.entry_id)
        return self.entry_id


@dataclass(frozen=True)
class RestoreEntry(Command):
    """Put back an entry that was taken back, unless a correction stands in its place."""

    action: ClassVar[str] = "service.restore"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SERVICE_LOG

    entry_id: str

    def apply(self, write: Write) -> str:
        """Mark the entry valid again."""
        row = find(write.writer, _entry, self.entry_id)
        stay = _about(write, row)
        if write.writer.value(_CORRECTED_BY, id=row["id"]) is not None:
            raise InvalidError((Problem("entry_id", "A correction stands in its place."),))
        if row["withdrawn_at"] is None:
            raise InvalidError((Problem("entry_id", "This was not taken back."),))
        _check(write, stay, _given_of(write, row, ""))
        write.change(_entry, row, withdrawn_at=None)
        write.undo = WithdrawEntry(self.entry_id)
        return self.entry_id


@dataclass(frozen=True)
class WithdrawGroup(Command):
    """Take back what is still valid of a group entry, for all of the group at once."""

    action: ClassVar[str] = "service.withdraw-group"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SERVICE_LOG

    group_key: str

    def apply(self, write: Write) -> str:
        """Mark the entries withdrawn."""
        found = write.writer.rows(_OF_GROUP, group_key=self.group_key)
        if not found:
            raise InvalidError((Problem("group_key", "This was taken back already."),))
        for (row_id,) in found:
            row = get(write.writer, _entry, row_id)
            write.change(_entry, row, withdrawn_at=write.now_ms)
        return self.group_key


# Shared by commands


def note_place(public_id: str) -> str:
    """Return what the note of an entry is sealed for: it opens nowhere else."""
    return f"service_entry:{public_id}:note"


class _Stay(NamedTuple):
    """What an entry needs to know of the stay it is of; `began_at` in ms since 1970 UTC."""

    id: int
    resident_id: int
    began_at: int


def _to_whom(write: Write, stay_id: str) -> _Stay:
    row = write.writer.row(_TO_WHOM, stay_id=stay_id)
    if row is None:
        raise NotFoundError
    *known, ended_at = row
    if ended_at is not None:  # perhaps by a join: nothing new is written in a closed record
        return _stay_of(stay_that_goes_on(write, stay_id))
    return _Stay(*known)


def _stay_of(row: RowValues) -> _Stay:
    return _Stay(row["id"], row["resident_id"], row["began_at"])


def _about(write: Write, row: RowValues) -> _Stay:
    stay = get(write.writer, _stay, row["stay_id"])
    write.about(stay["resident_id"])
    return _stay_of(stay)


def _add(
    write: Write,
    stay: _Stay,
    given: Given,
    public_id: str,
    **links: Any,  # noqa: ANN401 - group_key, corrects_id
) -> None:
    note, resident = given.note.strip(), stay.resident_id
    sealed, compartment = None, GENERAL
    if note:
        compartment = Compartment(class_of(write.care_model.services[given.service_id]))
        sealed = write.seal(note_place(public_id), note, compartment, resident)
    giver: int = write.who.staff.id
    if given.staff_id is not None:
        giver = key_of(write.writer, _staff, given.staff_id)
    write.add(
        _entry,
        public_id=public_id,
        stay_id=stay.id,
        service_id=given.service_id,
        voca_code=given.voca_code,
        given_at=milliseconds(given.given_at),
        minutes=given.minutes,
        staff_id=giver,
        entered_at=write.now_ms,
        note_sealed=sealed,
        units=given.units,
        funder=given.paid_by,
        **links,
    )
    reads = giver == write.who.staff.id and write.sealer.may_open(compartment)
    if note and compartment != GENERAL and not reads:
        # Whoever gave a service sees their own entries.
        lend(write, note_place(public_id), note, (giver,), owner=resident)
    if note:
        at = NotePlace(ENTRY, given.service_id, public_id, stay.id, resident, giver)
        index_note(write, at, note, compartment)


def _note_of(write: Write, row: RowValues) -> str:
    place = note_place(row["public_id"])
    return write.sealer.open(write.writer, write.resident_id or 0, place, row["note_sealed"])


def _given_of(write: Write, row: RowValues, note: str) -> Given:
    return Given(
        row["service_id"],
        moment(row["given_at"]),
        row["minutes"],
        row["voca_code"],
        note,
        str(get(write.writer, _staff, row["staff_id"])["public_id"]),
        row["units"],
        row["funder"],
    )


def _check(write: Write, stay: _Stay, given: Given, *, instead_of: int | None = None) -> None:
    problems = [*_plain_problems(write, given), *line_problems(*_line_of(write, given))]
    if is_before(write, milliseconds(given.given_at), stay.began_at):
        problems.append(Problem("given_at", "This is before the stay began."))
    problems = problems or _counted_twice(write, stay, given, instead_of)
    if problems:
        raise InvalidError(tuple(problems))


def _line_of(write: Write, given: Given) -> tuple[Any, str, str | None, str]:
    return write.care_model, given.service_id, given.voca_code, given.paid_by


def _plain_problems(write: Write, given: Given) -> list[Problem]:
    problems = []
    limit = write.care_model.short_note_limit
    if given.service_id not in write.care_model.services:
        problems.append(Problem("service_id", "Choose the service that was given."))
    if not 0 <= given.minutes <= MOST_MINUTES:
        problems.append(Problem("minutes", "Enter minutes, at most one day."))
    if given.units not in UNITS:
        problems.append(Problem("units", "Enter how many times, from 1 to 999."))
    if given.given_at > write.now:
        problems.append(Problem("given_at", "This is still to come."))
    if len(given.note.strip()) > limit:
        problems.append(Problem("note", f"Use at most {limit} characters."))
    return problems


def _counted_twice(
    write: Write, stay: _Stay, given: Given, instead_of: int | None
) -> list[Problem]:
    others = never_with(write.care_model, given.service_id, given.voca_code)
    if not others:
        return []
    zone = write.house.zone
    midnight = given.given_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (midnight + timedelta(days=1, hours=3)).replace(hour=0)
    day = {"since": milliseconds(midnight), "until": milliseconds(tomorrow)}
    rows = [
        row
        for one in writings(write.writer, stay.id)
        for row in write.writer.rows(_LINES_OF_DAY, stay_id=one, **day)
    ]
    found = sorted({code for code, row_id in rows if code in others and row_id != instead_of})
    if not found:
        return []
    words = f"Line {found[0]} is written down for this day already. Count it there or here."
    return [Problem("voca_code", words)]

"""The shelter itself: its name, zone, clocks, beds, and the audiences it writes summaries for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.rows import find, get
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.people import NAME_LIMIT
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_shelter, _bed, _audience = schema.shelter, schema.bed, schema.audience
_stay, _index = schema.stay, schema.resident_index

IDLE_MINUTES = range(1, 61)
AUDIENCE_KINDS = ("public", "named")

# Questions


@dataclass(frozen=True, slots=True)
class ShelterSettings:
    """What holds for the whole shelter. `shift_starts` are local times such as "07:00"."""

    name: str
    zone: str
    profile: str
    idle_minutes: int
    shift_starts: tuple[str, ...]
    version: int
    model_version: str


@dataclass(frozen=True, slots=True)
class BedLine:
    """One bed, and the name of who sleeps in it tonight."""

    bed_id: str
    name: str
    version: int
    called: str | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class AudienceLine:
    """Somebody a summary may be written for. "public" also stands for the board."""

    audience_id: str
    name: str
    kind: str


_SETTINGS = Statement(
    select(
        _shelter.c.name,
        _shelter.c.zone,
        _shelter.c.profile,
        _shelter.c.idle_minutes,
        _shelter.c.shift_starts,
        _shelter.c.version,
        _shelter.c.model_version,
    )
)
_BEDS = Statement(
    select(_bed.c.public_id, _bed.c.name, _bed.c.version, _index.c.called, _bed.c.is_active)
    .join(_stay, (_stay.c.bed_id == _bed.c.id) & _stay.c.ended_at.is_(None), isouter=True)
    .join(_index, _index.c.resident_id == _stay.c.resident_id, isouter=True)
    .where(_bed.c.is_active == 1)
    .order_by(_bed.c.id)
)
_AUDIENCES = Statement(
    select(_audience.c.public_id, _audience.c.name, _audience.c.kind)
    .where(_audience.c.is_active == 1)
    .order_by(_audience.c.kind.desc(), _audience.c.name)
)


@asks(May.READ_RECORDS)
def settings(read: Read) -> ShelterSettings:
    """Return the shelter's settings."""
    row = read.reader.row(_SETTINGS) or ("", "UTC", "default", 5, "07:00,15:00,23:00", 1, "")
    name, zone, profile, idle, shifts, version, model = row
    return ShelterSettings(name, zone, profile, idle, tuple(shifts.split(",")), version, model)


@asks(May.READ_RECORDS)
def beds(read: Read) -> tuple[BedLine, ...]:
    """Return the beds in use, in the order they were added."""
    return tuple(
        BedLine(bed_id, name, version, called, is_active=bool(active))
        for bed_id, name, version, called, active in read.reader.rows(_BEDS)
    )


@asks(May.READ_RECORDS)
def audiences(read: Read) -> tuple[AudienceLine, ...]:
    """Return the audiences in use, public ones first."""
    return tuple(AudienceLine(*row) for row in read.reader.rows(_AUDIENCES))


# Commands

_OPEN_STAYS = Statement(select(_stay.c.id).where(_stay.c.ended_at.is_(None)))
_NAMED = Statement(
    select(_bed.c.public_id).where(_bed.c.name == bindparam("name"), _bed.c.is_active == 1)
)
_SLEEPER = Statement(
    select(_stay.c.id).where(_stay.c.bed_id == bindparam("bed_id"), _stay.c.ended_at.is_(None))
)


@dataclass(frozen=True)
class ChangeShelter(Command):
    """Change the shelter's settings; due dates follow where clocks or shifts changed."""

    action: ClassVar[str] = "shelter.change"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER | Area.DUE

    version: int
    name: str
    zone: str
    profile: str
    idle_minutes: int
    shift_starts: tuple[str, ...]

    def apply(self, write: Write) -> str:
        """Change the row and recompute what is due."""
        problems = check_shelter(self.name, self.zone)
        problems += self._check_clocks(write)
        if problems:
            raise InvalidError(tuple(problems))
        row = get(write.writer, _shelter, 1)
        row["version"] = self.version
        shift_starts = ",".join(self.shift_starts)
        write.change(
            _shelter,
            row,
            name=self.name.strip(),
            zone=self.zone,
            profile=self.profile,
            idle_minutes=self.idle_minutes,
            shift_starts=shift_starts,
        )
        model = write.care_model.under(self.profile)
        write.house = replace(
            write.house,
            zone=ZoneInfo(self.zone),
            care_model=model,
            shift_starts=shift_starts,
        )
        refresh_stay(write, None)
        for (stay_id,) in write.writer.rows(_OPEN_STAYS):
            refresh_stay(write, stay_id)
        return "shelter"

    def _check_clocks(self, write: Write) -> list[Problem]:
        problems = []
        if self.profile not in write.care_model.profiles:
            problems.append(Problem("profile", "Choose a profile from the list."))
        if self.idle_minutes not in IDLE_MINUTES:
            problems.append(Problem("idle_minutes", "Choose from 1 to 60 minutes."))
        if not self.shift_starts or not all(_is_time(text) for text in self.shift_starts):
            problems.append(Problem("shift_starts", "Write times such as 07:00, 15:00, 23:00."))
        return problems


@dataclass(frozen=True)
class AddBed(Command):
    """Put a bed into use."""

    action: ClassVar[str] = "bed.add"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER | Area.RESIDENTS

    name: str

    def apply(self, write: Write) -> str:
        """Insert the bed."""
        name = _bed_name(write, self.name)
        public_id = write.new_public_id()
        write.add(_bed, public_id=public_id, name=name)
        return public_id


@dataclass(frozen=True)
class RenameBed(Command):
    """Give a bed another name."""

    action: ClassVar[str] = "bed.rename"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER | Area.RESIDENTS

    bed_id: str
    version: int
    name: str

    def apply(self, write: Write) -> str:
        """Change the name."""
        row = find(write.writer, _bed, self.bed_id)
        row["version"] = self.version
        if row["name"] != self.name.strip():
            write.change(_bed, row, name=_bed_name(write, self.name))
        return self.bed_id


@dataclass(frozen=True)
class RetireBed(Command):
    """Take a bed out of use; nobody may sleep in it."""

    action: ClassVar[str] = "bed.retire"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER | Area.RESIDENTS

    bed_id: str
    version: int

    def apply(self, write: Write) -> str:
        """Mark the bed as no longer in use."""
        row = find(write.writer, _bed, self.bed_id)
        row["version"] = self.version
        if write.writer.value(_SLEEPER, bed_id=row["id"]) is not None:
            raise InvalidError(
                (Problem("bed_id", "Someone sleeps in this bed. Move them first."),)
            )
        write.change(_bed, row, is_active=0)
        return self.bed_id


@dataclass(frozen=True)
class AddAudience(Command):
    """Add somebody a summary may be written for. A named recipient may see groups from 5."""

    action: ClassVar[str] = "audience.add"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER

    name: str
    kind: str

    def apply(self, write: Write) -> str:
        """Insert the audience."""
        if not self.name.strip() or self.kind not in AUDIENCE_KINDS:
            raise InvalidError((Problem("name", "Enter a name, and public or named."),))
        public_id = write.new_public_id()
        write.add(_audience, public_id=public_id, name=self.name.strip(), kind=self.kind)
        return public_id


@dataclass(frozen=True)
class RetireAudience(Command):
    """Take an audience off the list; what was released to it stays on record."""

    action: ClassVar[str] = "audience.retire"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.SHELTER

    audience_id: str

    def apply(self, write: Write) -> str:
        """Mark the audience as no longer in use."""
        row = find(write.writer, _audience, self.audience_id)
        write.change(_audience, row, is_active=0)
        return self.audience_id


# Shared by commands


def check_shelter(name: str, zone: str) -> list[Problem]:
    """Return what is wrong with a shelter's name and zone, each beside its field."""
    problems = []
    if not 0 < len(name.strip()) <= NAME_LIMIT:
        problems.append(
            Problem("name", f"Enter the shelter's name, at most {NAME_LIMIT} letters.")
        )
    if zone not in available_timezones():
        problems.append(Problem("zone", "Choose the time zone from the list."))
    return problems


def _bed_name(write: Write, name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= NAME_LIMIT:
        raise InvalidError((Problem("name", "Enter a name for the bed."),))
    if write.writer.value(_NAMED, name=name) is not None:
        raise InvalidError((Problem("name", "There is a bed with this name already."),))
    return name


def _is_time(text: str) -> bool:
    try:
        datetime.strptime(text, "%H:%M")  # noqa: DTZ007 - a wall-clock time has no zone
    except ValueError:
        return False
    return True

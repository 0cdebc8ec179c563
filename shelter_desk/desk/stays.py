"""A stay while it lasts and when it ends: bed, planned exit, exit, and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import (
    Area,
    Command,
    RowValues,
    Write,
    find,
    milliseconds,
)
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_resident, _stay, _index = schema.resident, schema.stay, schema.resident_index
_bed, _due = schema.bed, schema.due_item

IMMEDIATE = "immediate"
SOMEONE_ADMITTED = "resident-admitted"
_SEARCH_LIMIT = 20

_LAST_DONE = Statement(
    select(func.max(schema.item_answer.c.done_at)).where(
        schema.item_answer.c.stay_id == bindparam("stay_id"),
        schema.item_answer.c.undone_at.is_(None),
    )
)


_BED_TAKEN = Statement(
    select(_stay.c.id).where(_stay.c.bed_id == bindparam("bed_id"), _stay.c.ended_at.is_(None))
)


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

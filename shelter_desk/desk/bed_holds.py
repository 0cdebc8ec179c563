"""Beds that are held, and what of the house was made for the printer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds, moment_or_none
from shelter_desk.desk.bed_times import FOR_EVER, refuse_bed, taken_between
from shelter_desk.desk.beds import REASONS
from shelter_desk.desk.missing_rows import refuse, unknown
from shelter_desk.desk.rows import find
from shelter_desk.desk.set_back import now_or
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import bed_hold
from shelter_desk.store.sql import Statement

_bed = schema.bed
_OPEN_HOLD = Statement(
    select(bed_hold.c.public_id).where(
        bed_hold.c.bed_id == bindparam("bed_id"), bed_hold.c.ended_at.is_(None)
    )
)


@dataclass(frozen=True)
class HoldBed(Command):
    """Hold a free bed: nobody is given it until it is released. Who is expected is not named."""

    action: ClassVar[str] = "bed.hold"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = Area.RESIDENTS | Area.SHELTER

    bed_id: str
    reason: str
    until: datetime | None = None

    def apply(self, write: Write) -> str:
        """Insert the hold."""
        bed = find(write.writer, _bed, self.bed_id)
        problems = unknown(write, REASONS, "reason", (self.reason,))
        if problems:
            raise InvalidError(tuple(problems))
        if self.until is not None and self.until <= write.now:
            refuse("until", "This is past. Leave it empty when you do not know.")
        if not bed["is_active"]:
            refuse_bed("This bed is not in use any more.")
        if taken_between(write.writer, bed["id"], write.now_ms, FOR_EVER):
            refuse_bed("Someone sleeps in this bed.")
        if write.writer.value(_OPEN_HOLD, bed_id=bed["id"]) is not None:
            refuse_bed("This bed is held already.")
        public_id = write.new_public_id()
        write.add(
            bed_hold,
            public_id=public_id,
            bed_id=bed["id"],
            reason=self.reason,
            until_at=None if self.until is None else milliseconds(self.until),
            staff_id=write.who.staff.id,
            began_at=write.now_ms,
        )
        write.reason = self.reason
        write.undo = ReleaseBed(public_id)
        return public_id


@dataclass(frozen=True)
class ReleaseBed(Command):
    """The bed is free again."""

    action: ClassVar[str] = "bed.release"
    needs: ClassVar[May] = May.INTAKE
    touches: ClassVar[Area] = Area.RESIDENTS | Area.SHELTER

    hold_id: str

    def apply(self, write: Write) -> str:
        """End the hold."""
        row = find(write.writer, bed_hold, self.hold_id)
        if row["ended_at"] is not None:
            refuse("hold_id", "This bed was released already.")
        write.change(bed_hold, row, ended_at=now_or(write, row["began_at"]))
        bed = str(write.writer.value(_BED_ID, id=row["bed_id"]))
        until = moment_or_none(row["until_at"])
        if until is None or until > write.now:
            write.undo = HoldBed(bed, row["reason"], until)
        return self.hold_id


@dataclass(frozen=True)
class NotePrinted(Command):
    """A board, a census or a week was made for the printer. What it held is not kept twice."""

    action: ClassVar[str] = "house.print"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    paper: str
    residents: int

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        write.reason = f"{self.paper}-{self.residents}"
        return ""


_BED_ID = Statement(select(_bed.c.public_id).where(_bed.c.id == bindparam("id")))

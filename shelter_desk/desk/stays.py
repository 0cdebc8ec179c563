"""A stay while it lasts: its bed, its planned end, and who looked. Its end is in `leaving`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.bed_times import free_bed, give_bed, last_bed, refuse_bed
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.rows import find, get
from shelter_desk.desk.set_back import is_before, no_sooner, now_or
from shelter_desk.desk.upkeep import refresh_stay
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema

_stay, _bed = schema.stay, schema.bed


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
        if row["ended_at"] is not None:
            refuse_bed("This stay has ended.")
        before, since = last_bed(write.writer, row["id"])
        at, bed = now_or(write, since), None
        if self.bed_id is not None:
            bed = free_bed(write, self.bed_id, since=at, for_stay=row["id"])
        if bed == before:
            return self.stay_id
        write.change(_stay, row, bed_id=bed)
        give_bed(write, row["id"], bed, at)
        write.undo = MoveBed(self.stay_id, _public(write, before))
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
        row = stay_that_goes_on(write, self.stay_id)
        write.about(row["resident_id"])
        at = None if self.planned_exit_at is None else milliseconds(self.planned_exit_at)
        if at is not None and is_before(write, at, row["began_at"]):
            raise InvalidError((Problem("planned_exit_at", "This is before the stay began."),))
        if at is not None:
            at = no_sooner(write, at, row["began_at"])
        known_at = None if at is None else write.now_ms
        write.change(_stay, row, planned_exit_at=at, exit_known_at=known_at)
        refresh_stay(write, row["id"])
        return self.stay_id


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
        # What was opened for a time in an emergency stands beside the view it was opened for.
        write.reason = ":".join((self.part, *sorted(write.also)))
        return self.stay_id


@dataclass(frozen=True)
class NoteSearched(Command):
    """Somebody searched for residents and notes. What was typed is not kept.

    `by_identity`: a legal or other name was what found somebody.
    """

    action: ClassVar[str] = "resident.search"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    found: int
    notes: int = 0
    by_identity: bool = False

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        parts = [f"found-{self.found}"]
        parts += [f"notes-{self.notes}"] if self.notes else []
        parts += ["by-identity"] if self.by_identity else []
        write.reason = ":".join(parts)
        return ""


def _public(write: Write, bed: int | None) -> str | None:
    return None if bed is None else str(get(write.writer, _bed, bed)["public_id"])

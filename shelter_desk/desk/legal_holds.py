"""Legal holds: what keeps a record whatever the schedule says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, find
from shelter_desk.desk.ends import now_or
from shelter_desk.desk.erasing import is_held_beside
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.retention import HOLD_REASONS
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_removal import legal_hold
from shelter_desk.store.sql import Statement

_HOLDS = Statement(
    select(legal_hold.c.id).where(
        legal_hold.c.resident_id == bindparam("resident_id"), legal_hold.c.ended_at.is_(None)
    )
)


class OnHoldError(DeskError):
    """A legal hold keeps this record, or that of somebody in an incident with them."""


@dataclass(frozen=True)
class PutOnHold(Command):
    """Keep a record whatever the schedule says: nobody takes it away until the hold is lifted."""

    action: ClassVar[str] = "hold.begin"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.RESIDENTS

    resident_id: str
    reason: str

    def apply(self, write: Write) -> str:
        """Insert the hold. A record that was taken away can be held too: it is not destroyed."""
        resident = find(write.writer, schema.resident, self.resident_id)
        choose("reason", self.reason, HOLD_REASONS)
        if write.writer.value(_HOLDS, resident_id=resident["id"]) is not None:
            raise InvalidError((Problem("reason", "This record is on hold already."),))
        public_id = write.new_public_id()
        write.add(
            legal_hold,
            public_id=public_id,
            resident_id=resident["id"],
            reason=self.reason,
            began_at=write.now_ms,
            staff_id=write.who.staff.id,
        )
        write.reason = self.reason
        return public_id


@dataclass(frozen=True)
class LiftHold(Command):
    """The hold has ended: the schedule counts again."""

    action: ClassVar[str] = "hold.end"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.RESIDENTS

    hold_id: str

    def apply(self, write: Write) -> str:
        """End it."""
        row = find(write.writer, legal_hold, self.hold_id)
        if row["ended_at"] is not None:
            raise InvalidError((Problem("hold_id", "This hold has ended already."),))
        ended_at = now_or(write, row["began_at"])
        write.change(legal_hold, row, ended_at=ended_at, ended_by=write.who.staff.id)
        write.reason = row["reason"]
        return self.hold_id


# Shared by commands


def refuse_held(write: Write, resident_id: int) -> None:
    """Pass when no legal hold keeps a record, nor anybody's in an incident with them.

    Raises:
        OnHoldError: when one does.
    """
    is_held = write.writer.value(_HOLDS, resident_id=resident_id) is not None
    if is_held or is_held_beside(write, resident_id):
        raise OnHoldError


def choose(name: str, code: str, known: Mapping[str, str]) -> None:
    """Pass when a reason is one of those that are known.

    Raises:
        InvalidError: when it is not.
    """
    if code not in known:
        raise InvalidError((Problem(name, "Choose a reason."),))

"""Legal holds: what keeps a record whatever the schedule says.

A hold on one of two joined records keeps both. Where they are separated it goes on for each of
them as a hold of its own: to refuse the separation would keep a mistaken join, and with it a young
person without a stay, for as long as a court takes; to leave the other record free would let
evidence go. A director lifts each by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.erasing import is_held_beside
from shelter_desk.desk.merge_rules import into_of
from shelter_desk.desk.rows import find
from shelter_desk.desk.set_back import now_or
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.retention import HOLD_REASONS
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import is_of_person
from shelter_desk.store.schema_removal import legal_hold
from shelter_desk.store.sql import Row, Statement

_HOLDS = Statement(
    select(legal_hold.c.resident_id, legal_hold.c.reason)
    .where(is_of_person(legal_hold.c.resident_id, bindparam("person")))
    .where(legal_hold.c.ended_at.is_(None))
    .order_by(legal_hold.c.id)
)


class OnHoldError(DeskError):
    """A legal hold keeps this record, one joined with it, or that of somebody in an incident."""


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
        if _holds(write, resident["id"]):
            raise InvalidError((Problem("reason", "This record is on hold already."),))
        public_id = _hold(write, resident["id"], self.reason)
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
    """Pass when no legal hold keeps a record, one joined with it, or one in an incident with it.

    Raises:
        OnHoldError: when one does.
    """
    if _holds(write, resident_id) or is_held_beside(write, resident_id):
        raise OnHoldError


def hold_for_both(write: Write, closed: int, kept: int) -> None:
    """Let each of two records that are about to be separated be on hold for what holds either."""
    holds = _holds(write, kept)
    for reason in dict.fromkeys(reason for _, reason in holds):
        for resident_id in (closed, kept):
            if (resident_id, reason) not in holds:
                _hold(write, resident_id, reason)


def choose(name: str, code: str, known: Mapping[str, str]) -> None:
    """Pass when a reason is one of those that are known.

    Raises:
        InvalidError: when it is not.
    """
    if code not in known:
        raise InvalidError((Problem(name, "Choose a reason."),))


def _holds(write: Write, resident_id: int) -> list[Row]:
    """Return (record, reason) of each hold on a record or on one that is joined with it."""
    person = into_of(write.writer, resident_id) or resident_id
    return write.writer.rows(_HOLDS, person=person)


def _hold(write: Write, resident_id: int, reason: str) -> str:
    public_id = write.new_public_id()
    write.add(
        legal_hold,
        public_id=public_id,
        resident_id=resident_id,
        reason=reason,
        began_at=write.now_ms,
        staff_id=write.who.staff.id,
    )
    return public_id

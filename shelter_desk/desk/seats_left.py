"""Seats that nobody ended: the power went, or the program was killed, while somebody looked.

Nothing of such a seat is on a screen any more. Whoever signs in next closes it and the trail says
so, whatever the clock says by then; directors read it on Today for a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, milliseconds, moment
from shelter_desk.desk.rows import find
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_visit import seat as _seat
from shelter_desk.store.sql import Statement

TOLD_FOR_DAYS = 7

_event = schema.audit_event
_OPEN = Statement(
    select(_seat.c.public_id).where(_seat.c.closed_at.is_(None)).order_by(_seat.c.id)
)
# From the seats, of which there are few, to the event that closed each: never along the trail.
_LEFT = Statement(
    select(_seat.c.visitor, _seat.c.opened_at)
    .join(_event, _event.c.id == _seat.c.event_id)
    .where(_event.c.action == "seat.left", _seat.c.closed_at >= bindparam("since"))
    .order_by(_seat.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class LeftSeat:
    """Who sat there when the program ended, and since when."""

    visitor: str
    opened_at: datetime


@dataclass(frozen=True)
class CloseSeatLeft(Command):
    """Close a seat that was open when the program ended, at the next sign-in of anybody."""

    action: ClassVar[str] = "seat.left"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area.CUSTODY

    seat_id: str

    def apply(self, write: Write) -> str:
        """Close it, unless somebody has."""
        return close_seat(write, self.seat_id)


def close_seat(write: Write, seat_id: str) -> str:
    """Write down that a seat is closed, unless it was, and return its public id.

    Who sat down closes it, or, after the program ended under them, the next sign-in of anybody:
    two commands, since the trail tells them apart and the second needs no right to exports.
    """
    row = find(write.writer, _seat, seat_id)
    if row["closed_at"] is None:
        write.change(_seat, row, closed_at=write.now_ms)
    return seat_id


@asks(May.READ_RECORDS)
def seats_to_close(read: Read) -> tuple[CloseSeatLeft, ...]:
    """Return what closes each seat that is still open in the records."""
    return tuple(CloseSeatLeft(seat_id) for (seat_id,) in read.reader.rows(_OPEN))


@asks(May.EXPORT)
def seat_left(read: Read, *, now: datetime) -> LeftSeat | None:
    """Return the last seat that was open when the program ended, if it was in the last week."""
    since = milliseconds(now - timedelta(days=TOLD_FOR_DAYS))
    row = read.reader.row(_LEFT, since=since)
    return None if row is None else LeftSeat(str(row[0]), moment(row[1]))

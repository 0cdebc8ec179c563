"""Since when a handoff sheet tells: since its readers signed, whatever the clock did then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, milliseconds, moment
from shelter_desk.desk.handoff_lines import HandoffLine
from shelter_desk.store import schema
from shelter_desk.store.schema_shift import handoff, handoff_signature
from shelter_desk.store.sql import Statement

FIRST_LOOK, LONGEST_LOOK = timedelta(hours=24), timedelta(days=3)
_staff, _event = schema.staff, schema.audit_event
_LAST_SIGNED = Statement(
    select(handoff.c.until, handoff.c.event_id)
    .join(handoff_signature, handoff_signature.c.handoff_id == handoff.c.id)
    .join(_staff, _staff.c.id == handoff_signature.c.staff_id)
    .where(_staff.c.public_id == bindparam("staff_id"), handoff.c.withdrawn_at.is_(None))
    .order_by(handoff_signature.c.id.desc())
    .limit(1)
)
_EARLIEST_AFTER = Statement(select(func.min(_event.c.at)).where(_event.c.id > bindparam("after")))


def since_signed(
    read: Read, readers: Iterable[str], now: datetime, newest: HandoffLine | None
) -> tuple[datetime, bool, bool]:
    """Return since when a sheet for some readers tells, and two facts about it.

    The facts: whether one of them never signed, and whether the sheet leaves out older days.
    """
    cut = now - LONGEST_LOOK
    signed = [_signed(read, one, milliseconds(cut)) for one in readers]
    is_first = None in signed
    known = [at for at in signed if at is not None]
    if is_first:
        known.append(now - FIRST_LOOK)
    if newest is not None and not newest.is_received:
        known.append(newest.since)  # until it is taken over, everybody reads what is handed over
    earliest = min(known)
    return max(earliest, cut), is_first, earliest < cut


def _signed(read: Read, staff_id: str, cut_ms: int) -> datetime | None:
    """Return until when somebody knows what happened; None where they never signed.

    What was written after they signed on a clock that was set back bears an earlier moment than
    their signature, and is no less new to them.
    """
    row = read.reader.row(_LAST_SIGNED, staff_id=staff_id)
    if row is None:
        return None
    until, event_id = row
    if until > cut_ms:  # before that the sheet begins at the cut, whatever was written since
        after = read.reader.value(_EARLIEST_AFTER, after=event_id)
        if after is not None and after < until:
            until = after - 1
    return moment(until)

"""The checks of a whole store that need the rules: chain, witnesses, derived rows."""

from __future__ import annotations

from sqlalchemy import select

from shelter_desk.desk.audit_log import TrailReport, trail
from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.upkeep import drift
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_OPEN = Statement(select(schema.stay.c.id).where(schema.stay.c.ended_at.is_(None)))


@asks(May.READ_AUDIT)
def due_drift(read: Read) -> tuple[str, ...]:
    """Return the item ids whose kept due rows differ from what the rules say; none is good."""
    stays: list[int | None] = [None, *(row[0] for row in read.reader.rows(_OPEN))]
    return tuple(sorted({item for stay in stays for item in drift(read.reader, read.house, stay)}))


__all__ = ["TrailReport", "due_drift", "trail"]

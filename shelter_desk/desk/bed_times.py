"""Who slept in which bed, when: what the acts about beds must not contradict."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Write
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_days import bed_hold, stay_bed
from shelter_desk.store.sql import Statement

FOR_EVER = 1 << 62
_stay, _bed = schema.stay, schema.bed
_later = stay_bed.alias("later")
NEXT_BED = (
    select(func.min(_later.c.since_at))
    .where(
        _later.c.stay_id == stay_bed.c.stay_id,
        _later.c.since_at >= stay_bed.c.since_at,
        _later.c.id > stay_bed.c.id,
    )
    .correlate(stay_bed)
    .scalar_subquery()
)
"""The moment at which the person of a `stay_bed` row was given the next bed, or NULL."""
_OF_BED = Statement(
    select(stay_bed.c.stay_id, stay_bed.c.since_at, NEXT_BED, _stay.c.ended_at)
    .join(_stay, _stay.c.id == stay_bed.c.stay_id)
    .where(stay_bed.c.bed_id == bindparam("bed_id"), stay_bed.c.stay_id != bindparam("stay_id"))
)
_LAST_OF_STAY = Statement(
    select(stay_bed.c.bed_id, stay_bed.c.since_at)
    .where(stay_bed.c.stay_id == bindparam("stay_id"))
    .order_by(stay_bed.c.id.desc())
    .limit(1)
)
_FIRST_OF_STAY = Statement(
    select(stay_bed.c.public_id)
    .where(stay_bed.c.stay_id == bindparam("stay_id"))
    .order_by(stay_bed.c.id)
    .limit(1)
)
_HELD = Statement(
    select(bed_hold.c.id).where(
        bed_hold.c.bed_id == bindparam("bed_id"), bed_hold.c.ended_at.is_(None)
    )
)
_NOBODY = -1


def taken_between(
    reader: Reader, bed_id: int, since: int, until: int, *, but: int | None = None
) -> bool:
    """Say whether anybody but one stay slept in a bed at any moment of a time."""
    spans = _spans(reader, bed_id, _NOBODY if but is None else but)
    return any(begin < until and end > since for begin, end in spans)


def _spans(reader: Reader, bed_id: int, but: int) -> Iterator[tuple[int, int]]:
    for _, since, moved, ended in reader.rows(_OF_BED, bed_id=bed_id, stay_id=but):
        end = min(moved if moved is not None else FOR_EVER, ended if ended else FOR_EVER)
        if end > since:
            yield since, end


def last_bed(reader: Reader, stay_id: int) -> tuple[int | None, int]:
    """Return the key of the bed a stay had last (None: no bed), and since when."""
    row = reader.row(_LAST_OF_STAY, stay_id=stay_id)
    return (None, 0) if row is None else (row[0], row[1])


def first_bed_row(write: Write, stay_id: int) -> RowValues:
    """Return the row of the bed that a stay began in."""
    return find(write.writer, stay_bed, str(write.writer.value(_FIRST_OF_STAY, stay_id=stay_id)))


def give_bed(write: Write, stay_id: int, bed_id: int | None, since: int) -> None:
    """Write down that somebody sleeps in a bed, or in none, from a moment on."""
    write.add(stay_bed, stay_id=stay_id, bed_id=bed_id, since_at=since)


def free_bed(
    write: Write, bed_id: str, *, since: int, until: int = FOR_EVER, for_stay: int | None = None
) -> int:
    """Return the key of a bed that nobody else sleeps in from a moment on.

    Raises:
        InvalidError: when it is taken, was taken then, is held, or is no longer in use.
    """
    bed = find(write.writer, _bed, bed_id)
    if taken_between(write.writer, bed["id"], write.now_ms, FOR_EVER, but=for_stay):
        refuse_bed("Someone sleeps in this bed. Choose another.")
    if taken_between(write.writer, bed["id"], since, until, but=for_stay):
        refuse_bed("Someone slept in this bed at that time. Choose another.")
    if not bed["is_active"]:
        refuse_bed("This bed is not in use any more.")
    if write.writer.value(_HELD, bed_id=bed["id"]) is not None:
        refuse_bed("This bed is held. Release it first, or choose another.")
    return int(bed["id"])


def refuse_bed(message: str) -> None:
    """Refuse with a problem of the bed."""
    raise InvalidError((Problem("bed_id", message),))

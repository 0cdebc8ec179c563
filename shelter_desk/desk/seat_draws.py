"""What the dice drew for an inspector's seat, and what became of it since the list was fixed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, func, or_, select

from shelter_desk.desk.base import Write, moment, moment_or_none
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.sample_lists import places_drawn
from shelter_desk.domain.errors import InvalidError, NotFoundError, Problem
from shelter_desk.domain.sampling import INCIDENTS, RECORDS
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import doubled_stay, record_merge
from shelter_desk.store.schema_packs import sample_draw, sample_place
from shelter_desk.store.schema_removal import was_destroyed
from shelter_desk.store.schema_visit import seat_stay
from shelter_desk.store.sql import Statement

MOST_STAYS = 30
"""The largest sample that a seat shows; as the largest that leaves in a pack."""

_stay = schema.stay
_PLACES = Statement(
    select(sample_place.c.position, sample_place.c.stay_id, was_destroyed(_stay.c.resident_id))
    .join(_stay, _stay.c.id == sample_place.c.stay_id)
    .where(sample_place.c.draw_id == bindparam("draw_id"))
    .order_by(sample_place.c.position)
)
_LISTS = Statement(
    select(func.count(), func.count(sample_draw.c.seed)).where(
        sample_draw.c.of_list == RECORDS, sample_draw.c.period == bindparam("period")
    )
)
_DESTROYED = Statement(
    select(func.count())
    .select_from(seat_stay)
    .join(_stay, _stay.c.id == seat_stay.c.stay_id)
    .where(seat_stay.c.seat_id == bindparam("seat_id"), was_destroyed(_stay.c.resident_id))
)
_of_stay = or_(
    doubled_stay.c.stay_id == seat_stay.c.stay_id, doubled_stay.c.of_stay_id == seat_stay.c.stay_id
)
_since = bindparam("since", type_=Integer)
_OTHERWISE = Statement(
    select(func.count(seat_stay.c.stay_id.distinct()))
    .select_from(seat_stay)
    .join(doubled_stay, _of_stay)
    .join(record_merge, record_merge.c.id == doubled_stay.c.merge_id)
    .where(seat_stay.c.seat_id == bindparam("seat_id"))
    .where(
        or_(
            and_(record_merge.c.merged_at > _since, record_merge.c.ended_at.is_(None)),
            and_(record_merge.c.merged_at <= _since, record_merge.c.ended_at > _since),
        )
    )
)


@dataclass(frozen=True, slots=True)
class SeatDraw:
    """The draw that a seat shows: enough for whoever sits there to know their own dice again.

    `until_at` is the moment up to which the list went where its period still ran. `lists` were
    fixed of the same period, this one included, and of so many dice were thrown (`throws`): of
    more than one, somebody could have chosen. `destroyed` of the records drawn cannot be shown;
    `otherwise` were joined with another record, or separated from one, since the list was fixed.
    """

    period: str
    until_at: datetime | None
    population: int
    wanted: int
    root: bytes
    seed: str
    fixed_at: datetime
    drawn_at: datetime | None
    lists: int
    throws: int
    destroyed: int
    otherwise: int


def stays_drawn(write: Write, draw_id: str) -> tuple[RowValues, tuple[int, ...]]:
    """Return the row of a draw and the keys of the stays it chose: those, and no others.

    Raises:
        InvalidError: there is no such draw here, it is of another list, the dice did not fall, it
            is larger than a seat shows, or nothing of it can be shown any more.
    """
    try:
        row = find(write.writer, sample_draw, draw_id)
    except NotFoundError:
        raise _refusal("There is no such sample in these records.") from None
    if row["of_list"] != RECORDS:
        listed = "incidents" if row["of_list"] == INCIDENTS else "staff files"
        words = f"This sample is of {listed}. Here only records of the young people are looked at."
        raise _refusal(words)
    if row["seed"] is None or row["withdrawn_at"] is not None:
        raise _refusal("Nothing was drawn from this list. Throw the dice first.")
    if row["wanted"] > MOST_STAYS:
        raise _refusal(f"This sample is too large to look at here. Draw at most {MOST_STAYS}.")
    places = places_drawn(row)
    rows = write.writer.rows(_PLACES, draw_id=row["id"])
    chosen = [(key, gone) for place, key, gone in rows if place in places]
    if all(gone for _, gone in chosen):
        words = "All that was drawn has been destroyed since. Fix a new list, and draw again."
        raise _refusal(words)
    return row, tuple(key for key, _ in chosen)


def draw_of_seat(reader: Reader, seat: RowValues) -> SeatDraw | None:
    """Return what a seat shows, or None for a seat from before it had to be of a draw."""
    if seat["draw_id"] is None:
        return None
    row = get(reader, sample_draw, seat["draw_id"])
    lists, throws = reader.row(_LISTS, period=row["period"]) or (1, 1)
    return SeatDraw(
        period=row["period"],
        until_at=moment_or_none(row["until_at"]),
        population=row["population"],
        wanted=row["wanted"],
        root=bytes(row["root"]),
        seed=row["seed"],
        fixed_at=moment(row["fixed_at"]),
        drawn_at=moment_or_none(row["drawn_at"]),
        lists=lists,
        throws=throws,
        destroyed=int(reader.value(_DESTROYED, seat_id=seat["id"])),
        otherwise=int(reader.value(_OTHERWISE, seat_id=seat["id"], since=row["fixed_at"])),
    )


def known_since(reader: Reader, seat: RowValues) -> int:
    """Return since when (ms) what is joined with a record is not what was chosen."""
    if seat["draw_id"] is None:
        return int(seat["opened_at"])
    return int(get(reader, sample_draw, seat["draw_id"])["fixed_at"])


def _refusal(words: str) -> InvalidError:
    return InvalidError((Problem("draw_id", words),))

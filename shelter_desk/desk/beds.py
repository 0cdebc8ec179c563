"""Beds: who sleeps where tonight, which are free or held, and who was here at any past hour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.base import (
    Read,
    asks,
    milliseconds,
    moment,
    moment_or_none,
)
from shelter_desk.desk.listed import line_maker
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import bed_hold, stay_bed
from shelter_desk.store.schema_merging import counts_once
from shelter_desk.store.schema_missing import missing_episode
from shelter_desk.store.sql import Row, Statement

FREE, TAKEN, AWAY, HELD = "free", "taken", "away", "held"
REASONS = "bed-hold-reasons"
_stay, _bed, _index, _resident = (
    schema.stay,
    schema.bed,
    schema.resident_index,
    schema.resident,
)


class Sleeper(NamedTuple):
    """Somebody in the house. `away_since` is set while they are missing from care.

    `since_ms`, `planned_exit_ms`, `away_ms`: milliseconds since 1970 UTC.
    """

    stay_id: str
    called: str
    case_code: str
    bed: str
    since_ms: int
    planned_exit_ms: int | None
    away_ms: int | None

    @property
    def since(self) -> datetime:
        """Return since when they stay here."""
        return moment(self.since_ms)

    @property
    def planned_exit_at(self) -> datetime | None:
        """Return when they are to leave, or None."""
        return moment_or_none(self.planned_exit_ms)

    @property
    def away_since(self) -> datetime | None:
        """Return since when they are missing, or None."""
        return moment_or_none(self.away_ms)


class BoardBed(NamedTuple):
    """One bed in use. `state` is free, taken, away (kept for somebody missing) or held."""

    bed_id: str
    name: str
    state: str
    sleeper: Sleeper | None
    hold_id: str = ""
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BedBoard:
    """The beds of tonight, and those in the house without one."""

    beds: tuple[BoardBed, ...]
    without_bed: tuple[Sleeper, ...]

    @property
    def in_house(self) -> int:
        """Return how many stay here, whoever is missing included."""
        return sum(bed.sleeper is not None for bed in self.beds) + len(self.without_bed)

    @property
    def over(self) -> int:
        """Return how many more stay here than there are beds."""
        return max(self.in_house - len(self.beds), 0)

    @property
    def missing(self) -> frozenset[str]:
        """Return the stays of those who are missing from care."""
        everybody = [*(bed.sleeper for bed in self.beds if bed.sleeper), *self.without_bed]
        return frozenset(one.stay_id for one in everybody if one.away_ms is not None)

    def count(self, state: str) -> int:
        """Return how many beds are in a state."""
        return sum(bed.state == state for bed in self.beds)


@dataclass(frozen=True, slots=True)
class Census:
    """Who stayed here at one moment, by bed. `beds` is how many there are now."""

    at: datetime
    sleepers: tuple[Sleeper, ...]
    beds: int


_new_sleeper, _new_bed = line_maker(Sleeper), line_maker(BoardBed)
_ALL_HERE = (
    select(
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _bed.c.name,
        _stay.c.began_at,
        _stay.c.planned_exit_at,
        select(missing_episode.c.discovered_at)
        .where(missing_episode.c.stay_id == _stay.c.id)
        .where(missing_episode.c.returned_at.is_(None), missing_episode.c.withdrawn_at.is_(None))
        .limit(1)
        .scalar_subquery(),
        _bed.c.public_id,
    )
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .join(_bed, _bed.c.id == _stay.c.bed_id, isouter=True)
    .where(_stay.c.ended_at.is_(None))
)
_HERE = Statement(_ALL_HERE)
_HERE_ONCE = Statement(_ALL_HERE.where(counts_once(_stay.c.id)))
_BEDS = Statement(
    select(
        _bed.c.public_id,
        _bed.c.name,
        bed_hold.c.public_id,
        bed_hold.c.reason,
        bed_hold.c.until_at,
    )
    .join(bed_hold, (bed_hold.c.bed_id == _bed.c.id) & bed_hold.c.ended_at.is_(None), isouter=True)
    .where(_bed.c.is_active == 1)
    .order_by(_bed.c.id)
)
_BED_THEN = (
    select(_bed.c.name)
    .select_from(stay_bed.join(_bed, _bed.c.id == stay_bed.c.bed_id, isouter=True))
    .where(stay_bed.c.stay_id == _stay.c.id, stay_bed.c.since_at <= bindparam("at"))
    .order_by(stay_bed.c.since_at.desc(), stay_bed.c.id.desc())
    .limit(1)
    .correlate(_stay)
    .scalar_subquery()
)
_MISSING_THEN = (
    select(missing_episode.c.discovered_at)
    .where(
        missing_episode.c.stay_id == _stay.c.id,
        missing_episode.c.discovered_at <= bindparam("at"),
        or_(
            missing_episode.c.returned_at.is_(None),
            missing_episode.c.returned_at > bindparam("at"),
        ),
        missing_episode.c.withdrawn_at.is_(None),
    )
    .limit(1)
    .scalar_subquery()
)
_THEN = Statement(
    select(
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _BED_THEN,
        _stay.c.began_at,
        _stay.c.planned_exit_at,
        _MISSING_THEN,
    )
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(
        _stay.c.began_at <= bindparam("at"),
        or_(_stay.c.ended_at.is_(None), _stay.c.ended_at > bindparam("at")),
        counts_once(_stay.c.id),
    )
)
_HOW_MANY = Statement(select(func.count()).where(_bed.c.is_active == 1))


@asks(May.READ_RECORDS)
def bed_board(read: Read) -> BedBoard:
    """Return the beds of tonight, in the order they were added, and who has none."""
    rows = read.reader.rows(_HERE)
    in_bed = {row[-1]: row for row in rows}
    beds = []
    for row in read.reader.rows(_BEDS):
        sleeper = in_bed.pop(row[0], None)
        beds.append(_board_bed(read, row, None if sleeper is None else _sleeper(sleeper)))
    without = [_sleeper(row) for row in rows if row[-1] is None or row[-1] in in_bed]
    return BedBoard(tuple(beds), tuple(sorted(without, key=lambda one: one.called)))


@asks(May.READ_RECORDS)
def census(read: Read, *, at: datetime, now: datetime | None = None) -> Census:
    """Return who stayed here at a moment, as is known today, by bed and name.

    Where `at` is now, whoever has not left is here: on a clock that was set back their arrival is
    still to come, and so is the exit of somebody who has left (`desk.set_back`).
    """
    if now is not None and at >= now:
        rows = read.reader.rows(_HERE_ONCE)
    else:
        rows = read.reader.rows(_THEN, at=milliseconds(at))
    sleepers = sorted((_sleeper(row) for row in rows), key=_by_bed)
    return Census(at, tuple(sleepers), int(read.reader.value(_HOW_MANY)))


def _by_bed(one: Sleeper) -> tuple[list[tuple[int, str]], str]:
    """Return what sorts by bed as people count: "2A" before "10A"; and by name."""
    parts = re.findall(r"[0-9]+|[^0-9]+", one.bed)
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts], one.called


def _board_bed(read: Read, row: Row, sleeper: Sleeper | None) -> BoardBed:
    bed_id, name, hold_id, reason, until = row
    state = HELD if hold_id else FREE
    if sleeper is not None:
        state = TAKEN if sleeper.away_ms is None else AWAY
    if hold_id is None:
        return _new_bed((bed_id, name, state, sleeper, "", "", None))
    label = read.care_model.label(REASONS, reason) if reason else ""
    return _new_bed((bed_id, name, state, sleeper, hold_id, label, moment_or_none(until)))


def _sleeper(row: Row) -> Sleeper:
    stay_id, called, code, bed, since, planned, away = row[:7]
    return _new_sleeper((stay_id, called or code, code, bed or "", since, planned, away))

"""Who may be the same young person, and which records are joined: the questions about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk import finding
from shelter_desk.desk.base import Read, asks, moment
from shelter_desk.desk.findable import SHORTEST_MARK
from shelter_desk.desk.merge_rules import into_of
from shelter_desk.desk.roster import ResidentRecord, record, roster
from shelter_desk.desk.rows import find, key_of
from shelter_desk.domain.naming import PARTICLES
from shelter_desk.domain.sounds import sound_alike, words_of
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import record_merge
from shelter_desk.store.sql import Statement

SOUNDS, NAME, BORN, AGE, HOURS = "sounds", "name", "born", "age", "hours"
_SAME_HOURS = timedelta(hours=24)
_Words = tuple[str, ...]  # of one name, at least one
_resident, _stay, _index = schema.resident, schema.stay, schema.resident_index
_staff = schema.staff
_newest = _stay.alias("newest")
_NEWEST_STAY = (
    select(func.max(_newest.c.id)).where(_newest.c.resident_id == _resident.c.id).scalar_subquery()
)
_JOINED = (
    select(
        record_merge.c.public_id,
        _resident.c.public_id,
        _stay.c.public_id,
        func.coalesce(_index.c.called, _resident.c.case_code),
        _resident.c.case_code,
        record_merge.c.merged_at,
        _staff.c.name,
    )
    .select_from(record_merge)
    .join(_staff, _staff.c.id == record_merge.c.staff_id)
    .join(
        _resident,
        or_(
            _resident.c.id == record_merge.c.resident_id,
            _resident.c.id == record_merge.c.into_id,
        ),
    )
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .join(_stay, _stay.c.id == _NEWEST_STAY)
    .where(record_merge.c.ended_at.is_(None), _resident.c.id != bindparam("resident_id"))
    .order_by(record_merge.c.merged_at, record_merge.c.id)
)
_CLOSED = Statement(_JOINED.where(record_merge.c.into_id == bindparam("resident_id")))
_KEPT = Statement(_JOINED.where(record_merge.c.resident_id == bindparam("resident_id")))
_FIRST_HERE = Statement(
    select(func.min(_stay.c.began_at)).where(_stay.c.resident_id == bindparam("resident_id"))
)


class JoinedRecord(NamedTuple):
    """The other record of a join: whose it is, where to open it, who joined them and when."""

    merge_id: str
    resident_id: str
    stay_id: str
    called: str
    case_code: str
    merged_at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Joined:
    """What a record is joined with: those closed for it, or the one it was closed for."""

    closed: tuple[JoinedRecord, ...] = ()
    kept: JoinedRecord | None = None


@dataclass(frozen=True, slots=True)
class MaybeSame:
    """Somebody who may be the same young person. `why` are codes of this module, surest first.

    `is_likely`: enough to say so without being asked.
    """

    resident_id: str
    stay_id: str
    called: str
    case_code: str
    is_here: bool
    came_first: bool
    why: tuple[str, ...]
    is_likely: bool


@asks(May.READ_RECORDS)
def joined(read: Read, *, stay_id: str) -> Joined:
    """Return what the record of a stay is joined with.

    Raises:
        NotFoundError: when there is no such stay.
    """
    resident_id = find(read.reader, _stay, stay_id)["resident_id"]
    kept = [_line(row) for row in read.reader.rows(_KEPT, resident_id=resident_id)]
    closed = tuple(_line(row) for row in read.reader.rows(_CLOSED, resident_id=resident_id))
    return Joined(closed, kept[0] if kept else None)


@asks(May.INTAKE)
def maybe_same(read: Read, *, stay_id: str, now: datetime) -> tuple[MaybeSame, ...]:
    """Return who may be the same young person as that of a stay, the likeliest first.

    By the sound of their names, the birth date or age, and the hours of arrival, as far as the
    person asking may see them.

    Raises:
        NotFoundError: when there is no such stay.
    """
    own = record.answer(read, stay_id=stay_id, now=now)
    key = find(read.reader, _stay, stay_id)["resident_id"]
    person = into_of(read.reader, key) or key
    left_out = {own.resident_id, *(one.resident_id for one in _of_person(read, person))}
    names = [own.called, own.legal_name or ""]
    others = {
        one.resident_id: one.stay_id
        for name in names
        for one in finding.people.answer(read, text=name)
    }
    for line in roster.answer(read, now=now):
        others.setdefault(line.resident_id, line.stay_id)
    found = [
        _compared(read, own, record.answer(read, stay_id=other, now=now))
        for resident_id, other in others.items()
        if resident_id not in left_out
    ]
    likely = sorted(
        (one for one in found if one.why),
        key=lambda one: (not one.is_likely, not one.is_here, -len(one.why), one.called),
    )
    return tuple(likely)


def _of_person(read: Read, person: int) -> Iterator[JoinedRecord]:
    yield from (_line(row) for row in read.reader.rows(_CLOSED, resident_id=person))
    yield from (_line(row) for row in read.reader.rows(_KEPT, resident_id=person))


def _compared(read: Read, own: ResidentRecord, other: ResidentRecord) -> MaybeSame:
    by_name, is_whole = _by_name(own, other)
    why = [by_name] if by_name else []
    if own.born_on is not None and own.born_on == other.born_on:
        why.append(BORN)
    elif own.age is not None and own.age == other.age:
        why.append(AGE)
    if abs(own.began_at - other.began_at) <= _SAME_HOURS:
        why.append(HOURS)
    differs = bool(own.born_on and other.born_on and own.born_on != other.born_on)
    # Nearly nobody else has this birth date and came on this day, whatever they are called.
    is_sure = BORN in why and (bool(by_name) or HOURS in why)
    began = read.reader.value(
        _FIRST_HERE, resident_id=key_of(read.reader, _resident, other.resident_id)
    )
    return MaybeSame(
        resident_id=other.resident_id,
        stay_id=other.stay_id,
        called=other.called,
        case_code=other.case_code,
        is_here=other.ended_at is None,
        came_first=moment(began) <= own.began_at,
        why=tuple(why) if by_name or BORN in why else (),
        is_likely=(is_sure or (is_whole and len(why) > 1)) and not differs,
    )


def _by_name(own: ResidentRecord, other: ResidentRecord) -> tuple[str, bool]:
    """Return how the names are alike, or "", and whether it is more than one word of several.

    Of "Aspen Clover" and "Brook Aspen" one word is the same, as of two sisters: that is a reason
    to show one for the other to who asks, and none to say it unasked.
    """
    ours, theirs = _names(own), _names(other)
    same = {word for name in ours for word in name} & {word for name in theirs for word in name}
    pairs = [(one, two) for one in ours for two in theirs]
    if not same and not any(_alike(a, b) for one, two in pairs for a in one for b in two):
        return "", False
    return NAME if same else SOUNDS, any(_is_one_name(one, two) for one, two in pairs)


def _is_one_name(one: _Words, two: _Words) -> bool:
    """Say whether two names begin alike, or every word of the shorter is heard in the longer."""
    short, long = sorted((one, two), key=len)
    begins = _alike(short[0], long[0])
    return begins or all(any(_alike(word, other) for other in long) for word in short)


def _alike(one: str, two: str) -> bool:
    """Say whether two words sound alike, or one is the beginning of the other: Sky, Skye."""
    short, long = sorted((one, two), key=len)
    begins = len(short) >= SHORTEST_MARK and long.startswith(short)
    return begins or sound_alike(one, two)


def _names(known: ResidentRecord) -> list[_Words]:
    """Return the words of each name: what they are called, the legal one, each other one."""
    also = re.split(r"[,;/\n]", known.also_known)
    every = (words_of(name) for name in (known.called, known.legal_name or "", *also))
    found = (tuple(word for word in words if word not in PARTICLES) for words in every)
    return [words for words in found if words]


def _line(row: tuple[str, str, str, str, str, int, str]) -> JoinedRecord:
    merge_id, resident_id, stay_id, called, code, at, who = row
    return JoinedRecord(merge_id, resident_id, stay_id, called, code, moment(at), who)

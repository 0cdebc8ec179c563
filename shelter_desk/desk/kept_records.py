"""Records of people who left: how long each is kept, by which rule, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from sqlalchemy import bindparam, func, or_, select, text

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment, moment_or_none
from shelter_desk.desk.removing import removals_of_person, years_of
from shelter_desk.desk.rows import find, get
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.domain.retention import BIN_DAYS, Kept, kept_longest
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import is_of_person, person_of, person_stay, record_merge
from shelter_desk.store.schema_removal import legal_hold, removal
from shelter_desk.store.sql import Row, Statement, at_most

MOST = 2_000
_stay, _resident, _index = schema.stay, schema.resident, schema.resident_index
# A person has left when no record of theirs says that they are here; second writings aside.
_left = (
    select(person_stay.c.resident_id, func.max(person_stay.c.ended_at).label("left_at"))
    .where(person_stay.c.is_doubled == 0)
    .group_by(person_stay.c.resident_id)
    .having(func.count() == func.count(person_stay.c.ended_at))
    .subquery("left_ones")
)
_held = (
    select(
        person_of(legal_hold.c.resident_id).label("person"), func.min(legal_hold.c.id).label("id")
    )
    .where(legal_hold.c.ended_at.is_(None))
    .group_by(text("person"))
    .subquery("held_ones")
)
_RECORDS = Statement(
    select(
        _resident.c.public_id,
        _resident.c.case_code,
        func.coalesce(_index.c.called, ""),
        _index.c.born_on,
        _left.c.left_at,
        legal_hold.c.public_id,
        legal_hold.c.reason,
        removal.c.public_id,
        removal.c.reason,
        removal.c.taken_at,
        removal.c.destroyed_at,
        removal.c.kept_until,
        removal.c.rule,
        _left.c.resident_id,
    )
    .select_from(_left)
    .join(_resident, is_of_person(_resident.c.id, _left.c.resident_id))
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .join(_held, _held.c.person == _left.c.resident_id, isouter=True)
    .join(legal_hold, legal_hold.c.id == _held.c.id, isouter=True)
    .join(
        removal,
        (removal.c.resident_id == _resident.c.id) & removal.c.back_at.is_(None),
        isouter=True,
    )
    .order_by(legal_hold.c.id.is_(None) & removal.c.id.is_(None), _left.c.left_at, _resident.c.id)
    .limit(at_most("most"))
)
_JOINED = Statement(
    select(record_merge.c.into_id, _resident.c.case_code, _index.c.born_on)
    .join(
        _resident,
        or_(
            _resident.c.id == record_merge.c.resident_id,
            _resident.c.id == record_merge.c.into_id,
        ),
    )
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(record_merge.c.ended_at.is_(None))
    .order_by(_resident.c.id)
)
_NAME = Statement(select(schema.shelter.c.name))
_HEAD = Statement(
    select(schema.audit_event.c.head).where(schema.audit_event.c.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """The record of somebody who left. `called` is empty once it was taken away.

    `may_go` says that the time it must be kept is over; `may_be_destroyed`, that two people may.
    `joined` are the case codes of the other records of the same person: they go together.
    """

    resident_id: str
    case_code: str
    called: str
    left_on: date
    kept: Kept
    may_go: bool
    hold_id: str | None
    hold_reason: str
    removal_id: str | None
    removal_reason: str
    taken_at: datetime | None
    destroyed_at: datetime | None
    may_be_destroyed: bool
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Destruction:
    """What a certificate says of one destruction: no name, no case code, no birthday.

    `numbers` has one for each record of the person that went with it.
    """

    numbers: tuple[str, ...]
    shelter: str
    reason: str
    rule: str
    source: str
    kept_until: date
    taken_at: datetime
    destroyed_at: datetime
    by: str
    second: str
    keys: int
    event: int
    head: str


@asks(May.MANAGE_SHELTER)
def kept_records(read: Read, *, now: datetime, most: int = MOST) -> tuple[KeptRecord, ...]:
    """Return the records of who left, whoever left first at the top.

    All that are held or were taken away, and then those who left longest ago: of the others the
    time is not over. Records that are joined stand here once the person left; what keeps one of
    them keeps the other, and for as long.
    """
    years, zone = years_of(read), read.house.zone
    today = now.astimezone(zone).date()
    found = []
    joined: dict[int, dict[str, str | None]] = {}
    for person, code, day in read.reader.rows(_JOINED):
        joined.setdefault(person, {})[code] = day
    for row in read.reader.rows(_RECORDS, most=most):
        left_on = moment(row[4]).astimezone(zone).date()
        own = joined.get(row[13], {row[1]: row[3]})
        kept = _kept(row, years, left_on, set(own.values()))
        others = tuple(code for code in own if code != row[1])
        found.append(replace(_record(row, left_on, kept, (today, now)), joined=others))
    return tuple(sorted(found, key=lambda one: one.left_on))


@asks(May.MANAGE_SHELTER)
def destruction(read: Read, *, removal_id: str) -> Destruction:
    """Return what the certificate of a destruction says.

    Raises:
        NotFoundError: when nothing was destroyed.
    """
    row = find(read.reader, removal, removal_id)
    if row["destroyed_at"] is None:
        raise NotFoundError
    rows = removals_of_person(read.reader, row)
    rule = read.care_model.settings().get(row["rule"])
    staff = [
        get(read.reader, schema.staff, row[name])["name"] for name in ("destroyed_by", "second_id")
    ]
    return Destruction(
        numbers=tuple(one["public_id"] for one in rows),
        shelter=str(read.reader.value(_NAME)),
        reason=row["reason"],
        rule=rule.name if rule else row["rule"],
        source=rule.source if rule else "",
        kept_until=date.fromisoformat(row["kept_until"]),
        taken_at=moment(row["taken_at"]),
        destroyed_at=moment(row["destroyed_at"]),
        by=staff[0],
        second=staff[1],
        keys=sum(one["keys"] for one in rows),
        event=row["event_id"],
        head=read.reader.value(_HEAD, id=row["event_id"]).hex(),
    )


def _kept(row: Row, years: dict[str, int], left_on: date, born: set[str | None]) -> Kept:
    if row[11] is not None:  # as it was when it was taken away: its birthday is off the lists
        return Kept(date.fromisoformat(row[11]), row[12])
    return kept_longest(years, left_on, (date.fromisoformat(day) if day else None for day in born))


def _record(row: Row, left_on: date, kept: Kept, at: tuple[date, datetime]) -> KeptRecord:
    today, now = at
    taken_at, destroyed_at = moment_or_none(row[9]), moment_or_none(row[10])
    waits = taken_at is not None and destroyed_at is None
    is_over = taken_at is not None and now >= taken_at + timedelta(days=BIN_DAYS)
    return KeptRecord(
        resident_id=row[0],
        case_code=row[1],
        called=row[2],
        left_on=left_on,
        kept=kept,
        may_go=today >= kept.until and taken_at is None and row[5] is None,
        hold_id=row[5],
        hold_reason=row[6] or "",
        removal_id=row[7],
        removal_reason=row[8] or "",
        taken_at=taken_at,
        destroyed_at=destroyed_at,
        may_be_destroyed=waits and is_over and row[5] is None,
    )


@dataclass(frozen=True)
class NoteCertificate(Command):
    """The certificate of a destruction was made for the printer, at once or years later."""

    action: ClassVar[str] = "removal.paper"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = Area.AUDIT

    removal_id: str

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        row = find(write.writer, removal, self.removal_id)
        if row["destroyed_at"] is None:
            raise NotFoundError
        return self.removal_id

"""Releases of information: recorded, taken back, and asked before anything leaves under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.domain.ages import age_on
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.releases import HOW, Terms, problems_of
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import counts_once
from shelter_desk.store.schema_packs import information_release as _release
from shelter_desk.store.sql import Row, Statement, at_most

PRIVILEGED = "privileged"
"""Consent papers are of this record class."""
MOST_OFFERED = 300
"""How many stays are offered at most; those who left last, and everybody who is here, are."""

_stay, _resident, _index = schema.stay, schema.resident, schema.resident_index
_BORN = Statement(select(_index.c.born_on).where(_index.c.resident_id == bindparam("resident_id")))
_STANDING = Statement(
    select(
        _release.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _release.c.recipient,
        _release.c.agency,
        _release.c.purpose,
        _release.c.parts,
        _release.c.until_on,
    )
    .join(_stay, _stay.c.id == _release.c.stay_id)
    .join(_index, _index.c.resident_id == _stay.c.resident_id)
    .where(_release.c.revoked_at.is_(None))
    .where(_release.c.until_on >= bindparam("today"), _release.c.from_on <= bindparam("today"))
    .order_by(_release.c.until_on)
)


_STAYS = (
    select(
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _stay.c.began_at,
        _stay.c.ended_at,
    )
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(counts_once(_stay.c.id))
)
_OFFERED = Statement(
    _STAYS.where(_index.c.resident_id.is_not(None))
    .order_by(_stay.c.ended_at.is_not(None), _stay.c.ended_at.desc(), _index.c.folded)
    .limit(at_most("most"))
)
_OF_CODE = Statement(
    _STAYS.where(_resident.c.case_code == bindparam("code")).order_by(_stay.c.began_at.desc())
)
_TAKEN_AWAY = "This record was taken away. Nothing leaves of it while it is."


class NoReleaseError(DeskError):
    """The release this rests on is not valid any more. Nothing may leave under it."""


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release that is valid today. `parts` are names of files.

    `agency` is "" where it was written down before releases named one: nothing leaves under it.
    """

    release_id: str
    stay_id: str
    called: str
    recipient: str
    agency: str
    purpose: str
    parts: tuple[str, ...]
    until_on: date


@dataclass(frozen=True, slots=True)
class StayOfSomebody:
    """A stay that a release can be about. `called` is "" where the record was taken away."""

    stay_id: str
    called: str
    case_code: str
    arrived_on: date
    left_on: date | None


@dataclass(frozen=True)
class RecordRelease(Command):
    """Write down a release that was signed on paper."""

    action: ClassVar[str] = "release.record"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.CUSTODY

    stay_id: str
    terms: Terms

    def apply(self, write: Write) -> str:
        """Insert the release, once nothing is missing."""
        write.staff_may_open(PRIVILEGED)
        stay, terms = stay_that_goes_on(write, self.stay_id), self.terms
        write.about(stay["resident_id"])
        found = write.writer.row(_BORN, resident_id=stay["resident_id"])
        if found is None:
            raise InvalidError((Problem("stay_id", _TAKEN_AWAY),))
        born = found[0]
        age = age_on(terms.from_on, born_on=date.fromisoformat(born)) if born else None
        problems = tuple(problems_of(terms, age=age))
        if problems:
            raise InvalidError(problems)
        public_id = write.new_public_id()
        write.add(
            _release,
            public_id=public_id,
            stay_id=stay["id"],
            recipient=terms.recipient,
            agency=terms.agency.strip(),
            purpose=terms.purpose,
            parts=" ".join(terms.parts),
            from_on=terms.from_on.isoformat(),
            until_on=terms.until_on.isoformat(),
            signers=" ".join(terms.signers),
            alone=terms.alone or None,
            longer=terms.longer or None,
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
        )
        return public_id


@dataclass(frozen=True)
class RevokeRelease(Command):
    """They took it back. A spoken word is enough, and holds at once."""

    action: ClassVar[str] = "release.revoke"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.CUSTODY

    release_id: str
    how: str

    def apply(self, write: Write) -> str:
        """Close the release. Whoever hears it writes it down, whatever they may read."""
        row = find(write.writer, _release, self.release_id)
        if self.how not in HOW:
            raise InvalidError((Problem("how", "Say whether it was spoken or written."),))
        if row["revoked_at"] is not None:
            raise InvalidError((Problem("release_id", "It was taken back before."),))
        write.about(get(write.writer, _stay, row["stay_id"])["resident_id"])
        write.change(_release, row, revoked_at=write.now_ms, revoked_how=self.how)
        write.reason = self.how
        return self.release_id


@asks(May.EXPORT)
def valid_releases(read: Read, *, today: date) -> tuple[ReleaseLine, ...]:
    """Return the releases that are valid on a day, the one that ends first on top."""
    if not read.access.may_open(PRIVILEGED):
        return ()
    rows = read.reader.rows(_STANDING, today=today.isoformat())
    return tuple(
        ReleaseLine(
            release, stay, called, who, agency or "", why, tuple(parts.split()),
            date.fromisoformat(until),
        )
        for release, stay, called, who, agency, why, parts, until in rows
    )  # fmt: skip


@asks(May.READ_RECORDS)
def stays_to_release(read: Read) -> tuple[StayOfSomebody, ...]:
    """Return whose record a release can be about: who is here, then who left, the latest first."""
    return tuple(_of_somebody(read, row) for row in read.reader.rows(_OFFERED, most=MOST_OFFERED))


@asks(May.READ_RECORDS)
def stays_of_code(read: Read, *, code: str) -> tuple[StayOfSomebody, ...]:
    """Return every stay under a case code, however long ago, the latest first."""
    found = read.reader.rows(_OF_CODE, code=code.strip().upper())
    return tuple(_of_somebody(read, row) for row in found)


def _of_somebody(read: Read, row: Row) -> StayOfSomebody:
    stay_id, called, case_code, began_at, ended_at = row
    arrived_on, left_on = _day(read, began_at), None
    if ended_at is not None:
        left_on = _day(read, ended_at)
    return StayOfSomebody(stay_id, called or "", case_code, arrived_on, left_on)


def _day(read: Read, at: int) -> date:
    return moment(at).astimezone(read.house.zone).date()


def refuse_ended(write: Write, row: RowValues) -> None:
    """Pass while a release holds.

    Raises:
        NoReleaseError: it was taken back, is over, or has not begun.
    """
    today = write.today.isoformat()
    if row["revoked_at"] is not None or not row["from_on"] <= today <= row["until_on"]:
        raise NoReleaseError

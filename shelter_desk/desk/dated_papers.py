"""Checks, training and licences of staff, and papers of the house: seen when, good until when.

Only that a paper was seen is kept, never what it says: of somebody's health, one word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.rows import find
from shelter_desk.domain.dated_papers import (
    HOUSE,
    OF_HOUSE,
    PaperKind,
    PaperSeen,
    PaperStanding,
    papers_standing,
    read_paper_kinds,
)
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.paths import resources
from shelter_desk.store import schema
from shelter_desk.store.schema_visit import dated_paper as _paper
from shelter_desk.store.sql import Statement

MOST_HOURS = 200
_staff = schema.staff
_seer = schema.staff.alias("seer")
_SEEN = Statement(
    select(
        _paper.c.public_id,
        _paper.c.kind,
        _staff.c.public_id,
        _paper.c.issued_on,
        _paper.c.expires_on,
        _paper.c.hours,
        _seer.c.name,
    )
    .join(_staff, _staff.c.id == _paper.c.staff_id, isouter=True)
    .join(_seer, _seer.c.id == _paper.c.seen_by_id)
    .where(_paper.c.revoked_at.is_(None))
    .order_by(_paper.c.id)
)
_AT_WORK = Statement(
    select(_staff.c.public_id, _staff.c.name, _staff.c.roles)
    .where(_staff.c.ended_at.is_(None))
    .order_by(_staff.c.name)
)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """How one kind of paper stands; `staff_id` and `name` are "" for the house."""

    staff_id: str
    name: str
    paper: PaperStanding

    @property
    def key(self) -> str:
        """Return the name of this line, kept while its paper is renewed."""
        return f"{self.staff_id or 'house'}:{self.paper.kind.id}"


def shipped_paper_kinds() -> Mapping[str, PaperKind]:
    """Return id -> kind of paper, as shipped.

    Raises:
        ContentError: when the list is damaged.
    """
    return read_paper_kinds((resources() / "house" / "dated_papers.toml").read_text("utf-8"))


@asks(May.MANAGE_STAFF)
def dated_papers(read: Read, *, today: date) -> tuple[PaperLine, ...]:
    """Return how every paper of the house and of all who work here stands, the worst first."""
    return papers_on(read, today)


def papers_on(read: Read, day: date) -> tuple[PaperLine, ...]:
    """Return how every paper of the house and of those who work here today stands on a day."""
    names, roles = {HOUSE: ""}, {HOUSE: ()}
    for staff_id, name, held in read.reader.rows(_AT_WORK):
        names[staff_id], roles[staff_id] = name, tuple(held.split())
    found = papers_standing(shipped_paper_kinds(), roles, papers_seen(read), day)
    return tuple(PaperLine(one.holder, names[one.holder], one) for one in found)


def papers_seen(read: Read) -> tuple[PaperSeen, ...]:
    """Return every paper that stands, as it was written down, the oldest entry first."""
    return tuple(
        PaperSeen(
            paper_id,
            kind,
            staff_id or HOUSE,
            date.fromisoformat(issued_on),
            date.fromisoformat(expires_on) if expires_on else None,
            int(hours),
            seen_by,
        )
        for paper_id, kind, staff_id, issued_on, expires_on, hours, seen_by in read.reader.rows(
            _SEEN
        )
    )


@dataclass(frozen=True)
class RecordPaper(Command):
    """Write down a paper that was seen. `staff_id` is "" for the house; a renewal is a new one.

    `also` are others of the staff for whom the same holds: a training of twelve is one entry.
    """

    action: ClassVar[str] = "paper.record"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    kind: str
    issued_on: date
    staff_id: str = HOUSE
    expires_on: date | None = None
    hours: int = 0
    also: tuple[str, ...] = ()

    def apply(self, write: Write) -> str:
        """Insert it, for each who holds it; return the first."""
        problems = tuple(self._problems(write.today))
        if problems:
            raise InvalidError(problems)
        everybody = dict.fromkeys((self.staff_id, *self.also))
        first, *_ = [self._insert(write, holder) for holder in everybody]
        return first

    def _insert(self, write: Write, staff_id: str) -> str:
        holder = find(write.writer, _staff, staff_id) if staff_id else None
        if holder is not None and holder["ended_at"] is not None:
            raise InvalidError((Problem("staff_id", "They do not work here any more."),))
        public_id = write.new_public_id()
        write.add(
            _paper,
            public_id=public_id,
            kind=self.kind,
            staff_id=holder["id"] if holder else None,
            issued_on=self.issued_on.isoformat(),
            expires_on=self.expires_on.isoformat() if self.expires_on else None,
            hours=self.hours,
            seen_by_id=write.who.staff.id,
            seen_at=write.now_ms,
        )
        write.reason = self.kind
        return public_id

    def _problems(self, today: date) -> Iterator[Problem]:
        kind = shipped_paper_kinds().get(self.kind)
        if kind is None:
            yield Problem("kind", "Choose what kind of paper it is.")
        elif (kind.of == OF_HOUSE) == bool(self.staff_id):
            words = "This is a paper of the house." if self.staff_id else "Choose whose it is."
            yield Problem("staff_id", words)
        elif self.also and kind.of == OF_HOUSE:
            yield Problem("also", "This is a paper of the house.")
        if self.issued_on > today:
            yield Problem("issued_on", "This day is still to come.")
        if self.expires_on is not None and self.expires_on < self.issued_on:
            yield Problem("expires_on", "This is before the day it was issued.")
        if not 0 <= self.hours <= MOST_HOURS:
            yield Problem("hours", f"Write whole hours, at most {MOST_HOURS}.")


@dataclass(frozen=True)
class TakePaperBack(Command):
    """A paper was written down by mistake; the one before it stands again."""

    action: ClassVar[str] = "paper.take-back"
    needs: ClassVar[May] = May.MANAGE_STAFF
    touches: ClassVar[Area] = Area.STAFF

    paper_id: str

    def apply(self, write: Write) -> str:
        """Write down that it does not stand."""
        row = find(write.writer, _paper, self.paper_id)
        if row["revoked_at"] is not None:
            raise InvalidError((Problem("paper_id", "This was taken back before."),))
        write.change(_paper, row, revoked_at=write.now_ms)
        return self.paper_id

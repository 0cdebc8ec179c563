"""Packs that are out of the house: who took one, until when, and what became of it.

The words that open a pack are not in the records, so a pack that is lost stays shut; but a shelter
must still know where each one is, and ask for it back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.rows import find
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_visit import handover as _handover
from shelter_desk.store.sql import Statement

REMIND_DAYS = 3
"""How long before the agreed day Today begins to remind."""
WANTED = ("return", "destroy")
USUAL_DAYS = 90
"""How long after it was made a reader keeps a pack, where nothing else is agreed."""
ENDED = ("returned", "destroyed", "lost")
HOW = {"returned": ("", "damaged"), "destroyed": ("", "in-writing"), "lost": ("",)}
"""How a pack ended -> what more can be said of it: damaged or opened; known from a writing."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST = {"taken_by": 80, "device": 40}

_custody = schema.custody
_ROWS = (
    select(
        _custody.c.public_id,
        _custody.c.recipient,
        _custody.c.period,
        _custody.c.ended_at,
        _handover.c.public_id,
        _handover.c.taken_by,
        _handover.c.taken_on,
        _handover.c.device,
        _handover.c.wanted,
        _handover.c.due_on,
        _handover.c.ended,
        _handover.c.ended_on,
        _handover.c.how,
        _custody.c.return_by,
        _custody.c.began_at,
    )
    .select_from(_custody)
    .join(_handover, _handover.c.custody_id == _custody.c.id, isouter=True)
    .where(_custody.c.kind == "pack", _custody.c.result == "delivered")
    .order_by(_custody.c.id.desc())
)
_EVERY = Statement(_ROWS)
_OPEN = Statement(
    select(_handover.c.due_on, _handover.c.wanted, _custody.c.recipient, _handover.c.taken_by)
    .join(_custody, _custody.c.id == _handover.c.custody_id)
    .where(_handover.c.ended.is_(None), _handover.c.due_on <= bindparam("until"))
    .order_by(_handover.c.due_on)
)
_OF_PACK = Statement(
    select(_handover.c.id).where(_handover.c.custody_id == bindparam("custody_id"))
)


@dataclass(frozen=True, slots=True)
class OutLine:
    """One pack that left whole. Without a handover its texts are "" and its days None.

    `wanted` is "return" or "destroy"; `return_by` is the day that the pack and its cover sheet
    say, whatever was agreed; `ended` is "returned", "destroyed", "lost", or "" before,
    and `how` one of `HOW` of it.
    """

    custody_id: str
    recipient: str
    period: str
    handover_id: str
    taken_by: str
    taken_on: date | None
    device: str
    wanted: str
    due_on: date | None
    return_by: date
    ended: str
    ended_on: date | None
    how: str = ""

    @property
    def is_out(self) -> bool:
        """Return whether somebody has it and has to give it back or destroy it."""
        return bool(self.handover_id) and not self.ended


@dataclass(frozen=True, slots=True)
class DueBack:
    """A pack that has to come back, or be destroyed, by a day."""

    recipient: str
    taken_by: str
    wanted: str
    due_on: date


def usual_day(made_on: date) -> date:
    """Return the day by which a pack of a day comes back; it stands in it and on its paper."""
    return made_on + timedelta(days=USUAL_DAYS)


@asks(May.EXPORT)
def packs_out(read: Read) -> tuple[OutLine, ...]:
    """Return every pack that was delivered and where it is, newest first."""
    return tuple(
        OutLine(
            custody_id=row[0],
            recipient=row[1] or "",
            period=row[2] or "",
            handover_id=row[4] or "",
            taken_by=row[5] or "",
            taken_on=_day(row[6]),
            device=row[7] or "",
            wanted=row[8] or "",
            due_on=_day(row[9]),
            return_by=_day(row[13]) or usual_day(_date(read, row[14])),
            ended=row[10] or "",
            ended_on=_day(row[11]),
            how=row[12] or "",
        )
        for row in read.reader.rows(_EVERY)
    )


@asks(May.EXPORT)
def due_back(read: Read, *, today: date) -> tuple[DueBack, ...]:
    """Return the packs whose day is near or past, the longest due first."""
    until = (today + timedelta(days=REMIND_DAYS)).isoformat()
    return tuple(
        DueBack(recipient or "", taken_by, wanted, date.fromisoformat(due_on))
        for due_on, wanted, recipient, taken_by in read.reader.rows(_OPEN, until=until)
    )


@dataclass(frozen=True)
class HandOver(Command):
    """Somebody took a pack and signed for it. `device` is what is printed on the stick, or ""."""

    action: ClassVar[str] = "custody.hand-over"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str
    taken_by: str
    taken_on: date
    wanted: str
    due_on: date
    device: str = ""

    def apply(self, write: Write) -> str:
        """Insert it; a pack is handed over once."""
        row = find(write.writer, _custody, self.custody_id)
        self._check(write)
        if row["kind"] != "pack" or row["result"] != "delivered":
            _refuse("custody_id", "Only a pack that is whole can be handed over.")
        if write.writer.value(_OF_PACK, custody_id=row["id"]) is not None:
            _refuse("custody_id", "This pack was handed over already.")
        public_id = write.new_public_id()
        write.add(
            _handover,
            public_id=public_id,
            custody_id=row["id"],
            taken_by=self.taken_by.strip(),
            taken_on=self.taken_on.isoformat(),
            device=self.device.strip(),
            wanted=self.wanted,
            due_on=self.due_on.isoformat(),
            staff_id=write.who.staff.id,
        )
        write.reason = f"{self.wanted}:{self.due_on}"
        return public_id

    def _check(self, write: Write) -> None:
        problems = []
        if not self.taken_by.strip():
            problems.append(Problem("taken_by", "Write who took it."))
        problems += [
            Problem(name, f"Write at most {most} characters.")
            for name, most in _LONGEST.items()
            if len(getattr(self, name).strip()) > most
        ]
        if self.taken_on > write.today:
            problems.append(Problem("taken_on", "This day is still to come."))
        if self.wanted not in WANTED:
            problems.append(Problem("wanted", "Choose what becomes of it."))
        if self.due_on < self.taken_on:
            problems.append(Problem("due_on", "This is before it was taken."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class NoteLockedPdf(Command):
    """A locked PDF of the report was written beside a pack. `sha256` (hex) is of that file."""

    action: ClassVar[str] = "custody.locked-pdf"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str
    sha256: str

    def apply(self, write: Write) -> str:
        """Keep its digest, which stands on the cover sheet, with the export."""
        row = find(write.writer, _custody, self.custody_id)
        if row["kind"] != "pack" or row["result"] != "delivered":
            _refuse("custody_id", "Only a pack that is whole has a report.")
        if not _DIGEST.fullmatch(self.sha256):
            _refuse("sha256", "This is not the digest of a file.")
        if row["pdf_sha256"] is not None:
            _refuse("custody_id", "A locked PDF was written beside this pack before.")
        write.change(_custody, row, pdf_sha256=self.sha256)
        write.reason = self.sha256
        return self.custody_id


@dataclass(frozen=True)
class EndHandover(Command):
    """A pack came back, was destroyed, or is lost."""

    action: ClassVar[str] = "custody.end-handover"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    handover_id: str
    ended: str
    ended_on: date
    how: str = ""

    def apply(self, write: Write) -> str:
        """Write down the end; it can be taken back."""
        row = find(write.writer, _handover, self.handover_id)
        if self.ended not in ENDED:
            _refuse("ended", "Choose what became of it.")
        if self.how not in HOW[self.ended]:
            _refuse("how", "This does not fit what became of it.")
        if row["ended"] is not None:
            _refuse("ended", "This was written down already.")
        if not row["taken_on"] <= self.ended_on.isoformat() <= write.today.isoformat():
            _refuse("ended_on", "Enter a day between the handover and today.")
        ended_on = self.ended_on.isoformat()
        write.change(_handover, row, ended=self.ended, ended_on=ended_on, how=self.how or None)
        write.reason = ":".join(filter(None, (self.ended, self.how)))
        write.undo = ReopenHandover(self.handover_id)
        return self.handover_id


@dataclass(frozen=True)
class ReopenHandover(Command):
    """The end of a handover was written down by mistake: the pack is still out."""

    action: ClassVar[str] = "custody.reopen-handover"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    handover_id: str

    def apply(self, write: Write) -> str:
        """Take the end away; it stays in the trail."""
        row = find(write.writer, _handover, self.handover_id)
        if row["ended"] is None:
            _refuse("ended", "This pack is still out.")
        ended_on = date.fromisoformat(row["ended_on"])
        write.undo = EndHandover(self.handover_id, row["ended"], ended_on, row["how"] or "")
        write.change(_handover, row, ended=None, ended_on=None, how=None)
        return self.handover_id


def _date(read: Read, at: int) -> date:
    return moment(at).astimezone(read.house.zone).date()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _refuse(field: str, words: str) -> None:
    raise InvalidError((Problem(field, words),))

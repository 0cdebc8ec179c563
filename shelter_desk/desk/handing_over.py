"""Handing a shift over, as acts: who goes signs, and then somebody of the shift that comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.care import AnswerItem, SignAnswer, UndoAnswer
from shelter_desk.desk.house_words import HANDOFF, SEALED, seal_words
from shelter_desk.desk.missing_rows import refuse
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.desk.staffing import expected_here
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_shift import handoff, handoff_signature
from shelter_desk.store.sql import Statement

HANDOFF_ITEM = "residential_care.02"
"""The checklist item that a handoff is: what is signed here is not ticked a second time."""
OUTGOING, INCOMING = "outgoing", "incoming"

_due, _answer = schema.due_item, schema.item_answer
_OPEN_ITEM = Statement(
    select(_due.c.occurrence)
    .where(_due.c.stay_id.is_(None), _due.c.item_id == bindparam("item_id"))
    .where(_due.c.state != "signature")
    .order_by(_due.c.due_at)
    .limit(1)
)
_NEWEST = Statement(
    select(handoff.c.public_id)
    .where(handoff.c.withdrawn_at.is_(None), handoff.c.id > bindparam("after"))
    .order_by(handoff.c.id.desc())  # the newest to be signed, whatever the clock said
    .limit(1)
)
_SIDE_OF = Statement(
    select(handoff_signature.c.side).where(
        handoff_signature.c.handoff_id == bindparam("handoff_id"),
        handoff_signature.c.staff_id == bindparam("staff_id"),
    )
)
_RECEIVED = Statement(
    select(func.count()).where(
        handoff_signature.c.handoff_id == bindparam("handoff_id"),
        handoff_signature.c.side == INCOMING,
    )
)


@dataclass(frozen=True)
class SignHandoff(Command):
    """Hand the shift over: heads counted, people on duty, and why the count differs if it does."""

    action: ClassVar[str] = "handoff.sign"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SHIFT | Area.CARE | Area.DUE

    since: datetime
    counted: int
    on_duty: int
    why: str = ""

    def apply(self, write: Write) -> str:
        """Insert the handoff with the outgoing signature, and the checklist answer that it is."""
        expected = expected_here(write.writer)
        self._check(write, expected)
        answer = _answer_item(write)
        public_id = write.new_public_id()
        house_day_id, sealed = seal_words(write, HANDOFF.place(public_id), self.why.strip())
        row_id = write.add(
            handoff,
            public_id=public_id,
            since=milliseconds(self.since),
            until=write.now_ms,
            expected=expected,
            counted=self.counted,
            on_duty=self.on_duty,
            why=SEALED if sealed else "",
            words_sealed=sealed,
            house_day_id=house_day_id,
            answer_key=answer,
        )
        _sign(write, row_id, OUTGOING)
        write.reason = ""
        write.undo = WithdrawHandoff(public_id)
        return public_id

    def _check(self, write: Write, expected: int) -> None:
        problems = []
        if self.counted < 0:
            problems.append(Problem("counted", "Count the residents who are in the house."))
        if self.on_duty < 1:
            problems.append(Problem("on_duty", "Enter how many people are on duty."))
        why, limit = self.why.strip(), write.care_model.short_note_limit
        if self.counted != expected and not why:
            text = f"By the records {expected} should be here. Say in a few words why it differs."
            problems.append(Problem("why", text))
        if len(why) > limit:
            problems.append(Problem("why", f"Use at most {limit} characters."))
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class ReceiveHandoff(Command):
    """Take the shift over: read, asked, signed. Never by whoever handed it over."""

    action: ClassVar[str] = "handoff.receive"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SHIFT | Area.CARE | Area.DUE

    handoff_id: str

    def apply(self, write: Write) -> str:
        """Insert the incoming signature; the checklist answer gets its second one."""
        row = _standing(write, self.handoff_id)
        if write.writer.value(_NEWEST, after=0) != self.handoff_id:
            refuse("handoff_id", "There is a newer handoff. Read and sign that one.")
        signer = write.who.staff.id
        side = write.writer.value(_SIDE_OF, handoff_id=row["id"], staff_id=signer)
        if side is not None:
            words = {
                OUTGOING: "You handed this shift over. Somebody of the next shift signs here.",
                INCOMING: "You have signed this handoff.",
            }
            refuse("handoff_id", words[side])
        _sign(write, row["id"], INCOMING)
        if row["answer_key"]:
            _second_signature(write, row["answer_key"])
        write.reason = ""
        return self.handoff_id


@dataclass(frozen=True)
class WithdrawHandoff(Command):
    """Take a handoff back that nobody has received yet."""

    action: ClassVar[str] = "handoff.withdraw"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SHIFT | Area.CARE | Area.DUE

    handoff_id: str

    def apply(self, write: Write) -> str:
        """Mark it withdrawn, and the checklist answer undone."""
        row = _standing(write, self.handoff_id)
        if int(write.writer.value(_RECEIVED, handoff_id=row["id"])):
            refuse("handoff_id", "The next shift has signed this. It stays as it is.")
        write.change(handoff, row, withdrawn_at=write.now_ms)
        if row["answer_key"]:
            answer = find(write.writer, _answer, row["answer_key"])
            if answer["undone_at"] is None:
                UndoAnswer(row["answer_key"]).apply(write)
        return self.handoff_id


@dataclass(frozen=True)
class NotePrinted(Command):
    """The handoff sheet is about to be printed: it leaves the desk, so the trail says so."""

    action: ClassVar[str] = "handoff.print"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    residents: int

    def apply(self, write: Write) -> str:
        """Write nothing but the event itself, with of how many residents it tells."""
        write.reason = f"handoff-{self.residents}"
        return ""


def _standing(write: Write, handoff_id: str) -> RowValues:
    row = find(write.writer, handoff, handoff_id)
    if row["withdrawn_at"] is not None:
        refuse("handoff_id", "This handoff was taken back.")
    return row


def _sign(write: Write, row_id: int, side: str) -> None:
    write.add(
        handoff_signature,
        handoff_id=row_id,
        staff_id=write.who.staff.id,
        side=side,
        signed_at=write.now_ms,
    )


def _answer_item(write: Write) -> str | None:
    occurrence = write.writer.value(_OPEN_ITEM, item_id=HANDOFF_ITEM)
    if occurrence is None:
        return None
    return AnswerItem(None, HANDOFF_ITEM, str(occurrence)).apply(write)


def _second_signature(write: Write, answer_key: str) -> None:
    answer = find(write.writer, _answer, answer_key)
    if answer["undone_at"] is None and answer["closed_at"] is None:
        SignAnswer(answer_key).apply(write)

"""Services, phases and checklists: what each asks for, and the answers given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.findable import ANSWER, NotePlace, index_note
from shelter_desk.desk.happenings import (
    EndPhase,
    RecordEvent,
    StartPhase,
    WithdrawEvent,
    about_stay,
)
from shelter_desk.desk.history import HistoryLine, history
from shelter_desk.desk.house_words import NOTE, seal_words
from shelter_desk.desk.lending import lend
from shelter_desk.desk.needs import SetNeed
from shelter_desk.desk.plan import (
    AnswerLine,
    ItemLine,
    PhaseLine,
    ServiceLine,
    StayPlan,
    stay_plan,
)
from shelter_desk.desk.rows import find
from shelter_desk.desk.sealing import GENERAL, Compartment
from shelter_desk.desk.set_back import is_before
from shelter_desk.desk.upkeep import Line, line_of, refresh_item
from shelter_desk.domain.care_model import CareModel, ChecklistItem
from shelter_desk.domain.content import CLOSING_OUTCOMES
from shelter_desk.domain.errors import InvalidError, NotPermittedError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

__all__ = [
    "AnswerItem",
    "AnswerLine",
    "EndPhase",
    "HistoryLine",
    "ItemLine",
    "PhaseLine",
    "RecordEvent",
    "ServiceLine",
    "SetNeed",
    "SignAnswer",
    "StartPhase",
    "StayPlan",
    "UndoAnswer",
    "WithdrawEvent",
    "history",
    "stay_plan",
]

_answer = schema.item_answer

_SIGNED = Statement(
    select(func.count()).where(schema.item_signature.c.answer_id == bindparam("answer_id"))
)
_SIGNED_BY = Statement(
    select(schema.item_signature.c.id).where(
        schema.item_signature.c.answer_id == bindparam("answer_id"),
        schema.item_signature.c.staff_id == bindparam("staff_id"),
    )
)


@dataclass(frozen=True)
class AnswerItem(Command):
    """Record what became of a checklist item: done, declined, not applicable, deferred, blocked.

    `occurrence` is the one shown; `done_at` None means now. `public_id` is made by the asker when
    a retry must not record it twice.
    """

    action: ClassVar[str] = "item.answer"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    stay_id: str | None
    item_id: str
    occurrence: str
    outcome: str = "done"
    done_at: datetime | None = None
    reason: str | None = None
    until: datetime | None = None
    note: str = ""
    public_id: str | None = None

    def apply(self, write: Write) -> str:
        """Insert the answer, its first signature, and what falls due next."""
        item = item_of(write, self.item_id)
        staff_may_answer(write, item)
        return self.record(write, item)

    def record(self, write: Write, item: ChecklistItem) -> str:
        """Do it as part of another command, whoever the item is given to."""
        line = line_of(write, self.stay_id, item, self.occurrence)
        if line.resident_id is not None:
            write.about(line.resident_id)
        self._check(write, item, line)
        if line.due_at is None:
            raise InvalidError((Problem("occurrence", "This is not open any more."),))
        public_id = self.public_id or write.new_public_id()
        answer_id = self._add(write, item, line, public_id)
        if self.note.strip():
            self._make_findable(write, item, line, public_id)
        if item.signatures:
            _sign(write, answer_id, item)
        refresh_item(write, line.stay_id, item, line.counted_from)
        write.reason = self.outcome
        write.undo = UndoAnswer(public_id)
        return public_id

    def _add(self, write: Write, item: ChecklistItem, line: Line, public_id: str) -> int:
        done_at = write.now_ms if self.done_at is None else milliseconds(self.done_at)
        is_closed = self.outcome in CLOSING_OUTCOMES and item.signatures <= 1
        house_day_id, note = self._note(write, item, line.resident_id, public_id)
        return write.add(
            _answer,
            public_id=public_id,
            stay_id=line.stay_id,
            item_id=item.id,
            occurrence=self.occurrence,
            outcome=self.outcome,
            reason=self.reason,
            due_at=line.due_at,
            done_at=done_at,
            entered_at=write.now_ms,
            until=None if self.until is None else milliseconds(self.until),
            staff_id=write.who.staff.id,
            role=acting_role(write, item),
            note_sealed=note,
            house_day_id=house_day_id,
            model_version=write.care_model.edition_name,
            closed_at=write.now_ms if is_closed else None,
        )

    def _make_findable(
        self, write: Write, item: ChecklistItem, line: Line, public_id: str
    ) -> None:
        compartment = _compartment(item, line.resident_id)
        if not write.sealer.may_open(compartment):  # they still find what they wrote themselves
            lend(write, _note_place(public_id), self.note.strip(), (write.who.staff.id,))
        at = NotePlace(ANSWER, item.id, public_id, line.stay_id)
        index_note(write, at, self.note, compartment)

    def _note(
        self, write: Write, item: ChecklistItem, resident_id: int | None, public_id: str
    ) -> tuple[int | None, bytes | None]:
        """Return the note sealed, after the day whose keys did it where it is about the house."""
        text, place = self.note.strip(), _note_place(public_id)
        if resident_id is None:
            return seal_words(write, place, text)
        compartment = _compartment(item, resident_id)
        return None, write.seal(place, text, compartment, resident_id) if text else None

    def _check(self, write: Write, item: ChecklistItem, line: Line) -> None:
        model = write.care_model
        needs = model.outcome_needs(self.outcome)
        problems = []
        if ("reason" in needs and not self.reason) or not self._reason_fits(model):
            problems.append(Problem("reason", "Choose the reason that fits."))
        if "until" in needs and (self.until is None or self.until <= write.now):
            problems.append(Problem("until", "Enter the day and time it moves to."))
        done_at = write.now_ms if self.done_at is None else milliseconds(self.done_at)
        if done_at > write.now_ms:
            problems.append(Problem("done_at", "This is still to come."))
        if line.began_at is not None and is_before(write, done_at, line.began_at):
            problems.append(Problem("done_at", "This is before the stay began."))
        if len(self.note.strip()) > model.short_note_limit:
            problems.append(Problem("note", f"Use at most {model.short_note_limit} characters."))
        if item.is_house != (line.stay_id is None):
            problems.append(Problem("item_id", "This item belongs to the house, or to a stay."))
        if problems:
            raise InvalidError(tuple(problems))

    def _reason_fits(self, model: CareModel) -> bool:
        if not self.reason:
            return True
        return self.reason in {value.code for value in model.reasons_for(self.outcome)}


@dataclass(frozen=True)
class UndoAnswer(Command):
    """Take an answer back. It stays readable, with who undid it and when."""

    action: ClassVar[str] = "item.undo"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    answer_id: str

    def apply(self, write: Write) -> str:
        """Mark the answer undone; the item falls due again."""
        row = find(write.writer, _answer, self.answer_id)
        if row["undone_at"] is not None:
            raise InvalidError((Problem("answer_id", "This was undone already."),))
        item = item_of(write, row["item_id"])
        staff_may_answer(write, item)
        about_stay(write, row["stay_id"])
        write.change(_answer, row, undone_at=write.now_ms)
        refresh_item(write, row["stay_id"], item)
        return self.answer_id


@dataclass(frozen=True)
class SignAnswer(Command):
    """Add another person's signature; the item closes when enough people have signed."""

    action: ClassVar[str] = "item.sign"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.CARE | Area.DUE

    answer_id: str

    def apply(self, write: Write) -> str:
        """Insert the signature, and close the answer when it is the last one needed."""
        row = find(write.writer, _answer, self.answer_id)
        item = item_of(write, row["item_id"])
        staff_may_answer(write, item)
        about_stay(write, row["stay_id"])
        if row["undone_at"] is not None or row["closed_at"] is not None:
            raise InvalidError((Problem("answer_id", "This does not wait for a signature."),))
        signer = write.who.staff.id
        if write.writer.value(_SIGNED_BY, answer_id=row["id"], staff_id=signer) is not None:
            raise InvalidError(
                (Problem("answer_id", "You have signed this. A second person must sign too."),)
            )
        _sign(write, row["id"], item)
        if write.writer.value(_SIGNED, answer_id=row["id"]) >= item.signatures:
            write.change(_answer, row, closed_at=write.now_ms)
            refresh_item(write, row["stay_id"], item)
        return self.answer_id


# Shared by commands


def _note_place(public_id: str) -> str:
    return NOTE.place(public_id)


def _compartment(item: ChecklistItem, resident_id: int | None) -> Compartment:
    """Return who may open a note on an item; one about the house is about nobody."""
    return GENERAL if resident_id is None else Compartment(item.record_class)


def item_of(write: Write, item_id: str) -> ChecklistItem:
    """Return an item of the care model.

    Raises:
        InvalidError: when there is no such item.
    """
    item = write.care_model.items.get(item_id)
    if item is None:
        raise InvalidError((Problem("item_id", "This item is not in the care model."),))
    return item


def staff_may_answer(write: Write, item: ChecklistItem) -> None:
    """Pass when the person reads the item's record class, or has the role it is given to.

    Raises:
        NotPermittedError: when neither is so.
    """
    if not write.access.may_answer(item.id):
        raise NotPermittedError


def acting_role(write: Write, item: ChecklistItem) -> str:
    """Return the role the person acts in: the item's, where they hold it."""
    roles = write.who.staff.roles
    return item.role if item.role in roles else roles[0]


def _sign(write: Write, answer_id: int, item: ChecklistItem) -> None:
    write.add(
        schema.item_signature,
        answer_id=answer_id,
        staff_id=write.who.staff.id,
        role=acting_role(write, item),
        signed_at=write.now_ms,
    )

"""Telling those who must be told, saying why not, and the contact rules that bind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.care import AnswerItem, item_of
from shelter_desk.desk.happenings import about_stay
from shelter_desk.desk.incident_words import sealed_words
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.missing_rows import refuse, seal, unknown
from shelter_desk.desk.notices import UNDECIDED, rules_of
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.sealing import INVESTIGATION
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.missing import CONTACT_PEOPLE, FORBIDDEN, START
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import contact_rule, incident, missing_episode, notice
from shelter_desk.store.sql import Statement

_LONGEST = 120
_NO_NEED = "no-such-need"
_stay, _due = schema.stay, schema.due_item

_RULE = Statement(
    select(contact_rule).where(
        contact_rule.c.stay_id == bindparam("stay_id"),
        contact_rule.c.person == bindparam("person"),
    )
)
_SAME_ITEM = Statement(
    select(notice.c.told_at, notice.c.reason).where(
        notice.c.episode_id == bindparam("episode_id"),
        notice.c.stage == bindparam("stage"),
        notice.c.item_id == bindparam("item_id"),
    )
)
_IS_DUE = Statement(
    select(_due.c.id).where(
        _due.c.stay_id == bindparam("stay_id"),
        _due.c.item_id == bindparam("item_id"),
        _due.c.occurrence == bindparam("occurrence"),
    )
)


@dataclass(frozen=True)
class Tell(Command):
    """Somebody was told: who was reached, when, and the number they gave for it."""

    action: ClassVar[str] = "notice.told"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.INCIDENTS | Area.CARE | Area.DUE

    notice_id: str
    told_at: datetime | None = None
    whom: str = ""
    reference: str = ""

    def apply(self, write: Write) -> str:
        """Answer the notice, and the checklist item it is."""
        row, stay_id = _owed(write, self.notice_id)
        told_at = self.told_at or write.now
        self._check(write, row, stay_id, told_at)
        write.change(
            notice,
            row,
            told_at=milliseconds(told_at),
            whom_sealed=_sealed(write, row, "whom", self.whom),
            reference_sealed=_sealed(write, row, "reference", self.reference),
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
        )
        _answer_item(write, row, stay_id, told_at)
        write.reason = row["recipient"]
        write.undo = TakeBackNotice(self.notice_id)
        return self.notice_id

    def _check(self, write: Write, row: RowValues, stay_id: int | None, told_at: datetime) -> None:
        problems = []
        if told_at > write.now:
            problems.append(Problem("told_at", "This is still to come."))
        if not self.whom.strip():
            problems.append(Problem("whom", "Enter who was reached, or the name of the desk."))
        problems += [
            Problem(name, f"Use at most {_LONGEST} characters.")
            for name in ("whom", "reference")
            if len(getattr(self, name)) > _LONGEST
        ]
        if row["recipient"] in CONTACT_PEOPLE and stay_id is not None:
            problems += _barred(write, stay_id, row["recipient"])
        if problems:
            raise InvalidError(tuple(problems))


@dataclass(frozen=True)
class NeedNotTell(Command):
    """Nobody has to be told, for a reason of the list."""

    action: ClassVar[str] = "notice.reason"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.INCIDENTS | Area.CARE | Area.DUE

    notice_id: str
    reason: str

    def apply(self, write: Write) -> str:
        """Answer the notice with its reason."""
        row, stay_id = _owed(write, self.notice_id)
        problems = unknown(write, "notice-reasons", "reason", (self.reason,))
        if problems:
            raise InvalidError(tuple(problems))
        write.change(
            notice,
            row,
            reason=self.reason,
            staff_id=write.who.staff.id,
            entered_at=write.now_ms,
        )
        _answer_item(write, row, stay_id, write.now)
        write.reason = f"{row['recipient']}:{self.reason}"
        write.undo = TakeBackNotice(self.notice_id)
        return self.notice_id


@dataclass(frozen=True)
class TakeBackNotice(Command):
    """It was not so: the notice is owed again. What was written stays in the trail."""

    action: ClassVar[str] = "notice.open-again"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING | Area.INCIDENTS | Area.CARE | Area.DUE

    notice_id: str

    def apply(self, write: Write) -> str:
        """Empty the answer. The item it answered stays answered; it is undone where it stands.

        Of what is over nothing is owed any more, so its answers stay.
        """
        row = find(write.writer, notice, self.notice_id)
        _about(write, row)
        if _is_over(write, row):
            refuse("notice_id", "This is closed. Its answers stay as they are.")
        write.change(
            notice,
            row,
            told_at=None,
            reason=None,
            whom_sealed=None,
            reference_sealed=None,
            staff_id=None,
            entered_at=None,
        )
        return self.notice_id


@dataclass(frozen=True)
class SetContactRule(Command):
    """Say whether somebody of the resident's may be told, and by whom."""

    action: ClassVar[str] = "contact.rule"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.MISSING

    stay_id: str
    person: str
    rule: str

    def apply(self, write: Write) -> str:
        """Insert or change the rule."""
        stay = stay_that_goes_on(write, self.stay_id)
        write.about(stay["resident_id"])
        problems = unknown(write, "contact-people", "person", (self.person,))
        problems += unknown(write, "contact-rules", "rule", (self.rule,))
        if problems:
            raise InvalidError(tuple(problems))
        row = write.writer.row(_RULE, stay_id=stay["id"], person=self.person)
        if row is None:
            write.add(contact_rule, stay_id=stay["id"], person=self.person, rule=self.rule)
        else:
            kept = dict(zip(contact_rule.c.keys(), row, strict=True))
            holds = rules_of(write.writer, stay["id"])[self.person]
            if holds != self.rule == kept["rule"]:
                # A joined record is stricter: to say it again is to decide it, knowing both.
                write.change(contact_rule, kept, rule=UNDECIDED)
            write.change(contact_rule, kept, rule=self.rule)
        write.reason = f"{self.person}:{self.rule}"
        return self.stay_id


# Shared by commands


def _about(write: Write, row: RowValues) -> int | None:
    """Say whom the event is about; return the key of the stay, or None for the house."""
    if row["episode_id"] is None:
        return None
    stay_id = int(get(write.writer, missing_episode, row["episode_id"])["stay_id"])
    about_stay(write, stay_id)
    return stay_id


def _is_over(write: Write, row: RowValues) -> bool:
    """Say whether what the notice is about was closed or taken back."""
    if row["episode_id"] is not None:
        of = get(write.writer, missing_episode, row["episode_id"])
    else:
        of = get(write.writer, incident, row["incident_id"])
    return of["closed_at"] is not None or of["withdrawn_at"] is not None


def _owed(write: Write, notice_id: str) -> tuple[RowValues, int | None]:
    row = find(write.writer, notice, notice_id)
    stay_id = _about(write, row)
    if row["told_at"] is not None or row["reason"] is not None:
        refuse("notice_id", "This has an answer already. Take it back first.")
    return row, stay_id


def _sealed(write: Write, row: RowValues, field: str, text: str) -> bytes | None:
    text = text.strip()
    if not text:
        return None
    place = f"notice:{row['public_id']}:{field}"
    if row["episode_id"] is None:
        return sealed_words(write, get(write.writer, incident, row["incident_id"]), place, text)
    episode = get(write.writer, missing_episode, row["episode_id"])
    if episode["closed_at"] is not None:
        return write.seal(place, text, INVESTIGATION)
    return seal(write, episode["public_id"], place, text, INVESTIGATION)


def _barred(write: Write, stay_id: int, person: str) -> list[Problem]:
    rule = rules_of(write.writer, stay_id).get(person, UNDECIDED)
    if rule == UNDECIDED:
        return [Problem("whom", "First choose the contact rule for this person.")]
    if rule in FORBIDDEN:
        words = write.care_model.label("contact-rules", rule)
        return [Problem("whom", f"The contact rule says: {words}.")]
    return []


def _answer_item(write: Write, row: RowValues, stay_id: int | None, at: datetime) -> None:
    """Tick the checklist item of a notice once every notice of that item has its answer."""
    if stay_id is None or row["item_id"] is None:
        return
    same = write.writer.rows(
        _SAME_ITEM, episode_id=row["episode_id"], stage=row["stage"], item_id=row["item_id"]
    )
    if any(told is None and reason is None for told, reason in same):
        return
    was_told = any(told is not None for told, _ in same)
    episode = get(write.writer, missing_episode, row["episode_id"])
    keys = episode["start_key"] if row["stage"] == START else episode["return_keys"]
    occurrence = f"event:{keys.split()[0]}"
    due = write.writer.value(
        _IS_DUE, stay_id=stay_id, item_id=row["item_id"], occurrence=occurrence
    )
    if due is None:
        return
    stay = get(write.writer, _stay, stay_id)
    AnswerItem(
        stay["public_id"],
        row["item_id"],
        occurrence,
        outcome="done" if was_told else "not-applicable",
        done_at=at,
        reason=None if was_told else _NO_NEED,
    ).record(write, item_of(write, row["item_id"]))

"""The shift log, as acts: a line is written, corrected by another, or taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Write, milliseconds
from shelter_desk.desk.findable import HOUSE_LINE, LINE_COPY, NotePlace, index_note
from shelter_desk.desk.house_words import LINE, seal_words
from shelter_desk.desk.merge_rules import stay_that_goes_on
from shelter_desk.desk.missing_rows import refuse, unknown
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.sealing import GENERAL
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.naming import Named, keys_in, marked, names_of
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_shift import shift_line, shift_line_person
from shelter_desk.store.sql import Statement

CHIPS = "shift-chips"
LONGEST = 280
"""Characters of a line: what staff need to know, not a story."""

_stay, _resident, _index = schema.stay, schema.resident, schema.resident_index
_HERE = Statement(
    select(_stay.c.public_id, _index.c.called, _resident.c.case_code)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id)
    .where(_stay.c.ended_at.is_(None))
)
_ONE = Statement(
    select(_stay.c.public_id, _index.c.called, _resident.c.case_code)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id)
    .where(_stay.c.public_id == bindparam("stay_id"))
)
_PEOPLE = Statement(
    select(_stay.c.resident_id)
    .join(shift_line_person, shift_line_person.c.stay_id == _stay.c.id)
    .where(shift_line_person.c.line_id == bindparam("line_id"))
)


@dataclass(frozen=True, slots=True)
class LineWords:
    """What a line says, and about whom: stays, codes of shift-chips, a few words of text."""

    stays: tuple[str, ...] = ()
    chips: tuple[str, ...] = ()
    text: str = ""
    must_know: bool = False


@dataclass(frozen=True)
class WriteLine(Command):
    """Write a line of the shift log. `happened_at` None means now.

    Whoever is here and named in the text is on the line too, chosen or not.
    """

    action: ClassVar[str] = "shift-line.write"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SHIFT

    words: LineWords
    happened_at: datetime | None = None

    def apply(self, write: Write) -> str:
        """Insert the line."""
        public_id = _add(write, self.words, self.happened_at, corrects=None)
        write.undo = WithdrawLine(public_id)
        return public_id


@dataclass(frozen=True)
class CorrectLine(Command):
    """Write a line that takes the place of another; the former stays readable."""

    action: ClassVar[str] = "shift-line.correct"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SHIFT

    line_id: str
    words: LineWords
    happened_at: datetime | None = None

    def apply(self, write: Write) -> str:
        """Insert the correction and mark the former line."""
        former = _standing(write, self.line_id)
        write.change(shift_line, former, replaced_at=write.now_ms)
        public_id = _add(write, self.words, self.happened_at, corrects=former)
        write.undo = WithdrawLine(public_id)
        return public_id


@dataclass(frozen=True)
class WithdrawLine(Command):
    """Take a line back. It stays readable; what it corrected stands again."""

    action: ClassVar[str] = "shift-line.withdraw"
    needs: ClassVar[May] = May.WRITE_CARE
    touches: ClassVar[Area] = Area.SHIFT

    line_id: str

    def apply(self, write: Write) -> str:
        """Mark the line withdrawn."""
        row = _standing(write, self.line_id)
        residents = [key for (key,) in write.writer.rows(_PEOPLE, line_id=row["id"])]
        _about(write, residents)
        write.change(shift_line, row, withdrawn_at=write.now_ms)
        if row["corrects_id"] is not None:
            former = get(write.writer, shift_line, row["corrects_id"])
            write.change(shift_line, former, replaced_at=None)
        return self.line_id


def _standing(write: Write, line_id: str) -> RowValues:
    row = find(write.writer, shift_line, line_id)
    if row["replaced_at"] is not None or row["withdrawn_at"] is not None:
        refuse("line_id", "This line was corrected or taken back already.")
    return row


def _about(write: Write, residents: Sequence[int]) -> None:
    if len(residents) == 1:
        write.about(residents[0])


@dataclass
class _Linked:
    """Whom a line is about, in the order they were chosen; the text with marks for names."""

    stays: list[RowValues] = field(default_factory=list)
    text: str = ""


def _add(
    write: Write, words: LineWords, happened_at: datetime | None, corrects: RowValues | None
) -> str:
    _check(write, words, happened_at)
    linked = _linked(write, words)
    _about(write, [stay["resident_id"] for stay in linked.stays])
    happened_ms = write.now_ms if happened_at is None else milliseconds(happened_at)
    if happened_at is None and corrects is not None:
        happened_ms = corrects["happened_at"]
    public_id = write.new_public_id()
    words_of_house = "" if linked.stays else linked.text
    house_day_id, sealed = seal_words(write, LINE.place(public_id), words_of_house)
    row_id = write.add(
        shift_line,
        public_id=public_id,
        happened_at=happened_ms,
        entered_at=write.now_ms,
        staff_id=write.who.staff.id,
        chips=" ".join(words.chips),
        words_sealed=sealed,
        house_day_id=house_day_id,
        must_know=int(words.must_know),
        corrects_id=None if corrects is None else corrects["id"],
    )
    if words_of_house:
        index_note(write, NotePlace(HOUSE_LINE, public_id, public_id), words_of_house)
    for stay in linked.stays:
        _add_person(write, (row_id, public_id), stay, linked.text)
    return public_id


def _add_person(write: Write, line: tuple[int, str], stay: RowValues, text: str) -> None:
    public_id, (row_id, line_id) = write.new_public_id(), line
    sealed = None
    if text:
        place = text_place(public_id)
        sealed = write.seal(place, text, GENERAL, stay["resident_id"])
    write.add(
        shift_line_person,
        public_id=public_id,
        line_id=row_id,
        stay_id=stay["id"],
        text_sealed=sealed,
    )
    at = NotePlace(LINE_COPY, line_id, public_id, stay["id"], stay["resident_id"])
    index_note(write, at, text)


def text_place(person_id: str) -> str:
    """Return the place that one person's copy of a line is sealed for."""
    return f"shift_line_person:{person_id}:text"


def _linked(write: Write, words: LineWords) -> _Linked:
    here = {row[0]: row for row in write.writer.rows(_HERE)}
    people: list[Named] = []
    for stay_id in words.stays:
        row = here.get(stay_id) or write.writer.row(_ONE, stay_id=stay_id)
        if row is not None:
            people += names_of(*row, as_written=True)
    for stay_id, called, code in here.values():
        if stay_id not in words.stays:
            people += names_of(stay_id, called, code, as_written=True)
    text = marked(words.text.strip(), people)
    found = (stay_that_goes_on(write, key) for key in _all_named(words.stays, text))
    return _Linked(list({stay["id"]: stay for stay in found}.values()), text)


def _all_named(chosen: Iterable[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*chosen, *keys_in(text))))


def _check(write: Write, words: LineWords, happened_at: datetime | None) -> None:
    problems = unknown(write, CHIPS, "chips", words.chips)
    groups = {value.code: value.extra["group"] for value in write.care_model.values(CHIPS)}
    chosen = [groups.get(code) for code in words.chips]
    if len(set(chosen)) < len(chosen):
        problems.append(Problem("chips", "Choose one word of a kind."))
    if not words.chips and not words.text.strip():
        problems.append(Problem("text", "Choose a word, or write a few."))
    if len(words.text.strip()) > LONGEST:
        problems.append(Problem("text", f"Use at most {LONGEST} characters."))
    if happened_at is not None and happened_at > write.now:
        problems.append(Problem("happened_at", "This is still to come."))
    if problems:
        raise InvalidError(tuple(problems))

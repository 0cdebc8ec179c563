"""What finding reads, kept up to date by the commands that write names and notes.

Everything here is derived and can be made anew. Three rules keep it as closed as its sources:
words of the general compartment stand as words; names, and words of notes of every other
compartment, stand as marks that only its holders can make; where a young person was looked for is
not here at all. What somebody writes who does not read its class waits for the next reader of the
class who signs in (`unmarked`). Whoever destroys a resident's keys must call `forget_resident`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Delete, Table, bindparam, select

from shelter_desk.desk.base import Write
from shelter_desk.desk.sealing import GENERAL, IDENTITY, Compartment, Sealer
from shelter_desk.domain.naming import bare
from shelter_desk.domain.people import folded
from shelter_desk.domain.sounds import sounds, words_of
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_finding import (
    INDEXED_LETTERS,
    identity_mark,
    note_place,
    note_words,
    resident_word,
)
from shelter_desk.store.schema_keys import unmarked
from shelter_desk.store.sql import Statement, insert_into

ANSWER, ENTRY, INCIDENT, PART, STEP = "answer", "entry", "incident", "part", "step"
LINE_COPY, HOUSE_LINE = "line", "house-line"
"""A resident's copy of a line of the shift log, and a line that is about nobody."""
SHORTEST_MARK, LONGEST_MARK = 3, 10
SHORTEST_WORD = 2
_WORD_MARK = "word:"
_WORD = re.compile(r"[^\W_]+")

_ADD_WORD = insert_into(resident_word, ("resident_id", "rest", "sound"))
_ADD_MARK = insert_into(identity_mark, ("resident_id", "mark"))
_ADD_PLACE = insert_into(
    note_place,
    ("resident_id", "stay_id", "staff_id", "kind", "place", "subject", "written_at"),
)
_ADD_WORDS = Statement(
    note_words.insert().values(rowid=bindparam("rowid"), words=bindparam("words"))
)
_ADD_UNMARKED = insert_into(unmarked, ("compartment", "resident_id", "note_id"))
_DROP_UNMARKED_NAMES = Statement(
    unmarked.delete().where(
        unmarked.c.resident_id == bindparam("resident_id"), unmarked.c.note_id.is_(None)
    )
)
_DROP_UNMARKED_NOTE = Statement(unmarked.delete().where(unmarked.c.note_id == bindparam("id")))
_DROP_UNMARKED = Statement(
    unmarked.delete().where(unmarked.c.resident_id == bindparam("resident_id"))
)
_PLACE_OF = Statement(select(note_place.c.id).where(note_place.c.subject == bindparam("subject")))
_PLACES_OF = Statement(
    select(note_place.c.id).where(note_place.c.resident_id == bindparam("resident_id"))
)
_PLACES_IN = Statement(
    select(note_place.c.id).where(
        note_place.c.place == bindparam("place"), note_place.c.kind.in_((INCIDENT, PART, STEP))
    )
)
_DROP_PLACE = Statement(note_place.delete().where(note_place.c.id == bindparam("id")))
_DROP_NOTE_WORDS = Statement(note_words.delete().where(note_words.c.rowid == bindparam("id")))


def _of_resident(table: Table) -> Delete:
    return table.delete().where(table.c.resident_id == bindparam("resident_id"))


_DROP_WORDS = Statement(_of_resident(resident_word))
_DROP_MARKS = Statement(_of_resident(identity_mark))


@dataclass(frozen=True, slots=True)
class NotePlace:
    """Where a note stands: `place` is an item, a service, or what an incident or a line is called.

    What is None is as the command has it: the resident it is about, who writes, and now.
    """

    kind: str
    place: str
    subject: str
    stay_id: int | None = None
    resident_id: int | None = None
    staff_id: int | None = None
    written_at: int | None = None


def letters_of(text: str) -> tuple[str, ...]:
    """Return the words of a note or a query: folded letters and digits, each once.

    Marks for names in a line of the shift log are no words.
    """
    return tuple(dict.fromkeys(_WORD.findall(folded(bare(text)))))


def marks_of(name: str) -> frozenset[str]:
    """Return what a name of the identity compartment is found by, before it is marked."""
    found = set()
    for word in words_of(name.replace(",", " ")):
        found.add(f"begins:{word[:LONGEST_MARK]}")
        for size in range(SHORTEST_MARK, min(len(word), LONGEST_MARK)):
            found.add(f"begins:{word[:size]}")
        found |= {f"sounds:{sound}" for sound in sounds(word)}
    return frozenset(found)


def index_called(write: Write, resident_id: int, called: str) -> None:
    """Make a resident findable by each word of the name they like to be called."""
    write.writer.change(_DROP_WORDS, resident_id=resident_id)
    words = words_of(called)
    for place, word in enumerate(words):
        rest = " ".join(words[place:])
        for sound in sorted(sounds(word)) or [""]:
            write.writer.run(_ADD_WORD, resident_id=resident_id, rest=rest, sound=sound)


def index_identity(write: Write, resident_id: int, *names: str) -> None:
    """Make a resident findable by legal and other names, for those who may open them."""
    write.writer.change(_DROP_MARKS, resident_id=resident_id)
    write.writer.change(_DROP_UNMARKED_NAMES, resident_id=resident_id)
    if not write.sealer.may_open(IDENTITY):
        _wait(write, IDENTITY, resident_id, None)
        return
    for text in sorted(frozenset[str]().union(*(marks_of(name) for name in names))):
        mark = write.sealer.mark(write.writer, IDENTITY, text)
        write.writer.run(_ADD_MARK, resident_id=resident_id, mark=mark)


def index_note(write: Write, at: NotePlace, text: str, compartment: Compartment = GENERAL) -> None:
    """Make a note findable by its words; an empty text takes it out.

    What is taken back stays here: finding looks at the record itself, which may be restored.
    """
    _forget_note(write, at.subject)
    if not letters_of(text):
        return
    note_id = _add_place(write, at)
    if compartment == GENERAL or write.sealer.may_open(compartment):
        index_words(write, note_id, text, compartment, as_marks=at.kind == HOUSE_LINE)
        return
    _wait(write, compartment, at.resident_id or write.resident_id, note_id)
    if at.staff_id in (None, write.who.staff.id):
        marks = sorted(own_word_mark(write.sealer, begun) for begun in _begun(text))
        write.writer.run(_ADD_WORDS, rowid=2 * note_id + 1, words=" ".join(marks))


def index_waiting(write: Write, at: NotePlace, compartment: Compartment) -> None:
    """Know of a note that is closed to the person signed in; a reader makes it findable."""
    _forget_note(write, at.subject)
    _wait(write, compartment, at.resident_id or write.resident_id, _add_place(write, at))


def index_words(
    write: Write, note_id: int, text: str, compartment: Compartment, *, as_marks: bool = False
) -> None:
    """Make a note that stands in the index already findable by readers of its class.

    `as_marks`: also where everybody reads it. Words about the house stand nowhere as words.
    """
    write.writer.change(_DROP_UNMARKED_NOTE, id=note_id)
    found: Iterable[str] = letters_of(text)
    if as_marks or compartment != GENERAL:
        marks = (
            write.sealer.mark(write.writer, compartment, _WORD_MARK + begun)
            for begun in _begun(text)
        )
        found = sorted(_spelt(mark) for mark in marks)
    write.writer.run(_ADD_WORDS, rowid=2 * note_id, words=" ".join(found))


def word_marks(sealer: Sealer, reader: Reader, compartment: Compartment, word: str) -> list[str]:
    """Return what a word typed is looked for as in a compartment: once for each of its keys."""
    wanted = _WORD_MARK + word[:INDEXED_LETTERS]
    return [_spelt(mark) for mark in sealer.marks(reader, compartment, wanted)]


def own_word_mark(sealer: Sealer, word: str) -> str:
    """Return what a word typed is looked for as in one's own notes of closed classes.

    They stand in the index just after the note itself: see `note_words`.
    """
    return _spelt(sealer.own_mark(_WORD_MARK + word[:INDEXED_LETTERS]))


def _begun(text: str) -> set[str]:
    return {
        word[:size]
        for word in letters_of(text)
        for size in range(SHORTEST_WORD, min(len(word), INDEXED_LETTERS) + 1)
    }


def _spelt(mark: bytes) -> str:
    return mark[:8].hex()


def _wait(
    write: Write, compartment: Compartment, resident_id: int | None, note_id: int | None
) -> None:
    values = {"resident_id": resident_id, "note_id": note_id}
    write.writer.run(_ADD_UNMARKED, compartment=compartment.value, **values)


def _add_place(write: Write, at: NotePlace) -> int:
    return write.writer.run(
        _ADD_PLACE,
        resident_id=write.resident_id if at.resident_id is None else at.resident_id,
        stay_id=at.stay_id,
        staff_id=write.who.staff.id if at.staff_id is None else at.staff_id,
        kind=at.kind,
        place=at.place,
        subject=at.subject,
        written_at=write.now_ms if at.written_at is None else at.written_at,
    )


def _forget_note(write: Write, subject: str) -> None:
    row_id = write.writer.value(_PLACE_OF, subject=subject)
    if row_id is not None:
        _drop_note(write, row_id)


def forget_resident(write: Write, resident_id: int) -> None:
    """Take out everything a resident can be found by."""
    write.writer.change(_DROP_WORDS, resident_id=resident_id)
    write.writer.change(_DROP_MARKS, resident_id=resident_id)
    write.writer.change(_DROP_UNMARKED, resident_id=resident_id)
    for (row_id,) in write.writer.rows(_PLACES_OF, resident_id=resident_id):
        _drop_note(write, row_id)


def forget_incident(write: Write, incident_id: str) -> None:
    """Take out everything that is said of an incident, by its public id."""
    for (row_id,) in write.writer.rows(_PLACES_IN, place=incident_id):
        _drop_note(write, row_id)


def _drop_note(write: Write, row_id: int) -> None:
    for one in (2 * row_id, 2 * row_id + 1):
        write.writer.change(_DROP_NOTE_WORDS, id=one)
    write.writer.change(_DROP_UNMARKED_NOTE, id=row_id)
    write.writer.change(_DROP_PLACE, id=row_id)

"""What finding reads, kept up to date by the commands that write names and notes.

Everything here is derived and can be made anew. Three rules keep it as closed as its sources:
words of the general compartment stand as words; names of the identity compartment stand as marks
that only its holders can make; clinical fields, and where a young person was looked for, are not
here at all. Whoever destroys a resident's keys must call `forget_resident` too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Delete, Table, bindparam, select

from shelter_desk.desk.base import Write
from shelter_desk.desk.sealing import IDENTITY
from shelter_desk.domain.people import folded
from shelter_desk.domain.sounds import sounds, words_of
from shelter_desk.store.schema_finding import (
    identity_mark,
    note_place,
    note_words,
    resident_word,
)
from shelter_desk.store.sql import Statement, insert_into

ANSWER, ENTRY, INCIDENT, PART, STEP = "answer", "entry", "incident", "part", "step"
SHORTEST_MARK, LONGEST_MARK = 3, 10
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
_PLACE_OF = Statement(select(note_place.c.id).where(note_place.c.subject == bindparam("subject")))
_PLACES_OF = Statement(
    select(note_place.c.id).where(note_place.c.resident_id == bindparam("resident_id"))
)
_DROP_PLACE = Statement(note_place.delete().where(note_place.c.id == bindparam("id")))
_DROP_NOTE_WORDS = Statement(note_words.delete().where(note_words.c.rowid == bindparam("id")))


def _of_resident(table: Table) -> Delete:
    return table.delete().where(table.c.resident_id == bindparam("resident_id"))


_DROP_WORDS = Statement(_of_resident(resident_word))
_DROP_MARKS = Statement(_of_resident(identity_mark))


@dataclass(frozen=True, slots=True)
class NotePlace:
    """Where a note stands: `place` is an item, a service, or the public id of an incident.

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
    """Return the words of a note or a query: folded letters and digits, each once."""
    return tuple(dict.fromkeys(_WORD.findall(folded(text))))


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
    for text in sorted(frozenset[str]().union(*(marks_of(name) for name in names))):
        mark = write.sealer.mark(IDENTITY, text)
        write.writer.run(_ADD_MARK, resident_id=resident_id, mark=mark)


def index_note(write: Write, at: NotePlace, text: str) -> None:
    """Make a note findable by its words; an empty text takes it out.

    What is taken back stays here: finding looks at the record itself, which may be restored.
    """
    _forget_note(write, at.subject)
    words = letters_of(text)
    if not words:
        return
    row_id = write.writer.run(
        _ADD_PLACE,
        resident_id=write.resident_id if at.resident_id is None else at.resident_id,
        stay_id=at.stay_id,
        staff_id=write.who.staff.id if at.staff_id is None else at.staff_id,
        kind=at.kind,
        place=at.place,
        subject=at.subject,
        written_at=write.now_ms if at.written_at is None else at.written_at,
    )
    write.writer.run(_ADD_WORDS, rowid=row_id, words=" ".join(words))


def _forget_note(write: Write, subject: str) -> None:
    row_id = write.writer.value(_PLACE_OF, subject=subject)
    if row_id is not None:
        _drop_note(write, row_id)


def forget_resident(write: Write, resident_id: int) -> None:
    """Take out everything a resident can be found by."""
    write.writer.change(_DROP_WORDS, resident_id=resident_id)
    write.writer.change(_DROP_MARKS, resident_id=resident_id)
    for (row_id,) in write.writer.rows(_PLACES_OF, resident_id=resident_id):
        _drop_note(write, row_id)


def _drop_note(write: Write, row_id: int) -> None:
    write.writer.change(_DROP_NOTE_WORDS, id=row_id)
    write.writer.change(_DROP_PLACE, id=row_id)

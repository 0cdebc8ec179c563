"""Finding notes by the beginnings of their words while somebody types.

Newest first, and only those that the person asking may read where they stand. The text comes from
the record itself, opened with their keys: what was taken back, or destroyed, is not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby, islice

from sqlalchemy import Select, bindparam, func, select

from shelter_desk.desk.base import Read, asks, moment
from shelter_desk.desk.findable import (
    ANSWER,
    ENTRY,
    HOUSE_LINE,
    INCIDENT,
    LINE_COPY,
    PART,
    STEP,
    letters_of,
    own_word_mark,
    word_marks,
)
from shelter_desk.desk.house_words import opened_house_line, opened_house_note
from shelter_desk.desk.incident_words import incident_named
from shelter_desk.desk.sealing import KeyNotHeldError, Owner, Sealer
from shelter_desk.desk.shift_log import called_in
from shelter_desk.domain.naming import keys_in, told
from shelter_desk.domain.record_classes import INVESTIGATION, View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_finding import (
    INDEXED_LETTERS,
    has_words,
    note_place,
    note_words,
    words_query,
)
from shelter_desk.store.schema_missing import incident, incident_person, incident_step
from shelter_desk.store.schema_shift import shift_line, shift_line_person
from shelter_desk.store.sql import Row, Statement

MOST = 20
LOOKED_THROUGH = 2_000
"""How many notes with these words are looked through, newest first, for those open to you."""
SHORTEST = 2
_stay, _index = schema.stay, schema.resident_index


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note found, and where it stands: `stay_id` of whom it is about, the incident, the line.

    `names` are those of residents that a line of the shift log names.
    """

    text: str
    kind: str
    title: str
    called: str
    stay_id: str | None
    incident_id: str | None
    written_at: datetime
    line_id: str | None = None
    names: tuple[str, ...] = ()


_found = (
    select(note_words.c.rowid)
    .where(has_words("query"))
    .order_by(note_words.c.rowid.desc())
    .limit(LOOKED_THROUGH)
    .subquery("found")
)
_NOTES = Statement(
    select(
        note_place.c.kind,
        note_place.c.place,
        note_place.c.subject,
        note_place.c.resident_id,
        note_place.c.staff_id,
        note_place.c.written_at,
        _index.c.called,
        _stay.c.public_id,
    )
    .select_from(_found)
    .join(note_place, note_place.c.id == _found.c.rowid.op(">>")(1))
    .join(_index, _index.c.resident_id == note_place.c.resident_id, isouter=True)
    .join(_stay, _stay.c.id == note_place.c.stay_id, isouter=True)
    .order_by(_found.c.rowid.desc())
)


@asks(May.READ_RECORDS)
def notes(read: Read, *, text: str) -> tuple[FoundNote, ...]:
    """Return the newest notes with words that begin with each of those typed, at most 20.

    Words of one letter alone find nothing: they would find everything.
    """
    words = letters_of(text)
    if max(map(len, words), default=0) < SHORTEST:
        return ()
    unasked = [word for word in words if not SHORTEST <= len(word) <= INDEXED_LETTERS]
    rows = read.reader.each(_NOTES, query=_query(read, words))
    found = (
        note
        for row, _ in groupby(rows)  # one's own in a class that is open by now stands there twice
        if _may_read(read, row[0], row[1], row[4])
        for note in _note(read, row)
        if not unasked or _has_all(note.text, unasked)
    )
    return tuple(islice(_each_line_once(found), MOST))


def _each_line_once(found: Iterable[FoundNote]) -> Iterator[FoundNote]:
    """Yield notes; of the copies of a line that is about several residents, the newest."""
    lines: set[str] = set()
    for note in found:
        if note.line_id not in lines:
            yield note
        if note.line_id is not None:
            lines.add(note.line_id)


def _has_all(text: str, words: Iterable[str]) -> bool:
    """Say whether a text has the words of which the index could look for a part only, or none."""
    there = letters_of(text)
    return all(any(one.startswith(word) for one in there) for word in words)


def _query(read: Read, words: tuple[str, ...]) -> str:
    """Return the query for the words themselves, and for their marks in what is open to them."""
    ways = [words_query(words)]
    long = [word for word in words if len(word) >= SHORTEST]
    for name in read.sealer.held():  # the general one too: lines about the house stand as marks
        marked = [word_marks(read.sealer, read.reader, name, word) for word in long]
        ways += [" ".join(f'"{mark}"' for mark in way) for way in zip(*marked, strict=True)]
    own = [own_word_mark(read.sealer, word) for word in long]
    ways.append(" ".join(f'"{mark}"' for mark in own))
    return " OR ".join(f"({way})" for way in ways)


def _may_read(read: Read, kind: str, place: str, staff_id: int) -> bool:
    """Say whether a note is open to the person asking: by its record class, or as their own."""
    if staff_id == read.staff.id:
        return True
    if kind == ANSWER:
        return read.access.view(place) is View.OPEN
    if kind == ENTRY:
        return read.access.may_open_service(place)
    if kind in _OF_SHIFT:
        return True  # everybody on shift reads the log
    return read.access.may_open(INVESTIGATION)


# The notes themselves, where they stand

_answer, _entry = schema.item_answer, schema.service_entry
_OF_INCIDENT = frozenset((INCIDENT, PART, STEP))
_OF_SHIFT = frozenset((LINE_COPY, HOUSE_LINE))
_line_gone = func.coalesce(shift_line.c.withdrawn_at, shift_line.c.replaced_at)
_SOURCES: dict[str, Select[tuple[bytes, int | None]]] = {
    ANSWER: select(_answer.c.note_sealed, _answer.c.undone_at).where(
        _answer.c.public_id == bindparam("subject")
    ),
    ENTRY: select(_entry.c.note_sealed, _entry.c.withdrawn_at).where(
        _entry.c.public_id == bindparam("subject")
    ),
    INCIDENT: select(incident.c.note_sealed, incident.c.withdrawn_at).where(
        incident.c.public_id == bindparam("subject")
    ),
    PART: select(
        incident_person.c.note_sealed,
        func.coalesce(incident_person.c.withdrawn_at, incident.c.withdrawn_at),
    )
    .join(incident, incident.c.id == incident_person.c.incident_id)
    .where(incident_person.c.public_id == bindparam("subject")),
    STEP: select(incident_step.c.text_sealed, incident.c.withdrawn_at)
    .join(incident, incident.c.id == incident_step.c.incident_id)
    .where(incident_step.c.public_id == bindparam("subject")),
    LINE_COPY: select(shift_line_person.c.text_sealed, _line_gone)
    .join(shift_line, shift_line.c.id == shift_line_person.c.line_id)
    .where(shift_line_person.c.public_id == bindparam("subject")),
    HOUSE_LINE: select(shift_line.c.words_sealed, _line_gone).where(
        shift_line.c.public_id == bindparam("subject")
    ),
}
TEXT_OF = {kind: Statement(source) for kind, source in _SOURCES.items()}
_SEALED_AT = {
    ANSWER: "item_answer:{}:note",
    ENTRY: "service_entry:{}:note",
    INCIDENT: "incident:{}:note",
    PART: "incident_person:{}:note",
    STEP: "incident_step:{}:text",
    LINE_COPY: "shift_line_person:{}:text",
}
_TITLES = {
    INCIDENT: "Incident",
    PART: "Incident",
    STEP: "Incident, what follows",
    LINE_COPY: "Shift log",
    HOUSE_LINE: "Shift log",
}


def _note(read: Read, row: Row) -> list[FoundNote]:
    kind, place, subject, resident_id, _, at, called, stay_id = row
    text, gone = read.reader.row(TEXT_OF[kind], subject=subject) or (None, at)
    if gone is not None or text is None:
        return []
    try:
        text = opened_note(read.sealer, read.reader, (kind, place, subject, resident_id), text)
    except KeyNotHeldError:
        return []
    return [
        FoundNote(
            text=told(text, partial(called_in, read)) if kind == LINE_COPY else text,
            kind=kind,
            title=_title(read, kind, place),
            called=called or "",
            stay_id=stay_id,
            incident_id=place if kind in _OF_INCIDENT else None,
            written_at=moment(at),
            line_id=place if kind in _OF_SHIFT else None,
            names=tuple(called_in(read, stay) for stay in keys_in(text)),
        )
    ]


def opened_note(
    sealer: Sealer, reader: Reader, at: tuple[str, str, str, int | None], sealed: bytes
) -> str:
    """Return the text of a note; `at`: its kind, place and subject, and whom it is about.

    Raises:
        KeyNotHeldError: when it is closed to the person signed in, or was destroyed.
    """
    kind, place, subject, resident_id = at
    owner: Owner | None = resident_id
    if kind in (INCIDENT, STEP):
        owner = incident_named(reader, place)
    if kind == HOUSE_LINE:
        return opened_house_line(sealer, reader, subject, sealed)
    if owner is None:
        return opened_house_note(sealer, reader, subject, sealed)
    return sealer.open(reader, owner, _SEALED_AT[kind].format(subject), sealed)


def _title(read: Read, kind: str, place: str) -> str:
    if kind in _TITLES:
        return _TITLES[kind]
    if kind == ENTRY:
        service = read.care_model.services.get(place)
        return service.name if service else place
    item = read.house.listed.get(place)
    return item.item.text if item else place

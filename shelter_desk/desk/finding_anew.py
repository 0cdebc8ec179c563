"""What finding reads, made anew from the records: after a restore, and for older stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, exists, literal, null, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.findable import (
    ANSWER,
    ENTRY,
    HOUSE_LINE,
    INCIDENT,
    LINE_COPY,
    PART,
    STEP,
    NotePlace,
    index_called,
    index_identity,
    index_note,
    index_waiting,
    index_words,
)
from shelter_desk.desk.finding_notes import TEXT_OF, opened_note
from shelter_desk.desk.sealing import (
    IDENTITY,
    Compartment,
    KeyNotHeldError,
    Sealer,
    resident_place,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.keys.fields import sealed_in
from shelter_desk.store.schema_finding import identity_mark, note_place, resident_word
from shelter_desk.store.schema_keys import unmarked
from shelter_desk.store.schema_missing import incident, incident_person, incident_step
from shelter_desk.store.schema_removal import removal
from shelter_desk.store.schema_shift import shift_line, shift_line_person
from shelter_desk.store.sql import Row, Statement

_resident, _stay = schema.resident, schema.stay
_answer, _entry = schema.item_answer, schema.service_entry

_NAMES_BEHIND = Statement(
    select(exists().select_from(schema.resident_index) & ~exists().select_from(resident_word))
)
IS_ON_LISTS = ~exists().where(
    removal.c.resident_id == schema.resident.c.id, removal.c.back_at.is_(None)
)
"""Whether a resident's record was not taken away: no list and no search may show those."""
_has_identity = _resident.c.legal_name_sealed.is_not(None)
_IDENTITIES_BEHIND = Statement(
    select(
        exists().select_from(_resident).where(_has_identity, IS_ON_LISTS)
        & ~exists().select_from(identity_mark)
    )
)
_TAKEN_AWAY = Statement(select(removal.c.resident_id).where(removal.c.back_at.is_(None)))
_PEOPLE = Statement(
    select(_resident.c.id, _resident.c.public_id, _resident.c.called_sealed).where(IS_ON_LISTS)
)
_IDENTITIES = Statement(
    select(
        _resident.c.id,
        _resident.c.public_id,
        _resident.c.legal_name_sealed,
        _resident.c.also_known_sealed,
    ).where(_has_identity | _resident.c.also_known_sealed.is_not(None), IS_ON_LISTS)
)
_WHOSE_NAMES = Statement(
    select(
        _resident.c.id,
        _resident.c.public_id,
        _resident.c.legal_name_sealed,
        _resident.c.also_known_sealed,
    ).where(_resident.c.id == bindparam("resident_id"))
)
_WAITED_FOR = Statement(select(unmarked.c.compartment).distinct())
_WAITING = Statement(
    select(
        unmarked.c.resident_id,
        note_place.c.id,
        note_place.c.kind,
        note_place.c.place,
        note_place.c.subject,
    )
    .join(note_place, note_place.c.id == unmarked.c.note_id, isouter=True)
    .where(unmarked.c.compartment == bindparam("compartment"))
)
_NOTES = (
    Statement(
        select(
            literal(ANSWER), _answer.c.item_id, _answer.c.public_id, _answer.c.stay_id,
            _stay.c.resident_id, _answer.c.staff_id, _answer.c.entered_at, _answer.c.note_sealed,
        )
        .join(_stay, _stay.c.id == _answer.c.stay_id, isouter=True)
        .where(_answer.c.note_sealed.is_not(None), _answer.c.undone_at.is_(None))
        .order_by(_answer.c.id)
    ),
    Statement(
        select(
            literal(ENTRY), _entry.c.service_id, _entry.c.public_id, _entry.c.stay_id,
            _stay.c.resident_id, _entry.c.staff_id, _entry.c.entered_at, _entry.c.note_sealed,
        )
        .join(_stay, _stay.c.id == _entry.c.stay_id)
        .where(_entry.c.note_sealed.is_not(None), _entry.c.withdrawn_at.is_(None))
        .order_by(_entry.c.id)
    ),
    Statement(
        select(
            literal(INCIDENT), incident.c.public_id, incident.c.public_id, null(),
            null(), incident.c.staff_id, incident.c.entered_at, incident.c.note_sealed,
        ).where(incident.c.note_sealed.is_not(None), incident.c.withdrawn_at.is_(None))
    ),
    Statement(
        select(
            literal(PART), incident.c.public_id, incident_person.c.public_id, _stay.c.id,
            _stay.c.resident_id, incident.c.staff_id, incident.c.entered_at,
            incident_person.c.note_sealed,
        )
        .join(incident, incident.c.id == incident_person.c.incident_id)
        .join(_stay, _stay.c.id == incident_person.c.stay_id)
        .where(incident_person.c.note_sealed.is_not(None), incident.c.withdrawn_at.is_(None))
    ),
    Statement(
        select(
            literal(STEP), incident.c.public_id, incident_step.c.public_id, null(),
            null(), incident.c.staff_id, incident.c.entered_at, incident_step.c.text_sealed,
        ).join(incident, incident.c.id == incident_step.c.incident_id)
    ),
    Statement(
        select(
            literal(LINE_COPY), shift_line.c.public_id, shift_line_person.c.public_id, _stay.c.id,
            _stay.c.resident_id, shift_line.c.staff_id, shift_line.c.entered_at,
            shift_line_person.c.text_sealed,
        )
        .join(shift_line, shift_line.c.id == shift_line_person.c.line_id)
        .join(_stay, _stay.c.id == shift_line_person.c.stay_id)
        .where(shift_line_person.c.text_sealed.is_not(None))
        .order_by(shift_line_person.c.id)
    ),
    Statement(
        select(
            literal(HOUSE_LINE), shift_line.c.public_id, shift_line.c.public_id, null(),
            null(), shift_line.c.staff_id, shift_line.c.entered_at, shift_line.c.words_sealed,
        )
        .where(shift_line.c.words_sealed.is_not(None), shift_line.c.withdrawn_at.is_(None))
        .order_by(shift_line.c.id)
    ),
)  # fmt: skip


@asks(May.READ_RECORDS)
def is_behind(read: Read) -> bool:
    """Say whether names or notes are in the records that finding does not know yet."""
    if any(read.sealer.may_open(name) for name in _waited_for(read.reader)):
        return True
    return _all_behind(read.reader, read.sealer)


@dataclass(frozen=True)
class MakeFindable(Command):
    """Make what finding reads anew: older records did not have it."""

    action: ClassVar[str] = "records.findable"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    def apply(self, write: Write) -> str:
        """Write what was waiting for a reader of its class; in older records, everything."""
        if _all_behind(write.writer, write.sealer):
            make_findable(write)
            return ""
        for name in _waited_for(write.writer):
            if write.sealer.may_open(name):
                _make_waiting(write, name)
        return ""


def _waited_for(reader: Reader) -> list[Compartment]:
    return [Compartment(name) for (name,) in reader.rows(_WAITED_FOR)]


def _all_behind(reader: Reader, sealer: Sealer) -> bool:
    if reader.value(_NAMES_BEHIND):
        return True
    return sealer.may_open(IDENTITY) and bool(reader.value(_IDENTITIES_BEHIND))


def _make_waiting(write: Write, compartment: Compartment) -> None:
    for resident_id, note_id, kind, place, subject in write.writer.rows(
        _WAITING, compartment=compartment.value
    ):
        if note_id is None:
            _make_identities(write, write.writer.rows(_WHOSE_NAMES, resident_id=resident_id))
            continue
        sealed, _ = write.writer.row(TEXT_OF[kind], subject=subject) or (None, None)
        at = NotePlace(kind, place, subject, resident_id=resident_id)
        text = "" if sealed is None else _note_opened(write, at, sealed)
        index_words(write, note_id, text, compartment)


def make_findable(write: Write) -> None:
    """Write everything finding reads anew.

    Residents whose keys were destroyed, or whose record was taken away, stay out of it.
    """
    for resident_id, public_id, sealed in write.writer.rows(_PEOPLE):
        called = _opened(write, resident_id, resident_place(public_id, "called"), sealed)
        if called:
            index_called(write, resident_id, called)
    _make_identities(write, write.writer.rows(_IDENTITIES))
    taken_away = {resident_id for (resident_id,) in write.writer.rows(_TAKEN_AWAY)}
    for at, note in _notes(write):
        if at.resident_id not in taken_away:
            _make_note(write, at, note)


def make_findable_again(write: Write, resident_id: int) -> None:
    """Write anew what finding reads of one resident who was taken off every list."""
    _make_identities(write, write.writer.rows(_WHOSE_NAMES, resident_id=resident_id))
    for at, note in _notes(write):
        if at.resident_id == resident_id:
            _make_note(write, at, note)


def _make_note(write: Write, at: NotePlace, note: bytes) -> None:
    if at.resident_id is None and at.kind in (ANSWER, HOUSE_LINE):
        index_note(write, at, _note_opened(write, at, note))
        return
    compartment, _ = sealed_in(note)
    if not write.sealer.may_open(compartment):
        index_waiting(write, at, compartment)
        return
    index_note(write, at, _note_opened(write, at, note), compartment)


def _make_identities(write: Write, people: Iterable[Row]) -> None:
    for resident_id, public_id, legal, also in people:
        if not write.sealer.may_open(IDENTITY):
            index_identity(write, resident_id)
            continue
        place = resident_place(public_id, "legal_name")
        other = resident_place(public_id, "also_known")
        try:
            names = (
                write.sealer.open(write.writer, resident_id, place, legal),
                write.sealer.open(write.writer, resident_id, other, also),
            )
        except KeyNotHeldError:
            continue
        index_identity(write, resident_id, *names)


def _notes(write: Write) -> Iterator[tuple[NotePlace, bytes]]:
    for statement in _NOTES:
        for *at, note in write.writer.rows(statement):
            yield NotePlace(*at), note


def _note_opened(write: Write, at: NotePlace, sealed: bytes) -> str:
    where = (at.kind, at.place, at.subject, at.resident_id)
    try:
        return opened_note(write.sealer, write.writer, where, sealed)
    except KeyNotHeldError:
        return ""  # their keys were destroyed: no search may show them again


def _opened(write: Write, resident_id: int, place: str, sealed: bytes) -> str:
    try:
        return write.sealer.open(write.writer, resident_id, place, sealed)
    except KeyNotHeldError:
        return ""  # their keys were destroyed: no search may show them again

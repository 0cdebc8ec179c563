"""What finding reads, made anew from the records: after a restore, and for older stores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import exists, literal, null, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.findable import (
    ANSWER,
    ENTRY,
    INCIDENT,
    PART,
    STEP,
    NotePlace,
    index_called,
    index_identity,
    index_note,
)
from shelter_desk.desk.finding_notes import SEALED_AT
from shelter_desk.desk.sealing import GENERAL, IDENTITY, KeyNotHeldError, resident_place
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_finding import identity_mark, resident_word
from shelter_desk.store.schema_missing import incident, incident_person, incident_step
from shelter_desk.store.sql import Statement

_resident, _stay = schema.resident, schema.stay
_answer, _entry = schema.item_answer, schema.service_entry

_NAMES_BEHIND = Statement(
    select(exists().select_from(schema.resident_index) & ~exists().select_from(resident_word))
)
_has_identity = _resident.c.legal_name_sealed.is_not(None)
_IDENTITIES_BEHIND = Statement(
    select(
        exists().select_from(_resident).where(_has_identity) & ~exists().select_from(identity_mark)
    )
)
_PEOPLE = Statement(select(_resident.c.id, _resident.c.public_id, _resident.c.called_sealed))
_IDENTITIES = Statement(
    select(
        _resident.c.id,
        _resident.c.public_id,
        _resident.c.legal_name_sealed,
        _resident.c.also_known_sealed,
    ).where(_has_identity | _resident.c.also_known_sealed.is_not(None))
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
            null(), incident.c.staff_id, incident.c.entered_at, incident.c.note,
        ).where(incident.c.note != literal(""), incident.c.withdrawn_at.is_(None))
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
            null(), incident.c.staff_id, incident.c.entered_at, incident_step.c.text,
        ).join(incident, incident.c.id == incident_step.c.incident_id)
    ),
)  # fmt: skip


@asks(May.READ_RECORDS)
def is_behind(read: Read) -> bool:
    """Say whether names or notes are in the records that finding does not know yet."""
    if read.reader.value(_NAMES_BEHIND):
        return True
    return read.sealer.may_open(IDENTITY) and bool(read.reader.value(_IDENTITIES_BEHIND))


@dataclass(frozen=True)
class MakeFindable(Command):
    """Make what finding reads anew: older records did not have it."""

    action: ClassVar[str] = "records.findable"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    def apply(self, write: Write) -> str:
        """Write names and notes; identities where they are open to the person signed in."""
        make_findable(write)
        return ""


def make_findable(write: Write) -> None:
    """Write everything finding reads anew. Residents whose keys were destroyed stay out of it."""
    for resident_id, public_id, sealed in write.writer.rows(_PEOPLE):
        called = _opened(write, resident_id, resident_place(public_id, "called"), sealed)
        if called:
            index_called(write, resident_id, called)
    if write.sealer.may_open(IDENTITY):
        _make_identities(write)
    for at, text in _notes(write):
        index_note(write, at, text)


def _make_identities(write: Write) -> None:
    for resident_id, public_id, legal, also in write.writer.rows(_IDENTITIES):
        place = resident_place(public_id, "legal_name")
        other = resident_place(public_id, "also_known")
        try:
            names = (
                write.sealer.open(write.writer, resident_id, place, legal, IDENTITY),
                write.sealer.open(write.writer, resident_id, other, also, IDENTITY),
            )
        except KeyNotHeldError:
            continue
        index_identity(write, resident_id, *names)


def _notes(write: Write) -> Iterator[tuple[NotePlace, str]]:
    for statement in _NOTES:
        for *at, note in write.writer.rows(statement):
            place = NotePlace(*at)
            if isinstance(note, str):
                yield place, note
            elif place.resident_id is None:
                yield place, note.decode()
            else:
                sealed_at = f"{SEALED_AT[place.kind]}:{place.subject}:note"
                yield place, _opened(write, place.resident_id, sealed_at, note)


def _opened(write: Write, resident_id: int, place: str, sealed: bytes) -> str:
    try:
        return write.sealer.open(write.writer, resident_id, place, sealed, GENERAL)
    except KeyNotHeldError:
        return ""  # their keys were destroyed: no search may show them again

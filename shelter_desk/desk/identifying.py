"""Everything in the records that tells who somebody is: what no export may hold.

One place says where such words stand. A test walks the schema: a new sealed column has to be
named here, as searched for or as knowingly not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from shelter_desk.desk.appointments import place_of
from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.house_words import house_words
from shelter_desk.desk.report_licensing import SCREENINGS
from shelter_desk.desk.sealing import IDENTITY, LOCATION, KeyNotHeldError, resident_place
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.identifiers import (
    BIRTH_DATE,
    CASE_CODE,
    NAME,
    PHONE,
    PLACE,
    STAFF,
    Identifier,
    Identifiers,
    phones_in,
    words_of,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_days import appointment
from shelter_desk.store.schema_keys import resident_key
from shelter_desk.store.sql import Statement

_resident, _index, _key = schema.resident, schema.resident_index, resident_key

SEARCHED = {
    "resident": {
        "called_sealed",
        "legal_name_sealed",
        "also_known_sealed",
        "born_on_sealed",
        "good_to_know_sealed",
    },
    "appointment": {"place_sealed"},
}
# Words about a matter, not about who somebody is; no export has a column for any of them.
NOT_SEARCHED = {
    "resident": {"pronouns_sealed", "language_sealed"},
    "draft": {"body_sealed"},
    "item_answer": {"note_sealed"},
    "service_entry": {"note_sealed"},
    "shift_line_person": {"text_sealed"},
    "missing_episode": {"card_sealed", "talk_sealed"},
    "missing_line": {"note_sealed"},
    "notice": {"whom_sealed", "reference_sealed"},
    "incident": {"note_sealed"},
    "incident_person": {"note_sealed"},
    "incident_step": {"text_sealed"},
    "funder_answer": {"codes_sealed"},
    "removal": {"born_sealed"},
}
# Words about the house, of no resident. Phone numbers in them are searched for: whoever writes one
# there means somebody.
OF_HOUSE = {
    "shift_line": {"words_sealed"},
    "handoff": {"words_sealed"},
    "item_answer": {"note_sealed"},
    "visit_finding": {"words_sealed", "correction_sealed"},
}
_RESIDENTS = Statement(
    select(
        _resident.c.id,
        _resident.c.public_id,
        _resident.c.case_code,
        _resident.c.called_sealed,
        _resident.c.good_to_know_sealed,
        _resident.c.legal_name_sealed,
        _resident.c.born_on_sealed,
        _resident.c.also_known_sealed,
    ).where(select(_key.c.id).where(_key.c.resident_id == _resident.c.id).exists())
)
_ERASED = Statement(
    select(_resident.c.case_code).where(
        ~select(_key.c.id).where(_key.c.resident_id == _resident.c.id).exists()
    )
)
_STAFF = Statement(select(schema.staff.c.name))
_PLACES = Statement(
    select(schema.stay.c.resident_id, appointment.c.public_id, appointment.c.place_sealed)
    .join(schema.stay, schema.stay.c.id == appointment.c.stay_id)
    .where(
        appointment.c.place_sealed.is_not(None),
        # Of a destroyed record nobody can open a place again, and no export waits for it.
        select(_key.c.id).where(_key.c.resident_id == schema.stay.c.resident_id).exists(),
    )
)


@asks(May.SUMMARISE)
def identifiers(read: Read) -> Identifiers:
    """Return what tells who anybody is, residents and staff, those who left as well.

    Raises:
        KeyNotHeldError: when the person signed in may not read who the residents are: nobody who
            could not tell a name from another word may let an export out.
    """
    if not (read.sealer.may_open(IDENTITY) and read.sealer.may_open(LOCATION)):
        raise KeyNotHeldError
    return Identifiers(tuple(dict.fromkeys(_known(read))))


def _known(read: Read) -> Iterator[Identifier]:
    for (name,) in read.reader.rows(_STAFF):
        yield Identifier(STAFF, name)
    for (code,) in read.reader.rows(_ERASED):
        yield Identifier(CASE_CODE, code)
    yield from _of_residents(read)
    yield from _of_places(read)
    for words in house_words(read.sealer, read.reader):
        yield from _texts(PHONE, phones_in(words.text))


def _of_residents(read: Read) -> Iterator[Identifier]:
    for row in read.reader.rows(_RESIDENTS):
        key, public_id, code, called, good_to_know, legal_name, born_on, also_known = row

        def opened(field: str, sealed: bytes | None, key: int = key, of: str = public_id) -> str:
            where = resident_place(of, field)
            return read.sealer.open(read.reader, key, where, sealed)

        def identity(field: str, sealed: bytes | None, key: int = key, of: str = public_id) -> str:
            where = resident_place(of, field)
            return read.sealer.open(read.reader, key, where, sealed)

        yield Identifier(CASE_CODE, code)
        yield from _texts(NAME, (opened("called", called), identity("legal_name", legal_name)))
        aliases = re.split(r"[,;/\n]", identity("also_known", also_known))
        yield from _texts(NAME, aliases)
        yield from _texts(BIRTH_DATE, (identity("born_on", born_on),))
        yield from _texts(PHONE, phones_in(opened("good_to_know", good_to_know)))


def _of_places(read: Read) -> Iterator[Identifier]:
    for resident_id, public_id, sealed in read.reader.rows(_PLACES):
        text = read.sealer.open(read.reader, resident_id, place_of(public_id), sealed)
        yield from _texts(PLACE, (text,))
        yield from _texts(PHONE, phones_in(text))


def _texts(kind: str, texts: Iterable[str]) -> Iterator[Identifier]:
    for text in texts:
        if text.strip():
            yield Identifier(kind, text.strip())


@asks(May.SUMMARISE)
def model_words(read: Read) -> frozenset[str]:
    """Return the words of services, items, phases, roles and pick lists: printed for all."""
    return frozenset(word for text in model_texts(read.care_model) for word in words_of(text))


def model_texts(model: CareModel) -> list[str]:
    """Return the texts whose words `model_words` are."""
    return [
        *(f"{one.name} {one.short_name}" for one in model.services.values()),
        *(one.text for one in model.items.values()),
        *(f"{one.name} {one.short_name}" for one in model.roles.values()),
        *(one.name for one in model.phases.values()),
        *(value.label for one in model.lists.values() for value in one.values),
        *(
            value.label
            for one in model.lists.values()
            for of in one.parts.values()
            for value in of
        ),
        *(model.items[item].text for item in SCREENINGS if item in model.items),
    ]

"""Destroying one resident's record: its keys, and every word of it that stands under no key.

What is sealed stays as it is and opens for nobody any more, in backups too as soon as each has a
newer keys part. Codes, days and counts stay: they name nobody, and reports need them. What is said
of an incident goes for all who had a part: no key opens the words of one of them alone. Out of
words about the house their names are taken, and the former copies of these words go: `taking_out`.

What released totals were counted from stays as well (`release_facts`, `report_facts`, the proofs
of the ledger), because later releases are proved safe against it. It stands under a random link,
and what said whose link that is goes with the keys: see `fact_links`, its limit as well. The
certificate says so.
"""

from __future__ import annotations

from sqlalchemy import Integer, Text, bindparam, distinct, exists, func, or_, select, text

from shelter_desk.desk.base import Write
from shelter_desk.desk.fact_links import drop_link
from shelter_desk.desk.findable import forget_incident, forget_resident
from shelter_desk.desk.rows import RowValues
from shelter_desk.desk.taking_out import take_names_out
from shelter_desk.store import schema
from shelter_desk.store.schema_keys import incident_key, lent_copy, resident_key
from shelter_desk.store.schema_merging import person_of
from shelter_desk.store.schema_missing import incident, incident_person, missing_episode
from shelter_desk.store.schema_removal import legal_hold
from shelter_desk.store.sql import Statement

_stay, _draft, _index = schema.stay, schema.draft, schema.resident_index
_RESIDENT = bindparam("resident_id", type_=Integer)
_stays = select(_stay.c.id).where(_stay.c.resident_id == _RESIDENT)
_incidents = select(incident_person.c.incident_id).where(incident_person.c.stay_id.in_(_stays))
_INCIDENTS = Statement(
    select(incident.c.id, incident.c.public_id).where(incident.c.id.in_(_incidents))
)
_HELD_BESIDE = Statement(
    select(func.count(distinct(_stay.c.resident_id)))
    .select_from(incident_person.join(_stay, _stay.c.id == incident_person.c.stay_id))
    .where(incident_person.c.incident_id.in_(_incidents))
    .where(
        exists().where(
            legal_hold.c.ended_at.is_(None),
            person_of(legal_hold.c.resident_id) == person_of(_stay.c.resident_id),
        )
    )
)
_NAMES = Statement(
    select(_stay.c.public_id)
    .where(_stay.c.resident_id == _RESIDENT)
    .union_all(
        select(schema.resident.c.public_id).where(schema.resident.c.id == _RESIDENT),
        select(missing_episode.c.public_id).where(missing_episode.c.stay_id.in_(_stays)),
    )
)
_DROP_KEYS = Statement(resident_key.delete().where(resident_key.c.resident_id == _RESIDENT))
_DROP_INCIDENT_KEYS = Statement(
    incident_key.delete().where(incident_key.c.incident_id == bindparam("incident_id"))
)
_DROP_COPIES = Statement(
    lent_copy.delete().where(
        or_(lent_copy.c.resident_id == _RESIDENT, lent_copy.c.incident_id.in_(_incidents))
    )
)
_DROP_INDEX = Statement(_index.delete().where(_index.c.resident_id == _RESIDENT))
_DROP_OLD_DRAFTS = Statement(_draft.delete().where(_draft.c.saved_at <= bindparam("before")))
_DROP_DRAFTS = Statement(
    _draft.delete().where(func.instr(_draft.c.subject, bindparam("name", type_=Text)) > 0)
)
# Words that were deleted stay in the segments of the index until these are merged.
_MERGE_WORDS = Statement(text("INSERT INTO note_words (note_words) VALUES ('optimize')"))


def is_held_beside(write: Write, resident_id: int) -> bool:
    """Say whether a legal hold keeps somebody who had a part in an incident with this resident.

    One on a record that is joined with theirs does too.
    """
    return bool(write.writer.value(_HELD_BESIDE, resident_id=resident_id))


def take_off_lists(write: Write, resident_id: int) -> None:
    """Take a resident off every list and out of every search. Nothing sealed is touched."""
    forget_resident(write, resident_id)
    write.writer.change(_DROP_INDEX, resident_id=resident_id)


def erase(write: Write, removal: RowValues) -> int:
    """Destroy the keys and every plain word of a resident; return how many keys there were.

    Typing that waits since before the record was taken away goes too, whoever it is about: it is
    sealed to whoever typed it, so nobody can look.

    Raises:
        KeyNotHeldError: when who they are is closed to the person signed in: then nobody knows
            which names to take out of words about the house.
    """
    resident_id = removal["resident_id"]
    take_names_out(write, resident_id)
    incidents = write.writer.rows(_INCIDENTS, resident_id=resident_id)
    take_off_lists(write, resident_id)
    for _, public_id in incidents:
        forget_incident(write, public_id)
    _drop_drafts(write, removal, [public_id for _, public_id in incidents])
    write.writer.change(_DROP_COPIES, resident_id=resident_id)
    drop_link(write, resident_id)
    keys = write.writer.change(_DROP_KEYS, resident_id=resident_id)
    for incident_id, _ in incidents:
        keys += write.writer.change(_DROP_INCIDENT_KEYS, incident_id=incident_id)
    write.writer.run(_MERGE_WORDS)
    write.sealer.forget_opened()
    return keys


def _drop_drafts(write: Write, removal: RowValues, incidents: list[str]) -> None:
    write.writer.change(_DROP_OLD_DRAFTS, before=removal["taken_at"])
    names = [name for (name,) in write.writer.rows(_NAMES, resident_id=removal["resident_id"])]
    for name in (*names, *incidents):
        write.writer.change(_DROP_DRAFTS, name=name)

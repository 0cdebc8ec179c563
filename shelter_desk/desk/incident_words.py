"""The words of an incident as a whole: sealed for readers of investigations, lent while open.

The note, what follows, and who was told are about several people or nobody, so no resident's key
fits. They are sealed with pairs of the incident's own. While it is open, whoever is at the desk
opens them too: they do what follows. Whoever reported it keeps what they wrote.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, Write
from shelter_desk.desk.lending import lend
from shelter_desk.desk.rows import RowValues
from shelter_desk.desk.sealing import GENERAL, INVESTIGATION, OfIncident
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_missing import incident
from shelter_desk.store.sql import Statement

_KEY_OF = Statement(select(incident.c.id).where(incident.c.public_id == bindparam("public_id")))


def note_place(incident_id: str) -> str:
    """Return the place that the note of an incident is sealed for."""
    return f"incident:{incident_id}:note"


def step_place(step_id: str) -> str:
    """Return the place that a step is sealed for."""
    return f"incident_step:{step_id}:text"


def matter_of(incident_id: str) -> str:
    """Return what everything lent for an incident ends with."""
    return f"incident:{incident_id}"


def new_incident_keys(write: Write, row_id: int, public_id: str) -> None:
    """Make the pairs that an incident's words are sealed with."""
    write.sealer.new_pairs(
        write.writer, OfIncident(row_id), public_id, write.keep_pair, (GENERAL, INVESTIGATION)
    )


def sealed_words(write: Write, row: RowValues, place: str, text: str) -> bytes | None:
    """Return words of an incident (its row) sealed for one place; None for no text.

    Raises:
        KeyNotHeldError: when the incident's keys were destroyed.
    """
    owner, text = OfIncident(row["id"]), text.strip()
    lend(write, place, text, (None, row["staff_id"]), matter_of(row["public_id"]), owner)
    return write.seal(place, text, INVESTIGATION, owner) if text else None


def opened_words(read: Read, row: RowValues, place: str, sealed: bytes | None) -> str:
    """Return words of an incident (its row); empty where they are closed or were destroyed."""
    return read.sealer.try_open(read.reader, OfIncident(row["id"]), place, sealed) or ""


def incident_named(reader: Reader, incident_id: str) -> OfIncident:
    """Return the incident of this public id.

    Raises:
        NotFoundError: when there is none.
    """
    key = reader.value(_KEY_OF, public_id=incident_id)
    if key is None:
        raise NotFoundError
    return OfIncident(int(key))

"""Typing in progress: kept in the encrypted store, for one person, on one form, about one subject.

A draft is not part of the record: it makes no audit event, and it is deleted when it is saved. It
is sealed to whoever types it: nobody else opens it, whatever keys they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Table, Text, bindparam, delete, select, union

from shelter_desk.desk.base import Read, asks, milliseconds
from shelter_desk.desk.holding import Holding
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.record_classes import INVESTIGATION
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader, Writer
from shelter_desk.store.schema_days import appointment
from shelter_desk.store.schema_missing import incident, incident_person, missing_episode, notice
from shelter_desk.store.schema_packs import information_release
from shelter_desk.store.sql import Statement, insert_into

_draft = schema.draft
_HERE = (
    _draft.c.staff_id == bindparam("staff_id"),
    _draft.c.form == bindparam("form"),
    _draft.c.subject == bindparam("subject"),
)
_KEPT = Statement(select(_draft.c.body_sealed).where(*_HERE))
_DROP = Statement(delete(_draft).where(*_HERE))
_stay, _index = schema.stay, schema.resident_index
_SUBJECT = bindparam("subject", type_=Text)


def _of_stay(table: Table) -> Select[tuple[int]]:
    found = select(_stay.c.resident_id).join(table, table.c.stay_id == _stay.c.id)
    return found.where(table.c.public_id == _SUBJECT)


_OF_STAYS = (appointment, missing_episode, schema.service_entry, information_release)
_OF_NOTICE = (
    select(_stay.c.resident_id)
    .join(missing_episode, missing_episode.c.stay_id == _stay.c.id)
    .join(notice, notice.c.episode_id == missing_episode.c.id)
    .where(notice.c.public_id == _SUBJECT)
)
_OF_INCIDENT = (
    select(_stay.c.resident_id)
    .join(incident_person, incident_person.c.stay_id == _stay.c.id)
    .join(incident, incident.c.id == incident_person.c.incident_id)
    .where(incident.c.public_id == _SUBJECT, incident_person.c.withdrawn_at.is_(None))
)
_OF_SUBJECT = (
    select(_stay.c.resident_id).where(_stay.c.public_id == _SUBJECT),
    select(schema.resident.c.id).where(schema.resident.c.public_id == _SUBJECT),
    _OF_NOTICE,
    *map(_of_stay, _OF_STAYS),
)


def _called(*sources: Select[tuple[int]]) -> Statement:
    found = select(_index.c.called).where(_index.c.resident_id.in_(union(*sources)))
    return Statement(found.order_by(_index.c.folded))


_ABOUT = _called(*_OF_SUBJECT)
_ABOUT_OR_IN_INCIDENT = _called(*_OF_SUBJECT, _OF_INCIDENT)
_KEEP = insert_into(_draft, ("staff_id", "form", "subject", "body_sealed", "saved_at"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is being typed: the form's name, and whom or what it is about."""

    form: str
    subject: str

    def __str__(self) -> str:
        return canonical_json(["draft", self.form, self.subject])


@dataclass(frozen=True, slots=True)
class Author:
    """Whose drafts they are: the row of the person signed in, and what seals for them alone."""

    staff_id: int
    holding: Holding


@asks(May.READ_RECORDS)
def about_whom(read: Read, *, subject: str) -> tuple[str, ...]:
    """Return what residents are called whom something typed is about; none where it is nobody.

    `subject` begins with the public id of them, of a stay, or of something written of one. Who
    had a part in an incident is told to those who may open it.
    """
    first, *_ = subject.split() or [""]
    may_see = read.access.may_open(INVESTIGATION)
    statement = _ABOUT_OR_IN_INCIDENT if may_see else _ABOUT
    return tuple(called for (called,) in read.reader.rows(statement, subject=first))


def keep(writer: Writer, author: Author, place: Place, body: str, now: datetime) -> None:
    """Replace the draft of this person at this place."""
    drop(writer, author.staff_id, place)
    writer.run(
        _KEEP,
        staff_id=author.staff_id,
        form=place.form,
        subject=place.subject,
        body_sealed=author.holding.seal_own(str(place), body),
        saved_at=milliseconds(now),
    )


def kept(reader: Reader, author: Author, place: Place) -> str | None:
    """Return the draft, or None: where there is none, or their keys were renewed since."""
    where = {"staff_id": author.staff_id, "form": place.form, "subject": place.subject}
    sealed = reader.value(_KEPT, **where)
    return None if sealed is None else author.holding.open_own(str(place), sealed)


def drop(writer: Writer, staff_id: int, place: Place) -> None:
    """Forget the draft, if there is one."""
    writer.change(_DROP, staff_id=staff_id, form=place.form, subject=place.subject)

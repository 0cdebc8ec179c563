"""Typing in progress: kept in the encrypted store, for one person, on one form, about one subject.

A draft is not part of the record: it makes no audit event, and it is deleted when it is saved. It
is sealed to whoever types it: nobody else opens it, whatever keys they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from shelter_desk.desk.base import milliseconds
from shelter_desk.desk.holding import Holding
from shelter_desk.domain.audit import canonical_json
from shelter_desk.store import schema
from shelter_desk.store.database import Reader, Writer
from shelter_desk.store.sql import Statement, insert_into

_draft = schema.draft
_HERE = (
    _draft.c.staff_id == bindparam("staff_id"),
    _draft.c.form == bindparam("form"),
    _draft.c.subject == bindparam("subject"),
)
_KEPT = Statement(select(_draft.c.body_sealed).where(*_HERE))
_DROP = Statement(delete(_draft).where(*_HERE))
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

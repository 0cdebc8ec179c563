"""Signing in, as events: who did, and whose passphrase somebody tried without knowing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.openings import forget_keys
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.keys.tries import FailedTry
from shelter_desk.store.sql import Statement

_staff, _event = schema.staff, schema.audit_event
_KNOWN = Statement(select(_staff.c.id).where(_staff.c.public_id == bindparam("public_id")))
_NEWEST_TRIES = 10_000  # entries of the trail that are searched
_NOTED = Statement(
    select(_event.c.object, func.json_extract(_event.c.text, "$.reason")).where(
        _event.c.action == "staff.failed-try",
        _event.c.id
        > select(func.coalesce(func.max(_event.c.id), 0) - _NEWEST_TRIES).scalar_subquery(),
    )
)


@dataclass(frozen=True)
class SignIn(Command):
    """Somebody signed in. How many tries failed since the last time comes with it."""

    action: ClassVar[str] = "staff.sign-in"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    failed_tries: int = 0

    def apply(self, write: Write) -> str:
        """Drop keys that were lent for a time that is over; the event itself is the record."""
        forget_keys(write)
        if self.failed_tries:
            write.reason = f"failed-tries-{self.failed_tries}"
        return write.who.staff.public_id


@dataclass(frozen=True)
class NoteFailedTry(Command):
    """Somebody tried to sign in as `staff_id` and did not know the passphrase.

    Written by the next person who signs in: until then nobody can write into the store. A name
    that is nobody's is not kept: it may be a passphrase, typed in the wrong box.
    """

    action: ClassVar[str] = "staff.failed-try"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area(0)

    at: datetime
    staff_id: str

    def apply(self, write: Write) -> str:
        """Change nothing; the event itself is the record."""
        write.reason = _tried_at(self.at)
        known = write.writer.value(_KNOWN, public_id=self.staff_id) is not None
        return self.staff_id if known else ""


@asks(May.READ_RECORDS)
def tries_to_note(read: Read, *, found: tuple[FailedTry, ...]) -> tuple[NoteFailedTry, ...]:
    """Return those of the failed tries that are not in the trail yet, oldest first.

    A power cut between the entry in the trail and the emptying of the file leaves both.
    """
    noted = set(read.reader.rows(_NOTED))
    return tuple(
        NoteFailedTry(one.at, one.staff_public_id)
        for one in found
        if not {(one.staff_public_id, _tried_at(one.at)), ("", _tried_at(one.at))} & noted
    )


def _tried_at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

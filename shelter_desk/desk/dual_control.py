"""Dual control: when two accounts count as two people, for what one person must not do alone.

A director makes the accounts of others and sees the first passphrase of each. So an account counts
once its person has signed in by themselves and chosen a passphrase that nobody else was shown, and
a day after its keys were made: in between another shift has come and gone, and whose account is
new stands in the trail for everybody who reads it. Keys from the first day of the records do not
wait: two directors who found a shelter together are two from the start.

Both people are held to it, who acts and who agrees: otherwise a new account would act, and the one
who made it agree. Whoever holds two accounts for longer than that is two people to any program.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, Write, asks, milliseconds
from shelter_desk.desk.rows import find
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

WAIT = timedelta(days=1)
_WAIT_MS = WAIT // timedelta(milliseconds=1)
_key, _event = schema.staff_key, schema.audit_event
_NEWEST_KEY = Statement(
    select(_key.c.id, _event.c.at, _event.c.actor)
    .join(_event, _event.c.id == _key.c.event_id)
    .where(_key.c.staff_id == bindparam("staff_id"))
    .order_by(_key.c.id.desc())
    .limit(1)
)
_CHOSEN = Statement(
    select(_event.c.id)
    .where(_event.c.action == "staff.change-passphrase", _event.c.key_id == bindparam("key_id"))
    .limit(1)
)
_FOUNDED = Statement(select(_event.c.at).where(_event.c.id == 1))


class NotTheirOwnError(DeskError):
    """A colleague agrees with a passphrase that only they know.

    They sign in by themselves first and change theirs: People, Change my passphrase.
    """


class NotYourOwnError(DeskError):
    """This takes two people, each with a passphrase that only they know.

    Change yours first: People, Change my passphrase.
    """


class TooNewError(DeskError):
    """An account, or a passphrase that was set anew, counts for two people after one day.

    Ask another colleague, or wait until then.
    """


@asks(May.READ_RECORDS)
def refuse_as_second(read: Read, *, staff_id: str, now: datetime) -> None:
    """Pass when the person at the desk and this colleague count as two people.

    Raises:
        NotTheirOwnError, NotYourOwnError, TooNewError: when they do not, yet.
    """
    _refuse(read.reader, read.staff.public_id, staff_id, milliseconds(now))


def refuse_one(write: Write, second_id: str, *, waits: bool = True) -> None:
    """Pass when whoever acts and the colleague count as two people.

    Without `waits` a new account counts at once, for what an emergency asks for.

    Raises:
        NotTheirOwnError, NotYourOwnError, TooNewError: when they do not, yet.
    """
    now_ms = write.now_ms if waits else None
    _refuse(write.writer, write.who.staff.public_id, second_id, now_ms)


def _refuse(reader: Reader, first_id: str, second_id: str, now_ms: int | None) -> None:
    founded = reader.value(_FOUNDED)
    both = ((first_id, NotYourOwnError), (second_id, NotTheirOwnError))
    for staff_id, not_own in both:
        person = find(reader, schema.staff, staff_id)
        key_id, made_at, made_by = reader.row(_NEWEST_KEY, staff_id=person["id"]) or (0, 0, "")
        if made_by != staff_id and reader.value(_CHOSEN, key_id=key_id) is None:
            raise not_own
        is_new = now_ms is not None and now_ms < made_at + _WAIT_MS
        if is_new and made_at >= founded + _WAIT_MS:
            raise TooNewError

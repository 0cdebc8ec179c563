"""Whether records were joined or separated since something of single records was laid out.

What was laid out then is told of a person that the records know differently now: of two young
people as one, or of one as two. It does not leave; it is laid out anew.
"""

from __future__ import annotations

from sqlalchemy import func, select

from shelter_desk.desk.base import Read, asks
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_merging import record_merge
from shelter_desk.store.sql import Statement

_NEWEST = Statement(select(func.coalesce(func.max(record_merge.c.event_id), 0)))


class JoinedSinceError(DeskError):
    """Records were joined or separated after this was laid out. Lay it out again."""


@asks(May.EXPORT)
def newest_join(read: Read) -> int:
    """Return the number of the event that joined or separated records last, or 0."""
    return int(read.reader.value(_NEWEST))


@asks(May.EXPORT)
def refuse_joined_since(read: Read, *, known: int) -> None:
    """Pass where nothing was joined or separated since `newest_join` said `known`.

    Raises:
        JoinedSinceError: something was.
    """
    if int(read.reader.value(_NEWEST)) != known:
        raise JoinedSinceError

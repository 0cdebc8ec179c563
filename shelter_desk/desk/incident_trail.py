"""Who did what about an incident: the events about it and about everything of it."""

from __future__ import annotations

from operator import attrgetter

from sqlalchemy import literal

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.rows import key_of
from shelter_desk.desk.stay_trail import StayChange, change_of, events_of
from shelter_desk.domain.staff import May
from shelter_desk.store.schema_missing import incident as _incident
from shelter_desk.store.schema_missing import incident_person as _person
from shelter_desk.store.schema_missing import incident_step as _step
from shelter_desk.store.schema_missing import notice as _notice

_NOTHING = literal("")
_EVENTS = (
    events_of(_incident, _incident.c.public_id, _incident.c.types, _incident.c.id),
    events_of(_person, _person.c.public_id, _NOTHING, _person.c.incident_id),
    events_of(_step, _step.c.public_id, _NOTHING, _step.c.incident_id),
    events_of(_notice, _notice.c.public_id, _notice.c.recipient, _notice.c.incident_id),
)


@asks(May.READ_AUDIT)
def incident_trail(read: Read, *, incident_id: str, limit: int = 200) -> tuple[StayChange, ...]:
    """Return the events about an incident, newest first, at most `limit`.

    About itself with its papers, who had a part, what follows, and who was told. Also of one that
    no resident had a part in, which stands in nobody's history.

    Raises:
        NotFoundError: when there is no such incident.
    """
    key = key_of(read.reader, _incident, incident_id)
    found = {
        row[0]: change_of(read, row)
        for statement in _EVENTS
        for row in read.reader.rows(statement, of=key, most=limit)
    }
    return tuple(sorted(found.values(), key=attrgetter("seq"), reverse=True)[:limit])

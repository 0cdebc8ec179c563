"""Whether the debrief that an incident asks for was held, as a reviewer may see it.

Two incidents ask for one: a physical intervention is written up with its debrief, and whoever
comes back from missing is asked how they are.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read
from shelter_desk.desk.rows import RowValues
from shelter_desk.domain.incidents import events_of
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import incident_person, missing_episode
from shelter_desk.store.sql import Statement

WRITE_UP = "residential_care.07"
_INTERVENTION = "physical-intervention"
_answer, _event = schema.item_answer, schema.stay_event
_WRITTEN_UP = Statement(
    select(func.count())
    .select_from(incident_person)
    .join(_answer, _answer.c.stay_id == incident_person.c.stay_id)
    .where(incident_person.c.incident_id == bindparam("incident_id"))
    .where(_answer.c.item_id == WRITE_UP, _answer.c.occurrence == bindparam("occurrence"))
    .where(_answer.c.outcome == "done", _answer.c.undone_at.is_(None))
    .where(_answer.c.closed_at < bindparam("until"))
)
_CODE = Statement(select(_event.c.code).where(_event.c.public_id == bindparam("key")))
_TALK = Statement(
    select(missing_episode.c.returned_at, missing_episode.c.talk_at)
    .where(missing_episode.c.id == bindparam("episode_id"))
    .where(missing_episode.c.withdrawn_at.is_(None))
)


def debrief_held(read: Read, row: RowValues, until: int) -> bool | None:
    """Return whether the debriefs of an incident were held by an instant; None: none is owed.

    Somebody who is not back yet is owed no talk.
    """
    found = [*_written_up(read, row, until), *_talked(read, row, until)]
    return all(found) if found else None


def _written_up(read: Read, row: RowValues, until: int) -> list[bool]:
    if _INTERVENTION not in events_of(row["types"].split()):
        return []
    keys = [
        key
        for key in row["start_keys"].split()
        if read.reader.value(_CODE, key=key) == _INTERVENTION
    ]
    values = {"incident_id": row["id"], "until": until}
    return [
        bool(read.reader.value(_WRITTEN_UP, occurrence=f"event:{key}", **values)) for key in keys
    ]


def _talked(read: Read, row: RowValues, until: int) -> list[bool]:
    if row["episode_id"] is None:
        return []
    times = read.reader.row(_TALK, episode_id=row["episode_id"])
    if times is None or times[0] is None or times[0] >= until:
        return []
    return [times[1] is not None and times[1] < until]

"""Who has looked at a young person's file, in every stay and every record of theirs."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.merge_rules import into_of
from shelter_desk.desk.rows import find
from shelter_desk.desk.stay_trail import lines_about
from shelter_desk.domain.file_looks import Act, FileLook, file_looks
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import is_of_person
from shelter_desk.store.sql import Statement

_stay = schema.stay
_ALL_STAYS = Statement(
    select(_stay.c.id).where(is_of_person(_stay.c.resident_id, bindparam("person")))
)


@asks(May.READ_AUDIT)
def who_looked(read: Read, *, stay_id: str) -> tuple[FileLook, ...]:
    """Return who did what kind of thing with the file of the resident of a stay, newest first.

    All of it: their other stays, and the record that was joined with theirs.

    Raises:
        NotFoundError: when there is no such stay.
    """
    resident = find(read.reader, _stay, stay_id)["resident_id"]
    person = into_of(read.reader, resident) or resident
    lines = {
        line.seq: line
        for (key,) in read.reader.rows(_ALL_STAYS, person=person)
        for line in lines_about(read.reader, key)
    }
    zone = read.house.zone
    return file_looks(
        Act(line.seq, line.at.astimezone(zone).date(), line.who, line.action)
        for line in lines.values()
    )

"""Second copies of sealed fields, for people who may read one of them without its class.

Two kinds: to everybody while a matter is open (whoever calls the police at night must see what was
worn), and to one person (where the appointment is that they go along to). A copy is sealed with
the resident's own general pair, so that it goes when their keys are destroyed; one for a person is
sealed to that person's own key before. It is dropped when its reason ends. It is no record, and no
audit detail holds it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Text, bindparam, select

from shelter_desk.desk.base import Write
from shelter_desk.desk.sealing import GENERAL, OfIncident, Owner, lent_place
from shelter_desk.store import schema
from shelter_desk.store.keys.sealing import seal_to
from shelter_desk.store.schema_keys import lent_copy
from shelter_desk.store.sql import Statement, insert_into

_key = schema.staff_key
_ADD = insert_into(
    lent_copy, ("resident_id", "incident_id", "staff_id", "place", "matter", "sealed")
)
_DROP = Statement(lent_copy.delete().where(lent_copy.c.place == bindparam("place", type_=Text)))
_END = Statement(lent_copy.delete().where(lent_copy.c.matter == bindparam("matter", type_=Text)))
_PUBLIC = Statement(
    select(_key.c.sealing_public)
    .where(_key.c.staff_id == bindparam("staff_id"))
    .order_by(_key.c.id.desc())
    .limit(1)
)


def lend(
    write: Write,
    place: str,
    text: str,
    people: Iterable[int | None],
    matter: str | None = None,
    owner: Owner | None = None,
) -> None:
    """Keep copies of a field of the resident at hand, in place of those that were there.

    `owner`: of another resident, or of an incident.

    `people` are rows of staff; None is everybody at the desk. An empty text leaves no copy.
    `matter` names what the copy for everybody ends with; a person keeps theirs.
    """
    write.writer.change(_DROP, place=place)
    if not text:
        return
    whose = write.resident_id if owner is None else owner
    for staff_id in dict.fromkeys(people):
        where, body = lent_place(place, staff_id), text
        if staff_id is not None:
            public = write.writer.value(_PUBLIC, staff_id=staff_id)
            if public is None:
                continue  # they have no key, and cannot sign in
            body = seal_to(public, text.encode(), where.encode()).hex()
        write.writer.run(
            _ADD,
            resident_id=None if isinstance(whose, OfIncident) else whose,
            incident_id=whose.id if isinstance(whose, OfIncident) else None,
            staff_id=staff_id,
            place=place,
            matter=matter if staff_id is None else None,
            sealed=write.seal(where, body, GENERAL, owner),
        )


def end_lending(write: Write, matter: str) -> None:
    """Drop what was lent while a matter was open: readers of the class open the fields as ever."""
    write.writer.change(_END, matter=matter)

"""What two people are told before a record is destroyed: whose names go with it, and which stay.

Out of words about the house every name of the resident goes (`taking_out`), also where somebody of
the same name was meant: nobody can tell them apart. So whoever is still here under such a name is
named before, with how many stretches of words lose it. Words under no key stay as they are, as
names of beds and recipients of exports do: `plain_words` says which, and why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.plain_words import standing_words, told_short
from shelter_desk.desk.removing import removals_of_person
from shelter_desk.desk.rows import find
from shelter_desk.desk.taking_out import names_to_go, taken_out, told_anew
from shelter_desk.domain.naming import Named
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_removal import removal as _removal
from shelter_desk.store.sql import Statement

_index, _resident = schema.resident_index, schema.resident
_OTHERS = Statement(
    select(_index.c.called, _resident.c.case_code)
    .join(_resident, _resident.c.id == _index.c.resident_id)
    .where(_index.c.resident_id != bindparam("resident_id"))
    .order_by(_resident.c.id.desc())
)
_STAFF = Statement(select(schema.staff.c.name).where(schema.staff.c.ended_at.is_(None)))


@dataclass(frozen=True, slots=True)
class NamesGone:
    """How many stretches of words lose a name, who else bears one, and where one stays.

    `alike` are names of colleagues, and of residents with their case code, the newest first;
    `stays` are words that keep the name, each once and cut short.
    """

    words: int
    alike: tuple[str, ...]
    stays: tuple[str, ...]


@asks(May.MANAGE_SHELTER)
def names_gone(read: Read, *, removal_id: str) -> NamesGone:
    """Return what destroying a record does to names in words about the house.

    Raises:
        KeyNotHeldError: when who they are is closed to the person asking.
    """
    removals = removals_of_person(read.reader, find(read.reader, _removal, removal_id))
    residents = [int(row["resident_id"]) for row in removals]
    people = [
        name
        for resident in residents
        for name in names_to_go(read.sealer, read.reader, read.care_model, resident)
    ]
    words = told_anew(read.sealer, read.reader, people)
    named = [name for (name,) in read.reader.rows(_STAFF)]
    named += [
        f"{called} ({code})"
        for called, code in read.reader.rows(_OTHERS, resident_id=residents[0])
    ]
    standing = _that_hold(standing_words(read.reader), people)
    return NamesGone(
        len(words),
        tuple(_that_hold(named, people)),
        tuple(dict.fromkeys(map(told_short, standing))),
    )


def _that_hold(texts: Iterable[str], people: Collection[Named]) -> Iterator[str]:
    return (text for text in texts if taken_out(text, people) is not None)

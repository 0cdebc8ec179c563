"""What two people are told before a record is destroyed: whose names go with it, and which stay.

Out of words about the house every name of the resident goes (`taking_out`), also where somebody of
the same name was meant: nobody can tell them apart. So whoever is still here under such a name is
named before, with how many stretches of words lose it. Names of beds and what was written on an
export stay as they are: a bed may be called so for another reason, and an export was signed so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks
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
_BEDS = Statement(select(schema.bed.c.name).where(schema.bed.c.is_active == 1))
_EXPORTS = Statement(select(schema.custody.c.recipient, schema.custody.c.purpose))


@dataclass(frozen=True, slots=True)
class NamesGone:
    """How many stretches of words lose a name, who else bears one, and where one stays.

    `alike` are names of colleagues, and of residents with their case code, the newest first;
    `stays` are names of beds and words on exports, each once.
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
    others = [*(name for (name,) in read.reader.rows(_BEDS)), *_on_exports(read)]
    return NamesGone(
        len(words),
        tuple(_that_hold(named, people)),
        tuple(dict.fromkeys(_that_hold(others, people))),
    )


def _on_exports(read: Read) -> Iterator[str]:
    for row in read.reader.rows(_EXPORTS):
        yield from (words for words in row if words)


def _that_hold(texts: Iterable[str], people: Collection[Named]) -> Iterator[str]:
    return (text for text in texts if taken_out(text, people) is not None)

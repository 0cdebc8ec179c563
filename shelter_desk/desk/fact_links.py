"""The random link that stands for a resident in the facts that totals are counted from.

Facts are kept beside releases for good, because later releases are proved safe against them. They
name no resident, only a link; `fact_link` alone says whose it is. When a record is destroyed, that
row goes with its keys. The link stays in the facts, so that it is one person still, the same in
every release, but nobody's any more.

Honest limit: days and counts of a destroyed record stay in the records, and facts hold nights and
counts. Whoever holds the whole store, and knows the case code, can try to match the two; where one
record alone was destroyed, theirs is the one link that is left over.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, Write
from shelter_desk.store.schema_keys import fact_link
from shelter_desk.store.schema_removal import removal
from shelter_desk.store.sql import Statement, insert_into

_ADD = insert_into(fact_link, ("event_id", "resident_id", "link"))
_DROP = Statement(fact_link.delete().where(fact_link.c.resident_id == bindparam("resident_id")))
_links = select(fact_link.c.resident_id, fact_link.c.link)
_LINKS = Statement(_links)
_LISTED = Statement(
    _links.where(
        ~select(removal.c.id)
        .where(removal.c.resident_id == fact_link.c.resident_id, removal.c.back_at.is_(None))
        .exists()
    )
)


def make_link(write: Write, resident_id: int) -> None:
    """Make the link of somebody new. No detail names it: details outlive keys."""
    write.writer.run(
        _ADD, event_id=write.event_id, resident_id=resident_id, link=write.new_public_id()
    )


def drop_link(write: Write, resident_id: int) -> None:
    """Cut the tie between a destroyed record and its facts."""
    write.writer.change(_DROP, resident_id=resident_id)


def links_of(read: Read) -> dict[int, str]:
    """Return the row of each resident with a link -> the link."""
    return dict(read.reader.rows(_LINKS))


def listed_links(read: Read) -> dict[int, str]:
    """Return the same without residents whose record was taken away."""
    return dict(read.reader.rows(_LISTED))


def keys_for_facts(write: Write, read: Read) -> Callable[[int], str]:
    """Return what gives the link of a resident; of a destroyed record a new one, for once."""
    links = links_of(read)

    def link_of(resident_id: int) -> str:
        if resident_id not in links:
            links[resident_id] = write.new_public_id()
        return links[resident_id]

    return link_of

"""The tables of joined records as Python sees them, and the stays of a person; see `schema`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, and_, column, exists, func, or_, select, table

from shelter_desk.store.schema_metadata import recorded

record_merge = recorded(
    "record_merge", numbers="resident_id into_id merged_at staff_id ended_at ended_by"
)
doubled_stay = recorded("doubled_stay", numbers="merge_id stay_id of_stay_id was_open")

person_stay = table(
    "person_stay",
    *(column(name, Integer) for name in ("id", "resident_id", "bed_id", "began_at", "ended_at")),
    *(column(name, Integer) for name in ("planned_exit_at", "is_doubled")),
    *(column(name, Text) for name in ("public_id", "brought_by", "exit_type", "exit_destination")),
)
"""A view: every stay under the person it belongs to. Whatever counts people or stays reads it."""

_open = record_merge.alias("open_merge")


def person_of(resident_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the person of a record, for counting: the record it is joined into, or itself."""
    into = select(_open.c.into_id).where(
        _open.c.resident_id == resident_id, _open.c.ended_at.is_(None)
    )
    return func.coalesce(into.scalar_subquery(), resident_id)


def is_of_person(
    resident_id: ColumnElement[Any], person: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Return whether a record is of a person, by index: theirs, or one that is joined into it."""
    others = select(_open.c.resident_id).where(
        _open.c.into_id == person, _open.c.ended_at.is_(None)
    )
    return or_(resident_id == person, resident_id.in_(others))


def counts_once(stay_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return whether a stay counts: it was not written down a second time in a joined record."""
    doubled = exists().where(
        and_(
            doubled_stay.c.stay_id == stay_id,
            record_merge.c.id == doubled_stay.c.merge_id,
            record_merge.c.ended_at.is_(None),
        )
    )
    return ~doubled


def is_written_twice(stay_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return whether a stay has a second writing in a joined record."""
    return exists().where(
        and_(
            doubled_stay.c.of_stay_id == stay_id,
            record_merge.c.id == doubled_stay.c.merge_id,
            record_merge.c.ended_at.is_(None),
        )
    )

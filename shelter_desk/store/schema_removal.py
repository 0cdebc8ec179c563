"""The tables of taking records away, and of what stops that, as Python sees them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists

from shelter_desk.store.schema_metadata import recorded

legal_hold = recorded(
    "legal_hold", numbers="resident_id began_at staff_id ended_at ended_by", texts="reason"
)
removal = recorded(
    "removal",
    numbers="resident_id taken_at taken_by back_at destroyed_at destroyed_by second_id keys",
    texts="reason rule kept_until",
    sealed="born_sealed second_signature",
)


def was_destroyed(resident_id: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return whether the record of a resident was destroyed for good."""
    return exists().where(
        removal.c.resident_id == resident_id, removal.c.destroyed_at.is_not(None)
    )

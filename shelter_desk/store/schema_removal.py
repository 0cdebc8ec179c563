"""The tables of taking records away, and of what stops that, as Python sees them."""

from __future__ import annotations

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

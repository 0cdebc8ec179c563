"""The tables of accounts, as Python sees them: agreements, opened classes; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

agreement = recorded("agreement", numbers="staff_id accepted_at", texts="edition")
class_opening = recorded(
    "class_opening",
    numbers="staff_id opened_at until_at second_id closed_at seen_at seen_by",
    texts="record_class reason",
    sealed="signature",
)

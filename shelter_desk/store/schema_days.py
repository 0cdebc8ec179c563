"""The tables of what a day and a night hold, as Python sees them; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

appointment = recorded(
    "appointment",
    numbers="stay_id starts_at minutes escort_id staff_id entered_at",
    texts="kind company transport state reason start_key",
    sealed="place_sealed",
)
appointment_change = recorded(
    "appointment_change",
    numbers="appointment_id starts_at minutes staff_id changed_at",
    texts="what reason",
)
stay_bed = recorded("stay_bed", numbers="stay_id bed_id since_at")
bed_hold = recorded(
    "bed_hold", numbers="bed_id until_at staff_id began_at ended_at", texts="reason"
)

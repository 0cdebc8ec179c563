"""The tables of packs that are out and of visits by auditors, as Python sees them."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

handover = recorded(
    "handover",
    numbers="custody_id staff_id",
    texts="taken_by taken_on device wanted due_on ended ended_on",
)
audit_visit = recorded(
    "audit_visit",
    numbers="staff_id planned_at",
    texts="agency authority scope since_on until_on visit_on state",
)
visit_point = recorded("visit_point", numbers="visit_id owner_id", texts="point due_on")
seat = recorded("seat", numbers="opened_at until_at closed_at staff_id", texts="visitor authority")
seat_stay = recorded("seat_stay", numbers="seat_id stay_id")

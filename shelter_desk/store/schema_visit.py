"""The tables of packs that are out, visits by auditors and dated papers, as Python sees them."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

handover = recorded(
    "handover",
    numbers="custody_id staff_id",
    texts="taken_by taken_on device wanted due_on ended ended_on how",
)
audit_visit = recorded(
    "audit_visit",
    numbers="staff_id planned_at",
    texts="agency authority scope since_on until_on visit_on state",
)
visit_point = recorded("visit_point", numbers="visit_id owner_id ready_at", texts="point due_on")
seat = recorded(
    "seat", numbers="opened_at until_at closed_at staff_id draw_id", texts="visitor authority"
)
seat_stay = recorded("seat_stay", numbers="seat_id stay_id")
dated_paper = recorded(
    "dated_paper",
    numbers="staff_id hours seen_by_id seen_at revoked_at",
    texts="kind issued_on expires_on",
)
visit_finding = recorded(
    "visit_finding",
    numbers="visit_id owner_id corrected_by withdrawn_at house_day_id",
    texts="area finding due_on corrected_on evidence",
    sealed="words_sealed correction_sealed",
)

"""The tables of missing from care and of incidents as Python sees them; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

missing_episode = recorded(
    "missing_episode",
    numbers="stay_id discovered_at staff_id entered_at returned_at talk_at closed_at withdrawn_at",
    texts="start_key return_keys return_way",
    sealed="card_sealed talk_sealed",
)
missing_line = recorded(
    "missing_line",
    numbers="episode_id done_at staff_id entered_at withdrawn_at",
    texts="kind code result",
    sealed="note_sealed",
)
notice = recorded(
    "notice",
    numbers="episode_id incident_id due_at told_at staff_id entered_at",
    texts="stage recipient item_id reason",
    sealed="whom_sealed reference_sealed",
)
contact_rule = recorded("contact_rule", numbers="stay_id", texts="person rule")
paper_disclosure = recorded(
    "paper_disclosure",
    numbers="stay_id episode_id incident_id made_at staff_id",
    texts="paper recipient basis parts",
)
incident = recorded(
    "incident",
    numbers=(
        "occurred_at found_at episode_id staff_id entered_at filed_at closed_at closed_by "
        "withdrawn_at"
    ),
    texts=(
        "types place start_keys circumstances interventions treated resolution return_update "
        "nobody"
    ),
    sealed="note_sealed",
)
incident_person = recorded(
    "incident_person",
    numbers="incident_id stay_id staff_id withdrawn_at",
    texts="role part",
    sealed="note_sealed",
)
incident_step = recorded(
    "incident_step",
    numbers="incident_id done_at done_by",
    texts="due_on",
    sealed="text_sealed",
)

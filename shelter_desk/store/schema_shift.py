"""The tables of a shift as Python sees them: its log, its handoff, who does what; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

shift_line = recorded(
    "shift_line",
    numbers="happened_at entered_at staff_id must_know corrects_id replaced_at withdrawn_at "
    "house_day_id",
    texts="chips house_text",
    sealed="words_sealed",
)
shift_line_person = recorded("shift_line_person", numbers="line_id stay_id", sealed="text_sealed")
handoff = recorded(
    "handoff",
    numbers="since until expected counted on_duty withdrawn_at house_day_id",
    texts="why answer_key",
    sealed="words_sealed",
)
handoff_signature = recorded(
    "handoff_signature", numbers="handoff_id staff_id signed_at", texts="side"
)
assignment = recorded(
    "assignment",
    numbers="stay_id staff_id given_by given_at ended_at",
    texts="item_id occurrence",
)

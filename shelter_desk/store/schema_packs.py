"""The tables of samples for reviewers, as Python sees them; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

sample_draw = recorded(
    "sample_draw",
    numbers="population fixed_at fixed_event wanted drawn_at drawn_event withdrawn_at",
    texts="profile period seed",
    sealed="root",
)
sample_place = recorded(
    "sample_place", numbers="draw_id position stay_id", texts="label", sealed="salt key_salt"
)

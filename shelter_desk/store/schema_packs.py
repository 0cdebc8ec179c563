"""The tables of samples and of releases of information, as Python sees them; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

sample_draw = recorded(
    "sample_draw",
    numbers="population fixed_at fixed_event wanted drawn_at drawn_event withdrawn_at until_at",
    texts="profile period seed of_list",
    sealed="root",
)
sample_place = recorded(
    "sample_place",
    numbers="draw_id position stay_id incident_id staff_id",
    texts="label",
    sealed="salt key_salt",
)
information_release = recorded(
    "information_release",
    numbers="stay_id staff_id entered_at revoked_at",
    texts="recipient agency purpose parts from_on until_on signers alone longer revoked_how",
)

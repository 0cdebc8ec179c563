"""The table of the shelter's own changes of the care model, as Python sees it; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

model_edition = recorded(
    "model_edition", numbers="number staff_id made_at", texts="shipped changes words reason"
)

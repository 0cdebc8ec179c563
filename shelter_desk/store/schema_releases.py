"""The tables beside a release of counts, as Python sees them; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

release_facts = recorded("release_facts", numbers="number taken_at", texts="period content")
care_facts = recorded("care_facts", numbers="taken_at", texts="period content")
release_paper = recorded("release_paper", numbers="release_id", texts="name", sealed="content")
release_use = recorded("release_use", numbers="release_id custody_id")
told_figure = recorded(
    "told_figure",
    numbers="value staff_id entered_at withdrawn_at",
    texts="period figure counts told_to told_on",
)

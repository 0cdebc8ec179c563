"""The tables of reports and of what funders ask, as Python sees them; see `schema`."""

from __future__ import annotations

from shelter_desk.store.schema_metadata import recorded

funder_answer = recorded(
    "funder_answer",
    numbers="stay_id staff_id answered_at withdrawn_at",
    texts="question",
    sealed="codes_sealed",
)
report_release = recorded(
    "report_release",
    numbers="number amends_id goes_public staff_id made_at",
    texts="report period recipient basis reason content",
)
report_facts = recorded("report_facts", numbers="release_id", texts="period content")
report_publication = recorded(
    "report_publication", numbers="release_id made_at staff_id", texts="reason"
)
own_rating = recorded("own_rating", numbers="staff_id withdrawn_at", texts="period answers")

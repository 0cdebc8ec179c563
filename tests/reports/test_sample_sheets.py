"""Every page of a sampled incident or staff file says what it is, however long the file."""

from __future__ import annotations

import pypdfium2
import pytest

from shelter_desk.domain.record_lines import IncidentDrawn, IncidentShown
from shelter_desk.exports.profiles import pack_rules
from shelter_desk.reports.sample_lists import (
    DrawnFrom,
    StaffFile,
    sample_incident_pdf,
    sample_staff_pdf,
)
from shelter_desk.reports.sample_record import SampleRecord, sample_record_pdf

FROM = DrawnFrom("K7Q29", 1_204, "January to March 2026", "Licensing statute")
TOLD = tuple((f"Office number {number}", number % 2 == 0) for number in range(90))
INCIDENT = IncidentDrawn(
    IncidentShown(("Missing from care",), "2026 Q1", 3, "Night", TOLD, True, True, True, False),
    "1 to 3", 4, 2,
)  # fmt: skip
STAFF = StaffFile(
    ("Nurse",), False, "signed", tuple((f"Paper {n}", "on file") for n in range(90)), ()
)


@pytest.mark.parametrize(
    "data",
    [sample_incident_pdf(FROM, INCIDENT), sample_staff_pdf(FROM, STAFF)],
    ids=["incident", "staff file"],
)
def test_every_page_names_the_rules_the_label_and_what_may_not_be_done_with_it(data):
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert "SAMPLE – redacted by rule set 4" in text
        assert "K7Q29" in text
        assert "passed on or joined with other records" in " ".join(text.split())
        assert f"Page {number} of {len(pages)}" in text


def test_a_drawn_record_with_too_few_like_it_says_why_it_is_not_shown(care_model):
    found = SampleRecord("K7Q29", 4, None, "January to March 2026", "Licensing statute", ())
    (page,) = pypdfium2.PdfDocument(sample_record_pdf(found, pack_rules(care_model)))
    text = " ".join(page.get_textpage().get_text_bounded().split())
    assert "The dice drew this record, and it is not shown" in text
    assert "on its own screen, at the house" in text
    assert "Documents" not in text

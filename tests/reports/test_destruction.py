"""The certificate of a destruction is one page, says by which rule and who, and names nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pypdfium2

from shelter_desk.desk.kept_records import Destruction
from shelter_desk.reports.destruction import destruction_pdf

TOLD = Destruction(
    numbers=("0a" * 10,),
    shelter="Harbor House",
    reason="retention-ended",
    rule="Record kept after discharge, at least",
    source="Florida Administrative Code 65C-46.010",
    kept_until=date(2031, 3, 10),
    taken_at=datetime(2031, 4, 1, 14, 0, tzinfo=UTC),
    destroyed_at=datetime(2031, 5, 2, 14, 0, tzinfo=UTC),
    by="Dana",
    second="Ada",
    keys=12,
    event=4711,
    head="ab" * 32,
)


def text_of(told):
    document = pypdfium2.PdfDocument(destruction_pdf(told, ZoneInfo("America/New_York")))
    assert len(document) == 1
    text = " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    return text


def test_two_records_of_one_person_have_one_certificate_with_both_numbers():
    text = text_of(replace(TOLD, numbers=("0a" * 10, "0b" * 10)))
    assert "2 records of one person, which were joined" in text
    assert "0a" * 10 in text
    assert "0b" * 10 in text


def test_it_says_what_when_by_which_rule_and_by_whom_on_one_page():
    text = text_of(TOLD)
    assert "1 record, destroyed in one act" in text
    for words in (
        "Certificate of destruction",
        "0a" * 10,
        "The time it must be kept is over",
        "65C-46.010",
        "10 March 2031",
        "1 April 2031",
        "2 May 2031",
        "Dana and Ada",
        "12 keys",
        "entry 4711",
        "Harbor House",
        "What said which part of it was about this record is gone",
    ):
        assert words in text

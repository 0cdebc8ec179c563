"""The facts sheet for the police holds what helps to search, and nothing else."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from shelter_desk.desk import residents
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.missing import StartMissing, WriteLastSeen
from shelter_desk.desk.police_sheet import police_sheet_facts
from shelter_desk.domain.missing_cards import LastSeen
from shelter_desk.reports.police_sheet import police_sheet_pdf

CARD = LastSeen(
    seen_at="7:15 pm",
    place="Kitchen",
    wearing="Grey hoodie",
    looks="Tall, brown curls",
    company="alone",
    mood="quiet",
    carries="A phone",
    likely="The library",
    risks=("medicine", "contact"),
)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return document, " ".join(page.get_textpage().get_text_range() for page in document)


@pytest.fixture
def made(open_desk):
    desk, now = open_desk.desk, open_desk.clock()
    stay = desk.do(
        residents.Admit(
            "Sky",
            now,
            legal_name="Skylar Invented",
            born_on=date(2011, 5, 4),
            pronouns="they",
            good_to_know="Likes the door ajar",
        )
    ).subject
    desk.do(residents.Admit("Ada", now))
    episode_id = desk.do(StartMissing(stay, now)).subject
    desk.do(WriteLastSeen(episode_id, CARD))
    return open_desk, episode_id


def sheet(made):
    open_desk, episode_id = made
    facts = open_desk.desk.ask(police_sheet_facts, episode_id=episode_id, now=open_desk.clock())
    zone = open_desk.desk.house.zone
    return facts, text_of(police_sheet_pdf(facts, basis="A basis of the list", zone=zone))


def test_every_fact_of_the_search_is_on_one_page(made):
    _, (document, text) = sheet(made)
    assert len(document) == 1
    wanted = ("Sky", "Skylar Invented", "4 May 2011", "they", "A basis of the list", "7:15 pm",
              "Kitchen", "Grey hoodie", "Tall, brown curls", "alone", "A phone", "The library",
              "Needs medicine soon", "May be with a person who harmed them", "02:05 (EDT)",
              )  # fmt: skip
    assert not [words for words in wanted if words not in text]


def test_nothing_else_is_on_it(made):
    _, (document, text) = sheet(made)
    for words in ("Harbor House", "Ada", "quiet", "door ajar", "exploit", "traffick", "Dana"):
        assert words not in text, words
    assert "Harbor" not in str(document.get_metadata_dict())
    assert "Sky" not in str(document.get_metadata_dict())


def test_the_record_names_the_fields_that_left_and_no_others(made):
    facts, _ = sheet(made)
    assert set(facts.parts()) == {
        "called", "legal_name", "born_on", "age", "pronouns", "seen_at", "place", "wearing",
        "looks", "company", "carries", "likely", "risks",
    }  # fmt: skip


def test_what_is_closed_to_the_shift_leaves_a_line_to_write_on(made):
    facts, _ = sheet(made)

    shut = replace(facts, legal_name=None, born_on=None)
    open_desk, _ = made
    _, text = text_of(police_sheet_pdf(shut, basis="A basis", zone=open_desk.desk.house.zone))
    assert "Legal name (ask the director)" in text
    assert "Skylar" not in text


def test_what_either_of_two_joined_records_knows_is_on_the_sheet(open_desk):
    desk, now = open_desk.desk, open_desk.clock()
    sky = desk.do(residents.Admit("Sky", now, age_guess=14)).subject
    later = open_desk.clock.forward(minutes=10)
    known = {
        "pronouns": "they",
        "legal_name": "Skylar Invented",
        "born_on": date(2011, 5, 4),
        "language": "Spanish",
    }
    skye = desk.do(residents.Admit("Skye", later, **known)).subject
    ids = [desk.ask(residents.record, stay_id=one, now=later).resident_id for one in (skye, sky)]
    merge = desk.do(JoinRecords(*ids)).subject
    episode_id = desk.do(StartMissing(sky, later)).subject
    desk.do(WriteLastSeen(episode_id, CARD))
    facts, (document, text) = sheet((open_desk, episode_id))
    assert len(document) == 1
    for words in ("Sky", "Skye", "also known as Skye", "Skylar Invented", "4 May 2011", "Spanish"):
        assert words in text
    assert "Legal name (ask the director)" not in text
    assert "also" in facts.parts()
    desk.do(SeparateRecords(merge))
    _, (_, text) = sheet((open_desk, episode_id))
    for words in ("Skye", "also known as", "Skylar Invented", "4 May 2011", "Spanish"):
        assert words not in text

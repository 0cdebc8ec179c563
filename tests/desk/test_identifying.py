"""Everybody is looked for: those who left too, and by whoever may know who they are only."""

from datetime import date, timedelta

import pytest

from shelter_desk.desk import accounts, entry, residents, service_log
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.handing_over import SignHandoff
from shelter_desk.desk.identifying import (
    NOT_SEARCHED,
    OF_HOUSE,
    SEARCHED,
    identifiers,
    model_words,
)
from shelter_desk.desk.shift_lines import LineWords, WriteLine
from shelter_desk.domain.errors import DeskError
from shelter_desk.store import schema
from tests.conftest import PASSPHRASE

ADA, WORDS = "a" * 20, "four invented words here"


def known(opened):
    return {(one.kind, one.text) for one in opened.desk.ask(identifiers).known}


def test_names_codes_birth_dates_and_staff_of_all_times_are_known(open_desk):
    desk, clock = open_desk.desk, open_desk.clock
    born = date(2010, 5, 6)
    stay = desk.do(
        residents.Admit("Sky", clock(), legal_name="Skylarkia Invented", born_on=born)
    ).subject
    record = desk.ask(residents.record, stay_id=stay, now=clock())
    code = record.case_code
    desk.do(
        residents.Correct(
            record.resident_id, record.version, "Sky", legal_name="Skylarkia Invented",
            born_on=born, also_known="Lark, Kiki; Blue",
        )
    )  # fmt: skip
    clock.forward(days=2)
    desk.do(residents.RecordExit(stay, clock() - timedelta(hours=1), "kin", "422"))
    assert not desk.ask(residents.roster, now=clock())
    assert known(open_desk) >= {
        ("name", "Sky"),
        ("name", "Skylarkia Invented"),
        ("name", "Lark"),
        ("name", "Kiki"),
        ("name", "Blue"),
        ("birth date", "2010-05-06"),
        ("case code", code),
        ("staff name", "Dana"),
    }


def test_every_sealed_column_is_searched_or_knowingly_not():
    sealed = {
        (table.name, column.name)
        for table in schema.metadata.sorted_tables
        for column in table.c
        if column.name.endswith("_sealed")
    }
    named = {
        (table, column)
        for places in (SEARCHED, NOT_SEARCHED, OF_HOUSE)
        for table, columns in places.items()
        for column in columns
    }
    assert sealed
    assert sealed - named == set(), "a new sealed column: say in desk.identifying what it is"
    assert named - sealed == set(), "a column that is no more"
    assert not any(SEARCHED[t] & NOT_SEARCHED.get(t, set()) for t in SEARCHED)


@pytest.mark.parametrize("role", ["nurse", "residential-staff"])
def test_who_may_not_know_who_they_are_lets_nothing_out(open_desk, role):
    accounts.add_colleague(open_desk.desk, PASSPHRASE, Colleague(ADA, "Ada", (role,), WORDS))
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, ADA, WORDS, open_desk.care_model, open_desk.clock
    )
    with pytest.raises(DeskError):
        open_desk.desk.ask(identifiers)


def test_the_words_of_the_care_model_are_those_that_papers_print(open_desk):
    words = open_desk.desk.ask(model_words)
    assert {"shelter", "safety"} <= words
    assert len(words) > 200


def test_phone_numbers_in_words_about_the_house_are_looked_for(open_desk):
    desk = open_desk.desk
    desk.do(WriteLine(LineWords(text="Aunt rang from 305-555-0144, Unit 4 is cold")))
    desk.do(SignHandoff(open_desk.clock(), 0, 1, "One is out, ask 305-555-0155"))
    phones = {text for kind, text in known(open_desk) if kind == "phone number"}
    assert phones == {"5550144", "5550155"}


def test_notes_are_no_identifiers(open_desk):
    stay = open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject
    log = service_log.LogService(stay, "crisis_shelter", open_desk.clock(), 5, note="A quiet hour")
    open_desk.desk.do(log)
    assert not any("quiet" in text for _, text in known(open_desk))

"""A young person may know who has looked at their file: all of it, and nobody else's life."""

from datetime import date

import pytest

from shelter_desk.desk import accounts, care, entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.resident_papers import MakeResidentPaper
from shelter_desk.desk.service_entries import Given, LogGroup
from shelter_desk.desk.stays import NoteOpened
from shelter_desk.desk.who_looked import who_looked
from shelter_desk.domain.errors import NotFoundError, NotPermittedError
from shelter_desk.domain.file_looks import CHANGED, LOOKED, TO_YOU, WROTE, FileLook
from tests.conftest import PASSPHRASE

WORDS = "other invented words for tests"
ADA = "ad" * 10
FIRST, SECOND = date(2026, 3, 10), date(2026, 3, 11)


def arrive(opened, called):
    return opened.desk.do(residents.Admit(called, opened.clock())).subject


def looks(opened, stay):
    return opened.desk.ask(who_looked, stay_id=stay)


def become(opened, person, words):
    opened.desk.close()
    opened.desk = entry.sign_in(opened.folder, person, words, opened.care_model, opened.clock)


def tick(opened, stay):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    lines = [line for service in plan.services for line in service.items]
    line = next(one for one in lines if one.occurrence and one.may_answer)
    return opened.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence)).undo


def test_days_and_people_are_told_apart_and_acts_are_counted(open_desk):
    director = entry.people(open_desk.folder)[0][0]
    nurse = Colleague(ADA, "Ada", ("nurse",), WORDS)
    accounts.add_colleague(open_desk.desk, PASSPHRASE, nurse)
    sky, ash = arrive(open_desk, "Sky"), arrive(open_desk, "Ash")
    open_desk.desk.do(NoteOpened(sky))
    open_desk.desk.do(NoteOpened(sky))
    open_desk.desk.do(NoteOpened(ash))
    at = open_desk.clock.forward(hours=1)
    group = Given("life_skills", at, 30)
    open_desk.desk.do(LogGroup((sky, ash), group))
    open_desk.clock.forward(days=1)
    open_desk.desk.do(MakeResidentPaper(sky, "welcome", "en"))
    become(open_desk, ADA, WORDS)
    undo = tick(open_desk, sky)
    open_desk.desk.do(undo)
    open_desk.desk.do(NoteOpened(sky))
    become(open_desk, director, PASSPHRASE)
    assert looks(open_desk, sky) == (
        FileLook(SECOND, "Dana", ((TO_YOU, 1),)),
        FileLook(SECOND, "Ada", ((LOOKED, 1), (WROTE, 1), (CHANGED, 1))),
        FileLook(FIRST, "Dana", ((LOOKED, 2), (WROTE, 2))),  # the arrival, and one of a group
    )
    assert looks(open_desk, ash) == (FileLook(FIRST, "Dana", ((LOOKED, 1), (WROTE, 2))),)


def test_an_earlier_stay_is_in_it(open_desk):
    sky = arrive(open_desk, "Sky")
    at = open_desk.clock.forward(hours=3)
    open_desk.desk.do(residents.RecordExit(sky, at, "left-early", "99"))
    open_desk.clock.forward(days=1)
    resident = open_desk.desk.ask(residents.record, stay_id=sky, now=open_desk.clock()).resident_id
    again = open_desk.desk.do(
        residents.Admit("Sky", open_desk.clock(), resident_id=resident)
    ).subject
    for stay in (sky, again):
        assert [(one.day, one.acts) for one in looks(open_desk, stay)] == [
            (SECOND, ((WROTE, 1),)),
            (FIRST, ((WROTE, 2),)),
        ]


def test_a_joined_record_is_the_same_file_until_they_are_separated(open_desk):
    sky = arrive(open_desk, "Sky")
    open_desk.clock.forward(minutes=5)
    skye = arrive(open_desk, "Skye")
    open_desk.desk.do(NoteOpened(skye))
    known = [
        open_desk.desk.ask(residents.record, stay_id=one, now=open_desk.clock()).resident_id
        for one in (sky, skye)
    ]
    merge = open_desk.desk.do(JoinRecords(known[1], known[0])).subject
    joined = FileLook(FIRST, "Dana", ((LOOKED, 1), (WROTE, 2), (CHANGED, 1)))
    assert looks(open_desk, sky) == looks(open_desk, skye) == (joined,)
    open_desk.desk.do(SeparateRecords(merge))
    assert dict(looks(open_desk, sky)[0].acts) == {WROTE: 1, CHANGED: 2}
    assert dict(looks(open_desk, skye)[0].acts) == {LOOKED: 1, WROTE: 1, CHANGED: 2}


def test_who_may_not_read_the_trail_neither_asks_nor_makes_the_paper(open_desk):
    accounts.add_colleague(
        open_desk.desk, PASSPHRASE, Colleague(ADA, "Ada", ("residential-staff",), WORDS)
    )
    sky = arrive(open_desk, "Sky")
    become(open_desk, ADA, WORDS)
    with pytest.raises(NotPermittedError):
        looks(open_desk, sky)
    with pytest.raises(NotPermittedError):
        open_desk.desk.do(MakeResidentPaper(sky, "looked", "en"))
    open_desk.desk.do(MakeResidentPaper(sky, "welcome", "en"))


def test_nobody_is_asked_about_who_is_not_there(open_desk):
    with pytest.raises(NotFoundError):
        looks(open_desk, "0" * 20)

"""Everything that was done about a stay is in its trail, in words, and nothing about another."""

import pytest

from shelter_desk.desk import care, residents, service_log
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.missing import AddMissingLine, StartMissing
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.stay_trail import stay_trail
from shelter_desk.desk.telling import SetContactRule, Tell
from shelter_desk.domain.errors import NotFoundError


def arrive(opened, called="Sky"):
    return opened.desk.do(residents.Admit(called, opened.clock())).subject


def trail(opened, stay, **how):
    return opened.desk.ask(stay_trail, stay_id=stay, **how)


def newest(opened, stay):
    line = trail(opened, stay)[0]
    return line.words, line.about, line.became


def open_item(opened, stay, signatures=0):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    items = [item for service in plan.services for item in service.items if item.occurrence]
    return next(item for item in items if item.needs_signatures == signatures)


def test_a_tick_its_undoing_and_a_signature_say_which_item(open_desk):
    stay, do = arrive(open_desk), open_desk.desk.do
    item = open_item(open_desk, stay)
    answer = do(care.AnswerItem(stay, item.item_id, item.occurrence)).subject
    done = open_desk.care_model.label("item-outcomes", "done")
    assert newest(open_desk, stay) == ("Answered a checklist item", item.text, done)
    do(care.UndoAnswer(answer))
    assert newest(open_desk, stay) == ("Undid an answer", item.text, "")
    assert {line.who for line in trail(open_desk, stay)} == {"Dana"}


def test_entries_needs_phases_and_what_happened_say_which(open_desk):
    stay, do, now = arrive(open_desk), open_desk.desk.do, open_desk.clock()
    model = open_desk.care_model
    service = model.services["crisis_shelter"].name
    entry = do(service_log.LogService(stay, "crisis_shelter", now, 15)).subject
    assert newest(open_desk, stay) == ("Logged a service", service, "")
    do(service_log.WithdrawEntry(entry))
    assert newest(open_desk, stay) == ("Took back a service entry", service, "")
    do(care.SetNeed(stay, "crisis_shelter", "in-progress"))
    label = model.label("service-status", "in-progress")
    assert newest(open_desk, stay) == ("Set where a service stands", service, label)
    do(care.StartPhase(stay, "ongoing"))
    assert newest(open_desk, stay) == ("Opened a phase", model.phases["ongoing"].name, "")
    code, trigger = next(iter(model.triggers.items()))
    event = do(care.RecordEvent(stay, code, now))
    assert newest(open_desk, stay) == ("Recorded that something happened", trigger.label, "")
    do(event.undo)
    assert newest(open_desk, stay) == ("Took back an event", trigger.label, "")


def test_a_correction_of_the_resident_and_a_look_at_the_record_are_in_it(open_desk):
    stay, now = arrive(open_desk), open_desk.clock()
    known = open_desk.desk.ask(residents.record, stay_id=stay, now=now)
    open_desk.desk.do(residents.Correct(known.resident_id, known.version, "Sky B."))
    open_desk.desk.do(residents.NoteOpened(stay))
    assert [line.action for line in trail(open_desk, stay)] == [
        "resident.view",
        "resident.correct",
        "resident.admit",
    ]


def test_a_time_missing_and_an_incident_are_in_it_with_what_belongs_to_them(open_desk):
    stay, do, now = arrive(open_desk), open_desk.desk.do, open_desk.clock()
    model = open_desk.care_model
    missing = do(StartMissing(stay, now)).subject
    place = model.values("search-places")[0]
    result = model.values("search-results")[0].code
    do(AddMissingLine(missing, "search", place.code, result))
    assert trail(open_desk, stay)[0].action == "missing.line"
    assert trail(open_desk, stay)[0].about == ""
    person, rule = model.values("contact-people")[0], model.values("contact-rules")[0]
    do(SetContactRule(stay, person.code, rule.code))
    assert newest(open_desk, stay)[1:] == (person.label, rule.label)
    notice = open_desk.desk.ask(due_notices)[0]
    do(Tell(notice.notice_id, now, "Desk 4"))
    assert newest(open_desk, stay) == ("Wrote down who was told", notice.recipient_name, "")
    do(StartIncident(("injury",), now, now, "kitchen", (stay,)))
    injury = model.label("incident-types", "injury")
    assert newest(open_desk, stay) == ("Began an incident", injury, "")


def test_the_trail_of_one_stay_says_nothing_about_another(open_desk):
    stay, other = arrive(open_desk), arrive(open_desk, "Ash")
    before = trail(open_desk, stay)
    item = open_item(open_desk, other)
    open_desk.desk.do(care.AnswerItem(other, item.item_id, item.occurrence))
    open_desk.desk.do(care.StartPhase(other, "ongoing"))
    assert trail(open_desk, stay) == before
    assert not {line.seq for line in before} & {line.seq for line in trail(open_desk, other)}


def test_the_newest_come_first_and_no_more_than_asked_for(open_desk):
    stay = arrive(open_desk)
    for _ in range(6):
        open_desk.clock.forward(minutes=1)
        open_desk.desk.do(residents.NoteOpened(stay))
        item = open_item(open_desk, stay)
        open_desk.desk.do(care.AnswerItem(stay, item.item_id, item.occurrence))
    seqs = [line.seq for line in trail(open_desk, stay)]
    assert seqs == sorted(set(seqs), reverse=True)
    assert len(seqs) == 13
    assert [line.seq for line in trail(open_desk, stay, limit=4)] == seqs[:4]


def test_a_stay_that_is_not_there_is_said(open_desk):
    with pytest.raises(NotFoundError):
        trail(open_desk, "no such stay")

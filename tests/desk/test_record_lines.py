"""Single records for a reviewer: what was done is there, who it is about is not."""

from datetime import UTC, datetime, timedelta

import pytest

from shelter_desk.desk import care, residents
from shelter_desk.desk.incident_record import whole_incident
from shelter_desk.desk.incidents import StartIncident
from shelter_desk.desk.merging import JoinRecords, SeparateRecords
from shelter_desk.desk.needs import SetNeed
from shelter_desk.desk.record_lines import records_shown, records_until, stays_between
from shelter_desk.desk.telling import Tell
from shelter_desk.domain.errors import InvalidError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.record_lines import (
    DECLINED,
    LEFT_OUT,
    MISSING,
    NOT_DUE,
    NOT_NEEDED,
    NOT_REACHED,
    PRESENT,
    PRESENT_LATE,
    WAITING,
    ItemLine,
    day_of_stay,
    state_of,
)
from shelter_desk.exports.profiles import pack_rules

QUARTER = Period(2026, 1)
AFTER = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
CALLED, NOTE = "Zephyrine", "Canary-note"


@pytest.fixture
def stay(open_desk):
    return open_desk.desk.do(residents.Admit(CALLED, open_desk.clock())).subject


def shown(opened, stay, closed=frozenset()):
    (record,) = opened.desk.ask(
        records_shown, stays=(stay,), period=QUARTER, now=AFTER, closed=closed
    )
    return record


def open_lines(opened, stay):
    plan = opened.desk.ask(care.stay_plan, stay_id=stay, now=opened.clock())
    return [line for service in plan.services for line in service.items if line.occurrence]


def test_every_answer_is_a_line_with_its_days_and_its_lateness(open_desk, stay):
    began, told = open_desk.clock().date(), {}
    for line in [one for one in open_lines(open_desk, stay) if one.needs_signatures < 2][:12]:
        open_desk.clock.forward(hours=7)
        open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence, note=NOTE))
        told[line.item_id] = (line.due_at, open_desk.clock())
    found = {line.item_id: line for line in shown(open_desk, stay).items if line.done_day}
    assert found.keys() == told.keys()
    zone = open_desk.desk.house.zone
    for item_id, (due_at, done_at) in told.items():
        line = found[item_id]
        assert line.status == "done"
        assert line.text == open_desk.care_model.items[item_id].text
        assert line.done_day == (done_at.astimezone(zone).date() - began).days + 1
        assert line.late == max(timedelta(0), done_at - due_at)
        assert (line.late > timedelta(0)) == (done_at > due_at)


def test_lines_that_are_the_same_are_held_once_whosever_they_are(open_desk, stay):
    open_desk.desk.do(residents.Admit("Another", open_desk.clock()))
    since = open_desk.clock() - timedelta(days=1)
    one, other = open_desk.desk.ask(
        records_until, since=since, until=AFTER, closed=frozenset({"medical"})
    )
    in_both = set(one.items) & set(other.items)
    assert len(in_both) > 20
    held = {id(line) for record in (one, other) for line in record.items if line in in_both}
    assert len(held) == len(in_both)
    assert one.left_out is other.left_out
    assert one.unasked is other.unasked


def test_what_is_still_open_past_its_day_is_overdue(open_desk, stay):
    due = {line.item_id for line in open_lines(open_desk, stay) if line.due_at < AFTER}
    overdue = {line.item_id for line in shown(open_desk, stay).items if line.status == "overdue"}
    quarter_end = datetime(2026, 4, 1, 4, tzinfo=UTC)
    known = {one.item_id for one in open_lines(open_desk, stay) if one.due_at < quarter_end}
    assert overdue == known
    assert overdue <= due
    assert len(overdue) > 20


def test_what_was_done_after_the_period_stays_as_it_stood_at_its_end(open_desk, stay):
    before = shown(open_desk, stay)
    late = [one for one in open_lines(open_desk, stay) if one.needs_signatures < 2][:6]
    owed = {one.item_id for one in late}
    assert all(one.due_at < datetime(2026, 4, 1, 4, tzinfo=UTC) for one in late)
    open_desk.clock.at = AFTER
    for one in late[:-1]:
        open_desk.desk.do(care.AnswerItem(stay, one.item_id, one.occurrence))
    until = AFTER + timedelta(days=2)
    put_off = {"outcome": "deferred", "reason": "staffing", "until": until}
    open_desk.desk.do(care.AnswerItem(stay, late[-1].item_id, late[-1].occurrence, **put_off))
    after = shown(open_desk, stay)
    assert {one.item_id for one in before.items if one.status == "overdue"} >= owed
    assert after == before


def test_what_was_put_off_to_a_day_of_the_period_and_not_done_is_overdue(open_desk, stay):
    item = next(one for one in open_lines(open_desk, stay) if one.needs_signatures < 2)
    until = open_desk.clock() + timedelta(days=2)
    put_off = {"outcome": "deferred", "reason": "staffing", "until": until}
    open_desk.desk.do(care.AnswerItem(stay, item.item_id, item.occurrence, **put_off))
    (line,) = (
        one
        for one in shown(open_desk, stay).items
        if one.item_id == item.item_id and one.due_day and not one.done_day
    )
    assert (line.status, line.due_day) == ("overdue", 3)


def test_what_was_never_done_for_somebody_who_left_is_still_missing(open_desk, stay):
    lines = {line.item_id: line for line in open_lines(open_desk, stay)}
    open_desk.clock.forward(days=6)
    done = next(i for i, one in lines.items() if one.due_at and one.needs_signatures < 2)
    open_desk.desk.do(care.AnswerItem(stay, done, lines[done].occurrence))
    before = {one.item_id: (one.status, one.due_day) for one in shown(open_desk, stay).items}
    now = open_desk.clock()
    owed = {
        item_id
        for item_id, one in lines.items()
        if item_id != done and one.due_at is not None and one.due_at <= now
    }
    assert len(owed) > 20
    open_desk.desk.do(residents.RecordExit(stay, now, "kin", "422"))
    record = shown(open_desk, stay)
    after = {one.item_id: (one.status, one.due_day) for one in record.items}
    assert record.has_ended
    assert {item: after[item] for item in owed} == {item: before[item] for item in owed}
    assert all(after[item][0] == "overdue" for item in owed)
    assert after[done] == before[done]
    keys = [(one.item_id, one.due_day, one.done_day) for one in record.items]
    assert len(set(keys)) == len(keys)
    states = [
        record.state_of(group.items)[0] for group in pack_rules(open_desk.care_model).documents
    ]
    assert states.count(MISSING) > 10


def test_what_was_never_done_in_a_service_that_is_met_is_still_missing(open_desk, stay):
    group = next(
        one
        for one in pack_rules(open_desk.care_model).documents
        if "crisis_shelter.08" in one.items
    )
    lines = {one.item_id: one for one in open_lines(open_desk, stay)}
    open_desk.clock.forward(days=6)
    now = open_desk.clock()
    before = shown(open_desk, stay)
    assert before.state_of(group.items)[0] == MISSING
    open_desk.desk.do(SetNeed(stay, "crisis_shelter", "met"))
    after = shown(open_desk, stay)
    assert after.state_of(group.items)[0] == MISSING
    assert not [one for one in open_lines(open_desk, stay) if "crisis_shelter." in one.item_id]
    gone = {one.item_id for one in before.items} - {one.item_id for one in after.items}
    assert {lines[item_id].due_at > now for item_id in gone} <= {True}
    assert {one for one in before.items if one.item_id not in gone} == set(after.items)


def test_a_document_that_nobody_asks_for_has_a_word_of_its_own(open_desk, stay):
    record, model = shown(open_desk, stay), open_desk.care_model
    asked = {line.item_id for line in open_lines(open_desk, stay)}
    items = {
        service.id: {item.id for item in service.items}
        for service in model.services.values()
        if not asked & {item.id for item in service.items}
    }
    closed = [ids for ids in items.values() if record.left_out.issuperset(ids)]
    free = [service for service, ids in items.items() if ids not in closed]
    not_needed, declined, held, never = free[:4]
    open_desk.desk.do(SetNeed(stay, not_needed, "not-needed"))
    open_desk.desk.do(SetNeed(stay, declined, "declined"))
    open_desk.desk.do(SetNeed(stay, held, "on-hold", "No place yet"))
    record = shown(open_desk, stay)
    assert record.state_of(items[not_needed]) == (NOT_NEEDED, "")
    assert record.state_of(items[declined]) == (DECLINED, "")
    assert record.state_of(items[held]) == (WAITING, "")
    assert record.state_of(items[never]) == (NOT_DUE, "")
    assert record.state_of(items[not_needed] | items[never]) == (NOT_DUE, "")
    open_desk.desk.do(residents.RecordExit(stay, open_desk.clock.forward(days=1), "kin", "422"))
    record = shown(open_desk, stay)
    assert record.state_of(items[never]) == (NOT_REACHED, "")
    assert record.state_of(items[not_needed]) == (NOT_NEEDED, "")


def test_closed_classes_and_what_the_maker_may_not_open_stay_out(open_desk, stay):
    access = open_desk.desk.house.access(open_desk.desk.staff.roles)
    every = {line.item_id for line in shown(open_desk, stay).items}
    items = open_desk.care_model.items
    assert {access.view(item_id) for item_id in every} == {View.OPEN}
    classes = {items[item_id].record_class for item_id in every}
    assert len(classes) > 3
    for closed in sorted(classes):
        left = shown(open_desk, stay, frozenset({closed}))
        of_class = {one.id for one in items.values() if one.record_class == closed}
        assert of_class <= left.left_out
        assert left.state_of(of_class) == (LEFT_OUT, "")
        assert {line.item_id for line in left.items} == {
            item_id for item_id in every if items[item_id].record_class != closed
        }


def test_nothing_of_the_person_stands_in_a_record(open_desk, stay):
    for line in open_lines(open_desk, stay)[:5]:
        if line.needs_signatures < 2:
            open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence, note=NOTE))
    text = repr(shown(open_desk, stay))
    (line,) = open_desk.desk.ask(residents.roster, now=open_desk.clock())
    for mark in (CALLED, NOTE, stay, line.case_code, "Dana", "2026-03"):
        assert mark not in text


def test_an_incident_says_who_was_told_in_time(open_desk, stay):
    clock = open_desk.clock
    clock.forward(days=2)
    command = StartIncident(
        ("critical-injury",), clock() - timedelta(hours=1), clock(), "kitchen", (stay,)
    )
    incident_id = open_desk.desk.do(command).subject
    notices = open_desk.desk.ask(whole_incident, incident_id=incident_id).notices
    told = {line.recipient for line in notices[:2]}
    for line in notices[:2]:
        open_desk.desk.do(Tell(line.notice_id, None, "A desk", "R-7"))
    (found,) = shown(open_desk, stay).incidents
    assert found.types == ("Critical injury",) or len(found.types) == 1
    assert (found.quarter, found.day) == ("2026-Q1", 3)
    assert dict(found.told) == {line.recipient: line.recipient in told for line in notices}
    assert not shown(open_desk, stay, frozenset({"investigation"})).incidents


def test_of_joined_records_one_is_shown_with_what_was_done_in_either(open_desk, stay):
    desk, clock = open_desk.desk, open_desk.clock
    again = desk.do(residents.Admit("Zephirine", clock.forward(minutes=9))).subject
    clock.forward(minutes=9)
    lines = [one for one in open_lines(open_desk, stay) if one.needs_signatures < 2]
    both = {one.item_id for one in open_lines(open_desk, again)}
    ours, theirs = [one for one in lines if one.occurrence == "once" and one.item_id in both][:2]
    desk.do(care.AnswerItem(stay, ours.item_id, ours.occurrence))
    desk.do(care.AnswerItem(again, theirs.item_id, theirs.occurrence))
    incident = StartIncident(("critical-injury",), clock(), clock(), "kitchen", (stay, again))
    desk.do(incident)
    ids = [
        desk.ask(residents.record, stay_id=one, now=clock()).resident_id for one in (again, stay)
    ]
    assert shown(open_desk, stay).state_of({theirs.item_id})[0] == MISSING
    joined = desk.do(JoinRecords(*ids)).subject
    assert desk.ask(stays_between, period=QUARTER, now=AFTER) == (stay,)
    found = shown(open_desk, stay)
    for line in (ours, theirs):
        assert found.state_of({line.item_id})[0] == PRESENT
        assert [one.status for one in found.items if one.item_id == line.item_id] == ["done"]
    assert len(found.incidents) == 1
    assert shown(open_desk, again) == found, "a release under the other name is one for them"
    desk.do(SeparateRecords(joined))
    assert shown(open_desk, stay).state_of({theirs.item_id})[0] == MISSING


def test_stays_of_other_times_are_not_in_the_period(open_desk, stay, clock):
    clock.at = AFTER
    open_desk.desk.do(residents.Admit("Ash", clock()))
    assert open_desk.desk.ask(stays_between, period=QUARTER, now=AFTER) == (stay,)
    with pytest.raises(InvalidError):
        open_desk.desk.ask(stays_between, period=Period(2026, 2), now=AFTER)


def test_what_follows_from_coming_leaving_or_a_birthday_is_known_as_such(open_desk, stay):
    dated, items = shown(open_desk, stay).dated, open_desk.care_model.items
    assert {items[one].due.after for one in dated} >= {"admission", "previous", "discharge"}
    told = {
        code for one in dated if items[one].due.after == "event" for code in items[one].starts_on
    }
    assert told == {"moved-home", "home-ended", "move-in", "contact-not-made", "turns-18"}
    codes = {code for item in items.values() for code in item.starts_on}
    assert told <= codes, "the care model knows them by these names"
    assert "missing-start" not in told
    assert dated["crisis_safety.07"], "it comes again with each who comes after them"


def test_a_day_of_stay_counts_from_one():
    began = datetime(2026, 3, 10, tzinfo=UTC).date()
    assert day_of_stay(began, began_on=began) == 1
    assert day_of_stay(began - timedelta(days=2), began_on=began) == 1


def line(status, late=None, done=1, signatures=0, signers=()):
    hours = None if late is None else timedelta(hours=late)
    return ItemLine(
        "a.01",
        "A paper",
        1,
        done,
        hours,
        "",
        status,
        "",
        signatures,
        signers,
        None,
        in_period=True,
    )


def test_the_state_of_a_document_is_the_worst_that_is_still_to_be_done():
    assert state_of(()) == (NOT_DUE, "")
    assert state_of((line("done", 0),))[0] == PRESENT
    assert state_of((line("done", 3),))[0] == PRESENT_LATE
    assert state_of((line("done", 3), line("overdue", done=None)))[0] == MISSING
    assert state_of((line("done", 0), line("deferred", done=None)))[0] == "waiting"
    assert state_of((line("deferred"), line("done", 0)))[0] == PRESENT
    assert state_of((line("done", 0, signatures=2, signers=("Nurse",)),))[0] == "waiting"
    assert state_of((line("declined"),))[0] == "declined"
    assert state_of((line("not-applicable"),))[0] == "not applicable"
    assert state_of((line("open", done=None),))[0] == NOT_DUE

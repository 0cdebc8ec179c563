"""Counts for packs against a tally kept by hand while the records were written."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from shelter_desk.desk import care, residents, service_log, shelter
from shelter_desk.desk.care_counts import care_request
from shelter_desk.desk.evidence_house import about_the_house
from shelter_desk.desk.handing_over import SignHandoff
from shelter_desk.desk.incident_record import whole_incident
from shelter_desk.desk.incidents import (
    AddStep,
    RemovePerson,
    StartIncident,
    StepDone,
    WithdrawIncident,
)
from shelter_desk.desk.telling import Tell
from shelter_desk.domain.periods import Period
from shelter_desk.exports.profiles import pack_rules

QUARTER = Period(2026, 1)
AFTER = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
TYPES = ("injury", "police-call", "fight-or-assault")


@pytest.fixture
def stays(open_desk):
    found = [
        open_desk.desk.do(residents.Admit(called, open_desk.clock())).subject
        for called in ("Sky", "Ash", "River", "Wren")
    ]
    open_desk.clock.forward(days=1)
    return found


def request(opened):
    rules = pack_rules(opened.care_model)
    asked = opened.desk.ask(care_request, period=QUARTER, now=AFTER, groups=rules.groups).request
    # Four tables divide the same answers: each says so, and those by role give way to all.
    divided = [table for table in asked.tables if table.along[0] == "answers"]
    assert {table.id for table in divided} == {
        "completeness", "groups", "signatures", "answers",
    }  # fmt: skip
    assert [table.along[1] for table in divided[-2:]] == ["signer", "role"]
    return {table.id: table for table in asked.tables}


def cells(table):
    """(row, column) -> count, of what is not zero."""
    return {
        (row.code, column.code): count
        for row, counts in zip(table.rows, table.cells, strict=True)
        for column, count in zip(table.columns, counts, strict=True)
        if count
    }


def people(table):
    return {
        (row.code, column.code): count
        for row, counts in zip(table.rows, table.contributors, strict=True)
        for column, count in zip(table.columns, counts, strict=True)
        if count
    }


def settle(opened, incident_id, fate):
    """Tell everybody, or take everybody out of it; return the notices that were owed."""
    whole = opened.desk.ask(whole_incident, incident_id=incident_id)
    if fate in {"told", "late"}:
        for line in whole.notices:
            opened.desk.do(Tell(line.notice_id, None, "A desk", "R-7"))
    if fate == "nobody":
        for person in whole.people:
            opened.desk.do(RemovePerson(person.person_id))
    return whole.notices


def test_incidents_count_the_parts_of_residents_as_a_tally_does(open_desk, stays):
    dice, clock = random.Random(5), open_desk.clock
    tally, behind = Counter(), {}
    for _ in range(25):
        clock.forward(hours=dice.randint(3, 9))
        types = dice.sample(TYPES, dice.randint(1, 2))
        who = dice.sample(stays, dice.randint(0, 3))
        command = StartIncident(
            tuple(types), clock() - timedelta(hours=1), clock(), "kitchen", tuple(who)
        )
        incident_id = open_desk.desk.do(command).subject
        fate = dice.choice(("told", "told", "open", "late", "withdrawn", "nobody"))
        if fate == "withdrawn":
            open_desk.desk.do(WithdrawIncident(incident_id))
            continue
        if fate == "late":
            clock.forward(days=2)
        notices = settle(open_desk, incident_id, fate)
        if fate == "nobody":
            continue
        is_timely = fate == "told" or not notices
        for stay in who:
            key = (types[0], "in-time" if is_timely else "late")
            tally[key] += 1
            behind.setdefault(key, set()).add(stay)
    assert clock() < datetime(2026, 3, 31, tzinfo=UTC)
    table = request(open_desk)["incidents"]
    assert len(tally) >= 4
    assert cells(table) == dict(tally)
    assert people(table) == {key: len(found) for key, found in behind.items()}


def test_steps_after_incidents_count_by_what_became_of_them(open_desk, stays):
    clock = open_desk.clock
    command = StartIncident(("injury",), clock(), clock(), "kitchen", tuple(stays[:2]))
    incident_id = open_desk.desk.do(command).subject
    today = clock().date()
    for days in (1, 2, 3):
        open_desk.desk.do(AddStep(incident_id, f"Step {days}", today + timedelta(days=days)))
    open_desk.desk.do(AddStep(incident_id, "Next quarter", date(2026, 4, 5)))
    steps = open_desk.desk.ask(whole_incident, incident_id=incident_id).steps
    open_desk.desk.do(StepDone(steps[0].step_id))
    clock.forward(days=10)
    open_desk.desk.do(StepDone(steps[1].step_id))
    assert cells(request(open_desk)["corrections"]) == {
        ("incident-steps", "in-time"): 2,
        ("incident-steps", "late"): 2,
        ("incident-steps", "open"): 2,
    }
    clock.at = AFTER
    open_desk.desk.do(StepDone(steps[2].step_id))  # after the quarter: at its end it was open
    assert cells(request(open_desk)["corrections"])["incident-steps", "open"] == 2


def test_funder_lines_count_what_was_provided_as_a_tally_does(open_desk, stays):
    dice, tally = random.Random(7), Counter()
    services = [one for one in open_desk.care_model.services.values() if one.voca]
    for _ in range(30):
        open_desk.clock.forward(minutes=30)
        stay, service, units = dice.choice(stays), dice.choice(services), dice.randint(1, 4)
        line = dice.choice(service.voca)
        funder = dice.choice(("voca", "none"))
        entry = service_log.LogService(
            stay,
            service.id,
            open_desk.clock(),
            30,
            voca_code=line,
            units=units,
            funder=funder,
        )
        open_desk.desk.do(entry)
        if funder == "voca":
            tally[line, "all"] += units
    assert len(tally) > 5
    assert cells(request(open_desk)["funder-lines"]) == dict(tally)


def test_documents_and_other_items_add_up_to_all_items(open_desk, stays):
    rules, tally = pack_rules(open_desk.care_model), Counter()
    for number in range(16):  # twenty beds in all: each group has a line of its own
        open_desk.desk.do(shelter.AddBed(f"Room {number}"))
    for stay in stays:
        plan = open_desk.desk.ask(care.stay_plan, stay_id=stay, now=open_desk.clock())
        for line in [line for s in plan.services for line in s.items if line.occurrence][:40]:
            if line.needs_signatures > 1 or not line.may_answer:
                continue
            open_desk.desk.do(care.AnswerItem(stay, line.item_id, line.occurrence))
            group = rules.group_of(line.item_id)
            is_late = line.due_at is not None and line.due_at < open_desk.clock()
            tally[group.id if group else "other-items", "late" if is_late else "in-time"] += 1
    tables = request(open_desk)
    assert len(tally) > 5
    assert cells(tables["groups"]) == dict(tally)
    assert tables["groups"].total == tables["completeness"].total


def test_checks_of_the_house_are_counted_apart(open_desk, stays):
    plan = open_desk.desk.ask(about_the_house, period=QUARTER, now=AFTER)
    assert {done for _, done, _ in plan.checks} == {0}
    assert len(plan.checks) == len(open_desk.care_model.house_items)
    assert [person.roles for person in plan.people] == [
        tuple(role.name for role in ordered_roles(open_desk))
    ]
    assert [policy.title for policy in plan.policies][:2] == [
        "Confidentiality agreement of staff",
        "Care model",
    ]


def ordered_roles(opened):
    roles = opened.care_model.roles
    return [roles[role] for role in opened.desk.staff.roles]


def test_the_ratio_is_held_against_the_heads_of_each_handoff(open_desk, stays):
    desk, clock = open_desk.desk, open_desk.clock
    tally, fewest = {}, {}
    plan = [(22, 40, 1), (6, 50, 1), (15, 5, 2), (23, 0, 1), (6, 30, 3), (14, 55, 1), (22, 59, 1)]
    heads = [4, 5, 8, 4, 5, 3, 9]
    for (hour, minute, on_duty), counted in zip(plan, heads, strict=True):
        now = clock().astimezone(desk.house.zone)
        wanted = now.replace(hour=hour, minute=minute)
        wanted += timedelta(days=wanted <= now)
        clock.forward(hours=(wanted - now) / timedelta(hours=1))
        desk.do(SignHandoff(clock() - timedelta(hours=8), counted, on_duty, why="invented"))
        shift = {22: "23:00", 23: "23:00", 6: "07:00", 14: "15:00", 15: "15:00"}[hour]
        tally.setdefault(shift, []).append(on_duty * 4 >= counted)
        fewest[shift] = min(on_duty, fewest.get(shift, on_duty))
    shown = desk.ask(about_the_house, period=QUARTER, now=AFTER).handoffs
    assert {one.shift: (one.count, one.met, one.ratio) for one in shown} == {
        shift: (len(met), sum(met), 4) for shift, met in tally.items()
    }
    assert {one.shift: one.fewest_on_duty for one in shown} == fewest
    assert 0 < sum(map(sum, tally.values())) < len(plan)


def test_a_rule_that_was_set_anew_since_is_not_told_as_the_one_that_held(open_desk):
    desk = open_desk.desk

    def change(**values):
        now = desk.ask(shelter.settings)
        kept = {
            "name": now.name, "zone": now.zone, "profile": now.profile,
            "idle_minutes": now.idle_minutes, "shift_starts": now.shift_starts,
        }  # fmt: skip
        desk.do(shelter.ChangeShelter(now.version, **{**kept, **values}))

    def is_kept(period, now=datetime(2026, 7, 2, tzinfo=UTC)):
        return desk.ask(about_the_house, period=period, now=now).is_rule_kept

    change(idle_minutes=9)  # the ratio does not rest on it
    assert is_kept(QUARTER)
    change(profile="texas")
    assert not is_kept(QUARTER)
    assert is_kept(Period(2026, 2))  # set before it began

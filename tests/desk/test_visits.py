"""A visit is planned, and its pre-check names what an auditor would find, until it is settled."""

from datetime import date, timedelta

import pytest

from shelter_desk.desk import accounts, care, entry, incidents, residents, visit_check, visits
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.visit_check import Point, my_points, pre_check
from shelter_desk.desk.visit_ready import SayReady
from shelter_desk.desk.visits import EndVisit, GivePoints, PlanVisit
from shelter_desk.domain.errors import InvalidError, NotPermittedError
from shelter_desk.exports.profiles import pack_rules
from tests.conftest import PASSPHRASE

TODAY = date(2026, 3, 10)
ADA, WORDS = "a" * 20, "four invented words here"


def plan(desk, **more):
    values = {
        "agency": "State licensing office",
        "authority": "Licensing rule 7",
        "scope": "licensor",
        "since_on": TODAY - timedelta(days=365),
        "until_on": TODAY + timedelta(days=10),
        "visit_on": TODAY + timedelta(days=28),
    } | more
    return desk.do(PlanVisit(**values)).subject


def check(opened, visit_id):
    return opened.desk.ask(pre_check, visit_id=visit_id, now=opened.clock())


def of_kind(points, kind):
    return [point for point in points if point.kind == kind]


@pytest.fixture
def with_sky(open_desk):
    desk = open_desk.desk
    stay = desk.do(residents.Admit("Sky", open_desk.clock())).subject
    return open_desk, stay


def test_a_visit_is_planned_changed_and_ended_once(open_desk):
    desk = open_desk.desk
    visit_id = plan(desk)
    plan(desk, visit_id=visit_id, agency="Another office")
    (line,) = desk.ask(visits.visits)
    assert (line.agency, line.state) == ("Another office", "planned")
    assert line.check_from == line.visit_on - timedelta(weeks=3)
    desk.do(EndVisit(visit_id, "held"))
    assert desk.ask(visits.visits)[0].state == "held"
    for command in (EndVisit(visit_id, "cancelled"), GivePoints(visit_id, ("x",), ADA, TODAY)):
        with pytest.raises(InvalidError):
            desk.do(command)
    with pytest.raises(InvalidError):
        plan(desk, visit_id=visit_id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agency": " "}, "agency"),
        ({"authority": "x" * 201}, "authority"),
        ({"scope": "friend"}, "scope"),
        ({"until_on": TODAY - timedelta(days=400)}, "until_on"),
    ],
)
def test_each_wrong_answer_is_named_at_its_field(change, field, open_desk):
    with pytest.raises(InvalidError) as refused:
        plan(open_desk.desk, **change)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert open_desk.desk.ask(visits.visits) == ()


def test_what_is_late_or_comes_due_is_named_and_gone_once_answered(with_sky):
    opened, stay = with_sky
    visit_id = plan(opened.desk)
    points = check(opened, visit_id)
    mine = [point for point in points if point.stay_id == stay]
    assert {point.kind for point in mine} == {visit_check.COMING}
    opened.clock.forward(days=3)
    points = check(opened, visit_id)
    late = [point for point in of_kind(points, visit_check.OVERDUE) if point.stay_id == stay]
    assert late
    assert {point.about for point in late} == {"Sky"}
    _, _, item_id, occurrence = late[0].point.split(":", 3)
    opened.desk.do(care.AnswerItem(stay, item_id, occurrence, "done", done_at=opened.clock()))
    assert late[0].point not in {point.point for point in check(opened, visit_id)}


def test_a_consent_that_is_missing_is_named_as_such(with_sky):
    opened, stay = with_sky
    opened.clock.forward(days=5)
    points = of_kind(check(opened, plan(opened.desk)), visit_check.CONSENT)
    assert any("crisis_shelter.09" in point.point and point.stay_id == stay for point in points)


def test_who_was_never_here_in_that_time_is_not_looked_at(with_sky):
    opened, stay = with_sky
    opened.clock.forward(days=3)
    before = plan(opened.desk, since_on=date(2025, 1, 1), until_on=date(2025, 12, 31))
    assert [point for point in check(opened, before) if point.stay_id == stay] == []


def test_entries_written_long_after_are_counted_for_each_resident(with_sky):
    opened, stay = with_sky
    done_at = opened.clock.forward(minutes=30)
    (line, *_) = [
        item
        for service in opened.desk.ask(care.stay_plan, stay_id=stay, now=done_at).services
        for item in service.items
        if item.occurrence
    ]
    opened.clock.forward(days=2)
    answer = care.AnswerItem(stay, line.item_id, line.occurrence, "done", done_at=done_at)
    opened.desk.do(answer)
    (late,) = of_kind(check(opened, plan(opened.desk)), visit_check.LATE)
    assert (late.stay_id, late.count, late.about) == (stay, 1, "Sky")


def test_an_incident_that_is_not_closed_is_named_without_a_word_of_it(open_desk):
    desk = open_desk.desk
    at = open_desk.clock()
    desk.do(incidents.StartIncident(("injury",), at, at, "kitchen"))
    (point,) = of_kind(check(open_desk, plan(desk)), visit_check.INCIDENT)
    assert (point.text, point.about) == ("Incident not closed", "")


def test_a_colleague_without_the_agreement_is_named(open_desk):
    desk = open_desk.desk
    accounts.add_colleague(desk, PASSPHRASE, Colleague(ADA, "Ada", ("nurse",), WORDS))
    points = of_kind(check(open_desk, plan(desk)), visit_check.STAFF)
    assert "Ada" in {point.about for point in points}


def test_a_point_is_given_and_given_again_and_shown_to_whom_it_was_given(with_sky):
    opened, _ = with_sky
    desk = opened.desk
    accounts.add_colleague(desk, PASSPHRASE, Colleague(ADA, "Ada", ("nurse",), WORDS))
    opened.clock.forward(days=3)
    visit_id = plan(desk)
    late = of_kind(check(opened, visit_id), visit_check.OVERDUE)
    names = tuple(point.point for point in late)
    me = desk.staff.public_id
    desk.do(GivePoints(visit_id, names, ADA, TODAY + timedelta(days=20)))
    assert desk.ask(my_points, now=opened.clock()) == ()
    desk.do(GivePoints(visit_id, names[:1], me, TODAY + timedelta(days=15)))
    ((visit, mine),) = desk.ask(my_points, now=opened.clock())
    assert (visit.visit_id, [point.point for point in mine]) == (visit_id, list(names[:1]))
    owners = {point.point: point.owner for point in check(opened, visit_id)}
    assert owners[names[0]].due_on == TODAY + timedelta(days=15)
    assert owners[names[1]].name == "Ada"
    desk.do(EndVisit(visit_id, "cancelled"))
    assert desk.ask(my_points, now=opened.clock()) == ()


def test_a_day_after_the_visit_and_somebody_unknown_are_refused(open_desk):
    desk = open_desk.desk
    visit_id = plan(desk)
    me = desk.staff.public_id
    for points, day in (((), TODAY), (("x",), TODAY + timedelta(days=29))):
        with pytest.raises(InvalidError):
            desk.do(GivePoints(visit_id, points, me, day))


def test_what_is_closed_to_somebody_is_no_point_of_theirs(with_sky):
    opened, _ = with_sky
    new = Colleague(ADA, "Ada", ("education-liaison",), WORDS)
    accounts.add_colleague(opened.desk, PASSPHRASE, new)
    opened.clock.forward(days=3)
    visit_id = plan(opened.desk)
    names = tuple(point.point for point in check(opened, visit_id))
    opened.desk.do(GivePoints(visit_id, names, ADA, TODAY + timedelta(days=20)))
    opened.desk.close()
    opened.desk = desk = entry.sign_in(opened.folder, ADA, WORDS, opened.care_model, opened.clock)
    with pytest.raises(NotPermittedError):
        desk.ask(pre_check, visit_id=visit_id, now=opened.clock())
    found = desk.ask(my_points, now=opened.clock())
    seen: list[Point] = [point for _, points in found for point in points]
    classes = {
        opened.care_model.items[point.point.split(":")[2]].record_class
        for point in seen
        if point.point.startswith("item:")
    }
    assert not classes & {"health", "identity", "privileged", "mental-health"}


def test_who_left_with_documents_never_done_is_a_point_and_stays_one(with_sky):
    opened, stay = with_sky
    opened.clock.forward(days=5)
    visit_id, rules = plan(opened.desk), pack_rules(opened.care_model)
    documents = frozenset(item for group in rules.documents for item in group.items)

    def left():
        asked = {"visit_id": visit_id, "now": opened.clock(), "documents": documents}
        points = opened.desk.ask(pre_check, **asked)
        return [one for one in points if one.point.startswith("left:")]

    assert left() == []
    opened.desk.do(residents.RecordExit(stay, opened.clock(), "kin", "422"))
    (point,) = left()
    assert (point.stay_id, point.about, point.kind) == (stay, "Sky", visit_check.DOCUMENT)
    opened.desk.do(GivePoints(visit_id, (point.point,), opened.desk.staff.public_id, TODAY))
    ((_, mine),) = opened.desk.ask(my_points, now=opened.clock())
    assert [one.point for one in mine] == [point.point]
    assert left()[0].owner.staff_id == opened.desk.staff.public_id
    done = opened.desk.do(SayReady(visit_id, point.point))  # nobody can do more about it
    assert (left(), opened.desk.ask(my_points, now=opened.clock())) == ([], ())
    opened.desk.do(done.undo)
    assert [one.point for one in left()] == [point.point]
    overdue = next(one for one in check(opened, visit_id) if not one.point.startswith("left:"))
    opened.desk.do(GivePoints(visit_id, (overdue.point,), opened.desk.staff.public_id, TODAY))
    for refused in (overdue.point, f"late:{stay}"):  # one can be settled, one is nobody's
        with pytest.raises(InvalidError):
            opened.desk.do(SayReady(visit_id, refused))

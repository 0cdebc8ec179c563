"""Open items given to a colleague, handed over, given back; and what escalates to the director."""

import pytest

from shelter_desk.desk import entry, residents
from shelter_desk.desk.accounts import Colleague
from shelter_desk.desk.assigning import AssignItems, HandOverWork, OpenLine, assignments
from shelter_desk.desk.base import Area
from shelter_desk.desk.care import AnswerItem
from shelter_desk.desk.staff import ChangeRoles, EndStaff
from shelter_desk.desk.today import board, only_mine
from shelter_desk.domain.errors import InvalidError, NotFoundError
from shelter_desk.domain.record_classes import access_of
from shelter_desk.domain.staff import StaffMember

ADA, LEE, WORDS = "a" * 20, "b" * 20, "four invented words here"


@pytest.fixture
def colleagues():
    return (
        Colleague(ADA, "Ada", ("residential-staff",), WORDS),
        Colleague(LEE, "Lee", ("nurse",), WORDS),
    )


@pytest.fixture
def stay(open_desk):
    return open_desk.desk.do(residents.Admit("Sky", open_desk.clock())).subject


def every_line(opened):
    found = opened.desk.ask(board, now=opened.clock())
    cards = [line for card in found.arrivals for group in card.groups for line in group.lines]
    return [*found.lines, *cards]


def general(opened, count=1, **wanted):
    """Return open general items, as lines that can be given."""
    items = opened.care_model.items
    fits = [
        line
        for line in every_line(opened)
        if items[line.item_id].record_class == "general"
        and all(getattr(line, name) == value for name, value in wanted.items())
    ]
    return tuple(OpenLine(one.stay_id, one.item_id, one.occurrence) for one in fits[:count])


def who_has(opened):
    return {line: one.name for line, one in opened.desk.ask(assignments).items()}


def mine(opened, person):
    found = opened.desk.ask(board, now=opened.clock())
    kept = only_mine(found, person, opened.desk.ask(assignments))
    cards = [line for card in kept.arrivals for group in card.groups for line in group.lines]
    return {OpenLine(one.stay_id, one.item_id, one.occurrence) for one in (*kept.lines, *cards)}


def person(key, *roles):
    return StaffMember(0, key, key, roles)


def test_an_item_given_to_somebody_is_their_work_and_nobody_else_s(open_desk, stay):
    (line,) = general(open_desk, role="case-manager")
    colleague = person("c" * 20, "case-manager")
    assert line in mine(open_desk, colleague)
    assert line not in mine(open_desk, person(ADA, "residential-staff"))
    open_desk.desk.do(AssignItems((line,), ADA))
    assert who_has(open_desk) == {line: "Ada"}
    assert line in mine(open_desk, person(ADA, "residential-staff"))
    assert line not in mine(open_desk, colleague)


def test_giving_is_undone_to_whoever_had_it(open_desk, stay):
    lines = general(open_desk, 1)
    first = open_desk.desk.do(AssignItems(lines, ADA))
    second = open_desk.desk.do(AssignItems(lines, LEE))
    assert who_has(open_desk) == {lines[0]: "Lee"}
    open_desk.desk.do(second.undo)
    assert who_has(open_desk) == {lines[0]: "Ada"}
    open_desk.desk.do(first.undo)
    assert who_has(open_desk) == {}


def test_everything_of_mine_is_handed_over_at_once_and_comes_back_by_undo(open_desk, stay):
    me = open_desk.desk.staff.public_id
    lines = general(open_desk, 4)
    open_desk.desk.do(AssignItems(lines[:3], me))
    open_desk.desk.do(AssignItems(lines[3:], LEE))
    undo = open_desk.desk.do(HandOverWork(ADA)).undo
    assert who_has(open_desk) == dict.fromkeys(lines[:3], "Ada") | {lines[3]: "Lee"}
    open_desk.desk.do(undo)
    assert who_has(open_desk) == dict.fromkeys(lines[:3], "Dana") | {lines[3]: "Lee"}
    open_desk.desk.do(HandOverWork(None))
    assert who_has(open_desk) == {lines[3]: "Lee"}
    with pytest.raises(InvalidError, match="Nothing is assigned"):
        open_desk.desk.do(HandOverWork(ADA))


def test_what_was_answered_is_nobody_s_any_more(open_desk, stay):
    first, second = general(open_desk, 2)
    open_desk.desk.do(AssignItems((first, second), ADA))
    open_desk.desk.do(AnswerItem(first.stay_id, first.item_id, first.occurrence))
    assert who_has(open_desk) == {second: "Ada"}
    open_desk.desk.do(AssignItems((second,), LEE))
    with open_desk.desk._store.unguarded() as connection:
        standing = connection.execute("SELECT count(*) FROM assignment WHERE ended_at IS NULL")
        assert standing.fetchone() == (1,)


def test_an_item_of_the_house_is_given_too(open_desk, stay):
    (line,) = general(open_desk, stay_id=None)
    open_desk.desk.do(AssignItems((line,), ADA))
    open_desk.desk.do(AssignItems((line,), LEE))
    assert who_has(open_desk) == {line: "Lee"}


def test_nobody_is_given_what_is_closed_to_them(open_desk, stay):
    items = open_desk.care_model.items
    closed = next(
        line for line in every_line(open_desk) if items[line.item_id].record_class == "identity"
    )
    line = OpenLine(closed.stay_id, closed.item_id, closed.occurrence)
    with pytest.raises(InvalidError, match="closed to Lee"):
        open_desk.desk.do(AssignItems((line,), LEE))
    assert who_has(open_desk) == {}


def test_what_is_not_open_and_who_left_are_refused_whole(open_desk, stay):
    first, second = general(open_desk, 2)
    gone = OpenLine(second.stay_id, second.item_id, "never")
    with pytest.raises(InvalidError, match="not open"):
        open_desk.desk.do(AssignItems((first, gone), ADA))
    open_desk.desk.do(EndStaff(LEE))
    with pytest.raises(InvalidError, match="no longer"):
        open_desk.desk.do(AssignItems((first,), LEE))
    with pytest.raises(NotFoundError):
        open_desk.desk.do(AssignItems((first,), "nobody"))
    assert who_has(open_desk) == {}


def test_what_somebody_had_who_left_or_may_not_answer_it_now_is_their_roles_work_again(
    open_desk, stay
):
    before, after = (
        access_of(open_desk.care_model, (role,)).may_answer
        for role in ("residential-staff", "education-liaison")
    )
    given = general(open_desk, 1, role="case-manager")
    closed = tuple(
        OpenLine(line.stay_id, line.item_id, line.occurrence)
        for line in every_line(open_desk)
        if before(line.item_id) and not after(line.item_id)
    )[:1]
    colleague = person("c" * 20, "case-manager")
    open_desk.desk.do(AssignItems(given, LEE))
    open_desk.desk.do(AssignItems(closed, ADA))
    assert given[0] not in mine(open_desk, colleague)
    left = open_desk.desk.do(EndStaff(LEE))
    assert Area.DUE in left.touches
    assert who_has(open_desk) == {closed[0]: "Ada"}
    assert given[0] in mine(open_desk, colleague)
    assert Area.DUE in open_desk.desk.do(ChangeRoles(ADA, ("education-liaison",))).touches
    assert who_has(open_desk) == {}


def test_an_overdue_safety_item_is_the_directors_work_whoever_has_it(open_desk, stay):
    (line,) = general(open_desk, role="residential-staff", safety_critical=True, stay_id=stay)
    open_desk.desk.do(AssignItems((line,), ADA))
    director = person("d" * 20, "director")
    assert line not in mine(open_desk, director)
    open_desk.clock.forward(days=2)
    assert line in mine(open_desk, director)
    assert line not in mine(open_desk, person(LEE, "nurse"))


def test_a_role_sees_only_assignments_of_items_it_sees(open_desk, stay):
    items = open_desk.care_model.items
    closed = next(
        line for line in every_line(open_desk) if items[line.item_id].record_class == "identity"
    )
    line = OpenLine(closed.stay_id, closed.item_id, closed.occurrence)
    open_desk.desk.do(AssignItems((line,), open_desk.desk.staff.public_id))
    assert line in who_has(open_desk)
    open_desk.desk.close()
    open_desk.desk = entry.sign_in(
        open_desk.folder, LEE, WORDS, open_desk.care_model, open_desk.clock
    )
    assert line not in who_has(open_desk)

"""Commands and questions through `Shared`, and work on the other thread through `Jobs`."""

import gc
import threading
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from shelter_desk.desk import Area
from shelter_desk.desk.care import AnswerItem, stay_plan
from shelter_desk.desk.intake import Admit
from shelter_desk.desk.residents import roster
from shelter_desk.desk.shelter import AddBed
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.staff import May
from shelter_desk.ui.jobs import InlineJobs, ThreadedJobs
from shelter_desk.ui.shared import Shared
from tests.ui.real_door import signed_in_desk
from tests.ui.real_window import Records


@pytest.fixture(scope="module")
def records(tmp_path_factory, care_model):
    made = Records(tmp_path_factory.mktemp("records"), care_model)
    yield made
    made.desk.close()


@pytest.fixture(scope="module")
def nurse(tmp_path_factory):
    """Return the desk of somebody who may do less than the director."""
    desk, _ = signed_in_desk(tmp_path_factory.mktemp("nurse"), "Priya N.")
    yield desk
    desk.close()


@pytest.fixture
def desk(records):
    yield records.desk
    records.everyone_leaves()


@pytest.fixture
def shared(look, desk):
    return Shared(desk, InlineJobs(), desk.house.zone)


@pytest.fixture
def stay(desk, records):
    return desk.do(Admit("Sky", records.clock())).subject


def items(shared, stay):
    """Return what is to be done for somebody, in the order of the care model."""
    plan = shared.ask(stay_plan, stay_id=stay, now=shared.now())
    return [item for service in plan.services for item in service.items]


def ticks(shared, stay):
    """Return a command for each open item."""
    return [
        AnswerItem(stay, item.item_id, item.occurrence)
        for item in items(shared, stay)
        if item.state == "open" and item.may_answer
    ]


def test_a_question_goes_to_the_desk_and_its_answer_comes_back(shared, stay):
    found = shared.ask(roster, now=shared.now())
    assert [line.stay_id for line in found] == [stay]


def test_the_day_is_the_shelters_not_the_worlds(look, desk, records):
    early = records.clock.at.replace(hour=3)  # late in the evening before, in the shelter
    records.clock.at, now = early, records.clock.at
    try:
        shared = Shared(desk, InlineJobs(), ZoneInfo("America/New_York"))
        assert shared.today().day == early.day - 1
    finally:
        records.clock.at = now


def test_a_page_is_refreshed_now_and_when_its_area_is_touched(shared, stay):
    owner, seen = QObject(), []
    shared.refresh_on(Area.DUE, lambda: seen.append("due"), owner)
    shared.refresh_on(Area.STAFF, lambda: seen.append("staff"), owner)
    assert seen == ["due", "staff"]
    shared.do(ticks(shared, stay)[0])
    assert seen == ["due", "staff", "due"]


def test_a_deleted_page_is_not_refreshed(shared, stay):
    owner, seen = QObject(), []
    shared.refresh_on(Area.DUE, lambda: seen.append(1), owner)
    del owner
    gc.collect()
    shared.do(ticks(shared, stay)[0])
    assert seen == [1]


def test_a_toast_offers_undo_only_where_there_is_one(shared, stay, qtbot):
    with qtbot.waitSignal(shared.said) as first:
        done = shared.do(ticks(shared, stay)[0], said="Ticked")
    with qtbot.waitSignal(shared.said) as second:
        shared.do(done.undo, said="Noted")
    assert first.args == ["Ticked", True]
    assert second.args == ["Noted", False]


def test_undo_takes_the_newest_back_by_a_second_command(shared, stay):
    before = items(shared, stay)
    steps = []
    for command in ticks(shared, stay)[:3]:
        shared.do(command)
        steps.append(items(shared, stay))
    assert shared.undo()
    assert items(shared, stay) == steps[1]
    assert shared.undo()
    assert items(shared, stay) == steps[0]
    assert shared.undo()
    assert items(shared, stay) == before
    assert not shared.undo()


def test_what_is_refused_is_told_and_changes_nothing(look, nurse, qtbot):
    shared, trail = Shared(nurse, InlineJobs(), nurse.house.zone), nurse.newest_witness().size
    with qtbot.waitSignal(shared.told) as told:
        assert shared.attempt(AddBed("9Z")) is None
    assert isinstance(told.args[0], NotPermittedError)
    assert nurse.newest_witness().size == trail
    assert not shared.undo()


def test_problems_of_answers_go_to_the_form_and_are_cleared_when_it_works(shared, stay):
    seen = []
    command = ticks(shared, stay)[0]
    done = shared.attempt(command, invalid=seen.append)
    assert seen == [()]
    assert shared.attempt(command, invalid=seen.append) is None  # it is not open any more
    assert [problem.field for problem in seen[1]] == ["occurrence"]
    assert shared.attempt(done.undo, invalid=seen.append) is not None
    assert seen[2] == ()


def test_bugs_are_not_told_as_if_the_person_could_act_on_them(shared, qtbot):
    told = []
    shared.told.connect(told.append)
    with pytest.raises(AttributeError):
        shared.attempt("not a command at all")
    assert told == []


def test_permissions_are_asked_of_the_person_signed_in(look, nurse):
    shared = Shared(nurse, InlineJobs(), nurse.house.zone)
    assert shared.may(May.WRITE_CARE)
    assert not shared.may(May.MANAGE_STAFF)


# Jobs


def test_slow_work_runs_elsewhere_in_order_and_answers_on_the_main_thread(look, qtbot):
    jobs, owner, seen = ThreadedJobs(), QObject(), []
    main = threading.current_thread()

    def answered(value):
        seen.append((value, threading.current_thread() is main))

    for number in range(5):
        jobs.run(
            owner,
            lambda n=number: (n, threading.current_thread() is main),
            answered,
            seen.append,
        )
    qtbot.waitUntil(lambda: len(seen) == 5)
    assert seen == [((n, False), True) for n in range(5)]


def test_an_error_of_slow_work_comes_back_to_the_main_thread(look, qtbot):
    jobs, owner, seen = ThreadedJobs(), QObject(), []
    jobs.run(owner, lambda: 1 / 0, seen.append, lambda error: seen.append(type(error)))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [ZeroDivisionError]


def test_nobody_is_called_after_the_page_is_gone_or_the_desk_finished(look, qtbot):
    jobs, seen = ThreadedJobs(), []
    gate = threading.Event()
    owner, other = QObject(), QObject()
    jobs.run(owner, lambda: gate.wait(5), seen.append, seen.append)
    delete(owner)  # as Qt does with a page that is closed
    gate.set()
    jobs.run(other, lambda: "second", seen.append, seen.append)
    qtbot.waitUntil(lambda: seen == ["second"])
    jobs.run(other, lambda: "third", seen.append, seen.append)
    jobs.finish()
    qtbot.wait(20)
    assert seen == ["second"]


def test_inline_jobs_answer_at_once():
    seen = []
    InlineJobs().run(None, lambda: 7, seen.append, seen.append)
    InlineJobs().run(None, lambda: 1 / 0, seen.append, lambda error: seen.append(type(error)))
    assert seen == [7, ZeroDivisionError]

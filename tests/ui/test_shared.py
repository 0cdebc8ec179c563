"""Commands and questions through `Shared`, and work on the other thread through `Jobs`."""

import gc
import threading
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from shelter_desk.domain.errors import InvalidError, NotPermittedError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.ui.jobs import InlineJobs, ThreadedJobs
from shelter_desk.ui.shared import Shared
from tests.ui.fake_desk import NOON, Area, FakeDesk, Tick

ZONE = ZoneInfo("America/Chicago")


@pytest.fixture
def desk():
    return FakeDesk()


@pytest.fixture
def shared(look, desk):
    return Shared(desk, InlineJobs(), ZONE)


@dataclass(frozen=True)
class Question:
    answer: object


def test_a_question_goes_to_the_desk_and_its_answer_comes_back(shared):
    double = Question(lambda _read, *, number: number * 2)
    assert shared.ask(double, number=21) == 42


def test_the_day_is_the_shelters_not_the_worlds(look):
    desk = FakeDesk()
    late = NOON.replace(hour=3)
    desk.now = lambda: late
    assert Shared(desk, InlineJobs(), ZONE).today().day == 11


def test_a_page_is_refreshed_now_and_when_its_area_is_touched(shared):
    owner, seen = QObject(), []
    shared.refresh_on(Area.DUE, lambda: seen.append("due"), owner)
    shared.refresh_on(Area.RESIDENTS, lambda: seen.append("residents"), owner)
    assert seen == ["due", "residents"]
    shared.do(Tick("screening"))
    assert seen == ["due", "residents", "due"]


def test_a_deleted_page_is_not_refreshed(shared):
    owner, seen = QObject(), []
    shared.refresh_on(Area.DUE, lambda: seen.append(1), owner)
    del owner
    gc.collect()
    shared.do(Tick("screening"))
    assert seen == [1]


def test_a_toast_offers_undo_only_where_there_is_one(shared, qtbot):
    with qtbot.waitSignal(shared.said) as first:
        shared.do(Tick("screening"), said="Ticked")
    with qtbot.waitSignal(shared.said) as second:
        shared.do(Tick("screening", undoes=False), said="Noted")
    assert first.args == ["Ticked", True]
    assert second.args == ["Noted", False]


def test_undo_takes_the_newest_back_by_a_second_command(shared, desk):
    for number in range(3):
        shared.do(Tick(f"item {number}"))
    assert shared.undo()
    assert shared.undo()
    assert [command.what for command in desk.done[3:]] == ["not item 2", "not item 1"]
    assert shared.undo()
    assert not shared.undo()


def test_what_is_refused_is_told_and_changes_nothing(shared, desk, qtbot):
    with qtbot.waitSignal(shared.told) as told:
        assert shared.attempt(Tick("x", NotPermittedError())) is None
    assert isinstance(told.args[0], NotPermittedError)
    assert desk.done == []
    assert not shared.undo()


def test_problems_of_answers_go_to_the_form_and_are_cleared_when_it_works(shared):
    seen = []
    problem = Problem("called", "This one is needed.")
    assert shared.attempt(Tick("x", InvalidError((problem,))), invalid=seen.append) is None
    assert shared.attempt(Tick("x"), invalid=seen.append) is not None
    assert seen == [(problem,), ()]


def test_bugs_are_not_told_as_if_the_person_could_act_on_them(shared):
    with pytest.raises(ZeroDivisionError):
        shared.attempt(Tick("x", ZeroDivisionError()))


def test_permissions_are_asked_of_the_person_signed_in(look):
    shared = Shared(FakeDesk(roles=("nurse",)), InlineJobs(), ZONE)
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

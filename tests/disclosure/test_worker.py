"""`protect` in a process of its own: the same answer, and gone when it is not wanted."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shelter_desk.disclosure import (
    Refused,
    ReleaseRequest,
    SafeRelease,
    Settings,
    StoppedError,
    advise_in_worker,
    check,
    protect_in_worker,
    protect_planned_in_worker,
    protect_problem_in_worker,
    ranges_in_worker,
    reason_in_worker,
    weigh_in_worker,
)
from shelter_desk.disclosure.child import AT_WORK, KEPT, KEPT_S, Keeper
from shelter_desk.disclosure.model import Figure, Problem
from shelter_desk.disclosure.worker import _DIED

Maker = Callable[..., ReleaseRequest]
Protected = Callable[[int, int], SafeRelease]
ROOT = Path(__file__).parents[2]
PROBLEM = Problem(("x",), (5,), (Figure("f", (0,)),), Settings(3))


def test_the_worker_gives_the_same_release(shelter_release: Maker, protected: Protected) -> None:
    here, there = protected(45, 5), protect_in_worker(shelter_release(45, 5))
    assert isinstance(there, SafeRelease)
    assert there.certificate == here.certificate
    assert there.tables == here.tables


def test_a_refusal_comes_back_too(shelter_release: Maker) -> None:
    refused = protect_in_worker(shelter_release(9, 5))
    assert isinstance(refused, Refused)
    assert refused.rung == "population"


def test_a_first_safe_release_comes_early_and_is_whole(shelter_release: Maker) -> None:
    first: list[tuple[float, SafeRelease]] = []
    begun = time.monotonic()
    last = protect_in_worker(
        shelter_release(200, 5),
        early=lambda release: first.append((time.monotonic() - begun, release)),
    )
    assert isinstance(last, SafeRelease)
    seconds, release = first[0]
    assert check(release.certificate) == []
    assert release.withheld >= last.withheld
    assert seconds < time.monotonic() - begun


def test_a_stop_ends_the_work_and_the_process(large_release: ReleaseRequest) -> None:
    stop, ended = threading.Event(), []

    def work() -> None:
        try:
            ended.append(protect_in_worker(large_release, stop=stop))
        except StoppedError as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    wait_for(lambda: len(children_at(AT_WORK)) == 1)
    (child,) = children_at(AT_WORK)
    stop.set()
    thread.join(5)
    assert [type(end) for end in ended] == [StoppedError]
    assert child not in multiprocessing.active_children()
    assert children_at(KEPT) == []


def test_a_worker_is_kept_for_the_next_piece_of_work(protected: Protected) -> None:
    certificate = protected(45, 5).certificate
    ranges = ranges_in_worker(certificate)
    (kept,) = children_at(KEPT)
    number = kept.pid
    assert protect_problem_in_worker(PROBLEM)["status"] == "safe"
    assert [child.pid for child in children_at(KEPT)] == [number]
    kept.kill()  # the system did, for one; then another one is started
    kept.join()
    assert ranges_in_worker(certificate) == ranges
    (other,) = children_at(KEPT)
    assert other.pid != number


def test_a_worker_that_nobody_wants_ends_and_one_that_is_wanted_stays() -> None:
    assert 5 <= KEPT_S <= 30
    keeper = Keeper(0.3)
    child = keeper.take()
    process = child.process
    keeper.keep(child)
    assert keeper.take() is child
    time.sleep(0.5)  # as long as it would have been kept
    assert process in children_at(AT_WORK)
    keeper.keep(child)
    wait_for(lambda: process not in multiprocessing.active_children())
    other = keeper.take()
    assert other.is_alive
    other.end()
    assert not children_at(AT_WORK)


def test_a_worker_that_breaks_off_is_not_kept() -> None:
    assert protect_problem_in_worker(PROBLEM)["status"] == "safe"
    assert len(children_at(KEPT)) == 1
    assert ranges_in_worker({}) == {}  # no certificate at all
    assert multiprocessing.active_children() == []


def test_two_may_ask_at_once_and_one_worker_is_kept(large_release: ReleaseRequest) -> None:
    stop = threading.Event()

    def work() -> None:
        with pytest.raises(StoppedError):
            protect_in_worker(large_release, stop=stop)

    thread = threading.Thread(target=work)
    thread.start()
    wait_for(lambda: len(children_at(AT_WORK)) == 1)
    assert protect_problem_in_worker(PROBLEM)["status"] == "safe"
    assert [len(children_at(state)) for state in (AT_WORK, KEPT)] == [1, 1]
    stop.set()
    thread.join(5)
    assert [len(children_at(state)) for state in (AT_WORK, KEPT)] == [0, 1]


def test_a_worker_that_dies_publishes_nothing(large_release: ReleaseRequest) -> None:
    """Whatever was asked of it: a release, a plan, a table, advice, a reason, ranges."""
    asked: list[tuple[Callable[[], object], object]] = [
        (lambda: protect_in_worker(large_release), "search"),
        (lambda: protect_planned_in_worker((large_release, large_release)), ("search", "search")),
        (lambda: protect_problem_in_worker(PROBLEM)["status"], "refused"),
        (lambda: advise_in_worker({"coarser": large_release}), ()),
        (lambda: reason_in_worker(large_release, (), {}, "t/r0/c0"), ""),
        (lambda: ranges_in_worker({}), {}),
        (lambda: weigh_in_worker({}, (), {}).together, (_DIED,)),
    ]

    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        while not done.wait(0.02):
            for child in multiprocessing.active_children():
                child.kill()
                killed.append(child.pid or 0)
                wait_for(lambda child=child: child not in multiprocessing.active_children())

    thread = threading.Thread(target=kill)
    thread.start()
    for number, (ask, nothing) in enumerate(asked, 1):
        answer = ask()
        while len(killed) < number:  # it was through before it could be killed
            assert thread.is_alive()
            answer = ask()
        refused = answer if isinstance(answer, tuple) else (answer,)
        if all(isinstance(one, Refused) for one in refused) and refused:
            rungs = tuple(one.rung for one in refused if isinstance(one, Refused))
            answer = rungs if isinstance(answer, tuple) else rungs[0]
        assert answer == nothing
    done.set()
    thread.join(5)
    assert not thread.is_alive()


TAKEN = """
import signal
from shelter_desk.disclosure.worker import ranges_in_worker
if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes note of it, not we
    print(ranges_in_worker({}))
"""


def test_the_end_of_a_worker_may_be_noted_elsewhere(tmp_path: Path) -> None:
    script = tmp_path / "taken.py"
    script.write_text(TAKEN, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("{}", 0), done.stderr


PROGRAM = """
import multiprocessing, runpy, sys, threading, time
from shelter_desk.disclosure import protect_in_worker
if __name__ == "__main__":
    make = runpy.run_path(sys.argv[1])["_large"]
    def tell():
        while not multiprocessing.active_children():
            time.sleep(0.01)
        print(multiprocessing.active_children()[0].pid, flush=True)
    threading.Thread(target=tell, daemon=True).start()
    protect_in_worker(make())
"""


@pytest.fixture
def parent(tmp_path: Path) -> subprocess.Popen[str]:
    """A program that protects something large in a worker, in a terminal of its own."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, str(script), str(Path(__file__).with_name("conftest.py"))],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=ROOT,
    )


def test_the_worker_ends_when_its_parent_is_killed(parent: subprocess.Popen[str]) -> None:
    assert parent.stdout
    assert int(parent.stdout.readline()) > 0
    time.sleep(1.0)  # let it get to work
    parent.kill()
    parent.communicate(timeout=20)  # the child holds the other end of these pipes
    assert parent.returncode == -signal.SIGKILL


def test_ctrl_c_is_for_the_parent_alone(parent: subprocess.Popen[str]) -> None:
    assert parent.stdout
    assert int(parent.stdout.readline()) > 0
    os.killpg(parent.pid, signal.SIGINT)
    _, told = parent.communicate(timeout=20)
    assert told.count("KeyboardInterrupt") == 1, told


def test_the_worker_knows_neither_windows_nor_records() -> None:
    look = (
        "import sys, shelter_desk.__main__, shelter_desk.disclosure.worker;"
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('PySide6', 'shiboken6', 'sqlalchemy', 'sqlcipher3', 'keyring', 'reportlab')"
        " or m.startswith(('shelter_desk.store', 'shelter_desk.desk', 'shelter_desk.ui'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def children_at(state: str) -> list[multiprocessing.process.BaseProcess]:
    return [child for child in multiprocessing.active_children() if child.name == state]


def wait_for(held: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not held():
        assert time.monotonic() < until
        time.sleep(0.02)

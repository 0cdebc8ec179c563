"""`protect` in a process of its own: it can be stopped at any moment, and nothing waits for it.

Only counts go in and only a safe release comes out. The child imports this package and the
domain: neither windows nor the records. It ends with its parent, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from shelter_desk.disclosure.checker import check
from shelter_desk.disclosure.ledger import Certificates
from shelter_desk.disclosure.release import Early, protect
from shelter_desk.disclosure.request import ReleaseRequest
from shelter_desk.disclosure.safe import Refused, SafeRelease
from shelter_desk.domain.errors import DeskError

# How soon a stop is noticed.
LOOK_EVERY_S = 0.05
END_WITHIN_S = 2.0


class StoppedError(DeskError):
    """The work was stopped before it was done. Nothing was released."""


def protect_in_worker(
    request: ReleaseRequest,
    *,
    earlier: Certificates = (),
    early: Early | None = None,
    stop: threading.Event | None = None,
) -> SafeRelease | Refused:
    """Protect a release as `protect` does, in a process that ends when it is told to.

    Args:
        request: the tables with their true counts.
        earlier: shareable certificates of the releases that are out.
        early: is given a first safe release, on this thread, while fewer blanks are sought.
        stop: set it, from any thread, to end the work.

    Raises:
        StoppedError: `stop` was set.
    """
    with _child(request, earlier) as (process, answers):
        while True:
            if stop is not None and stop.is_set():
                raise StoppedError
            if answers.poll(LOOK_EVERY_S):
                found = _received(answers)
                if found is None:
                    return _died(process)
                is_last, answer = found
                answer = _held(answer)
                if is_last:
                    return answer
                if early is not None and isinstance(answer, SafeRelease):
                    early(answer)


@contextmanager
def _child(
    request: ReleaseRequest, earlier: Certificates
) -> Iterator[tuple[BaseProcess, Connection]]:
    """Start the child and end it, whatever happens in between."""
    # Spawned, not forked: the same everywhere, and no open records in the child.
    context = multiprocessing.get_context("spawn")
    answers, sender = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(sender, request, tuple(earlier)), name="protect", daemon=True
    )
    try:
        with _no_interrupt():
            process.start()
        sender.close()
        yield process, answers
    finally:
        answers.close()
        if process.pid is not None:
            process.kill()
            process.join(END_WITHIN_S)
            process.close()


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Keep Ctrl+C, which a terminal sends to every process, away from the child.

    The mask goes over to the child and stays there; here the interruption arrives a moment later.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows: the child ignores it, see `_work`
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _received(answers: Connection) -> tuple[bool, SafeRelease | Refused] | None:
    try:
        is_last, answer = answers.recv()
    except (EOFError, OSError):
        return None
    return bool(is_last), answer


def _held(answer: SafeRelease | Refused) -> SafeRelease | Refused:
    """Add the certificate up again on this side; nothing is taken on trust."""
    if isinstance(answer, SafeRelease):
        wrong = check(answer.certificate)
        if wrong:
            return Refused(f"The proof of safety did not hold. {wrong[0]}", "certificate")
    return answer


def _died(process: BaseProcess) -> Refused:
    process.join(END_WITHIN_S)
    return Refused("The search for a safe version ended without an answer.", "search")


def _work(sender: Connection, request: ReleaseRequest, earlier: Certificates) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    answer = protect(request, earlier=earlier, early=lambda release: sender.send((False, release)))
    sender.send((True, answer))
    sender.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

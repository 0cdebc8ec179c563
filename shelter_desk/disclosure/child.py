"""The process beside this one that protects: kept a while for the next piece of work.

To start one costs half a second, and a pack protects three times within a few: so a child that
gave its last answer is kept for some seconds, one at the most. One whose work was stopped, broke
off or failed is ended at once, and so is the kept one when nobody wants it: its memory is given
back, with the counts in it. A child ends with its parent, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from typing import Any, Protocol

from shelter_desk.domain.errors import DeskError

# How soon a stop is noticed.
LOOK_EVERY_S = 0.05
END_WITHIN_S = 2.0
# How long a child without work is kept.
KEPT_S = 10.0
# What a child is at is its name.
AT_WORK, KEPT = "protect", "protect, kept"


class StoppedError(DeskError):
    """The work was stopped before it was done. Nothing was released."""


class Channel(Protocol):
    """One end of the pipe between this process and its child; its class differs by system."""

    def poll(self, timeout: float, /) -> bool:
        """Wait so many seconds at most; tell whether there is something to read."""

    def recv(self) -> Any:  # noqa: ANN401 - what the other side sends
        """Return what the other side sent; raise EOFError where it is gone."""

    def send(self, message: Any, /) -> None:  # noqa: ANN401 - anything that can be pickled
        """Send something that can be pickled."""

    def close(self) -> None:
        """Close this end."""


def answers_of(
    work: Callable[..., None], arguments: tuple[Any, ...], stop: threading.Event | None
) -> Iterator[tuple[bool, Any]]:
    """Yield what a child tells: (whether it is the last, the answer). It may die before.

    `work(channel, *arguments)` runs there and sends such pairs.

    Raises:
        StoppedError: `stop` was set.
    """
    child, is_last = _keeper.take(), False
    try:
        child.give(work, arguments)
        while not is_last:
            if stop is not None and stop.is_set():
                raise StoppedError
            if child.channel.poll(LOOK_EVERY_S):
                is_last, answer = child.channel.recv()
                yield is_last, answer
    except (EOFError, OSError):
        return
    finally:
        if is_last:
            _keeper.keep(child)
        else:
            child.end()


class Child:
    """A process that does one piece of work after the other."""

    def __init__(self) -> None:
        # Spawned, not forked: the same everywhere, and no open records in the child.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self.channel: Channel = ours
        self.process = context.Process(target=_serve, args=(theirs,), name=AT_WORK, daemon=True)
        try:
            with _no_interrupt():
                self.process.start()
            theirs.close()
        except BaseException:
            if self.process.pid is not None:
                self.end()
            raise

    @property
    def is_alive(self) -> bool:
        """Tell whether it has not ended."""
        # Not the process's own word: another part of the program may have noted its end.
        return not wait([self.process.sentinel], 0)

    def give(self, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        """Have a piece of work begun."""
        self.channel.send((work, arguments))

    def end(self) -> None:
        """End it, whatever it is at."""
        self.channel.close()
        self.process.kill()
        self.process.join(END_WITHIN_S)
        # Starting or counting processes looks at every child: another thread that does so may
        # have taken note of this one's end, and then it cannot be closed, only forgotten.
        with suppress(ValueError):
            self.process.close()


class Keeper:
    """Holds the one child that waits for work, for so many seconds."""

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._lock = threading.Lock()
        self._kept: Child | None = None
        self._timer: threading.Timer | None = None

    def take(self) -> Child:
        """Return the kept child, if it still lives, or a new one."""
        with self._lock:
            child, self._kept = self._kept, None
            if self._timer is not None:
                self._timer.cancel()
        if child is not None and child.is_alive:
            child.process.name = AT_WORK
            return child
        if child is not None:
            child.end()
        return Child()

    def keep(self, child: Child) -> None:
        """Keep a child whose work is done, for some seconds; the one kept before goes."""
        child.process.name = KEPT
        timer = threading.Timer(self._kept_s, self._let_go)
        timer.daemon = True
        with self._lock:
            former, self._kept = self._kept, child
            if self._timer is not None:
                self._timer.cancel()
            self._timer = timer
        timer.start()
        if former is not None:
            former.end()

    def _let_go(self) -> None:
        with self._lock:
            if self._timer is not threading.current_thread():  # it was taken at the last moment
                return
            child, self._kept = self._kept, None
        if child is not None:
            child.end()


_keeper = Keeper()


def _serve(channel: Channel) -> None:
    """Do what the parent gives, in the child, until it gives no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError):
        while True:
            work, arguments = channel.recv()
            work(channel, *arguments)
            del arguments  # counts that nobody needs any more


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Keep Ctrl+C, which a terminal sends to every process, away from the child.

    The mask goes over to the child and stays there; here the interruption arrives a moment later.
    """
    if sys.platform == "win32":  # the child ignores it, see `_serve`
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

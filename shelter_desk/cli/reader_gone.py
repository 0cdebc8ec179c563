"""What a command does when whoever reads its lines has gone, as `head` does after ten."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

READER_GONE = 141
"""Exit code, as shells know it of programs that a closed pipe ended: neither yes nor refused."""


def ended_quietly(run: Callable[[], int]) -> int:
    """Run a command and write out what it said; return its exit code, or `READER_GONE`.

    Raises: what it raises, but for the broken pipe.
    """
    try:
        try:
            return run()
        finally:  # what `--help` says leaves with SystemExit
            sys.stdout.flush()
            sys.stderr.flush()
    except BrokenPipeError:
        _say_nothing_more()
        return READER_GONE


def _say_nothing_more() -> None:
    """Let what is still held be written to nowhere, or the interpreter complains at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)

"""Drives Debian's `age`, which takes a passphrase from a terminal only, through a terminal."""

from __future__ import annotations

import os
import pty
import select
import shutil
from pathlib import Path


def age(*arguments: str, words: str, folder: Path) -> int:
    """Run age in `folder`, type the words whenever it asks, return its exit code."""
    if shutil.which("age") is None:
        raise AssertionError("The program age is needed: apt-get install -y age")
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvp("age", ["age", *arguments])
    try:
        _talk(terminal, words)
    finally:
        _, status = os.waitpid(child, 0)
        os.close(terminal)
    return os.waitstatus_to_exitcode(status)


def _talk(terminal: int, words: str) -> None:
    heard = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # how a terminal says that the other side has gone
            return
        if not piece:
            return
        heard += piece
        if heard.rstrip().endswith(b":"):
            os.write(terminal, words.encode() + b"\n")
            heard = b""

"""The tools the crash tests stand on, found or built; a missing one fails the test by name."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
WRITER = _HERE / "steady_writer.py"
MANY_DESKS = _HERE / "many_desks.py"
CALLS = (
    "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename",
    "mkdir", "rmdir", "chmod",
)  # fmt: skip


def tool(name: str) -> str:
    """Return the path of a system tool."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: sudo apt-get install {name}")
    return found


def watcher(folder: Path) -> Path:
    """Build the library that watches file calls into `folder` and return its path."""
    library = folder / "file_calls.so"
    command = [
        tool("gcc"),
        "-shared",
        "-fPIC",
        "-O2",
        "-o",
        library,
        _HERE / "file_calls.c",
        "-ldl",
    ]
    subprocess.run(command, check=True)
    return library


def environment(**more: object) -> dict[str, str]:
    """Return the environment of a program under test, with `more` settings."""
    paths = (_ROOT, _HERE.parent, _HERE)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",  # a cache written by Python is not the store's
        **{name: str(value) for name, value in more.items()},
    }


def writer(folder: Path, acknowledge: Path, count: int, *more: str) -> list[str]:
    """Return the command of the steady writer."""
    return [sys.executable, str(WRITER), str(folder), str(acknowledge), str(count), *more]


def strace(log: Path, *orders: str) -> list[str]:
    """Return the beginning of a command whose file calls are watched, or killed by `orders`."""
    kinds = ",".join(CALLS)
    return [tool("strace"), "-f", "-qq", "-o", str(log), "-e", f"trace={kinds}", *orders]


def points(log: Path) -> list[tuple[str, int]]:
    """Return every (system call, its number) of a run, strace counting each thread by itself."""
    per_thread: Counter[tuple[str, str]] = Counter()
    for line in log.read_text().splitlines():
        call = re.match(r"(\d+) +(\w+)\(", line)
        if call:
            per_thread[call[1], call[2]] += 1
    most: Counter[str] = Counter()
    for (_, name), count in per_thread.items():
        most[name] = max(most[name], count)
    return [(name, number) for name in sorted(most) for number in range(1, most[name] + 1)]


def killed(log: Path, name: str, number: int, command: list[str]) -> bool:
    """Run the program with a kill at one call; say whether it came so far."""
    order = f"inject={name}:signal=SIGKILL:when={number}"
    ended = subprocess.run(
        [*strace(log, "-e", order), *command], env=environment(), check=False,
        capture_output=True,
    )  # fmt: skip
    assert ended.returncode in (0, -signal.SIGKILL), (name, number, ended.stderr[-500:])
    return ended.returncode != 0

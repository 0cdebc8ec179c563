"""The tools the crash tests stand on, found or built; a missing one fails the test by name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
WRITER = _HERE / "steady_writer.py"
MANY_DESKS = _HERE / "many_desks.py"


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

"""Starts the program, and a bare PySide6 window, each in a process of its own.

The bare window is timed twice: with PySide6 as its package brings it, which compiles its Python
part at each start, and as our set-up leaves it (`packaging/desk.py`), which compiled it once.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PACKAGES = ("PySide6", "shiboken6")
_UNPACKED = "files.dir"  # where PySide unpacks its Python part


def start(*words: str, packages: Path | None = None) -> tuple[float, dict[str, float]]:
    """Start one of `windows.py`; return the milliseconds until it ended, and what it says."""
    script = [sys.executable, str(Path(__file__).with_name("windows.py")), *words]
    # Compiled modules are kept, as they are where the program is installed.
    around = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    if packages is not None:
        around["PYTHONPATH"] = str(packages)
    began = time.perf_counter()
    ran = subprocess.run(script, capture_output=True, text=True, check=True, cwd=ROOT, env=around)
    return (time.perf_counter() - began) * 1000, json.loads(ran.stdout)


def switches(store: Path, times: int) -> list[dict[str, float]]:
    """Return what `windows.py switch` says, each time anew."""
    return [start("switch", str(store))[1] for _ in range(times)]


@contextmanager
def as_packaged() -> Iterator[Path]:
    """Give a folder that has PySide6 as its package brings it."""
    found = importlib.util.find_spec("PySide6")
    assert found is not None
    assert found.origin is not None
    source = Path(found.origin).parents[1]
    # Beside the packages: a hard link costs nothing, and cannot leave its disk.
    with tempfile.TemporaryDirectory(dir=source.parent) as folder:
        for name in _PACKAGES:
            shutil.copytree(
                source / name,
                Path(folder) / name,
                copy_function=os.link,
                ignore=shutil.ignore_patterns(_UNPACKED),
            )
        yield Path(folder)


def starts(store: Path, times: int) -> list[tuple[float, ...]]:
    """Return the milliseconds of our window, the packaged bare one, and the bare one beside us."""
    taken = []
    with as_packaged() as packages:
        ways = (
            lambda: start("unlock", str(store))[0],
            lambda: start("bare", packages=packages)[0],
            lambda: start("bare")[0],
        )
        for turn in range(times + 1):  # the first turn is not counted: it compiles
            order = [(turn + step) % len(ways) for step in range(len(ways))]
            one = {way: ways[way]() for way in order}
            taken.append(tuple(one[way] for way in range(len(ways))))
    return list(zip(*taken[1:], strict=True))

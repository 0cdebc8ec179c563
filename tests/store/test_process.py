"""Memory of the program stays out of dumps, and its files out of other people's reach."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.linux

PROBE = """
import os, resource, sys
from shelter_desk.store.process import harden
harden()
open(sys.argv[1], "w").close()
dumpable = __import__("ctypes").CDLL(None).prctl(3, 0, 0, 0, 0)
print(resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable)
"""


def test_no_dump_no_debugger_and_private_files(tmp_path: Path) -> None:
    made = tmp_path / "made"
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(made)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["0", "0"]
    assert made.stat().st_mode & 0o077 == 0

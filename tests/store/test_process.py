"""Memory of the program stays out of dumps, and its files out of other people's reach."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from shelter_desk.store.process import WINDOWS_ACCESS

PROBE = """
import os, resource, sys
from shelter_desk.store.process import harden
harden()
open(sys.argv[1], "w").close()
dumpable = __import__("ctypes").CDLL(None).prctl(3, 0, 0, 0, 0)
print(resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable)
"""


@pytest.mark.linux
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


def test_on_windows_nobody_is_allowed_to_read_or_write_the_memory() -> None:
    """The access list as text: protected, one entry, and none of the rights that reach memory."""
    found = re.fullmatch(r"D:P\(A;;(0x[0-9a-f]+);;;OW\)", WINDOWS_ACCESS)
    assert found is not None
    rights = int(found[1], 16)
    memory_and_more = {
        "PROCESS_CREATE_THREAD": 0x2,
        "PROCESS_VM_OPERATION": 0x8,
        "PROCESS_VM_READ": 0x10,
        "PROCESS_VM_WRITE": 0x20,
        "WRITE_DAC": 0x40000,
        "WRITE_OWNER": 0x80000,
    }
    assert not [name for name, bit in memory_and_more.items() if rights & bit]
    needed = {"SYNCHRONIZE": 0x100000, "PROCESS_DUP_HANDLE": 0x40}  # multiprocessing opens both
    assert not [name for name, bit in needed.items() if not rights & bit]

"""A real disk that is full, and a real one that is read-only: a mount of two megabytes.

The desk still opens and reads on a full disk, says so when it cannot save, and saves again once
there is room.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from tools import environment, tool

pytestmark = [pytest.mark.linux, pytest.mark.mounts]

_PROGRAM = """
import subprocess, sys
from pathlib import Path
from invented_trail import DEK, add_entry, chain, files_of, new_store, open_store, verdict
from shelter_desk.domain.trouble import TroubleError

disk = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=True)
records = disk / "records"
records.mkdir()

def page(what):
    try:
        what()
    except TroubleError as trouble:
        return trouble.code
    return "done"

def fill(file):
    try:
        while True:
            file.write(b"x" * 4096)
    except OSError:
        pass

store = new_store(records, 3)
saved = 3
with (disk / "other").open("wb", buffering=0) as other:
    fill(other)
    pages = set()
    for _ in range(5):
        pages.add(page(lambda: add_entry(store, body=b"x" * 60_000)))
    print("saving on a full disk:", *sorted(pages))
    print("reading on a full disk:", chain(store).count)
    store.close()
    print("opening on a full disk:", page(lambda: open_store(records).close()))
    again = open_store(records)
    fill(other)  # closing made the WAL's room free
    print("reading after opening on a full disk:", chain(again).count)
    print("saving after opening on a full disk:", page(lambda: add_entry(again)))
    again.close()
(disk / "other").unlink()
store = open_store(records)
print("saving with room again:", page(lambda: add_entry(store)))
store.close()
print("in the end:", verdict(records, 4))
before = files_of(records)
subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
print("opening read-only:", page(lambda: open_store(records)))
print("changed:", files_of(records) != before)
"""

_EXPECTED = {
    "reading on a full disk": {"3"},
    "opening on a full disk": {"done"},
    "reading after opening on a full disk": {"3"},
    "saving with room again": {"done"},
    "in the end": {"whole"},
    "opening read-only": {"read-only-folder"},
    "changed": {"False"},
}


def test_a_full_disk_still_reads_and_a_read_only_one_is_named(tmp_path) -> None:
    done = subprocess.run(
        [tool("unshare"), "-m", sys.executable, "-c", _PROGRAM, tmp_path],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = {
        what: set(answer.split())
        for what, answer in (line.split(": ", 1) for line in done.stdout.splitlines())
    }
    print(told)
    for what in ("saving on a full disk", "saving after opening on a full disk"):
        assert told.pop(what) <= {"disk-full", "disk-error", "outcome-unknown"}
    assert told == _EXPECTED

"""Replacing a small file: the old one or the new one, whatever is interrupted."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shelter_desk.store.safe_file import replace_bytes, sweep, sync_folder

ROOT = Path(__file__).parents[3]


def test_a_file_is_made_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "slots.json"
    for data in (b"first", b"", b"x" * 3_000_000):
        replace_bytes(path, data)
        assert path.read_bytes() == data
    assert [p.name for p in tmp_path.iterdir()] == ["slots.json"]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_bytes(tmp_path / "nowhere" / "slots.json", b"x")


def test_a_target_that_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "slots.json").mkdir()
    with pytest.raises(OSError, match=r"slots\.json"):
        replace_bytes(tmp_path / "slots.json", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["slots.json"]


def test_sweeping_removes_only_our_leftovers(tmp_path: Path) -> None:
    for name in (".a.json.12ab34cd.tmp", ".b.json.12ab34cd.tmp", "a.json", "a.json.tmp"):
        (tmp_path / name).write_bytes(b"x")
    sweep(tmp_path / "a.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        ".b.json.12ab34cd.tmp", "a.json", "a.json.tmp",
    ]  # fmt: skip


def test_a_folder_is_synced(tmp_path: Path) -> None:
    sync_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "nowhere")


FULL_DISK = """
import pathlib, resource, signal, sys
from shelter_desk.store.safe_file import replace_bytes
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = pathlib.Path(sys.argv[1])
replace_bytes(path, b"old" * 1000)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    replace_bytes(path, b"new" * 10_000)
except OSError:
    print("refused")
"""

REPLACE = """
import pathlib, sys
from shelter_desk.store.safe_file import replace_bytes
replace_bytes(pathlib.Path(sys.argv[1]), b"new" * 1000)
"""

if sys.platform == "linux":

    def test_a_full_disk_keeps_the_old_file(tmp_path: Path) -> None:
        path = tmp_path / "slots.json"
        done = subprocess.run(
            [sys.executable, "-c", FULL_DISK, path],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.stdout == "refused\n", done.stderr
        assert path.read_bytes() == b"old" * 1000
        assert [p.name for p in tmp_path.iterdir()] == ["slots.json"]

    @pytest.mark.slow  # one start of Python for every call to the system
    def test_killed_at_every_call_the_file_is_the_old_or_the_new_one(tmp_path: Path) -> None:
        if shutil.which("strace") is None:
            pytest.fail("strace is missing: install the package strace")
        path = tmp_path / "slots.json"
        old, new = b"old" * 1000, b"new" * 1000
        after: dict[str, list[bytes]] = {}
        for call in ("write", "fsync", "rename"):
            for number in range(1, 100):
                path.write_bytes(old)
                done = subprocess.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                     f"inject={call}:signal=SIGKILL:when={number}",
                     sys.executable, "-c", REPLACE, path],
                    cwd=ROOT, timeout=60, check=False, stderr=subprocess.DEVNULL,
                )  # fmt: skip
                assert path.read_bytes() in (old, new)
                if done.returncode == 0:
                    break
                after.setdefault(call, []).append(path.read_bytes())
        # Killed as each call begins (strace stops a process at its entry): the call that is
        # interrupted may still be carried out.
        assert set(after["write"]) == {old}
        assert after["fsync"] == [old, new]  # the file's own wait, then the folder's
        assert len(after["rename"]) == 1

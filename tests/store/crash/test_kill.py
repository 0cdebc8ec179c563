"""The program is killed while it saves: what it acknowledged is there, what is there is whole."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from invented_trail import new_store, verdict
from steady_writer import newest
from tools import environment, tool, writer

pytestmark = pytest.mark.linux

BEFORE = 3
_LARGEST = 8 * 1024 * 1024
_CALLS = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink")


def _run_and_kill(folder: Path, told: Path, chance: random.Random) -> None:
    """Start a desk, let it save, and kill it at a random moment of its saving."""
    told.unlink(missing_ok=True)
    desk = subprocess.Popen(writer(folder, told, 0), env=environment())
    try:
        enough = chance.randrange(2, 20)
        while desk.poll() is None and (not told.exists() or told.stat().st_size < enough * 8):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.01))
        assert desk.poll() is None, "the desk ended by itself"
    finally:
        desk.kill()
        desk.wait()


@pytest.mark.parametrize("cycles", [pytest.param(12), pytest.param(300, marks=pytest.mark.slow)])
def test_a_killed_desk_loses_nothing_that_was_acknowledged(
    folder: Path, tmp_path: Path, cycles: int
) -> None:
    chance = random.Random(cycles)
    told, records = tmp_path / "told", folder / "records"
    acknowledged = unclean = 0
    found: Counter[str] = Counter()
    for _ in range(cycles):
        if not records.exists():
            records.mkdir()
            new_store(records, BEFORE).close()
        _run_and_kill(records, told, chance)
        wal = records / "store.db-wal"
        unclean += wal.exists() and wal.stat().st_size > 0
        acknowledged += told.stat().st_size // 8 - 1
        found[verdict(records, newest(told.read_bytes()))] += 1
        if (records / "store.db").stat().st_size > _LARGEST:
            shutil.rmtree(records)
    print(f"{cycles} kills, {unclean} with a WAL left, {acknowledged} acknowledged: {dict(found)}")
    assert found == {"whole": cycles}
    assert unclean > cycles // 2
    assert acknowledged >= cycles


def _strace(log: Path, *orders: str) -> list[str]:
    kinds = ",".join(_CALLS)
    return [
        tool("strace"), "-f", "-qq", "-o", str(log), "-e", f"trace={kinds}",
        *orders,
    ]  # fmt: skip


def _points(fresh: Path, folder: Path, tmp_path: Path, entries: int) -> list[tuple[str, int]]:
    """Return every (system call, its number) of a run that is not killed."""
    log, told = tmp_path / "calls", tmp_path / "told"
    _start_again(fresh, folder, told)
    subprocess.run([*_strace(log), *writer(folder, told, entries)], env=environment(), check=True)
    assert newest(told.read_bytes()) == BEFORE + entries
    per_thread: Counter[tuple[str, str]] = Counter()
    for line in log.read_text().splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found:
            per_thread[found[1], found[2]] += 1
    most: Counter[str] = Counter()
    for (_, name), count in per_thread.items():
        most[name] = max(most[name], count)  # strace counts the calls of each thread by itself
    return [(name, number) for name in sorted(most) for number in range(1, most[name] + 1)]


def _start_again(fresh: Path, folder: Path, told: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(fresh, folder)
    told.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("entries", "every"), [pytest.param(9, 150), pytest.param(12, 1, marks=pytest.mark.slow)]
)
def test_a_kill_at_any_file_call_loses_nothing(
    folder: Path, tmp_path: Path, entries: int, every: int
) -> None:
    fresh, records, told = folder / "fresh", folder / "records", tmp_path / "told"
    fresh.mkdir()
    new_store(fresh, BEFORE).close()
    points = _points(fresh, records, tmp_path, entries)
    found: Counter[str] = Counter()
    for name, number in points[::every]:
        _start_again(fresh, records, told)
        order = f"inject={name}:signal=SIGKILL:when={number}"
        ended = subprocess.run(
            [*_strace(tmp_path / "log", "-e", order), *writer(records, told, entries)],
            env=environment(),
            check=False,
        )
        if ended.returncode == 0:
            found["not reached"] += 1  # how often head.log is waited for depends on the moment
            continue
        assert ended.returncode == -signal.SIGKILL, (name, number, ended.returncode)
        data = told.read_bytes() if told.exists() else b""
        found[verdict(records, max(newest(data), BEFORE))] += 1
    kinds = dict(Counter(name for name, _ in points))
    print(f"{found.total()} of {len(points)} kill points {kinds}: {dict(found)}")
    assert set(found) <= {"whole", "not reached"}
    assert found["not reached"] <= 5
    assert {"pwrite64", "ftruncate", "unlink", "write"} <= set(kinds)
    assert found["whole"] >= 3

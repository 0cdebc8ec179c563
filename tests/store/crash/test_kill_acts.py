"""A kill at any file call of an admission, a tick or an entry: none is lost, none is half."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from one_backup import found
from one_shift import ACTIONS, sign_in
from tools import environment, killed, points, strace

from shelter_desk.desk import audit_log
from shelter_desk.desk.upkeep_check import due_drift

pytestmark = pytest.mark.linux

PROGRAM = Path(__file__).with_name("one_shift.py")


def done_in(records: Path) -> tuple[str, ...]:
    """Open the records as the desk does; return what was done in the shift, in order."""
    desk = sign_in(records)
    try:
        assert desk.alarm is None
        assert desk.ask(audit_log.trail).is_whole
        assert all(finding.passed for finding in desk.check_file())
        assert not desk.ask(due_drift)
        lines = desk.ask(audit_log.events, limit=20)
        return tuple(line.action for line in reversed(lines) if line.action in ACTIONS)[1:]
    finally:
        desk.close()


@pytest.mark.parametrize("every", [50, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_any_file_call_of_an_act_keeps_all_of_it_or_none(
    folder: Path, tmp_path: Path, every: int
) -> None:
    found(folder / "fresh")
    records, told, log = folder / "records", tmp_path / "told", tmp_path / "log"

    def start_again() -> list[str]:
        shutil.rmtree(records, ignore_errors=True)
        shutil.copytree(folder / "fresh", records)
        told.unlink(missing_ok=True)
        return [sys.executable, str(PROGRAM), str(records), str(told)]

    subprocess.run([*strace(log), *start_again()], env=environment(), check=True)
    assert done_in(records) == ACTIONS
    every_point = points(log)
    verdicts: Counter[str] = Counter()
    acknowledged = 0
    for name, number in every_point[::every]:
        if not killed(log, name, number, start_again()):
            verdicts["not reached"] += 1
            continue
        sure = len(told.read_bytes()) if told.exists() else 0
        acknowledged += sure
        there = done_in(records)
        assert there == ACTIONS[: len(there)]
        assert sure <= len(there) <= sure + 1, f"{name} {number}: told {sure}, kept {len(there)}"
        verdicts["whole"] += 1
    kinds = dict(Counter(name for name, _ in every_point))
    print(
        f"{verdicts.total()} of {len(every_point)} kill points {kinds}: "
        f"{acknowledged} acts acknowledged, {dict(verdicts)}"
    )
    assert verdicts["whole"]
    assert verdicts["not reached"] <= max(1, verdicts.total() // 5)
    assert {"pwrite64", "fsync"} <= set(kinds)

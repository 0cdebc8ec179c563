"""Witnesses: a store that was put back, cut or rewritten is noticed; a crash is not an alarm."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter_desk.domain.audit import EMPTY_HEAD, next_head
from shelter_desk.store.witness import (
    LARGEST_LOG,
    HeadLog,
    Outcome,
    Witness,
    Witnesses,
    compare,
    known_witnesses,
    read_witness_line,
    witness_line,
)

ROOT = Path(__file__).parents[3]
KEY = b"k" * 32
NOW = datetime(2026, 3, 8, 23, 59, 59, 123000, tzinfo=UTC)


def _heads(count: int, tale: bytes = b"") -> list[bytes]:
    heads = [EMPTY_HEAD]
    for number in range(1, count + 1):
        heads.append(next_head(heads[-1], (tale + number.to_bytes(4, "big")).ljust(32)))
    return heads


HEADS = _heads(50)


def _log(folder: Path, upto: int, heads: list[bytes] = HEADS) -> None:
    log = HeadLog(folder, KEY)
    for size in range(1, upto + 1):
        log.append(size, heads[size], NOW + timedelta(seconds=size))
    log.close()
    assert log.problem == ""


def _compare(folder: Path, size: int, heads: list[bytes] = HEADS, others=()):
    known = known_witnesses(folder, KEY, others)
    return compare(size, lambda n: heads[n] if n <= size else None, known)


@given(
    st.integers(0, 2**63),
    st.binary(min_size=32, max_size=32),
    st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31)),  # noqa: DTZ001
)
def test_a_line_says_what_was_noted(size: int, head: bytes, at: datetime) -> None:
    moment = at.replace(tzinfo=UTC, microsecond=at.microsecond // 1000 * 1000)
    witness = Witness(size, head, moment, "keyring")
    line = witness_line(witness, KEY)
    assert "\n" not in line
    assert read_witness_line(line, KEY, "keyring") == witness
    assert read_witness_line(line, b"x" * 32, "keyring") is None


@given(st.text())
def test_any_other_text_is_no_witness(text: str) -> None:
    assert read_witness_line(text, KEY, "keyring") is None


def test_a_store_that_agrees(tmp_path: Path) -> None:
    _log(tmp_path, 50)
    report = _compare(tmp_path, 50)
    assert (report.outcome, report.checked, report.ahead_by) == (Outcome.AGREES, 50, 0)
    assert "all 50" in report.sentence()


def test_a_store_ahead_of_its_log_is_normal(tmp_path: Path) -> None:
    _log(tmp_path, 47)
    report = _compare(tmp_path, 50)
    assert (report.outcome, report.ahead_by, report.is_alarm) == (Outcome.STORE_AHEAD, 3, False)


def test_an_older_copy_of_the_store_is_an_alarm_with_the_date(tmp_path: Path) -> None:
    _log(tmp_path, 50)
    report = _compare(tmp_path, 41)
    assert report.is_alarm
    assert len(report.mismatches) == 9
    sentence = report.sentence()
    assert "09 March 2026 at 00:00 UTC (head.log)" in sentence
    assert "50 entries" in sentence
    assert "newest 9" in sentence


def test_a_rewritten_trail_is_an_alarm_even_when_it_was_continued(tmp_path: Path) -> None:
    rewritten = _heads(50, b"another tale")
    _log(tmp_path, 20)
    log = HeadLog(tmp_path, KEY)
    for size in range(21, 51):
        log.append(size, rewritten[size], NOW)
    log.close()
    report = _compare(tmp_path, 50, rewritten)
    assert report.is_alarm
    assert len(report.mismatches) == 20
    assert "entry 20 of the audit trail was not what it is now" in report.sentence()


def test_other_witnesses_are_asked_as_well(tmp_path: Path) -> None:
    _log(tmp_path, 30)
    paper = Witness(44, HEADS[44], NOW, "monthly sheet")
    assert _compare(tmp_path, 50, others=(paper,)).outcome is Outcome.STORE_AHEAD
    report = _compare(tmp_path, 30, others=(paper,))
    assert report.is_alarm
    assert "monthly sheet" in report.sentence()


def test_no_witness_is_said_and_is_no_alarm(tmp_path: Path) -> None:
    report = _compare(tmp_path, 50)
    assert (report.outcome, report.is_alarm) == (Outcome.NO_WITNESS, False)
    assert report.sentence().startswith("Nothing outside")
    assert compare(0, lambda _: None, Witnesses((Witness(0, EMPTY_HEAD, NOW),))).outcome is (
        Outcome.AGREES
    )


def test_a_torn_last_line_is_tolerated_at_every_length(tmp_path: Path) -> None:
    _log(tmp_path, 3)
    path = tmp_path / "head.log"
    data = path.read_bytes()
    last = data.rindex(b"\n", 0, len(data) - 1) + 1
    tried = 0
    for length in range(last, len(data)):
        path.write_bytes(data[:length])
        known = known_witnesses(tmp_path, KEY)
        assert [w.size for w in known.known] == [1, 2]
        assert known.unreadable == 0
        tried += 1
    assert tried > 100
    # What is appended after the torn line stands on a line of its own.
    path.write_bytes(data[: len(data) - 5])
    log = HeadLog(tmp_path, KEY)
    log.append(4, HEADS[4], NOW)
    log.close()
    known = known_witnesses(tmp_path, KEY)
    assert [w.size for w in known.known] == [1, 2, 4]
    assert known.unreadable == 1


def test_a_changed_line_is_counted_and_never_believed(tmp_path: Path) -> None:
    _log(tmp_path, 2)
    path = tmp_path / "head.log"
    data = path.read_bytes()
    end = data.index(b"\n")
    for place in range(end):
        for bit in (0, 3, 7):
            changed = data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]
            path.write_bytes(changed)
            known = known_witnesses(tmp_path, KEY)
            assert [w.size for w in known.known] == [2]
            assert known.unreadable >= 1


def test_a_big_log_is_cut_to_its_newest_lines(tmp_path: Path) -> None:
    line = len(witness_line(Witness(1, HEADS[1], NOW), KEY)) + 1
    count = LARGEST_LOG // line + 300
    log = HeadLog(tmp_path, KEY)
    for size in range(1, count + 1):
        log.append(size, HEADS[1], NOW)
    log.close()
    assert (tmp_path / "head.log").stat().st_size < LARGEST_LOG
    known = known_witnesses(tmp_path, KEY)
    sizes = [w.size for w in known.known]
    assert sizes == list(range(count - len(sizes) + 1, count + 1))
    assert len(sizes) > 1000
    assert known.unreadable == 0


def test_a_new_key_seals_the_remembered_lines_again(tmp_path: Path) -> None:
    _log(tmp_path, 5)
    log = HeadLog(tmp_path, KEY)
    log.renew(b"n" * 32)
    log.append(6, HEADS[6], NOW)
    log.close()
    assert [w.size for w in known_witnesses(tmp_path, b"n" * 32).known] == [1, 2, 3, 4, 5, 6]
    assert known_witnesses(tmp_path, KEY).known == ()


def test_a_killed_program_leaves_every_line_it_wrote(tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib, datetime\n"
        "from shelter_desk.store.witness import HeadLog\n"
        "log = HeadLog(pathlib.Path(sys.argv[1]), b'k' * 32)\n"
        "for n in range(1, 201):\n"
        "    log.append(n, bytes(32), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode == -9
    assert [w.size for w in known_witnesses(tmp_path, KEY).known] == list(range(1, 201))


def test_a_full_disk_is_told_and_does_not_stop_the_work(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, datetime, resource, signal\n"
        "from shelter_desk.store.witness import HeadLog\n"
        "at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)\n"
        "log = HeadLog(pathlib.Path(sys.argv[1]), b'k' * 32)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "log.append(1, bytes(32), at)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))\n"
        "log.append(2, bytes(32), at)\n"
        "log.append(3, bytes(32), at)\n"
        "print(log.problem)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)\n"
        "log.append(4, bytes(32), at)\n"
        "print(log.problem or 'well again')\n"
        "log.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    told, after = done.stdout.splitlines()
    assert "cannot be written" in told
    assert after == "well again"
    known = known_witnesses(tmp_path, KEY)
    assert [w.size for w in known.known] == [1, 4]
    assert known.unreadable == 1


def test_a_line_costs_microseconds_and_reaches_the_disk_by_itself(tmp_path: Path) -> None:
    log = HeadLog(tmp_path, KEY)
    begun = time.process_time()
    for size in range(1, 1001):
        log.append(size, HEADS[1], NOW)
    each_us = (time.process_time() - begun) / 1000 * 1e6
    log.close()
    log.close()
    assert each_us < 2000  # 7 µs on a quiet PC; one that waits for the disk needs more
    log.append(1001, HEADS[1], NOW)  # after closing: told, and written into no other file
    assert "cannot be written" in log.problem
    assert len(known_witnesses(tmp_path, KEY).known) == 1000


def test_the_log_is_for_the_owner_only(tmp_path: Path) -> None:
    _log(tmp_path, 1)
    if os.name == "posix":
        assert (tmp_path / "head.log").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_gone_is_an_error_at_opening(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        HeadLog(tmp_path / "nowhere", KEY)

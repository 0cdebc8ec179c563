"""The summary from the command line: four files or none, at whatever moment it is stopped."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from shelter_desk.cli import main
from tests.conftest import ROOT
from tests.journeys.test_tour import shelter_desk

WORDS = "invented words for this sample"


@pytest.fixture(scope="module")
def full_house(tmp_path_factory):
    """Records of enough residents for a summary of the year."""
    place = tmp_path_factory.mktemp("full-house")
    (place / "pass").write_text(WORDS + "\n")
    done = shelter_desk(
        "sample", place / "records", "--residents", 150, "--entries", 300, "--seed", 3,
        "--passphrase-file", place / "pass",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


def summary_words(place, out):
    return (
        "summary", place / "records", "--period", "2025", "--audience", "named", "--out", out,
        "--json", "--passphrase-file", place / "pass",
    )  # fmt: skip


def verifies(out):
    """Run the command here: it asks for no records, and a process of its own takes two seconds."""
    return main(["verify-summary", str(out)]) == 0


def test_a_summary_leaves_four_files_that_verify_and_can_be_made_again(full_house):
    out = full_house / "summary"
    for _ in range(2):
        done = shelter_desk(*summary_words(full_house, out))
        assert done.returncode == 0, done.stderr
        assert sorted(path.name for path in out.iterdir()) == json.loads(done.stdout)["files"]
        assert verifies(out)
    assert shelter_desk("verify-summary", out).returncode == 0
    assert [path.name for path in full_house.iterdir() if path.name.startswith(".")] == []
    anew = [*map(str, summary_words(full_house, full_house / "anew")), "--restated"]
    assert main([*anew, "--plan"]) == 2
    assert main(anew) == 0  # nothing was corrected: the same once more
    assert verifies(full_house / "anew")


def test_three_things_that_do_not_fit_are_refused_with_the_next_rung(full_house):
    out = full_house / "three"
    done = shelter_desk(*summary_words(full_house, out), "--three-way")
    assert done.returncode == 1
    assert "at least 35 residents" in done.stderr
    assert "two things at once" in done.stderr
    assert not out.exists()


def test_a_year_is_decided_together_and_each_part_verifies(full_house):
    out = full_house / "year"
    words = ("summary", full_house / "records", "--period", "2024", "--audience", "named",
             "--recipient", "A. Funder", "--plan", "--out", out, "--json",
             "--passphrase-file", full_house / "pass")  # fmt: skip
    done = shelter_desk(*words)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert sorted(told["periods"]) == sorted(path.name for path in out.iterdir())
    assert {"2024"} <= set(told["periods"])
    for part in out.iterdir():
        assert verifies(part)


def test_ctrl_c_at_any_moment_of_a_summary_leaves_all_of_it_or_nothing(full_house):
    stopped = 0
    for number, seconds in enumerate((0.6, 1.2, 1.8, 2.4, 3.0)):
        out = full_house / f"try-{number}"
        words = map(str, summary_words(full_house, out))
        process = subprocess.Popen(
            [sys.executable, "-m", "shelter_desk", *words], cwd=ROOT, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        time.sleep(seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        stopped += process.returncode != 0
        left = list(full_house.glob(f"*try-{number}*"))
        if process.returncode == 0 or left:  # a stop may come when all of it is written
            assert left == [out]
            assert verifies(out)
    assert stopped
    done = shelter_desk(
        "check", full_house / "records", "--json", "--passphrase-file", full_house / "pass"
    )
    assert done.returncode == 0, done.stdout


def report_words(place, out, *more):
    return (
        "summary", place / "records", "--period", "2025-Q4", "--out", out, *more, "--json",
        "--passphrase-file", place / "pass",
    )  # fmt: skip


def test_reports_are_listed_and_made_from_the_command_line(full_house):
    listed = shelter_desk(*report_words(full_house, full_house / "none", "--report", "list"))
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        "summary", "funder-summary", "outcomes", "voca", "rhy", "licensing",
    ]  # fmt: skip
    assert not (full_house / "none").exists()
    out = full_house / "voca"
    words = ("--report", "voca", "--recipient", "State agency")
    made = shelter_desk(*report_words(full_house, out, *words))
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in out.iterdir()) == json.loads(made.stdout)["files"]
    again = shelter_desk(*report_words(full_house, out, *words))
    assert again.returncode == 1
    assert "these very figures before" in again.stderr


def test_a_report_for_nobody_or_of_no_kind_is_wrong_usage_or_refused(full_house):
    out = full_house / "nowhere"
    assert shelter_desk(*report_words(full_house, out)).returncode == 2
    assert shelter_desk(*report_words(full_house, out, "--report", "rhy")).returncode == 2
    assert shelter_desk(*report_words(full_house, out, "--report", "x")).returncode == 1
    assert not out.exists()


def test_outcomes_leave_as_a_summary_that_verifies(full_house):
    out = full_house / "outcomes"
    words = ("summary", full_house / "records", "--period", "2024", "--report", "outcomes")
    made = shelter_desk(*words, "--out", out, "--passphrase-file", full_house / "pass")
    assert made.returncode == 0, made.stderr
    assert verifies(out)

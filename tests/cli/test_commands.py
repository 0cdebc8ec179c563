"""The command line as people type it: exit codes, passphrases, records that survive."""

import json
import os

import pytest

from tests.journeys.test_tour import shelter_desk

WORDS = "invented words for this sample"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    place = tmp_path_factory.mktemp("sample")
    (place / "pass").write_text(WORDS + "\n")
    done = shelter_desk(
        "sample", place / "records", "--residents", 6, "--entries", 40, "--seed", 7,
        "--passphrase-file", place / "pass",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


def test_check_passes_and_says_each_line(sample):
    done = shelter_desk(
        "check", sample / "records", "--json", "--passphrase-file", sample / "pass"
    )
    assert done.returncode == 0, done.stderr + done.stdout
    answer = json.loads(done.stdout)
    assert answer["passed"]
    assert len(answer["checks"]) >= 8


def test_a_wrong_passphrase_is_refused_with_a_reason(sample):
    done = shelter_desk("check", sample / "records", "--passphrase-file", "-", input="not these\n")
    assert done.returncode == 1
    assert "passphrase" in done.stderr


def test_wrong_usage_is_two():
    assert shelter_desk("check").returncode == 2
    assert shelter_desk("nonsense").returncode == 2


def test_a_missing_store_creates_nothing(tmp_path):
    done = shelter_desk("check", tmp_path / "nothing", "--passphrase-file", "-", input="words\n")
    assert done.returncode == 1
    assert not (tmp_path / "nothing").exists()


def test_too_few_residents_publish_nothing(sample):
    out = sample / "summary"
    done = shelter_desk(
        "summary", sample / "records", "--period", "2025", "--audience", "public", "--out", out,
        "--passphrase-file", sample / "pass",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip()
    assert not out.exists()


def test_the_program_checks_itself_also_without_a_display():
    display = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in display}
    done = shelter_desk("selftest", env=bare)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith("8 passed, 0 failed")


def test_a_name_that_is_nobodys_is_no_failed_try_of_anybody(sample):
    done = shelter_desk(
        "check", sample / "records", "--staff", "Nobody", "--passphrase-file", "-",
        input=WORDS + "\n",
    )  # fmt: skip
    assert done.returncode == 1
    assert "Nobody of this name" in done.stderr
    assert not (sample / "records" / "tries.json").exists()

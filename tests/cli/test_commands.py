"""The command line as people type it: exit codes, passphrases, records that survive."""

import json
import os

import pytest

from shelter_desk.cli import main
from shelter_desk.domain.errors import DeskError
from shelter_desk.store.disk_words import disk_in_words
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


PACK = "pack RECORDS --profile board --period 2025 --passphrase-file WORDS"
REFUSED = {
    "check RECORDS --passphrase-file NOWHERE": "there is no file",
    "check RECORDS --passphrase-file FOLDER": "no file of words",
    "check RECORDS --passphrase-file EMPTY": "nothing is there",
    "sample NEW --residents 1 --entries 1 --seed 1 --passphrase-file EMPTY": "nothing is there",
    "restore NOWHERE --to NEW": "There is no backup",
    "backup RECORDS --to FILE/x --passphrase-file WORDS": "There can be no folder",
    "backup RECORDS --to RECORDS/b --passphrase-file WORDS": "is lost with them",
    "tour FILE/x": "There can be no folder",
    "verify FILE --words-file BINARY": "The file is damaged.",
    PACK + " --out FILE/x --words-out W": "There can be no folder",
    PACK + " --out OUT --words-out NOWHERE/w": "There is no folder",
    PACK + " --out OUT --words-out W --second Ada": "Leave --second out",
}


@pytest.mark.parametrize("command", REFUSED)
def test_what_cannot_be_is_said_in_one_sentence_and_makes_nothing(
    sample, tmp_path, capsys, command
):
    (tmp_path / "FILE").write_text("a file")
    (tmp_path / "EMPTY").write_text("")
    (tmp_path / "BINARY").write_bytes(bytes(range(256)))
    (tmp_path / "FOLDER").mkdir()
    named = {"RECORDS": sample / "records", "WORDS": sample / "pass"}
    before = sorted(tmp_path.iterdir()), sorted(named["RECORDS"].iterdir())
    words = []
    for word in command.split():
        head, slash, rest = word.partition("/")
        there = named.get(head, tmp_path / head if head.isupper() else head)
        words.append(f"{there}{slash}{rest}")
    assert main(words) == 1
    told = capsys.readouterr().err
    assert REFUSED[command] in told
    assert len(told.strip().splitlines()) == 1
    assert "records file" not in told
    assert (sorted(tmp_path.iterdir()), sorted(named["RECORDS"].iterdir())) == before


def test_without_a_terminal_nobody_waits_for_a_passphrase(sample):
    done = shelter_desk("check", sample / "records", input="", start_new_session=True)
    assert done.returncode == 1
    assert done.stderr == "Passphrase: there is no terminal to ask at. Give it in a file.\n"


@pytest.mark.parametrize("place", ["a file", "a file/below", "/proc/nothing"])
def test_a_folder_that_cannot_be_is_said_in_words(tmp_path, place, capsys, monkeypatch):
    (tmp_path / "a file").write_text(WORDS)
    monkeypatch.chdir(tmp_path)
    arguments = ["sample", place, "--residents", "0", "--entries", "0", "--seed", "1"]
    assert main([*arguments, "--passphrase-file", "a file"]) == 1
    assert "There can be no folder" in capsys.readouterr().err


def test_a_place_below_a_file_is_no_fault_of_the_disk(tmp_path):
    (tmp_path / "a file").write_text(WORDS)
    with pytest.raises(DeskError, match="There can be no such folder"), disk_in_words():
        (tmp_path / "a file" / "below").mkdir()
    with pytest.raises(DeskError, match="There can be no such folder"), disk_in_words():
        (tmp_path / ("a" * 300)).mkdir()


def test_what_is_no_number_is_said_in_words(capsys):
    arguments = ["sample", "x", "--entries", "0", "--seed", "1", "--passphrase-file", "x"]
    for typed in ("abc", "-3", "2.5"):
        with pytest.raises(SystemExit):
            main([*arguments, "--residents", typed])
        assert f"give a whole number, 0 or more, not '{typed}'" in capsys.readouterr().err

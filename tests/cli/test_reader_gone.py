"""A reader that has seen enough, as `head` has, ends a command without a word."""

import os
import subprocess
import sys

import pytest


def ended_early(*command, errors_too=False):
    """Run it with standard output into a pipe that nobody reads; return (exit code, stderr)."""
    read, write = os.pipe()
    # Unbuffered, argparse writes its help itself, and passes over that nobody takes it.
    buffered = {name: one for name, one in os.environ.items() if name != "PYTHONUNBUFFERED"}
    os.close(read)
    with os.fdopen(write, "wb") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "shelter_desk", *map(str, command)],
            stdout=nobody,
            stderr=nobody if errors_too else subprocess.PIPE,
            text=True,
            env=buffered,
            check=False,
        )
    return done.returncode, done.stderr or ""


@pytest.mark.parametrize("command", [["--help"], ["verify", "--help"], ["selftest"]])
def test_nothing_is_said_when_nobody_reads_on(command):
    assert ended_early(*command) == (141, "")


def test_a_verdict_that_nobody_reads_is_no_verdict(tmp_path):
    """Exit code 1 would say that the pack was refused, 0 that it was read out whole."""
    (tmp_path / "pack.age").write_bytes(b"no pack")
    (tmp_path / "words").write_text("one two three four five six\n", "utf-8")
    told = ended_early("verify", tmp_path / "pack.age", "--words-file", tmp_path / "words")
    assert told[0] == 141
    assert "Traceback" not in told[1]


def test_a_reason_that_nobody_reads_leaves_no_traceback(tmp_path):
    code, _ = ended_early(
        "verify", tmp_path / "none", "--words-file", tmp_path / "none", errors_too=True
    )
    assert code == 141


def test_a_command_that_says_nothing_keeps_its_exit_code(tmp_path):
    code, errors = ended_early("verify", tmp_path / "none", "--words-file", tmp_path / "none")
    assert (code, errors) == (1, "The file none is not there.\n")

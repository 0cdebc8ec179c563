"""After a hard lock a fresh process shows the way in, from source and as a frozen program."""

import subprocess
import sys
from pathlib import Path

from shelter_desk.app.program import fresh_start

FROZEN = """
import sys
sys.frozen, sys.executable = True, "/opt/Shelter Desk/shelter-desk"
from pathlib import Path
from shelter_desk.app.program import fresh_start
print(fresh_start(Path("/records")))
"""


def test_from_source_the_interpreter_runs_the_package(tmp_path):
    program, arguments = fresh_start(tmp_path)
    said = subprocess.run(
        [program, *arguments, "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("Shelter Desk ")
    assert arguments[-2:] == ["--store", str(tmp_path)]


def test_a_frozen_program_starts_itself_and_no_interpreter():
    said = subprocess.run(
        [sys.executable, "-c", FROZEN],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "('/opt/Shelter Desk/shelter-desk', ['--store', '/records'])"

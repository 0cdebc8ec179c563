"""The types hold on the systems that no test here can run on: what is missing there is not called.

mypy knows which functions of the standard library each system has, and reads only the branches of
`sys.platform` that would run there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_nothing_is_called_that_the_system_does_not_have(system: str, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mypy", "--platform", system, "--cache-dir", str(tmp_path)]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    checked = re.search(r"no issues found in (\d+) source files", ran.stdout)
    assert checked is not None, ran.stdout
    assert int(checked[1]) > 500

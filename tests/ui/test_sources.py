"""PySide does not read the sources of what is imported after it."""

import subprocess
import sys

from tests.conftest import ROOT

_IMPORTS = """
import linecache
import {first}
import shelter_desk.domain.care_model
import shelter_desk.desk.care
print(len([name for name in linecache.cache if name.startswith({root!r})]))
"""


def sources_read(first):
    script = _IMPORTS.format(first=first, root=str(ROOT / "shelter_desk"))
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return int(ran.stdout)


def test_no_source_is_read_after_the_windows_are_imported():
    assert sources_read("shelter_desk.ui") == 1  # that of ui.sources itself


def test_without_that_pyside_reads_them_all():
    # When this fails, a newer PySide reads none by itself: `ui.sources` can go.
    assert sources_read("PySide6.QtCore") > 20

"""Shared by the tests of packs: helper modules, and what can be left out on this computer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import newly_founded

sys.path.insert(0, str(Path(__file__).parent))

from browsers import cannot_be_had
from real_drives import can_be_mounted


def pytest_configure(config):
    """Name the mark of tests that mount a real small drive."""
    config.addinivalue_line(
        "markers", "mounts: mounts a drive; left out where that is not allowed"
    )


def pytest_collection_modifyitems(config, items):
    """Leave out, and count as left out, what this computer or this person does not allow.

    The browser tests run everywhere unless SHELTER_DESK_NO_BROWSER=1 is set.
    """
    left_out, unreachable = [], cannot_be_had()
    if os.environ.get("SHELTER_DESK_NO_BROWSER") == "1":
        left_out += [item for item in items if _browser_of(item) == "chromium"]
    left_out += [
        item for item in items if _browser_of(item) in unreachable and item not in left_out
    ]
    mounting = [item for item in items if item.get_closest_marker("mounts")]
    if mounting and not _may_mount():
        left_out += mounting
    real = [item for item in items if item.get_closest_marker("fuse")]
    if real and not can_be_mounted():
        left_out += [item for item in real if item not in left_out]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _browser_of(item):
    by_file = {
        "test_opener_browser.py": "chromium",
        "test_readers_agree.py": "chromium",
        "test_opener_firefox.py": "firefox",
    }
    if item.path.name in ("test_opener_keys.py", "test_opener_refusals.py"):
        return next((name for name in ("chromium", "firefox") if name in item.name), "")
    return by_file.get(item.path.name, "")


def _may_mount():
    try:
        tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@pytest.fixture(scope="module")
def founded_once(tmp_path_factory, care_model):
    """One director's desk for all tests of a file."""
    opened = newly_founded(tmp_path_factory.mktemp("once") / "records", care_model)
    yield opened
    opened.desk.close()

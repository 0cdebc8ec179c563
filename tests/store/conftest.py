"""Shared by the tests of the store: helper modules, a folder in memory, and what is Linux-only."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), str(_HERE / "crash")]


def pytest_configure(config):
    """Name the mark of tests that mount a real small drive."""
    config.addinivalue_line(
        "markers", "mounts: mounts a drive; left out where that is not allowed"
    )


def pytest_collection_modifyitems(config, items):
    """Leave out, and count as left out, what this computer or this person does not allow."""
    left_out = []
    if sys.platform != "linux":
        left_out += [item for item in items if item.get_closest_marker("linux")]
    mounting = [item for item in items if item.get_closest_marker("mounts")]
    if mounting and not _may_mount():
        left_out += mounting
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _may_mount():
    try:
        tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder, in memory where the system has such a place: many small files."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    made = Path(tempfile.mkdtemp(prefix="shelter-desk-test-", dir=memory))
    yield made
    shutil.rmtree(made)

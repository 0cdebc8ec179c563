"""The disk refuses: full, broken, read-only, at any call. Nothing acknowledged is lost.

Faults are injected by `file_calls.c`, so that they come at exactly the call that is meant and
for everybody, the superuser too. `test_a_full_disk.py` does it with a real small disk.
"""

from __future__ import annotations

import errno
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from invented_trail import files_of, new_store, verdict
from steady_writer import IN_TROUBLE, newest
from tools import environment, watcher, writer

pytestmark = pytest.mark.linux

BEFORE = 3
ENTRIES = 12
_NEVER = 1_000_000


@dataclass(frozen=True)
class Fault:
    """What the disk does: an errno, once or from then on, perhaps after half a write."""

    code: int
    sticky: bool = True
    short: bool = False


FAULTS = {
    "full": Fault(errno.ENOSPC),
    "full after half a write": Fault(errno.ENOSPC, short=True),
    "full for a moment": Fault(errno.ENOSPC, sticky=False),
    "broken": Fault(errno.EIO),
    "broken for a moment": Fault(errno.EIO, sticky=False),
    "over the quota": Fault(errno.EDQUOT),
    "read-only": Fault(errno.EROFS),
}
_PAGES = {"disk-full", "disk-error", "outcome-unknown", "read-only-folder", "damaged-store"}


@dataclass(frozen=True)
class Bench:
    """A store to start from, a folder to work in, the watching library."""

    fresh: Path
    records: Path
    library: Path

    def run(self, fault: Fault, at: int) -> tuple[str, int, int]:
        """Let a desk save with this fault at the call number `at`.

        Returns the page it ended on ("" when it did not), the last acknowledged entry, and how
        many file calls it made.
        """
        shutil.rmtree(self.records, ignore_errors=True)
        shutil.copytree(self.fresh, self.records)
        told, count = self.fresh.with_name("told"), self.fresh.with_name("count")
        told.unlink(missing_ok=True)
        ended = subprocess.run(
            writer(self.records, told, ENTRIES),
            env=environment(
                LD_PRELOAD=self.library,
                FILE_CALLS_FOLDER=self.records,
                FILE_CALLS_FAIL_AT=at,
                FILE_CALLS_ERRNO=fault.code,
                FILE_CALLS_STICKY=int(fault.sticky),
                FILE_CALLS_SHORT=int(fault.short),
                FILE_CALLS_COUNT=count,
            ),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode in (0, IN_TROUBLE), f"at call {at}:\n{ended.stderr}"
        acknowledged = max(newest(told.read_bytes()), BEFORE)
        return ended.stdout.strip(), acknowledged, int(count.read_text())


@pytest.fixture
def bench(folder: Path, tmp_path_factory) -> Bench:
    fresh = folder / "fresh"
    fresh.mkdir()
    new_store(fresh, BEFORE).close()
    return Bench(fresh, folder / "records", watcher(tmp_path_factory.mktemp("watcher")))


@pytest.mark.parametrize(
    ("what", "points"),
    [
        ("full", 4),
        *(pytest.param(what, _NEVER, marks=pytest.mark.slow) for what in FAULTS),
    ],
)
def test_a_disk_that_refuses_at_any_call_loses_nothing(
    bench: Bench, what: str, points: int
) -> None:
    _, finished, calls = bench.run(FAULTS[what], _NEVER)
    assert finished == BEFORE + ENTRIES
    found: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for at in range(1, calls + 1, max(1, calls // points)):
        page, acknowledged, _ = bench.run(FAULTS[what], at)
        pages[page or "none"] += 1
        found[verdict(bench.records, acknowledged)] += 1
    print(f"{what}: {found.total()} of {calls} calls: {dict(found)}; pages {dict(pages)}")
    assert found == {"whole": found.total()}
    assert set(pages) <= _PAGES | {"none"}
    assert pages.total() - pages["none"] > 0


@pytest.mark.parametrize(
    ("code", "page"), [(errno.EROFS, "read-only-folder"), (errno.EACCES, "read-only-folder")]
)
def test_a_read_only_folder_is_refused_by_name_and_left_as_it_is(
    bench: Bench, code: int, page: str
) -> None:
    before = files_of(bench.fresh)
    found, acknowledged, _ = bench.run(Fault(code), 1)
    assert found == page
    assert acknowledged == BEFORE
    assert files_of(bench.records) == before
    assert verdict(bench.records, BEFORE) == "whole"

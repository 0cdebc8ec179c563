"""The disk refuses: full, broken, read-only, at any call. Nothing acknowledged is lost.

Faults are injected by `file_calls.c`, so that they come at exactly the call that is meant and
for everybody, the superuser too. `test_a_full_disk.py` does it with a real small disk.
"""

from __future__ import annotations

import errno
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from invented_trail import files_of, new_store, verdict
from steady_writer import NUMBER_SIZE, newest
from tools import MANY_DESKS, environment, watcher, writer

pytestmark = pytest.mark.linux

BEFORE = 3
ENTRIES = 12


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
    "broken for half a write": Fault(errno.EIO, sticky=False, short=True),
    "over the quota": Fault(errno.EDQUOT),
    "read-only": Fault(errno.EROFS),
}
_PAGES = {"disk-full", "disk-error", "outcome-unknown", "read-only-folder"}


@dataclass(frozen=True)
class Bench:
    """A store to start from, a folder to work in, the watching library."""

    fresh: Path
    records: Path
    library: Path

    def desks(self, fault: Fault, calls: range) -> list[tuple[str, str]]:
        """Let a desk save for each call number, the disk refusing there.

        Returns for each the page it ended on and the verdict on what is left.
        """
        span = [str(number) for number in (calls.start, calls.stop, calls.step)]
        ended = subprocess.run(
            [sys.executable, MANY_DESKS, self.fresh, self.records, str(ENTRIES), *span],
            env=environment(
                LD_PRELOAD=self.library,
                FILE_CALLS_ERRNO=fault.code,
                FILE_CALLS_STICKY=int(fault.sticky),
                FILE_CALLS_SHORT=int(fault.short),
            ),
            capture_output=True,
            text=True,
            check=True,
        )
        lines = [line.split(" ", 2) for line in ended.stdout.splitlines()]
        assert [int(line[0]) for line in lines] == list(calls)
        assert "crashed" not in {line[1] for line in lines}, ended.stderr
        return [(line[1], line[2]) for line in lines]

    def calls(self) -> int:
        """Return how many file calls a desk makes whom nothing is refused."""
        count, told = self.fresh.with_name("count"), self.fresh.with_name("told")
        again = self.fresh.with_name("again")
        again.mkdir()
        new_store(again, BEFORE).close()
        subprocess.run(
            writer(again, told, ENTRIES),
            env=environment(
                LD_PRELOAD=self.library, FILE_CALLS_FOLDER=again, FILE_CALLS_COUNT=count
            ),
            check=True,
        )
        assert newest(told.read_bytes()) == BEFORE + ENTRIES
        return int(count.read_text())


@pytest.fixture
def bench(folder: Path, tmp_path: Path) -> Bench:
    fresh = folder / "fresh"
    fresh.mkdir()
    new_store(fresh, BEFORE).close()
    (folder / "told-before").write_bytes(BEFORE.to_bytes(NUMBER_SIZE, "big"))
    return Bench(fresh, folder / "records", watcher(tmp_path))


@pytest.mark.parametrize(
    ("what", "points"),
    [
        *((what, 6) for what in ("full", "broken for a moment", "read-only")),
        *(pytest.param(what, 0, marks=pytest.mark.slow) for what in FAULTS),
    ],
)
def test_a_disk_that_refuses_at_any_call_loses_nothing(
    bench: Bench, what: str, points: int
) -> None:
    calls = bench.calls()
    found = bench.desks(FAULTS[what], range(1, calls + 1, max(1, calls // (points or calls))))
    pages = Counter(page for page, _ in found)
    verdicts = Counter(verdict for _, verdict in found)
    print(f"{what}: {len(found)} of {calls} calls: {dict(verdicts)}; pages {dict(pages)}")
    assert verdicts == {"whole": len(found)}
    assert set(pages) <= _PAGES | {"none"}
    assert pages["none"] < len(found) or not FAULTS[what].sticky


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_read_only_folder_is_refused_by_name_and_left_as_it_is(bench: Bench, code: int) -> None:
    before = files_of(bench.fresh)
    assert bench.desks(Fault(code), range(1, 2)) == [("read-only-folder", "whole")]
    assert files_of(bench.records) == before
    assert verdict(bench.records, BEFORE) == "whole"

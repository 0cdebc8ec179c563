"""Prints what a backup and a restore cost, beside a bare VACUUM INTO of the same store.

    python tests/benchmarks/backup_bench.py            50 stays, 2,500 entries
    python tests/benchmarks/backup_bench.py --large    420 stays, 85,000 entries: about 100 MB

Each step runs in a process of its own, so that the peak of its memory is its own. The bare side
opens the same file with the same key and pragmas and only copies it; it neither checks the copy,
nor walks the trail, nor takes out keys, nor seals, nor reads back.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from windows import WORDS  # noqa: E402 - after the path

from shelter_desk.cli.sample import UNTIL  # noqa: E402 - after the path
from shelter_desk.desk import Desk, entry  # noqa: E402 - after the path
from shelter_desk.desk.restoring import WithPassphrase  # noqa: E402 - after the path
from shelter_desk.domain.care_model import read_care_model  # noqa: E402 - after the path
from shelter_desk.exports.backup import make_backup  # noqa: E402 - after the path
from shelter_desk.exports.restore import Here, restore_backup  # noqa: E402 - after the path
from shelter_desk.exports.stick import PackDrive  # noqa: E402 - after the path
from shelter_desk.paths import content_files  # noqa: E402 - after the path
from shelter_desk.sample import write_sample  # noqa: E402 - after the path
from shelter_desk.store.keys import slot_file, slots  # noqa: E402 - after the path
from shelter_desk.store.opening import STORE_NAME, connect  # noqa: E402 - after the path

SMALL, LARGE = (50, 2_500), (420, 85_000)
STEPS = ("opening", "bare", "backup", "restore")


def _unlocked(records: Path) -> slots.Unlocked:
    read = slot_file.read_slots(records).slots
    return slots.unlock(read, read.staff[0].staff_public_id, WORDS)


def _desk(records: Path) -> Desk:
    person = entry.people(records)[0][0]
    model = read_care_model(content_files())
    return entry.sign_in(records, person, WORDS, model, lambda: UNTIL)


def _work(step: str, place: Path) -> Callable[[], object]:
    """Return the timed part of a step; what comes before it is not counted."""
    records = place / "records"
    if step == "bare":
        connection = connect(records / STORE_NAME, _unlocked(records).dek)
        return lambda: connection.execute("VACUUM INTO ?", (str(place / "bare.db"),))
    if step == "restore":
        way = WithPassphrase(_unlocked(records), WORDS, slot_file.read_slots(records).slots.kdf)
        model = read_care_model(content_files())
        return lambda: restore_backup(
            place / "stick", place / "back", way, Here(model, lambda: UNTIL)
        )
    desk = _desk(records)
    if step == "opening":
        return desk.close
    return lambda: make_backup(desk, PackDrive(place / "stick"))


def _step(step: str, place: Path) -> None:
    work = _work(step, place)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{took} {before} {after}\n")


def main(residents: int, entries: int) -> None:
    """Write a store, then time each step three times and print the best."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "stick").mkdir()
        write_sample(
            place / "records",
            residents=residents,
            entries=entries,
            seed=7,
            passphrase=WORDS,
            care_model=read_care_model(content_files()),
            until=UNTIL,
        )
        size = (place / "records" / STORE_NAME).stat().st_size
        sys.stdout.write(f"store of {size / 1e6:.1f} MB\n")
        bare = 0.0
        for step in STEPS[1:]:
            took, peak = _best(step, place)
            bare = bare or took
            sys.stdout.write(
                f"{step:<10}{took:8.3f} s {took / bare:7.2f}x bare   peak {peak / 1024:.0f} MiB\n"
            )


def _best(step: str, place: Path) -> tuple[float, int]:
    """Return the shortest of three runs in seconds, and its peak of memory in KiB."""
    found = []
    for turn in range(3):
        for name in ("bare.db", "back"):
            if (place / name).exists():
                (place / name).rename(place / f"{name}.{turn}.{step}")
        done = subprocess.run(
            [sys.executable, __file__, step, str(place)],
            capture_output=True,
            text=True,
            check=True,
        )
        took, _, peak = done.stdout.split()
        found.append((float(took), int(peak)))
    return min(found)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in STEPS:
        _step(sys.argv[1], Path(sys.argv[2]))
    else:
        main(*(LARGE if "--large" in sys.argv else SMALL))

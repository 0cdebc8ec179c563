"""The power is cut at any moment of writing: nothing acknowledged is lost, nothing is damaged.

One real run of the store is recorded call by call and replayed into legal states of the disk;
each state is opened as the desk opens it.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from disk import ACKNOWLEDGED, Call, Disk, cuts, read_calls
from invented_trail import DEK, new_store, verdict
from steady_writer import newest
from tools import environment, watcher, writer

from shelter_desk.store.migrate import migrate, packaged_scripts
from shelter_desk.store.opening import STORE_NAME, connect, mark_as_ours

pytestmark = pytest.mark.linux

BEFORE = 3
ENTRIES = 60


@dataclass(frozen=True)
class Recording:
    """What was in the folder, what was called, what is in the folder now."""

    before: dict[str, bytes]
    calls: list[Call]
    after: dict[str, bytes]


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    return watcher(tmp_path_factory.mktemp("watcher"))


def _contents(folder: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.name != ACKNOWLEDGED}


def _record(folder: Path, library: Path, count: int, *more: str) -> Recording:
    before = _contents(folder)
    log = library.with_name("calls.log")
    log.unlink(missing_ok=True)
    subprocess.run(
        writer(folder, folder / ACKNOWLEDGED, count, *more),
        env=environment(LD_PRELOAD=library, FILE_CALLS_FOLDER=folder, FILE_CALLS_LOG=log),
        check=True,
    )
    return Recording(before, read_calls(log, folder), _contents(folder))


@pytest.fixture(scope="module")
def writing(tmp_path_factory, library: Path) -> Recording:
    """A desk that opens a store of a few entries, saves many more, and closes."""
    folder = tmp_path_factory.mktemp("records")
    new_store(folder, BEFORE).close()
    return _record(folder, library, ENTRIES)


def _judge(recording: Recording, disk: Disk, states: int, folder: Path) -> Counter[str]:
    """Open every state and count the verdicts; `folder` is overwritten."""
    found: Counter[str] = Counter()
    for names, told in cuts(recording.calls, disk, states, random.Random(7)):
        _put(folder, names)
        found[verdict(folder, max(newest(told), _at_first(recording)))] += 1
    return found


def _put(folder: Path, names: dict[str, bytes]) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    for name, data in names.items():
        (folder / name).write_bytes(data)


def _at_first(recording: Recording) -> int:
    return BEFORE if recording.before else 0


def test_the_recording_misses_no_call(writing: Recording) -> None:
    disk = Disk(writing.before, names_in_order=True)
    for call in writing.calls:
        disk.do(call)
    assert newest(disk.told) == BEFORE + ENTRIES
    assert disk.without_a_cut() == writing.after
    kinds = Counter(call.kind for call in writing.calls)
    print(f"{len(writing.calls)} calls recorded and replayed: {dict(kinds)}")
    assert kinds["W"] > ENTRIES
    assert kinds["S"] >= ENTRIES


@pytest.mark.parametrize("in_order", [True, False], ids=["ordered", "independent"])
@pytest.mark.parametrize(
    "states", [pytest.param(100), pytest.param(1_000, marks=pytest.mark.slow)]
)
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    writing: Recording, folder: Path, states: int, in_order: bool
) -> None:
    disk = Disk(writing.before, names_in_order=in_order)
    found = _judge(writing, disk, states, folder)
    print(f"{states} power cuts: {dict(found)}")
    assert found == {"whole": states}


def test_a_drive_that_lies_is_seen_to_lose_entries(writing: Recording, folder: Path) -> None:
    """The simulation can see a loss: without it, the tests above would prove nothing."""
    disk = Disk(writing.before, names_in_order=True, lies=True)
    found = _judge(writing, disk, 30, folder)
    print(f"30 power cuts of a drive that lies: {dict(found)}")
    assert found["whole"] < 15


@pytest.mark.parametrize("in_order", [True, False], ids=["ordered", "independent"])
@pytest.mark.parametrize("states", [pytest.param(20), pytest.param(500, marks=pytest.mark.slow)])
def test_a_power_cut_while_the_store_is_made_leaves_it_whole_or_says_so(
    library: Path, folder: Path, states: int, in_order: bool
) -> None:
    making = _record(folder, library, 1, "create")
    disk = Disk({}, names_in_order=in_order)
    found: Counter[str] = Counter()
    for names, told in cuts(making.calls, disk, states, random.Random(7)):
        _put(folder, names)
        what = verdict(folder, newest(told))
        found[what] += 1
        # Once the maker was told that the store stands, only a whole one will do.
        assert what == "whole" or not told, what
        assert not what.startswith("SILENT")
    print(f"{states} power cuts while a store is made: {dict(found)}")
    assert found["whole"]
    assert found.total() == states


@pytest.mark.parametrize("in_order", [True, False], ids=["ordered", "independent"])
@pytest.mark.parametrize("states", [pytest.param(20), pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_power_cut_while_an_older_store_is_brought_up_to_date_loses_nothing(
    library: Path, tmp_path: Path, folder: Path, states: int, in_order: bool
) -> None:
    records = tmp_path / "records"
    records.mkdir()
    connection = connect(records / STORE_NAME, DEK, create=True)
    mark_as_ours(connection)
    migrate(connection, packaged_scripts()[:1])
    connection.close()
    updating = _record(records, library, 3)
    disk = Disk(updating.before, names_in_order=in_order)
    found: Counter[str] = Counter()
    for names, told in cuts(updating.calls, disk, states, random.Random(7)):
        _put(folder, names)
        found[verdict(folder, newest(told))] += 1
    print(f"{states} power cuts while a store is brought up to date: {dict(found)}")
    assert found == {"whole": states}

"""Files that leave together are all there, whole, or none of them is."""

from __future__ import annotations

from collections import Counter

import pytest

from shelter_desk.exports.problems import DriveError, DriveFailingError
from shelter_desk.exports.whole_files import read_together, write_together
from tests.exports.faulty_drive import FAULTS, FaultyFiles, SlowFiles, StuckFiles

FILES = {"summary.csv": b"1,2,3\n" * 400, "certificate.json": b"{}\n", "empty.txt": b""}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_whichever_call_fails_no_part_of_it_passes_for_the_whole(fault, tmp_path):
    seen: Counter[str] = Counter()
    for at in range(1, 100):
        place = tmp_path / str(at)
        place.mkdir()
        drive = FaultyFiles(at, fault)
        seen[attempt(place, drive)] += 1
        if drive.calls < at:
            break
        # A drive that is gone takes no removal either: what stays then is hidden, or whole.
        assert fault.lasting or not list(place.iterdir())
        for folder in place.glob("[!.]*"):
            assert read_together(folder) == FILES
    assert seen["done"] == 1, seen
    assert sum(seen.values()) >= 12, seen


def attempt(place, drive):
    try:
        folder = write_together(place, "Summary", FILES, drive)
    except DriveError as error:
        return type(error).__name__
    assert read_together(folder) == FILES
    return "done"


def test_a_drive_that_takes_little_at_a_time_takes_it_all(tmp_path):
    assert read_together(write_together(tmp_path, "Summary", FILES, SlowFiles())) == FILES


def test_a_drive_that_takes_nothing_more_is_not_waited_for(tmp_path):
    with pytest.raises(DriveFailingError):
        write_together(tmp_path, "Summary", FILES, StuckFiles())
    assert list(tmp_path.iterdir()) == []


def test_what_stands_there_is_never_written_into(tmp_path):
    first = write_together(tmp_path, "Summary", FILES)
    second = write_together(tmp_path, "Summary", {"summary.csv": b"other"})
    assert (first.name, second.name) == ("Summary", "Summary 2")
    assert read_together(first) == FILES

"""Several files go to a stick together: the first is never there without the rest."""

from __future__ import annotations

from collections import Counter

import pytest
from faulty_drive import FAULTS, FaultyFiles, LyingFiles

from shelter_desk.exports.problems import DriveError, ReadBackError
from shelter_desk.exports.stick import PackDrive

OLD = {"K.age": b"former keys", "B-old.age": b"former records"}
NEW = {"B-new.age": b"records " * 90_000, "K.age": b"newer keys", "READ.txt": b"text"}


def producers():
    def of(data):
        return lambda target: target.write(data)

    return {name: of(data) for name, data in NEW.items()}


def start_again(folder):
    for file in folder.iterdir():
        file.unlink()
    for name, data in OLD.items():
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_at_any_call_never_leaves_a_backup_without_its_keys(tmp_path, fault):
    count = FaultyFiles(10**9, fault)
    PackDrive(tmp_path, count).write_files(producers())
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == NEW
    ended: Counter[str] = Counter()
    for at in range(1, count.calls + 1):
        start_again(tmp_path)
        with pytest.raises(DriveError) as error:
            PackDrive(tmp_path, FaultyFiles(at, fault)).write_files(producers())
        ended[error.type.__name__] += 1
        there = {f.name: f.read_bytes() for f in tmp_path.iterdir() if f.suffix != ".part"}
        assert there["B-old.age"] == OLD["B-old.age"]
        assert there["K.age"] in (OLD["K.age"], NEW["K.age"])
        if "B-new.age" in there:
            assert there == {**NEW, "B-old.age": OLD["B-old.age"]}
    print(f"{fault.name}: {count.calls} calls, ended {dict(ended)}")
    assert ended.total() == count.calls


def test_a_stick_that_gives_back_other_bytes_is_found_before_anything_is_replaced(tmp_path):
    start_again(tmp_path)
    with pytest.raises(ReadBackError):
        PackDrive(tmp_path, LyingFiles()).write_files(producers())
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == OLD


def test_what_an_interrupted_copy_left_is_cleared_and_nothing_else(tmp_path):
    start_again(tmp_path)
    (tmp_path / ".abcd1234.part").write_bytes(b"half")
    (tmp_path / "mine.part").write_bytes(b"somebody else's")
    PackDrive(tmp_path).clear_stale_parts()
    assert {f.name for f in tmp_path.iterdir()} == {*OLD, "mine.part"}

"""Whatever happens to the stick: "done" is never said wrongly, and no bad pack has a name."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import stat
import subprocess
from collections import Counter
from datetime import UTC, datetime

import pytest
from faulty_drive import FAULTS, Fault, FaultyFiles, LyingFiles, SilentFiles, SlowFiles, SmallFiles
from invented_pack import LOW_WORK, WORDS, contents, signer

from shelter_desk.exports.age import AgeWriter, decrypt
from shelter_desk.exports.bundle import sign_pack
from shelter_desk.exports.files import DriveFiles
from shelter_desk.exports.opener import opener_bytes, stick_readme
from shelter_desk.exports.problems import (
    DriveError,
    DriveFailingError,
    DriveFullError,
    DriveGoneError,
    DriveReadOnlyError,
    ReadBackError,
    TooLargeError,
)
from shelter_desk.exports.stick import LARGEST_FILE, PackDrive, write_pack
from shelter_desk.exports.verify import verify

PLAIN = os.urandom(700_000)
OPENER = b"<!doctype html>opener"
NO_FAULT = Fault("none", 0)


def small_pack(target):
    with AgeWriter(target, WORDS, work_factor=LOW_WORK) as writer:
        writer.write(PLAIN)


def write(drive, produce=small_pack):
    return drive.write_pack(produce, WORDS, OPENER, "read me")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_real_pack_arrives_whole_with_its_opener_and_nothing_else(tmp_path):
    pack = sign_pack(contents(), signer())

    written = write_pack(
        tmp_path,
        lambda target: pack.write(target, WORDS),
        WORDS,
        opener_bytes(),
        stick_readme(),
        pack.size,
    )

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{8}\.age", written.path.name)
    assert names(tmp_path) == sorted([written.path.name, "OPEN-ME.html", "READ-ME.txt"])
    assert written.size == written.path.stat().st_size == pack.size
    assert written.sha256 == hashlib.sha256(written.path.read_bytes()).hexdigest()
    assert verify(written.path, WORDS).ok


def test_the_files_tell_neither_the_hour_nor_the_shelter(tmp_path):
    write(PackDrive(tmp_path))
    for path in tmp_path.iterdir():
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        assert (at.hour, at.minute, at.second) == (0, 0, 0)
    assert "shelter" not in stick_readme().lower()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_at_any_call_never_leaves_a_bad_pack(fault, tmp_path):
    counting = FaultyFiles(10**9, NO_FAULT)
    calls = _calls_of_a_whole_copy(counting, tmp_path)
    seen: Counter[str] = Counter()
    for at in range(1, calls + 1):
        folder = tmp_path / str(at)
        folder.mkdir()
        said = attempt(PackDrive(folder, FaultyFiles(at, fault)))
        seen[said] += 1
        packs = list(folder.glob("*.age"))
        assert all(good_pack(path) for path in packs)
        assert len(packs) == 1 if said == "done" else not packs or said == "UncertainCopyError"
        shutil.rmtree(folder)
    assert sum(seen.values()) == calls >= 30, seen
    # Only what cannot hurt the copy may fail and still end in "done".
    assert seen["done"] <= 2, seen


def attempt(drive):
    try:
        write(drive)
    except DriveError as error:
        return type(error).__name__
    return "done"


def good_pack(path):
    return decrypt(io.BytesIO(path.read_bytes()), WORDS, most=1 << 24) == PLAIN


def _calls_of_a_whole_copy(files, tmp_path):
    folder = tmp_path / "whole"
    folder.mkdir()
    write(PackDrive(folder, files))
    assert len(names(folder)) == 3
    return files.calls


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (FAULTS[0], DriveFullError),
        (FAULTS[2], DriveFailingError),
        (FAULTS[4], DriveReadOnlyError),
        (FAULTS[5], DriveGoneError),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_each_fault_has_its_own_sentence(fault, error, tmp_path):
    with pytest.raises(error) as raised:
        write(PackDrive(tmp_path, FaultyFiles(4, fault)))
    assert type(raised.value) is error


def test_a_drive_pulled_for_good_is_named_as_such(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()

    def pulled(target):
        target.write(b"first")
        shutil.rmtree(folder)

    with pytest.raises(DriveGoneError, match="removed"):
        write(PackDrive(folder), pulled)


def test_a_stick_that_lies_is_found_before_the_pack_has_a_name(tmp_path):
    with pytest.raises(ReadBackError):
        write(PackDrive(tmp_path, LyingFiles()))
    assert names(tmp_path) == []


def test_a_drive_that_takes_little_at_a_time_gets_everything(tmp_path):
    assert good_pack(write(PackDrive(tmp_path, SlowFiles())).path)


def test_a_drive_that_does_not_tell_its_room_is_not_called_full(tmp_path):
    assert good_pack(write(PackDrive(tmp_path, SilentFiles())).path)


def test_too_little_room_is_said_before_anything_is_written(tmp_path):
    with pytest.raises(DriveFullError):
        PackDrive(tmp_path, SmallFiles()).write_pack(small_pack, WORDS, OPENER, "", 2_000_000)
    assert names(tmp_path) == []


def test_more_than_a_fat32_stick_can_hold_is_refused_before_writing(tmp_path):
    drive = PackDrive(tmp_path, SilentFiles())
    drive.check_room(LARGEST_FILE)
    with pytest.raises(TooLargeError):
        drive.check_room(LARGEST_FILE + 1)


def test_words_that_do_not_open_what_was_written_are_found(tmp_path):
    with pytest.raises(ReadBackError):
        PackDrive(tmp_path).write_pack(small_pack, "other words", OPENER, "")
    assert list(tmp_path.glob("*.age")) == []


def test_an_error_while_making_the_pack_leaves_nothing(tmp_path):
    def broken(target):
        target.write(b"x" * 100)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(PackDrive(tmp_path), broken)
    assert names(tmp_path) == []


def test_what_an_interrupted_copy_left_is_found_and_nothing_else(tmp_path):
    for name in (".abcd0123.part", ".hidden", "x.part", "K7Q29XVD.age"):
        (tmp_path / name).touch()
    assert [path.name for path in PackDrive(tmp_path).stale_parts()] == [".abcd0123.part"]


def test_an_older_opener_is_replaced_and_other_packs_stay(tmp_path):
    (tmp_path / "OPEN-ME.html").write_text("older")
    (tmp_path / "AAAAAAAA.age").write_text("another pack")
    write(PackDrive(tmp_path))
    assert (tmp_path / "OPEN-ME.html").read_bytes() == OPENER
    assert (tmp_path / "AAAAAAAA.age").read_text() == "another pack"
    assert len(names(tmp_path)) == 4


def test_others_on_the_pc_cannot_read_the_files(tmp_path):
    written = write(PackDrive(tmp_path))
    assert os.name == "nt" or stat.S_IMODE(written.path.stat().st_mode) == 0o600


@pytest.fixture
def tiny_drive(tmp_path):
    """A real drive of 512 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.mounts
def test_a_really_full_drive_is_named_and_left_clean(tiny_drive):
    for files in (DriveFiles(), SilentFiles()):
        with pytest.raises(DriveFullError, match="not enough room"):
            write(PackDrive(tiny_drive, files))
    assert names(tiny_drive) == []


@pytest.mark.mounts
def test_a_really_locked_drive_is_named(tiny_drive):
    subprocess.run(["mount", "-o", "remount,ro", tiny_drive], check=True)
    with pytest.raises(DriveReadOnlyError):
        write(PackDrive(tiny_drive, SilentFiles()))

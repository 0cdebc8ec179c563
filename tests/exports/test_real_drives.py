"""Packs on real FAT32 and NTFS: whole after unplugging, and an honest word when it is not."""

from __future__ import annotations

import os
import subprocess

import pytest
from faulty_drive import SilentFiles
from real_drives import KINDS, Stick, listing
from test_stick import OPENER, WORDS, good_pack, names, small_pack, write

from shelter_desk.exports.drives import linux_drives, mark_of
from shelter_desk.exports.eject import eject
from shelter_desk.exports.problems import (
    DriveBusyError,
    DriveFullError,
    DriveGoneError,
    DriveReadOnlyError,
    DriveSwappedError,
)
from shelter_desk.exports.stick import PackDrive

pytestmark = [pytest.mark.mounts, pytest.mark.fuse]


@pytest.fixture(params=KINDS)
def stick(request, tmp_path):
    stick = Stick(request.param, tmp_path / "stick.img", tmp_path / "media" / "AUDIT")
    yield stick
    stick.take_away()


def listed(tmp_path):
    return list(linux_drives(listing(), media=(tmp_path / "media",)))


def test_a_plugged_in_stick_is_listed_with_its_room_and_a_pulled_one_is_not(stick, tmp_path):
    assert listed(tmp_path) == []
    stick.plug_in()
    (drive,) = listed(tmp_path)
    assert (drive.path, drive.label, drive.is_read_only) == (stick.point, "AUDIT", False)
    # This driver for FAT tells 0 of 0 bytes: that is "not known", never "full".
    assert (drive.free is None) == (stick.kind == "FAT")
    assert drive.free is None or 10 << 20 < drive.free < drive.size <= 16 << 20
    stick.unmount()
    assert listed(tmp_path) == []


def test_a_pack_is_whole_after_the_stick_was_ejected_and_plugged_in_again(stick, tmp_path):
    stick.plug_in()
    (drive,) = listed(tmp_path)
    written = write(PackDrive(drive.path, mark=drive.mark))
    assert good_pack(written.path)
    eject(drive.path)
    assert listed(tmp_path) == []
    assert not written.path.exists()
    stick.plug_in()
    assert good_pack(written.path)
    assert len(names(stick.point)) == 3
    hours = {path.stat().st_mtime % 86_400 for path in stick.point.iterdir()}
    assert hours == {0}  # no hour of work is told


def test_a_stick_in_use_is_not_called_ejected(stick):
    stick.plug_in()
    with (stick.point / "open.txt").open("wb"), pytest.raises(DriveBusyError, match="in use"):
        eject(stick.point)
    assert stick.point.is_mount()
    eject(stick.point)
    assert not stick.point.is_mount()


@pytest.mark.parametrize("at", [0, 70_000, 600_000])
def test_a_stick_pulled_while_writing_keeps_no_pack_and_is_named(at, stick, tmp_path):
    stick.plug_in()
    (drive,) = listed(tmp_path)

    def pulled(target):
        target.write(os.urandom(at))
        stick.pull_out()
        small_pack(target)

    with pytest.raises(DriveGoneError, match="removed"):
        write(PackDrive(drive.path, mark=drive.mark), pulled)
    stick.take_away()
    stick.plug_in()
    assert [name for name in names(stick.point) if not name.endswith(".part")] == []


def test_what_a_pulled_stick_kept_is_offered_for_removal(tmp_path):
    stick = Stick("NTFS", tmp_path / "stick.img", tmp_path / "media" / "AUDIT")
    stick.plug_in()

    def pulled(target):
        target.write(b"x" * 300_000)
        subprocess.run(["sync", "-f", stick.point], check=True)
        stick.pull_out()
        target.write(b"x" * 300_000)

    try:
        with pytest.raises(DriveGoneError):
            write(PackDrive(stick.point), pulled)
        stick.take_away()
        stick.plug_in()
        drive = PackDrive(stick.point)
        assert len(drive.stale_parts()) == 1
        drive.clear_stale_parts()
        assert names(stick.point) == []
    finally:
        stick.take_away()


def test_another_stick_in_the_same_place_gets_nothing(stick, tmp_path):
    stick.plug_in()
    (drive,) = listed(tmp_path)
    stick.unmount()
    other = Stick("NTFS", tmp_path / "other.img", stick.point)
    other.plug_in()
    try:
        assert mark_of(stick.point) != drive.mark
        with pytest.raises(DriveSwappedError, match="not the drive that was chosen"):
            write(PackDrive(drive.path, mark=drive.mark))
        assert names(other.point) == []
    finally:
        other.take_away()


def test_sticks_swapped_half_way_leave_a_pack_on_neither(stick, tmp_path):
    stick.plug_in()
    (drive,) = listed(tmp_path)
    other = Stick("NTFS", tmp_path / "other.img", stick.point)

    def swapped(target):
        small_pack(target)
        stick.take_away()
        other.plug_in()

    try:
        with pytest.raises(DriveGoneError):
            write(PackDrive(drive.path, mark=drive.mark), swapped)
        assert names(other.point) == []
    finally:
        other.take_away()
    stick.plug_in()
    assert list(stick.point.glob("*.age")) == []


def test_nothing_is_written_to_the_empty_folder_of_a_stick_that_is_gone(stick, tmp_path):
    stick.plug_in()
    (drive,) = listed(tmp_path)
    stick.unmount()
    with pytest.raises((DriveGoneError, DriveSwappedError)):
        write(PackDrive(drive.path, mark=drive.mark))
    assert names(stick.point) == []


def test_a_full_stick_is_named_and_left_clean(stick, tmp_path):
    stick.plug_in()
    filler = stick.point / "filler.bin"
    _fill(filler, leave=300_000)
    with pytest.raises(DriveFullError):  # the driver for FAT calls it "not permitted"
        write(PackDrive(stick.point, SilentFiles()))
    assert names(stick.point) == ["filler.bin"]


def _fill(filler, *, leave):
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 20)):
                pass
        except OSError:
            pass
        file.truncate(filler.stat().st_size - leave)


def test_a_locked_stick_is_listed_as_such_and_named(stick, tmp_path):
    stick.plug_in(read_only=True)
    (drive,) = listed(tmp_path)
    assert drive.is_read_only
    with pytest.raises(DriveReadOnlyError, match="does not allow writing"):
        PackDrive(drive.path, mark=drive.mark).write_pack(small_pack, WORDS, OPENER, "")

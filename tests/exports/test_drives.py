"""Which drives are offered for a pack: those that can be pulled out, never the system's own."""

from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from shelter_desk.exports.drives import find_drives, linux_drives, mark_of
from shelter_desk.exports.drives_mac import read_info

LINE = "{number} 1 {device} / {point} rw,relatime - {kind} {source} {rights}"
DISKS = {  # device -> its place below the devices of a computer
    "259:0": "pci0/nvme0n1",
    "259:1": "pci0/nvme0n1/nvme0n1p1",
    "259:2": "pci0/nvme0n1/nvme0n1p2",
    "8:16": "pci0/usb1/sdb",
    "8:17": "pci0/usb1/sdb/sdb1",
    "8:18": "pci0/usb1/sdb/sdb2",
    "8:33": "pci0/usb2/sdc/sdc1",
}


@pytest.fixture
def blocks(tmp_path):
    blocks = tmp_path / "block"
    blocks.mkdir()
    for device, place in DISKS.items():
        folder = tmp_path / "devices" / place
        folder.mkdir(parents=True, exist_ok=True)
        if device[-1] not in "06":
            (folder / "partition").write_text("1\n")
        (blocks / device).symlink_to(folder)
    return blocks


def mounted(*rows):
    names = ("device", "point", "kind", "source", "rights")
    return "\n".join(
        LINE.format(number=40 + number, **dict(zip(names, row, strict=True)))
        for number, row in enumerate(rows)
    )


def points(listing, blocks, media=(Path("/media"),)):
    return [str(drive.path) for drive in linux_drives(listing, media, blocks)]


def test_a_stick_is_offered_and_the_disk_of_the_system_is_not(blocks):
    listing = mounted(
        ("259:1", "/", "ext4", "/dev/nvme0n1p1", "rw"),
        ("259:2", "/media/dana/Windows", "ntfs3", "/dev/nvme0n1p2", "rw"),
        ("8:33", "/media/dana/AUDIT\\040ONE", "vfat", "/dev/sdc1", "rw"),
        ("0:50", "/proc", "proc", "proc", "rw"),
    )
    assert points(listing, blocks) == ["/media/dana/AUDIT ONE"]


def test_a_computer_that_runs_from_a_stick_does_not_offer_that_stick(blocks):
    listing = mounted(
        ("8:17", "/", "ext4", "/dev/sdb1", "rw"),
        ("8:18", "/media/dana/DATA", "vfat", "/dev/sdb2", "rw"),
        ("8:33", "/mnt/other", "exfat", "/dev/sdc1", "rw"),
    )
    assert points(listing, blocks) == ["/mnt/other"]


def test_a_server_mounted_beside_the_sticks_is_no_stick(blocks):
    listing = mounted(
        ("0:60", "/media/share", "cifs", "//server/share", "rw"),
        ("0:61", "/media/cloud", "fuse.rclone", "cloud:", "rw"),
    )
    assert points(listing, blocks) == []


def test_of_two_on_one_point_the_newer_counts(blocks):
    listing = mounted(
        ("8:33", "/media/AUDIT", "vfat", "/dev/sdc1", "rw"),
        ("8:33", "/media/AUDIT", "exfat", "/dev/sdc1", "ro"),
    )
    (drive,) = linux_drives(listing, (Path("/media"),), blocks)
    assert (drive.kind, drive.is_read_only) == ("exFAT", True)


def test_what_is_plugged_in_here_is_never_the_disk_of_the_system():
    here = {str(drive.path) for drive in find_drives([Path.home()])}
    assert not here & {"/", "/home", "/usr", "/boot"}


def test_a_folder_has_a_mark_while_it_is_there(tmp_path):
    assert mark_of(tmp_path) == mark_of(tmp_path) != ""
    assert mark_of(tmp_path / "gone") == ""


STICK = {
    "MountPoint": "/Volumes/AUDIT",
    "VolumeName": "AUDIT",
    "FilesystemType": "msdos",
    "Internal": False,
    "RemovableMedia": True,
    "WritableVolume": True,
    "BusProtocol": "USB",
}


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        ({}, True),
        ({"RemovableMedia": False}, True),  # a disk in a case of its own
        ({"Internal": True}, True),  # a card in the reader of the computer
        ({"Internal": True, "RemovableMedia": False}, False),
        ({"MountPoint": "/"}, False),
        ({"BusProtocol": "Disk Image"}, False),
        ({"MountPoint": ""}, False),
    ],
)
def test_a_mac_offers_what_can_be_pulled_out(change, offered):
    told = read_info(plistlib.dumps({**STICK, **change}))
    assert (told == (Path("/Volumes/AUDIT"), "AUDIT", "FAT", False)) is offered


def test_a_mac_tells_a_locked_stick_and_no_stick_at_all():
    assert read_info(plistlib.dumps({**STICK, "WritableVolume": False}))[3] is True
    assert read_info(b"not a list") is None

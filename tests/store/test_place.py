"""Where records may stand: not on a network, not on a stick, not in a folder that syncs."""

import json
import subprocess
from pathlib import Path, PurePosixPath

import pytest

from shelter_desk import mounts
from shelter_desk.domain.trouble import PlaceRefusedError
from shelter_desk.store import synced
from shelter_desk.store.place import refuse_unfit

LISTED = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:40 / /srv rw,relatime shared:5 master:1 - nfs4 server:/share rw
31 30 254:1 / /srv/local rw - xfs /dev/vdb rw
32 27 0:41 / /mnt/our\\040share rw - cifs //server/share rw
33 27 0:42 / /homes/sky/cloud rw - fuse.rclone remote: rw
34 27 0:43 / /homes/sky/vault rw - fuse.gocryptfs /homes/sky/.vault rw
35 27 0:44 / /over rw - ext4 /dev/vdc rw
36 27 0:45 / /over rw - nfs server:/over rw
torn line
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//sky@server/share on /Volumes/our share (smbfs, nodev, nosuid, mounted by sky)
"""


@pytest.mark.parametrize(
    ("path", "away"),
    [
        ("/homes/sky/records", False),
        ("/srv/records", True),
        ("/srv", True),
        ("/srv/local/records", False),
        ("/srv-not/records", False),
        ("/mnt/our share/records", True),
        ("/homes/sky/cloud/records", True),
        ("/homes/sky/vault/records", False),
        ("/over/records", True),
    ],
)
def test_the_nearest_mount_decides(path, away):
    mount = mounts.mount_of(LISTED, PurePosixPath(path))
    assert mounts.is_network(mount.kind) is away


@pytest.mark.parametrize(
    ("path", "local"),
    [
        ("/Users/Sky/records", True),
        ("/System/Volumes/Data/records", True),
        ("/Volumes/our share/records", False),
    ],
)
def test_a_share_on_a_mac_is_told_from_a_disk(path, local):
    assert mounts.mac_is_local(MAC, PurePosixPath(path)) is local


@pytest.mark.linux
def test_the_kind_is_what_the_system_itself_says(tmp_path):
    said = subprocess.run(
        ["stat", "-f", "-c", "%T", "/proc"], capture_output=True, text=True, check=True
    )
    listing = Path("/proc/self/mountinfo").read_text("utf-8")
    assert mounts.mount_of(listing, Path("/proc/self")).kind == said.stdout.strip() == "proc"
    here = mounts.mount_of(listing, tmp_path.resolve())
    # In a root of its own (chroot) the disk below it is nobody's mount.
    assert here is None or not mounts.is_network(here.kind)


def _device(blocks, device, place, **files):
    place.mkdir(parents=True)
    for name, text in files.items():
        (place / name).write_text(text + "\n")
    blocks.mkdir(exist_ok=True)
    (blocks / device).symlink_to(place)
    return place


def test_a_stick_is_removable_and_so_is_what_is_encrypted_on_it(tmp_path):
    blocks, devices = tmp_path / "block", tmp_path / "devices"
    _device(blocks, "259:0", devices / "pci0" / "nvme0n1", removable="0")
    _device(blocks, "259:1", devices / "pci0" / "nvme0n1" / "nvme0n1p1", partition="1")
    _device(blocks, "8:16", devices / "pci0" / "usb2" / "sdb", removable="0")
    stick = _device(blocks, "8:17", devices / "pci0" / "usb2" / "sdb" / "sdb1", dev="8:17")
    card = _device(blocks, "179:0", devices / "pci0" / "mmc" / "mmcblk0", removable="1")
    _device(blocks, "179:1", card / "mmcblk0p1", partition="1")
    opened = _device(blocks, "253:0", devices / "virtual" / "dm-0", removable="0")
    (opened / "slaves").mkdir()
    (opened / "slaves" / "sdb1").symlink_to(stick)
    found = {
        device: mounts.is_removable(device, blocks)
        for device in ("259:0", "259:1", "8:16", "8:17", "179:1", "253:0", "0:40")
    }
    assert found == {
        "259:0": False,
        "259:1": False,
        "8:16": True,
        "8:17": True,
        "179:1": True,
        "253:0": True,
        "0:40": False,
    }


@pytest.mark.parametrize(
    "mark", [".dropbox", ".stfolder", ".sync_0123abcd.db", "._sync_0123abcd.db"]
)
def test_the_mark_of_a_syncing_program_refuses_everything_below(tmp_path, mark):
    folder = tmp_path / "shared papers" / "desk"
    folder.mkdir(parents=True)
    refuse_unfit(folder)
    (tmp_path / "shared papers" / mark).touch()
    with pytest.raises(PlaceRefusedError):
        refuse_unfit(folder)


def test_a_link_into_a_synced_folder_is_followed(tmp_path):
    (tmp_path / "OneDrive - Shelter" / "desk").mkdir(parents=True)
    (tmp_path / "desk").symlink_to(tmp_path / "OneDrive - Shelter" / "desk")
    with pytest.raises(PlaceRefusedError):
        refuse_unfit(tmp_path / "desk")


def test_onedrive_is_known_by_its_variable_whatever_it_is_called(tmp_path, monkeypatch):
    folder = tmp_path / "work" / "desk"
    folder.mkdir(parents=True)
    refuse_unfit(folder)
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "work"))
    with pytest.raises(PlaceRefusedError):
        refuse_unfit(folder)


def test_dropbox_is_known_by_its_own_settings(tmp_path):
    (tmp_path / ".dropbox").mkdir()
    info = tmp_path / ".dropbox" / "info.json"
    info.write_text(json.dumps({"personal": {"path": "/homes/sky/d"}, "business": 3, "x": {}}))
    assert list(synced.synced_roots({}, tmp_path)) == [Path("/homes/sky/d")]
    info.write_text("[broken")
    assert list(synced.synced_roots({}, tmp_path)) == []


def test_a_plain_folder_passes_and_one_not_made_yet_too(tmp_path):
    refuse_unfit(tmp_path)
    refuse_unfit(tmp_path / "not" / "yet")

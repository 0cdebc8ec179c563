"""The drives that can be pulled out of this computer, as it lists them; never the system's own.

Each system tells it in its own way; what comes out is one kind of value.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shelter_desk import mounts
from shelter_desk.exports import drives_mac, drives_windows

MOUNTINFO = Path("/proc/self/mountinfo")
_BLOCKS = Path("/sys/dev/block")
_BY_NAME = Path("/dev/disk")
# Where desktops mount what was plugged in; everything mounted below them counts.
_MEDIA = (Path("/media"), Path("/run/media"))
_SYSTEM = ("/", "/boot", "/boot/efi", "/etc", "/home", "/nix", "/opt", "/usr", "/var")
_KINDS = {
    "vfat": "FAT",
    "msdos": "FAT",
    "fuse.fusefat": "FAT",
    "exfat": "exFAT",
    "fuse.exfat": "exFAT",
    "ntfs": "NTFS",
    "ntfs3": "NTFS",
    "fuseblk": "NTFS",
    "fuse.ntfs-3g": "NTFS",
}
_ESCAPED = re.compile(r"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive that can be pulled out.

    `kind` is its file system in everyday spelling, or ""; `size` and `free` are bytes, None where
    the drive does not tell; `mark` tells it apart from another drive in the same place.
    """

    path: Path
    label: str
    kind: str
    size: int | None
    free: int | None
    is_read_only: bool
    mark: str


def find_drives(keep_off: Iterable[Path] = ()) -> tuple[Drive, ...]:
    """Return the drives plugged in now, by label. One that holds any of `keep_off` is left out."""
    kept = [path.resolve() for path in keep_off]
    if sys.platform == "win32":
        told = drives_windows.removable()
        found = [_measured(p, label, kind, is_read_only=ro) for p, label, kind, ro in told]
    elif sys.platform == "darwin":
        told = drives_mac.removable()
        found = [_measured(p, label, kind, is_read_only=ro) for p, label, kind, ro in told]
    else:
        found = list(linux_drives(_mountinfo()))
    fit = [d for d in found if not any(path.is_relative_to(d.path) for path in kept)]
    return tuple(sorted(fit, key=lambda drive: (drive.label.casefold(), str(drive.path))))


def linux_drives(
    mountinfo: str, media: tuple[Path, ...] = _MEDIA, blocks: Path = _BLOCKS
) -> Iterator[Drive]:
    """Yield the drives in the text of `/proc/self/mountinfo` that can be pulled out.

    A disk that carries a part of the system is none, even when it is a stick.
    """
    every = mounts.listed(mountinfo)
    system = {mounts.disk_of(m.device, blocks) for m in every if str(m.point) in _SYSTEM} - {""}
    newest = {mount.point: mount for mount in every}  # of two on one point the later hides
    for mount in newest.values():
        if str(mount.point) in _SYSTEM or mounts.is_network(mount.kind):
            continue
        if mounts.disk_of(mount.device, blocks) in system:
            continue
        point = Path(mount.point)
        plugged = any(point != root and point.is_relative_to(root) for root in media)
        if plugged or mounts.is_removable(mount.device, blocks):
            kind = _KINDS.get(mount.kind, "")
            label = _name_in("by-label", mount.source) or point.name
            yield _measured(point, label, kind, is_read_only=mount.is_read_only)


def mark_of(folder: Path) -> str:
    """Return what tells the drive a folder is on apart from every other put in its place.

    "" where there is nothing there (any more).
    """
    try:
        device = str(folder.stat().st_dev)
    except OSError:
        return ""
    if sys.platform != "linux":
        return device  # on Windows the volume's own serial number
    mount = mounts.mount_of(_mountinfo(), folder.resolve())
    if mount is None:
        return device
    return ":".join((device, mount.number, mount.source, _name_in("by-uuid", mount.source)))


def mounted_from(folder: Path) -> str | None:
    """Return what is mounted exactly on a folder (`/dev/sdb1`), or None where nothing is."""
    mount = mounts.mount_of(_mountinfo(), folder.resolve())
    return mount.source if mount is not None and Path(mount.point) == folder.resolve() else None


def _measured(path: Path, label: str, kind: str, *, is_read_only: bool) -> Drive:
    size = free = None
    try:
        usage = shutil.disk_usage(path)
        if usage.total:  # some drivers say 0 of 0: that is not known, not full
            size, free = usage.total, usage.free
    except OSError:
        pass
    return Drive(path, label, kind, size, free, is_read_only, mark_of(path))


def _mountinfo() -> str:
    try:
        return MOUNTINFO.read_text("utf-8", "replace")
    except OSError:
        return ""


def _name_in(kind: str, source: str) -> str:
    """Return the label or the id of a device, as udev lists it in `/dev/disk`."""
    if not source.startswith("/dev/"):
        return ""
    folder, device = _BY_NAME / kind, os.path.realpath(source)
    try:
        names = [link.name for link in folder.iterdir() if os.path.realpath(link) == device]
    except OSError:
        return ""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), names[0]) if names else ""

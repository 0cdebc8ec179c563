"""Drives that can be pulled out, as macOS tells it: `diskutil` on each folder of /Volumes."""

from __future__ import annotations

import plistlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

_KINDS = {"msdos": "FAT", "exfat": "exFAT", "ntfs": "NTFS"}


def removable() -> Iterator[tuple[Path, str, str, bool]]:
    """Yield (path, label, kind, is read-only) of each drive that can be pulled out."""
    for volume in sorted(Path("/Volumes").iterdir()):
        told = _diskutil("info", "-plist", str(volume))
        found = read_info(told.stdout) if told.returncode == 0 else None
        if found is not None:
            yield found


def read_info(text: bytes) -> tuple[Path, str, str, bool] | None:
    """Return what `diskutil info -plist` tells of a drive that can be pulled out, else None."""
    try:
        info = plistlib.loads(text)
    except (plistlib.InvalidFileException, ValueError):
        return None
    point = info.get("MountPoint", "")
    is_inside = info.get("Internal", True) and not info.get("RemovableMedia", False)
    is_image = info.get("BusProtocol") == "Disk Image"
    if not point or point == "/" or is_inside or is_image or info.get("SystemImage", False):
        return None
    kind = str(info.get("FilesystemType", ""))
    label = str(info.get("VolumeName") or Path(point).name)
    is_read_only = not info.get("WritableVolume", info.get("Writable", False))
    return Path(point), label, _KINDS.get(kind, kind.upper()), is_read_only


def eject(folder: Path) -> None:
    """Ask the system to let go of a drive; whether it did is to be looked at afterwards."""
    _diskutil("eject", str(folder))


def _diskutil(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - the system's own program
        ["/usr/sbin/diskutil", *words], capture_output=True, check=False
    )

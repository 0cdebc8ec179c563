"""Lets go of a drive so that it can be pulled out, and says so only when it is true."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from shelter_desk.exports import drives_mac, drives_windows
from shelter_desk.exports.drives import mounted_from
from shelter_desk.exports.problems import DriveBusyError

_PATIENCE_S = 60


def eject(folder: Path) -> None:
    """Unmount the drive on `folder`; what waits in the system's memory is written first.

    Raises:
        DriveBusyError: something still uses it; it may not be pulled out yet.
    """
    if sys.platform == "win32":
        drives_windows.eject(folder)
        if folder.exists():
            raise DriveBusyError
    elif sys.platform == "darwin":
        drives_mac.eject(folder)
        if folder.is_mount():
            raise DriveBusyError
    else:
        _eject_on_linux(folder)


def _eject_on_linux(folder: Path) -> None:
    source = mounted_from(folder)
    if source is None:
        return  # nothing is mounted here any more
    is_device = source.startswith("/dev/")
    ways = (
        ("udisksctl", "unmount", "--no-user-interaction", "-b", source) if is_device else (),
        ("umount", str(folder)),
        ("fusermount3", "-u", str(folder)),
        ("fusermount", "-u", str(folder)),
    )
    for way in ways:
        if way and _run(*way) and mounted_from(folder) is None:
            if is_device:
                _run("udisksctl", "power-off", "--no-user-interaction", "-b", source)
            return
    raise DriveBusyError


def _run(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    try:
        ended = subprocess.run(  # noqa: S603 - the system's own programs, named above
            command, capture_output=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0

"""Whether a folder is a place where records may live: a disk inside this computer.

WAL is not safe on network drives, sticks get lost, and a folder that syncs sends every page to
somebody else's server. All three are refused by name.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from shelter_desk.domain.trouble import PlaceRefusedError, ReadOnlyFolderError

_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "box sync")
_NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "fuse.sshfs", "9p", "davfs")
_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4


def refuse_unfit(folder: Path) -> None:
    """Pass when records may live here.

    Raises:
        PlaceRefusedError: on a network drive, a removable drive or in a synced folder.
    """
    whole = folder.absolute()
    names = [part.lower() for part in whole.parts]
    if any(name.startswith(_SYNCED) for name in names):
        raise PlaceRefusedError
    if sys.platform == "win32":
        kind = ctypes.windll.kernel32.GetDriveTypeW(whole.anchor)
        if kind in (_DRIVE_REMOVABLE, _DRIVE_REMOTE):
            raise PlaceRefusedError
    elif _file_system(whole) in _NETWORK:
        raise PlaceRefusedError


def refuse_read_only(folder: Path) -> None:
    """Pass when a file can be made here, by making one and taking it away.

    Raises:
        ReadOnlyFolderError: when it cannot. Rights alone do not tell: a mount may be read-only.
    """
    probe = folder / f".write-test-{os.getpid()}"
    try:
        probe.touch(mode=0o600)
        probe.unlink()
    except PermissionError:
        raise ReadOnlyFolderError from None
    except OSError as error:
        if error.errno in (30, 1, 13):  # EROFS, EPERM, EACCES
            raise ReadOnlyFolderError from None
        raise


def _file_system(path: Path) -> str:
    """Return the file system's name as Linux lists it, or "" where it does not say."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    best, kind = -1, ""
    for line in mounts.read_text("utf-8", "replace").splitlines():
        fields = line.split(" ")
        point = Path(fields[1].replace("\\040", " "))
        if len(fields) > 2 and path.is_relative_to(point) and len(point.parts) > best:
            best, kind = len(point.parts), fields[2]
    return kind

"""Whether a folder is a place where records may live: a disk inside this computer.

WAL is not safe on network drives, sticks get lost, and a folder that syncs sends every page to
somebody else's server. All three are refused by name.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from shelter_desk import mounts
from shelter_desk.domain.trouble import PlaceRefusedError, ReadOnlyFolderError
from shelter_desk.store import synced

_DRIVE_REMOVABLE, _DRIVE_REMOTE = 2, 4


def refuse_unfit(folder: Path) -> None:
    """Pass when records may live here. A link is followed: what counts is where it leads.

    Raises:
        PlaceRefusedError: on a network drive, a removable drive or in a synced folder.
    """
    named, real = folder.absolute(), folder.resolve()
    roots = [root.resolve() for root in synced.synced_roots(os.environ, Path.home())]
    if (
        synced.has_synced_name(named)
        or synced.has_synced_name(real)
        or synced.has_synced_mark(real)
        or any(real.is_relative_to(root) for root in roots)
        or _is_elsewhere(real)
    ):
        raise PlaceRefusedError


def _is_elsewhere(path: Path) -> bool:
    """Tell whether the disk is not one inside this computer. What does not say, is."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        kind = ctypes.windll.kernel32.GetDriveTypeW(path.anchor)
        is_share = path.anchor.startswith("\\\\") and not path.anchor.startswith("\\\\?\\")
        return is_share or kind in (_DRIVE_REMOVABLE, _DRIVE_REMOTE)
    if sys.platform == "darwin":
        import subprocess  # noqa: PLC0415 - macOS only

        listed = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        return not mounts.mac_is_local(listed.stdout, path)
    listing = Path("/proc/self/mountinfo")
    if not listing.exists():
        return False
    mount = mounts.mount_of(listing.read_text("utf-8", "replace"), path)
    return mount is not None and (
        mounts.is_network(mount.kind) or mounts.is_removable(mount.device)
    )


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

"""What kind of disk a folder stands on, as Linux and macOS list their mounts.

A file system in memory (tmpfs) passes: nobody's default folder is one, and the demonstration,
whose records are thrown away, belongs there.
"""

import re
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

_NETWORK = frozenset(
    {
        *("9p", "afpfs", "afs", "ceph", "cifs", "coda", "davfs", "gfs2", "lustre", "ncpfs", "nfs"),
        *("nfs4", "ocfs2", "prl_fs", "smb3", "smbfs", "vboxsf", "vmhgfs", "webdav"),
    }
)
# A file system in user space is most often a server or a cloud; these lie on a disk.
_LOCAL_FUSE = frozenset(
    {
        *("fuse.bindfs", "fuse.encfs", "fuse.exfat", "fuse.fuse-overlayfs", "fuse.fusefat"),
        *("fuse.gocryptfs", "fuse.mergerfs", "fuse.ntfs", "fuse.ntfs-3g", "fuse.portal"),
    }
)
_OCTAL = r"\\([0-7]{3})"
_MAC_LINE = r"^.* on (?P<point>/.*) \((?P<flags>[^()]*)\)$"


class Mount(NamedTuple):
    """A mounted file system: its kind (`ext4`), its device (`8:1`) and where it stands.

    `source` is what was mounted (`/dev/sdb1`); `number` tells two mounts on one point apart.
    """

    kind: str
    device: str
    point: PurePosixPath
    source: str = ""
    is_read_only: bool = False
    number: str = ""


def listed(mountinfo: str) -> tuple[Mount, ...]:
    """Return every mount in the text of `/proc/self/mountinfo`, in its order."""
    found = []
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if not dash or len(fields) < 5:
            continue
        options = {*fields[5:6], *kinds[2:3]}
        read_only = any("ro" in some.split(",") for some in options)
        source = _plain(kinds[1]) if len(kinds) > 1 else ""
        point = PurePosixPath(_plain(fields[4]))
        found.append(Mount(kinds[0], fields[2], point, source, read_only, fields[0]))
    return tuple(found)


def mount_of(mountinfo: str, path: PurePath) -> Mount | None:
    """Return the mount a path lies on, out of the text of `/proc/self/mountinfo`.

    Of two on one point the later hides the earlier.
    """
    found: Mount | None = None
    for mount in listed(mountinfo):
        nearer = found is None or len(mount.point.parts) >= len(found.point.parts)
        if path.is_relative_to(mount.point) and nearer:
            found = mount
    return found


def disk_of(device: str, blocks: Path = Path("/sys/dev/block")) -> str:
    """Return the whole disk that a device is, or is a part of; "" where it is none."""
    entry = (blocks / device).resolve()
    if not entry.is_dir():
        return ""
    return (entry.parent if (entry / "partition").exists() else entry).name


def is_network(kind: str) -> bool:
    """Tell whether a file system of this kind is somewhere else."""
    return kind in _NETWORK or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)


def is_removable(device: str, blocks: Path = Path("/sys/dev/block")) -> bool:
    """Tell whether a device, or one below it (a stick that is encrypted), can be pulled out."""
    entry = (blocks / device).resolve()
    if not entry.is_dir():
        return False  # no block device: a file system in memory
    if any(part.startswith("usb") for part in entry.parts):
        return True
    # a partition does not say it, the disk it is on does
    for place in (entry, entry.parent):
        if _text(place / "removable") == "1" or _text(place / "device" / "type") == "SD":
            return True
    below = entry / "slaves"
    return below.is_dir() and any(
        is_removable(_text(slave / "dev"), blocks) for slave in below.iterdir()
    )


def mac_is_local(listed: str, path: PurePath) -> bool:
    """Tell from what macOS's `mount` prints whether a path lies on a disk of this computer."""
    longest, local = -1, True
    for line in listed.splitlines():
        found = re.match(_MAC_LINE, line)
        if found is None or not path.is_relative_to(found["point"]):
            continue
        parts = len(PurePosixPath(found["point"]).parts)
        if parts >= longest:
            longest, local = parts, "local" in found["flags"].split(", ")
    return local


def _plain(text: str) -> str:
    return re.sub(_OCTAL, lambda code: chr(int(code[1], 8)), text) if "\\" in text else text


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip()
    except OSError:
        return ""

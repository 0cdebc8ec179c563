"""Replace a small file so that a crash leaves the old one or the new one, never a mixture."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import time
from pathlib import Path

_OWNER_ONLY = 0o600
_ATTEMPTS = 20
_PAUSE_SECONDS = 0.05
_LEFTOVER = ".tmp"


def replace_bytes(path: Path, data: bytes) -> None:
    """Make `data` the contents of `path`, whole and on the disk when this returns.

    Writes beside the target (owner-only), waits for the disk, renames, waits for the folder.
    What is interrupted leaves `path` as it was.

    Raises:
        OSError: when the disk is full, gone or not writable; the old file is then untouched,
            except that a failed wait for the folder may come after the rename.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_LEFTOVER}")
    try:
        _write_new(beside, data)
        _rename(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sweep(path: Path) -> None:
    """Remove what power cuts left beside `path`. Call only while nobody else can be writing it."""
    for leftover in path.parent.glob(f".{path.name}.*{_LEFTOVER}"):
        with contextlib.suppress(OSError):
            leftover.unlink()


def sync(descriptor: int) -> None:
    """Wait until what was written to `descriptor` is on the disk."""
    if sys.platform == "darwin":
        import fcntl  # noqa: PLC0415 - not on Windows

        # fsync on macOS reaches the drive's cache only; this also empties the cache.
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        return
    os.fsync(descriptor)


def sync_file(path: Path) -> None:
    """Wait until a file that was written and closed is on the disk."""
    with path.open("rb+") as file:
        sync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk, where the system has such a thing."""
    if sys.platform == "win32":  # a folder cannot be opened; NTFS keeps a journal of names
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # FAT and some network drives
            raise
    finally:
        os.close(descriptor)


def _write_new(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, _OWNER_ONLY)
    try:
        view = memoryview(data)
        while view:  # a write may be short on a nearly full disk
            view = view[os.write(descriptor, view) :]
        sync(descriptor)
    finally:
        os.close(descriptor)


def _rename(source: Path, target: Path) -> None:
    for attempt in range(_ATTEMPTS):
        try:
            source.replace(target)
        except PermissionError:
            # Windows: a virus scanner holds either file open for a moment.
            if sys.platform != "win32" or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return

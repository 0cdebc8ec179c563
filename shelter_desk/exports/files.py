"""The few file calls that writing to a drive needs, in one place, so that each can fail in a test.

Every error of the operating system leaves here as a `DriveError` that says what to do.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shelter_desk.exports.problems import (
    DriveError,
    DriveFailingError,
    DriveFullError,
    DriveGoneError,
    DriveReadOnlyError,
    TooLargeError,
)
from shelter_desk.exports.unbuffered import read_unbuffered

PIECE = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)
_CREATE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | _BINARY
_NOT_FOR_FOLDERS = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF, errno.ENOSYS}
_NOT_FOR_TIMES = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS}  # some stick drivers
_TRIES = 5
_MEANINGS: dict[type[DriveError], tuple[int, ...]] = {
    DriveFullError: (errno.ENOSPC, errno.EDQUOT),
    DriveReadOnlyError: (errno.EROFS, errno.EACCES, errno.EPERM),
    TooLargeError: (errno.EFBIG,),
    DriveGoneError: (
        *(errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTDIR, errno.ESTALE),
        errno.ENOTCONN,  # what drove the stick has ended
    ),
}
_WINDOWS_MEANINGS: dict[type[DriveError], tuple[int, ...]] = {
    DriveReadOnlyError: (19,),  # the medium is write protected
    DriveGoneError: (3, 15, 21, 55, 433, 1006, 1167),  # path, drive or device is not there
    DriveFullError: (39, 112),
}


@contextmanager
def as_drive_errors(folder: Path) -> Iterator[None]:
    """Turn every OSError inside into the `DriveError` that tells the person what to do."""
    try:
        yield
    except OSError as error:
        raise _meaning(error, folder) from error


def _to_day(path: Path) -> None:
    day = int(path.stat().st_mtime) // 86_400 * 86_400
    os.utime(path, (day, day))


class DriveFiles:
    """File calls on a drive. Tests pass a subclass in which one of them fails."""

    def free_bytes(self, folder: Path) -> int | None:
        """Return the room left, or None where the drive does not tell."""
        usage = shutil.disk_usage(folder)
        return None if usage.total == 0 else usage.free

    def create(self, path: Path) -> int:
        """Open a new file, never one that is there already."""
        return os.open(path, _CREATE, 0o600)

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some of `data`; return how many bytes were taken."""
        return os.write(descriptor, data)

    def write_fully(self, descriptor: int, data: memoryview) -> None:
        """Write all of `data`, however little the drive takes at a time.

        Raises:
            DriveFullError: some drivers call a full stick "not permitted", though it let us begin.
            DriveFailingError: the drive takes nothing more and does not say why.
        """
        while data:
            try:
                taken = self.write(descriptor, data)
            except PermissionError as error:
                raise DriveFullError from error
            if taken <= 0:
                raise DriveFailingError
            data = data[taken:]

    def sync(self, descriptor: int) -> None:
        """Bring what was written to the drive itself."""
        os.fsync(descriptor)

    def drop_cache(self, descriptor: int) -> None:
        """Let the system forget its copy, so that reading back asks the drive."""
        if sys.platform == "linux":
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def close(self, descriptor: int) -> None:
        """Close a file."""
        os.close(descriptor)

    def read_back(self, path: Path) -> Iterator[bytes]:
        """Yield what the drive holds, past the system's cache where it can be passed."""
        if sys.platform == "win32":
            yield from read_unbuffered(path)
            return
        with path.open("rb", buffering=0) as source:
            self.drop_cache(source.fileno())
            while piece := source.read(PIECE):
                yield piece

    def day_of(self, path: Path) -> None:
        """Set the file's times back to the start of their day (UTC): no hour of work is told."""
        try:
            _to_day(path)
        except OSError as error:
            if error.errno not in _NOT_FOR_TIMES:
                raise

    def rename(self, path: Path, final: Path) -> None:
        """Give the file its final name in one step."""
        for attempt in range(_TRIES):
            try:
                path.replace(final)
            except PermissionError:
                # On Windows a virus scanner may hold a new file for a moment.
                if sys.platform != "win32" or attempt == _TRIES - 1:
                    raise
                time.sleep(0.2 * (attempt + 1))
            else:
                return

    def rename_for_good(self, path: Path, final: Path) -> None:
        """Give the file its final name, and no hour with it: some drives note that of renaming."""
        self.rename(path, final)
        with suppress(OSError):  # it has its name; a drive that is gone is met when it syncs
            _to_day(final)

    def sync_folder(self, folder: Path) -> None:
        """Bring the new names to the drive, where the system knows how."""
        if sys.platform == "win32":
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _NOT_FOR_FOLDERS:
                raise
        finally:
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink(missing_ok=True)


def _meaning(error: OSError, folder: Path) -> DriveError:
    on_windows = getattr(error, "winerror", None)
    for kind, codes in _MEANINGS.items():
        if error.errno in codes or on_windows in _WINDOWS_MEANINGS.get(kind, ()):
            return kind()
    return DriveFailingError() if _is_there(folder) else DriveGoneError()


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False

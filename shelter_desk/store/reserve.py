"""Room kept for a full disk: a file of zeros that is given up so that the last thing is saved.

On a disk without a free byte a store in WAL mode cannot even be opened (measured), and what
somebody has just typed could not be kept. So a reserve lies beside the records; the first time
the disk is full it is taken away, what was asked for is done once more, and the window says that
the room is nearly gone. It is made again when there is room for it several times over.

Source: security design, part 4.3.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from shelter_desk.domain.trouble import DiskError, DiskFullError

RESERVE_NAME = "reserve.bin"
RESERVE_BYTES = 64 << 20
WARN_BYTES = 1 << 30
"""With less room than this on the disk of the records, the window says so."""

_NO_ROOM = 1 << 20
_TIMES_OVER = 4
_BLOCK = 1 << 20

T = TypeVar("T")


class Reserve:
    """The reserve beside the records in `folder`; `size` is in bytes."""

    def __init__(self, folder: Path, size: int = RESERVE_BYTES) -> None:
        self._folder = folder
        self._file = folder / RESERVE_NAME
        self._size = size

    def free(self) -> int:
        """Return the free bytes of this disk, the reserve not counted; very many when unknown."""
        with contextlib.suppress(OSError):
            return shutil.disk_usage(self._folder).free
        return 1 << 62

    def is_kept(self) -> bool:
        """Say whether the reserve is there."""
        return self._file.is_file()

    def keep(self) -> bool:
        """Make the reserve if it is not there and there is ample room; say whether it is there.

        Never an error: without a reserve the records are as safe as they were.
        """
        if self._size and not self.is_kept() and self.free() >= self._size * _TIMES_OVER:
            try:
                self._fill()
            except OSError:
                self.release()
        return self.is_kept()

    def release(self) -> bool:
        """Give the room up. False when there was none."""
        try:
            self._file.unlink()
        except OSError:
            return False
        return True

    def with_room(self, act: Callable[[], T]) -> T:
        """Return what `act` returns; on a full disk the reserve goes, and it is done once more.

        `act` must be all or nothing, as every write transaction is.

        Raises:
            DiskFullError: when the disk is full and there is no reserve (left).
        """
        try:
            return act()
        except (DiskFullError, DiskError) as error:
            # SQLite tells a full disk while opening a WAL as a plain disk error.
            if isinstance(error, DiskError) and self.free() > _NO_ROOM:
                raise
            if not self.release():
                raise DiskFullError from None
        return act()

    def _fill(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._file, flags, 0o600)
        try:
            # Written, not only claimed: a sparse file would reserve nothing.
            for _ in range(self._size // _BLOCK):
                os.write(descriptor, bytes(_BLOCK))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

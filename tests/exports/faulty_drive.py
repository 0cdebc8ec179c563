"""A drive on which the n-th file call fails, as a full, pulled, failing or locked stick does."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from shelter_desk.exports.files import DriveFiles


@dataclass(frozen=True)
class Fault:
    """`code` is the errno; a lasting fault also fails every later call, reading included."""

    name: str
    code: int
    lasting: bool = True
    short_first: bool = False
    reads_too: bool = False


FAULTS = (
    Fault("disk full", errno.ENOSPC),
    Fault("disk full after a short write", errno.ENOSPC, short_first=True),
    Fault("stick pulled", errno.EIO, reads_too=True),
    Fault("one fault", errno.EIO, lasting=False),
    Fault("stick turned read-only", errno.EROFS),
    Fault("device gone", errno.ENODEV, reads_too=True),
)


class FaultyFiles(DriveFiles):
    """Real files on a real folder, until call number `at`."""

    def __init__(self, at: int, fault: Fault) -> None:
        self.calls = 0
        self._at, self._fault = at, fault

    def _count(self, *, reads: bool = False) -> None:
        self.calls += 1
        past = self.calls > self._at and self._fault.lasting
        if self.calls == self._at or (past and (self._fault.reads_too or not reads)):
            raise OSError(self._fault.code, "made to fail")

    def free_bytes(self, folder):
        self._count(reads=True)
        return super().free_bytes(folder)

    def create(self, path):
        self._count()
        return super().create(path)

    def write(self, descriptor, data):
        if self._fault.short_first and self.calls + 1 == self._at:
            self.calls += 1
            return super().write(descriptor, data[: max(1, len(data) // 3)])
        self._count()
        return super().write(descriptor, data)

    def sync(self, descriptor):
        self._count()
        super().sync(descriptor)

    def drop_cache(self, descriptor):
        self._count(reads=True)
        super().drop_cache(descriptor)

    def read_back(self, path):
        for piece in super().read_back(path):
            self._count(reads=True)
            yield piece

    def day_of(self, path):
        self._count()
        super().day_of(path)

    def rename(self, path, final):
        self._count()
        super().rename(path, final)

    def sync_folder(self, folder):
        self._count()
        super().sync_folder(folder)

    def remove(self, path):
        self._count()
        super().remove(path)


class LyingFiles(DriveFiles):
    """A stick that takes every byte and gives back one of them changed."""

    def read_back(self, path):
        for piece in super().read_back(path):
            yield piece[:-1] + bytes([piece[-1] ^ 1])


class SlowFiles(DriveFiles):
    """A drive that takes at most 1,000 bytes at a time."""

    def write(self, descriptor, data):
        return super().write(descriptor, data[:1_000])


class StuckFiles(DriveFiles):
    """A drive that takes 1,000 bytes, and then none, without a word."""

    def __init__(self) -> None:
        self._left = 1_000

    def write(self, descriptor, data):
        taken = super().write(descriptor, data[: self._left]) if self._left else 0
        self._left -= taken
        return taken


class SilentFiles(DriveFiles):
    """A drive that does not tell how much room it has, as some drivers for sticks."""

    def free_bytes(self, folder):
        return None


class SmallFiles(DriveFiles):
    """A drive with 5 MB of room left."""

    def free_bytes(self, folder):
        return 5_000_000

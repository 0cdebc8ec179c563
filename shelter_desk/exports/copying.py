"""Files of a pack between their first byte and their final names: hidden, synced, read back."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from shelter_desk.domain.audit import CROCKFORD
from shelter_desk.exports.files import DriveFiles, as_drive_errors
from shelter_desk.exports.problems import (
    DriveError,
    ReadBackError,
    TooLargeError,
    UncertainCopyError,
)

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

LARGEST_FILE = (4 << 30) - 1
"""Largest file in bytes on a stick formatted with FAT32, the most common kind."""


def random_name() -> str:
    """Return eight random Crockford characters, which tell nothing about the shelter."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(8))


class Part:
    """One file on its way: hidden name, final name, and what was written so far."""

    def __init__(self, path: Path, final: Path) -> None:
        self.path, self.final = path, final
        self.digest = hashlib.sha256()
        self.size = 0


class Copying:
    """The files of one pack between their first byte and their final names."""

    def __init__(self, folder: Path, files: DriveFiles) -> None:
        self._folder, self._files = folder, files
        self._parts: list[Part] = []

    def write(self, name: str, produce: Callable[[BinaryIO], None]) -> Part:
        """Write one file under a hidden name and bring it to the drive."""
        part = Part(self._folder / f".{random_name().lower()}.part", self._folder / name)
        with as_drive_errors(self._folder):
            descriptor = self._files.create(part.path)
        self._parts.append(part)
        try:
            produce(cast(BinaryIO, _Sink(self._folder, self._files, descriptor, part)))
            with as_drive_errors(self._folder):
                self._files.sync(descriptor)
                self._files.drop_cache(descriptor)
        except BaseException:
            with suppress(OSError):
                self._files.close(descriptor)
            raise
        with as_drive_errors(self._folder):
            self._files.close(descriptor)
        return part

    def compare_all(self) -> None:
        """Read every file back past the cache and compare it."""
        for part in self._parts:
            digest = hashlib.sha256()
            with as_drive_errors(self._folder):
                for piece in self._files.read_back(part.path):
                    digest.update(piece)
                if digest.digest() != part.digest.digest():
                    raise ReadBackError
                self._files.day_of(part.path)

    def rename_all(self) -> None:
        """Give the files their final names, the first one last."""
        with as_drive_errors(self._folder):
            for part in reversed(self._parts):
                self._files.rename_for_good(part.path, part.final)

    def rename_in_turn(self) -> None:
        """Give each file its name only when the one behind it has its own for sure.

        Raises:
            UncertainCopyError: when all have their names, but the drive would not confirm it.
        """
        for part in reversed(self._parts):
            with as_drive_errors(self._folder):
                self._files.rename_for_good(part.path, part.final)
            try:
                with as_drive_errors(self._folder):
                    self._files.sync_folder(self._folder)
            except DriveError as error:
                if part is self._parts[0]:
                    raise UncertainCopyError from error
                raise

    def undo(self) -> None:
        """Remove what has no final name yet, as far as the drive still lets us."""
        for part in self._parts:
            with suppress(OSError):
                self._files.remove(part.path)


class _Sink(io.RawIOBase):
    """Takes every byte of one file, however little the drive takes at a time."""

    def __init__(self, folder: Path, files: DriveFiles, descriptor: int, part: Part) -> None:
        super().__init__()
        self._folder, self._files = folder, files
        self._descriptor, self._part = descriptor, part

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        view = memoryview(data)
        size = len(view)
        self._part.size += size
        if self._part.size > LARGEST_FILE:
            raise TooLargeError
        self._part.digest.update(view)
        with as_drive_errors(self._folder):
            self._files.write_fully(self._descriptor, view)
        return size

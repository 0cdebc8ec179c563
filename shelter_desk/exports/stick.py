"""Brings a pack to a stick or folder so that "done" means: it is there, whole, and it opens.

Each file is written under a hidden name, brought to the drive, read back past the cache and
compared, and only then given its final name. Whatever goes wrong before that leaves no file that
could be taken for a pack.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from shelter_desk.exports.age import Key, check_opening
from shelter_desk.exports.copying import LARGEST_FILE, Copying, random_name
from shelter_desk.exports.drives import mark_of
from shelter_desk.exports.files import DriveFiles, as_drive_errors
from shelter_desk.exports.problems import (
    DriveError,
    DriveFailingError,
    DriveFullError,
    DriveGoneError,
    DriveSwappedError,
    PackError,
    ReadBackError,
    TooLargeError,
    UncertainCopyError,
)
from shelter_desk.exports.verify import OPENER

READ_ME = "READ-ME.txt"

_SLACK = 4 << 20
_FIRST_PART = 256 << 10
_STALE = re.compile(r"\.[0-9a-z]{8}\.part")
_REAL_FILES = DriveFiles()


@dataclass(frozen=True, slots=True)
class Written:
    """A pack on a drive: its path, the SHA-256 (hex) and size in bytes of the sealed file."""

    path: Path
    sha256: str
    size: int


def write_pack(
    folder: Path,
    produce: Callable[[BinaryIO], None],
    key: Key,
    opener_bytes: bytes,
    readme: str,
    size: int = 0,
) -> Written:
    """Write a pack, its opener and its read-me into `folder`; see `PackDrive.write_pack`."""
    return PackDrive(folder).write_pack(produce, key, opener_bytes, readme, size)


class PackDrive:
    """A folder, usually on a stick, that packs are written to."""

    def __init__(self, folder: Path, files: DriveFiles = _REAL_FILES, mark: str = "") -> None:
        """Take the folder; `mark` is that of the drive that was chosen, where one was."""
        self._folder = folder
        self._files = files
        self._mark = mark

    def check_room(self, size: int) -> None:
        """Refuse before anything is written if `size` bytes cannot fit.

        Raises:
            DriveFullError, TooLargeError, DriveGoneError: in words for the person.
            DriveSwappedError: another drive is in the place of the one that was chosen.
        """
        self._refuse_another()
        if size > LARGEST_FILE:
            raise TooLargeError
        with as_drive_errors(self._folder):
            free = self._files.free_bytes(self._folder)
        if free is not None and free < size + _SLACK:
            raise DriveFullError

    def _refuse_another(self) -> None:
        if self._mark:
            here = mark_of(self._folder)
            if here != self._mark:
                raise DriveSwappedError if here else DriveGoneError

    def stale_parts(self) -> tuple[Path, ...]:
        """Return what an interrupted copy left behind, to be offered for removal."""
        with as_drive_errors(self._folder):
            return tuple(sorted(p for p in self._folder.iterdir() if _STALE.fullmatch(p.name)))

    def clear_stale_parts(self) -> None:
        """Remove what an interrupted copy left behind, as far as the drive lets us."""
        for path in self.stale_parts():
            with suppress(OSError):
                self._files.remove(path)

    def write_files(
        self, produced: Mapping[str, Callable[[BinaryIO], None]], size: int = 0
    ) -> tuple[Written, ...]:
        """Write files under names of ours; one that is there already is replaced whole.

        They get their names in turn from the last to the first, each on the drive before the
        next: where the first is, all others are too. Whatever goes wrong before that leaves every
        former file, or its whole successor.

        Raises:
            DriveError: one of its kinds; after `UncertainCopyError` alone the files may be there.
        """
        self.check_room(size)
        copying = Copying(self._folder, self._files)
        try:
            parts = [copying.write(name, produce) for name, produce in produced.items()]
            copying.compare_all()
            copying.rename_in_turn()
        except BaseException:
            copying.undo()
            raise
        return tuple(Written(part.final, part.digest.hexdigest(), part.size) for part in parts)

    def write_pack(
        self,
        produce: Callable[[BinaryIO], None],
        key: Key,
        opener_bytes: bytes,
        readme: str,
        size: int = 0,
    ) -> Written:
        """Write `produce`'s bytes as a pack with a random name, the opener and the read-me.

        `size` is the size of the pack in bytes where it is known (0 = not known).

        Raises:
            DriveError: one of its kinds, each a sentence that says what to do; then no pack with
                a final name is there, except after `UncertainCopyError`.
        """
        companions = {OPENER: opener_bytes, READ_ME: readme.encode()}
        self.check_room(size + sum(map(len, companions.values())))
        copying = Copying(self._folder, self._files)
        try:
            pack = copying.write(self._new_name(), produce)
            for name, content in companions.items():
                copying.write(name, _all_of(content))
            copying.compare_all()
            # The pack gets its name last: where a pack is, its opener is too.
            copying.rename_all()
        except BaseException:
            copying.undo()
            raise
        written = Written(pack.final, pack.digest.hexdigest(), pack.size)
        self._settle(written, key)
        return written

    def _new_name(self) -> str:
        with as_drive_errors(self._folder):
            taken = {path.name for path in self._folder.iterdir()}
        return next(name for name in iter(lambda: f"{random_name()}.age", "") if name not in taken)

    def _settle(self, written: Written, key: Key) -> None:
        """Look at the pack under its final name, as the person who gets it will."""
        try:
            with as_drive_errors(self._folder):
                self._files.sync_folder(self._folder)
            whole = False
        except DriveError:
            whole = True  # the name may not have reached the drive: trust nothing but a reading
        try:
            self._refuse_another()
            with as_drive_errors(self._folder):
                self._look_at(written, key, whole=whole)
        except DriveError as error:
            raise UncertainCopyError from error
        except PackError as error:
            with suppress(OSError):
                self._files.remove(written.path)
            raise ReadBackError from error

    def _look_at(self, written: Written, key: Key, *, whole: bool) -> None:
        digest, first = hashlib.sha256(), bytearray()
        for piece in self._files.read_back(written.path):
            digest.update(piece)
            first += piece if len(first) < _FIRST_PART else b""
            if not whole and len(first) >= _FIRST_PART:
                break
        check_opening(io.BytesIO(first), key)
        if whole and digest.hexdigest() != written.sha256:
            raise DriveFailingError


def _all_of(content: bytes) -> Callable[[BinaryIO], None]:
    def produce(target: BinaryIO) -> None:
        target.write(content)

    return produce

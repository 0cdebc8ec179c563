"""Files that leave together: all of them whole in a new folder of their own, or none.

Each file is written under a hidden name, brought to the disk, and only then given its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from shelter_desk.exports.files import DriveFiles, as_drive_errors

_REAL_FILES = DriveFiles()


def write_together(
    place: Path, name: str, files: Mapping[str, bytes], drive: DriveFiles = _REAL_FILES
) -> Path:
    """Write `files` (name -> bytes) into a new folder `name` inside `place`, and return it.

    A folder of that name is never written into: "name 2" is taken then, and so on.

    Raises:
        DriveError: in words for the person; then nothing of the files is there.
    """
    with as_drive_errors(place):
        folder = _new_folder(place, name)
    try:
        with as_drive_errors(place):
            for file_name, data in files.items():
                _write(folder / file_name, data, drive)
            drive.sync_folder(folder)
            drive.sync_folder(place)
    except BaseException:
        _remove(folder, drive)
        raise
    return folder


def read_together(folder: Path, drive: DriveFiles = _REAL_FILES) -> dict[str, bytes]:
    """Return name -> bytes of every file in a folder, as the disk holds them.

    Raises:
        DriveError: when the folder cannot be read.
    """
    with as_drive_errors(folder):
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        return {path.name: b"".join(drive.read_back(path)) for path in paths}


def _new_folder(place: Path, name: str) -> Path:
    for number in count(1):
        folder = place / (name if number == 1 else f"{name} {number}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder
    raise AssertionError  # count() does not end


def _write(path: Path, data: bytes, drive: DriveFiles) -> None:
    hidden = path.with_name(f".{path.name}.part")
    descriptor = drive.create(hidden)
    try:
        rest = memoryview(data)
        while rest:  # a write may be short on a nearly full disk
            rest = rest[drive.write(descriptor, rest) :]
        drive.sync(descriptor)
    finally:
        drive.close(descriptor)
    drive.rename(hidden, path)


def _remove(folder: Path, drive: DriveFiles) -> None:
    """Take away what was written, as far as the disk still lets us."""
    with suppress(OSError):
        for path in folder.iterdir():
            drive.remove(path)
        folder.rmdir()

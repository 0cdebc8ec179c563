"""Files that leave together: all of them whole in a new folder of their own, or none.

They are written into a hidden folder and brought to the disk; only then it gets its name, so a
folder with that name never holds a part of them, even on a drive that was pulled.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from shelter_desk.exports.copying import random_name
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
    hidden = place / f".{random_name().lower()}.part"
    try:
        with as_drive_errors(place):
            hidden.mkdir(mode=0o700)
            for file_name, data in files.items():
                _write(hidden / file_name, data, drive)
            drive.sync_folder(hidden)
            folder = _free_name(place, name)
            drive.rename(hidden, folder)
    except BaseException:
        _remove(hidden, drive)
        raise
    try:
        with as_drive_errors(place):
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


def _free_name(place: Path, name: str) -> Path:
    folder, number = place / name, 1
    while os.path.lexists(folder):
        number += 1
        folder = place / f"{name} {number}"
    return folder


def _write(path: Path, data: bytes, drive: DriveFiles) -> None:
    descriptor = drive.create(path)
    try:
        drive.write_fully(descriptor, memoryview(data))
        drive.sync(descriptor)
    finally:
        drive.close(descriptor)


def _remove(folder: Path, drive: DriveFiles) -> None:
    """Take away what was written, as far as the disk still lets us."""
    with suppress(OSError):
        for path in folder.iterdir():
            drive.remove(path)
        folder.rmdir()

"""What the commands that make files share: writing all of them or none, and saying so."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from shelter_desk.disclosure import SafeRelease
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.whole_files import write_together
from shelter_desk.store.failures import told_by_system


def tell_release(
    options: argparse.Namespace, release: SafeRelease, files: Mapping[str, bytes]
) -> None:
    """Say how much of a release of safe tables could be shown."""
    facts = {"shown": release.shown, "withheld": release.withheld, "fewest": release.fewest_proved}
    if options.json:
        sys.stdout.write(json.dumps({"ok": True, "files": sorted(files), **facts}) + "\n")
    else:
        every = release.shown + release.withheld
        sys.stdout.write(f"{release.shown} of {every} figures shown. Files: {options.out}\n")


def make_folder(folder: Path) -> None:
    """Make the folder that was named for what is written, unless it is there.

    Raises:
        DeskError: when there can be no such folder, or the disk refuses it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        raise DeskError(f"There can be no folder {folder}. Name another place.") from error
    except OSError as error:
        raise told_by_system(error) from error


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder; a new folder appears with all of them or not at all.

    Raises:
        DeskError: when the folder cannot be written.
    """
    folder = folder.resolve()
    if folder.is_file():
        raise DeskError(f"{folder.name} is a file. Name a folder.")
    make_folder(folder.parent)
    try:
        aside = write_together(folder.parent, f".{folder.name}.part", files)
        try:
            if not folder.exists():
                aside.rename(folder)
                return
            for name in files:
                (aside / name).replace(folder / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise told_by_system(error) from error

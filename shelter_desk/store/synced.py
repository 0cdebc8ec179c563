"""Whether a folder syncs to somebody else's server, told by the signs the programs leave."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

_NAMES = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud",
    "nextcloud",
    "owncloud",
    "box sync",
    "pclouddrive",
)
_WHOLE_NAMES = frozenset({"box", "my drive", "mobile documents", "cloudstorage", "syncthing"})
_MARKS = (
    ".dropbox",
    ".dropbox.cache",
    ".nextcloudsync.log",
    ".owncloudsync.log",
    ".stfolder",
    ".tmp.drivedownload",
    ".tmp.driveupload",
)
_MARKS_BEGIN = (".sync_", "._sync_")  # and end in ".db"
_ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")


def has_synced_name(path: PurePath) -> bool:
    """Tell whether a folder on the way is called as a syncing program calls its own."""
    names = [part.casefold() for part in path.parts]
    return any(name.startswith(_NAMES) or name in _WHOLE_NAMES for name in names)


def has_synced_mark(path: Path) -> bool:
    """Tell whether a syncing program left its mark in the folder or in one above it."""
    home = Path.home()
    for folder in (path, *path.parents):
        # Dropbox keeps its settings, not its files, in ~/.dropbox
        marks = [mark for mark in _MARKS if (folder, mark) != (home, ".dropbox")]
        if any((folder / mark).exists() for mark in marks):
            return True
        if any(name.startswith(_MARKS_BEGIN) and name.endswith(".db") for name in _names(folder)):
            return True
    return False


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder; nothing where that may not be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def synced_roots(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Yield the folders that OneDrive and Dropbox say they sync, whatever they are called."""
    for name in _ONEDRIVE:
        if environment.get(name):
            yield Path(environment[name])
    data = [environment[n] for n in ("APPDATA", "LOCALAPPDATA") if n in environment]
    for folder in (home / ".dropbox", *(Path(at) / "Dropbox" for at in data)):
        yield from _dropbox_roots(folder / "info.json")


def _dropbox_roots(file: Path) -> Iterator[Path]:
    try:
        untrusted = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return
    accounts = untrusted.values() if isinstance(untrusted, dict) else ()
    for account in accounts:
        path = account.get("path") if isinstance(account, dict) else None
        if isinstance(path, str) and path:
            yield Path(path)

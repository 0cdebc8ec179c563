"""A verified copy of the store in a folder of its own, and the way back from it.

`VACUUM INTO` makes a whole, compact copy under the same key while the store is open; a plain copy
of the file would miss what is still in the WAL and pass the page check all the same. The copy is
opened and checked before it gets its final name.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.trouble import DamagedStoreError, MissingStoreError, StoreExistsError
from shelter_desk.store.checks import check_file
from shelter_desk.store.database import Store
from shelter_desk.store.failures import in_words
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.store.safe_file import replace_bytes, sync_folder

MANIFEST = "backup.json"
_KEY_FILES = ("slots.json", "slots.bak")
_BLOCK = 1 << 20


class BackupDamagedError(DeskError):
    """This backup is damaged or not whole. It was left as it is. Use another backup."""


@dataclass(frozen=True, slots=True)
class BackupMade:
    """Where the backup is, its size in bytes, its SHA-256, and the last event in it."""

    path: Path
    size: int
    sha256: str
    events: int


def back_up(store: Store, target: Path, events: Callable[[Store], int]) -> BackupMade:
    """Write a verified backup into the new folder `target`.

    Raises:
        StoreExistsError: when `target` is there already.
        BackupDamagedError: when the copy does not pass its checks; nothing is left behind.
    """
    if target.exists():
        raise StoreExistsError
    making = target.with_name(f".{target.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    with in_words():
        making.mkdir(parents=True, mode=0o700)
        try:
            copy = making / STORE_NAME
            with store.unguarded() as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                connection.execute("VACUUM INTO ?", (str(copy),))
            for name in _KEY_FILES:
                if (store.path.parent / name).exists():
                    shutil.copyfile(store.path.parent / name, making / name)
            last = _verified(store, copy, events)
            made = BackupMade(target, copy.stat().st_size, digest_of(copy), last)
            manifest = {"format": 1, "size": made.size, "sha256": made.sha256, "events": last}
            replace_bytes(making / MANIFEST, json.dumps(manifest, sort_keys=True).encode())
            making.replace(target)
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    return made


def restore_files(backup: Path, target: Path) -> int:
    """Copy a backup into the new folder `target` and return how many events it should hold.

    The caller opens the records there: only that proves that they open.

    Raises:
        MissingStoreError: when there is no backup in that folder.
        BackupDamagedError: when it is not what was written.
        StoreExistsError: when `target` is there already.
    """
    if target.exists():
        raise StoreExistsError
    if not (backup / MANIFEST).is_file():
        raise MissingStoreError
    untrusted_manifest = _read_manifest(backup / MANIFEST)
    copy = backup / STORE_NAME
    if not copy.is_file() or digest_of(copy) != untrusted_manifest["sha256"]:
        raise BackupDamagedError
    making = target.with_name(f".{target.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    with in_words():
        making.mkdir(parents=True, mode=0o700)
        try:
            for name in (STORE_NAME, *_KEY_FILES):
                if (backup / name).exists():
                    replace_bytes(making / name, (backup / name).read_bytes())
            making.replace(target)
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
    return int(untrusted_manifest["events"])


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _read_manifest(path: Path) -> dict[str, str | int]:
    try:
        value = json.loads(path.read_text("utf-8"))
        whole = isinstance(value, dict) and {"sha256", "events"} <= set(value)
    except (ValueError, OSError):
        whole = False
    if not whole:
        raise BackupDamagedError
    manifest: dict[str, str | int] = value
    return manifest


def _verified(original: Store, copy: Path, events: Callable[[Store], int]) -> int:
    try:
        store = original.sibling(copy)
    except DamagedStoreError:
        raise BackupDamagedError from None
    try:
        if not all(finding.passed for finding in check_file(store)):
            raise BackupDamagedError
        last = events(store)
        store.checkpoint()
        return last
    finally:
        store.close()

"""Out of a backup, into a new folder: opened, checked, given keys; all of it or nothing."""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shelter_desk.desk.founding import Now
from shelter_desk.desk.key_copies import keys_name
from shelter_desk.desk.restoring import (
    BackupDamagedError,
    BackupFacts,
    Brought,
    NobodyToOpenError,
    Restored,
    WithKit,
    WithPassphrase,
    bring_back,
    read_facts,
    read_key_part,
    refuse_new,
)
from shelter_desk.domain.care_model import CareModel
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.trouble import MissingStoreError
from shelter_desk.exports.age import decrypt, plain_chunks
from shelter_desk.exports.backup import FACTS, RECORDS
from shelter_desk.exports.files import as_drive_errors
from shelter_desk.exports.problems import NotForThisKeyError, PackError

_LARGEST_FACTS = 1 << 20
_LARGEST_KEYS = 1 << 30
_PIECE = 1 << 20


class KeysPartMissingError(DeskError):
    """The file of residents' keys is not beside this backup.

    It begins with K- and lies where backups are made. Copy it beside the backup, then try again.
    """


def _quiet(_done: int, _total: int) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Here:
    """What this computer brings to a restore.

    `remembered_in` are folders that may remember how far the trail went; `told` hears
    (bytes written, bytes to write).
    """

    care_model: CareModel
    now: Now
    remembered_in: tuple[Path, ...] = ()
    told: Callable[[int, int], None] = _quiet


@dataclass(frozen=True, slots=True)
class Found:
    """One records part that opens with the key at hand, and what it says of itself."""

    path: Path
    facts: BackupFacts


def restore_backup(
    backup: Path, target: Path, way: WithKit | WithPassphrase, here: Here
) -> Restored:
    """Bring a backup back into the new folder `target`.

    `backup` is a records part, or a folder: then the newest that opens is taken. Everything is
    made in a folder beside the target, which gets its name when all of it passed every check.

    Raises:
        MissingStoreError: when there is no backup.
        StoreExistsError: when the target is there already.
        NobodyToOpenError: when it was not sealed to this kit or person.
        BackupDamagedError, KeysPartMissingError: when it cannot be trusted, or is not all there.
    """
    refuse_new(target)
    key = _private_key(way)
    with as_drive_errors(backup):
        found = newest(backup, key)
        keys_file = found.path.with_name(keys_name(found.facts.vault_id, found.facts.lines))
        if not keys_file.is_file():
            raise KeysPartMissingError

    def unpack(folder: Path) -> Brought:
        with _as_damage(), keys_file.open("rb") as source:
            keys = read_key_part(decrypt(source, key, most=_LARGEST_KEYS))
        _unpack(found, key, folder / RECORDS, here.told)
        return Brought(found.facts, keys)

    return bring_back(target, unpack, way, here.care_model, here.now, here.remembered_in)


def records_parts(backup: Path) -> list[Path]:
    """Return the records part that was named, or those in the folder that was named.

    Raises:
        MissingStoreError: when there is none.
    """
    files = sorted(backup.glob("B-*.age")) if backup.is_dir() else [backup]
    if not files or not files[0].is_file():
        raise MissingStoreError
    return files


def newest(backup: Path, key: X25519PrivateKey) -> Found:
    """Return the records part to restore: the file itself, or the newest in a folder.

    Records that were brought back go on with fewer events than a backup of before may have: first
    comes whichever line of them was backed up last. Only the beginning of each file is read here.

    Raises:
        MissingStoreError: when there is none.
        NobodyToOpenError: when none was sealed to this key.
        BackupDamagedError: when the only one there cannot be read.
    """
    files = records_parts(backup)
    found: list[Found] = []
    problem = DeskError()
    for file in files:
        try:
            found.append(Found(file, _facts_of(file, key)))
        except (BackupDamagedError, NobodyToOpenError) as error:
            problem = error
    if not found:
        raise problem
    line = max(found, key=lambda one: one.facts.made_at_ms).facts.lines
    of_line = [one for one in found if one.facts.lines == line]
    return max(of_line, key=lambda one: (one.facts.events, one.facts.made_at_ms))


def _private_key(way: WithKit | WithPassphrase) -> X25519PrivateKey:
    if isinstance(way, WithKit):
        return way.kit.private_key
    return way.unlocked.private_keys().sealing


def _facts_of(path: Path, key: X25519PrivateKey) -> BackupFacts:
    with _as_damage(), path.open("rb") as source:
        archive = _opened(plain_chunks(source, key))
        return _read_first(archive)


def _opened(chunks: Iterator[bytes]) -> tarfile.TarFile:
    return tarfile.open(fileobj=cast("IO[bytes]", _Chunks(chunks)), mode="r|")


def _read_first(archive: tarfile.TarFile) -> BackupFacts:
    member = archive.next()
    if member is None or member.name != FACTS or member.size > _LARGEST_FACTS:
        raise BackupDamagedError
    content = archive.extractfile(member)
    if content is None:
        raise BackupDamagedError
    return read_facts(content.read())


def _unpack(
    found: Found, key: X25519PrivateKey, path: Path, told: Callable[[int, int], None]
) -> None:
    """Write the store file, which stays encrypted under its own key, and compare it."""
    digest, size = hashlib.sha256(), 0
    with _as_damage(), found.path.open("rb") as source:
        chunks = plain_chunks(source, key)
        archive = _opened(chunks)
        member = archive.next() if _read_first(archive) == found.facts else None
        if member is None or (member.name, member.size) != (RECORDS, found.facts.size):
            raise BackupDamagedError
        content = archive.extractfile(member)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as target:
            while content is not None and (piece := content.read(_PIECE)):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
                told(size, found.facts.size)
        for _ in chunks:  # the last chunk alone says that nothing was cut off
            pass
    if (digest.hexdigest(), size) != (found.facts.sha256, found.facts.size):
        raise BackupDamagedError


@contextmanager
def _as_damage() -> Iterator[None]:
    """Turn what the container and the archive raise into the errors of a backup."""
    try:
        yield
    except NotForThisKeyError:
        raise NobodyToOpenError from None
    except (PackError, tarfile.TarError):
        raise BackupDamagedError from None


class _Chunks:
    """Plain chunks as a file that is read forward."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = bytearray()

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, fewer only at the end."""
        while len(self._held) < size:
            piece = next(self._chunks, b"")
            if not piece:
                break
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

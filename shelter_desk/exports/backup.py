"""A backup on a stick or in a folder: made, sealed, written, read back, and told to the records.

Two files, each sealed by age to the recovery kit and the directors:

- `B-<random>.age` holds a tar of `backup.json` (what it is, with the store's key) and `store.db`;
- `K-<records>.age` holds the keys of residents, one for each place and line of the records,
  replaced by every backup.

Beside them lies a text that says how to open them without this program. Why two: `store.backup`.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from shelter_desk.desk import CheckedCopy, Desk, backups, custody, trail_seals
from shelter_desk.desk.key_copies import former_keys_names, keep_key_copy, keys_name
from shelter_desk.domain.errors import DeskError
from shelter_desk.exports.age import AgeWriter, sealed_size
from shelter_desk.exports.copying import random_name
from shelter_desk.exports.files import as_drive_errors
from shelter_desk.exports.problems import code_of
from shelter_desk.exports.stick import PackDrive, Written
from shelter_desk.paths import resources

FACTS, RECORDS = "backup.json", "store.db"
READ_ME = "READ-ME-BACKUP.txt"
Progress = Callable[[int, int], None]
"""Told (bytes written, bytes to write)."""


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written and read back: where, of how many events, under which names.

    `former` names the keys parts beside it of before the records were brought back: they still
    open what is destroyed from then on.
    """

    written: Written
    events: int
    custody_id: str
    former: tuple[str, ...] = ()


def make_backup(desk: Desk, drive: PackDrive, told: Progress | None = None) -> BackupMade:
    """Make a backup of the records on a drive.

    Raises:
        DriveError: the drive did not take it; no new backup is there.
        BackupDamagedError: the records themselves do not pass their checks.
        NotPermittedError: only a director makes backups.
    """
    to = desk.ask(backups.recipients)
    begun = desk.do(custody.BeginExport("backup", "", "", "This shelter", "Backup")).subject
    try:
        desk.do(trail_seals.MakeCheckpoint("backup"))
        seal = desk.ask(trail_seals.seals)[0]
        with desk.copied() as copy:
            drive.clear_stale_parts()
            written = _written(drive, copy, to, told or _quiet)
        desk.do(custody.ExportDelivered(begun, written.sha256, written.size, seal.size, seal.root))
    except BaseException as error:
        # The failure must be told even when the record of it cannot be written.
        with suppress(DeskError):
            desk.do(custody.ExportFailed(begun, code_of(error)))
        raise
    keep_key_copy(desk.folder, copy.facts.vault_id, copy.facts.lines)
    return BackupMade(written, copy.facts.events, begun, _former(written, copy))


def delete_former_keys(desk: Desk, made: BackupMade) -> None:
    """Delete the keys parts beside a backup that are of before the records were brought back.

    The trail tells it before the first is gone. A memory stick may keep what was deleted until it
    is written over.

    Raises:
        DriveError: the drive does not let them go.
        NotPermittedError: only a director does this.
    """
    desk.do(backups.NoteKeysDeleted(made.former))
    with as_drive_errors(made.written.path.parent):
        for name in made.former:
            made.written.path.with_name(name).unlink(missing_ok=True)


def _former(written: Written, copy: CheckedCopy) -> tuple[str, ...]:
    names = former_keys_names(copy.facts.vault_id, copy.facts.lines)
    with suppress(OSError):  # the backup is whole, whatever the drive does now
        return tuple(name for name in names if written.path.with_name(name).exists())
    return ()


def _written(drive: PackDrive, copy: CheckedCopy, to: Iterable[bytes], told: Progress) -> Written:
    lock = tuple(to)
    key_part = copy.keys.to_bytes()
    read_me = (resources() / "backup" / READ_ME).read_bytes()
    total = copy.facts.size + len(key_part) + len(read_me)

    def records(target: BinaryIO) -> None:
        with AgeWriter(target, lock) as sealed:
            _archive(sealed, copy, told)

    def keys(target: BinaryIO) -> None:
        with AgeWriter(target, lock) as sealed:
            sealed.write(key_part)

    def text(target: BinaryIO) -> None:
        target.write(read_me)

    files = {
        f"B-{random_name()}.age": records,
        keys_name(copy.facts.vault_id, copy.facts.lines): keys,
        READ_ME: text,
    }
    return drive.write_files(files, sealed_size(total))[0]


def _archive(target: AgeWriter, copy: CheckedCopy, told: Progress) -> None:
    facts = copy.facts.to_bytes()
    stream = cast("IO[bytes]", target)
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(_member(FACTS, len(facts)), io.BytesIO(facts))
        with copy.path.open("rb") as source:
            counted = _Counted(source, copy.facts.size, told)
            archive.addfile(_member(RECORDS, copy.facts.size), cast("IO[bytes]", counted))


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Counted(io.RawIOBase):
    """Reads a file and says how far it is."""

    def __init__(self, source: BinaryIO, size: int, told: Progress) -> None:
        super().__init__()
        self._source, self._size, self._told = source, size, told
        self._done = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(size)
        self._done += len(piece)
        self._told(self._done, self._size)
        return piece


def _quiet(_done: int, _total: int) -> None:
    """Say nothing."""

"""A disk as it may legally be after the power was cut: replays recorded calls and forgets.

Promised by a disk: what was waited for (sync) is there. Everything else may be there, missing,
out of order, or torn at a sector. Names are changes of the folder and are waited for by a sync
of the folder; two models of file systems:

- "ordered": names change in order, and a sync of any file keeps all names before it (ext4, NTFS);
- "independent": each name by itself; a sync of a file says nothing about its name (POSIX).
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

_HEADER = struct.Struct("<cIqI")
ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Call:
    """One call that changed files: C create, W write, T truncate, S sync, U unlink, R rename.

    `name` is relative to the folder ("" is the folder itself).
    """

    kind: str
    name: str
    offset: int
    data: bytes


def read_calls(log: Path, folder: Path) -> list[Call]:
    """Return the calls that `file_calls.c` recorded, in order."""
    raw, at, calls = log.read_bytes(), 0, []
    while at < len(raw):
        kind, name_size, offset, data_size = _HEADER.unpack_from(raw, at)
        at += _HEADER.size
        name = raw[at : at + name_size].decode()
        data = raw[at + name_size : at + name_size + data_size]
        at += name_size + data_size
        calls.append(Call(kind.decode(), _inside(name, folder), offset, data))
    return calls


def _inside(name: str, folder: Path) -> str:
    inside = str(PurePath(name).relative_to(folder))
    return "" if inside == "." else inside


@dataclass(slots=True)
class File:
    """What is on the disk for sure, and the changes that were not waited for."""

    sure: bytearray
    waiting: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        """Keep every change."""
        for change in self.waiting:
            _apply(self.sure, change)
        self.waiting.clear()

    def after_a_cut(self, chance: random.Random, sector: int) -> bytes:
        """Return one legal state of the contents."""
        contents = bytearray(self.sure)
        for change, is_torn in _survivors(self.waiting, chance):
            if is_torn and change.kind == "W":
                _tear(contents, change, chance, sector)
            else:
                _apply(contents, change)
        return bytes(contents)


def _survivors(waiting: list[Call], chance: random.Random) -> Iterable[tuple[Call, bool]]:
    """Choose what reached the disk: nothing, all, a beginning, or a scatter; and what is torn."""
    mood = chance.random()
    if mood < 0.15:
        return []
    if mood < 0.3:
        return [(change, False) for change in waiting]
    if mood < 0.5:
        last = chance.randrange(len(waiting) + 1)
        return [(change, place == last - 1) for place, change in enumerate(waiting[:last])]
    share = chance.choice((0.2, 0.5, 0.8))
    return [(change, chance.random() < 0.3) for change in waiting if chance.random() < share]


def _apply(contents: bytearray, change: Call) -> None:
    end = change.offset + len(change.data)
    if change.kind == "T":
        del contents[change.offset :]
        end = change.offset
    contents.extend(bytes(max(0, end - len(contents))))
    if change.kind == "W":
        contents[change.offset : end] = change.data


def _tear(contents: bytearray, change: Call, chance: random.Random, sector: int) -> None:
    """Write each sector of the change, or leave it as it was."""
    end = change.offset + len(change.data)
    contents.extend(bytes(max(0, end - len(contents))))
    for start in range(change.offset // sector * sector, end, sector):
        first, last = max(start, change.offset), min(start + sector, end)
        if chance.random() < 0.5:
            contents[first:last] = change.data[first - change.offset : last - change.offset]


class Disk:
    """The folder: files, names now, names for sure, and the last acknowledged entry.

    Args:
        files: what is there and safe at the start.
        names_in_order: the "ordered" model.
        lies: the drive says "done" without having done it; nothing is waited for.
    """

    def __init__(
        self, files: dict[str, bytes], *, names_in_order: bool, lies: bool = False
    ) -> None:
        self._sure = {name: File(bytearray(data)) for name, data in files.items()}
        self._now = dict(self._sure)
        self._waiting: list[tuple[str, File | None]] = []
        self._in_order = names_in_order
        self._lies = lies
        self.told = b""

    def do(self, call: Call) -> None:
        """Make one call."""
        if call.name == ACKNOWLEDGED:
            self.told += call.data
        elif call.kind == "S":
            self._sync(call.name)
        elif call.kind == "C":
            self._name(call.name, File(bytearray()))
        elif call.kind == "U":
            self._name(call.name, None)
        elif call.kind == "R":
            self._name(PurePath(call.data.decode()).name, self._now[call.name])
            self._name(call.name, None)
        else:
            self._now[call.name].waiting.append(call)

    def _name(self, name: str, file: File | None) -> None:
        self._waiting.append((name, file))
        self._now.pop(name, None)
        if file is not None:
            self._now[name] = file

    def _sync(self, name: str) -> None:
        if self._lies:
            return
        if name:
            self._now[name].sync()
        if not name or self._in_order:
            self._sure, self._waiting = dict(self._now), []

    def after_a_cut(self, chance: random.Random, sector: int) -> dict[str, bytes]:
        """Return one legal folder (name -> contents) if the power went now."""
        names = dict(self._sure)
        if self._in_order:
            kept = self._waiting[: chance.randrange(len(self._waiting) + 1)]
        else:
            kept = [change for change in self._waiting if chance.random() < 0.5]
        for name, file in kept:
            names.pop(name, None)
            if file is not None:
                names[name] = file
        return {name: file.after_a_cut(chance, sector) for name, file in names.items()}

    def without_a_cut(self) -> dict[str, bytes]:
        """Return the folder as the programs see it."""
        for file in self._now.values():
            file.sync()
        return {name: bytes(file.sure) for name, file in self._now.items()}


def cuts(
    calls: list[Call], disk: Disk, states: int, chance: random.Random
) -> Iterator[tuple[dict[str, bytes], bytes]]:
    """Yield so many legal folders after cuts at random moments, and what was told till then."""
    moments = sorted(chance.randrange(1, len(calls) + 1) for _ in range(states))
    made = 0
    for moment in moments:
        for call in calls[made:moment]:
            disk.do(call)
        made = moment
        yield disk.after_a_cut(chance, chance.choice((512, 4096))), disk.told

"""The archive inside a pack: plain USTAR, the same bytes every time, and read with strict limits.

The reader accepts only what the writer makes (regular files with short, plain names), so nothing
in a hostile archive can reach outside the pack, hide behind another file or fill the memory.

Source: POSIX.1-1988 USTAR; padding: PADMÉ, Nikitin et al., "Reducing Metadata Leakage from
Encrypted Files and Communication with PURBs", 2019.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from shelter_desk.exports.age import Sink
from shelter_desk.exports.problems import ArchiveError

BLOCK = 512
MOST_FILES = 1_000
MOST_BYTES = 2 << 30
"""Largest total size in bytes of an archive: 2 GiB."""
LONGEST_PATH = 100
"""Longest path in characters; a longer one would need a second name field in the header."""

# Windows takes these names, with any ending, for devices: such a file cannot be unpacked there.
_DEVICE = r"(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$))"
_PART = rf"{_DEVICE}[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*"
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")
_NUMBER = re.compile(rb"[0-7]{11}\0")
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its path and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Streamed:
    """A file that is too long to hold: its pieces are made anew each time.

    `size` is in bytes, `sha256` (hex) of the whole.
    """

    size: int
    sha256: str
    pieces: Callable[[], Iterator[bytes]] = field(compare=False)

    def __len__(self) -> int:
        """Return the size in bytes."""
        return self.size


Content = bytes | Streamed
"""What a file of an archive holds."""


def is_safe_path(path: str) -> bool:
    """Say whether `path` may stand in a pack: relative, no "..", plain letters, not too long.

    Every system must be able to unpack it: no part of it is a name that Windows keeps for itself.
    """
    return len(path) <= LONGEST_PATH and _PATH.fullmatch(path) is not None


def padded_size(size: int) -> int:
    """Return the PADMÉ size for `size`: at most 12 % more, and few different sizes exist."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def archive_size(sizes: Iterable[int]) -> int:
    """Return the size in bytes of the padded archive that holds files of these sizes."""
    return padded_size(sum(BLOCK + _in_blocks(size) for size in sizes) + 2 * BLOCK)


def write_tar(files: Mapping[str, Content], target: Sink, *, modified: int) -> None:
    """Write the files in the given order, padded to a PADMÉ size.

    `modified` (seconds since 1970) is given to every file: a real time would tell when somebody
    worked, and zero makes stock tar complain.

    Raises:
        ArchiveError: a path that may not stand in a pack, or too much.
    """
    listed = _Listed()
    for path, content in files.items():
        listed.add(Member(path, len(content)))
    write_tar_as_made(files.items(), target, modified=modified)


def write_tar_as_made(
    files: Iterable[tuple[str, Content]], target: Sink, *, modified: int
) -> None:
    """Write files as they are made, so that no more than one of them is held; see `write_tar`.

    Raises:
        ArchiveError: as soon as a path may not stand in a pack, there is too much, or a file is
            not as long as it said.
    """
    listed = _Listed()
    for path, content in files:
        listed.add(Member(path, len(content)))
        target.write(_header(path, len(content), modified))
        _write_content(path, content, target)
        target.write(bytes(_in_blocks(len(content)) - len(content)))
    _write_zeros(target, listed.archive_size - listed.used)


def read_tar(chunks: Iterable[bytes]) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """Yield each member with its content in pieces; take all pieces before the next member.

    Raises:
        ArchiveError: anything but regular files with safe, different names, or hidden bytes.
    """
    stream = _Stream(chunks)
    listed = _Listed()
    while any(block := stream.take(BLOCK)):
        member = _read_header(block)
        listed.add(member)
        yield member, stream.pieces(member.size)
        if any(stream.take(_in_blocks(member.size) - member.size)):
            raise ArchiveError("There are bytes hidden between the files.")
    if not listed.used:
        raise ArchiveError("The pack is empty.")
    stream.expect_zeros_up_to(listed.archive_size)


class _Stream:
    """Takes exact amounts from chunks of any size."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._held = b""
        self.taken = 0

    def take(self, size: int) -> bytes:
        return b"".join(self.pieces(size))

    def pieces(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._held:
                self._fetch()
            piece, self._held = self._held[:size], self._held[size:]
            size -= len(piece)
            self.taken += len(piece)
            yield piece

    def _fetch(self) -> None:
        self._held = next(self._chunks, b"")
        if self.taken + len(self._held) > MOST_BYTES:
            raise ArchiveError("The pack is larger than an audit pack may be.")
        if not self._held:
            raise ArchiveError("The pack ends in the middle of a file.")

    def expect_zeros_up_to(self, whole: int) -> None:
        rest, size = self._held, self.taken
        while rest or (rest := next(self._chunks, b"")):
            size += len(rest)
            if any(rest):
                raise ArchiveError("There are bytes hidden after the last file.")
            rest = b""
        if size != whole:
            raise ArchiveError("The pack does not have the size its contents call for.")


class _Listed:
    """The files of an archive so far; refuses one that cannot stand beside them."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._folders: set[str] = set()
        self.used = 0

    @property
    def archive_size(self) -> int:
        """Return the size of the padded archive that holds these files."""
        return padded_size(self.used + 2 * BLOCK)

    def add(self, member: Member) -> None:
        # Windows and macOS take "A.csv" and "a.csv" for the same file, so they are the same here.
        name = member.path.lower()
        folders = {name[:at] for at, sign in enumerate(name) if sign == "/"}
        if len(self._names) == MOST_FILES:
            raise ArchiveError(f"The pack holds more than {MOST_FILES} files.")
        self.used += BLOCK + _in_blocks(member.size)
        if self.used > MOST_BYTES:
            raise ArchiveError("The pack is larger than an audit pack may be.")
        if name in self._names:
            raise ArchiveError(f"The file {member.path} is in the pack twice.")
        if name in self._folders or folders & self._names:
            words = f"The file {member.path} and another one cannot both be unpacked."
            raise ArchiveError(words)
        self._names.add(name)
        self._folders |= folders


def _header(path: str, size: int, modified: int) -> bytes:
    if not is_safe_path(path):
        raise ArchiveError(f"The name {path!a} may not stand in a pack.")
    block = bytearray(BLOCK)
    block[0 : len(path)] = path.encode()
    block[100:148] = b"0000600\0" + b"0000000\0" * 2 + b"%011o\0%011o\0" % (size, modified)
    block[148:157] = b"        0"  # the sum is taken with spaces in its own place
    block[257:265] = b"ustar\00000"
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def _read_header(block: bytes) -> Member:
    path = block[:LONGEST_PATH].rstrip(b"\0").decode("ascii", "backslashreplace")
    if not is_safe_path(path):
        raise ArchiveError(f"The name {path!a} may not stand in a pack.")
    numbers = (block[124:136], block[136:148])
    if not all(_NUMBER.fullmatch(number) for number in numbers):
        raise ArchiveError(f"The file {path} has no proper size.")
    size, modified = (int(number[:-1], 8) for number in numbers)
    # Only the one header the writer would make is taken: no links, no devices, no long names,
    # no owner names, and no second reading of the same bytes by another program.
    if block != _header(path, size, modified):
        raise ArchiveError(f"The entry {path} is not a plain file.")
    return Member(path, size)


def _write_content(path: str, content: Content, target: Sink) -> None:
    written = 0
    for piece in _pieces_of(content):
        written += len(piece)
        target.write(piece)
    if written != len(content):  # the header has promised another size
        raise ArchiveError(f"The file {path} changed while it was written.")


def _pieces_of(content: Content) -> Iterator[bytes]:
    if isinstance(content, Streamed):
        yield from content.pieces()
        return
    view = memoryview(content)
    for start in range(0, len(content), _PIECE):
        yield bytes(view[start : start + _PIECE])


def _in_blocks(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _write_zeros(target: Sink, size: int) -> None:
    for start in range(0, size, _PIECE):
        target.write(bytes(min(_PIECE, size - start)))

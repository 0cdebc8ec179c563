"""Witnesses: what the audit trail looked like, remembered outside of the store.

The cipher finds a changed byte, but not an older copy of the whole file put back, and not the
newest pages cut off. Only somebody who remembers the head of the trail does. `head.log` beside
the store is the nearest such memory; the system's keyring, backups, exports and paper are others.

Why `head.log` does not wait for the disk. A line is written after the store's own commit has
reached the disk, so the log may lag behind the store and never leads it: a power cut that eats
the last lines leaves a store that is ahead, which is normal, and never a false alarm. Waiting
would double the cost of every commit and prove nothing more, because a thief who can put back an
older store can put back an older log as well. A daemon thread waits for the disk instead, once
for all lines of a fifth of a second.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from shelter_desk.store.safe_file import replace_bytes, sync

HEAD_LOG = "head.log"
LARGEST_LOG = 1024 * 1024
_KEPT_AFTER_ROTATION = LARGEST_LOG // 2
_SYNC_PAUSE_SECONDS = 0.2
_VERSION = "1"
_CANNOT_WRITE = "The note of the audit trail beside the records cannot be written."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Witness:
    """That the trail had `size` entries and this `head` (32 bytes) at a moment (UTC).

    `source` says who remembers it, as the alarm names it: "head.log", "keyring", "backup ...".
    """

    size: int
    head: bytes
    at: datetime
    source: str = HEAD_LOG


def witness_line(witness: Witness, key: bytes) -> str:
    """Return the witness as one line of text, sealed with `Opened.witness_key`."""
    text = f"{_VERSION} {witness.size} {witness.head.hex()} {_to_ms(witness.at)}"
    return f"{text} {_mac(text, key)}"


def read_witness_line(line: str, key: bytes, source: str) -> Witness | None:
    """Return the witness, or None when the line is torn, foreign, or sealed with another key."""
    text, _, mac = line.rpartition(" ")
    if not mac.isascii() or not hmac.compare_digest(mac, _mac(text, key)):
        return None
    version, size, head, at_ms = text.split(" ")
    if version != _VERSION:
        return None
    return Witness(int(size), bytes.fromhex(head), _from_ms(int(at_ms)), source)


def _mac(text: str, key: bytes) -> str:
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def _sealing(key: bytes) -> hmac.HMAC:
    """Return what `_mac` works with, begun: to be copied for each line of a busy log."""
    return hmac.new(key, digestmod="sha256")


def _to_ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _from_ms(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Everything found, and how many lines could not be read (torn, or of another key)."""

    known: tuple[Witness, ...]
    unreadable: int = 0


def known_witnesses(folder: Path, key: bytes, others: Iterable[Witness] = ()) -> Witnesses:
    """Return what `head.log` in `folder` and the `others` remember, oldest line first.

    A missing log is an empty one. A torn last line (power cut while writing) is not counted as
    unreadable; anything else that does not carry the key's seal is.
    """
    with contextlib.suppress(FileNotFoundError):
        return _read_log((folder / HEAD_LOG).read_bytes(), key, tuple(others))
    return Witnesses(tuple(others))


def _read_log(data: bytes, key: bytes, others: tuple[Witness, ...]) -> Witnesses:
    *whole, _torn = data.decode("ascii", "replace").split("\n")
    lines = [line for line in whole if line]
    read = [read_witness_line(line, key, HEAD_LOG) for line in lines]
    known = tuple(witness for witness in read if witness is not None)
    return Witnesses(known + others, len(read) - len(known))


# Comparing


class Outcome(Enum):
    """What the comparison of a store with its witnesses says."""

    AGREES = "agrees"
    STORE_AHEAD = "store ahead"  # normal after a crash, and with older witnesses
    MISMATCH = "mismatch"
    NO_WITNESS = "no witness"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A witness the store contradicts. `missing` entries are gone; 0 means other contents."""

    witness: Witness
    missing: int


@dataclass(frozen=True, slots=True)
class WitnessReport:
    """What was compared. `ahead_by` counts entries after the newest witness."""

    outcome: Outcome
    checked: int
    ahead_by: int
    unreadable: int
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def is_alarm(self) -> bool:
        """Return whether the store must be opened read-only."""
        return self.outcome is Outcome.MISMATCH

    def sentences(self) -> tuple[str, ...]:
        """Return what each witness that disagrees says, the gravest first; at most a few."""
        worst_first = sorted(
            self.mismatches, key=lambda m: (m.missing, m.witness.size), reverse=True
        )
        told: dict[str, str] = {}
        for mismatch in worst_first:
            told.setdefault(mismatch.witness.source, _alarm(mismatch))
        return tuple(told.values())

    def sentence(self) -> str:
        """Return what to tell the person who looks after the records."""
        if self.mismatches:
            return self.sentences()[0]
        if self.outcome is Outcome.NO_WITNESS:
            return "Nothing outside of the records remembers how far the audit trail went."
        return f"The audit trail agrees with all {self.checked:,} earlier notes of it."


def _alarm(mismatch: Mismatch) -> str:
    witness = mismatch.witness
    noted = f"On {witness.at:%d %B %Y at %H:%M} UTC ({witness.source})"
    if mismatch.missing:
        return (
            f"{noted} the audit trail had {witness.size:,} entries. The newest "
            f"{mismatch.missing:,} of them are not in these records: they may be an older copy."
        )
    return f"{noted} entry {witness.size:,} of the audit trail was not what it is now."


def compare(
    size_in_store: int, head_at: Callable[[int], bytes | None], witnesses: Witnesses
) -> WitnessReport:
    """Return whether the store's trail is the one the witnesses remember.

    `head_at(n)` is the head after entry n in the store (n from 1), or None. Every witness is
    asked, not only the newest: a trail that was rewritten and then continued agrees with the
    newest ones.
    """
    mismatches = []
    for witness in witnesses.known:
        missing = max(0, witness.size - size_in_store)
        if missing or (witness.size and head_at(witness.size) != witness.head):
            mismatches.append(Mismatch(witness, missing))
    newest = max((witness.size for witness in witnesses.known), default=0)
    ahead_by = max(0, size_in_store - newest)
    return WitnessReport(
        _outcome(witnesses.known, mismatches, ahead_by),
        len(witnesses.known),
        ahead_by,
        witnesses.unreadable,
        tuple(mismatches),
    )


def _outcome(known: Sequence[Witness], mismatches: Sequence[Mismatch], ahead_by: int) -> Outcome:
    if mismatches:
        return Outcome.MISMATCH
    if not known:
        return Outcome.NO_WITNESS
    return Outcome.STORE_AHEAD if ahead_by else Outcome.AGREES


# Writing


class HeadLog:
    """The open `head.log`: append after every commit, close when the store closes.

    One owner (the store's), but `append` may come from any thread. A log that cannot be written
    must never make a saved entry look unsaved, nor keep the records shut, so neither `append` nor
    opening raises on a full or broken disk: `problem` says it.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self.problem = ""
        self._path = folder / HEAD_LOG
        self._key = key
        self._seal = _sealing(key)
        self._lock = threading.Lock()
        self._written = threading.Event()
        self._closing = threading.Event()
        self._descriptor, self._size = -1, 0
        try:
            self._descriptor, self._size = self._open()
        except FileNotFoundError:
            raise  # the folder is gone, and the records with it
        except OSError:
            self.problem = _CANNOT_WRITE  # the records open all the same; append tries again
        self._thread = threading.Thread(target=self._keep_synced, name="head.log", daemon=True)
        self._thread.start()

    def append(self, size: int, head: bytes, at: datetime) -> None:
        """Note that the store now has `size` entries and this head. Call after the commit."""
        text = f"{_VERSION} {size} {head.hex()} {_to_ms(at)}"
        with self._lock:
            seal = self._seal.copy()
            seal.update(text.encode())
            line = f"{text} {seal.hexdigest()}\n"
            try:
                self._write(line.encode())
                if self._size > LARGEST_LOG:
                    self._rotate()
            except OSError:
                self.problem = _CANNOT_WRITE
            else:
                self.problem = ""
        if not self._written.is_set():
            self._written.set()

    def renew(self, new_key: bytes) -> None:
        """Seal the newest lines again after a re-keying; lines of other keys are dropped.

        A log that somebody removed begins anew.

        Raises:
            OSError: when the disk refuses; the old log is then untouched.
        """
        with self._lock:
            known = known_witnesses(self._path.parent, self._key).known
            lines = "".join(witness_line(witness, new_key) + "\n" for witness in known)
            self._replace(lines.encode())
            self._key = new_key
            self._seal = _sealing(new_key)

    def start_anew(self) -> None:
        """Keep only the newest line: a director has looked at what the others contradict.

        That they looked is in the trail already, so a disk that refuses must not look like a
        refusal: the log is then as it was, and the alarm comes again at the next sign-in.
        """
        with self._lock:
            try:
                newest = self._path.read_bytes().rstrip(b"\n").rpartition(b"\n")[2]
                self._replace(newest + b"\n")
            except OSError:
                self.problem = _CANNOT_WRITE

    def close(self) -> None:
        """Stop the thread and wait for the disk once more. Closing twice is harmless."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._written.set()
        self._thread.join()
        self._sync()
        with self._lock:
            self._shut()

    def _open(self) -> tuple[int, int]:
        """Return descriptor and size; a torn last line is ended, so that ours stands alone."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags, 0o600)
        size = os.lseek(descriptor, 0, os.SEEK_END)
        if size:
            os.lseek(descriptor, size - 1, os.SEEK_SET)
            if os.read(descriptor, 1) != b"\n":
                size += os.write(descriptor, b"\n")
        return descriptor, size

    def _write(self, line: bytes) -> None:
        """Append in one call to the system, so that lines of a crash are whole or torn at the end.

        After a short write (full disk) the next line starts on a new one.
        """
        if self._descriptor < 0 and not self._closing.is_set():
            self._descriptor, self._size = self._open()
        if self.problem:
            line = b"\n" + line
        done = os.write(self._descriptor, line)
        self._size += done
        if done != len(line):
            raise OSError

    def _rotate(self) -> None:
        newest = self._path.read_bytes()[-_KEPT_AFTER_ROTATION:]
        self._replace(newest.partition(b"\n")[2])

    def _replace(self, data: bytes) -> None:
        """Put `data` in the place of the log and go on behind it."""
        self._shut()  # Windows does not replace a file that is open
        try:
            replace_bytes(self._path, data)
        finally:
            self._descriptor, self._size = self._open()

    def _shut(self) -> None:
        # The number is forgotten with the file: the system gives it to the next file opened.
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _keep_synced(self) -> None:
        while not self._closing.is_set():
            self._written.wait()
            self._closing.wait(_SYNC_PAUSE_SECONDS)  # gather the lines of a fifth of a second
            self._written.clear()
            self._sync()

    def _sync(self) -> None:
        """Wait for the disk on a descriptor of its own, so that `append` never waits for it."""
        with contextlib.suppress(OSError):
            with self._lock:
                mine = os.dup(self._descriptor)
            try:
                sync(mine)
            finally:
                os.close(mine)

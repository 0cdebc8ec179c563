"""Failed tries to sign in: the growing pause, and the sealed note that the audit trail gets later.

While nobody is signed in nothing can be written into the store. So a failed try is sealed to the
store's inbox key (its public half stands in the key file) and kept in `tries.json` beside it;
the next person who signs in opens the notes and writes them into the audit trail. The pauses slow
a person at the keyboard, not somebody who copied the files: against that stand the passphrase and
its derivation.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

from shelter_desk.domain.audit import canonical_json
from shelter_desk.store.keys.early import TRIES_FILE
from shelter_desk.store.keys.errors import SealBrokenError
from shelter_desk.store.keys.identity import Opened
from shelter_desk.store.keys.sealing import from_text, open_sealed, seal_to, to_text
from shelter_desk.store.keys.slot_format import SlotFile
from shelter_desk.store.keys.slots import inbox_private_key
from shelter_desk.store.safe_file import replace_bytes

PAUSES_SECONDS = (0, 0, 0, 5, 15, 60)
"""After the first, second ... failed try in a row; the last goes on for all later ones."""

_VERSION = 1
_KEPT = 200  # notes; what is dropped beyond is counted
_LARGEST_FILE = 256 * 1024
_LONGEST_ID = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INFO = b"/failed-try"


@dataclass(frozen=True, slots=True)
class FailedTry:
    """One failed try. `id` is random: an entry that is there already is not written twice.

    `staff_public_id` is who was chosen or typed; never what was typed as the passphrase.
    """

    id: str
    at: datetime
    staff_public_id: str


@dataclass(frozen=True, slots=True)
class Tries:
    """What the file holds: tries in a row, when the last was, sealed notes, notes dropped."""

    failures: int = 0
    last_at: datetime = _EPOCH
    sealed: tuple[bytes, ...] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class OpenedTries:
    """What the next person finds. `unreadable` notes were changed, or are of another key."""

    tries: tuple[FailedTry, ...]
    unreadable: int
    dropped: int


def pause_seconds(failures: int) -> int:
    """Return how long the sign-in window pauses after `failures` failed tries in a row."""
    if failures <= 0:
        return 0
    return PAUSES_SECONDS[min(failures, len(PAUSES_SECONDS)) - 1]


def still_to_wait(tries: Tries, now: datetime) -> timedelta:
    """Return the rest of the pause. Never more than a minute, even if the clock was put back."""
    pause = timedelta(seconds=pause_seconds(tries.failures))
    return min(pause, max(timedelta(), tries.last_at + pause - now))


def seconds_to_wait(folder: Path, now: datetime) -> int:
    """Return how long to wait before the next try, in whole seconds, rounded up."""
    return max(0, ceil(still_to_wait(read_tries(folder), now).total_seconds()))


def note_failure(folder: Path, slots: SlotFile, staff_public_id: str, now: datetime) -> Tries:
    """Add a failed try to the file in `folder` and return what it holds now.

    A file that cannot be written loses the note, never the chance to sign in.
    """
    before = read_tries(folder)
    note = {
        "id": secrets.token_hex(16),
        "at": _to_ms(now),
        "staff_id": staff_public_id[:_LONGEST_ID].encode("ascii", "replace").decode(),
    }
    sealed = seal_to(slots.inbox_key, canonical_json(note).encode(), slots.vault_id + _INFO)
    notes = (*before.sealed, sealed)
    after = Tries(
        failures=before.failures + 1,
        last_at=now,
        sealed=notes[-_KEPT:],
        dropped=before.dropped + max(0, len(notes) - _KEPT),
    )
    with contextlib.suppress(OSError):
        replace_bytes(folder / TRIES_FILE, _to_bytes(after))
    return after


def read_tries(folder: Path) -> Tries:
    """Return what the file holds; a missing or damaged file holds nothing."""
    try:
        with (folder / TRIES_FILE).open("rb") as file:
            return _from_bytes(file.read(_LARGEST_FILE))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Tries()


def open_tries(tries: Tries, opened: Opened) -> OpenedTries:
    """Return the notes, oldest first, for the audit trail. Then call `clear_tries`."""
    found = [_open(sealed, opened) for sealed in tries.sealed]
    readable = tuple(one for one in found if one is not None)
    return OpenedTries(readable, len(found) - len(readable), tries.dropped)


def clear_tries(folder: Path) -> None:
    """Forget the tries, once they are in the audit trail."""
    with contextlib.suppress(FileNotFoundError):
        (folder / TRIES_FILE).unlink()


def forgive(folder: Path) -> None:
    """End the pause after a right passphrase, and keep the notes until they are in the trail."""
    tries = read_tries(folder)
    if tries.failures:
        with contextlib.suppress(OSError):
            replace_bytes(folder / TRIES_FILE, _to_bytes(replace(tries, failures=0)))


def _open(sealed: bytes, opened: Opened) -> FailedTry | None:
    for _, dek in opened.epoch_keys:
        try:
            note = open_sealed(inbox_private_key(dek), sealed, opened.vault_id + _INFO)
            return _failed_try(json.loads(note))
        except (SealBrokenError, ValueError, KeyError, TypeError, OverflowError):
            continue
    return None


def _failed_try(note: dict[str, Any]) -> FailedTry:
    return FailedTry(str(note["id"]), _from_ms(note["at"]), str(note["staff_id"]))


def _to_bytes(tries: Tries) -> bytes:
    value = {
        "version": _VERSION,
        "failures": tries.failures,
        "last_at": _to_ms(tries.last_at),
        "sealed": [to_text(one) for one in tries.sealed],
        "dropped": tries.dropped,
    }
    return canonical_json(value).encode() + b"\n"


def _from_bytes(untrusted_data: bytes) -> Tries:
    value = json.loads(untrusted_data)
    sealed: Sequence[str] = value["sealed"][:_KEPT]
    tries = Tries(
        failures=value["failures"],
        last_at=_from_ms(value["last_at"]),
        sealed=tuple(from_text(one) for one in sealed),
        dropped=value["dropped"],
    )
    if _to_bytes(tries) != untrusted_data or min(tries.failures, tries.dropped) < 0:
        message = "not a file of failed tries"
        raise ValueError(message)
    return tries


def _to_ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _from_ms(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)

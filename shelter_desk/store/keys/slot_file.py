"""The key file on the disk: two copies beside the store, replaced whole, read with a fallback.

Losing this file loses the records, as a lost header loses an encrypted disk. So there are two
copies here, and every backup holds a third.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shelter_desk.store.keys.early import FIRST_COPY, LARGEST_FILE, SECOND_COPY, exists
from shelter_desk.store.keys.errors import SlotsDamagedError, SlotsMissingError
from shelter_desk.store.keys.slot_format import SlotFile, from_bytes, to_bytes
from shelter_desk.store.safe_file import replace_bytes, sweep

__all__ = [
    "FIRST_COPY",
    "SECOND_COPY",
    "SlotsRead",
    "exists",
    "read_slots",
    "write_slots",
]


@dataclass(frozen=True, slots=True)
class SlotsRead:
    """What was read, and in what state.

    `problem` is "" or a sentence for the person who looks after the records. When it is not "",
    write the file again (`write_slots`) once a passphrase has confirmed it. `other` is the second
    copy where it is whole and differs: a re-keying or a change was cut off between the two.
    """

    slots: SlotFile
    problem: str = ""
    other: SlotFile | None = None


def write_slots(folder: Path, slots: SlotFile) -> None:
    """Put both copies on the disk, one after the other.

    Raises:
        OSError: when the disk refuses; at least one whole copy, old or new, is there then.
    """
    data = to_bytes(slots)
    from_bytes(data)  # what could not be read back must never replace what can
    replace_bytes(folder / FIRST_COPY, data)
    replace_bytes(folder / SECOND_COPY, data)
    sweep(folder / FIRST_COPY)
    sweep(folder / SECOND_COPY)


def read_slots(folder: Path) -> SlotsRead:
    """Return the first copy, or the second where the first is missing or damaged.

    Raises:
        SlotsMissingError: when there is neither.
        SlotsDamagedError: when neither is whole.
    """
    if not exists(folder):
        raise SlotsMissingError
    first, second = _read(folder / FIRST_COPY), _read(folder / SECOND_COPY)
    if first is None:
        if second is None:
            raise SlotsDamagedError
        return SlotsRead(second, "The key file was damaged. Its second copy was used instead.")
    if second is None:
        return SlotsRead(first, "The second copy of the key file is damaged or missing.")
    if first != second:
        return SlotsRead(first, "The two copies of the key file differ.", second)
    return SlotsRead(first)


def _read(path: Path) -> SlotFile | None:
    """Return the copy, or None when it is not there or not whole."""
    try:
        with path.open("rb") as file:
            return from_bytes(file.read(LARGEST_FILE + 1))
    except (OSError, SlotsDamagedError):
        return None

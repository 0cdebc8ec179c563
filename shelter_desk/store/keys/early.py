"""What the way in shows of the key file before its window is painted, without cryptography.

Two copies that say the same, byte for byte, are whole unless somebody wrote both; that is found at
unlocking, when every part is checked. Anything else is read with all checks at once: `slot_file`.
"""

from __future__ import annotations

import json
from pathlib import Path

FIRST_COPY = "slots.json"
SECOND_COPY = "slots.bak"
TRIES_FILE = "tries.json"
LARGEST_FILE = 256 * 1024

Person = tuple[str, str]
"""Public id and the name that is shown."""


def exists(folder: Path) -> bool:
    """Return whether there is a key file, whole or not."""
    return (folder / FIRST_COPY).exists() or (folder / SECOND_COPY).exists()


def people(folder: Path) -> tuple[Person, ...]:
    """Return who may sign in; nobody where the key file must be read with all checks first."""
    try:
        first, second = (_bytes(folder / name) for name in (FIRST_COPY, SECOND_COPY))
        if first != second:
            return ()
        found = tuple((one["staff_id"], one["name"]) for one in json.loads(first)["staff"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
    return found if all(type(part) is str for one in found for part in one) else ()


def has_failed_tries(folder: Path) -> bool:
    """Tell whether somebody tried to sign in and failed, so that there may be a pause."""
    return (folder / TRIES_FILE).exists()


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)

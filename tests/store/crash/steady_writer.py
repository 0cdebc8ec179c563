"""A desk that saves entry after entry, run as a program of its own so that it can be killed.

    python steady_writer.py FOLDER ACKNOWLEDGE COUNT [create]

After each commit the entry's number is written to ACKNOWLEDGE (8 bytes): from then on the entry
may never be lost. COUNT 0 goes on for ever. In trouble it prints the code of the page that the
person would see and ends with 3.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from invented_trail import (
    add_draft,
    add_entry,
    chain,
    drop_drafts,
    keep_head_log,
    new_store,
    open_store,
)

from shelter_desk.domain.trouble import OutcomeUnknownError, TroubleError
from shelter_desk.store.database import Store

NUMBER_SIZE = 8
IN_TROUBLE = 3


def work(folder: Path, acknowledge: Path, count: int, *, create: bool) -> None:
    """Open (or make) the store, write `count` entries, close."""
    told = os.open(acknowledge, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    store = new_store(folder) if create else open_store(folder)
    os.write(told, bytes(NUMBER_SIZE))
    log = keep_head_log(store)
    for turn in itertools.count(1) if count == 0 else range(1, count + 1):
        seq = _save(store)
        os.write(told, seq.to_bytes(NUMBER_SIZE, "big"))
        if turn % 3 == 0:
            add_draft(store, f"{seq:08}" + "typing " * 2_000)
        if turn % 7 == 0:
            drop_drafts(store)
        if turn % 9 == 0:
            store.checkpoint()
    store.close()
    log.close()


def _save(store: Store) -> int:
    """Save an entry as the desk does: when the outcome is unknown, look what is really there."""
    try:
        return add_entry(store)
    except OutcomeUnknownError:
        store.reopen()
        return chain(store).count


def newest(data: bytes) -> int:
    """Return the newest entry acknowledged in `data`, or 0."""
    whole = len(data) // NUMBER_SIZE * NUMBER_SIZE
    return max(
        (int.from_bytes(data[i : i + NUMBER_SIZE], "big") for i in range(0, whole, NUMBER_SIZE)),
        default=0,
    )


if __name__ == "__main__":
    try:
        work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), create="create" in sys.argv)
    except TroubleError as trouble:
        print(trouble.code)
        sys.exit(IN_TROUBLE)

"""What is refused before anybody types a passphrase: by the folder and the file, without the key.

The window of the way in is shown after this, so it does without the driver of the database.
"""

from __future__ import annotations

from pathlib import Path

from shelter_desk.domain import trouble
from shelter_desk.store.disk_words import disk_in_words
from shelter_desk.store.place import refuse_read_only, refuse_unfit

STORE_NAME = "store.db"
_PLAIN_HEADER = b"SQLite format 3\0"


def refuse_early(folder: Path) -> None:
    """Refuse what can be refused before anybody types a passphrase. Creates nothing.

    Not while this program has the store open: see `refuse_unopened`.

    Raises:
        TroubleError: the kind says which page to show.
    """
    refuse_unopened(folder)
    refuse_plain(folder / STORE_NAME)


def refuse_unopened(folder: Path) -> None:
    """Refuse what can be told without opening the file.

    Closing any descriptor of a file gives up all the locks that this process holds on it (POSIX).
    A look into the file would therefore leave a store that is open here unlocked: a second
    program could open it at the same time, and the two would damage it.

    Raises:
        TroubleError: the kind says which page to show.
    """
    refuse_unfit(folder)
    path = folder / STORE_NAME
    with disk_in_words():
        if not path.is_file():
            raise trouble.MissingStoreError
        size = path.stat().st_size
        if size == 0:
            raise trouble.EmptyStoreError
        if size < len(_PLAIN_HEADER):
            # SQLite takes a file of one byte for an empty one and would begin a new store in it.
            raise trouble.DamagedStoreError
        refuse_read_only(folder)


def refuse_plain(path: Path) -> None:
    """Refuse a database without a cipher. Opens the file: see `refuse_unopened`.

    Raises:
        PlainStoreError: when it is one.
    """
    with disk_in_words(), path.open("rb") as file:
        if file.read(16) == _PLAIN_HEADER:
            raise trouble.PlainStoreError

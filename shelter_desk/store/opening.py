"""The open sequence: every refusal first, then the key, then the pragmas, in this order.

Source: security design, part 4.1. The order matters: `mode=rw` so that a missing file never
becomes a new empty store; the key before anything else; EXCLUSIVE before the first access to the
WAL, so that there is no shared-memory file and a second program is told the store is busy.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlcipher3 import dbapi2 as driver

from shelter_desk.domain import trouble
from shelter_desk.store.failures import in_words
from shelter_desk.store.refusing import STORE_NAME, refuse_early, refuse_plain, refuse_unopened

__all__ = [
    "APPLICATION_ID",
    "STORE_NAME",
    "connect",
    "mark_as_ours",
    "refuse_early",
    "refuse_foreign",
    "refuse_plain",
    "refuse_unopened",
]

APPLICATION_ID = 0x53444B31  # "SDK1"
_KEY_SHAPE = re.compile(r"\A[0-9a-f]{64}\Z")
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # without it REPLACE deletes rows past the delete triggers
    "trusted_schema = OFF",
    "secure_delete = ON",
    "cell_size_check = ON",
    "temp_store = MEMORY",
    "mmap_size = 0",
    "wal_autocheckpoint = 1000",
    "journal_size_limit = 8388608",
)
USUAL_KIB = 64 * 1024
"""How much of the file is held in memory where nothing else was asked for."""


def connect(path: Path, dek: bytes, *, create: bool = False) -> Any:  # noqa: ANN401 - DBAPI
    """Return a connection that is keyed, alone on its file and checked to hold the right key.

    Args:
        path: the store file.
        dek: 32 bytes.
        create: make the file; it must not exist yet.

    Raises:
        DamagedStoreError: when this key does not open it. The key came out of a slot with a tag
            of its own, so a wrong key cannot be the reason: the file is damaged.
        StoreInUseError: when another program has it open.
    """
    hexadecimal = dek.hex()
    if not _KEY_SHAPE.match(hexadecimal):
        # Any other length is silently taken as a passphrase: a store nobody could open again.
        raise ValueError("the store's key must be 32 bytes")
    if create and path.exists():
        raise trouble.StoreExistsError
    mode = "rwc" if create else "rw"
    with in_words():
        connection = driver.connect(
            f"file:{quote(path.as_posix())}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            timeout=0.2,
        )
        try:
            _unlock(connection, hexadecimal)
            _tune(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def rekeying(dek: bytes) -> str:
    """Return the statement that encrypts an open store under another key, 32 bytes."""
    hexadecimal = dek.hex()
    if not _KEY_SHAPE.match(hexadecimal):
        raise ValueError("the store's key must be 32 bytes")
    return f"PRAGMA rekey = \"x'{hexadecimal}'\""


def _unlock(connection: Any, hexadecimal: str) -> None:  # noqa: ANN401 - a DBAPI connection
    # Memory security stays off: measured, it made a logged entry six times as slow (170 page locks
    # each), and Python keeps copies of what was read all the same. Only the end of the process
    # clears memory, so a hard lock ends it (see app.Program.lock).
    connection.execute(f"PRAGMA key = \"x'{hexadecimal}'\"")
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if str(connection.execute("PRAGMA cipher_status").fetchone()[0]) != "1":
        raise trouble.PlainStoreError


def _tune(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    keep_pages(connection, USUAL_KIB)
    if sys.platform == "darwin":
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")
    if connection.execute("PRAGMA auto_vacuum").fetchone()[0] != 0:
        # With auto-vacuum SQLCipher takes an all-zero page for a good one.
        raise trouble.DamagedStoreError
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        raise trouble.DiskError


def keep_pages(connection: Any, kibibytes: int) -> None:  # noqa: ANN401 - a DBAPI connection
    """Keep at most so much of the file deciphered in memory."""
    connection.execute(f"PRAGMA cache_size = -{kibibytes:d}")


def mark_as_ours(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    """Write the application id into a new file."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def refuse_foreign(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    """Pass when the opened file is a Shelter Desk store.

    Raises:
        DamagedStoreError: when it opened but is something else.
    """
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise trouble.DamagedStoreError

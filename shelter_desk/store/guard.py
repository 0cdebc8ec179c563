"""What the program itself may not do to its own file: SQLite's authorizer as a seat belt.

Triggers stop ordinary statements; they do not stop DROP TRIGGER, writable_schema or ATTACH. The
authorizer is asked when a statement is prepared, so it costs nothing when statements are reused.
It guards against our own mistakes, not against somebody who holds the key.
"""

from __future__ import annotations

from typing import Any

from sqlcipher3 import dbapi2 as driver

_DENIED = frozenset(
    (
        driver.SQLITE_DROP_TABLE,
        driver.SQLITE_DROP_INDEX,
        driver.SQLITE_DROP_TRIGGER,
        driver.SQLITE_DROP_VIEW,
        driver.SQLITE_DROP_TEMP_TABLE,
        driver.SQLITE_DROP_TEMP_INDEX,
        driver.SQLITE_DROP_TEMP_TRIGGER,
        driver.SQLITE_DROP_TEMP_VIEW,
        driver.SQLITE_CREATE_TABLE,
        driver.SQLITE_CREATE_INDEX,
        driver.SQLITE_CREATE_TRIGGER,
        driver.SQLITE_CREATE_VIEW,
        driver.SQLITE_CREATE_TEMP_TABLE,
        driver.SQLITE_CREATE_TEMP_INDEX,
        driver.SQLITE_CREATE_TEMP_TRIGGER,
        driver.SQLITE_CREATE_TEMP_VIEW,
        driver.SQLITE_ALTER_TABLE,
        driver.SQLITE_ATTACH,
        driver.SQLITE_DETACH,
        driver.SQLITE_REINDEX,
    )
)
_ONLY_GROWS = frozenset(("audit_event", "audit_detail", "checkpoint"))
# Rewritten or dropped as a matter of course: typing in progress, and what is derived from records.
# Copies and keys that are lent for a time go with that time. Keys of residents, incidents and
# days of the house, and links to facts, go with a record that two people destroyed: their own
# guards see to that.
_MAY_DELETE = frozenset(
    (
        "draft",
        "due_item",
        "resident_index",
        "resident_word",
        "identity_mark",
        "note_place",
        "unmarked",
        "lent_copy",
        "opening_key",
        "resident_key",
        "incident_key",
        "house_day_key",
        "fact_link",
    )
)
# The index of words writes to the tables below it by itself, and looks whether the file changed.
_WORDS = "note_words"
_PRAGMAS = frozenset(
    (
        "query_only",
        "wal_checkpoint",
        "integrity_check",
        "quick_check",
        "foreign_key_check",
        "cipher_integrity_check",
        "page_count",
        "page_size",
        "freelist_count",
    )
)
_READ_ONLY_PRAGMAS = frozenset(
    (
        "user_version",
        "table_info",
        "journal_mode",
        "synchronous",
        "locking_mode",
        "foreign_keys",
        "recursive_triggers",
        "trusted_schema",
        "secure_delete",
        "cell_size_check",
        "temp_store",
        "data_version",
        "mmap_size",
        "auto_vacuum",
        "cipher_status",
        "application_id",
    )
)


def authorize(
    action: int, first: str | None, second: str | None, _database: str | None, _by: str | None
) -> int:
    """Say whether SQLite may prepare this step. The signature is SQLite's."""
    allowed: bool = (
        action not in _DENIED
        and _pragma_is_harmless(action, first, second)
        and _write_is_rightful(action, first)
    )
    return int(driver.SQLITE_OK if allowed else driver.SQLITE_DENY)


def _pragma_is_harmless(action: int, name: str | None, value: str | None) -> bool:
    if action != driver.SQLITE_PRAGMA:
        return True
    return (
        name in _PRAGMAS or (name in _READ_ONLY_PRAGMAS and value is None) or name == "table_info"
    )


def _write_is_rightful(action: int, table: str | None) -> bool:
    if action == driver.SQLITE_DELETE:
        return table in _MAY_DELETE or (table or "").startswith(_WORDS)
    if action == driver.SQLITE_UPDATE:
        return table not in _ONLY_GROWS and not (table or "").startswith("sqlite_")
    if action == driver.SQLITE_INSERT:
        return not (table or "").startswith("sqlite_")
    return True


def install(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    """Put the guard on, after migrations and before anybody works."""
    connection.set_authorizer(authorize)


def lift(connection: Any) -> None:  # noqa: ANN401 - a DBAPI connection
    """Take the guard off, for a backup (VACUUM INTO attaches the new file)."""
    connection.set_authorizer(None)

"""The two parts of a backup: a checked copy of the records, and the keys of residents apart.

Destroying one resident's keys must reach every backup, old ones too. Therefore:

- The **records part** is a whole, compact copy (`VACUUM INTO`; a plain copy of the file would miss
  what is still in the WAL and pass the page check all the same) without the rows of
  `resident_key`, `incident_key`, `house_day_key` and `fact_link`, and without what is derived or
  not part of the record (lists and search, `draft`). A new one is written by each backup; old
  ones may be kept for years.
- The **keys part** is small: the rows of `resident_key`, `incident_key`, `house_day_key` and
  `fact_link` (which facts of totals are whose), and birthdays worked out from a guessed age
  (nowhere else but in the index). There is one for each place and line of the records, replaced by
  each backup. A line begins when records are brought back: what was written after the backup they
  came from is unknown to them, so the keys part of the former line is left as it is, with all of
  its keys.
  The newest one opens all older records parts of its line, because keys are only ever added or
  destroyed, and a compartment's newest key reaches all its former ones: a records part carries
  the seals to kit and directors of its own day, and they open what was sealed until then.

Both are sealed to the recovery kit and the directors (see `exports.backup`); no slot of a
passphrase is in either. The records part carries the store's key, so that whoever may open it
needs nothing but SQLCipher.

Honest limits. A stick that lies in a drawer holds the keys of the day it was last used: an
erasure reaches it with the next backup to that stick, or with the stick's destruction. A stick may
keep replaced blocks that its electronics no longer show. The keys part of a former line keeps what
is destroyed after the records were brought back: whoever makes a backup beside one is told.
Whoever copied the keys part by hand has a copy. Without its keys part a records part opens, but no
resident's name or note in it does.
While the copy is made (0.8 s for 100 MB) nobody else at the desk can save.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.trouble import DamagedStoreError
from shelter_desk.store.checks import check_file
from shelter_desk.store.database import Store
from shelter_desk.store.failures import in_words
from shelter_desk.store.opening import STORE_NAME

FORMAT = "shelter-desk-backup"
VERSION = 1
_DERIVED = (
    "resident_index",
    "resident_word",
    "identity_mark",
    "note_place",
    "note_words",
    "unmarked",
)
_KEY_TABLES = ("resident_key", "incident_key", "house_day_key", "fact_link")
LEFT_OUT = (*_KEY_TABLES, "opening_key", "draft", *_DERIVED)
_TAKE_OUT = (
    "DELETE FROM resident_key",
    "DELETE FROM incident_key",
    "DELETE FROM house_day_key",
    "DELETE FROM fact_link",
    "DELETE FROM opening_key",
    "DELETE FROM unmarked",
    "DELETE FROM draft",
    "DELETE FROM resident_index",
    "DELETE FROM resident_word",
    "DELETE FROM identity_mark",
    "DELETE FROM note_place",
    "INSERT INTO note_words (note_words) VALUES ('delete-all')",
)
_COPIES = ".copy.*"
_BLOCK = 1 << 20
_HOUSE_DAY = "house_day"
_OWNERS = ("resident", "incident", _HOUSE_DAY)
_KEY_ROWS = (
    "SELECT {0}.public_id, k.id, k.event_id, k.compartment, k.generation, k.public, k.sealed"
    " FROM {0}_key AS k JOIN {0} ON {0}.id = k.{0}_id ORDER BY k.id"
)
_GUESSES = (
    "SELECT resident.public_id, born_on FROM resident_index JOIN resident"
    " ON resident.id = resident_id WHERE born_is_guess = 1 AND born_on IS NOT NULL"
)
_LINKS = (
    "SELECT resident.public_id, fact_link.event_id, link FROM fact_link JOIN resident"
    " ON resident.id = resident_id"
)
_BROUGHT_BACK = (
    "SELECT lower(hex(leaf)) FROM audit_event"
    " WHERE object = ? AND action = 'records.restore' ORDER BY id"
)
_LINK_BACK = (
    "INSERT INTO fact_link (event_id, resident_id, link)"
    " SELECT ?, resident.id, ? FROM resident WHERE resident.public_id = ?"
)
_PUT_BACK = (
    "INSERT INTO {0}_key (id, event_id, {0}_id, compartment, generation, public, sealed)"
    " SELECT ?, ?, {0}.id, ?, ?, ?, ? FROM {0} WHERE {0}.public_id = ?"
)

_KeyRow = tuple[str, int, int, str, int, str, str]
Trail = Callable[[Store], tuple[int, bytes]]
"""Walks the audit trail to its end; returns the number of events and the head."""


class BackupDamagedError(DeskError):
    """This backup is damaged or not whole. It was left as it is. Use another backup."""


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """What a records part says of itself. `store_key`, `head` and `sha256` are hexadecimal.

    `lines` are the leaves (hex) of the events by which records were brought back, oldest first.
    """

    vault_id: str
    made_at_ms: int
    events: int
    head: str
    size: int
    sha256: str
    rows: Mapping[str, int]
    store_key: str = field(repr=False)
    lines: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the facts as they stand in the backup."""
        return _spelt({"format": FORMAT, "version": VERSION, **asdict(self)})


@dataclass(frozen=True, slots=True)
class KeyPart:
    """The keys part.

    `rows` are, for "resident", "incident" and "house_day", (public id of that, id, event id,
    compartment, generation, public hex, sealed hex). `links` are resident's public id -> (event
    id, link).
    """

    vault_id: str
    events: int
    rows: Mapping[str, tuple[_KeyRow, ...]] = field(repr=False)
    links: Mapping[str, tuple[int, str]] = field(repr=False)
    guessed_birthdays: Mapping[str, str] = field(repr=False)

    def to_bytes(self) -> bytes:
        """Return the part as it stands in its file."""
        return _spelt({"format": f"{FORMAT}-keys", "version": VERSION, **asdict(self)})


@dataclass(frozen=True, slots=True)
class CheckedCopy:
    """A records part on the disk, still under the store's key, and what goes with it."""

    path: Path
    facts: BackupFacts
    keys: KeyPart


def read_facts(untrusted: bytes) -> BackupFacts:
    """Return the facts these bytes spell.

    Raises:
        BackupDamagedError: when they do not.
    """
    value = _read(untrusted, FORMAT)
    try:
        facts = BackupFacts(**{**value, "lines": tuple(value.get("lines", ()))})
        bytes.fromhex(facts.store_key + facts.head + facts.sha256 + facts.vault_id)
        bytes.fromhex("".join(facts.lines))
    except (TypeError, ValueError):
        raise BackupDamagedError from None
    return facts


def read_key_part(untrusted: bytes) -> KeyPart:
    """Return the keys part these bytes spell.

    Raises:
        BackupDamagedError: when they do not.
    """
    value = _read(untrusted, f"{FORMAT}-keys")
    try:
        told = {_HOUSE_DAY: (), **value["rows"]}  # an older edition had no keys of the house
        rows = {
            owner: tuple(
                (str(who), int(n), int(e), str(c), int(g), str(p), str(s))
                for who, n, e, c, g, p, s in told[owner]
            )
            for owner in _OWNERS
        }
        links = {str(who): (int(e), str(link)) for who, (e, link) in value["links"].items()}
        return KeyPart(**{**value, "rows": rows, "links": links})
    except (TypeError, ValueError, KeyError, AttributeError):
        raise BackupDamagedError from None


@contextmanager
def checked_copy(
    store: Store, vault_id: bytes, made_at_ms: int, trail: Trail
) -> Iterator[CheckedCopy]:
    """Yield a checked records part beside the store; it is gone when the block ends.

    Raises:
        BackupDamagedError: when the copy does not pass its checks.
        TroubleError: when the disk is full or fails.
    """
    sweep_copies(store.path.parent)
    making = store.path.parent / f".copy.{secrets.token_hex(4)}"
    with in_words():
        making.mkdir(mode=0o700)
    try:
        copy = making / STORE_NAME
        keys, rows = _copied(store, copy)
        events, head = _checked(store, copy, rows, trail)
        facts = BackupFacts(
            vault_id=vault_id.hex(),
            made_at_ms=made_at_ms,
            events=events,
            head=head.hex(),
            size=copy.stat().st_size,
            sha256=digest_of(copy),
            rows=rows,
            store_key=store.key_for_backup().hex(),
            lines=_lines(store, vault_id),
        )
        key_part = KeyPart(vault_id.hex(), events, keys, *_beside_keys(store))
        yield CheckedCopy(copy, facts, key_part)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _lines(store: Store, vault_id: bytes) -> tuple[str, ...]:
    with store.unguarded() as connection:
        return tuple(leaf for (leaf,) in connection.execute(_BROUGHT_BACK, (vault_id.hex(),)))


def sweep_copies(folder: Path) -> None:
    """Remove what a backup that was cut off left beside the records."""
    for leftover in folder.glob(_COPIES):
        shutil.rmtree(leftover, ignore_errors=True)


def put_keys_back(store: Store, facts: BackupFacts, keys: KeyPart) -> int:
    """Put residents' keys back into a restored records part; return how many there are now.

    Keys of residents who came after this backup are left out.

    Raises:
        BackupDamagedError: when the keys are of other records, or older than these.
    """
    if keys.vault_id != facts.vault_id or keys.events < facts.events:
        raise BackupDamagedError
    with store.unguarded() as connection, _without_triggers(connection, "INSERT"):
        for owner, row in [(one, row) for one in _OWNERS for row in keys.rows[one]]:
            public_id, row_id, event_id, compartment, generation, public, sealed = row
            if event_id <= facts.events:
                pair = (generation, bytes.fromhex(public), bytes.fromhex(sealed))
                values = (row_id, event_id, compartment, *pair, public_id)
                connection.execute(_PUT_BACK.format(owner), values)
        for public_id, (event_id, link) in keys.links.items():
            if event_id <= facts.events:
                connection.execute(_LINK_BACK, (event_id, link, public_id))
        return int(connection.execute("SELECT count(*) FROM resident_key").fetchone()[0])


def check_restored(store: Store, facts: BackupFacts, trail: Trail) -> None:
    """Pass when a restored records part is what its facts say.

    Raises:
        BackupDamagedError: when it is not.
    """
    # Opening brought the file up to date, and a migration may add rows or tables: that each row of
    # the original is there was compared when the copy was made, and its digest says it still is.
    if not all(finding.passed for finding in check_file(store)):
        raise BackupDamagedError
    if trail(store) != (facts.events, bytes.fromhex(facts.head)):
        raise BackupDamagedError


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal, read in blocks."""
    digest = hashlib.sha256()
    with in_words(), path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _copied(store: Store, copy: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Make the copy; return the keys that were left out, and table -> rows of the rest."""
    with store.unguarded() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        keys = {
            owner: tuple(
                (*named, public.hex(), sealed.hex())
                for *named, public, sealed in connection.execute(_KEY_ROWS.format(owner))
            )
            for owner in _OWNERS
        }
        rows = _row_counts(connection)
        connection.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    return keys, rows


def _beside_keys(store: Store) -> tuple[dict[str, tuple[int, str]], dict[str, str]]:
    """Return links and guessed birthdays, by the public id of the resident."""
    with store.unguarded() as connection:
        links = {who: (event, link) for who, event, link in connection.execute(_LINKS)}
        return links, dict(connection.execute(_GUESSES).fetchall())


def _checked(original: Store, copy: Path, rows: dict[str, int], trail: Trail) -> tuple[int, bytes]:
    """Take out what does not belong, then check the copy; return its events and head."""
    try:
        store = original.sibling(copy)
    except DamagedStoreError:
        raise BackupDamagedError from None
    try:
        with store.unguarded() as connection, _without_triggers(connection, "DELETE"):
            for statement in _TAKE_OUT:
                # Secure delete is on: what is taken out is overwritten, not only unlinked.
                connection.execute(statement)
        store.checkpoint()
        with store.unguarded() as connection:
            left = {name: _count(connection, name) for name in LEFT_OUT}
            same = _row_counts(connection) == rows and not any(left.values())
        if not same or not all(finding.passed for finding in check_file(store)):
            raise BackupDamagedError
        return trail(store)
    finally:
        store.close()


@contextmanager
def _without_triggers(connection: Any, kind: str) -> Iterator[None]:  # noqa: ANN401 - DBAPI
    """Change the tables of keys in one transaction without their guards of one kind of change."""
    found = connection.execute(
        "SELECT name, sql, tbl_name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    guards = [
        (name, sql) for name, sql, of in found if of in _KEY_TABLES and f"BEFORE {kind}" in sql
    ]
    connection.execute("BEGIN IMMEDIATE")
    try:
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _row_counts(connection: Any) -> dict[str, int]:  # noqa: ANN401 - a DBAPI connection
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'note_words_%'"
    ).fetchall()
    return {name: _count(connection, name) for (name,) in names if name not in LEFT_OUT}


def _count(connection: Any, table: str) -> int:  # noqa: ANN401 - a DBAPI connection
    counted = connection.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of a table
    return int(counted.fetchone()[0])


def _spelt(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _read(untrusted: bytes, kind: str) -> dict[str, Any]:
    try:
        value = json.loads(untrusted)
        right = (value.pop("format"), value.pop("version")) == (kind, VERSION)
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        right = False
    if not right:
        raise BackupDamagedError
    found: dict[str, Any] = value
    return found

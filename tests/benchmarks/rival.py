"""The rival: the same records in a bare driver, in the hands of somebody who knows SQLite well.

Equal on both sides: the records (a copy of the store), tables, indexes, triggers and foreign
keys; pragmas, page cache, prepared statements kept, WAL and `synchronous = FULL`. A write of the
rival is one transaction with the look-ups it needs, and inserts the very rows that the desk's
command wrote (they are read back from the desk's store, outside the time taken); the benchmark
ends by comparing the number of rows of every table. A question of the rival reads, with the best
SQL we know, what the page needs (also what tells who may see a line), and fetches it as tuples.

Only the desk does: permissions and checks, due dates, canonical JSON, salted leaf, chain head and
signature, sealing and opening of fields, the witness's line beside the store, values and their
order in the care model. What the proof alone costs by hand is in `proving.py`, and each command is
set against both: the bare rows, and the bare rows with their proof.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shelter_desk.store.opening import connect

Rows = list[tuple[Any, ...]]
SQL = tuple[str, tuple[Any, ...]]

_SUBJECT = """SELECT s.id, s.public_id, i.called, r.case_code, s.began_at FROM stay s
    JOIN resident r ON r.id = s.resident_id JOIN resident_index i ON i.resident_id = r.id"""
_HERE = f"{_SUBJECT} WHERE s.ended_at IS NULL"
_ONE = f"{_SUBJECT} WHERE s.id = ?"
_OPEN = """SELECT stay_id, item_id, occurrence, due_at, state FROM due_item
    WHERE due_at < ? ORDER BY due_at"""
_DONE = """SELECT a.public_id, a.stay_id, a.item_id, f.name, a.done_at, a.outcome,
    a.staff_id FROM item_answer a JOIN staff f ON f.id = a.staff_id
    WHERE a.done_at >= ? AND a.undone_at IS NULL ORDER BY a.done_at DESC, a.id DESC"""
_DEALT_WITH = """SELECT due_at, item_id FROM item_answer
    WHERE stay_id = ? AND undone_at IS NULL AND closed_at IS NOT NULL"""
_BEDS = "SELECT count(*) FROM bed WHERE is_active = 1"
_RECORD = """SELECT r.id, r.public_id, r.version, r.case_code, r.called_sealed, r.pronouns_sealed,
    r.language_sealed, r.good_to_know_sealed, r.legal_name_sealed, r.born_on_sealed, i.born_on,
    i.born_is_guess, b.name, b.public_id, s.version, s.began_at, s.ended_at, s.planned_exit_at,
    s.brought_by, s.exit_type, s.exit_destination, s.id FROM stay s
    JOIN resident r ON r.id = s.resident_id
    LEFT JOIN resident_index i ON i.resident_id = r.id LEFT JOIN bed b ON b.id = s.bed_id
    WHERE s.public_id = ?"""
_PAGE = (
    "SELECT service_id, status, reason, since FROM service_need WHERE stay_id = ?",
    "SELECT item_id, occurrence, due_at, state FROM due_item WHERE stay_id = ? ORDER BY due_at",
    """SELECT a.item_id, a.public_id, a.outcome, a.reason, f.name, a.role, a.done_at, a.entered_at,
    a.until, a.note_sealed, (SELECT count(*) FROM item_signature g WHERE g.answer_id = a.id),
    a.staff_id FROM item_answer a JOIN staff f ON f.id = a.staff_id
    WHERE a.stay_id = ? AND a.undone_at IS NULL ORDER BY a.item_id, a.done_at, a.id""",
    "SELECT phase, started_at FROM stay_phase WHERE stay_id = ? AND ended_at IS NULL",
    """SELECT a.done_at, a.item_id, a.outcome, f.name, a.staff_id, a.model_version
    FROM item_answer a JOIN staff f ON f.id = a.staff_id
    WHERE a.stay_id = ? AND a.undone_at IS NULL ORDER BY a.done_at DESC, a.id DESC LIMIT 100""",
    """SELECT e.given_at, e.service_id, e.minutes, f.name, e.staff_id
    FROM service_entry e JOIN staff f ON f.id = e.staff_id
    WHERE e.stay_id = ? AND e.withdrawn_at IS NULL ORDER BY e.given_at DESC LIMIT 100""",
    """SELECT occurred_at, code FROM stay_event WHERE stay_id = ? AND withdrawn_at IS NULL
    ORDER BY occurred_at DESC LIMIT 100""",
)
_FOUND = """SELECT r.public_id, s.public_id, i.called, r.case_code, s.ended_at
    FROM resident_index i
    JOIN resident r ON r.id = i.resident_id
    JOIN stay s ON s.id = (SELECT max(id) FROM stay WHERE resident_id = i.resident_id)"""
_BY_CODE = f"{_FOUND} WHERE r.case_code = ?"
_BY_NAME = f"{_FOUND} WHERE i.folded >= ? AND i.folded < ? ORDER BY i.folded LIMIT 20"
_WORDS = "FROM resident_word w JOIN resident_index i ON i.resident_id = w.resident_id"
_BY_WORD = f"""{_FOUND.replace("FROM resident_index i", _WORDS)}
    WHERE w.rest >= ? AND w.rest < ? ORDER BY w.rest LIMIT 80"""
_NOTES = """SELECT p.subject, p.place, p.staff_id, p.written_at, i.called, s.public_id
    FROM (SELECT rowid FROM note_words WHERE note_words MATCH ? ORDER BY rowid DESC LIMIT 2000) f
    JOIN note_place p ON p.id = f.rowid >> 1
    LEFT JOIN resident_index i ON i.resident_id = p.resident_id
    LEFT JOIN stay s ON s.id = p.stay_id ORDER BY f.rowid DESC"""
_ROSTER = """SELECT r.public_id, s.public_id, i.called, r.case_code, s.began_at, b.name, i.born_on,
    i.born_is_guess, (SELECT count(*) FROM due_item d WHERE d.stay_id = s.id AND d.due_at < ?),
    (SELECT count(*) FROM due_item d WHERE d.stay_id = s.id), i.folded
    FROM stay s JOIN resident r ON r.id = s.resident_id
    JOIN resident_index i ON i.resident_id = r.id LEFT JOIN bed b ON b.id = s.bed_id
    WHERE s.ended_at IS NULL"""
_COUNTS = (
    """SELECT s.id, s.resident_id, s.began_at, s.ended_at, i.born_on FROM stay s
    JOIN resident_index i ON i.resident_id = s.resident_id
    WHERE s.began_at < :until AND (s.ended_at IS NULL OR s.ended_at >= :since)""",
    """SELECT DISTINCT p.phase, s.resident_id FROM stay_phase p JOIN stay s ON s.id = p.stay_id
    WHERE p.started_at < :until AND (p.ended_at IS NULL OR p.ended_at >= :since)
    AND (s.ended_at IS NULL OR s.ended_at >= :since)""",
    """SELECT e.service_id, s.resident_id, count(*) FROM service_entry e
    JOIN stay s ON s.id = e.stay_id WHERE e.given_at >= :since AND e.given_at < :until
    AND e.withdrawn_at IS NULL GROUP BY e.service_id, s.resident_id""",
    """SELECT a.item_id, s.resident_id, count(*), sum(a.done_at <= a.due_at) FROM item_answer a
    JOIN stay s ON s.id = a.stay_id WHERE a.done_at >= :since AND a.done_at < :until
    AND a.undone_at IS NULL AND a.closed_at IS NOT NULL GROUP BY a.item_id, s.resident_id""",
)
_COPIED = ("item_answer", "item_signature", "service_entry")
_EVENT_COLUMNS = ("id", "text", "salt", "leaf", "head", "key_id", "signature")


@dataclass(frozen=True)
class Written:
    """What one command wrote, as a transaction by hand: look-ups, then statements."""

    lookups: tuple[SQL, ...]
    statements: tuple[SQL, ...]


def written(source: Any, stay: str, line: tuple[str, str] | None = None) -> Written:
    """Read back what the newest command wrote on a stay; `line`: item and occurrence of a tick."""
    (event,) = source.execute("SELECT max(id) FROM audit_event").fetchone()
    (key,) = source.execute("SELECT id FROM stay WHERE public_id = ?", (stay,)).fetchone()
    lookups: list[SQL] = [
        ("SELECT id, head FROM audit_event ORDER BY id DESC LIMIT 1", ()),
        ("SELECT id, resident_id, began_at FROM stay WHERE public_id = ?", (stay,)),
    ]
    made = [one for table in _COPIED for one in _inserts(source, table, "event_id", event)]
    if line is not None:
        of_line = "stay_id = ? AND item_id = ?"
        lookups.append(
            (f"SELECT due_at FROM due_item WHERE {of_line} AND occurrence = ?", (key, *line))
        )
        made.append((f"DELETE FROM due_item WHERE {of_line}", (key, line[0])))
        made += _inserts(source, "due_item", "stay_id", key, f" AND item_id = '{line[0]}'")
    made += _event(source, event)
    return Written(tuple(lookups), tuple(made))


def _event(source: Any, event: int) -> list[SQL]:
    return [
        *_inserts(source, "audit_detail", "event_id", event),
        *_inserts(source, "audit_event", "id", event),
    ]


def _inserts(source: Any, table: str, column: str, value: int, more: str = "") -> list[SQL]:
    names = _EVENT_COLUMNS if table == "audit_event" else columns(source, table)
    listed, marks = ", ".join(names), ", ".join("?" * len(names))
    rows = source.execute(f"SELECT {listed} FROM {table} WHERE {column} = ?{more}", (value,))
    return [(f"INSERT INTO {table} ({listed}) VALUES ({marks})", row) for row in rows.fetchall()]


def columns(source: Any, table: str) -> list[str]:
    """Return the stored columns of a table."""
    return [row[1] for row in source.execute(f"PRAGMA table_info({table})").fetchall()]


def tables(source: Any) -> list[str]:
    """Return the names of the tables."""
    found = source.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'note_words%'"
    )
    return [row[0] for row in found.fetchall()]


class Rival:
    """Bare SQL on one connection."""

    def __init__(self, name: str, connection: Any) -> None:
        self.name = name
        self.connection = connection

    def write(self, what: Written) -> None:
        """Do by hand what a command did: one transaction, as durable as the desk's."""
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        for sql, values in what.lookups:
            run(sql, values).fetchone()
        for sql, values in what.statements:
            run(sql, values)
        run("COMMIT")

    def catch_up(self, source: Any) -> None:
        """Take over the newest events of the trail, where they came alone."""
        (newest,) = source.execute("SELECT max(id) FROM audit_event").fetchone()
        ((known,),) = self.rows("SELECT max(id) FROM audit_event")
        for event in range(known + 1, newest + 1):
            self.write(Written((), tuple(_event(source, event))))

    def rows(self, sql: str, *values: object) -> Rows:
        """Return all rows."""
        found: Rows = self.connection.execute(sql, values).fetchall()
        return found

    def today(self, now_ms: int, midnight_ms: int) -> int:
        """Read what Today shows; return the number of open items and answers."""
        here = self.rows(_HERE)
        opened = self.rows(_OPEN, now_ms + 7 * 86_400_000)
        done = self.rows(_DONE, midnight_ms)
        self.rows(_BEDS)
        known = {row[0] for row in here} | {None}
        for key in {row[0] for row in opened} | {row[1] for row in done}:
            if key not in known:
                self.rows(_ONE, key)
        for row in here:
            if row[4] >= now_ms - 72 * 3_600_000:
                self.rows(_DEALT_WITH, row[0])
        return len(opened) + len(done)

    def resident_page(self, stay: str) -> int:
        """Read what the page of a resident shows; return the number of open items."""
        record = self.rows(_RECORD, stay)
        parts = [self.rows(sql, record[0][-1]) for sql in _PAGE]
        return len(parts[1])

    def search(self, text: str) -> int:
        """Read who is found by name or code; return how many."""
        found = self.rows(_BY_CODE, text.upper()) + self.rows(_BY_NAME, text, f"{text}\U0010ffff")
        return len(found)

    def palette(self, text: str) -> int:
        """Read who has a word in their name that begins so; return how many."""
        found = self.rows(_BY_WORD, text, f"{text}\U0010ffff")
        return min(len({row[0] for row in found}), 20)

    def notes(self, query: str) -> int:
        """Read the newest notes with these words, and their sealed texts; return how many."""
        found = self.rows(_NOTES, query)
        for subject, *_ in found[:20]:
            self.rows("SELECT note_sealed FROM service_entry WHERE public_id = ?", subject)
        return min(len(found), 20)

    def roster(self, now_ms: int) -> int:
        """Read who is here; return how many."""
        return len(self.rows(_ROSTER, now_ms))

    def counts(self, since_ms: int, until_ms: int) -> int:
        """Read the counts behind a summary; return the number of rows."""
        bounds = {"since": since_ms, "until": until_ms}
        return sum(len(self.connection.execute(sql, bounds).fetchall()) for sql in _COUNTS)

    def sizes(self) -> dict[str, int]:
        """Return table -> number of rows."""
        return {
            name: int(self.rows(f"SELECT count(*) FROM {name}")[0][0])
            for name in tables(self.connection)
        }


_SAME = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "secure_delete",
         "cell_size_check", "temp_store", "mmap_size", "wal_autocheckpoint", "journal_size_limit",
         "cache_size", "locking_mode")  # fmt: skip


def encrypted_rival(store: Path, dek: bytes) -> Rival:
    """Return a rival on a copy of the store, opened just as the desk opens it."""
    return Rival("sqlcipher3", connect(store, dek))


def plain_rival(path: Path, source: Any) -> Rival:
    """Return a rival without a cipher, with all that `source` holds. For invented people only."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    schema = source.execute(
        "SELECT type, sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'note_words%'"
    ).fetchall()
    _run(connection, [sql for kind, sql in schema if kind == "table"])
    source.execute("ATTACH DATABASE ? AS plain KEY ''", (str(path),))
    source.execute("PRAGMA foreign_keys = OFF")
    source.execute("BEGIN")
    for name in tables(source):
        listed = ", ".join(columns(source, name))
        source.execute(f"INSERT INTO plain.{name} ({listed}) SELECT {listed} FROM main.{name}")
    source.execute("COMMIT")
    source.execute("PRAGMA foreign_keys = ON")
    source.execute("DETACH DATABASE plain")
    _run(connection, [sql for kind, sql in schema if kind != "table"])
    # Not trusted_schema: the older sqlite3 of Python calls json_extract in an index unsafe.
    for name in _SAME:
        value = source.execute(f"PRAGMA {name}").fetchone()[0]
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    return Rival("sqlite3", connection)


def _run(connection: sqlite3.Connection, statements: Sequence[str]) -> None:
    for sql in statements:
        connection.execute(sql)

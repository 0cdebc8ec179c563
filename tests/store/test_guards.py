"""The audit trail only grows, and records change only with an event: tried in many ways of SQL.

Through the connection the program itself uses. What somebody with the key does with another
program is found by the chain and its witnesses (test_damage.py), not prevented here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3
from invented_trail import (
    add_draft,
    add_entry,
    chain,
    faults_found,
    new_store,
    open_store,
    seal_entry,
)
from sqlalchemy import column, select, table, text

from shelter_desk.domain import trouble
from shelter_desk.store import guard
from shelter_desk.store.database import Store
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.store.schema import metadata
from shelter_desk.store.sql import Statement

ENTRIES = 3

_SETTINGS = (
    "user_version",
    "application_id",
    "schema_version",
    "journal_mode",
    "locking_mode",
    "synchronous",
    "foreign_keys",
    "recursive_triggers",
    "trusted_schema",
    "secure_delete",
    "ignore_check_constraints",
    "writable_schema",
    "database_list",
)

_FORGED = (
    "(id, text, salt, leaf, head, key_id, signature) VALUES "
    "({}, '{{}}', zeroblob(16), zeroblob(32), zeroblob(32), 1, zeroblob(64))"
)

ATTACKS = [
    # changing what was written
    "UPDATE audit_event SET text = '{}' WHERE id = 2",
    "UPDATE audit_event SET head = zeroblob(32)",
    "UPDATE OR REPLACE audit_event SET id = 1 WHERE id = 2",
    "UPDATE OR IGNORE audit_event SET salt = zeroblob(16) WHERE id = 2",
    "UPDATE audit_event SET id = 9 WHERE id = 3",
    "UPDATE audit_detail SET body = x'00'",
    "WITH one AS (SELECT 2 AS n) UPDATE audit_event SET key_id = 7 WHERE id = (SELECT n FROM one)",
    "UPDATE audit_event SET key_id = staff.id FROM staff WHERE staff.id = audit_event.id",
    # taking away
    "DELETE FROM audit_event WHERE id = 3",
    "DELETE FROM audit_event",
    "DELETE FROM audit_detail",
    "DELETE FROM checkpoint",
    "DELETE FROM audit_event RETURNING id",
    # overwriting by inserting
    f"INSERT OR REPLACE INTO audit_event {_FORGED.format(3)}",
    f"REPLACE INTO audit_event {_FORGED.format(2)}",
    f"INSERT INTO audit_event {_FORGED.format(3)} ON CONFLICT (id) DO UPDATE SET text = '{{}}'",
    f"INSERT INTO audit_event {_FORGED.format(3)} ON CONFLICT DO UPDATE SET key_id = 2",
    "REPLACE INTO audit_detail (event_id, salt, body) VALUES (2, zeroblob(16), x'00')",
    ("INSERT INTO audit_detail (event_id, salt, body) VALUES (2, zeroblob(16), x'00') "
    "ON CONFLICT DO UPDATE SET body = x'00'"),
    # gaps, other orders, what does not fit
    f"INSERT INTO audit_event {_FORGED.format(9)}",
    f"INSERT INTO audit_event {_FORGED.format(0)}",
    f"INSERT INTO audit_event {_FORGED.format(-1)}",
    f"INSERT INTO audit_event {_FORGED.format('NULL')}",
    ("INSERT INTO audit_event (id, text, salt, leaf, head, key_id, signature) "
    "VALUES (4, '{}', x'00', zeroblob(32), zeroblob(32), 1, zeroblob(64))"),
    # a detail for an event that is long written
    "INSERT INTO audit_detail (event_id, salt, body) VALUES (1, zeroblob(16), x'00')",
    "INSERT INTO audit_detail (event_id, salt, body) VALUES (77, zeroblob(16), x'00')",
    # dropping the guards
    "DROP TRIGGER audit_event_no_update",
    "DROP TRIGGER IF EXISTS main.audit_event_no_delete",
    "DROP TABLE audit_event",
    "DROP INDEX audit_event_by_object",
    "ALTER TABLE audit_event RENAME TO former",
    "ALTER TABLE audit_event DROP COLUMN signature",
    "ALTER TABLE audit_event ADD COLUMN more TEXT",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_event BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TEMP TRIGGER mine BEFORE INSERT ON main.audit_event BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TEMP TABLE audit_event (id INTEGER)",
    "CREATE TEMP VIEW audit_event AS SELECT 1 AS id",
    "CREATE TABLE mine (a)",
    "CREATE VIRTUAL TABLE mine USING fts5(a)",
    "CREATE VIRTUAL TABLE temp.mine USING fts5(a)",
    "PRAGMA writable_schema = ON",
    "PRAGMA WRITABLE_SCHEMA(1)",
    "DELETE FROM sqlite_schema WHERE name = 'audit_event_no_update'",
    "UPDATE sqlite_master SET sql = '' WHERE name = 'audit_event_no_update'",
    "INSERT INTO sqlite_schema VALUES ('trigger', 'a', 'audit_event', 0, '')",
    # weakening the file or the connection
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA ignore_check_constraints = ON",
    "PRAGMA trusted_schema = ON",
    "PRAGMA synchronous = OFF",
    "PRAGMA main.synchronous = 0",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA locking_mode = NORMAL",
    "PRAGMA secure_delete = OFF",
    "PRAGMA user_version = 1",
    "PRAGMA application_id = 1",
    "PRAGMA schema_version = 1",
    "PRAGMA defer_foreign_keys = ON",
    "PRAGMA rekey = 'mine'",
    "PRAGMA key = 'mine'",
    "PRAGMA cipher_log = '/tmp/mine'",
    "PRAGMA cipher_migrate",
    # carrying it away
    "ATTACH ':memory:' AS mine",
    "ATTACH '/tmp/mine.db' AS mine KEY ''",
    "SELECT load_extension('mine')",
    "SELECT sqlcipher_export('main')",
]  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> bytes:
    """The bytes of a store with a few entries, closed."""
    folder = tmp_path_factory.mktemp("good")
    new_store(folder, ENTRIES).close()
    return (folder / STORE_NAME).read_bytes()


@pytest.fixture
def store(folder: Path, good: bytes) -> Iterator[Store]:
    (folder / STORE_NAME).write_bytes(good)
    opened = open_store(folder)
    yield opened
    opened.close()


def _run(store: Store, sql: str) -> None:
    """Run SQL as the program would, in a transaction unless that is refused too."""
    with store.writing() as writer:
        writer.change(Statement(text(sql.replace(":", "\\:"))))


def _contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return everything in the file: the schema with its guards, every row, the settings."""
    with store.unguarded() as connection:

        def rows(sql: str) -> list[tuple[object, ...]]:
            found: list[tuple[object, ...]] = connection.execute(sql).fetchall()
            return found

        tables = [str(row[0]) for row in rows("SELECT name FROM sqlite_schema WHERE type='table'")]
        asked = ["SELECT * FROM sqlite_schema", "SELECT * FROM sqlite_temp_schema"]
        asked += [f"SELECT * FROM {table}" for table in tables]
        asked += [f"PRAGMA {name}" for name in _SETTINGS]
        return {sql: rows(sql) for sql in asked}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_trail_and_its_guards_cannot_be_altered(store: Store, attack: str) -> None:
    before = _contents(store)
    with pytest.raises((sqlcipher3.Error, trouble.TroubleError)) as refused:
        _run(store, attack)
    assert _is_refusal(refused.value), refused.value
    assert _contents(store) == before
    assert chain(store).count == ENTRIES
    assert add_entry(store) == ENTRIES + 1


def _is_refusal(error: Exception) -> bool:
    """Tell a refusal by a guard from a mere mistake in the SQL."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_ERROR":
        return str(error) == "not authorized" or "may not be modified" in str(error)
    return name.startswith(("SQLITE_AUTH", "SQLITE_CONSTRAINT"))


@pytest.mark.parametrize("sql", ["VACUUM", "VACUUM INTO '{}/mine.db'", "VACUUM main"])
def test_the_file_cannot_be_copied_or_rebuilt_past_the_guard(
    store: Store, folder: Path, sql: str
) -> None:
    with store.unguarded() as connection:
        guard.install(connection)  # the guard alone, without the transaction that refuses it too
        with pytest.raises(sqlcipher3.Error) as refused:
            connection.execute(sql.format(folder))
    assert refused.value.sqlite_errorname == "SQLITE_AUTH"
    assert not (folder / "mine.db").exists()


def test_many_different_ways_were_tried() -> None:
    print(f"{len(ATTACKS)} ways tried")
    assert len(set(ATTACKS)) == len(ATTACKS) >= 60


# Inside of a reading connection


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM draft",
        (
            "INSERT INTO draft (staff_id, form, subject, body_sealed, saved_at)"
            " VALUES (1, 'a', 'b', x'00', 1)"
        ),
        "UPDATE staff SET name = 'other', event_id = 4",
        "UPDATE due_item SET due_at = 1",
    ],
)
def test_a_question_cannot_write(store: Store, sql: str) -> None:
    add_draft(store, "typed before")
    before = _contents(store)
    with store.reading() as reader, pytest.raises(TypeError, match="only selects"):
        reader.rows(Statement(text(sql)))
    assert _contents(store) == before


def test_what_a_question_writes_past_its_door_is_taken_back(store: Store) -> None:
    add_draft(store, "typed before")
    before = _contents(store)
    with store.reading(), store.unguarded() as connection:
        assert connection.execute("DELETE FROM draft").rowcount == 1
    assert _contents(store) == before
    assert add_entry(store) == ENTRIES + 1


def test_an_error_in_a_question_does_not_leave_the_store_read_only(store: Store) -> None:
    with pytest.raises(sqlcipher3.Error), store.reading() as reader:
        reader.rows(Statement(select(column("nothing")).select_from(table("nowhere"))))
    assert add_entry(store) == ENTRIES + 1


# No change of a record without an event

_RECORDED = sorted(
    table.name
    for table in metadata.sorted_tables
    if "event_id" in table.c and table.name != "audit_detail"
)


def test_every_recorded_table_has_its_three_guards(store: Store) -> None:
    with store.unguarded() as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        names = {row[0] for row in found.fetchall()}
    wanted = {
        f"{table}_{rule}"
        for table in _RECORDED
        for rule in ("needs_event", "needs_new_event", "no_delete")
    }
    print(f"{len(_RECORDED)} recorded tables, {len(names)} triggers")
    assert len(_RECORDED) >= 15
    assert wanted <= names


def test_a_row_cannot_arrive_under_an_event_that_is_written(store: Store) -> None:
    add = (
        "INSERT INTO staff (public_id, event_id, name, roles, began_at) "
        "VALUES ('stf-x', {}, 'River', '', 1)"
    )
    for event in range(ENTRIES + 1):
        with pytest.raises(sqlcipher3.IntegrityError, match="needs an audit event"):
            _run(store, add.format(event))


def test_a_row_cannot_arrive_under_an_event_that_never_comes(store: Store) -> None:
    add = (
        "INSERT INTO staff (public_id, event_id, name, roles, began_at) "
        "VALUES ('stf-x', {}, 'River', '', 1)"
    )
    for event in (ENTRIES + 1, ENTRIES + 2, 1_000):
        with pytest.raises(sqlcipher3.IntegrityError, match="FOREIGN KEY"):
            _run(store, add.format(event))
    assert chain(store).count == ENTRIES


@pytest.mark.parametrize("event", ["event_id", *range(-1, ENTRIES + 1)])
def test_a_row_cannot_change_under_an_event_that_is_written(
    store: Store, event: int | str
) -> None:
    for row in range(1, ENTRIES + 1):
        with pytest.raises(sqlcipher3.IntegrityError, match="needs an audit event"):
            _run(store, f"UPDATE staff SET name = 'other', event_id = {event} WHERE id = {row}")


def test_a_row_cannot_change_under_an_event_that_never_comes(store: Store) -> None:
    before = _contents(store)
    with pytest.raises(sqlcipher3.IntegrityError, match="FOREIGN KEY"):
        _run(store, f"UPDATE staff SET name = 'other', event_id = {ENTRIES + 1} WHERE id = 1")
    assert _contents(store) == before


def test_a_row_changes_with_a_new_event_more_than_once_in_a_command(store: Store) -> None:
    head = chain(store).head
    with store.writing() as writer:
        for name in ("Ash", "Ash R."):
            sql = f"UPDATE staff SET name = '{name}', event_id = {ENTRIES + 1} WHERE id = 1"
            assert writer.change(Statement(text(sql))) == 1
        seal_entry(writer, ENTRIES + 1, head)
    assert chain(store).count == ENTRIES + 1


# Keys go with a record that two people destroyed: their own guards refuse every other way.
_DESTROYED = {"resident_key", "incident_key", "house_day_key", "fact_link"}


@pytest.mark.parametrize("table", sorted(set(_RECORDED) - _DESTROYED))
def test_no_record_can_be_deleted(store: Store, table: str) -> None:
    with pytest.raises(sqlcipher3.DatabaseError) as refused:
        _run(store, f"DELETE FROM {table}")
    assert refused.value.sqlite_errorname == "SQLITE_AUTH"


@pytest.mark.parametrize(
    "sql",
    [
        (
            "REPLACE INTO staff (public_id, event_id, name, roles, began_at) "
            "VALUES ('stf-1', 4, 'River', '', 1)"
        ),
        "UPDATE OR REPLACE staff SET public_id = 'stf-1', event_id = 4 WHERE id = 2",
        "UPDATE OR REPLACE staff SET id = 1, event_id = 4 WHERE id = 2",
    ],
)
def test_replacing_cannot_delete_a_record_either(store: Store, sql: str) -> None:
    with pytest.raises(sqlcipher3.IntegrityError, match="ended, not deleted"):
        _run(store, sql)


# The guards stay


def test_the_guards_survive_reopening(folder: Path) -> None:
    new_store(folder, ENTRIES).close()
    store = open_store(folder)
    _must_be_guarded(store)
    store.reopen()
    _must_be_guarded(store)
    store.close()


def test_lifting_the_guard_puts_it_back(store: Store) -> None:
    with store.unguarded() as connection:
        connection.execute("PRAGMA cipher_version").fetchall()
    _must_be_guarded(store)


def test_an_error_without_the_guard_puts_it_back(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.unguarded():
        _ = 1 / 0
    _must_be_guarded(store)


def test_nobody_else_works_while_the_guard_is_lifted(store: Store) -> None:
    done = threading.Event()

    def work() -> None:
        add_entry(store)
        done.set()

    with store.unguarded():
        other = threading.Thread(target=work)
        other.start()
        assert not done.wait(0.2)
    other.join(5)
    assert done.is_set()


def test_triggers_stop_changes_even_without_the_guard(store: Store) -> None:
    with store.unguarded() as connection:
        for sql in _ON_FULL_TABLES:
            with pytest.raises(sqlcipher3.IntegrityError):
                connection.execute(sql)
    assert chain(store).count == ENTRIES
    assert faults_found(store) == []


_ON_FULL_TABLES = [sql for sql in ATTACKS[:20] if "checkpoint" not in sql]


def _must_be_guarded(store: Store) -> None:
    for attack in ("DROP TRIGGER audit_event_no_update", "PRAGMA writable_schema = ON"):
        with pytest.raises(sqlcipher3.DatabaseError) as refused:
            _run(store, attack)
        assert refused.value.sqlite_errorname == "SQLITE_AUTH"
    for attack in ATTACKS[:20]:
        with pytest.raises(sqlcipher3.DatabaseError):
            _run(store, attack)

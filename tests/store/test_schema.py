"""The tables as Python names them, and the scripts that make them, are those of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented_trail import EMPTY_HEAD, chain, new_store

from shelter_desk.store.database import Store
from shelter_desk.store.migrate import packaged_scripts
from shelter_desk.store.schema import metadata


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    made = new_store(folder)
    yield made
    made.close()


def test_the_schema_in_python_is_the_one_in_the_file(store: Store) -> None:
    with store.unguarded() as connection:
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
            " AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        columns = {
            name: {
                (row[1], row[2], bool(row[5]))
                for row in connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
            }
            for (name,) in tables
        }
    in_python = {
        table.name: {
            (column.name, _type_in_sql(column), column.primary_key) for column in table.columns
        }
        for table in metadata.sorted_tables
    }
    assert in_python == columns
    assert len(columns) >= 20


# Nobody changes a row of these over what somebody else changed: they hold keys, added and dropped;
# the trail, which only grows; what is computed from other rows; and one’s own typing.
UNVERSIONED = {
    "audit_detail", "audit_event", "checkpoint",
    "compartment_key", "compartment_seal", "fact_link", "house_day_key", "incident_key",
    "lent_copy", "opening_key", "resident_key", "staff_key", "unmarked",
    "due_item", "identity_mark", "note_place", "resident_index", "resident_word",
    "draft",
}  # fmt: skip


def test_every_record_that_two_people_can_change_has_a_version(store: Store) -> None:
    with store.unguarded() as connection:
        without = {
            name
            for name in metadata.tables
            if not any(
                row[1] == "version"
                for row in connection.execute(f"PRAGMA table_xinfo({name})").fetchall()
            )
        }
    assert without == UNVERSIONED


def _type_in_sql(column) -> str:
    return {"LargeBinary": "BLOB"}.get(type(column.type).__name__) or str(column.type)


def test_every_table_is_strict_and_every_script_is_numbered(store: Store) -> None:
    scripts = packaged_scripts()
    versions = [script.version for script in scripts]
    assert versions == sorted(set(versions)), "gaps are for numbers that others have taken"
    made = re.findall(r"CREATE TABLE (\w+)", "".join(script.sql for script in scripts))
    with store.unguarded() as connection:
        strict = {row[1] for row in connection.execute("PRAGMA table_list") if row[5]}
    assert set(made) <= strict


def test_the_head_before_the_first_entry_is_empty(folder: Path) -> None:
    store = new_store(folder)
    assert (chain(store).count, chain(store).head) == (0, EMPTY_HEAD)
    store.close()

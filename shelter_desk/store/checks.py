"""Every check of a store file, each by name. All rows of every answer are read, not the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shelter_desk.store.database import Store

TRIGGERS_LOST = "guards are missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, whether it passed, and what was found."""

    check: str
    passed: bool
    detail: str


def check_file(store: Store) -> tuple[Finding, ...]:
    """Return what the file's own checks say: pages, structure, links between rows, guards."""
    with store.unguarded() as connection:
        return (
            _answers(connection, "Every page is whole", "PRAGMA cipher_integrity_check", ()),
            _answers(connection, "The structure is sound", "PRAGMA integrity_check", ("ok",)),
            _answers(connection, "Rows belong together", "PRAGMA foreign_key_check", ()),
            _guards(connection),
            _settings(connection),
        )


def _answers(
    connection: Any,  # noqa: ANN401 - a DBAPI connection
    name: str,
    pragma: str,
    good: tuple[str, ...],
) -> Finding:
    rows = [str(row[0]) for row in connection.execute(pragma).fetchall()]
    bad = [row for row in rows if row not in good]
    return Finding(name, not bad, f"{len(bad)} problems" if bad else "ok")


def _guards(connection: Any) -> Finding:  # noqa: ANN401 - a DBAPI connection
    found = {
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='trigger'")
    }
    tables = {
        name
        for (name, sql) in connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type='table'"
        )
        if sql and " event_id " in sql and name not in ("audit_detail",)
    }
    wanted = {f"{table}_{guard}" for table in tables for guard in ("needs_event", "no_delete")}
    wanted |= {"audit_event_no_update", "audit_event_no_delete", "audit_event_in_order"}
    missing = sorted(wanted - found)
    return Finding("The guards stand", not missing, ", ".join(missing) or f"{len(found)} guards")


def _settings(connection: Any) -> Finding:  # noqa: ANN401 - a DBAPI connection
    wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "cipher_status": "1"}
    found = {name: str(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in wanted}
    wrong = [name for name, value in wanted.items() if found[name] != value]
    return Finding("It is encrypted and saves safely", not wrong, ", ".join(wrong) or "ok")

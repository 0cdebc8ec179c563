"""Every check of a store file, each by name. All rows of every answer are read, not the first."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlcipher3 import dbapi2 as driver

from shelter_desk.store.database import Store
from shelter_desk.store.migrate import migrate, packaged_scripts


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
    # Letter by letter: a guard that still has its name may have been told to let things pass.
    found, wanted = _triggers(connection), _shipped_triggers()
    wrong = sorted(name for name, sql in wanted.items() if found.get(name) != sql)
    strange = sorted(found.keys() - wanted.keys())
    detail = ", ".join((*wrong, *strange)) or f"{len(wanted)} guards"
    return Finding("The guards stand", not wrong and not strange, detail)


def _triggers(connection: Any) -> dict[str, str]:  # noqa: ANN401 - a DBAPI connection
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    return {name: " ".join(sql.split()) for name, sql in rows.fetchall()}


@cache
def _shipped_triggers() -> dict[str, str]:
    """Return name -> text of every guard, as the scripts of this program make them."""
    with closing(driver.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, packaged_scripts())
        return _triggers(connection)


def _settings(connection: Any) -> Finding:  # noqa: ANN401 - a DBAPI connection
    wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "cipher_status": "1"}
    found = {name: str(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in wanted}
    wrong = [name for name, value in wanted.items() if found[name] != value]
    return Finding("It is encrypted and saves safely", not wrong, ", ".join(wrong) or "ok")

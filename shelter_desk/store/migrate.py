"""Bring an encrypted file up to date: numbered SQL scripts and PRAGMA user_version.

Each script and its version number are one transaction, so a file is always exactly at one version.
Scripts are frozen once released and never import Python. When a table must be rebuilt: create new,
copy, drop, rename, and create its triggers again; dropping a table drops its guards silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from shelter_desk.domain.trouble import NewerStoreError


@dataclass(frozen=True, slots=True)
class Script:
    """One step. `version` is the number its file name begins with."""

    version: int
    name: str
    sql: str


@cache  # asked for at each opening, and the same as long as the program runs
def packaged_scripts() -> tuple[Script, ...]:
    """Return the shipped scripts in order."""
    folder = files("shelter_desk.store") / "migrations"
    found = sorted((file.name, file) for file in folder.iterdir() if file.name[:4].isdigit())
    return tuple(Script(int(name[:4]), name, file.read_text("utf-8")) for name, file in found)


def migrate(connection: Any, scripts: Sequence[Script]) -> int:  # noqa: ANN401 - a DBAPI connection
    """Run what is missing and return the version reached.

    Args:
        connection: a DBAPI connection in autocommit, already unlocked with its key.
        scripts: in ascending order of version.

    Raises:
        NewerStoreError: when the file is ahead of this program. Nothing is written.
    """
    at: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if at > scripts[-1].version:
        raise NewerStoreError
    for script in scripts:
        if script.version > at:
            _run(connection, script)
            at = script.version
    return at


def _run(connection: Any, script: Script) -> None:  # noqa: ANN401 - a DBAPI connection
    # executescript commits what is open before it starts, so the transaction stands in the text.
    text = f"BEGIN IMMEDIATE;\n{script.sql}\nPRAGMA user_version = {script.version};\nCOMMIT;"
    try:
        connection.executescript(text)
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise

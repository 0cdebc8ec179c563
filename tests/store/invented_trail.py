"""A tiny writer of audited rows, and a judge of what a store holds afterwards.

Each entry of the trail adds one invented member of staff, one detail and one event, so that what
a store should hold follows from one number: how many entries were acknowledged.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from shelter_desk.domain.audit import (
    EMPTY_HEAD,
    SALT_BYTES,
    AuditEvent,
    ChainReport,
    ChainRow,
    detail_digest,
    leaf_hash,
    next_head,
    verify_chain,
)
from shelter_desk.domain.errors import ChainBrokenError
from shelter_desk.domain.trouble import TroubleError
from shelter_desk.store.database import Store, Writer
from shelter_desk.store.opening import STORE_NAME
from shelter_desk.store.schema import audit_detail, audit_event, draft, staff
from shelter_desk.store.sql import Statement, insert_into
from shelter_desk.store.witness import HeadLog, compare, known_witnesses

DEK = bytes(range(32))
WITNESS_KEY = bytes(range(32, 64))
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)

_NEWEST = Statement(
    select(audit_event.c.id, audit_event.c.head).order_by(audit_event.c.id.desc()).limit(1)
)
_EVENTS = Statement(
    select(
        audit_event.c.id,
        audit_event.c.actor,
        audit_event.c.leaf,
        audit_event.c.head,
        audit_event.c.signature,
        audit_event.c.salt,
        audit_event.c.text,
        audit_detail.c.salt,
        audit_detail.c.body,
    )
    .join(audit_detail, audit_detail.c.event_id == audit_event.c.id, isouter=True)
    .order_by(audit_event.c.id)
)
_PEOPLE = Statement(
    select(staff.c.event_id, staff.c.name, audit_detail.c.body)
    .join_from(staff, audit_detail, staff.c.event_id == audit_detail.c.event_id, full=True)
    .order_by(staff.c.id)
)
_ADD_PERSON = insert_into(staff, ("public_id", "event_id", "name", "roles", "began_at"))
_ADD_EVENT = insert_into(
    audit_event, ("id", "text", "salt", "leaf", "head", "key_id", "signature")
)
_ADD_DETAIL = insert_into(audit_detail, ("event_id", "salt", "body"))
_ADD_DRAFT = insert_into(draft, ("staff_id", "form", "subject", "body_sealed", "saved_at"))
_DROP_DRAFTS = Statement(draft.delete())


def name_of(seq: int) -> str:
    """Return the invented name that entry `seq` adds."""
    return f"Sky the {seq}th"


def body_of(seq: int) -> bytes:
    """Return the detail of entry `seq`: 50 bytes to 40 kB, always the same."""
    made = random.Random(seq)
    return made.randbytes(made.choice((50, 500, 6_000, 40_000)))


def new_store(folder: Path, entries: int = 0) -> Store:
    """Make a store with so many entries in `folder` and return it open."""
    store = Store.create(folder / STORE_NAME, DEK)
    for _ in range(entries):
        add_entry(store)
    return store


def open_store(folder: Path) -> Store:
    """Open the store in `folder` as the desk does."""
    return Store(folder / STORE_NAME, DEK)


def add_entry(store: Store, *, name: str = "", body: bytes = b"") -> int:
    """Write one entry in a transaction of its own and return its number."""
    with store.writing() as writer:
        newest = writer.row(_NEWEST)
        seq, before = (newest[0] + 1, newest[1]) if newest else (1, EMPTY_HEAD)
        writer.run(
            _ADD_PERSON,
            public_id=f"stf-{seq}",
            event_id=seq,
            name=name or name_of(seq),
            roles="case_manager",
            began_at=seq,
        )
        seal_entry(writer, seq, before, body or body_of(seq))
    return seq


def seal_entry(writer: Writer, seq: int, before: bytes, body: bytes = b"") -> None:
    """Write event `seq` of the trail, whose head was `before`, with its detail if there is one."""
    salt = hashlib.sha256(b"salt %d" % seq).digest()[:SALT_BYTES]
    detail = ""
    if body:
        detail = detail_digest(salt, body).hex()
        writer.run(_ADD_DETAIL, event_id=seq, salt=salt, body=body)
    event = AuditEvent(
        seq, utc_ms=seq, actor="stf-1", session="s", action="staff.add", detail=detail
    )
    leaf = leaf_hash(salt, event.text())
    head = next_head(before, leaf)
    writer.run(
        _ADD_EVENT,
        id=seq,
        text=event.text(),
        salt=salt,
        leaf=leaf,
        head=head,
        key_id=1,
        signature=bytes(64),
    )
    writer.head = (seq, head)


def add_draft(store: Store, text: str) -> None:
    """Keep typing in progress, as a form does every second."""
    with store.writing() as writer:
        writer.run(
            _ADD_DRAFT,
            staff_id=1,
            form="note",
            subject=text[:8],
            body_sealed=text.encode(),
            saved_at=1,
        )


def drop_drafts(store: Store) -> None:
    """Throw away all typing in progress, so that pages become free."""
    with store.writing() as writer:
        writer.change(_DROP_DRAFTS)


def keep_head_log(store: Store) -> HeadLog:
    """Note every further commit of `store` in `head.log` beside it."""
    log = HeadLog(store.path.parent, WITNESS_KEY)
    store.after_commit(lambda size, head: log.append(size, head, BEGAN + timedelta(minutes=size)))
    return log


def chain(store: Store) -> ChainReport:
    """Walk the whole trail of `store`."""
    with store.reading() as reader:
        return verify_chain(_chain_rows(reader.each(_EVENTS)), details=True)


def _chain_rows(rows: Iterator[Any]) -> Iterator[ChainRow]:
    for *entry, salt, body in rows:
        yield ChainRow(*entry, None if salt is None else (salt, body))


def files_of(folder: Path) -> dict[str, str]:
    """Return name -> SHA-256 of every file in `folder`."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir())
        if file.is_file()
    }


def marks_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return name -> (size, moment of the last change), without opening any file.

    For a store that is open in this process: reading its file here would unlock it.
    """
    return {
        file.name: (file.stat().st_size, file.stat().st_mtime_ns)
        for file in sorted(folder.iterdir())
    }


def verdict(folder: Path, acknowledged: int) -> str:
    """Open the store as the desk does and say what would become of it.

    "whole", or "refused ..." and "alarm ..." where the product says that something is wrong, or
    "SILENT ..." where it says nothing although entries are lost, changed or too many.
    """
    try:
        store = open_store(folder)
    except TroubleError as trouble:
        return f"refused: {trouble.code}"
    try:
        return _alarm(store) or _silent(store, acknowledged) or "whole"
    except TroubleError as trouble:
        return f"refused: {trouble.code}"
    except ChainBrokenError:
        return "alarm: chain"
    finally:
        store.close()


def _alarm(store: Store) -> str:
    """Return what the product's own checks find, or ""."""
    found = faults_found(store)
    if found:
        return f"alarm: {found[0]}"
    report = chain(store)
    with store.reading() as reader:
        heads = {row[0]: row[3] for row in reader.each(_EVENTS)}
    witnesses = known_witnesses(store.path.parent, WITNESS_KEY)
    return "alarm: witness" if compare(report.count, heads.get, witnesses).is_alarm else ""


def faults_found(store: Store) -> list[str]:
    """Return what the cipher's and SQLite's whole-file checks find."""
    store.checkpoint()  # the cipher's check reads the main file alone
    rows = bad_pages(store)
    with store.unguarded() as connection:
        rows += connection.execute("PRAGMA integrity_check").fetchall()
        rows += connection.execute("PRAGMA foreign_key_check").fetchall()
    return [str(row[0]) for row in rows if row != ("ok",)]


def bad_pages(store: Store) -> list[tuple[str]]:
    """Return what the cipher's check says, one row for each page that does not carry its seal."""
    with store.unguarded() as connection:
        rows: list[tuple[str]] = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    return rows


def _silent(store: Store, acknowledged: int) -> str:
    """Return what is wrong although nothing said so, by what the writer knows it wrote."""
    with store.reading() as reader:
        people = reader.rows(_PEOPLE)
    for place, (seq, name, body) in enumerate(people, start=1):
        if (seq, name, body) != (place, name_of(place), body_of(place)):
            return f"SILENT: entry {place} has other contents"
    if len(people) < acknowledged:
        return f"SILENT: {acknowledged - len(people)} acknowledged entries are gone"
    if len(people) > acknowledged + 1:
        return "SILENT: entries nobody was told of"
    return ""

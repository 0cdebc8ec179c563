"""Reading the audit trail back: lines for people, and the check of the whole chain."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select

from shelter_desk.desk.audit_reasons import reason_in_words
from shelter_desk.desk.audit_words import WORDS, may_open_event
from shelter_desk.desk.base import Read, asks, moment
from shelter_desk.desk.event_about import about_event, approved_words
from shelter_desk.domain.audit import (
    EMPTY_HEAD,
    ChainReport,
    ChainRow,
    Signatures,
    short_form,
    verify_chain,
)
from shelter_desk.domain.errors import ChainBrokenError
from shelter_desk.domain.merkle import merkle_root
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader, Store
from shelter_desk.store.keys.identity import verify_signature
from shelter_desk.store.sql import Row, Statement, at_most

_event, _staff, _key = schema.audit_event, schema.staff, schema.staff_key
_detail = schema.audit_detail


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One event for people. `words` says in plain language what was done, `why` for what reason.

    `reason` is the code that the trail keeps. `about` is whose record it was by case code, which
    colleague, or whom a release is for; "" for everything else.
    """

    seq: int
    at: datetime
    who: str
    action: str
    words: str
    object: str
    reason: str
    session: str
    about: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class TrailReport:
    """What a check of the whole trail found. `problem` is a sentence, or empty."""

    count: int
    head: bytes
    is_whole: bool
    problem: str
    short_form: str
    checked_signatures: int


SHOWN = (
    _event.c.id,
    _event.c.at,
    _staff.c.name,
    _event.c.action,
    _event.c.object,
    _event.c.text,
)
EVENTS = (
    select(*SHOWN)
    .join(_staff, _staff.c.public_id == _event.c.actor, isouter=True)
    .where(_event.c.id < bindparam("before"))
    .order_by(_event.c.id.desc())
    .limit(at_most("most"))
)
_NEWEST = Statement(EVENTS)
_OF_OBJECT = Statement(EVENTS.where(_event.c.object == bindparam("object")))
_CHAIN = Statement(
    select(
        _event.c.id,
        _event.c.actor,
        _event.c.leaf,
        _event.c.head,
        _event.c.signature,
        _event.c.salt,
        _event.c.text,
        _detail.c.salt,
        _detail.c.body,
    )
    .join(_detail, _detail.c.event_id == _event.c.id, isouter=True)
    .where(_event.c.id > bindparam("after"))
    .order_by(_event.c.id)
)
_HEAD_AT = Statement(select(_event.c.head).where(_event.c.id == bindparam("seq")))
_SIZE = Statement(select(_event.c.id).order_by(_event.c.id.desc()).limit(1))
_LEAVES = Statement(select(_event.c.leaf).order_by(_event.c.id))
_KEYS = Statement(
    select(_staff.c.public_id, _key.c.signing_public).join(_staff, _staff.c.id == _key.c.staff_id)
)
_ITEM_OF = Statement(
    select(schema.item_answer.c.item_id).where(
        schema.item_answer.c.public_id == bindparam("public_id")
    )
)
_NO_LIMIT = 2**62
_EVERY_SIGNATURE_UP_TO = 20_000
_SIGNATURE_AT_LOGIN = 100


@asks(May.READ_AUDIT)
def events(
    read: Read,
    *,
    limit: int = 200,
    before: int | None = None,
    object: str | None = None,
) -> tuple[AuditLine, ...]:
    """Return events newest first, at most `limit`; `object` keeps those about one public id.

    The reason of an event stays empty where what it was about is closed to the person asking.
    """
    values = {"before": _NO_LIMIT if before is None else before, "most": limit}
    if object is None:
        rows = read.reader.rows(_NEWEST, **values)
    else:
        rows = read.reader.rows(_OF_OBJECT, object=object, **values)
    return tuple(for_asker(read, audit_line(row)) for row in rows)


def for_asker(read: Read, line: AuditLine) -> AuditLine:
    """Return an event with what it was about and why, as far as the person asking may know."""
    if line.object:
        line = replace(line, about=about_event(read, line.action, line.object))
    if not line.reason:
        return line
    of_item = line.action.startswith("item.")
    named = str(read.reader.value(_ITEM_OF, public_id=line.object) or "") if of_item else ""
    if not may_open_event(read, line.action, named, line.reason):
        return replace(line, reason="")
    why = reason_in_words(read.care_model, line.action, line.reason)
    approved = approved_words(read, line.action, line.object)
    return replace(line, why=", ".join(filter(None, (why, approved))))


def audit_line(row: Row) -> AuditLine:
    """Return one event for people, from the columns of `SHOWN`."""
    seq, at, who, action, about, text = row
    return AuditLine(
        seq=seq,
        at=moment(at),
        who=who or "",
        action=action,
        words=WORDS.get(action, action),
        object=about or "",
        reason=_field(text, "reason"),
        session=_field(text, "session"),
    )


@asks(May.READ_AUDIT)
def trail(read: Read) -> TrailReport:
    """Walk the whole chain, check signatures, and return what was found.

    Every signature is checked in a trail of up to 20,000 events, every hundredth in a longer one:
    checking a million would take minutes.
    """
    size = int(read.reader.value(_SIZE) or 0)
    try:
        report = walk(read.reader, read.vault_id, size)
    except ChainBrokenError as error:
        return TrailReport(
            size, b"", is_whole=False, problem=str(error), short_form="", checked_signatures=0
        )
    root = merkle_root(leaf for (leaf,) in read.reader.each(_LEAVES))
    return TrailReport(
        count=report.count,
        head=report.head,
        is_whole=True,
        problem="",
        short_form=short_form(report.count, root),
        checked_signatures=report.signatures,
    )


def check_latest(reader: Reader, vault_id: bytes, size: int, *, after: int) -> None:
    """Pass when the events after one follow from each other, and the newest is rightly signed.

    The newest signature vouches for the whole: it signs the head, and the head follows from every
    event before. So signing in need not wait for thousands of signatures; `trail` checks them.

    Raises:
        ChainBrokenError: at the first entry that does not fit.
    """
    walk(reader, vault_id, size, after=after, every=_SIGNATURE_AT_LOGIN)
    walk(reader, vault_id, size, after=max(after, size - 1), every=1)


def walk(
    reader: Reader, vault_id: bytes, size: int, *, after: int = 0, every: int | None = None
) -> ChainReport:
    """Return what a walk over the chain found, from behind event `after` on.

    `every` so many signatures one is checked; all of them in a small trail when none is given.

    Raises:
        ChainBrokenError: at the first entry that does not fit.
    """
    keys: dict[str, list[bytes]] = {}
    for actor, key in reader.rows(_KEYS):
        keys.setdefault(actor, []).append(key)

    def is_theirs(actor: str, message: bytes, signature: bytes) -> bool:
        return any(verify_signature(key, message, signature) for key in keys.get(actor, ()))

    every = every or (1 if size <= _EVERY_SIGNATURE_UP_TO else 100)
    head = head_at(reader, after) if after else EMPTY_HEAD
    if head is None:
        message = f"Entry {after:,} of the audit trail is missing."
        raise ChainBrokenError(message, after)
    with closing(_rows(reader, after)) as rows:  # a walk that stops half-way frees its cursor
        return verify_chain(
            rows,
            after=after,
            head=head,
            signatures=Signatures(vault_id, is_theirs, every),
            details=True,
        )


def trail_end(vault_id: bytes, store: Store) -> tuple[int, bytes]:
    """Walk the whole trail of a store; return the number of events and the head.

    Raises:
        ChainBrokenError: at the first entry that does not fit.
    """
    with store.reading() as reader:
        report = walk(reader, vault_id, size_of(reader))
    return report.count, report.head


def size_of(reader: Reader) -> int:
    """Return how many events there are."""
    return int(reader.value(_SIZE) or 0)


def head_at(reader: Reader, seq: int) -> bytes | None:
    """Return the chain's head after event `seq`, or None when there is no such event."""
    found = reader.value(_HEAD_AT, seq=seq)
    return None if found is None else bytes(found)


def _rows(reader: Reader, after: int) -> Generator[ChainRow, None, None]:
    for row in reader.each(_CHAIN, after=after):
        seq, actor, leaf, head, signature, salt, text, detail_salt, body = row
        detail = None if detail_salt is None else (bytes(detail_salt), bytes(body))
        yield ChainRow(seq, actor, leaf, head, signature, salt, text, detail)


def _field(text: str, name: str) -> str:
    # The canonical spelling is ours; a full parse of 200 lines would cost more than the select.
    mark = f'"{name}":"'
    start = text.find(mark)
    return "" if start < 0 else text[start + len(mark) : text.find('"', start + len(mark))]

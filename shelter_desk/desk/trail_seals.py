"""Seals of the audit trail: checkpoints, and what of the trail may leave with an export."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, or_, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.domain.errors import InvalidError, NotFoundError, Problem
from shelter_desk.domain.merkle import Hashes, checkpoint_text, key_hash, merkle_root, signed_note
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_event, _checkpoint = schema.audit_event, schema.checkpoint
_staff, _key = schema.staff, schema.staff_key

DISCLOSED = (
    "custody.begin",
    "custody.contents",
    "custody.agree",
    "custody.write",
    "custody.end",
    "summary.release",
    "sample.fix",
    "sample.draw",
    "sample.withdraw",
    "audit.checkpoint",
)
"""Actions whose events may leave in full: they speak of exports, samples and seals only."""

_CODE = re.compile(r"[a-z0-9]+(?:[-:.][a-z0-9]+)*")
_LONGEST = 200

_LEAVES = Statement(
    select(_event.c.leaf)
    .where(_event.c.id > bindparam("after"), _event.c.id <= bindparam("size"))
    .order_by(_event.c.id)
)
_SHOWN = Statement(
    select(_event.c.id, _event.c.salt, _event.c.text)
    .where(
        _event.c.id <= bindparam("size"), or_(*(_event.c.action == action for action in DISCLOSED))
    )
    .order_by(_event.c.id)
)
_SEALS = Statement(
    select(
        _checkpoint.c.size,
        _checkpoint.c.root,
        _event.c.at,
        _checkpoint.c.purpose,
        _checkpoint.c.note,
        _checkpoint.c.event_id,
    )
    .join(_event, _event.c.id == _checkpoint.c.event_id)
    .order_by(_checkpoint.c.id.desc())
)
_OWN_KEY = Statement(
    select(_key.c.signing_public)
    .join(_staff, _staff.c.id == _key.c.staff_id)
    .where(_staff.c.public_id == bindparam("person"))
    .order_by(_key.c.id.desc())
    .limit(1)
)
_KEY_BY_ID = Statement(select(_key.c.signing_public).where(_key.c.id == bindparam("key_id")))


@dataclass(frozen=True, slots=True)
class SealLine:
    """One checkpoint of the trail: `size` events had `root`; `note` is the signed note."""

    size: int
    root: bytes
    made_at: datetime
    purpose: str
    note: str
    event_id: int


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event whose text may leave: its number, its 16-byte salt, its canonical text."""

    seq: int
    salt: bytes
    text: str


@dataclass(frozen=True, slots=True)
class SignerFacts:
    """Who signs an export: the log's name, the signer's name in notes, the raw public key."""

    origin: str
    name: str
    public_key: bytes


@dataclass(frozen=True)
class MakeCheckpoint(Command):
    """Seal the trail as it stands: its size and its root, signed. `purpose` is a short code."""

    action: ClassVar[str] = "audit.checkpoint"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    purpose: str

    def apply(self, write: Write) -> str:
        """Insert the checkpoint over every event before this one."""
        if not _CODE.fullmatch(self.purpose) or len(self.purpose) > _LONGEST:
            raise InvalidError((Problem("purpose", "Use a short code."),))
        size = write.event_id - 1
        root = merkle_root(leaf for (leaf,) in write.writer.each(_LEAVES, size=size, after=0))
        signer = _facts(write.who.vault_id, write.who.staff.public_id, _key_in_use(write))
        text = checkpoint_text(signer.origin, size, root)
        note = signed_note(
            text,
            signer.name,
            key_hash(signer.name, signer.public_key),
            write.who.sign(text.encode()),
        )
        write.add(_checkpoint, size=size, root=root, note=note, purpose=self.purpose)
        write.reason = self.purpose
        return str(size)


@asks(May.EXPORT)
def leaves(read: Read, *, size: int, after: int = 0) -> Hashes:
    """Return the leaves (32 bytes each) of the events after `after` up to `size`, oldest first."""
    joined = bytearray()
    for (leaf,) in read.reader.each(_LEAVES, size=size, after=after):
        joined += leaf
    return Hashes(bytes(joined))


@asks(May.EXPORT)
def shown_events(read: Read, *, size: int) -> tuple[ShownEvent, ...]:
    """Return the events among the first `size` that speak of exports and seals only."""
    return tuple(ShownEvent(*row) for row in read.reader.rows(_SHOWN, size=size))


@asks(May.EXPORT)
def seals(read: Read) -> tuple[SealLine, ...]:
    """Return every checkpoint, newest first."""
    return tuple(
        SealLine(size, root, moment(at), purpose, note, event_id)
        for size, root, at, purpose, note, event_id in read.reader.rows(_SEALS)
    )


@asks(May.EXPORT)
def signer(read: Read) -> SignerFacts:
    """Return the public half of what the person signed in signs exports with."""
    key = read.reader.value(_OWN_KEY, person=read.staff.public_id)
    return _facts(read.vault_id, read.staff.public_id, _present(key))


def _facts(vault_id: bytes, person: str, public_key: bytes) -> SignerFacts:
    # A digest names the log: the id of the records themselves has no business outside.
    log = hashlib.sha256(b"shelter-desk log\x00" + vault_id).hexdigest()[:20]
    origin = f"shelter-desk.log/{log}"
    return SignerFacts(origin, f"{origin}/{person}", public_key)


def _key_in_use(write: Write) -> bytes:
    return _present(write.writer.value(_KEY_BY_ID, key_id=write.who.key_id))


def _present(key: bytes | None) -> bytes:
    if key is None:
        raise NotFoundError
    return bytes(key)

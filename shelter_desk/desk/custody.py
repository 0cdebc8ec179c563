"""What left the building: every export begun, how it ended, and the seals of the audit trail.

An export is written down before its first byte is made, so that one that was cut off half-way is
still known. Nothing here holds a resident's data.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, or_, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.left_exports import take_back
from shelter_desk.desk.one_release import begun_under, leave_under
from shelter_desk.desk.releasing import refuse_alone
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.errors import InvalidError, NotFoundError, Problem
from shelter_desk.domain.merkle import Hashes, checkpoint_text, key_hash, merkle_root, signed_note
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

_event, _checkpoint, _custody = schema.audit_event, schema.checkpoint, schema.custody
_staff, _key = schema.staff, schema.staff_key

KINDS = ("pack", "summary", "backup", "kit", "everything")
TWO_PEOPLE = ("pack", "everything")
"""Kinds of export that a colleague agrees to, where there is one."""
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
_DIGEST = re.compile(r"[0-9a-f]{64}")

_LEAVES = Statement(
    select(_event.c.leaf).where(_event.c.id <= bindparam("size")).order_by(_event.c.id)
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
class BeginExport(Command):
    """Write down that an export starts. Done before anything of it is made.

    `recipient` and `purpose` are short words for staff; never a resident's name. `basis` is the
    code of the ground it leaves on, `authority` the section, order or agreement behind it;
    `has_rows` says that lines of single records are in it, which takes both; `release_id` is
    the release that an export about one young person rests on.
    """

    action: ClassVar[str] = "custody.begin"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    kind: str
    profile: str
    period: str
    recipient: str
    purpose: str
    basis: str = ""
    authority: str = ""
    has_rows: bool = False
    release_id: str = ""

    def apply(self, write: Write) -> str:
        """Insert the row, still without an end."""
        _refuse(self._problems())
        public_id = write.new_public_id()
        write.add(
            _custody,
            public_id=public_id,
            kind=self.kind,
            began_at=write.now_ms,
            profile=self.profile,
            period=self.period,
            recipient=self.recipient.strip(),
            purpose=self.purpose.strip(),
            basis=self.basis or None,
            authority=self.authority.strip() or None,
            has_rows=int(self.has_rows),
            release_id=begun_under(write, self.release_id),
        )
        told = (self.kind, self.profile, self.period, self.basis)
        write.reason = ":".join(part for part in told if part)
        return public_id

    def _problems(self) -> list[Problem]:
        found = []
        if self.kind not in KINDS:
            found.append(Problem("kind", "There is no such kind of export."))
        if self.has_rows and not (self.basis and (self.authority.strip() or self.release_id)):
            found.append(
                Problem(
                    "authority", "Say on what ground: the section, the order or the agreement."
                )
            )
        for name in ("profile", "period", "basis"):
            value = getattr(self, name)
            if value and not _CODE.fullmatch(value.lower()):
                found.append(Problem(name, "Use letters, digits and hyphens only."))
        return found + [
            Problem(name, f"Write 1 to {_LONGEST} characters.")
            for name in ("recipient", "purpose")
            if not 0 < len(getattr(self, name).strip()) <= _LONGEST
        ]


@dataclass(frozen=True)
class SettleContents(Command):
    """What the export holds is made and settled; `contents` is the SHA-256 (hex) of all of it.

    A colleague agrees to these contents and no other.
    """

    action: ClassVar[str] = "custody.contents"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str
    contents: str

    def apply(self, write: Write) -> str:
        """Keep the digest with the export, once."""
        if not _DIGEST.fullmatch(self.contents):
            _refuse([Problem("contents", "This is not the digest of an export.")])
        row = _open_row(write, self.custody_id)
        if row["contents"] is not None or row["second_id"] is not None:
            _refuse([Problem("custody_id", "What this export holds was settled before.")])
        write.change(_custody, row, contents=self.contents)
        write.reason = self.contents
        return self.custody_id


@dataclass(frozen=True)
class StartWriting(Command):
    """The first byte of a pack is about to be written. From here on its figures count as known."""

    action: ClassVar[str] = "custody.write"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str

    def apply(self, write: Write) -> str:
        """Keep the moment with the export, once.

        Raises:
            InvalidError: it was left, or written, before.
            SecondNeededError: a colleague has to agree first.
        """
        row = _open_row(write, self.custody_id)
        if row["written_at"] is not None or row["contents"] is None:
            _refuse([Problem("custody_id", "This export was written before, or is not settled.")])
        refuse_alone(write, row)
        write.change(_custody, row, written_at=write.now_ms)
        return self.custody_id


@dataclass(frozen=True)
class ExportDelivered(Command):
    """The export is there, whole, and was checked.

    `sha256` (hex) and `size` (bytes) are of the file; `log_size` and `log_root` (32 bytes) say
    which state of the trail went with it.
    """

    action: ClassVar[str] = "custody.end"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str
    sha256: str
    size: int
    log_size: int
    log_root: bytes

    def apply(self, write: Write) -> str:
        """Close the row."""
        if not _DIGEST.fullmatch(self.sha256) or len(self.log_root) != 32:
            _refuse([Problem("sha256", "This is not the digest of a file.")])
        row = _open_row(write, self.custody_id)
        if row["kind"] in TWO_PEOPLE:
            refuse_alone(write, row)
            leave_under(write, row)
        write.change(
            _custody,
            row,
            ended_at=write.now_ms,
            ended_by_id=write.who.staff.id,
            result="delivered",
            sha256=self.sha256,
            size=self.size,
            log_size=self.log_size,
            log_root=self.log_root,
        )
        write.reason = "delivered"
        return self.custody_id


@dataclass(frozen=True)
class ExportFailed(Command):
    """The export did not arrive. `reason` is a short code such as "drive-full".

    Of one that was never written anywhere, the counts in it are taken back.
    """

    action: ClassVar[str] = "custody.end"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str
    reason: str

    def apply(self, write: Write) -> str:
        """Close the row; who ended it, and why, stays there and in the trail."""
        if not _CODE.fullmatch(self.reason) or len(self.reason) > _LONGEST:
            _refuse([Problem("reason", "Use a short code.")])
        row = _open_row(write, self.custody_id)
        write.change(
            _custody,
            row,
            ended_at=write.now_ms,
            ended_by_id=write.who.staff.id,
            result="failed",
            why=self.reason,
        )
        take_back(write, row)
        write.reason = f"failed:{self.reason}"
        return self.custody_id


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
            _refuse([Problem("purpose", "Use a short code.")])
        size = write.event_id - 1
        root = merkle_root(leaf for (leaf,) in write.writer.each(_LEAVES, size=size))
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
def leaves(read: Read, *, size: int) -> Hashes:
    """Return the leaves (32 bytes each) of the first `size` events, oldest first."""
    joined = bytearray()
    for (leaf,) in read.reader.each(_LEAVES, size=size):
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


def _open_row(write: Write, custody_id: str) -> RowValues:
    row = find(write.writer, _custody, custody_id)
    if row["result"] is not None:
        _refuse([Problem("custody_id", "This export was closed before.")])
    return row


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidError(tuple(problems))

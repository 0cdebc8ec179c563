"""What left the building: every export begun, and how it ended.

An export is written down before its first byte is made, so that one that was cut off half-way is
still known. Nothing here holds a resident's data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shelter_desk.desk.base import Area, Command, Write
from shelter_desk.desk.left_exports import take_back
from shelter_desk.desk.one_release import begun_under, leave_under
from shelter_desk.desk.releasing import refuse_alone
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.age_typed import NotAKeyError, recipient_key
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema

_custody = schema.custody

KINDS = ("pack", "summary", "backup", "kit", "everything")
TWO_PEOPLE = ("pack", "everything")
"""Kinds of export that a colleague agrees to, where there is one."""

_CODE = re.compile(r"[a-z0-9]+(?:[-:.][a-z0-9]+)*")
_LONGEST = 200
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """What stands on the cover sheet of a pack, and in no other column of its export.

    `file_name` is the random name of the file on the drive, `fingerprint` that of who signed it,
    as printed; `opener_sha256` is 64 hexadecimal digits, and so is `pdf_sha256` or "" where no
    locked PDF lies beside it. `series` says which pack of its reader it is, as printed.
    """

    file_name: str
    fingerprint: str
    opener_sha256: str
    return_by: date
    series: str
    pdf_sha256: str = ""


@dataclass(frozen=True)
class BeginExport(Command):
    """Write down that an export starts. Done before anything of it is made.

    `recipient` and `purpose` are short words for staff; never a resident's name. `basis` is the
    code of the ground it leaves on, `authority` the section, order or agreement behind it;
    `has_rows` says that lines of single records are in it, which takes both; `release_id` is
    the release that an export about one young person rests on. `recipient_key` is the public age
    key of the reader that a pack is sealed to; without it, words open it.
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
    recipient_key: str = ""

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
            release_id=begun_under(write, self.release_id, self.recipient.strip()),
            recipient_key=self.recipient_key or None,
        )
        told = (self.kind, self.profile, self.period, self.basis, self.recipient_key)
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
        if self.recipient_key:
            found += _key_problems(self.kind, self.recipient_key)
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
    which state of the trail went with it. `cover` is what its paper says beside, of a pack.
    """

    action: ClassVar[str] = "custody.end"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str
    sha256: str
    size: int
    log_size: int
    log_root: bytes
    cover: CoverFacts | None = None

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
            **self._cover(),
        )
        write.reason = "delivered"
        return self.custody_id

    def _cover(self) -> dict[str, str]:
        if self.cover is None:
            return {}
        return {
            "file_name": self.cover.file_name,
            "fingerprint": self.cover.fingerprint,
            "opener_sha256": self.cover.opener_sha256,
            "return_by": self.cover.return_by.isoformat(),
            "series": self.cover.series,
        }


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


def _key_problems(kind: str, key: str) -> list[Problem]:
    if kind != "pack":
        return [Problem("recipient_key", "Only a pack is sealed to the key of its reader.")]
    try:
        recipient_key(key)
    except NotAKeyError as error:
        return [Problem("recipient_key", str(error))]
    return []


def _open_row(write: Write, custody_id: str) -> RowValues:
    row = find(write.writer, _custody, custody_id)
    if row["result"] is not None:
        _refuse([Problem("custody_id", "This export was closed before.")])
    return row


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidError(tuple(problems))

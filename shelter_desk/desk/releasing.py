"""Two people let an export out: one makes it, a colleague agrees and signs what it is.

A shelter where one person only can sign in has nobody to agree; the trail then shows that too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk import dual_control
from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import DeskError, InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.keys.identity import verify_signature
from shelter_desk.store.sql import Statement

_staff, _key, _custody = schema.staff, schema.staff_key, schema.custody
_WITH_KEYS = (
    select(_staff.c.public_id, _staff.c.name)
    .where(_staff.c.ended_at.is_(None), _staff.c.id != bindparam("me"))
    .where(select(_key.c.id).where(_key.c.staff_id == _staff.c.id).exists())
    .order_by(_staff.c.name)
)
_OTHERS = Statement(_WITH_KEYS)
_HOW_MANY = Statement(select(func.count()).select_from(_WITH_KEYS.subquery()))
_NEWEST_KEY = Statement(
    select(_key.c.signing_public)
    .where(_key.c.staff_id == bindparam("staff_id"))
    .order_by(_key.c.id.desc())
    .limit(1)
)
_SAID = (
    "public_id", "kind", "profile", "period", "recipient", "purpose", "basis", "authority",
    "has_rows", "contents",
)  # fmt: skip


class SecondNeededError(DeskError):
    """What leaves the building is let out by two people. A colleague has to agree."""


@asks(May.EXPORT)
def seconds(read: Read) -> tuple[tuple[str, str], ...]:
    """Return (public id, name) of every colleague who can agree to an export."""
    rows = read.reader.rows(_OTHERS, me=read.staff.id)
    return tuple((str(public_id), str(name)) for public_id, name in rows)


@dataclass(frozen=True)
class AgreeToExport(Command):
    """Write down that a colleague agrees to one export, with their signature over what it is."""

    action: ClassVar[str] = "custody.agree"
    needs: ClassVar[May] = May.EXPORT
    touches: ClassVar[Area] = Area.CUSTODY

    custody_id: str
    second_id: str
    signature: bytes

    def apply(self, write: Write) -> str:
        """Keep the signature with the export, once it is found to be theirs."""
        row = find(write.writer, _custody, self.custody_id)
        if row["ended_at"] is not None or row["second_id"] is not None:
            raise InvalidError((Problem("custody_id", "This was let out, or agreed to, before."),))
        said = what_is_agreed(write.who.vault_id, row)
        second = other_who_signed(write, self.second_id, said, self.signature)
        write.change(_custody, row, second_id=second, second_signature=self.signature)
        write.reason = self.second_id
        return self.custody_id


def other_who_signed(write: Write, staff_id: str, said: bytes, signature: bytes) -> int:
    """Return the row of the colleague who signed this, somebody else than whoever acts.

    Raises:
        SecondNeededError: when it is nobody else, or not their signature.
        NotTheirOwnError, NotYourOwnError, TooNewError: when the two are not two people, yet.
    """
    second = find(write.writer, _staff, staff_id)
    key = write.writer.value(_NEWEST_KEY, staff_id=second["id"])
    is_other = second["id"] != write.who.staff.id and second["ended_at"] is None
    if not (is_other and key and verify_signature(key, said, signature)):
        raise SecondNeededError
    dual_control.refuse_one(write, staff_id)
    return int(second["id"])


def what_is_agreed(vault_id: bytes, row: RowValues) -> bytes:
    """Return what the colleague signs: it fits this export of these records only."""
    said = {name: row[name] or "" for name in _SAID}
    if row["recipient_key"]:  # to whom it is sealed; what opens with words is signed as ever
        said["recipient_key"] = row["recipient_key"]
    return b"export-release/" + canonical_json({"vault": vault_id.hex(), **said}).encode()


def refuse_alone(write: Write, row: RowValues) -> None:
    """Pass when a colleague agreed to the export, or when there is nobody who could.

    Raises:
        SecondNeededError: when there is.
    """
    if row["second_id"] is None and write.writer.value(_HOW_MANY, me=write.who.staff.id):
        raise SecondNeededError


def agreed_by_two(read: Read, row: RowValues) -> bool:
    """Say whether a colleague agreed to an export, or nobody is there who could."""
    return row["second_id"] is not None or not read.reader.value(_HOW_MANY, me=read.staff.id)


@asks(May.EXPORT)
def agreed_text(read: Read, *, custody_id: str) -> bytes:
    """Return what a colleague signs who agrees to an export."""
    return what_is_agreed(read.vault_id, find(read.reader, _custody, custody_id))

"""A director approves what is released: by making it, or by signing that very release beside."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, Write, asks
from shelter_desk.desk.rows import find
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import DeskError
from shelter_desk.domain.staff import DIRECTOR, May
from shelter_desk.store import schema
from shelter_desk.store.keys.identity import verify_signature
from shelter_desk.store.sql import Statement

_staff, _key = schema.staff, schema.staff_key
_DIRECTORS = Statement(
    select(_staff.c.public_id, _staff.c.name, _staff.c.roles)
    .where(_staff.c.ended_at.is_(None), _staff.c.id != bindparam("me"))
    .where(select(_key.c.id).where(_key.c.staff_id == _staff.c.id).exists())
    .order_by(_staff.c.name)
)
_NEWEST_KEY = Statement(
    select(_key.c.signing_public)
    .where(_key.c.staff_id == bindparam("staff_id"))
    .order_by(_key.c.id.desc())
    .limit(1)
)


class ApprovalNeededError(DeskError):
    """A director approves what is released. Ask one to agree at this desk."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A director, by their public id, and their signature over one release."""

    staff_id: str
    signature: bytes = field(repr=False)


@asks(May.SUMMARISE)
def directors(read: Read) -> tuple[tuple[str, str], ...]:
    """Return (public id, name) of the directors who can approve; none if one is at the desk."""
    if DIRECTOR in read.staff.roles:
        return ()
    rows = read.reader.rows(_DIRECTORS, me=read.staff.id)
    return tuple((str(i), str(name)) for i, name, roles in rows if DIRECTOR in roles.split())


@asks(May.SUMMARISE)
def approval_text(read: Read, *, certificates: tuple[str, ...], recipient: str) -> bytes:
    """Return what a director signs: these certificates (SHA-256), for this reader."""
    return what_is_approved(read.vault_id, certificates, recipient)


def what_is_approved(vault_id: bytes, certificates: tuple[str, ...], recipient: str) -> bytes:
    """Return the text of an approval: it fits these releases of these records only."""
    said = {"vault": vault_id.hex(), "certificates": list(certificates), "recipient": recipient}
    return b"summary-release/" + canonical_json(said).encode()


def approver_of(
    write: Write, approval: Approval | None, certificates: tuple[str, ...], recipient: str
) -> int:
    """Return the key of the director who approves.

    Raises:
        ApprovalNeededError: nobody does, or the signature is not that of a director over this.
    """
    me = write.who.staff
    if approval is None:
        if DIRECTOR not in me.roles:
            raise ApprovalNeededError
        return me.id
    row = find(write.writer, _staff, approval.staff_id)
    key = write.writer.value(_NEWEST_KEY, staff_id=row["id"])
    said = what_is_approved(write.who.vault_id, certificates, recipient)
    is_director = DIRECTOR in row["roles"].split() and row["ended_at"] is None
    if not (is_director and key and verify_signature(key, said, approval.signature)):
        raise ApprovalNeededError
    return int(row["id"])

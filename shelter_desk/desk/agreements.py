"""The confidentiality agreement, accepted by each person before they first look at a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Area, Command, Read, Write, asks
from shelter_desk.domain.agreement import Agreement, agreement_from
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.staff import May
from shelter_desk.paths import resources
from shelter_desk.store.schema_accounts import agreement as _agreement
from shelter_desk.store.sql import Statement

_ACCEPTED = Statement(
    select(_agreement.c.id).where(
        _agreement.c.staff_id == bindparam("staff_id"),
        _agreement.c.edition == bindparam("edition"),
    )
)


def shipped_agreement() -> Agreement:
    """Return the agreement that came with the program.

    Raises:
        ContentError: when it is damaged or missing.
    """
    try:
        text = (resources() / "agreement" / "confidentiality.toml").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    return agreement_from(text)


@asks(May.READ_RECORDS)
def has_accepted(read: Read, *, edition: str) -> bool:
    """Say whether the person asking has accepted this edition of the agreement."""
    keys = {"staff_id": read.staff.id, "edition": edition}
    return read.reader.value(_ACCEPTED, **keys) is not None


@dataclass(frozen=True)
class AcceptAgreement(Command):
    """The person at the desk has read the agreement and accepts it."""

    action: ClassVar[str] = "staff.agreement"
    needs: ClassVar[May] = May.READ_RECORDS
    touches: ClassVar[Area] = Area.STAFF

    edition: str

    def apply(self, write: Write) -> str:
        """Insert what was accepted; once is enough."""
        if self.edition != shipped_agreement().edition:
            raise InvalidError((Problem("edition", "This text has changed. Read it again."),))
        staff = write.who.staff
        keys = {"staff_id": staff.id, "edition": self.edition}
        if write.writer.value(_ACCEPTED, **keys) is None:
            write.add(_agreement, accepted_at=write.now_ms, **keys)
        write.reason = self.edition
        return staff.public_id

"""Taking a record away, putting it back, and destroying it by two people.

What is taken away is off every list and out of every search, and nothing sealed is touched: for at
least 30 days it comes back as it was. Destroying is another act: the keys go, a colleague signs.

Source: demands 13 and 18 of the study of peers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.ends import now_or
from shelter_desk.desk.erasing import erase, take_off_lists
from shelter_desk.desk.finding_anew import make_findable_again
from shelter_desk.desk.legal_holds import choose, refuse_held
from shelter_desk.desk.persons import index_known
from shelter_desk.desk.releasing import other_who_signed
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.sealing import IDENTITY, resident_place
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.retention import (
    AFTER_LEAVING,
    AFTER_REPORT,
    BIN_DAYS,
    REMOVAL_REASONS,
    RETENTION_ENDED,
    UNTIL_AGE,
    Kept,
    kept_until,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import record_merge
from shelter_desk.store.schema_removal import removal as _removal
from shelter_desk.store.sql import Statement

_stay, _index = schema.stay, schema.resident_index
_LEFT = Statement(
    select(func.max(_stay.c.ended_at), func.count() - func.count(_stay.c.ended_at)).where(
        _stay.c.resident_id == bindparam("resident_id")
    )
)
_BORN = Statement(
    select(_index.c.born_on, _index.c.born_is_guess).where(
        _index.c.resident_id == bindparam("resident_id")
    )
)
_REMOVED = Statement(
    select(_removal.c.id).where(
        _removal.c.resident_id == bindparam("resident_id"), _removal.c.back_at.is_(None)
    )
)
_JOINED = Statement(
    select(record_merge.c.id).where(
        record_merge.c.ended_at.is_(None),
        or_(
            record_merge.c.resident_id == bindparam("resident_id"),
            record_merge.c.into_id == bindparam("resident_id"),
        ),
    )
)
_SAID = ("public_id", "resident_id", "reason", "rule", "kept_until", "taken_at")


@dataclass(frozen=True)
class TakeAway(Command):
    """Take the record of somebody who left off every list and out of every search."""

    action: ClassVar[str] = "removal.take"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = ~Area(0)

    resident_id: str
    reason: str

    def apply(self, write: Write) -> str:
        """Insert the removal; forget what lists and search know."""
        resident = find(write.writer, schema.resident, self.resident_id)
        choose("reason", self.reason, REMOVAL_REASONS)
        key = resident["id"]
        if write.writer.value(_REMOVED, resident_id=key) is not None:
            raise InvalidError((Problem("resident_id", "This record was taken away already."),))
        refuse_held(write, key)
        if write.writer.value(_JOINED, resident_id=key) is not None:
            message = "This record is joined with another. Separate them first."
            raise InvalidError((Problem("resident_id", message),))
        kept = self._kept(write, key)
        public_id = write.new_public_id()
        write.add(
            _removal,
            public_id=public_id,
            resident_id=key,
            reason=self.reason,
            rule=kept.rule,
            kept_until=kept.until.isoformat(),
            born_sealed=_guess(write, key, public_id),
            taken_at=write.now_ms,
            taken_by=write.who.staff.id,
        )
        take_off_lists(write, key)
        write.reason = self.reason
        write.undo = PutBack(public_id)
        return public_id

    def _kept(self, write: Write, resident_id: int) -> Kept:
        left, still_here = write.writer.row(_LEFT, resident_id=resident_id) or (None, 0)
        if still_here or left is None:
            raise InvalidError(
                (Problem("resident_id", "They live here. Record their exit first."),)
            )
        born = (write.writer.row(_BORN, resident_id=resident_id) or (None,))[0]
        zone = write.house.zone
        left_on = moment(left).astimezone(zone).date()
        kept = kept_until(years_of(write), left_on, date.fromisoformat(born) if born else None)
        if self.reason == RETENTION_ENDED and write.today < kept.until:
            raise InvalidError((Problem("reason", "It must still be kept. See the schedule."),))
        return kept


@dataclass(frozen=True)
class PutBack(Command):
    """Put a record back that was taken away: it is on every list and in every search again."""

    action: ClassVar[str] = "removal.put-back"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = ~Area(0)

    removal_id: str

    def apply(self, write: Write) -> str:
        """Make again what lists and search know."""
        row = standing(write, self.removal_id)
        resident = get(write.writer, schema.resident, row["resident_id"])
        key, public_id = resident["id"], resident["public_id"]

        def opened(field: str) -> str:
            place = resident_place(public_id, field)
            return write.sealer.open(write.writer, key, place, resident[f"{field}_sealed"])

        guess = write.sealer.open(
            write.writer, key, _born_place(self.removal_id), row["born_sealed"]
        )
        born = opened("born_on") or guess
        day = date.fromisoformat(born) if born else None
        write.change(_removal, row, back_at=now_or(write, row["taken_at"]))
        index_known(write, key, opened("called"), day, is_guess=bool(guess))
        make_findable_again(write, key)
        write.reason = row["reason"]
        return self.removal_id


@dataclass(frozen=True)
class Destroy(Command):
    """Destroy a record for good, with a colleague's signature: its keys go, in every copy."""

    action: ClassVar[str] = "removal.destroy"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = ~Area(0)

    removal_id: str
    second_id: str
    signature: bytes = field(repr=False)

    def apply(self, write: Write) -> str:
        """Erase it, once a month in the bin is over and nothing holds it."""
        row = standing(write, self.removal_id)
        refuse_held(write, row["resident_id"])
        if write.now_ms < row["taken_at"] + milliseconds_of(BIN_DAYS):
            message = f"It can be put back for {BIN_DAYS} days. Destroy it after that."
            raise InvalidError((Problem("removal_id", message),))
        said = what_is_destroyed(write.who.vault_id, row)
        second = other_who_signed(write, self.second_id, said, self.signature)
        write.change(
            _removal,
            row,
            destroyed_at=write.now_ms,
            destroyed_by=write.who.staff.id,
            second_id=second,
            second_signature=self.signature,
        )
        write.change(_removal, row, keys=erase(write, row))
        write.reason = f"{row['reason']}:{self.second_id}"
        return self.removal_id


@asks(May.MANAGE_SHELTER)
def destruction_text(read: Read, *, removal_id: str) -> bytes:
    """Return what the colleague signs who agrees to a destruction."""
    return what_is_destroyed(read.vault_id, find(read.reader, _removal, removal_id))


def destroy(desk: Desk, removal_id: str, second: Second) -> None:
    """Destroy a record by two people, and leave nothing of it in what waits to be written.

    Raises:
        WrongPassphraseError, TooSoonError: not the colleague's passphrase, or too early again.
        OnHoldError: when a legal hold keeps it.
    """
    said = desk.ask(destruction_text, removal_id=removal_id)
    other = unlocked_colleague(desk.folder, second.staff_id, second.passphrase, desk.now())
    desk.do(Destroy(removal_id, second.staff_id, other.sign(said)))
    desk.settle()


# Shared by commands


def years_of(of: Read | Write) -> dict[str, int]:
    """Return id of a rule -> years, as the jurisdiction profile has them."""
    settings = of.care_model.settings()
    named = (AFTER_LEAVING, AFTER_REPORT, UNTIL_AGE)
    return {name: settings[name].value for name in named if name in settings}


def what_is_destroyed(vault_id: bytes, row: RowValues) -> bytes:
    """Return the text of an agreement: it fits this record, taken away then, and no other."""
    said = {"vault": vault_id.hex(), **{name: row[name] for name in _SAID}}
    return b"destruction/" + canonical_json(said).encode()


def standing(write: Write, removal_id: str) -> RowValues:
    """Return a removal that can still be taken back.

    Raises:
        InvalidError: when it was put back or destroyed.
    """
    row = find(write.writer, _removal, removal_id)
    if row["back_at"] is not None or row["destroyed_at"] is not None:
        raise InvalidError((Problem("removal_id", "This was put back, or destroyed, before."),))
    return row


def milliseconds_of(days: int) -> int:
    """Return days of 24 hours in milliseconds."""
    return timedelta(days=days) // timedelta(milliseconds=1)


def _born_place(removal_id: str) -> str:
    return f"removal:{removal_id}:born"


def _guess(write: Write, resident_id: int, removal_id: str) -> bytes | None:
    born, is_guess = write.writer.row(_BORN, resident_id=resident_id) or (None, 0)
    if not (born and is_guess):
        return None
    return write.seal(_born_place(removal_id), born, IDENTITY, resident_id)

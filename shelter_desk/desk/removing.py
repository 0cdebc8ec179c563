"""Taking a record away, putting it back, and destroying it by two people.

What is taken away is off every list and out of every search, and nothing sealed is touched: for at
least 30 days it comes back as it was. Destroying is another act: the keys go, a colleague signs.
Records that are joined are one person: they go, come back and are destroyed together.

Source: demands 13 and 18 of the study of peers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from sqlalchemy import bindparam, func, select

from shelter_desk.desk import Desk
from shelter_desk.desk.agreeing import Second
from shelter_desk.desk.base import Area, Command, Read, Write, asks, moment
from shelter_desk.desk.erasing import erase, take_off_lists
from shelter_desk.desk.finding_anew import make_findable_again
from shelter_desk.desk.legal_holds import choose, refuse_held
from shelter_desk.desk.merge_rules import records_of_person
from shelter_desk.desk.persons import index_known
from shelter_desk.desk.releasing import other_who_signed
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.desk.sealing import IDENTITY, resident_place
from shelter_desk.desk.second_person import unlocked_colleague
from shelter_desk.desk.set_back import now_or
from shelter_desk.domain.audit import canonical_json
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.domain.retention import (
    AFTER_LEAVING,
    AFTER_REPORT,
    BIN_DAYS,
    ENTERED_TWICE,
    REMOVAL_REASONS,
    RETENTION_ENDED,
    UNTIL_AGE,
    Kept,
    kept_longest,
)
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.schema_merging import person_stay
from shelter_desk.store.schema_removal import removal as _removal
from shelter_desk.store.sql import Statement

_index = schema.resident_index
_LEFT = Statement(
    select(
        func.max(person_stay.c.ended_at), func.count() - func.count(person_stay.c.ended_at)
    ).where(person_stay.c.resident_id == bindparam("person"), person_stay.c.is_doubled == 0)
)
_BORN = Statement(
    select(_index.c.born_on, _index.c.born_is_guess).where(
        _index.c.resident_id == bindparam("resident_id")
    )
)
_REMOVED = Statement(
    select(_removal).where(
        _removal.c.resident_id == bindparam("resident_id"), _removal.c.back_at.is_(None)
    )
)
_SAID = ("public_id", "resident_id", "reason", "rule", "kept_until", "taken_at")


@dataclass(frozen=True)
class TakeAway(Command):
    """Take the record of somebody who left off every list and out of every search.

    With it go the records that are joined with it: they are one person.
    """

    action: ClassVar[str] = "removal.take"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = ~Area(0)

    resident_id: str
    reason: str

    def apply(self, write: Write) -> str:
        """Insert a removal for each record of the person; forget what lists and search know."""
        resident = find(write.writer, schema.resident, self.resident_id)
        choose("reason", self.reason, REMOVAL_REASONS)
        records = records_of_person(write.writer, resident["id"])
        self._check(write, records)
        kept = self._kept(write, records)
        taken = {key: self._take(write, key, kept) for key in records}
        write.reason = self.reason
        write.undo = PutBack(taken[resident["id"]])
        return taken[resident["id"]]

    def _check(self, write: Write, records: list[int]) -> None:
        for key in records:
            if write.writer.value(_REMOVED, resident_id=key) is not None:
                raise InvalidError(
                    (Problem("resident_id", "This record was taken away already."),)
                )
            refuse_held(write, key)
        if len(records) > 1 and self.reason == ENTERED_TWICE:
            message = (
                "This record is joined with another, so the whole person would go. Separate them "
                "first if one of the two was made by mistake."
            )
            raise InvalidError((Problem("reason", message),))

    def _take(self, write: Write, resident_id: int, kept: Kept) -> str:
        public_id = write.new_public_id()
        write.add(
            _removal,
            public_id=public_id,
            resident_id=resident_id,
            reason=self.reason,
            rule=kept.rule,
            kept_until=kept.until.isoformat(),
            born_sealed=_guess(write, resident_id, public_id),
            taken_at=write.now_ms,
            taken_by=write.who.staff.id,
        )
        take_off_lists(write, resident_id)
        return public_id

    def _kept(self, write: Write, records: list[int]) -> Kept:
        left, still_here = write.writer.row(_LEFT, person=records[0]) or (None, 0)
        if still_here or left is None:
            raise InvalidError(
                (Problem("resident_id", "They live here. Record their exit first."),)
            )
        born = [(write.writer.row(_BORN, resident_id=key) or (None,))[0] for key in records]
        left_on = moment(left).astimezone(write.house.zone).date()
        days = (date.fromisoformat(day) if day else None for day in born)
        kept = kept_longest(years_of(write), left_on, days)
        if self.reason == RETENTION_ENDED and write.today < kept.until:
            raise InvalidError((Problem("reason", "It must still be kept. See the schedule."),))
        return kept


@dataclass(frozen=True)
class PutBack(Command):
    """Put a record back that was taken away: it is on every list and in every search again.

    With it come the records that are joined with it.
    """

    action: ClassVar[str] = "removal.put-back"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = ~Area(0)

    removal_id: str

    def apply(self, write: Write) -> str:
        """Make again what lists and search know."""
        rows = standing(write, self.removal_id)
        for row in rows:
            _put_back(write, row)
        write.reason = rows[0]["reason"]
        return self.removal_id


@dataclass(frozen=True)
class Destroy(Command):
    """Destroy a record for good, with a colleague's signature: its keys go, in every copy.

    The records that are joined with it are destroyed in the same write, under the same signature.
    """

    action: ClassVar[str] = "removal.destroy"
    needs: ClassVar[May] = May.MANAGE_SHELTER
    touches: ClassVar[Area] = ~Area(0)

    removal_id: str
    second_id: str
    signature: bytes = field(repr=False)

    def apply(self, write: Write) -> str:
        """Erase it, once a month in the bin is over and nothing holds it."""
        rows = standing(write, self.removal_id)
        for row in rows:
            refuse_held(write, row["resident_id"])
        if write.now_ms < max(row["taken_at"] for row in rows) + milliseconds_of(BIN_DAYS):
            message = f"It can be put back for {BIN_DAYS} days. Destroy it after that."
            raise InvalidError((Problem("removal_id", message),))
        said = what_is_destroyed(write.who.vault_id, rows)
        second = other_who_signed(write, self.second_id, said, self.signature)
        for row in rows:  # all of a person first: only then do keys go
            write.change(
                _removal,
                row,
                destroyed_at=write.now_ms,
                destroyed_by=write.who.staff.id,
                second_id=second,
                second_signature=self.signature,
            )
        for row in rows:
            write.change(_removal, row, keys=erase(write, row))
        write.reason = f"{rows[0]['reason']}:{self.second_id}"
        return self.removal_id


@asks(May.MANAGE_SHELTER)
def destruction_text(read: Read, *, removal_id: str) -> bytes:
    """Return what the colleague signs who agrees to a destruction."""
    row = find(read.reader, _removal, removal_id)
    return what_is_destroyed(read.vault_id, removals_of_person(read.reader, row))


def destroy(desk: Desk, removal_id: str, second: Second) -> None:
    """Destroy a record by two people, and leave nothing of it in what waits to be written.

    Raises:
        WrongPassphraseError, TooSoonError: not the colleague's passphrase, or too early again.
        NotTheirOwnError, NotYourOwnError, TooNewError: when the two are not two people, yet.
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


def what_is_destroyed(vault_id: bytes, rows: Iterable[RowValues]) -> bytes:
    """Return the text of an agreement: it fits these records, taken away then, and no other."""
    said = {
        "vault": vault_id.hex(),
        "records": [{name: row[name] for name in _SAID} for row in rows],
    }
    return b"destruction/" + canonical_json(said).encode()


def removals_of_person(reader: Reader, row: RowValues) -> list[RowValues]:
    """Return a removal with those of the records that are joined with its own."""
    found = (
        reader.row(_REMOVED, resident_id=key)
        for key in records_of_person(reader, row["resident_id"])
    )
    return [dict(zip(_removal.c.keys(), one, strict=True)) for one in found if one is not None]


def standing(write: Write, removal_id: str) -> list[RowValues]:
    """Return a removal that can still be taken back, with those of all records of the person.

    Raises:
        InvalidError: when it was put back or destroyed.
    """
    row = find(write.writer, _removal, removal_id)
    if row["back_at"] is not None or row["destroyed_at"] is not None:
        raise InvalidError((Problem("removal_id", "This was put back, or destroyed, before."),))
    return removals_of_person(write.writer, row)


def milliseconds_of(days: int) -> int:
    """Return days of 24 hours in milliseconds."""
    return timedelta(days=days) // timedelta(milliseconds=1)


def _born_place(removal_id: str) -> str:
    return f"removal:{removal_id}:born"


def _put_back(write: Write, row: RowValues) -> None:
    resident = get(write.writer, schema.resident, row["resident_id"])
    key, public_id = resident["id"], resident["public_id"]

    def opened(field: str) -> str:
        place = resident_place(public_id, field)
        return write.sealer.open(write.writer, key, place, resident[f"{field}_sealed"])

    guess = write.sealer.open(write.writer, key, _born_place(row["public_id"]), row["born_sealed"])
    born = opened("born_on") or guess
    day = date.fromisoformat(born) if born else None
    write.change(_removal, row, back_at=now_or(write, row["taken_at"]))
    index_known(write, key, opened("called"), day, is_guess=bool(guess))
    make_findable_again(write, key)


def _guess(write: Write, resident_id: int, removal_id: str) -> bytes | None:
    born, is_guess = write.writer.row(_BORN, resident_id=resident_id) or (None, 0)
    if not (born and is_guess):
        return None
    return write.seal(_born_place(removal_id), born, IDENTITY, resident_id)

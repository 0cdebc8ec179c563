"""Which release of counts is in which export, and the ones that nobody outside has seen.

A pack puts its counts into the ledger before they can be looked at. When it is left before a byte
of it was written anywhere, they are taken back: later summaries need not keep to figures that
nobody knows. Once writing has begun they are taken for known, whatever became of the drive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from shelter_desk.desk.base import Read, Write, asks, moment
from shelter_desk.desk.rows import RowValues, get, key_of
from shelter_desk.disclosure.periods_between import touch
from shelter_desk.domain.errors import StaleError
from shelter_desk.domain.periods import Period
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_releases import release_use
from shelter_desk.store.sql import Statement

_custody, _release, _use = schema.custody, schema.summary_release, release_use
_IN_EXPORT = Statement(
    select(_use.c.release_id)
    .join(_release, _release.c.id == _use.c.release_id)
    .where(_use.c.custody_id == bindparam("custody_id"), _release.c.withdrawn_at.is_(None))
    .order_by(_use.c.release_id)
)
_MAY_BE_KNOWN = Statement(
    select(func.count())
    .select_from(_use)
    .join(_custody, _custody.c.id == _use.c.custody_id, isouter=True)
    .where(_use.c.release_id == bindparam("release_id"))
    .where(or_(_custody.c.result.is_distinct_from("failed"), _custody.c.written_at.is_not(None)))
)

_WAITING = Statement(
    select(
        _custody.c.public_id, _custody.c.began_at, _custody.c.profile, _release.c.id,
        _release.c.period,
    )
    .join(_use, _use.c.custody_id == _custody.c.id)
    .join(_release, _release.c.id == _use.c.release_id)
    .where(_custody.c.result.is_(None), _custody.c.written_at.is_(None))
    .where(_release.c.withdrawn_at.is_(None))
    .order_by(_custody.c.id, _release.c.id)
)  # fmt: skip
_ELSEWHERE = Statement(
    select(func.count())
    .select_from(_use)
    .join(_custody, _custody.c.id == _use.c.custody_id, isouter=True)
    .where(_use.c.release_id == bindparam("release_id"))
    .where(or_(_custody.c.result == "delivered", _use.c.custody_id.is_(None),
               _custody.c.written_at.is_not(None)))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WaitingPack:
    """A pack that was laid out and neither let out nor put away; its figures bind the others."""

    custody_id: str
    began_at: datetime
    profile: str
    period: str


@asks(May.SUMMARISE)
def waiting_packs(read: Read, *, period: str) -> tuple[WaitingPack, ...]:
    """Return the packs that bind a summary of a period though nobody saw them, oldest first.

    Only those whose figures bind nobody any more once they are put away.
    """
    wanted, found = Period.parse(period), dict[str, WaitingPack]()
    for custody_id, began_at, profile, release_id, other in read.reader.rows(_WAITING):
        binds = Period.parse(other).year == wanted.year or touch(other, wanted.id)
        if binds and not read.reader.value(_ELSEWHERE, release_id=release_id):
            line = WaitingPack(custody_id, moment(began_at), profile or "", other)
            found.setdefault(custody_id, line)
    return tuple(found.values())


def note_use(write: Write, release_id: int, custody_id: str) -> None:
    """Write down which export holds a release; "": it is handed out by itself, and so known.

    Raises:
        StaleError: the release was taken back meanwhile, or the export has ended.
    """
    export = key_of(write.writer, _custody, custody_id) if custody_id else None
    gone = get(write.writer, _release, release_id)["withdrawn_at"] is not None
    if gone or (export and get(write.writer, _custody, export)["result"] is not None):
        raise StaleError("These figures were taken back meanwhile. Prepare them again.")
    write.add(_use, release_id=release_id, custody_id=export)


def take_back(write: Write, export: RowValues) -> None:
    """Take the releases of an export back that are in no other; of one that was left unwritten."""
    if export["written_at"] is not None:
        return
    for (release_id,) in write.writer.rows(_IN_EXPORT, custody_id=export["id"]):
        if not write.writer.value(_MAY_BE_KNOWN, release_id=release_id):
            row = get(write.writer, _release, release_id)
            write.change(_release, row, withdrawn_at=write.now_ms)

"""Every export as the records know it: whatever began, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from shelter_desk.desk.base import Read, asks, moment, moment_or_none
from shelter_desk.desk.custody import CoverFacts
from shelter_desk.desk.rows import RowValues, find
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.database import Reader
from shelter_desk.store.sql import Statement

_custody, _staff = schema.custody, schema.staff
_ender = schema.staff.alias("ender")
_EXPORTS = Statement(
    select(*_custody.c, _staff.c.name, _ender.c.name)
    .join(_staff, _staff.c.id == _custody.c.second_id, isouter=True)
    .join(_ender, _ender.c.id == _custody.c.ended_by_id, isouter=True)
    .order_by(_custody.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export. `result` is "delivered", "failed", or "" while (or since) it never ended.

    `second` is the colleague who agreed, or ""; `recipient_key` the age key it is sealed to, or
    "" for words; `ended_by` who ended it, and `why` the code of why
    it did not leave. `was_written`: a byte of it may have reached its place.
    `cover` is what its cover sheet is printed again from, None of one that has none.
    """

    custody_id: str
    kind: str
    began_at: datetime
    ended_at: datetime | None
    result: str
    profile: str
    period: str
    recipient: str
    purpose: str
    sha256: str
    size: int
    log_size: int
    log_root: bytes
    second: str
    basis: str
    authority: str
    has_rows: bool
    was_written: bool
    ended_by: str
    why: str
    recipient_key: str = ""
    cover: CoverFacts | None = None


@asks(May.EXPORT)
def export_list(read: Read) -> tuple[ExportLine, ...]:
    """Return every export, newest first."""
    return tuple(_export_lines(read.reader))


@asks(May.EXPORT)
def sealed_to(read: Read, *, custody_id: str) -> str:
    """Return the public age key that an export is sealed to, or "" for words."""
    return find(read.reader, _custody, custody_id)["recipient_key"] or ""


def export_counts(reader: Reader, since: int, until: int) -> dict[tuple[str, str], int]:
    """Return (kind and profile, result) -> exports begun between two stored moments."""
    found: dict[tuple[str, str], int] = {}
    for line in _export_lines(reader):
        if since <= line.began_at.timestamp() * 1000 < until:
            named = f"{line.kind}: {line.profile}" if line.profile else line.kind
            key = (named, line.result or "not ended")
            found[key] = found.get(key, 0) + 1
    return found


def _export_lines(reader: Reader) -> Iterator[ExportLine]:
    names = (*_custody.c.keys(), "second", "ended_by")
    for values in reader.rows(_EXPORTS):
        yield _export_line(dict(zip(names, values, strict=True)))


def _export_line(row: RowValues) -> ExportLine:
    return ExportLine(
        custody_id=row["public_id"],
        kind=row["kind"],
        began_at=moment(row["began_at"]),
        ended_at=moment_or_none(row["ended_at"]),
        result=row["result"] or "",
        profile=row["profile"] or "",
        period=row["period"] or "",
        recipient=row["recipient"] or "",
        purpose=row["purpose"] or "",
        sha256=row["sha256"] or "",
        size=row["size"] or 0,
        log_size=row["log_size"] or 0,
        log_root=row["log_root"] or b"",
        second=row["second"] or "",
        basis=row["basis"] or "",
        authority=row["authority"] or "",
        has_rows=bool(row["has_rows"]),
        was_written=row["written_at"] is not None,
        ended_by=row["ended_by"] or "",
        why=row["why"] or "",
        recipient_key=row["recipient_key"] or "",
        cover=_cover(row),
    )


def _cover(row: RowValues) -> CoverFacts | None:
    if row["file_name"] is None:
        return None
    return CoverFacts(
        row["file_name"],
        row["fingerprint"],
        row["opener_sha256"],
        date.fromisoformat(row["return_by"]),
        row["series"],
        row["pdf_sha256"] or "",
    )

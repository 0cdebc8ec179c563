"""What an event of the audit trail was about, in words: whose record, who did it, who reads it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read
from shelter_desk.store import schema
from shelter_desk.store.schema_reports import report_release
from shelter_desk.store.sql import Statement

_staff, _stay, _release = schema.staff, schema.stay, schema.summary_release
_READERS = {"public": "The public"}
_STAFF = Statement(select(_staff.c.name).where(_staff.c.public_id == bindparam("public_id")))
_RESIDENT = Statement(
    select(schema.resident.c.case_code)
    .join(_stay, _stay.c.resident_id == schema.resident.c.id)
    .where(_stay.c.public_id == bindparam("public_id"))
)
_SUMMARY = Statement(
    select(
        _release.c.recipient,
        _release.c.audience,
        _release.c.staff_id,
        _release.c.approved_by_id,
        _staff.c.name,
    )
    .join(_staff, _staff.c.id == _release.c.approved_by_id, isouter=True)
    .where(_release.c.public_id == bindparam("public_id"))
)
_REPORT = Statement(
    select(report_release.c.recipient).where(report_release.c.public_id == bindparam("public_id"))
)
_ASKED: Mapping[str, Statement] = {
    "report.hand-over": _REPORT,
    "report.make-public": _REPORT,
}


def about_event(read: Read, action: str, object_id: str) -> str:
    """Return whose record an event was about by case code, which colleague, or for which reader.

    "" where it was about something else.
    """
    if action.startswith("summary."):
        row = read.reader.row(_SUMMARY, public_id=object_id)
        return "" if row is None else str(row[0] or _READERS.get(row[1], ""))
    asked = _STAFF if action.startswith("staff.") else _ASKED.get(action, _RESIDENT)
    return str(read.reader.value(asked, public_id=object_id) or "")


def approved_words(read: Read, action: str, object_id: str) -> str:
    """Return who approved a release that somebody else made, in words; else ""."""
    if action != "summary.release":
        return ""
    row = read.reader.row(_SUMMARY, public_id=object_id)
    if row is None:
        return ""
    _, _, made_by, approved_by, name = row
    return "" if approved_by in (None, made_by) else f"approved by {name}"

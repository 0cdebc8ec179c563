"""An export about one young person rests on their release from its beginning to its end."""

from __future__ import annotations

from shelter_desk.desk.base import Write
from shelter_desk.desk.information_releases import PRIVILEGED, refuse_ended
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import paper_disclosure
from shelter_desk.store.schema_packs import information_release as _release

PAPER = "pack"


def begun_under(write: Write, release_id: str) -> int | None:
    """Return the key of the release an export begins under, or None where there is none.

    Raises:
        NoReleaseError: it was taken back, is over, or has not begun.
    """
    if not release_id:
        return None
    write.staff_may_open(PRIVILEGED)
    row = find(write.writer, _release, release_id)
    refuse_ended(write, row)
    return int(row["id"])


def leave_under(write: Write, export: RowValues) -> None:
    """Let an export leave while its release still holds, and log it with the resident.

    Raises:
        NoReleaseError: the release ended since the export began.
    """
    if export["release_id"] is None:
        return
    row = get(write.writer, _release, export["release_id"])
    refuse_ended(write, row)
    write.about(get(write.writer, schema.stay, row["stay_id"])["resident_id"])
    write.add(
        paper_disclosure,
        public_id=export["public_id"],  # so that every event of the export is one of theirs
        stay_id=row["stay_id"],
        paper=PAPER,
        recipient=row["recipient"],
        basis=export["basis"],
        parts=row["parts"],
        made_at=write.now_ms,
        staff_id=write.who.staff.id,
    )

"""An export about one young person rests on their release from its beginning to its end."""

from __future__ import annotations

from shelter_desk.desk.base import Write
from shelter_desk.desk.information_releases import PRIVILEGED, refuse_ended
from shelter_desk.desk.rows import RowValues, find, get
from shelter_desk.domain.errors import InvalidError, Problem
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import paper_disclosure
from shelter_desk.store.schema_packs import information_release as _release

PAPER = "pack"
NAMES_NO_AGENCY = (
    "This release was written down without the name of an agency. End it, and record one that "
    "says whom it is for."
)


def signed_for(agency: str) -> str:
    """Return what is told where a pack under a release would go to somebody else."""
    return f"They signed for this agency and no other: {agency}. Leave the recipient out."


def begun_under(write: Write, release_id: str, agency: str) -> int | None:
    """Return the key of the release an export begins under, or None where there is none.

    Source: 34 USC 12291(b)(2)(B): what was agreed to for one agency is agreed to for no other.

    Raises:
        InvalidError: it was signed for another agency than this one, or names none.
        NoReleaseError: it was taken back, is over, or has not begun.
    """
    if not release_id:
        return None
    write.staff_may_open(PRIVILEGED)
    row = find(write.writer, _release, release_id)
    refuse_ended(write, row)
    if row["agency"] is None:
        raise InvalidError((Problem("release_id", NAMES_NO_AGENCY),))
    if row["agency"] != agency:
        raise InvalidError((Problem("recipient", signed_for(row["agency"])),))
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
        recipient=row["agency"],
        basis=export["basis"],
        parts=row["parts"],
        made_at=write.now_ms,
        staff_id=write.who.staff.id,
    )

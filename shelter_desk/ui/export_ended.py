"""What pages are told when an export has ended that was made off the main thread."""

from __future__ import annotations

from dataclasses import dataclass

from shelter_desk.desk import Area


@dataclass(frozen=True, slots=True)
class ExportEnded:
    """What an export or a backup left behind in the records, in the shape pages listen for."""

    subject: str = ""
    touches: Area = Area.CUSTODY | Area.AUDIT
    undo: None = None

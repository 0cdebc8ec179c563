"""When something ends, on a computer whose clock may have been set back since it began."""

from __future__ import annotations

from shelter_desk.desk.base import Write


def now_or(write: Write, began_ms: int) -> int:
    """Return now, as stored, for the end of what began then; never before it."""
    return max(write.now_ms, began_ms)

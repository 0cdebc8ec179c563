"""One rule for moments on a computer whose clock was set back.

A clock that ran ahead leaves moments in the records that are still to come once it is put right.
What happens now is written down all the same: a moment contradicts an earlier one only where that
one has been. What ends, ends no sooner than it began, or was last written about.
"""

from __future__ import annotations

from shelter_desk.desk.base import Write, moment


def is_before(write: Write, at_ms: int, since_ms: int) -> bool:
    """Say whether a moment contradicts one that comes first; one still to come forbids nothing."""
    return at_ms < since_ms <= write.now_ms


def no_sooner(write: Write, at_ms: int, *firsts: int | None) -> int:
    """Return when something ends that was given as `at_ms`: after all that is still to come.

    Of the moments that come first, those that have been are left to `is_before`. Where it is
    another moment than was given, whoever gave it is told: `Done.moved_to`.
    """
    ahead = (first for first in firsts if first is not None and first > write.now_ms)
    at = max((at_ms, *ahead))
    if at > at_ms:
        write.moved_to = moment(at)
    return at


def now_or(write: Write, began_ms: int) -> int:
    """Return now, as stored, for the end of what began then; never before it."""
    return no_sooner(write, write.now_ms, began_ms)

"""Checks, training and licences that an invented house has on file, and a few that it has not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from shelter_desk.desk.dated_papers import RecordPaper, shipped_paper_kinds
from shelter_desk.domain.dated_papers import OF_HOUSE, usual_end

_HOURS = 4
_NEW = 3  # the first days of the house: nothing is on file before


def on_file(staff: Sequence[str], today: date) -> Iterator[RecordPaper]:
    """Yield papers of the house and of its staff; some are missing, run out soon, or have.

    A training was held for all of them at once.
    """
    for number, kind in enumerate(shipped_paper_kinds().values()):
        if not kind.needed or number % 7 == _NEW:
            continue
        months_ago = (number * 5) % (kind.months or 12)
        issued_on = today - timedelta(days=30 * months_ago + 9)
        hours, ends_on = _HOURS if kind.counts_hours else 0, usual_end(kind, issued_on)
        if kind.of == OF_HOUSE:
            yield RecordPaper(kind.id, issued_on, expires_on=ends_on, hours=hours)
            continue
        first, *others = staff
        yield RecordPaper(kind.id, issued_on, first, ends_on, hours, also=tuple(others))

"""Checks, training and licences that an invented house has on file, and a few that it has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from shelter_desk.desk.dated_papers import RecordPaper, shipped_paper_kinds
from shelter_desk.domain.dated_papers import OF_HOUSE, PaperKind, usual_end

_HOURS = 4
_LACKING = 1  # of every fourth kind, whoever came last has none yet


def on_file(staff: Mapping[str, tuple[str, ...]], today: date) -> Iterator[RecordPaper]:
    """Yield papers of the house and of its staff (public id -> roles), each with the one before.

    Some are missing, run out soon, or have. A training was held for all of them at once.
    """
    for number, kind in enumerate(shipped_paper_kinds().values()):
        if not kind.needed:
            continue
        holders = [one for one, roles in staff.items() if kind.needed_of(one, roles)]
        if number % 4 == _LACKING and len(holders) > 1:
            holders.pop()
        every = kind.months or 12
        for months_ago in ((number * 5) % every + every, (number * 5) % every):
            issued_on = today - timedelta(days=30 * months_ago + 9)
            yield _paper(kind, issued_on, [""] if kind.of == OF_HOUSE else holders)


def _paper(kind: PaperKind, issued_on: date, holders: list[str]) -> RecordPaper:
    first, *others = holders
    hours, ends_on = _HOURS if kind.counts_hours else 0, usual_end(kind, issued_on)
    return RecordPaper(kind.id, issued_on, first, ends_on, hours, also=tuple(others))

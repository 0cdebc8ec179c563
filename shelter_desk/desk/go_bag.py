"""What the house needs on paper when it must leave, or when the desk is down.

Who is to be counted, by bed and initials, what a shift must know of each, and what has a time in
the next day and a night: appointments, medicine times among them, and what keeps somebody safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shelter_desk.desk.appointments import PLANNED, AppointmentLine
from shelter_desk.desk.base import Read, asks
from shelter_desk.desk.beds import BedBoard, Sleeper, bed_board
from shelter_desk.desk.dated import Dated, dated
from shelter_desk.desk.listed import ListedItem
from shelter_desk.desk.residents import record
from shelter_desk.domain.naming import Named, names_of, without
from shelter_desk.domain.people import board_initials
from shelter_desk.domain.staff import May

AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class BagLine:
    """One resident to be counted. `is_away`: missing from care. Nobody is named."""

    bed: str
    initials: str
    case_code: str
    is_away: bool
    good_to_know: str


@dataclass(frozen=True, slots=True)
class GoBag:
    """The whole of it; `ahead` is what has a time from now on, what waits since before too."""

    at: datetime
    lines: tuple[BagLine, ...]
    ahead: tuple[Dated, ...]

    @property
    def in_house(self) -> int:
        """Return how many heads are to be counted."""
        return sum(not line.is_away for line in self.lines)


@asks(May.READ_RECORDS)
def go_bag(read: Read, *, now: datetime) -> GoBag:
    """Return what goes along when the house must leave."""
    board = bed_board.answer(read)
    sleepers = _sleepers(board)
    people = [one for sleeper in sleepers for one in names_of(sleeper.stay_id, sleeper.called)]
    ahead = dated.answer(read, now=now, since=now, until=now + AHEAD, with_overdue=True)
    return GoBag(
        at=now,
        lines=tuple(_line(read, one, bed, people, now) for one, bed in sleepers.items()),
        ahead=tuple(one for one in ahead if _goes_along(one)),
    )


def _sleepers(board: BedBoard) -> dict[Sleeper, str]:
    in_beds = {bed.sleeper: bed.name for bed in board.beds if bed.sleeper is not None}
    return {**in_beds, **dict.fromkeys(board.without_bed, "")}


def _line(read: Read, sleeper: Sleeper, bed: str, people: list[Named], now: datetime) -> BagLine:
    told = record.answer(read, stay_id=sleeper.stay_id, now=now).good_to_know
    return BagLine(
        bed=bed,
        initials=board_initials(sleeper.called),
        case_code=sleeper.case_code,
        is_away=sleeper.away_since is not None,
        good_to_know=without(told, people, "[name]"),
    )


def _goes_along(one: Dated) -> bool:
    """Say whether it cannot wait until the desk is back."""
    if isinstance(one.what, AppointmentLine):
        return one.what.state == PLANNED
    return not isinstance(one.what, ListedItem) or one.what.item.safety_critical

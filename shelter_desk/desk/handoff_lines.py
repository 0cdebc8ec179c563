"""What the handoff sheet holds: frozen values for the page and the paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shelter_desk.desk.appointments import AppointmentLine
from shelter_desk.desk.notices import OwedNotice
from shelter_desk.desk.shift_log import ShiftLine
from shelter_desk.desk.staffing import Staffing

_MOST_OF_HOUSE = 3


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature of a handoff. `side` is "outgoing" or "incoming"."""

    staff_id: str
    name: str
    side: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class HandoffLine:
    """One handoff: what was counted and who signed."""

    handoff_id: str
    since: datetime
    until: datetime
    expected: int
    counted: int
    on_duty: int
    why: str
    signed: tuple[Signed, ...]

    @property
    def is_received(self) -> bool:
        """Tell whether somebody of the incoming shift has signed."""
        return any(one.side == "incoming" for one in self.signed)

    @property
    def outgoing(self) -> str:
        """Return who handed over."""
        return next((one.name for one in self.signed if one.side == "outgoing"), "")

    @property
    def incoming(self) -> str:
        """Return who took over, or ""."""
        return ", ".join(one.name for one in self.signed if one.side == "incoming")


@dataclass(frozen=True, slots=True)
class Critical:
    """Something safety-critical that is overdue. `called` is "" for the house.

    `has_left`: it is of somebody who is in the house no longer.
    """

    stay_id: str | None
    called: str
    case_code: str
    text: str
    due_at: datetime
    has_left: bool


@dataclass(frozen=True, slots=True)
class ResidentSheet:
    """What the next shift must know of one resident, from what changed.

    `chips` are the newest everyday words, one of each group. `must_know` are at most three lines;
    `more_must_know` says how many others stand in the log. `incidents` are codes of types. `also`
    are the other stays under which lines name them: they were written down twice.
    """

    stay_id: str
    called: str
    case_code: str
    bed: str
    arrived_at: datetime | None
    left_at: datetime | None
    missing_since: datetime | None
    chips: tuple[str, ...]
    must_know: tuple[ShiftLine, ...]
    more_must_know: int
    lines: tuple[ShiftLine, ...]
    incidents: tuple[str, ...]
    appointments: tuple[AppointmentLine, ...]
    overdue: int
    open_items: int
    also: tuple[str, ...] = ()

    @property
    def must_be_known(self) -> bool:
        """Say whether the next shift has to read about them, not only may."""
        came_or_went = self.missing_since or self.arrived_at or self.left_at
        return bool(came_or_went or self.must_know or self.incidents or self.appointments)

    @property
    def is_silent(self) -> bool:
        """Say whether nothing at all was written about them, and nothing is overdue."""
        return not (self.must_be_known or self.chips or self.lines or self.overdue)

    @property
    def written(self) -> tuple[ShiftLine, ...]:
        """Return what else was written, each text once."""
        known = {line.text for line in self.must_know}
        found: dict[str, ShiftLine] = {}
        for line in self.lines:
            if line.text and line.text not in known:
                found.setdefault(line.text, line)
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class HandoffSheet:
    """The sheet of one reader, as of a moment.

    `is_first`: the reader has not signed before; `is_cut`: they signed so long ago that only the
    newest days are shown. `waiting` is a handoff that nobody of the incoming shift has signed.
    """

    since: datetime
    at: datetime
    is_first: bool
    is_cut: bool
    in_house: int
    expected: int
    residents: tuple[ResidentSheet, ...]
    house: tuple[ShiftLine, ...]
    house_incidents: tuple[str, ...]
    critical: tuple[Critical, ...]
    owed: tuple[OwedNotice, ...]
    staffing: Staffing
    waiting: HandoffLine | None
    last: HandoffLine | None

    def folded(self) -> tuple[tuple[ResidentSheet, ...], ...]:
        """Return whom the next shift must read about, of whom else there is something, the rest.

        The screen and the paper show them in this order, with the house after the first.
        """
        told = [one for one in self.residents if not one.is_silent]
        first = tuple(one for one in told if one.must_be_known)
        others = tuple(one for one in told if not one.must_be_known)
        return first, others, tuple(one for one in self.residents if one.is_silent)


def by_person(lines: Iterable[Critical]) -> tuple[tuple[Critical, int], ...]:
    """Return for each resident, and for the house, the oldest line and how many there are."""
    oldest: dict[str | None, Critical] = {}
    counted: Counter[str | None] = Counter()
    for line in sorted(lines, key=lambda one: one.due_at):
        oldest.setdefault(line.stay_id, line)
        counted[line.stay_id] += 1
    return tuple((line, counted[key]) for key, line in oldest.items())


def of_the_house(lines: Iterable[ShiftLine]) -> tuple[tuple[ShiftLine, ...], int]:
    """Return the lines about the house that are shown, and how many others stand in the log.

    All that must be known comes first, then the newest few of the rest.
    """
    every = sorted(lines, key=lambda line: not line.must_know)
    known = sum(line.must_know for line in every)
    shown = tuple(every[: known + _MOST_OF_HOUSE])
    return shown, len(every) - len(shown)

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
    """Something safety-critical that is overdue. `called` is "" for the house."""

    stay_id: str | None
    called: str
    case_code: str
    text: str
    due_at: datetime


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


def by_person(lines: Iterable[Critical]) -> tuple[tuple[Critical, int], ...]:
    """Return for each resident, and for the house, the oldest line and how many there are."""
    oldest: dict[str | None, Critical] = {}
    counted: Counter[str | None] = Counter()
    for line in sorted(lines, key=lambda one: one.due_at):
        oldest.setdefault(line.stay_id, line)
        counted[line.stay_id] += 1
    return tuple((line, counted[key]) for key, line in oldest.items())

"""The round of a shift: every each-shift check of everybody here as one grid, and of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from shelter_desk.desk.appointments import PLANNED, agenda
from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.listed import THE_HOUSE_ITSELF, ListedItem
from shelter_desk.desk.merge_rules import second_writings
from shelter_desk.desk.missing_record import missing_board
from shelter_desk.desk.roster import RosterLine, roster
from shelter_desk.desk.today_lines import TodayLine
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

EACH_SHIFT = "each-shift"
OPEN, DONE, SIGNATURE = "open", "done", "signature"
MISSING, AWAY = "missing", "away"
_AWAY_KINDS = frozenset(("home-visit", "step-visit", "outing"))
_due, _stay, _answer, _staff = schema.due_item, schema.stay, schema.item_answer, schema.staff

# From those who are here to their items: an inner join may go the other way, through every item.
_OPEN_OF_ITEM = Statement(
    select(_stay.c.public_id, _due.c.occurrence, _due.c.due_at, _due.c.state)
    .select_from(_stay)
    .outerjoin(_due, (_due.c.stay_id == _stay.c.id) & (_due.c.item_id == bindparam("item_id")))
    .where(_stay.c.ended_at.is_(None))
)
_OPEN_OF_HOUSE = Statement(
    select(_due.c.occurrence, _due.c.due_at, _due.c.state)
    .where(_due.c.stay_id.is_(None), _due.c.item_id == bindparam("item_id"))
    .order_by(_due.c.due_at)
)
_ANSWERED = Statement(
    select(
        _stay.c.public_id,
        _answer.c.item_id,
        _answer.c.public_id,
        _answer.c.outcome,
        _staff.c.name,
        _answer.c.done_at,
    )
    .select_from(_answer)
    .join(_stay, _stay.c.id == _answer.c.stay_id, isouter=True)
    .join(_staff, _staff.c.id == _answer.c.staff_id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.undone_at.is_(None))
    .order_by(_answer.c.done_at, _answer.c.id)
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One check of one resident. `state`: "open", "done", "signature", "blocked" or "deferred".

    `occurrence` is what is open, "" when nothing is; `answer_id` the answer of this shift.
    """

    state: str
    occurrence: str = ""
    due_at: datetime | None = None
    answer_id: str = ""
    outcome: str = ""
    who: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One resident of the round. `absent` is "", "missing" or "away" (on a visit, an outing)."""

    stay_id: str
    called: str
    case_code: str
    bed: str
    absent: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Round:
    """The round of the shift that a moment falls in.

    `checks` are the columns; one that needs a signature each time is never ticked for several.
    `house` are the checks of the house that are open, `house_done` how many are answered.
    """

    at: datetime
    began_at: datetime
    ends_at: datetime
    checks: tuple[ListedItem, ...]
    lines: tuple[RoundLine, ...]
    house: tuple[TodayLine, ...]
    house_done: int

    @property
    def left(self) -> int:
        """Return how many cells are open, of those who are here."""
        return sum(
            cell.state != DONE
            for line in self.lines
            if not line.absent
            for cell in line.cells.values()
        )


@asks(May.READ_RECORDS)
def shift_round(read: Read, *, now: datetime) -> Round:
    """Return the round: the checks that the person asking may answer, for everybody here."""
    began, ends = read.house.shifts.start_of(now), read.house.shifts.end_of(now)
    may_answer = read.access.may_answer
    items = [
        listed
        for item_id, listed in read.house.listed.items()
        if listed.item.repeat == EACH_SHIFT and may_answer(item_id)
    ]
    answered = _answered(read, began)
    people = roster.answer(read, now=now)
    absent = _absent(read, now)
    cells: dict[str, dict[str, Cell]] = {line.stay_id: {} for line in people}
    checks = [listed for listed in items if not listed.item.is_house]
    for listed in checks:
        for stay_id, cell in _column(read, listed, answered, ends).items():
            cells.get(stay_id, {})[listed.item_id] = cell
    used = {item_id for row in cells.values() for item_id in row}
    house, house_done = _house(read, [one for one in items if one.item.is_house], answered, ends)
    return Round(
        at=now,
        began_at=began,
        ends_at=ends,
        checks=tuple(listed for listed in checks if listed.item_id in used),
        lines=tuple(_line(line, absent, cells[line.stay_id]) for line in people),
        house=house,
        house_done=house_done,
    )


def _line(line: RosterLine, absent: Mapping[str, str], cells: Mapping[str, Cell]) -> RoundLine:
    return RoundLine(
        stay_id=line.stay_id,
        called=line.called,
        case_code=line.case_code,
        bed=line.bed,
        absent=absent.get(line.stay_id, ""),
        cells=cells,
    )


def _absent(read: Read, now: datetime) -> dict[str, str]:
    found = {
        one.stay_id: AWAY
        for one in agenda.answer(read, since=now, until=now)
        if one.state == PLANNED and one.kind in _AWAY_KINDS and one.starts_at <= now
    }
    episodes = missing_board.answer(read, now=now).episodes
    return found | {one.stay_id: MISSING for one in episodes if one.is_missing}


_Answered = Mapping[tuple[str | None, str], Cell]


def _answered(read: Read, since: datetime) -> _Answered:
    found: dict[tuple[str | None, str], Cell] = {}
    rows = read.reader.rows(_ANSWERED, since=milliseconds(since))
    goes_on = second_writings(read.reader, {row[0] for row in rows})
    for stay_id, item_id, answer_id, outcome, who, done_ms in rows:
        cell = Cell(DONE, "", None, answer_id, outcome, who, moment(done_ms))
        here = goes_on[stay_id].stay_id if stay_id in goes_on else stay_id
        found[here, item_id] = cell  # the newest stays
    return found


def _column(
    read: Read, listed: ListedItem, answered: _Answered, ends: datetime
) -> dict[str, Cell]:
    ends_ms = milliseconds(ends)
    cells = {
        stay_id: cell
        for (stay_id, item_id), cell in answered.items()
        if stay_id is not None and item_id == listed.item_id
    }
    for stay_id, occurrence, due_ms, state in read.reader.rows(
        _OPEN_OF_ITEM, item_id=listed.item_id
    ):
        if occurrence is None:
            continue  # it does not apply to them
        if stay_id in cells and state == OPEN and due_ms > ends_ms:
            continue  # answered in this shift; what is open is the round of the next
        before = cells.get(stay_id)
        cells[stay_id] = Cell(
            state,
            occurrence,
            moment(due_ms),
            before.answer_id if before else "",
            before.outcome if before else "",
            before.who if before else "",
            before.done_at if before else None,
        )
    return cells


def _house(
    read: Read, items: list[ListedItem], answered: _Answered, ends: datetime
) -> tuple[tuple[TodayLine, ...], int]:
    ends_ms, lines, done = milliseconds(ends), [], 0
    for listed in items:
        for occurrence, due_ms, state in read.reader.rows(_OPEN_OF_HOUSE, item_id=listed.item_id):
            if (None, listed.item_id) in answered and state == OPEN and due_ms > ends_ms:
                done += 1
                continue
            view = read.access.view(listed.item_id)
            lines.append(
                TodayLine(THE_HOUSE_ITSELF, listed, occurrence, due_ms, state, "today", view)
            )
    return tuple(lines), done

"""Today's board: what is late, for whom, who does it; an arrival's first hours as one card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, literal_column, select

from shelter_desk.desk.assigning import Assigned, OpenLine
from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.listed import IS_HERE, THE_HOUSE_ITSELF, Subject, line_maker
from shelter_desk.desk.merge_rules import also_written_as
from shelter_desk.desk.today_lines import (
    ArrivalCard,
    ArrivalGroup,
    DoneLine,
    TodayBoard,
    TodayLine,
)
from shelter_desk.domain.record_classes import VIEW_HIDDEN, VIEW_OPEN
from shelter_desk.domain.staff import DIRECTOR, May, StaffMember
from shelter_desk.store import schema
from shelter_desk.store.sql import Statement

__all__ = [
    "ArrivalCard",
    "ArrivalGroup",
    "DoneLine",
    "TodayBoard",
    "TodayLine",
    "board",
    "only_mine",
    "only_roles",
]

_due, _stay, _resident = schema.due_item, schema.stay, schema.resident
_index, _bed, _answer, _staff = (
    schema.resident_index,
    schema.bed,
    schema.item_answer,
    schema.staff,
)

ARRIVAL_HOURS = 72
_NEXT_DAYS = 7
_HOUR_MS = 60 * 60 * 1000
_ARRIVAL_MS = ARRIVAL_HOURS * _HOUR_MS
_GROUPS = (
    ("first-hour", "First hour", 1),
    ("first-night", "First night", 12),
    ("first-three-days", "First three days", ARRIVAL_HOURS),
)
OVERDUE, DUE_TODAY, NEXT = "overdue", "today", "next"
_new_line, _new_done = line_maker(TodayLine), line_maker(DoneLine)
_new_subject = line_maker(Subject)
_BUCKETS = (OVERDUE, DUE_TODAY, NEXT)  # in the order of the page
_Placed = tuple[int, str, int, int, TodayLine]
"""A line with what it is ordered by: when it is due, of whom, in the model; and a number, so that
no two are alike."""


_OPEN = Statement(
    select(_due.c.stay_id, _due.c.item_id, _due.c.occurrence, _due.c.due_at, _due.c.state)
    .where(_due.c.due_at < bindparam("until"))
    .order_by(_due.c.due_at)
)
_DONE_TODAY = Statement(
    select(
        _answer.c.public_id,
        _answer.c.stay_id,
        _answer.c.item_id,
        _staff.c.name,
        _answer.c.done_at,
        _answer.c.outcome,
        _answer.c.staff_id,
    )
    .join(_staff, _staff.c.id == _answer.c.staff_id)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.undone_at.is_(None))
    .order_by(_answer.c.done_at.desc(), _answer.c.id.desc())
)
# Somebody whose words were erased is known by their case code.
_CALLED = func.coalesce(_index.c.called, _resident.c.case_code)
_SUBJECTS = (
    select(_stay.c.id, _stay.c.public_id, _CALLED, _resident.c.case_code, _stay.c.began_at)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
)
_HERE = Statement(_SUBJECTS.add_columns(literal_column("0")).where(_stay.c.ended_at.is_(None)))
_LEFT = Statement(_SUBJECTS.add_columns(~IS_HERE).where(_stay.c.id == bindparam("stay_id")))
_ANSWERED_DUE = Statement(
    select(_answer.c.due_at, _answer.c.item_id, _answer.c.occurrence)
    .where(_answer.c.stay_id == bindparam("stay_id"))
    .where(_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
)
_BEDS = Statement(select(func.count()).where(_bed.c.is_active == 1))


@asks(May.READ_RECORDS)
def board(read: Read, *, now: datetime) -> TodayBoard:
    """Return the board of this moment. Late work of people who have left (aftercare) is in it."""
    midnight = now.astimezone(read.house.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    subjects = Subjects(read)
    since = milliseconds(now - timedelta(hours=ARRIVAL_HOURS))
    in_cards: dict[str | None, list[TodayLine]] = {
        one.stay_id: [] for one in subjects.here.values() if one.began_ms >= since
    }
    lines, counts = _open_lines(read, subjects, (now, _end_of_day(midnight)), in_cards)
    return TodayBoard(
        in_house=len(subjects.here),
        beds=int(read.reader.value(_BEDS)),
        overdue=counts[0],
        due_today=counts[1],
        arrivals=_cards(read, subjects.here, in_cards),
        lines=lines,
        done=_done(read, subjects, milliseconds(midnight)),
    )


class Subjects(dict[int | None, Subject]):
    """Whom lines are about, by the key of the stay: those here at once, others as they come."""

    def __init__(self, read: Read) -> None:
        self.here = {row[0]: _new_subject(row[1:]) for row in read.reader.rows(_HERE)}
        super().__init__(self.here)
        self[None] = THE_HOUSE_ITSELF
        self._reader = read.reader

    def __missing__(self, key: int | None) -> Subject:
        row = self._reader.row(_LEFT, stay_id=key)
        found = self[key] = _new_subject(row[1:]) if row else THE_HOUSE_ITSELF
        return found


def _end_of_day(midnight: datetime) -> datetime:
    # Three hours on: past any clock change.
    return (midnight + timedelta(days=1, hours=3)).replace(hour=0, fold=0)


def _open_lines(
    read: Read,
    subjects: Subjects,
    bounds: tuple[datetime, datetime],
    in_cards: Mapping[str | None, list[TodayLine]],
) -> tuple[tuple[TodayLine, ...], list[int]]:
    """Put the lines of arrivals into their cards; return the others, and how many a bucket has.

    `bounds` are now and the end of the day. One pass, because everybody waits for it: the order
    of a line is put together where its parts are at hand.
    """
    now_ms, tomorrow_ms = map(milliseconds, bounds)
    listed, views, unknown = read.house.listed, read.access.views, read.access.view("")
    counts = [0] * len(_BUCKETS)
    # In each bucket those that somebody's safety hangs on, and the others. Rows come by the time
    # they are due, so every list is nearly in order.
    found: list[list[_Placed]] = [[] for _ in range(2 * len(_BUCKETS))]
    until = milliseconds(bounds[0] + timedelta(days=_NEXT_DAYS))
    rows = read.reader.rows(_OPEN, until=until)
    for number, (key, item_id, occurrence, due_ms, state) in enumerate(rows):
        view = views.get(item_id, unknown)
        if view is VIEW_HIDDEN:
            continue
        subject, one = subjects[key], listed[item_id]
        place = 0 if due_ms < now_ms else 1 if due_ms < tomorrow_ms else 2
        counts[place] += 1
        line = _new_line((subject, one, occurrence, due_ms, state, _BUCKETS[place], view))
        if due_ms <= subject.began_ms + _ARRIVAL_MS and subject.stay_id in in_cards:
            in_cards[subject.stay_id].append(line)
        else:
            placed = found[2 * place + (not one.item.safety_critical)]
            placed.append((due_ms, subject.called, one.rank, number, line))
    for placed in found:
        placed.sort()
    return tuple([one[-1] for placed in found for one in placed]), counts


def _cards(
    read: Read, here: Mapping[int, Subject], opened: Mapping[str | None, list[TodayLine]]
) -> tuple[ArrivalCard, ...]:
    # Sorted here: asked for the order, SQLite walks through all stays there ever were.
    arrived = [one for one in here.items() if one[1].stay_id in opened]
    arrived.sort(key=lambda one: one[1].began_ms, reverse=True)
    return tuple(
        ArrivalCard(
            stay_id=subject.stay_id or "",
            called=subject.called,
            case_code=subject.case_code,
            arrived_at=moment(subject.began_ms),
            groups=_groups(
                subject.began_ms,
                opened[subject.stay_id],
                _finished(read, key),
            ),
        )
        for key, subject in arrived
    )


def _finished(read: Read, stay_id: int) -> list[int]:
    """Return when what is done of a stay was due; once what was ticked in two joined records."""
    again = also_written_as(read.reader, stay_id)
    due = {
        (item_id, occurrence): due_ms or 0
        for one in (*again, stay_id)
        for due_ms, item_id, occurrence in read.reader.rows(_ANSWERED_DUE, stay_id=one)
        if read.access.may_answer(item_id)
    }
    return list(due.values())


def _groups(
    began_ms: int, opened: Iterable[TodayLine], finished: Iterable[int]
) -> tuple[ArrivalGroup, ...]:
    ordered = sorted(opened, key=_order_in_card)
    groups, low = [], 0
    for group_id, title, hours in _GROUPS:
        high = began_ms + hours * _HOUR_MS
        inside = tuple(line for line in ordered if low < line.due_ms <= high)
        done = sum(low < due_ms <= high for due_ms in finished)
        groups.append(ArrivalGroup(group_id, title, inside, done, len(inside) + done))
        low = high
    return tuple(groups)


def _order_in_card(line: TodayLine) -> tuple[bool, int, int]:
    return not line.listed.item.safety_critical, line.due_ms, line.listed.rank


def _done(read: Read, subjects: Subjects, since: int) -> tuple[DoneLine, ...]:
    listed, me = read.house.listed, read.staff.id
    opened, view_of = read.access.open_items, read.access.view
    return tuple(
        [
            _new_done(
                (answer_id, subjects[key], item_id, listed.get(item_id), who, done_ms, outcome)
            )
            for answer_id, key, item_id, who, done_ms, outcome, staff_id in read.reader.rows(
                _DONE_TODAY, since=since
            )
            if item_id in opened or staff_id == me or view_of(item_id) is VIEW_OPEN
        ]
    )


def only_roles(board: TodayBoard, roles: Iterable[str]) -> TodayBoard:
    """Return the board with the items of these roles only; counters follow."""
    wanted = frozenset(roles)
    return _only(board, lambda line: line.role in wanted)


def only_mine(
    board: TodayBoard, staff: StaffMember, assigned: Mapping[OpenLine, Assigned]
) -> TodayBoard:
    """Return the board of one person: what is given to them, and what nobody has of their roles.

    What is safety-critical and overdue is a director's work too, whoever has it.
    """
    roles, leads = frozenset(staff.roles), DIRECTOR in staff.roles

    def is_mine(line: TodayLine) -> bool:
        if leads and line.safety_critical and line.bucket == OVERDUE:
            return True
        given = assigned.get(OpenLine(line.stay_id, line.item_id, line.occurrence))
        return line.role in roles if given is None else given.staff_id == staff.public_id

    return _only(board, is_mine)


def _only(board: TodayBoard, wanted: Callable[[TodayLine], bool]) -> TodayBoard:
    lines = tuple(line for line in board.lines if wanted(line))
    cards = tuple(_card_of(card, wanted) for card in board.arrivals)
    in_cards = (line for card in cards for group in card.groups for line in group.lines)
    kept = Counter(line.bucket for line in (*lines, *in_cards))
    return replace(
        board,
        arrivals=cards,
        lines=lines,
        overdue=kept[OVERDUE],
        due_today=kept[DUE_TODAY],
    )


def _card_of(card: ArrivalCard, wanted: Callable[[TodayLine], bool]) -> ArrivalCard:
    groups = tuple(
        replace(group, lines=tuple(line for line in group.lines if wanted(line)))
        for group in card.groups
    )
    return replace(card, groups=groups)

"""Today's board: what is late, for whom, who does it; an arrival's first hours as one card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.sql import Row, Statement

_due, _stay, _resident = schema.due_item, schema.stay, schema.resident
_index, _bed, _answer, _staff = (
    schema.resident_index,
    schema.bed,
    schema.item_answer,
    schema.staff,
)

THE_HOUSE = "The house"
ARRIVAL_HOURS = 72
_NEXT_DAYS = 7
_GROUPS = (
    ("first-hour", "First hour", timedelta(hours=1)),
    ("first-night", "First night", timedelta(hours=12)),
    ("first-three-days", "First three days", timedelta(hours=ARRIVAL_HOURS)),
)
OVERDUE, DUE_TODAY, NEXT = "overdue", "today", "next"
_BUCKETS = (OVERDUE, DUE_TODAY, NEXT)


@dataclass(frozen=True, slots=True)
class TodayLine:
    """One open item. `stay_id` None: the house. `state` as in the plan."""

    stay_id: str | None
    called: str
    case_code: str
    item_id: str
    service_id: str
    service: str
    text: str
    occurrence: str
    role: str
    role_short: str
    due_at: datetime
    state: str
    safety_critical: bool
    bucket: str


@dataclass(frozen=True, slots=True)
class ArrivalGroup:
    """A stretch of an arrival's first days; `lines` are the open items in working order."""

    group_id: str
    title: str
    lines: tuple[TodayLine, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class ArrivalCard:
    """Somebody who came within the last 72 hours, with what is due by then, in order."""

    stay_id: str
    called: str
    case_code: str
    arrived_at: datetime
    groups: tuple[ArrivalGroup, ...]


@dataclass(frozen=True, slots=True)
class DoneLine:
    """One item answered today."""

    answer_id: str
    stay_id: str | None
    called: str
    text: str
    service_id: str
    who: str
    done_at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class TodayBoard:
    """The board. `lines` hold what is not in a card: overdue, due today, due within a week."""

    in_house: int
    beds: int
    overdue: int
    due_today: int
    arrivals: tuple[ArrivalCard, ...]
    lines: tuple[TodayLine, ...]
    done: tuple[DoneLine, ...]


_WITH_RESIDENT = (
    select(
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _due.c.item_id,
        _due.c.occurrence,
        _due.c.due_at,
        _due.c.state,
        _stay.c.began_at,
    )
    .join(_stay, _stay.c.id == _due.c.stay_id, isouter=True)
    .join(_resident, _resident.c.id == _stay.c.resident_id, isouter=True)
    .join(_index, _index.c.resident_id == _stay.c.resident_id, isouter=True)
)
OPEN_LINES = Statement(
    _WITH_RESIDENT.where(_due.c.due_at < bindparam("until")).order_by(_due.c.due_at, _due.c.id)
)
_DONE_TODAY = Statement(
    select(
        _answer.c.public_id,
        _stay.c.public_id,
        _index.c.called,
        _answer.c.item_id,
        _staff.c.name,
        _answer.c.done_at,
        _answer.c.outcome,
    )
    .join(_staff, _staff.c.id == _answer.c.staff_id)
    .join(_stay, _stay.c.id == _answer.c.stay_id, isouter=True)
    .join(_index, _index.c.resident_id == _stay.c.resident_id, isouter=True)
    .where(_answer.c.done_at >= bindparam("since"), _answer.c.undone_at.is_(None))
    .order_by(_answer.c.done_at.desc(), _answer.c.id.desc())
)
_ARRIVED = Statement(
    select(_stay.c.public_id, _index.c.called, _resident.c.case_code, _stay.c.began_at)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id)
    .where(_stay.c.ended_at.is_(None), _stay.c.began_at >= bindparam("since"))
    .order_by(_stay.c.began_at.desc())
)
_ARRIVAL_DONE = Statement(
    select(_stay.c.public_id, _answer.c.due_at)
    .join(_stay, _stay.c.id == _answer.c.stay_id)
    .where(_stay.c.ended_at.is_(None), _stay.c.began_at >= bindparam("since"))
    .where(_answer.c.undone_at.is_(None), _answer.c.closed_at.is_not(None))
)
_IN_HOUSE = Statement(select(func.count()).where(_stay.c.ended_at.is_(None)))
_BEDS = Statement(select(func.count()).where(_bed.c.is_active == 1))


@asks(May.READ_RECORDS)
def board(read: Read, *, now: datetime) -> TodayBoard:
    """Return the board of this moment. Late work of people who have left (aftercare) is in it."""
    now_ms = milliseconds(now)
    local = now.astimezone(read.house.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow_ms = milliseconds(
        (midnight + timedelta(days=1, hours=3)).replace(hour=0, fold=0)  # past any clock change
    )
    rows = read.reader.rows(OPEN_LINES, until=milliseconds(now + timedelta(days=_NEXT_DAYS)))
    rank = read.house.rank
    rows.sort(key=lambda row: (row[5], rank.get(row[3], 0)))
    lines = [_line(read, row, now_ms, tomorrow_ms) for row in rows]
    since = milliseconds(now - timedelta(hours=ARRIVAL_HOURS))
    arrivals = _arrivals(read, rows, lines, since)
    in_cards = {
        (line.stay_id, line.item_id, line.occurrence)
        for card in arrivals
        for group in card.groups
        for line in group.lines
    }
    rest = [
        line for line in lines if (line.stay_id, line.item_id, line.occurrence) not in in_cards
    ]
    return TodayBoard(
        in_house=int(read.reader.value(_IN_HOUSE)),
        beds=int(read.reader.value(_BEDS)),
        overdue=sum(line.bucket == OVERDUE for line in lines),
        due_today=sum(line.bucket == DUE_TODAY for line in lines),
        arrivals=arrivals,
        lines=tuple(sorted(rest, key=_working_order)),
        done=_done(read, milliseconds(midnight)),
    )


def _line(read: Read, row: Row, now_ms: int, tomorrow_ms: int) -> TodayLine:
    stay_id, called, code, item_id, occurrence, due_at, state, _ = row
    item = read.care_model.items[item_id]
    bucket = OVERDUE if due_at < now_ms else DUE_TODAY if due_at < tomorrow_ms else NEXT
    return TodayLine(
        stay_id=stay_id,
        called=called or THE_HOUSE,
        case_code=code or "",
        item_id=item_id,
        service_id=item.service_id,
        service=read.care_model.services[item.service_id].short_name,
        text=item.text,
        occurrence=occurrence,
        role=item.role,
        role_short=read.care_model.roles[item.role].short_name,
        due_at=moment(due_at),
        state=state,
        safety_critical=item.safety_critical,
        bucket=bucket,
    )


def _working_order(line: TodayLine) -> tuple[int, bool, datetime, str]:
    return _BUCKETS.index(line.bucket), not line.safety_critical, line.due_at, line.called


def _arrivals(
    read: Read, rows: Iterable[Row], lines: Iterable[TodayLine], since: int
) -> tuple[ArrivalCard, ...]:
    opened: dict[str, list[TodayLine]] = {}
    for row, line in zip(rows, lines, strict=True):
        if line.stay_id is not None and row[7] >= since:
            opened.setdefault(line.stay_id, []).append(line)
    done: dict[str, list[int]] = {}
    for stay_id, due_at in read.reader.rows(_ARRIVAL_DONE, since=since):
        done.setdefault(stay_id, []).append(due_at or 0)
    return tuple(
        ArrivalCard(
            stay_id=stay_id,
            called=called,
            case_code=code,
            arrived_at=moment(began),
            groups=_groups(moment(began), opened.get(stay_id, ()), done.get(stay_id, ())),
        )
        for stay_id, called, code, began in read.reader.rows(_ARRIVED, since=since)
    )


def _groups(
    arrived_at: datetime, opened: Iterable[TodayLine], done: Iterable[int]
) -> tuple[ArrivalGroup, ...]:
    groups, low = [], datetime.min.replace(tzinfo=arrived_at.tzinfo)
    opened, finished_at = list(opened), [moment(at) for at in done]
    for group_id, title, span in _GROUPS:
        high = arrived_at + span
        inside = [line for line in opened if low < line.due_at <= high]
        finished = sum(low < at <= high for at in finished_at)
        ordered = sorted(inside, key=lambda line: (not line.safety_critical, line.due_at))
        total = len(inside) + finished
        groups.append(ArrivalGroup(group_id, title, tuple(ordered), finished, total))
        low = high
    return tuple(groups)


def _done(read: Read, since: int) -> tuple[DoneLine, ...]:
    items = read.care_model.items
    return tuple(
        DoneLine(
            answer_id=answer_id,
            stay_id=stay_id,
            called=called or THE_HOUSE,
            text=items[item_id].text if item_id in items else item_id,
            service_id=items[item_id].service_id if item_id in items else "",
            who=who,
            done_at=moment(done_at),
            outcome=outcome,
        )
        for answer_id, stay_id, called, item_id, who, done_at, outcome in read.reader.rows(
            _DONE_TODAY, since=since
        )
    )


def only_roles(board: TodayBoard, roles: Iterable[str]) -> TodayBoard:
    """Return the board with the items of these roles only; counters follow."""
    wanted = frozenset(roles)
    lines = tuple(line for line in board.lines if line.role in wanted)
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


def _card_of(card: ArrivalCard, roles: frozenset[str]) -> ArrivalCard:
    groups = tuple(
        replace(group, lines=tuple(line for line in group.lines if line.role in roles))
        for group in card.groups
    )
    return replace(card, groups=groups)

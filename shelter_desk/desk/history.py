"""What happened in a stay, in the order it happened."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import bindparam, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.due_facts import SOMEONE_ADMITTED
from shelter_desk.desk.listed import line_maker
from shelter_desk.desk.merge_rules import other_writings
from shelter_desk.domain.errors import NotFoundError
from shelter_desk.domain.record_classes import VIEW_OPEN
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import counts_once, is_written_twice
from shelter_desk.store.sql import Row, Statement, at_most

_answer, _due, _need = schema.item_answer, schema.due_item, schema.service_need
_phase, _event, _stay, _staff = schema.stay_phase, schema.stay_event, schema.stay, schema.staff
_entry = schema.service_entry
_FOR_EVER = 1 << 62
_IS_TWICE = 4  # of a row of `_STAYS`


class HistoryLine(NamedTuple):
    """One thing that happened in a stay. `kind`: answer, entry, event, house, need or stay.

    "house" is what happened to everybody here, as that somebody else was admitted.
    `record` is the case code of the joined record where it stands, or "": it stands in this one.
    """

    at_ms: int
    kind: str
    title: str
    subline: str
    who: str
    service_id: str | None
    record: str

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return moment(self.at_ms)


_new = line_maker(HistoryLine)
_STAYS = select(
    _stay.c.id,
    _stay.c.began_at,
    _stay.c.ended_at,
    _stay.c.exit_type,
    is_written_twice(_stay.c.id),
    counts_once(_stay.c.id),
)
_STAY = Statement(_STAYS.where(_stay.c.public_id == bindparam("public_id")))
_AGAIN = Statement(_STAYS.where(_stay.c.id == bindparam("stay_id")))
_NEWEST_ANSWERS = Statement(
    select(
        _answer.c.done_at,
        _answer.c.item_id,
        _answer.c.outcome,
        _staff.c.name,
        _answer.c.staff_id,
        _answer.c.model_version,
    )
    .join(_staff, _staff.c.id == _answer.c.staff_id)
    .where(_answer.c.stay_id == bindparam("stay_id"), _answer.c.undone_at.is_(None))
    .order_by(_answer.c.done_at.desc(), _answer.c.id.desc())
    .limit(at_most("most"))
)
_ENTRIES = Statement(
    select(
        _entry.c.given_at, _entry.c.service_id, _entry.c.minutes, _staff.c.name, _entry.c.staff_id
    )
    .join(_staff, _staff.c.id == _entry.c.staff_id)
    .where(_entry.c.stay_id == bindparam("stay_id"), _entry.c.withdrawn_at.is_(None))
    .order_by(_entry.c.given_at.desc())
    .limit(at_most("most"))
)
_HAPPENED = Statement(
    select(_event.c.occurred_at, _event.c.code)
    .where(
        _event.c.stay_id == bindparam("stay_id"),
        _event.c.occurred_at <= bindparam("until"),
        _event.c.withdrawn_at.is_(None),
    )
    .order_by(_event.c.occurred_at.desc())
    .limit(at_most("most"))
)


@asks(May.READ_RECORDS)
def history(
    read: Read, *, stay_id: str, until: datetime | None = None, limit: int = 100
) -> tuple[HistoryLine, ...]:
    """Return what happened in a stay, in a second writing of it too; newest first, to `limit`.

    What is closed to the person asking is left out, so there may be fewer lines than there are.
    `until` is the moment it is: a court date that is still to come has not happened. None: all.
    """
    stay = read.reader.row(_STAY, public_id=stay_id)
    if stay is None:
        raise NotFoundError
    last = _FOR_EVER if until is None else milliseconds(until)
    others = other_writings(read.reader, stay[0]) if stay[_IS_TWICE] else {}
    writings = [(stay, "")]
    for again, record in others.items():
        writings.append((read.reader.row(_AGAIN, stay_id=again) or stay, record))
    # Each writing was told that the other came, and both of whoever came after them.
    came = {row[1] for row, _ in writings} if others else set[int]()
    lines: list[HistoryLine] = []
    for row, record in writings:
        there = _lines(read, row, (last, limit), came)
        lines += [line._replace(record=record) for line in there] if record else there
    return tuple(sorted(lines, key=itemgetter(0), reverse=True)[:limit])


def _lines(read: Read, stay: Row, within: tuple[int, int], came: set[int]) -> list[HistoryLine]:
    """Return what happened in one stay; of one written down twice, without its two ends.

    `came` are the arrivals of others that are told already; those told here are added.
    """
    last, limit = within
    key, began_at, ended_at, exit_type, _, counts = stay
    bounds = {"stay_id": key, "most": limit}
    answers, entries = _answers(read, bounds), _entries(read, bounds)
    events = [
        row
        for row in read.reader.rows(_HAPPENED, until=last, **bounds)
        if read.access.may_open_trigger(row[1])
        and not (row[1] == SOMEONE_ADMITTED and row[0] in came)
    ]
    came.update(at for at, code in events if code == SOMEONE_ADMITTED)
    oldest = _oldest(limit, answers, entries, events)
    lines = [
        *_answer_lines(read, [row for row in answers if row[0] >= oldest]),
        *_entry_lines(read, [row for row in entries if row[0] >= oldest]),
        *[
            _new((at, _kind_of(code), _trigger(read, code), "", "", None, ""))
            for at, code in events
            if at >= oldest
        ],
    ]
    if not counts:
        return lines
    lines.append(HistoryLine(began_at, "stay", "Arrived", "", "", None, ""))
    if ended_at is not None:
        how = read.care_model.label("discharge-types", exit_type or "")
        lines.append(HistoryLine(ended_at, "stay", "Left", how, "", None, ""))
    return lines


def _oldest(limit: int, *kinds: list[Row]) -> int:
    """Return the moment before which nothing is shown, so that no line of it need be made."""
    moments = sorted([row[0] for rows in kinds for row in rows], reverse=True)[:limit]
    return moments[-1] if moments else 0


def _answers(read: Read, bounds: dict[str, int]) -> list[Row]:
    me, opened, view_of = read.staff.id, read.access.open_items, read.access.view
    return [
        row
        for row in read.reader.rows(_NEWEST_ANSWERS, **bounds)
        if row[1] in opened or row[4] == me or view_of(row[1]) is VIEW_OPEN
    ]


def _entries(read: Read, bounds: dict[str, int]) -> list[Row]:
    me, may_open = read.staff.id, read.access.may_open_service
    return [
        row for row in read.reader.rows(_ENTRIES, **bounds) if row[4] == me or may_open(row[1])
    ]


def _answer_lines(read: Read, rows: list[Row]) -> list[HistoryLine]:
    listed, labels, words_at = read.house.listed, read.house.outcomes, read.house.words_at
    now = read.care_model.edition_name
    lines = []
    for at, item_id, outcome, who, _, edition in rows:
        kept = listed.get(item_id)
        text, service = (kept.item.text, kept.item.service_id) if kept else (item_id, None)
        if edition != now:
            text = words_at(edition, item_id) or text
        lines.append(_new((at, "answer", text, labels.get(outcome, outcome), who, service, "")))
    return lines


def _entry_lines(read: Read, rows: list[Row]) -> list[HistoryLine]:
    services = read.care_model.services
    return [
        _new((at, "entry", kept.name if kept else service, f"{minutes} min", who, service, ""))
        for at, service, minutes, who, _ in rows
        for kept in [services.get(service)]
    ]


def _kind_of(code: str) -> str:
    return "house" if code == SOMEONE_ADMITTED else "event"


def _trigger(read: Read, code: str) -> str:
    trigger = read.care_model.triggers.get(code)
    return trigger.label if trigger else code

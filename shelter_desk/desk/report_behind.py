"""What is behind a figure: the records themselves, on screen only, as far as a role reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from shelter_desk.desk.base import Read, moment, moment_or_none
from shelter_desk.desk.counted import (
    ANSWER,
    ENTRY,
    EPISODE,
    INCIDENT,
    NOTICE,
    RESIDENT,
    STAY,
    Figure,
)
from shelter_desk.domain.record_classes import View
from shelter_desk.store import schema
from shelter_desk.store.schema_missing import incident, missing_episode, notice
from shelter_desk.store.sql import Row, Statement

MOST = 500
"""So many records are shown of a figure; the rest is counted."""
_stay, _resident, _index = schema.stay, schema.resident, schema.resident_index
_entry, _answer = schema.service_entry, schema.item_answer
_who = (_stay.c.public_id, _index.c.called, _resident.c.case_code)


@dataclass(frozen=True, slots=True)
class BehindLine:
    """One record behind a figure. `adds` is what it counts; `stay_id` "" where it names nobody.

    `what` says what it is, `at` and `until` when it was; some records have neither.
    """

    stay_id: str
    called: str
    case_code: str
    what: str
    at: datetime | None
    until: datetime | None
    adds: int


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a figure. `closed` are those that the person's roles do not read.

    `more` are left out because there are too many to read.
    """

    figure: str
    words: str
    value: str
    lines: tuple[BehindLine, ...]
    closed: int
    more: int


def _of_stay(*columns: ColumnElement[object], by: ColumnElement[bool]) -> Select[tuple[object]]:
    return (
        select(*_who, *columns)
        .join(_resident, _resident.c.id == _stay.c.resident_id)
        .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
        .where(by)
    )


_newest = _stay.alias("newest")
_NEWEST_STAY = (
    select(func.max(_newest.c.id))
    .where(_newest.c.resident_id == bindparam("key"))
    .scalar_subquery()
)
_ONE: Mapping[str, Statement] = {
    RESIDENT: Statement(
        _of_stay(_stay.c.began_at, _stay.c.ended_at, by=_stay.c.id == _NEWEST_STAY)
    ),
    STAY: Statement(
        _of_stay(_stay.c.began_at, _stay.c.ended_at, by=_stay.c.id == bindparam("key"))
    ),
    ENTRY: Statement(
        _of_stay(_entry.c.service_id, _entry.c.given_at, by=_entry.c.id == bindparam("key")).join(
            _entry, _entry.c.stay_id == _stay.c.id
        )
    ),
    ANSWER: Statement(
        _of_stay(_answer.c.item_id, _answer.c.done_at, by=_answer.c.id == bindparam("key")).join(
            _answer, _answer.c.stay_id == _stay.c.id
        )
    ),
    EPISODE: Statement(
        _of_stay(
            missing_episode.c.discovered_at,
            missing_episode.c.returned_at,
            by=missing_episode.c.id == bindparam("key"),
        ).join(missing_episode, missing_episode.c.stay_id == _stay.c.id)
    ),
    INCIDENT: Statement(
        select(incident.c.types, incident.c.found_at, incident.c.closed_at).where(
            incident.c.id == bindparam("key")
        )
    ),
    NOTICE: Statement(
        select(notice.c.recipient, notice.c.due_at, notice.c.told_at).where(
            notice.c.id == bindparam("key")
        )
    ),
}


def behind(read: Read, figure: Figure, wanted: str, words: str) -> Behind:
    """Return the records behind a figure, each with what it adds."""
    value = f"{figure.value:,}" if isinstance(figure.value, int) else str(figure.value)
    if not read.access.may_open(figure.record_class):
        return Behind(wanted, words, value, (), len(figure.behind), 0)
    keys = sorted(figure.behind)
    lines, closed = [], 0
    for key in keys[:MOST]:
        row = read.reader.row(_ONE[figure.kind], key=key)
        line = None if row is None else _LINES[figure.kind](read, row, figure.behind[key])
        if line is None:
            closed += 1
        else:
            lines.append(line)
    return Behind(wanted, words, value, tuple(lines), closed, max(0, len(keys) - MOST))


def _person(_read: Read, row: Row, adds: int) -> BehindLine:
    stay_id, called, code, began, ended = row
    return BehindLine(stay_id, called or "", code, "", moment(began), moment_or_none(ended), adds)


def _service(read: Read, row: Row, adds: int) -> BehindLine | None:
    stay_id, called, code, service_id, given_at = row
    if not read.access.may_open_service(service_id):
        return None
    service = read.care_model.services.get(service_id)
    name = service.name if service else service_id
    return BehindLine(stay_id, called or "", code, name, moment(given_at), None, adds)


def _item(read: Read, row: Row, adds: int) -> BehindLine | None:
    stay_id, called, code, item_id, done_at = row
    if read.access.view(item_id) is not View.OPEN:
        return None
    item = read.care_model.items.get(item_id)
    text = item.text if item else item_id
    return BehindLine(stay_id, called or "", code, text, moment(done_at), None, adds)


def _incident(read: Read, row: Row, adds: int) -> BehindLine:
    types, found_at, closed_at = row
    words = ", ".join(read.care_model.label("incident-types", code) for code in types.split())
    return BehindLine("", "", "", words, moment(found_at), moment_or_none(closed_at), adds)


def _notice(read: Read, row: Row, adds: int) -> BehindLine:
    recipient, due_at, told_at = row
    words = read.care_model.label("notice-recipients", recipient)
    return BehindLine("", "", "", words, moment(due_at), moment_or_none(told_at), adds)


_LINES: Mapping[str, Callable[[Read, Row, int], BehindLine | None]] = {
    RESIDENT: _person,
    STAY: _person,
    ENTRY: _service,
    ANSWER: _item,
    EPISODE: _person,
    INCIDENT: _incident,
    NOTICE: _notice,
}

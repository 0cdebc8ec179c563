"""The service log, as questions: the lines of a stay or of some days, their sums, and history.

What is written into it stands in `service_entries`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, or_, select

from shelter_desk.desk.base import Read, asks, milliseconds, moment, moment_or_none
from shelter_desk.desk.merge_rules import also_written_as
from shelter_desk.desk.rows import find, key_of
from shelter_desk.desk.service_entries import (
    MOST_MINUTES,
    CorrectEntry,
    Given,
    LogGroup,
    LogService,
    RestoreEntry,
    WithdrawEntry,
    WithdrawGroup,
    note_place,
)
from shelter_desk.domain.errors import NotPermittedError
from shelter_desk.domain.service_rules import FUNDERS
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import record_merge
from shelter_desk.store.sql import Row, Statement, at_most

__all__ = [
    "MOST_MINUTES",
    "CorrectEntry",
    "EntryLine",
    "Given",
    "LogFilter",
    "LogGroup",
    "LogService",
    "LogSums",
    "RestoreEntry",
    "WithdrawEntry",
    "WithdrawGroup",
    "entries",
    "entry_history",
    "last_entry",
    "log_lines",
    "log_sums",
]

_entry, _stay, _staff = schema.service_entry, schema.stay, schema.staff
_index, _resident = schema.resident_index, schema.resident


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of the service log. `minutes` is how long it took, `units` how many times.

    `group_key` is the same for all lines of one group entry, and "" for one that stands alone.
    `withdrawn_at` is None while the line counts.
    """

    entry_id: str
    version: int
    stay_id: str
    called: str
    case_code: str
    service_id: str
    service: str
    voca_code: str | None
    funder: str
    funder_name: str
    given_at: datetime
    minutes: int
    units: int
    who: str
    staff_id: str
    note: str
    entered_at: datetime
    group_key: str
    is_correction: bool
    withdrawn_at: datetime | None

    @property
    def given(self) -> Given:
        """Return what was given, as a correction begins with."""
        return Given(
            self.service_id,
            self.given_at,
            self.minutes,
            self.voca_code,
            self.note,
            self.staff_id,
            self.units,
            self.funder,
        )


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which lines are wanted. Nothing but the two moments means all of that time."""

    since: datetime
    until: datetime
    stay_id: str | None = None
    service_id: str | None = None
    staff_id: str | None = None


@dataclass(frozen=True, slots=True)
class LogSums:
    """Sums over the lines that count: the newest of each that was corrected, none taken back."""

    entries: int
    residents: int
    minutes: int
    units: int


_FROM_ENTRIES = (
    select(
        _entry.c.public_id,
        _entry.c.version,
        _stay.c.public_id,
        _index.c.called,
        _resident.c.case_code,
        _entry.c.service_id,
        _entry.c.voca_code,
        _entry.c.funder,
        _entry.c.given_at,
        _entry.c.minutes,
        _entry.c.units,
        _staff.c.name,
        _staff.c.public_id,
        _entry.c.note_sealed,
        _entry.c.entered_at,
        _entry.c.group_key,
        _entry.c.corrects_id,
        _entry.c.withdrawn_at,
        _stay.c.resident_id,
    )
    .join(_stay, _stay.c.id == _entry.c.stay_id)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _stay.c.resident_id, isouter=True)
    .join(_staff, _staff.c.id == _entry.c.staff_id)
)
_COLUMNS = _FROM_ENTRIES.where(_entry.c.withdrawn_at.is_(None))
# Whoever gave it knows of it; else the class of the service decides.
_is_open = or_(
    _entry.c.staff_id == bindparam("asker"),
    func.instr(bindparam("services"), literal(" ") + _entry.c.service_id + literal(" ")) > 0,
)
_OF_STAY = Statement(
    _COLUMNS.where(_entry.c.stay_id == bindparam("stay_id"), _is_open)
    .order_by(_entry.c.given_at.desc())
    .limit(at_most("most"))
)
_LAST_MINE = Statement(
    _COLUMNS.where(_entry.c.staff_id == bindparam("staff_id"))
    .order_by(_entry.c.id.desc())
    .limit(1)
)
_LAST_MINE_OF_STAY = Statement(
    _COLUMNS.where(
        _entry.c.staff_id == bindparam("staff_id"), _entry.c.stay_id == bindparam("stay_id")
    )
    .order_by(_entry.c.id.desc())
    .limit(1)
)
_ONE = Statement(_FROM_ENTRIES.where(_entry.c.id == bindparam("id")))
_CORRECTION_OF = Statement(select(_entry.c.id).where(_entry.c.corrects_id == bindparam("id")))


def _maybe(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    # A filter that was not chosen. "+ 0" and "|| ''" would keep an index of the column out; none
    # is wanted here: the lines of some days are found by their time, those of a stay by the stay.
    return or_(bindparam(name).is_(None), column == bindparam(name))


def _wanted(chosen: Select[Any]) -> Select[Any]:
    return chosen.where(
        _entry.c.given_at >= bindparam("since"),
        _entry.c.given_at < bindparam("until"),
        _entry.c.withdrawn_at.is_(None),
        _maybe(_entry.c.service_id, "service_id"),
        _maybe(_entry.c.staff_id, "staff_id"),
        _is_open,
    )


_joined = record_merge.alias("joined")
_SUMS = select(
    func.count(),
    func.count(func.coalesce(_joined.c.into_id, _stay.c.resident_id).distinct()),
    func.coalesce(func.sum(_entry.c.minutes), 0),
    func.coalesce(func.sum(_entry.c.units), 0),
).select_from(
    _entry.join(_stay, _stay.c.id == _entry.c.stay_id).join(
        _joined,
        (_joined.c.resident_id == _stay.c.resident_id) & _joined.c.ended_at.is_(None),
        isouter=True,
    )
)


def _of_some_days(chosen: Select[Any]) -> tuple[Statement, Statement]:
    """Return the statements for everybody, and for one stay."""
    one = _wanted(chosen).where(_entry.c.stay_id == bindparam("stay_id"))
    return Statement(_wanted(chosen)), Statement(one)


_LINES = _of_some_days(_FROM_ENTRIES.order_by(_entry.c.given_at.desc()).limit(at_most("most")))
_SUMMED = _of_some_days(_SUMS)


@asks(May.READ_RECORDS)
def entries(read: Read, *, stay_id: str, limit: int = 50) -> tuple[EntryLine, ...]:
    """Return the newest entries of a stay, newest first, without those of closed services.

    Of a stay that was written down twice, those of the other writing are among them.
    """
    of_each = [{"stay_id": key, **_asker(read)} for key in _writings(read, stay_id)]
    return tuple(_newest(read, _OF_STAY, of_each, limit))


@asks(May.READ_RECORDS)
def last_entry(read: Read, *, stay_id: str | None = None) -> EntryLine | None:
    """Return the newest entry the asking person made (for this stay), for "same as last time"."""
    mine = read.staff.id
    if stay_id is None:
        row = read.reader.row(_LAST_MINE, staff_id=mine)
    else:
        stay = find(read.reader, _stay, stay_id)
        row = read.reader.row(_LAST_MINE_OF_STAY, staff_id=mine, stay_id=stay["id"])
    return None if row is None else _line(read, row)


@asks(May.READ_RECORDS)
def log_lines(read: Read, *, wanted: LogFilter, limit: int = 200) -> tuple[EntryLine, ...]:
    """Return the lines that count of some days, newest first, at most `limit`.

    Those of services that are closed to the person asking are left out, here and in the sums. Of
    a stay that was written down twice, those of the other writing are in both; each says whose
    record it stands in.
    """
    statement, of_each = _bound(read, _LINES, wanted)
    return tuple(_newest(read, statement, of_each, limit))


@asks(May.READ_RECORDS)
def log_sums(read: Read, *, wanted: LogFilter) -> LogSums:
    """Return the sums over the lines that count of some days. Joined records are one resident."""
    statement, of_each = _bound(read, _SUMMED, wanted)
    sums = [read.reader.row(statement, **values) or (0, 0, 0, 0) for values in of_each]
    entries, residents, minutes, units = zip(*sums, strict=True)
    return LogSums(sum(entries), max(residents), sum(minutes), sum(units))


@asks(May.READ_RECORDS)
def entry_history(read: Read, *, entry_id: str) -> tuple[EntryLine, ...]:
    """Return an entry with all that it corrects or was corrected by, the newest first.

    Raises:
        NotPermittedError: when one of them is of a service that is closed to the person asking.
    """
    key: int = key_of(read.reader, _entry, entry_id)
    while (newer := read.reader.value(_CORRECTION_OF, id=key)) is not None:
        key = int(newer)
    found, next_key = [], key
    while next_key:
        row = read.reader.row(_ONE, id=next_key) or ()
        found.append(_line(read, row))
        next_key = row[-3] or 0
    for line in found:
        is_mine = line.staff_id == read.staff.public_id
        if not (is_mine or read.access.may_open_service(line.service_id)):
            raise NotPermittedError
    return tuple(found)


def _asker(read: Read) -> dict[str, Any]:
    services = read.care_model.services if read.access.reads_all else read.access.services
    return {"asker": read.staff.id, "services": f" {' '.join(services)} "}


def _writings(read: Read, stay_id: str) -> tuple[int, ...]:
    key = key_of(read.reader, _stay, stay_id)
    return (key, *also_written_as(read.reader, key))


def _bound(
    read: Read, statements: tuple[Statement, Statement], wanted: LogFilter
) -> tuple[Statement, list[dict[str, Any]]]:
    """Return what to ask, and with which values: once, or for each writing of a stay."""
    values: dict[str, Any] = {
        "since": milliseconds(wanted.since),
        "until": milliseconds(wanted.until),
        "service_id": wanted.service_id,
        "staff_id": None,
        **_asker(read),
    }
    if wanted.staff_id is not None:
        values["staff_id"] = key_of(read.reader, _staff, wanted.staff_id)
    if wanted.stay_id is None:
        return statements[0], [values]
    keys = _writings(read, wanted.stay_id)
    return statements[1], [{**values, "stay_id": key} for key in keys]


def _newest(
    read: Read, statement: Statement, of_each: list[dict[str, Any]], most: int
) -> list[EntryLine]:
    found = [
        _line(read, row)
        for values in of_each
        for row in read.reader.rows(statement, most=most, **values)
    ]
    if len(of_each) > 1:
        found.sort(key=attrgetter("given_at"), reverse=True)
    return found[:most]


def _line(read: Read, row: Row) -> EntryLine:
    entry_id, version, stay_id, called, code, service_id, voca, funder, given, *rest = row
    minutes, units, who, staff_id, note, entered, group, corrects, withdrawn, resident = rest
    service = read.care_model.services.get(service_id)
    return EntryLine(
        entry_id=entry_id,
        version=version,
        stay_id=stay_id,
        called=called or code,
        case_code=code,
        service_id=service_id,
        service=service.name if service else service_id,
        voca_code=voca,
        funder=funder,
        funder_name=read.care_model.label(FUNDERS, funder),
        given_at=moment(given),
        minutes=minutes,
        units=units,
        who=who,
        staff_id=staff_id,
        note=read.sealer.try_open(read.reader, resident, note_place(entry_id), note) or "",
        entered_at=moment(entered),
        group_key=group or "",
        is_correction=corrects is not None,
        withdrawn_at=moment_or_none(withdrawn),
    )

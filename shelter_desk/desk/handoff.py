"""The handoff sheet, as a question: it builds itself from what changed since the reader signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, select

from shelter_desk.desk.appointments import AppointmentLine, agenda
from shelter_desk.desk.base import Read, asks, milliseconds, moment
from shelter_desk.desk.handoff_lines import (
    Critical,
    HandoffLine,
    HandoffSheet,
    ResidentSheet,
    Signed,
)
from shelter_desk.desk.handoff_span import since_signed
from shelter_desk.desk.house_words import HANDOFF, opened_words
from shelter_desk.desk.listed import IS_HERE
from shelter_desk.desk.merge_rules import known_as
from shelter_desk.desk.missing_record import missing_board
from shelter_desk.desk.notices import due_notices
from shelter_desk.desk.roster import RosterLine, roster
from shelter_desk.desk.shift_log import ShiftLine, chip_groups, lines_entered
from shelter_desk.desk.staffing import staffing
from shelter_desk.domain.record_classes import View
from shelter_desk.domain.staff import May
from shelter_desk.store import schema
from shelter_desk.store.schema_merging import counts_once
from shelter_desk.store.schema_missing import incident, incident_person
from shelter_desk.store.schema_shift import handoff, handoff_signature
from shelter_desk.store.sql import Row, Statement, at_most

MOST_MUST_KNOW = 3
_AHEAD = timedelta(hours=16)
_stay, _resident, _index, _staff, _due = (
    schema.stay,
    schema.resident,
    schema.resident_index,
    schema.staff,
    schema.due_item,
)


def _handoffs() -> Select[tuple[int, str, int, int, int, int, int, str, int, bytes]]:
    return select(
        handoff.c.id,
        handoff.c.public_id,
        handoff.c.since,
        handoff.c.until,
        handoff.c.expected,
        handoff.c.counted,
        handoff.c.on_duty,
        handoff.c.why,
        handoff.c.house_day_id,
        handoff.c.words_sealed,
    ).where(handoff.c.withdrawn_at.is_(None), handoff.c.id > bindparam("after"))


# By the order in which they were signed: on a clock that was set back, the newest ends earlier.
_NEWEST = Statement(_handoffs().order_by(handoff.c.id.desc()).limit(at_most("most")))
_SIGNED = Statement(
    select(
        _staff.c.public_id,
        _staff.c.name,
        handoff_signature.c.side,
        handoff_signature.c.signed_at,
    )
    .join(_staff, _staff.c.id == handoff_signature.c.staff_id)
    .where(handoff_signature.c.handoff_id == bindparam("handoff_id"))
    .order_by(handoff_signature.c.id)
)
_LEFT = Statement(
    select(
        _stay.c.public_id,
        func.coalesce(_index.c.called, _resident.c.case_code),
        _resident.c.case_code,
        _stay.c.ended_at,
    )
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(_stay.c.ended_at > bindparam("since"), _stay.c.ended_at <= bindparam("until"))
    .where(counts_once(_stay.c.id))  # a join ended it: nobody left
    .order_by(_stay.c.ended_at)
)
_OVERDUE = Statement(
    select(_due.c.stay_id, _due.c.item_id, _due.c.due_at)
    .where(_due.c.due_at < bindparam("now"))
    .order_by(_due.c.due_at)
)
_WHO = Statement(
    select(_stay.c.public_id, func.coalesce(_index.c.called, _resident.c.case_code),
           _resident.c.case_code, ~IS_HERE)
    .join(_resident, _resident.c.id == _stay.c.resident_id)
    .join(_index, _index.c.resident_id == _resident.c.id, isouter=True)
    .where(_stay.c.id == bindparam("stay_id"))
)  # fmt: skip
_INCIDENTS = Statement(
    select(incident.c.types, incident.c.id).where(
        incident.c.closed_at.is_(None), incident.c.withdrawn_at.is_(None)
    )
)
_PART = Statement(
    select(_stay.c.public_id)
    .join(incident_person, incident_person.c.stay_id == _stay.c.id)
    .where(
        incident_person.c.incident_id == bindparam("incident_id"),
        incident_person.c.withdrawn_at.is_(None),
    )
    .distinct()
)


@asks(May.READ_RECORDS)
def handoff_sheet(read: Read, *, now: datetime, readers: Sequence[str] = ()) -> HandoffSheet:
    """Return the sheet for some readers (ids of staff; none: who asks).

    It begins where the one of them who was away longest signed last: nothing is missed by any.
    """
    wanted = tuple(readers) or (read.staff.public_id,)
    newest = _newest(read)
    since, is_first, is_cut = since_signed(read, wanted, now, newest)
    people = roster.answer(read, now=now)
    board = missing_board.answer(read, now=now)
    lines = lines_entered(read, milliseconds(since), milliseconds(board.at))
    missing = {one.stay_id: one.discovered_at for one in board.episodes if one.is_missing}
    planned = agenda.answer(read, since=since, until=now + _AHEAD)
    of_stays, of_house = _incidents(read)
    found = _Found(read, since, lines, missing, planned, of_stays)
    return HandoffSheet(
        since=since,
        at=now,
        is_first=is_first,
        is_cut=is_cut,
        in_house=len(people),
        expected=sum(line.stay_id not in missing for line in people),
        residents=(*(found.here(line) for line in people), *found.left(board.at)),
        house=tuple(line for line in lines if not line.people),
        house_incidents=of_house,
        critical=_critical(read, now),
        owed=due_notices.answer(read),
        staffing=staffing.answer(read, now=now),
        waiting=newest if newest and not newest.is_received else None,
        last=newest,
    )


@asks(May.READ_RECORDS)
def handoffs(read: Read, *, most: int = 30) -> tuple[HandoffLine, ...]:
    """Return handoffs with their signatures, the newest first."""
    return tuple(_line(read, row) for row in read.reader.rows(_NEWEST, after=0, most=most))


def _newest(read: Read) -> HandoffLine | None:
    return next(iter(handoffs.answer(read, most=1)), None)


def _line(read: Read, row: Row) -> HandoffLine:
    key, handoff_id, since, until, expected, counted, on_duty, why, day, sealed = row
    if sealed is not None:
        why = opened_words(read.sealer, read.reader, HANDOFF.place(handoff_id), day, sealed)
    signed = tuple(
        Signed(staff_id, name, side, moment(at))
        for staff_id, name, side, at in read.reader.rows(_SIGNED, handoff_id=key)
    )
    return HandoffLine(
        handoff_id, moment(since), moment(until), expected, counted, on_duty, why, signed
    )


class _Found:
    """Puts what changed to the residents whom it is about."""

    def __init__(
        self,
        read: Read,
        since: datetime,
        lines: Sequence[ShiftLine],
        missing: Mapping[str, datetime],
        planned: Sequence[AppointmentLine],
        incidents: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._read, self._since, self._lines = read, since, lines
        self._missing, self._planned, self._incidents = missing, planned, incidents
        self._groups = chip_groups(read)

    def here(self, line: RosterLine) -> ResidentSheet:
        """Return the sheet of somebody in the house."""
        is_new = line.began_at > self._since
        return self._sheet(
            (line.stay_id, line.called, line.case_code, line.bed),
            came=line.began_at if is_new else None,
            work=(line.overdue, line.open_items),
        )

    def left(self, until: datetime) -> Iterable[ResidentSheet]:
        """Yield the sheets of those who left."""
        span = {"since": milliseconds(self._since), "until": milliseconds(until)}
        for stay_id, called, code, ended in self._read.reader.rows(_LEFT, **span):
            yield self._sheet((stay_id, called, code, ""), went=moment(ended))

    def _sheet(
        self,
        who: tuple[str, str, str, str],
        *,
        came: datetime | None = None,
        went: datetime | None = None,
        work: tuple[int, int] = (0, 0),
    ) -> ResidentSheet:
        stay_id, called, code, bed = who
        names = known_as(self._read.reader, stay_id)
        own = [line for line in self._lines if any(p.stay_id in names for p in line.people)]
        marked = [line for line in reversed(own) if line.must_know]
        return ResidentSheet(
            stay_id=stay_id,
            called=called,
            case_code=code,
            bed=bed,
            arrived_at=came,
            left_at=went,
            missing_since=self._missing.get(stay_id),
            chips=self._chips(own),
            must_know=tuple(marked[:MOST_MUST_KNOW]),
            more_must_know=max(len(marked) - MOST_MUST_KNOW, 0),
            lines=tuple(line for line in reversed(own) if line.text and not line.must_know),
            incidents=tuple(
                dict.fromkeys(kind for name in names for kind in self._incidents.get(name, ()))
            ),
            appointments=tuple(one for one in self._planned if one.stay_id in names),
            overdue=work[0],
            open_items=work[1],
            also=names[1:],
        )

    def _chips(self, own: Iterable[ShiftLine]) -> tuple[str, ...]:
        newest: dict[str, str] = {}
        for line in own:  # the oldest first: the last of each group stays
            for code in line.chips:
                newest[self._groups.get(code, "")] = code
        return tuple(newest[group] for group in dict.fromkeys(self._groups.values())
                     if group in newest)  # fmt: skip


def _incidents(read: Read) -> tuple[Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the types of open incidents: stay -> types, and those of nobody."""
    of_stays: dict[str, list[str]] = {}
    of_house: list[str] = []
    for types, key in read.reader.rows(_INCIDENTS):
        stays = [row[0] for row in read.reader.rows(_PART, incident_id=key)]
        for stay in stays:
            of_stays.setdefault(stay, []).extend(types.split())
        if not stays:
            of_house += types.split()
    found = {stay: tuple(dict.fromkeys(types)) for stay, types in of_stays.items()}
    return found, tuple(dict.fromkeys(of_house))


def _critical(read: Read, now: datetime) -> tuple[Critical, ...]:
    listed, view_of = read.house.listed, read.access.view
    counted: Counter[tuple[int | None, str]] = Counter()
    found: list[Critical] = []
    for stay, item_id, due_ms in read.reader.rows(_OVERDUE, now=milliseconds(now)):
        item = listed[item_id].item
        counted[stay, item_id] += 1
        is_shown = item.safety_critical and view_of(item_id) is not View.HIDDEN
        if is_shown and counted[stay, item_id] == 1:
            row = None if stay is None else read.reader.row(_WHO, stay_id=stay)
            stay_id, called, code, gone = row or (None, "", "", False)
            due_at = moment(due_ms)
            found.append(Critical(stay_id, called, code, item.text, due_at, bool(gone)))
    return tuple(found)
